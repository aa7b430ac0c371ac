"""Certificates: what is read, and what the policy refuses."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from hub.security.certificates import CertificateUnusable, from_x509, parse
from hub.security.signer import Signer

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def certificate(key: Key, serial: int = 1) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "partner")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dates = builder.not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return dates.serial_number(serial).sign(key, digest)


def test_pem_and_der_give_the_same_certificate(signer: Signer) -> None:
    assert parse(signer.certificate.pem) == parse(signer.certificate.der) == signer.certificate


def test_text_before_the_pem_block_is_passed_over(p256: Signer) -> None:
    assert parse(b"subject=CN = hub\n" + p256.certificate.pem) == p256.certificate


@pytest.mark.parametrize(("number", "shown"), [(1, "01"), (0xABC, "0ABC"), (0xDEADBEEF, "DEADBEEF")])
def test_the_serial_is_written_as_openssl_does(number: int, shown: str) -> None:
    assert from_x509(certificate(ec.generate_private_key(ec.SECP256R1()), number)).serial == shown


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        b"\x30\x82\xff\xff",
        b"\xff" * 999,
    ],
    ids=["empty", "text", "cut short", "wrong length", "bytes"],
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(CertificateUnusable, match="not an X.509 certificate"):
        parse(data)


def test_a_file_too_large_for_a_certificate_is_refused(p256: Signer) -> None:
    with pytest.raises(CertificateUnusable, match="larger than"):
        parse(p256.certificate.pem + b"\n" * 70_000)


def test_a_bundle_is_refused(p256: Signer, other: Signer) -> None:
    with pytest.raises(CertificateUnusable, match="several certificates"):
        parse(p256.certificate.pem + other.certificate.pem)


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "curve secp384r1"),
        (ed25519.Ed25519PrivateKey.generate(), "neither ECDSA nor RSA"),
        (rsa.generate_private_key(65537, 1024), "1024 bits"),
    ],
    ids=["P-384", "Ed25519", "RSA-1024"],
)
def test_a_key_outside_the_policy_is_refused(key: Key, complaint: str) -> None:
    with pytest.raises(CertificateUnusable, match=complaint):
        from_x509(certificate(key))


def test_the_last_second_of_a_certificate_counts_whole() -> None:
    made = from_x509(certificate(ec.generate_private_key(ec.SECP256R1())))
    last = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    assert made.flaw(last + 999_999) is None
    assert "expired" in (made.flaw(last + 1_000_000) or "")
