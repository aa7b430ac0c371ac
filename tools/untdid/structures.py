"""The segment, composite and element parts of a directory: blocks between ruled lines, one for each tag."""

import re
from collections.abc import Iterator

from tools.untdid.facts import Element, Row, Table

_RULE = re.compile(r"^[ \t]*-{50,}[ \t]*$", re.MULTILINE)
_HEAD = re.compile(r"[ *+#|X\d-]{0,9}?\b(?P<tag>[A-Z]{3}|[CE]\d{3}|\d{4})\s+(?P<title>\S.*)")
_USE = re.compile(r"\s*\[[BIC]\]$")  # used in batch, interactive or both kinds of messages
_ROW = re.compile(
    r"(?P<pos>\d{3})?[ *+#|X-]*\b(?P<tag>[CE]\d{3}|\d{4})\s+(?P<name>\S.*?)"
    r"\s+(?P<status>[MC])(?:\s+(?P<max>\d{1,5}))??(?:\s+(?P<form>(?:an|a|n)(?:\.\.)?\d+))?"
)
_START = re.compile(r"(?P<pos>\d{3})[ *+#|X-]*\b(?P<tag>[CE]\d{3}|\d{4})\s")
_FORM = re.compile(r"^\s*Repr:\s*(?P<form>(?:an|a|n)\s*(?:\.\.)?\s*\d+)", re.MULTILINE)
_TIMES = re.compile(r"component\s+(?P<tag>\d{4})\b[^.]*?\boccurs\s+(?P<times>\d{1,3})\s+times")
_DEPENDENCY = re.compile(r"[ *+#|X\d]*\b(?P<rule>D[1-7])\s*\((?P<positions>[\d, ]+)\).*")
_DELETED = re.compile(r"\s*-[ *+#|X-]*\s\w")


def blocks(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each block's tag, title and the lines after them. What stands before the first rule is preface.

    A block marked as deleted (``-``) counts as long as it still has content: the mark often announces a later deletion.
    """
    for block in _RULE.split(text)[1:]:
        lines = [line for line in block.split("\n") if line.strip()]
        head = _HEAD.fullmatch(lines[0].rstrip()) if lines else None
        if head:
            rest = lines[1:]
            title = [head["title"]]
            while rest and not _ends_title(rest[0]):
                title.append(rest.pop(0).strip())
            yield head["tag"], _USE.sub("", " ".join(" ".join(title).split())), rest


def _ends_title(line: str) -> bool:
    return ":" in line or bool(_ROW.fullmatch(line.rstrip()) or _START.match(line))


def segments(text: str) -> tuple[dict[str, Table], list[str]]:
    """Each segment's own elements and composites (not the components, which the composites give)."""
    return _tables(text, nested=True)


def composites(text: str) -> tuple[dict[str, Table], list[str]]:
    """Each composite's components."""
    return _tables(text, nested=False)


def elements(text: str) -> tuple[dict[str, Element], list[str]]:
    """Each element's name and representation."""
    found, problems = {}, []
    for tag, title, lines in blocks(text):
        form = _FORM.search("\n".join(lines))
        if form:
            found[tag] = Element(title, form["form"].replace(" ", ""))
        elif tag.isdigit():
            problems.append(f"{tag}: no representation")
    return found, problems


def _tables(text: str, nested: bool) -> tuple[dict[str, Table], list[str]]:
    found, problems = {}, []
    for tag, title, lines in blocks(text):
        rows, places = [], []
        for match in _matches(lines):
            if not nested or match["pos"] or (_unnumbered(lines) and match["name"].isupper()):
                rows.append(Row(match["tag"], match["status"] == "M", int(match["max"] or 1), (), match["form"] or ""))
                places.append(match["pos"])
        notes = tuple((rule, tuple(places.index(one) + 1 for one in named)) for rule, named in _dependencies(lines))
        found[tag] = Table(title, tuple(_repeated(rows, " ".join(lines))), notes)
        if not rows:
            problems.append(f"{tag}: no rows")
    return found, problems


def _dependencies(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each dependency note among ``lines``: its rule and the positions as printed (``040``)."""
    for match in filter(None, map(_DEPENDENCY.fullmatch, lines)):
        yield match["rule"], re.findall(r"\d+", match["positions"])


def _repeated(rows: list[Row], text: str) -> Iterator[Row]:
    """The rows, one of them as often as a note says (C770: its component 9424 occurs 100 times)."""
    note = _TIMES.search(" ".join(text.split()))
    for row in rows:
        yield from [row] * (int(note["times"]) if note and note["tag"] == row.tag else 1)


def _unnumbered(lines: list[str]) -> bool:
    """Whether the rows carry no positions (D.93A); there the segment's own rows are the ones in capitals."""
    return not any(_START.match(line) for line in lines)


def _matches(lines: list[str]) -> Iterator[re.Match[str]]:
    """The rows among ``lines``; a name too long for its line goes on in the next."""
    held = ""
    for line in lines:
        match = _ROW.fullmatch((held + line).rstrip())
        held = ""
        if match and not _DELETED.match(line):
            yield match
        elif _START.match(line):
            held = line.rstrip()
