"""An interchange in blocks: whole segments, as many as fit, up to where it ends or an object begins."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from hub.formats.edifact.heads import REACH, Head, boundary
from hub.formats.edifact.separators import BLANKS, Separators
from hub.formats.source import Source

FIRST, MOST = 1 << 14, 1 << 18
"""Bytes of an interchange's first block, and of a later one that no single message fills."""


class Follows(IntEnum):
    """What comes behind a block."""

    MORE = 0  # more segments of the interchange
    TRAILER = 1  # nothing: its trailer ended it
    HEAD = 2  # the head of the next interchange
    NOTHING = 3  # the end of the data
    OBJECT = 4  # the header of an object, whose bytes are no segments


@dataclass(frozen=True, slots=True)
class Block:
    """Segments from byte ``start`` on; an empty ``text``: a segment is longer than was asked for."""

    text: str
    start: int
    follows: Follows


class Blocks:
    """The blocks of the interchange that begins with ``head``."""

    def __init__(
        self,
        source: Source,
        head: Head,
        separators: Separators,
        objects: bool,
        veil: Callable[[str], str] | None = None,
    ) -> None:
        self._source = source
        self._veil = veil
        self._first = head.header
        self._terminator = separators.terminator
        self._release = separators.release
        self._boundary = boundary(separators, objects)

    def at(self, start: int, length: int) -> Block:
        """The block at byte ``start``, where a segment begins, of some ``length`` bytes at most."""
        text = self._text(start, start + length)
        final = start + len(text) >= self._source.size
        match = self._match(text, start == self._first)
        if match is None:
            return Block(text, start, Follows.NOTHING) if final else self._whole(text, start)
        begin = match.start()
        if match[2] is not None:
            return Block(text[:begin], start, Follows.OBJECT)
        if match[1] is None:
            return Block(text[:begin], start, Follows.HEAD)
        end = self._ended(text, match.end())
        if end < 0:
            return Block(text, start, Follows.TRAILER) if final else Block("", start, Follows.MORE)
        return Block(text[:end], start, Follows.TRAILER)

    def segment(self, start: int, limit: int) -> str:
        """The segment at byte ``start``, its terminator included, or ``limit`` bytes of it."""
        length = min(FIRST, limit)
        while True:
            text = self._text(start, start + length)
            end = self._ended(text, 0)
            if end >= 0 or length == limit or len(text) < length:
                return text[:end] if end >= 0 else text
            length = min(4 * length, limit)

    def beyond(self, start: int, length: int) -> tuple[int, Follows]:
        """Behind the ``length`` bytes from ``start`` on, or where the interchange ends in them; they are not cut."""
        text = self._source.text(start, start + length)
        match = self._match(text, True)
        if match is None or match[2] is not None:
            final = start + len(text) >= self._source.size
            return (start + len(text), Follows.NOTHING) if final else (start + length - REACH, Follows.MORE)
        if match[1] is None:
            return start + match.start(), Follows.HEAD
        return start + max(self._ended(text, match.end()), match.end()), Follows.TRAILER

    def _text(self, start: int, end: int) -> str:
        text = self._source.text(start, end)
        return text if self._veil is None else self._veil(text)

    def _match(self, text: str, first: bool) -> re.Match[str] | None:
        """The first boundary in ``text``; at its beginning only if this is not the ``first`` block."""
        match = self._boundary.search(text)
        while match is not None and not self._behind(text, match.start(), first):
            match = self._boundary.search(text, match.start() + 1)
        return match

    def _behind(self, text: str, at: int, first: bool) -> bool:
        """Whether a terminator, and perhaps blanks, stands before ``at``."""
        terminator = self._terminator
        while at > 0 and (mark := text[at - 1]) != terminator:
            if mark not in BLANKS:
                return False
            at -= 1
        return not released(text, at - 1, self._release) if at > 0 else not first

    def _ended(self, text: str, at: int) -> int:
        """Behind the segment that index ``at`` is in; -1 when it does not end in ``text``."""
        found = text.find(self._terminator, at)
        while found >= 0 and released(text, found, self._release):
            found = text.find(self._terminator, found + 1)
        return found + 1 if found >= 0 else -1

    def _whole(self, text: str, start: int) -> Block:
        """The segments that end in ``text``, far enough from its end that the next one's beginning is not a head."""
        end = len(text) - REACH
        while end > 0:
            end = text.rfind(self._terminator, 0, end)
            if end >= 0 and not released(text, end, self._release):
                return Block(text[: end + 1], start, Follows.MORE)
        return Block("", start, Follows.MORE)


def released(text: str, at: int, release: str) -> bool:
    """Whether an odd number of release characters stands before ``at``, and nothing but line breaks between."""
    if not release:
        return False
    while at > 0 and text[at - 1] in "\r\n":
        at -= 1
    if at == 0 or text[at - 1] != release:
        return False
    start = at
    while start > 0 and text[start - 1] == release:
        start -= 1
    return (at - start) % 2 == 1
