"""Who signs: a private key and its certificate, loaded once in each process; and the two raw signature algorithms."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from hub.errors import HubError
from hub.security.certificates import Certificate, PublicKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ECDSA = ec.ECDSA(SHA256())
PKCS1 = padding.PKCS1v15()
HASH = SHA256()


class CannotSign(HubError):
    """The signature cannot be made: the key does not fit the certificate, or the document cannot carry a signature."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its certificate. Never shown: ``repr`` leaves the key out."""

    key: PrivateKey = field(repr=False)
    certificate: Certificate

    def __post_init__(self) -> None:
        if self.key.public_key() != self.certificate.key:
            raise CannotSign("the private key is not the one of the certificate beside it; keep the two together")

    def sign(self, data: bytes) -> bytes:
        """The raw signature of ``data`` with SHA-256: ECDSA in DER (RFC 3279 §2.2.3) or RSA PKCS #1 v1.5."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, PKCS1, HASH)
        return self.key.sign(data, ECDSA)


def verified(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` (in the form that :meth:`Signer.sign` gives) is that of ``key`` on ``data``."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, PKCS1, HASH)
        else:
            key.verify(signature, data, ECDSA)
    except InvalidSignature:
        return False
    return True
