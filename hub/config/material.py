"""The public keys and certificates that a partner.toml names. Raises ValueError that says what to do."""

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_ssh_public_key
from cryptography.x509 import load_pem_x509_certificates

from hub.model.partner import Certificate, SshKey

_MOST = 100_000  # bytes of a file of keys or certificates
_ALGORITHMS = {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"}


def certificates(path: Path) -> tuple[Certificate, ...]:
    """The X.509 certificates in the PEM file ``path``, at least one."""
    try:
        found = load_pem_x509_certificates(_bytes(path))
    except ValueError as error:
        raise ValueError(f"{path.name!r} holds no readable PEM certificate; export the certificate as PEM") from error
    return tuple(Certificate(path, certificate.public_bytes(Encoding.PEM)) for certificate in found)


def ssh_keys(path: Path) -> tuple[SshKey, ...]:
    """The OpenSSH public keys in ``path``, one a line as in ``authorized_keys`` but without options; at least one."""
    lines = [line.strip() for line in _bytes(path).decode("utf-8", "replace").splitlines()]
    found = tuple(_ssh_key(line, path.name) for line in lines if line and not line.startswith("#"))
    if not found:
        raise ValueError(f"{path.name!r} holds no public key; put a line such as 'ssh-ed25519 AAAA… name' into it")
    return found


def _ssh_key(line: str, file: str) -> SshKey:
    algorithm, _, rest = line.partition(" ")
    encoded, _, comment = rest.strip().partition(" ")
    try:
        key = load_ssh_public_key(f"{algorithm} {encoded}".encode())
        blob = base64.b64decode(encoded, validate=True)
    except (ValueError, UnsupportedAlgorithm, binascii.Error) as error:
        raise ValueError(
            f"{file!r} holds no readable OpenSSH public key; copy the whole line of the .pub file"
        ) from error
    if algorithm not in _ALGORITHMS or (isinstance(key, RSAPublicKey) and key.key_size < 2048):
        raise ValueError(
            f"{file!r} holds a key that is too weak ({algorithm}); use ssh-ed25519, or RSA of 2048 bits or more"
        )
    return SshKey(algorithm, blob, comment.strip())


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST + 1)
    except FileNotFoundError as error:
        raise ValueError(f"there is no file {path.name!r} in {path.parent}; put it there, or run `hub init`") from error
    except OSError as error:
        raise ValueError(f"{path.name!r} cannot be read ({error.strerror}); check its rights") from error
    if len(data) > _MOST:
        raise ValueError(f"{path.name!r} is larger than {_MOST} bytes; that is no file of keys")
    return data
