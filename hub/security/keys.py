"""Keys made at set-up, and loaded again: written once, durably, readable by nobody else, never overwritten.

A signing key and its self-signed certificate share one PEM file, so that a crash can never part them; the certificate
is public and may be copied out of it at any time. SSH keys are in OpenSSH's own format.
"""

import os
import stat
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from hub.clock import moment
from hub.errors import HubError
from hub.security.certificates import CertificateUnusable, from_x509, parse
from hub.security.signer import PrivateKey, Signer
from hub.spool.durable import NameTaken, make_folder, write_once

PASSPHRASE = "HUB_KEY_PASSPHRASE"
MAX_BYTES = 64 * 1024
YEARS = 10
EARLIER = timedelta(minutes=5)  # a partner's clock may be a little behind ours


class KeyUnusable(HubError):
    """The key file cannot be used."""


class KeyExists(HubError):
    """There is a key of this name already, and a key is never overwritten."""


class Algorithm(StrEnum):
    """What signs documents."""

    P256 = "ecdsa-p256"  # the default: fastest to sign with
    RSA3072 = "rsa-3072"  # for partners whose software knows no elliptic curves


def passphrase(environment: Mapping[str, str] = os.environ) -> bytes | None:
    """What protects the PEM files, from HUB_KEY_PASSPHRASE; None when it is unset or empty."""
    return environment.get(PASSPHRASE, "").encode() or None


def make_signer(
    file: Path, subject: str, at: int, algorithm: Algorithm = Algorithm.P256, secret: bytes | None = None
) -> Signer:
    """A new signing key with a certificate for the common name ``subject``, valid from ``at`` (microseconds) for ten
    years, both in ``file``. Raises KeyExists, SpoolFull or SpoolError."""
    key = _new_key(algorithm)
    signer = Signer(key, from_x509(_self_signed(key, subject, at)))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _protection(secret))
    _keep(file, pem + signer.certificate.pem)
    return signer


def load_signer(file: Path, secret: bytes | None = None) -> Signer:
    """The signing key and certificate in ``file``. Raises KeyUnusable, CertificateUnusable or CannotSign."""
    data = _read(file)
    key = _private(file, data, secret)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyUnusable(f"{file}: its key is neither ECDSA nor RSA; it cannot sign documents")
    try:
        return Signer(key, parse(data))
    except CertificateUnusable as error:
        raise KeyUnusable(f"{file}: the certificate that follows the key {error}") from error


def make_ed25519(file: Path, secret: bytes | None = None) -> ed25519.Ed25519PrivateKey:
    """A new Ed25519 key in PEM, as it signs the ledger's checkpoints. Raises KeyExists, SpoolFull or SpoolError."""
    key = ed25519.Ed25519PrivateKey.generate()
    _keep(file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _protection(secret)))
    return key


def load_ed25519(file: Path, secret: bytes | None = None) -> ed25519.Ed25519PrivateKey:
    """The Ed25519 key in the PEM file ``file``. Raises KeyUnusable."""
    key = _private(file, _read(file), secret)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyUnusable(f"{file}: its key is not Ed25519")
    return key


def make_ssh(file: Path) -> str:
    """A new Ed25519 key in OpenSSH's format, for a host or a partner; its public line. Raises as :func:`make_ed25519`.

    It bears no passphrase, since OpenSSH's ``sftp -b`` and the embedded server have nobody to ask for it.
    """
    key = ed25519.Ed25519PrivateKey.generate()
    _keep(file, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return _public_line(key)


def load_ssh_public(file: Path) -> str:
    """The public line (``ssh-ed25519 AAAA…``) of the OpenSSH private key in ``file``. Raises KeyUnusable."""
    try:
        key = load_ssh_private_key(_read(file), None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"{file}: is not an OpenSSH private key without passphrase") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyUnusable(f"{file}: its key is not Ed25519")
    return _public_line(key)


def _new_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm is Algorithm.RSA3072:
        return rsa.generate_private_key(65537, 3072)
    return ec.generate_private_key(ec.SECP256R1())


def _self_signed(key: PrivateKey, subject: str, at: int) -> x509.Certificate:
    """The profile: common name, random serial, key usage digitalSignature and nonRepudiation, no authority."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    start = moment(at).replace(microsecond=0)
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - EARLIER)
        .not_valid_after(start + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def _protection(secret: bytes | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(secret) if secret else NoEncryption()


def _keep(file: Path, data: bytes) -> None:
    make_folder(file.parent)
    try:
        write_once(file, data, mode=0o600)
    except NameTaken as error:
        raise KeyExists(
            f"{file}: there is a key already, and a key is never overwritten; move it away first"
        ) from error


def _read(file: Path) -> bytes:
    """The bytes of ``file``, which only its owner may read."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise KeyUnusable(f"{file}: cannot be read ({error.strerror}); `hub init` makes the keys") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyUnusable(f"{file}: others may read this private key; do `chmod 600 {file}`, and consider a new key")
    if len(data) > MAX_BYTES:
        raise KeyUnusable(f"{file}: larger than {MAX_BYTES} bytes; this is no key")
    return data


def _private(file: Path, data: bytes, secret: bytes | None) -> Any:
    try:
        return load_pem_private_key(data, secret)
    except TypeError as error:  # a passphrase where there should be none, or none where there should be one
        hint = "is not protected; unset" if secret else "is protected by a passphrase; set"
        raise KeyUnusable(f"{file}: {hint} {PASSPHRASE}") from error
    except ValueError as error:
        raise KeyUnusable(f"{file}: not a PEM private key, or the passphrase in {PASSPHRASE} is wrong") from error


def _public_line(key: ed25519.Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
