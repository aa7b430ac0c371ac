"""Cutting a transmission into interchanges, and an interchange into segments with their byte offsets."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from hub.formats.edifact.separators import BLANKS, BY_LINE, LEVEL_B, SEPARATORS, Separators, from_una, protect

_NEAR = 100_000
_START = re.compile(r"(?<![A-Za-z0-9])(?:UNA.{6}[ \t\r\n]*U[NI]B|U[NI]B[^A-Za-z0-9])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """One interchange found in the transmission: its bytes [start, end), UNA included, and its separators.

    ``header`` is where UNB begins. ``fault`` is a finding's key when the service string advice cannot be used.
    """

    start: int
    header: int
    end: int
    separators: Separators
    advised: bool
    fault: str = ""


def spans(text: str) -> Iterator[Span]:
    """The interchanges of ``text`` (characters are bytes), in order; what lies between them is in none."""
    at = 0
    while (match := _START.search(text, at)) is not None:
        span = _span(text, match)
        yield span
        at = span.end


def _span(text: str, match: re.Match[str]) -> Span:
    start, header = match.start(), match.end() - 4
    advised, fault = text.startswith("UNA", start), ""
    separators = SEPARATORS
    if advised:
        header = match.end() - 3
        separators = from_una(text[start + 3 : start + 9])
    elif text[header + 3] == LEVEL_B.element:
        separators = LEVEL_B
    elif _by_line(text, header):
        separators, fault = BY_LINE, "terminator-line"
    if text.startswith("UIB", header):
        fault = "interactive"
    elif not separators.usable():
        separators, fault = SEPARATORS, "una-unusable"
    elif text[header + 3 : header + 4] != separators.element:
        fault = "una-contradicted" if advised else "unb-separator"
    return Span(start, header, _end(text, header, separators), separators, advised, fault)


def _by_line(text: str, header: int) -> bool:
    """Whether UNB is ended by the end of its line: its sender took the terminators for mere layout."""
    line = text[header : header + 1000].partition("\n")
    following = line[2].lstrip(BLANKS)
    return SEPARATORS.terminator not in line[0] and following.startswith(("UNH+", "UNG+"))


@lru_cache(maxsize=64)
def _boundary(separators: Separators) -> re.Pattern[str]:
    """A terminator and, behind it, the next trailer or header of an interchange."""
    terminator, element = re.escape(separators.terminator), re.escape(separators.element)
    trailer = rf"(U[NI]Z)(?=[ \t]*{element}|{terminator})"
    header = rf"UNA.{{6}}[ \t\r\n]*U[NI]B|U[NI]B{element}"
    return re.compile(rf"{terminator}[ \t\r\n]*(?:{trailer}|{header})", re.DOTALL)


def _end(text: str, header: int, separators: Separators) -> int:
    """Where the interchange whose UNB is at ``header`` ends: behind its UNZ, or before the next UNA or UNB."""
    at = header
    while (match := _boundary(separators).search(text, at)) is not None:
        if _released(text, match.start(), separators.release):
            at = match.start() + 1
            continue
        if match[1] is None:
            return match.start() + 1
        return _terminator(text, match.end(), separators) + 1
    return len(text)


def _terminator(text: str, at: int, separators: Separators) -> int:
    """Where the segment around ``at`` ends: its terminator's offset, or that of the last byte."""
    while (found := text.find(separators.terminator, at)) >= 0:
        if not _released(text, found, separators.release):
            return found
        at = found + 1
    return len(text) - 1


def _released(text: str, at: int, release: str) -> bool:
    """Whether an odd number of release characters stands before ``at``."""
    if not release or text[at - 1] != release:
        return False
    start = at
    while start > 0 and text[start - 1] == release:
        start -= 1
    return (at - start) % 2 == 1


def _irregular(texts: list[str], terminator: str) -> bool:
    """Whether blanks stand before a segment, or line breaks inside one: all segments are looked through at once."""
    whole = terminator.join(["", *texts])
    return "\n" in whole or "\r" in whole or f"{terminator} " in whole or f"{terminator}\t" in whole


class Cut:
    """An interchange's segments. ``texts`` are protected (see :mod:`separators`), blanks around them gone.

    A last piece without terminator counts as a segment; ``open_end`` says that there is one. What is beyond ``limit``
    segments is left out; ``overlong`` says so.
    """

    __slots__ = ("_by_line", "_ends", "_raws", "_start", "broken", "indented", "open_end", "overlong", "texts")

    def __init__(self, text: str, start: int, separators: Separators, limit: int) -> None:
        protected = protect(text, separators.release)
        raws = protected.split(separators.terminator, limit)
        self.overlong = len(raws) > limit
        if self.overlong:
            raws[-1] = ""
        self.open_end = bool(raws[-1].strip(BLANKS))
        if not self.open_end:
            raws.pop()
        self._raws = raws
        self._start = start
        self._by_line = separators.terminator == "\n"
        self._ends = list(accumulate(map(len, raws)))
        self.indented = -1
        self.broken: list[int] = []
        self.texts = [raw.lstrip("\r\n") for raw in raws]
        if _irregular(self.texts, separators.terminator):
            self._strip()

    def _strip(self) -> None:
        """Take the blanks around segments away, and the line breaks inside them (a file wrapped at a fixed width)."""
        texts = [raw.lstrip(BLANKS) for raw in self._raws]
        if self._by_line:
            texts = [text.rstrip("\r") for text in texts]
        for index, text in enumerate(texts):
            lead = len(self._raws[index]) - len(text)
            if lead and self.indented < 0 and self._raws[index][lead - 1] in " \t":
                self.indented = index
            if "\n" in text or "\r" in text:
                self.broken.append(index)
                texts[index] = text.replace("\r", "").replace("\n", "")
        self.texts = texts

    def offset(self, index: int) -> int:
        """The byte offset in the transmission of segment ``index``, behind the blanks before it."""
        raw = self._raws[index]
        start = self._start + index + (self._ends[index - 1] if index else 0)
        return start + len(raw) - len(raw.lstrip(BLANKS))

    def end(self, index: int) -> int:
        """The byte offset behind segment ``index`` and its terminator."""
        last_open = self.open_end and index == len(self._raws) - 1
        return self._start + index + self._ends[index] + (0 if last_open else 1)

    def at(self, offset: int) -> int:
        """The index of the segment that the byte ``offset`` of the transmission is in."""
        return min(bisect_right(range(len(self._raws)), offset, key=self.end), len(self._raws) - 1)

    def position(self, index: int, offset: int, separators: Separators) -> tuple[int | None, int | None]:
        """The element and component position of byte ``offset`` in segment ``index``; None before the first element,
        or so far behind the tag that counting would take long."""
        begin = self.offset(index)
        if offset - begin > _NEAR:
            return None, None
        lead = len(self._raws[index]) - len(self._raws[index].lstrip(BLANKS))
        before = self._raws[index][lead : lead + offset - begin]
        element = before.count(separators.element)
        if not element:
            return None, None
        return element, before.rpartition(separators.element)[2].count(separators.component) + 1
