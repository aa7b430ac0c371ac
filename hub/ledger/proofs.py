"""Inclusion proofs as text (C2SP tlog-proof): the head of a ``.tlog-proof`` file; the checkpoint is the rest of it."""

import base64
import re
from dataclasses import dataclass

from hub.ledger.merkle import HASH_BYTES
from hub.ledger.notes import NoteInvalid, decoded

_FIRST = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """That the leaf ``index`` is in a tree: the siblings' hashes from the leaf up."""

    index: int
    hashes: tuple[bytes, ...]

    def text(self) -> str:
        """The lines up to and including the blank one; text and checkpoint together are a ``.tlog-proof`` file."""
        lines = [_FIRST, f"index {self.index}", *(base64.b64encode(hashed).decode() for hashed in self.hashes)]
        return "\n".join(lines) + "\n\n"

    @classmethod
    def parse(cls, text: str) -> "Proof":
        """The inverse of :meth:`text`. Raises NoteInvalid."""
        lines = text.split("\n")
        index = _INDEX.fullmatch(lines[1]) if len(lines) > 3 else None
        if index is None or lines[0] != _FIRST or lines[-2:] != ["", ""] or len(lines) > _MAX_HASHES + 4:
            raise NoteInvalid(f"not a proof of inclusion: {_FIRST}, an index, hashes, a blank line")
        hashes = tuple(decoded(line) for line in lines[2:-2])
        if any(len(hashed) != HASH_BYTES for hashed in hashes):
            raise NoteInvalid("not a proof of inclusion: a line is no SHA-256 hash")
        return cls(int(index[1]), hashes)
