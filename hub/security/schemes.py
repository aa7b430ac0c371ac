"""The ways to sign, in one table: each scheme's functions to sign and to verify.

A scheme either changes the document (an enveloped signature) or makes a companion: a second file beside the first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hub.errors import SignatureInvalid
from hub.model.partner import SignatureKind
from hub.security import cms, xmldsig
from hub.security.certificates import Certificate
from hub.security.signer import Signer


@dataclass(frozen=True, slots=True)
class Signed:
    """What goes out: the document, and the signature that travels in a file of its own, if the scheme has one."""

    data: bytes
    companion: bytes | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What came in: the bytes that were signed (read no others), and the certificate that signed them."""

    data: bytes
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Scheme:
    """How to sign and verify. ``extension`` is what a companion's name adds to the document's; empty: no companion.

    ``verify`` takes the document, its companion or None, and a certificate; it returns the bytes that were signed.
    """

    sign: Callable[[bytes, Signer, bool], Signed]
    verify: Callable[[bytes, bytes | None, Certificate], bytes]
    extension: str = ""


def _sign_xml(data: bytes, signer: Signer, canonical: bool) -> Signed:
    return Signed(xmldsig.sign_canonical(data, signer) if canonical else xmldsig.sign(data, signer))


def _verify_xml(data: bytes, companion: bytes | None, certificate: Certificate) -> bytes:
    return xmldsig.verify(data, certificate)


def _sign_cms(data: bytes, signer: Signer, canonical: bool) -> Signed:
    return Signed(data, cms.sign(data, signer))


def _verify_cms(data: bytes, companion: bytes | None, certificate: Certificate) -> bytes:
    """With a companion ``data`` is the document; without one ``data`` is itself an attached signature."""
    if companion is None:
        return cms.verify_attached(data, certificate)
    return cms.verify(data, companion, certificate)


SCHEMES: Mapping[SignatureKind, Scheme] = MappingProxyType(
    {
        SignatureKind.XMLDSIG: Scheme(_sign_xml, _verify_xml),
        SignatureKind.CMS: Scheme(_sign_cms, _verify_cms, ".p7s"),
    }
)
"""Every scheme but "none", which signs nothing and therefore verifies nothing."""


def sign(kind: SignatureKind, data: bytes, signer: Signer, *, canonical: bool = False) -> Signed:
    """``data`` signed by ``signer``; as it is when ``kind`` is NONE. ``canonical`` vouches that ``data`` is as the
    hub's own XML writer makes it, and saves parsing it. Raises CannotSign."""
    return Signed(data) if kind is SignatureKind.NONE else SCHEMES[kind].sign(data, signer, canonical)


def verify(
    kind: SignatureKind, data: bytes, companion: bytes | None, certificates: Iterable[Certificate], at: int
) -> Verified:
    """What one of ``certificates`` signed, if it is valid at the moment ``at`` (microseconds since the epoch).

    Raises SignatureInvalid with the reason for each certificate; and for the kind NONE, which proves nothing.
    """
    if kind is SignatureKind.NONE:
        raise SignatureInvalid("an unsigned document cannot be verified; ask for a signature, or do not verify")
    reasons: list[str] = []
    for certificate in certificates:
        flaw = certificate.flaw(at)
        if flaw is None:
            try:
                return Verified(SCHEMES[kind].verify(data, companion, certificate), certificate)
            except SignatureInvalid as error:
                flaw = str(error)
        if flaw not in reasons:
            reasons.append(flaw)
    raise SignatureInvalid("; ".join(reasons) or "no certificate is on file for the partner; ask it for one")
