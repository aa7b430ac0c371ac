"""How an interchange begins: UNA in all the forms that files have, the separators in use, and what opens it."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from hub.formats.edifact.separators import BLANKS, LEVEL_B, SEPARATORS, Separators, advice, usable

REACH = 1 << 11
"""Characters behind the place where an interchange begins that are looked at to understand its beginning."""

_UNB = r"U[\r\n]{0,2}[NI][\r\n]{0,2}B"
_ADVICE = re.compile(rf"(?:.{{6}}[ \t\r\n]{{0,200}}|[^A-Za-z0-9]{{1,12}}?)(?=U[NI][BGH]|{_UNB})", re.DOTALL)
_START = re.compile(rf"(?<![A-Za-z0-9])(?:UNA(?={_ADVICE.pattern})|{_UNB}[^A-Za-z0-9\r\n]|U[NI][GH][+\x1d])", re.DOTALL)
_OPENING = re.compile(rf"U[NI][GH]|{_UNB}")
_BODY = ("UNH+", "UNG+", "UIH+")
_RECORD = 20  # columns that a fixed-width record has at least


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an interchange at byte ``start``; ``header`` is where its first segment (UNB) begins.

    ``opening`` is that segment's tag; in an interchange without envelope it is that of its first message or group.
    ``fault`` is a finding's key when separators and text do not agree. ``width`` is that of the records of a file
    which was wrapped without regard to segments, or 0.
    """

    start: int
    header: int
    opening: str
    separators: Separators
    advised: bool = False
    fault: str = ""
    width: int = 0

    @property
    def bare(self) -> bool:
        """Whether there is no UNB or UIB."""
        return self.opening[2] != "B"

    @property
    def interactive(self) -> bool:
        """Whether it is an interactive interchange, or a part of one (ISO 9735-3)."""
        return self.opening[1] == "I"


def find(text: str, at: int, base: int) -> Head | None:
    """The first head in ``text`` (characters are bytes) from index ``at`` on; index 0 is byte ``base`` of the source.

    It needs ``REACH`` characters behind the place where it begins, or all there are.
    """
    match = _START.search(text, at)
    if match is None:
        return None
    start = match.start()
    if not text.startswith("UNA", start):
        return _head(text, base, start, start, SEPARATORS, "")
    found = _ADVICE.match(text, start + 3)
    assert found is not None  # the pattern of the start says so
    separators, fault = advice(found[0], text[found.end() : found.end() + REACH])
    return _head(text, base, start, found.end(), separators, fault)


def _head(text: str, base: int, start: int, header: int, separators: Separators, fault: str) -> Head:
    match = _OPENING.match(text, header)
    assert match is not None
    opening = match[0] if len(match[0]) == 3 else re.sub("[\r\n]", "", match[0])
    advised = header > start
    mark = text[match.end() : match.end() + 1]
    if not advised and mark == LEVEL_B.element:
        separators = LEVEL_B
    elif _by_line(text, header, separators):
        separators, fault = replace(separators, terminator="\n"), "terminator-line"
    if separators is not SEPARATORS and not usable(separators):
        separators, fault = SEPARATORS, "una-unusable"
    elif mark != separators.element:
        fault = "una-contradicted" if advised else "unb-separator"
    width = _width(text, start, separators.terminator)
    return Head(base + start, base + header, opening, separators, advised, fault, width)


def _by_line(text: str, header: int, separators: Separators) -> bool:
    """Whether the first segment is ended by the end of its line: its sender took terminators for mere layout."""
    if separators.terminator in BLANKS:
        return False
    end = text.find("\n", header, header + REACH)
    if end < 0 or text.find(separators.terminator, header, end) >= 0:
        return False
    return text[end : end + REACH].lstrip(BLANKS).startswith(_BODY)


def _width(text: str, start: int, terminator: str) -> int:
    """The columns of a record when the first two are equally wide and not both end with a segment."""
    first = text.find("\n", start, start + REACH)
    second = text.find("\n", first + 1, start + REACH) if first >= 0 else -1
    if second - first != first - start + 1 or terminator in BLANKS:
        return 0
    one, two = text[start:first].rstrip(BLANKS), text[first:second].rstrip(BLANKS)
    columns = first - start - (text[first - 1] == "\r")
    return columns if columns >= _RECORD and not (one.endswith(terminator) and two.endswith(terminator)) else 0


def syntax_of(opening: str, head: Head) -> list[str]:
    """S001 as components, before anything is known about the syntax; nothing where there is no header."""
    if head.bare:
        return [""]
    first = opening.partition(head.separators.terminator)[0].replace("\r", "").replace("\n", "")
    parts = first.split(head.separators.element, 2)
    return parts[1].split(head.separators.component) if len(parts) > 1 else [""]


@lru_cache(maxsize=64)
def boundary(separators: Separators, objects: bool) -> re.Pattern[str]:
    """What, behind a terminator, ends a run of segments: the trailer of the interchange (group 1), with ``objects`` an
    object's header (group 2), or the head of the next interchange.

    It begins with a letter, so that a search goes from one U to the next.
    """
    terminator, element = re.escape(separators.terminator), re.escape(separators.element)
    trailer = rf"([\r\n]{{0,2}}[NI][\r\n]{{0,2}}Z(?=[ \t]*{element}|{terminator}))"
    package = rf"|(NO{element})" if objects else "|((?!))"
    head = rf"NA(?={_ADVICE.pattern})|{_UNB[1:]}{element}"
    return re.compile(rf"U(?:{trailer}{package}|{head})", re.DOTALL)
