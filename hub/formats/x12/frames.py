"""Cutting a transmission into interchanges, and an interchange into segments with their byte offsets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from hub.formats.x12.isa import START, Header, Separators, header

BLANKS = " \t\r\n"
"""What real files put between segments; the standard knows none of it."""

_HIDDEN = "\x00"  # what stands for the bytes of a binary segment while the text is cut


@dataclass(frozen=True, slots=True)
class Span:
    """One interchange found in the transmission: its bytes [start, end). No ``header``: its ISA is unreadable."""

    start: int
    end: int
    header: Header | None


def spans(text: str) -> Iterator[Span]:
    """The interchanges of ``text`` (characters are bytes), in order; what lies between them is in none."""
    at = 0
    while (match := START.search(text, at)) is not None:
        found = header(text, match.start())
        if found is None:
            at = _next_start(text, match.end())
            yield Span(match.start(), at, None)
            continue
        unusable = found.separators.fault() is not None
        end = _next_start(text, found.end) if unusable else _end(text, found)
        yield Span(match.start(), end, found)
        at = end


def _next_start(text: str, at: int) -> int:
    match = START.search(text, at)
    return match.start() if match else len(text)


@lru_cache(maxsize=64)
def _boundary(separators: Separators) -> re.Pattern[str]:
    """A terminator and, behind it, IEA or the next ISA."""
    terminator, element = re.escape(separators.terminator), re.escape(separators.element)
    return re.compile(rf"{terminator}[ \t\r\n]*(?:(IEA)(?={element}|{terminator}|[ \t\r\n]*$)|ISA[^A-Za-z0-9 \t\r\n])")


def _end(text: str, found: Header) -> int:
    """Where the interchange ends: behind its IEA, or before the next ISA."""
    separators = found.separators
    terminator = separators.terminator
    hidden = masked(text, found.end, separators)
    match = _boundary(separators).search(hidden, max(found.end - len(terminator), 0))
    if match is None:
        return len(text)
    if match[1] is None:
        return match.start() + len(terminator)
    last = hidden.find(terminator, match.end())
    return last + len(terminator) if last >= 0 else len(text)


@lru_cache(maxsize=64)
def _binary(separators: Separators) -> re.Pattern[str]:
    """The head of a binary segment: BIN and its length, or BDS with filter and length."""
    terminator, element = re.escape(separators.terminator), re.escape(separators.element)
    return re.compile(
        rf"{terminator}[ \t\r\n]*(?:BIN|BDS{element}[^{element}]{{0,3}}){element}(\d{{1,15}}){element}", re.DOTALL
    )


def masked(text: str, start: int, separators: Separators) -> str:
    """``text`` with the data of binary segments behind ``start`` blotted out: nothing in them is a separator."""
    if f"BIN{separators.element}" not in text and f"BDS{separators.element}" not in text:
        return text
    pieces, at = [text[:start]], start
    pattern = _binary(separators)
    while (match := pattern.search(text, max(at - len(separators.terminator), 0))) is not None:
        length = min(int(match[1]), len(text) - match.end())
        pieces += [text[at : match.end()], _HIDDEN * length]
        at = match.end() + length
    return "".join([*pieces, text[at:]])


class Cut:
    """The segments of an interchange behind its ISA. ``texts`` have no blanks around them.

    A last piece without terminator counts as a segment; ``open_end`` says that there is one. What is beyond ``limit``
    segments is left out; ``overlong`` says so.
    """

    __slots__ = ("_ends", "_length", "_raws", "_start", "broken", "indented", "open_end", "overlong", "texts")

    def __init__(self, text: str, start: int, terminator: str, limit: int) -> None:
        raws = text.split(terminator, limit)
        self.overlong = len(raws) > limit
        if self.overlong:
            raws[-1] = ""
        self.open_end = bool(raws[-1].strip(BLANKS))
        if not self.open_end:
            raws.pop()
        self._raws = raws
        self._start = start
        self._length = len(terminator)
        self._ends = list(accumulate(map(len, raws)))
        self.indented = -1
        self.broken: list[int] = []
        self.texts = [raw.lstrip("\r\n") for raw in raws]
        whole = "\x1a".join(["", *self.texts])
        if "\n" in whole or "\r" in whole or "\x1a " in whole or "\x1a\t" in whole:
            self._strip()

    def _strip(self) -> None:
        """Take the blanks before segments away, and the line breaks inside them (a file wrapped at a fixed width)."""
        for index, raw in enumerate(self._raws):
            text = raw.lstrip(BLANKS)
            lead = len(raw) - len(text)
            if lead and self.indented < 0 and raw[lead - 1] in " \t":
                self.indented = index
            text = text.rstrip("\r\n")
            if "\n" in text or "\r" in text:
                self.broken.append(index)
                text = text.replace("\r", "").replace("\n", "")
            self.texts[index] = text

    def offset(self, index: int) -> int:
        """The byte offset in the transmission of segment ``index``, behind the blanks before it."""
        raw = self._raws[index]
        start = self._start + index * self._length + (self._ends[index - 1] if index else 0)
        return start + len(raw) - len(raw.lstrip(BLANKS))

    def end(self, index: int) -> int:
        """The byte offset behind segment ``index`` and its terminator."""
        last_open = self.open_end and index == len(self._raws) - 1
        return self._start + index * self._length + self._ends[index] + (0 if last_open else self._length)

    def element(
        self,
        index: int,
        separators: Separators,
        element: int | None,
        component: int | None = None,
        repetition: int | None = None,
    ) -> int:
        """The byte offset of an element of segment ``index`` (1-based; None: the segment itself), or of a component or
        repetition of it, as far as there is one."""
        raw = self._raws[index]
        at = len(raw) - len(raw.lstrip(BLANKS))
        ways = (
            (separators.element, element or 0),
            (separators.repetition, (repetition or 1) - 1),
            (separators.component, (component or 1) - 1),
        )
        for mark, count in ways:
            for _ in range(count if mark else 0):
                found = raw.find(mark, at)
                if found < 0:
                    return self._start + index * self._length + (self._ends[index - 1] if index else 0) + len(raw)
                at = found + 1
        return self._start + index * self._length + (self._ends[index - 1] if index else 0) + at
