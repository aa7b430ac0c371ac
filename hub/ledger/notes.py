"""Signed notes (C2SP signed-note): text, a blank line, and signature lines with Ed25519 (type 0x01)."""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hub.errors import HubError

_ED25519 = b"\x01"
_NAME = re.compile(r"[^\s+\x00-\x1f]{1,200}")
_MAX_NOTE = 100_000  # characters: well above 16 signatures, which every verifier must accept
_MAX_SIGNATURES = 64


class NoteInvalid(HubError):
    """The note is not a signed note, or no signature of the expected key verifies."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and its name: what anyone needs to verify the ledger's notes."""

    name: str
    key: Ed25519PublicKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot name a ledger: take up to 200 characters, no spaces, no plus")

    @property
    def id(self) -> bytes:
        """The four bytes that stand for name and key in a signature line."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key.public_bytes_raw()).digest()[:4]

    def text(self) -> str:
        """``name+id+key`` on one line, the usual form in which such keys are published."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.key.public_bytes_raw())}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """The inverse of :meth:`text`. Raises NoteInvalid."""
        parts = text.strip().split("+", 2)
        key = decoded(parts[2]) if len(parts) == 3 else b""
        if len(key) != 33 or key[:1] != _ED25519 or not _NAME.fullmatch(parts[0]):
            raise NoteInvalid(f"{text[:80]!r} is not a key of a ledger: NAME+8 hex digits+base64 of an Ed25519 key")
        verifier = cls(parts[0], Ed25519PublicKey.from_public_bytes(key[1:]))
        if verifier.text() != text.strip():
            raise NoteInvalid(f"the id of the key {text[:80]!r} does not belong to it; fetch the key again")
        return verifier


@dataclass(frozen=True, slots=True)
class Signer:
    """The ledger's private key and its name, which is also the origin of its checkpoints."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key())

    def sign(self, text: str) -> str:
        """The note of ``text``, which ends in a newline."""
        signature = self.verifier.id + self.key.sign(text.encode())
        return f"{text}\n— {self.name} {_base64(signature)}\n"


def opened(note: str, verifier: Verifier) -> str:
    """The text of ``note``, its signature verified. Raises NoteInvalid."""
    text, signatures = divided(note)
    known = [blob[4:] for name, blob in signatures if name == verifier.name and blob[:4] == verifier.id]
    if not known:
        raise NoteInvalid(f"not signed by {verifier.name} with the key of id {verifier.id.hex()}")
    try:
        for signature in known:
            verifier.key.verify(signature, text.encode())
    except InvalidSignature as error:
        raise NoteInvalid(f"the signature of {verifier.name} does not match the text") from error
    return text


def divided(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """(text, [(key name, key id and signature)]), nothing verified. Raises NoteInvalid."""
    if len(note) > _MAX_NOTE or not note.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", note):
        raise NoteInvalid("not a signed note: too long, a control character, or no newline at its end")
    text, blank, lines = note.rpartition("\n\n")
    rows = lines.splitlines() if blank else []
    if not 0 < len(rows) <= _MAX_SIGNATURES:
        raise NoteInvalid("not a signed note: no signature lines after the last blank line")
    return text + "\n", [_signature(row) for row in rows]


def decoded(text: str) -> bytes:
    """The bytes of ``text`` in base64 (RFC 4648 §4), which has one spelling only. Raises NoteInvalid."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteInvalid(f"not base64: {text[:60]!r}") from error
    if _base64(data) != text:
        raise NoteInvalid(f"not the canonical base64: {text[:60]!r}")
    return data


def _signature(row: str) -> tuple[str, bytes]:
    parts = row.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
        raise NoteInvalid(f"not a signature line: {row[:80]!r}")
    blob = decoded(parts[2])
    if len(blob) < 5:
        raise NoteInvalid(f"a signature without bytes: {row[:80]!r}")
    return parts[1], blob


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
