"""A run of segments, cut at the terminators: their texts, and where each of them lies in the transmission."""

from bisect import bisect_right
from itertools import accumulate

from hub.formats.edifact.separators import BLANKS, Separators, protect
from hub.formats.edifact.wrapping import Joins, Wrap, unwrapped

_NEAR = 100_000


def _line_end(text: str, terminator: str) -> str:
    """What ends the line behind the first terminator of ``text``; empty when nothing does."""
    behind = text.find(terminator) + 1
    return "\n" if text.startswith("\n", behind) else "\r\n" if text.startswith("\r\n", behind) else ""


def _regular(text: str, terminator: str) -> bool:
    """Whether no line ends are in ``text``, and no blanks behind a terminator or at the beginning."""
    if "\n" in text or "\r" in text or text[:1] in BLANKS:
        return False
    return f"{terminator} " not in text and ("\t" not in text or f"{terminator}\t" not in text)


class Cut:
    """The segments of ``text``, which begins at byte ``start``; no more than ``limit``.

    ``texts`` are protected (see :mod:`separators`), blanks around them gone. Where one line end follows every
    terminator they are cut with it; else ``_raws`` have the blanks and line ends that were before and inside them.
    """

    __slots__ = (
        "_by_line",
        "_ends",
        "_gap",
        "_joins",
        "_lead",
        "_raws",
        "_start",
        "broken",
        "indented",
        "open_end",
        "overlong",
        "texts",
    )

    def __init__(
        self, text: str, start: int, separators: Separators, limit: int, wrap: Wrap | None = None, column: int = 0
    ) -> None:
        protected = protect(text, separators.release)
        terminator = separators.terminator
        line_end = _line_end(protected, terminator)
        gap = len(line_end)
        lead = gap if gap and protected.startswith(line_end) else 0
        plain = protected.replace(terminator + line_end, terminator)[lead:] if gap else protected
        texts = plain.split(terminator, limit)
        ended = len(texts) - (2 if gap and protected.endswith(terminator) else 1)  # terminators that end a line
        even = not gap or len(protected) - len(plain) == lead + gap * ended
        regular = even and terminator != "\n" and _regular(plain, terminator)
        if not regular:
            gap = lead = 0
            texts = protected.split(terminator, limit)
        self._gap, self._lead = gap, lead
        self.overlong = len(texts) > limit
        if self.overlong:
            texts[-1] = ""
        self.open_end = bool(texts[-1].strip(BLANKS))
        if not self.open_end:
            texts.pop()
        self._start = start
        self._by_line = terminator == "\n"
        self.indented = -1
        self.broken: list[int] = []
        self._joins: list[Joins] = []
        self.texts = self._raws = texts
        self._ends = list(accumulate(map(len, texts)))
        if not regular:
            self._strip(wrap or Wrap(terminator, separators.element, separators.component), column)

    def _strip(self, wrap: Wrap, column: int) -> None:
        """Take the blanks around segments away, and the line breaks inside them; the cut's text begins in ``column`` of
        its line."""
        texts = [raw.lstrip(BLANKS) for raw in self._raws]
        if self._by_line:
            texts = [text.rstrip("\r") for text in texts]
        for index, text in enumerate(texts):
            lead = len(self._raws[index]) - len(text)
            if lead and self.indented < 0 and self._raws[index][lead - 1] in " \t":
                self.indented = index
            if "\n" in text or "\r" in text:
                self.broken.append(index)
                texts[index], joins = unwrapped(text, wrap, self._column(index, lead, column) if wrap.width else 0)
                self._joins.append(joins)
        self.texts = texts

    def _column(self, index: int, lead: int, column: int) -> int:
        """In which column of its line segment ``index`` begins, behind ``lead`` blanks."""
        at, columns = lead, 0
        while index >= 0:
            line = self._raws[index].rfind("\n", 0, at)
            if line >= 0:
                return columns + at - line - 1
            columns += at + 1
            index -= 1
            at = len(self._raws[index])
        return column + columns - 1

    def real(self, offset: int) -> int:
        """The byte offset of what :meth:`offset` and the length of the text before it make ``offset``."""
        at = bisect_right(self.broken, offset, key=self.offset) - 1
        if at < 0:
            return offset
        begin = self.offset(self.broken[at])
        if offset - begin > len(self.texts[self.broken[at]]):
            return offset
        passed = bisect_right(self._joins[at], offset - begin, key=lambda join: join[0]) - 1
        return offset + (self._joins[at][passed][1] if passed >= 0 else 0)

    def offset(self, index: int) -> int:
        """The byte offset in the transmission of segment ``index``, behind the blanks before it."""
        raw = self._raws[index]
        return self.begin(index) + (self._gap if index else self._lead) + len(raw) - len(raw.lstrip(BLANKS))

    def begin(self, index: int) -> int:
        """The byte offset behind the terminator before segment ``index``."""
        if not index:
            return self._start
        return self._start + self._lead + self._ends[index - 1] + index + self._gap * (index - 1)

    def end(self, index: int) -> int:
        """The byte offset behind segment ``index`` and its terminator."""
        last_open = self.open_end and index == len(self._raws) - 1
        return self._start + self._lead + self._ends[index] + self._gap * index + index + (0 if last_open else 1)

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
