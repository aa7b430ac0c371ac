"""Checkpoints (C2SP tlog-checkpoint): the tree's size and root, signed."""

import base64
import re
from dataclasses import dataclass

from hub.ledger.merkle import HASH_BYTES
from hub.ledger.notes import NoteInvalid, Signer, Verifier, decoded, opened

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head of the tree; ``note`` is the signed note word for word."""

    size: int
    root: bytes
    note: str


def sign(size: int, root: bytes, signer: Signer) -> Checkpoint:
    """Sign the head of a tree; the signer's name is the origin."""
    text = f"{signer.name}\n{size}\n{base64.b64encode(root).decode()}\n"
    return Checkpoint(size, root, signer.sign(text))


def read(note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint in ``note``: signature, origin and form verified. Raises NoteInvalid."""
    origin, size, root = parse(opened(note, verifier))
    if origin != verifier.name:
        raise NoteInvalid(f"a checkpoint of {origin}, not of {verifier.name}")
    return Checkpoint(size, root, note)


def parse(text: str) -> tuple[str, int, bytes]:
    """(origin, size, root) of a note's text; extension lines are passed over. Raises NoteInvalid."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
        raise NoteInvalid("not a checkpoint: it reads origin, size and root, each on its line")
    root = decoded(lines[2])
    if len(root) != HASH_BYTES:
        raise NoteInvalid("not a checkpoint: its root is no SHA-256 hash")
    return lines[0], int(lines[1]), root
