"""A certificate: read from PEM or DER, held to the hub's policy, asked whether it is valid at a moment.

Certificates are pinned (docs/decisions/003): a partner's configuration holds the one that its signatures must verify
against. No chain is built and no authority asked, so names and extensions decide nothing; key, serial and dates do.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from hub.clock import SECOND, iso
from hub.errors import HubError

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

MAX_BYTES = 64 * 1024
RSA_BITS = range(2048, 8192 + 1)  # below: weak; above: one verification costs milliseconds
PEM_MARK = b"-----BEGIN CERTIFICATE-----"


class CertificateUnusable(HubError):
    """The certificate cannot be used: it is no X.509 certificate, or its key is not ECDSA P-256 or RSA."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate whose key the hub accepts. Moments are microseconds since the epoch."""

    x509: x509.Certificate
    key: PublicKey
    der: bytes
    fingerprint: str  # SHA-256 of the DER form, lower-case hexadecimal
    valid_from: int
    valid_until: int  # the last moment at which it is valid

    @property
    def serial(self) -> str:
        """The serial number as ``openssl x509 -serial`` prints it: upper-case hexadecimal, an even number of digits."""
        digits = f"{self.x509.serial_number:X}"
        return digits if len(digits) % 2 == 0 else f"0{digits}"

    @property
    def issuer(self) -> bytes:
        """The issuer's name in DER, as a CMS signer refers to it."""
        return self.x509.issuer.public_bytes()

    @property
    def key_identifier(self) -> bytes:
        """The subject key identifier, if the certificate bears one, else empty."""
        try:
            return self.x509.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        except x509.ExtensionNotFound:
            return b""

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.x509.public_bytes(Encoding.PEM)

    def flaw(self, at: int) -> str | None:
        """Why the certificate may not be used at the moment ``at``; None when it may (RFC 5280 §4.1.2.5)."""
        if at < self.valid_from:
            return f"the certificate {self.serial} is valid only from {iso(self.valid_from)}"
        if at > self.valid_until:
            return f"the certificate {self.serial} expired at {iso(self.valid_until)}; ask the partner for its new one"
        return None


@lru_cache(maxsize=4096)
def parse(data: bytes) -> Certificate:
    """The certificate in ``data``: DER, or PEM with exactly one certificate (other PEM blocks are passed over).

    Raises CertificateUnusable, saying what to mend.
    """
    if len(data) > MAX_BYTES:
        raise CertificateUnusable(f"larger than {MAX_BYTES} bytes; this is no certificate")
    if data.count(PEM_MARK) > 1:
        raise CertificateUnusable("holds several certificates; leave only the one that signs")
    try:
        found = x509.load_pem_x509_certificate(data) if PEM_MARK in data else x509.load_der_x509_certificate(data)
        return from_x509(found)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateUnusable("is not an X.509 certificate in PEM or DER; export it anew") from error


def from_x509(certificate: x509.Certificate) -> Certificate:
    """``certificate`` held to the policy. Raises CertificateUnusable for a key that the hub does not accept."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, ec.SECP256R1):
            raise CertificateUnusable(f"its key is on the curve {key.curve.name}; the hub accepts P-256")
    elif not isinstance(key, rsa.RSAPublicKey):
        raise CertificateUnusable("its key is neither ECDSA nor RSA; the hub accepts ECDSA P-256 and RSA")
    elif key.key_size not in RSA_BITS:
        raise CertificateUnusable(f"its RSA key has {key.key_size} bits; the hub accepts 2048 to 8192")
    der = certificate.public_bytes(Encoding.DER)
    return Certificate(
        x509=certificate,
        key=key,
        der=der,
        fingerprint=hashlib.sha256(der).hexdigest(),
        valid_from=_moment(certificate.not_valid_before_utc),
        valid_until=_moment(certificate.not_valid_after_utc) + SECOND - 1,
    )


def _moment(time: datetime) -> int:
    return int(time.timestamp()) * SECOND
