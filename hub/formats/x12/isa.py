"""ISA, the interchange header: 106 characters, its separators known by their positions (X12.5).

Real files also carry headers that lost their padding or were wrapped at a fixed width: those are read by counting
elements, and a finding says so.

>>> first = "ISA*00*          *00*          *ZZ*A              *ZZ*B              "
>>> header(first + "*261123*1200*U*00401*000000001*0*T*:~", 0).fields[5]
'A              '
"""

import re
from dataclasses import dataclass

WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""How many characters ISA01 to ISA16 have (X12.5)."""

LENGTH = 106
_MARKS = tuple(3 + sum(WIDTHS[:at]) + at for at in range(16))  # where the 16 element separators stand
_SEARCHED = 600  # characters in which the elements of a header without its padding are looked for
_BREAKS = "\r\n"
_BLANKS = " \t\r\n"
_REPEATS = "00402"  # the first interchange version in which ISA11 is the repetition separator

START = re.compile(r"(?<![A-Za-z0-9])ISA(?=[^A-Za-z0-9 \t\r\n])")


@dataclass(frozen=True, slots=True)
class Separators:
    """What tells elements, components, repetitions and segments apart. An empty ``component`` or ``repetition``: none.
    ``terminator`` may be two or three bytes, where somebody took a character beyond ASCII."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"

    def fault(self) -> tuple[str, int | None] | None:
        """What makes the text unreadable by these, if anything: a finding's key, and the ISA element at fault."""
        if self.terminator.isalnum() or self.terminator in (self.element, self.component):
            return "terminator-unusable", None
        if self.component and (self.component.isalnum() or self.component == self.element):
            return "component-unusable", 16
        return None


@dataclass(frozen=True, slots=True)
class Header:
    """An ISA. ``fields`` are ISA01 to ISA16 as written, ``marks`` the byte offset of each, ``end`` that behind the
    terminator; ``faults`` are findings' keys, each with the element that it is about."""

    fields: tuple[str, ...]
    marks: tuple[int, ...]
    end: int
    separators: Separators
    faults: tuple[tuple[str, int | None], ...] = ()


def header(text: str, start: int) -> Header | None:
    """The ISA at ``start`` of ``text`` (characters are bytes), or None when it is too garbled to find its elements."""
    element = text[start + 3 : start + 4]
    window = text[start : start + LENGTH]
    if len(window) == LENGTH and _fixed(window, element) and not set(window[:-1]) & set(_BREAKS):
        return _made(text, start, tuple(at + 1 for at in _MARKS), start + LENGTH - 1, ())
    return _wrapped(text, start, element) or _counted(text, start, element)


def _fixed(window: str, element: str) -> bool:
    return all(window[at] == element for at in _MARKS) and window.count(element) == 16


def _wrapped(text: str, start: int, element: str) -> Header | None:
    """A header that a fixed line width broke: the same 106 characters once the line breaks are taken out."""
    places = [at for at in range(start, min(start + LENGTH + 10, len(text))) if text[at] not in _BREAKS]
    window = "".join(text[at] for at in places[: LENGTH - 1])
    if len(window) < LENGTH - 1 or not _fixed(window, element):
        return None
    marks = tuple(places[at + 1] - start for at in _MARKS)
    end = places[LENGTH - 2] + 1
    return _made(text, start, marks, end, (("isa-wrapped", None),))


def _counted(text: str, start: int, element: str) -> Header | None:
    """A header whose elements have other lengths than they must."""
    parts = text[start : start + _SEARCHED].split(element, 16)
    if len(parts) < 17 or not parts[16] or parts[0] != "ISA":
        return None
    marks = []
    at = 0
    for part in parts[:16]:
        at += len(part) + 1
        marks.append(at)
    return _made(text, start, tuple(marks), start + marks[15] + 1, ())


def _made(
    text: str, start: int, marks: tuple[int, ...], end: int, faults: tuple[tuple[str, int | None], ...]
) -> Header:
    """The header whose elements begin at ``marks`` behind ``start`` and whose terminator stands at ``end``."""
    offsets = tuple(start + at for at in marks)
    ends = (*(at - 1 for at in offsets[1:]), offsets[15] + 1)
    fields = tuple(
        "".join(char for char in text[at:to] if char not in _BREAKS) for at, to in zip(offsets, ends, strict=True)
    )
    component = fields[15]
    terminator = _terminator(text, end)
    if terminator in _BREAKS and terminator and _ends_lines(text, end, component):
        faults, terminator, component, end = (*faults, ("isa16-missing", 16)), component, "", offsets[15]
    faults += tuple(("isa-width", at) for at, width in enumerate(WIDTHS, 1) if len(fields[at - 1]) != width)
    repetition = fields[10] if fields[11] >= _REPEATS and _separates(fields[10], text[start + 3], component) else ""
    separators = Separators(text[start + 3], component, repetition, terminator or "~")
    if not terminator:
        faults += (("terminator-missing", None),)
    return Header(fields, offsets, end + len(terminator), separators, faults)


def _separates(char: str, element: str, component: str) -> bool:
    return len(char) == 1 and not char.isalnum() and char != " " and char not in (element, component)


def _terminator(text: str, at: int) -> str:
    """The character at ``at``: one byte, or all the bytes of one UTF-8 character."""
    for length in (2, 3):
        piece = text[at : at + length]
        if len(piece) == length and piece[0] >= "\xc2" and _is_utf_8(piece):
            return piece
    return text[at : at + 1]


def _is_utf_8(piece: str) -> bool:
    try:
        return len(piece.encode("latin-1").decode("utf-8")) == 1
    except UnicodeDecodeError:
        return False


def _ends_lines(text: str, at: int, mark: str) -> bool:
    """Whether ``mark`` stands at the end of the line behind ``at``: then it is the terminator, and ISA16 is missing."""
    line = text[at : at + _SEARCHED].lstrip(_BLANKS).partition("\n")[0].rstrip("\r")
    return len(line) > 1 and line.endswith(mark) and not mark.isalnum()
