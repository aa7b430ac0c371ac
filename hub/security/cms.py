"""CMS SignedData (RFC 5652): signing, and verification against one pinned certificate.

The profile both ways: one signer, SHA-256, ECDSA P-256 or RSA PKCS #1 v1.5, signed attributes with content type and
message digest (and, when we sign, the signing time). Content is binary: no line end is ever touched. A certificate
inside the signature is never believed; the pinned one decides.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asn1crypto import cms, core, pem
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from hub.errors import SignatureInvalid
from hub.security.certificates import Certificate
from hub.security.signer import Signer, verified

MAX_DETACHED = 256 * 1024  # bytes of a signature that holds no content: a few certificates at most
_BINARY = [PKCS7Options.Binary, PKCS7Options.NoCapabilities]
_DETACHED = [*_BINARY, PKCS7Options.DetachedSignature]


def sign(data: bytes, signer: Signer) -> bytes:
    """The detached signature of ``data``, in DER: a file ``NAME.p7s`` beside ``NAME``."""
    return _built(data, signer, _DETACHED)


def sign_attached(data: bytes, signer: Signer) -> bytes:
    """``data`` within its signature, in DER: a file ``NAME.p7m``."""
    return _built(data, signer, _BINARY)


def verify(data: bytes, signature: bytes, certificate: Certificate) -> bytes:
    """``data``, which ``certificate`` signed in the detached ``signature`` (DER, BER or PEM).

    Raises SignatureInvalid, saying which step failed.
    """
    if len(signature) > MAX_DETACHED:
        raise SignatureInvalid(f"the detached signature is larger than {MAX_DETACHED} bytes; sign without the content")
    with _readable():
        signed = _signed_data(signature)
        if signed["encap_content_info"]["content"].native is not None:
            raise SignatureInvalid(
                "the signature holds a content of its own; sign detached, or send it without a file beside"
            )
        _check(signed, data, certificate)
    return data


def verify_attached(signature: bytes, certificate: Certificate) -> bytes:
    """The content within ``signature`` (DER, BER or PEM), which ``certificate`` signed.

    Raises SignatureInvalid, saying which step failed.
    """
    with _readable():
        signed = _signed_data(signature)
        content = signed["encap_content_info"]["content"].native
        if not isinstance(content, bytes):
            raise SignatureInvalid("the signature holds no content; send the file that it belongs to as well")
        _check(signed, content, certificate)
    return content


def _built(data: bytes, signer: Signer, options: list[PKCS7Options]) -> bytes:
    builder = PKCS7SignatureBuilder().set_data(data).add_signer(signer.certificate.x509, signer.key, SHA256())
    return builder.sign(Encoding.DER, options)


@contextmanager
def _readable() -> Iterator[None]:
    """asn1crypto parses as one looks: what is no ASN.1, or not of the type expected, may surface at any field."""
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise SignatureInvalid("the signature is no CMS SignedData; sign with a CMS (PKCS #7) program") from error


def _signed_data(signature: bytes) -> Any:
    if pem.detect(signature):
        signature = pem.unarmor(signature)[2]
    info = cms.ContentInfo.load(signature, strict=True)
    if info["content_type"].native != "signed_data":
        raise SignatureInvalid(f"the signature is CMS {info['content_type'].native}, not SignedData")
    return info["content"]


def _check(signed: Any, content: bytes, certificate: Certificate) -> None:
    # 1. Exactly one signer, who names the pinned certificate (RFC 5652 §5.3).
    signers = signed["signer_infos"]
    if len(signers) != 1:
        raise SignatureInvalid(f"the signature has {len(signers)} signers; exactly one is accepted")
    signer = signers[0]
    if not _names(signer["sid"], certificate):
        raise SignatureInvalid("the signer is not the certificate on file for the partner")
    # 2. SHA-256, and the algorithm of the certificate's key.
    _algorithms(signer, certificate)
    # 3. The signed attributes hold the content's type and digest (RFC 5652 §11.1, §11.2), each once, with one value.
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void):
        raise SignatureInvalid("the signature has no signed attributes; sign with them (openssl: without -noattr)")
    if _attribute(attributes, "content_type") != signed["encap_content_info"]["content_type"].native:
        raise SignatureInvalid("the signed content type is not that of the content")
    digest = _attribute(attributes, "message_digest")
    if not hmac.compare_digest(digest, hashlib.sha256(content).digest()):
        raise SignatureInvalid("the content was altered after it was signed: its digest differs")
    # 4. The partner's key signed the attributes, written as a SET OF (RFC 5652 §5.4).
    if not verified(certificate.key, signer["signature"].native, attributes.untag().dump()):
        raise SignatureInvalid("the signature was not made with the key of the partner's certificate, or was altered")


def _names(identifier: Any, certificate: Certificate) -> bool:
    """Whether ``identifier`` (issuer and serial number, or key identifier) is that of ``certificate``."""
    if identifier.name == "subject_key_identifier":
        return bool(identifier.native == certificate.key_identifier)
    named = identifier.chosen
    issuer: bytes = named["issuer"].dump()
    return bool(named["serial_number"].native == certificate.x509.serial_number) and issuer == certificate.issuer


def _algorithms(signer: Any, certificate: Certificate) -> None:
    digest = signer["digest_algorithm"]["algorithm"].native
    if digest != "sha256":
        raise SignatureInvalid(f"the digest is {digest}; use SHA-256")
    method = signer["signature_algorithm"]["algorithm"].native
    elliptic = isinstance(certificate.key, ec.EllipticCurvePublicKey)
    if method not in (("sha256_ecdsa",) if elliptic else ("rsassa_pkcs1v15", "sha256_rsa")):
        raise SignatureInvalid(
            f"the signature algorithm is {method}; use {'ECDSA' if elliptic else 'RSA'} with SHA-256"
        )


def _attribute(attributes: Any, kind: str) -> Any:
    """The one value of the one attribute of ``kind``."""
    values = [value for attribute in attributes if attribute["type"].native == kind for value in attribute["values"]]
    if len(values) != 1:
        raise SignatureInvalid(f"the signed attribute {kind} is there {len(values)} times; it must be there once")
    return values[0].native
