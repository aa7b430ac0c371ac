"""What a workbook holds besides its cells: sheets, shared strings, number formats, calendar (29500-1 §18.2, §18.8)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hub.formats.xlsx.package import Element, Package, Unreadable, local, only

MOST_SHEETS = 50
MOST_FORMATS = 1_000  # a spreadsheet takes 250
_ID = re.compile(r"\{[^}]*/relationships\}id")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_GENERAL = 0
_BUILT_IN = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}  # dates and times (§18.8.30, East Asia too)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
_ZEROS = re.compile(r"0{2,15}")


class Sheet(NamedTuple):
    """One worksheet: its name, whether a person sees it, its part."""

    name: str
    visible: bool
    part: str


class Style(NamedTuple):
    """How a number is shown, as far as it says what the number is: a point in time, or digits with leading zeros."""

    timed: bool = False
    digits: int = 0


PLAIN = Style()


class Book:
    """The parts that all sheets share. Raises Unreadable."""

    def __init__(self, package: Package) -> None:
        self.package = package
        roots = package.related("")
        name = next((part for kind, part in roots.values() if kind == "officeDocument"), "xl/workbook.xml")
        root = package.xml(name)
        if local(root) != "workbook":
            raise Unreadable("malformed", name, reason=f"{local(root)} instead of workbook")
        related = package.related(name)
        self.sheets = tuple(_sheets(root, related))
        if len(self.sheets) > MOST_SHEETS:
            raise Unreadable("too-large", limit=f"{MOST_SHEETS} sheets")
        self.from_1904 = any(
            one.get("date1904") in ("1", "true") for one in root if local(one) == "workbookPr"
        )  # §18.2.28
        self.strings = _strings(package, _part(related, "sharedStrings"))
        self.styles = _styles(package, _part(related, "styles"))

    def style(self, index: str | None) -> Style:
        """The style that a cell names."""
        at = int(index) if index and index.isdecimal() and len(index) < 7 else 0
        return self.styles[at] if at < len(self.styles) else PLAIN


def text(element: Element, part: str) -> str:
    """The text of a string item in ``part``: its own and that of its runs, without readings for sorting (§18.4.8),
    unescaped. Raises Unreadable."""
    parts = []
    for child in only(element, part, "t", "r", "rPh", "phoneticPr"):
        if local(child) == "t":
            parts.append(only(child, part).text or "")
        elif local(child) == "r":
            parts += [only(one, part).text or "" for one in only(child, part, "rPr", "t") if local(one) == "t"]
    return unescaped("".join(parts))


def unescaped(value: str) -> str:
    """``value`` with ``_xHHHH_`` as the character that XML cannot hold (§22.9.2.19)."""
    return _ESCAPED.sub(_character, value) if "_x" in value else value


def _character(found: re.Match[str]) -> str:
    code = int(found.group(1), 16)
    return found.group(0) if code == 0 or 0xD800 <= code < 0xE000 else chr(code)


def _part(related: dict[str, tuple[str, str]], kind: str) -> str:
    return next((part for one, part in related.values() if one == kind), "")


def _sheets(root: Element, related: dict[str, tuple[str, str]]) -> Iterator[Sheet]:
    for sheets in root:
        if local(sheets) != "sheets":
            continue
        for one in sheets:
            found = next((str(value) for name, value in one.attrib.items() if _ID.fullmatch(name)), "")
            kind, part = related.get(found, ("", ""))
            if kind == "worksheet":  # others hold charts and dialogues
                yield Sheet(one.get("name", "")[:100], one.get("state", "visible") == "visible", part)


def _strings(package: Package, part: str) -> list[str]:
    if not package.has(part):
        return []
    return [text(item, part) for item in only(package.xml(part), part, "si") if local(item) == "si"]


def _styles(package: Package, part: str) -> list[Style]:
    """The styles by the number that a cell has for them (§18.8.10)."""
    if not package.has(part):
        return []
    own: dict[str, str] = {}
    styles: list[Style] = []
    known: dict[str, Style] = {}
    for group in package.xml(part):
        if local(group) == "numFmts":
            own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in group}
            if len(own) > MOST_FORMATS:
                raise Unreadable("too-large", limit=f"{MOST_FORMATS} number formats")
        elif local(group) == "cellXfs":
            for one in only(group, part, "xf"):
                number = one.get("numFmtId", "0")
                if number not in known:
                    known[number] = _style(number, own)
                styles.append(known[number])
    return styles


def _style(number: str, own: dict[str, str]) -> Style:
    code = own.get(number)
    if code is None:
        return Style(timed=number.isdecimal() and len(number) < 4 and int(number) in _BUILT_IN)
    shown = _LITERAL.sub("", code[:255].partition(";")[0])
    if _ZEROS.fullmatch(shown):
        return Style(digits=len(shown))
    return Style(timed=re.search("[dmyhs]", shown, re.IGNORECASE) is not None and shown.lower() != "general")
