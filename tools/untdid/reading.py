"""Puts the parts of one directory together, checks them against each other, and tells what does not fit."""

from dataclasses import replace
from pathlib import Path

from tools.untdid import archive, codes, messages, structures
from tools.untdid.facts import Directory, Row

_SERVICE = {"UNH", "UNT", "UNS", "UGH", "UGT"}  # authored after ISO 9735, not in the directories


def read(path: Path) -> Directory:
    """The facts of the directory ZIP in ``path``."""
    source = archive.read(path)
    found = Directory(source.directory, problems=list(source.problems))
    _structures(found, source)
    found.codes, problems = codes.read(source.parts.get("codes", ""))
    found.problems += [f"code list {problem}" for problem in problems]
    for tag in found.codes.keys() & found.elements.keys():
        found.elements[tag] = replace(found.elements[tag], coded=True)
    for tag, text in sorted(source.messages.items()):
        found.messages[tag], problems = messages.read(text)
        found.problems += [f"message {tag}: {problem}" for problem in problems]
    _check(found)
    return found


def _structures(found: Directory, source: archive.Archive) -> None:
    found.segments, in_segments = structures.segments(source.parts.get("segments", ""))
    found.composites, in_composites = structures.composites(source.parts.get("composites", ""))
    found.elements, in_elements = structures.elements(source.parts.get("elements", ""))
    for kind, problems in (("segment", in_segments), ("composite", in_composites), ("element", in_elements)):
        found.problems += [f"{kind} {problem}" for problem in problems]


def _check(found: Directory) -> None:
    """Drop forms that only repeat the element's, and report every tag that is used but not described."""
    for tables in (found.segments, found.composites):
        for tag, table in tables.items():
            tables[tag] = replace(table, rows=tuple(_checked(row, tag, found) for row in table.rows))
    for tag in sorted(found.messages):
        missing = sorted(_tags(found.messages[tag].rows) - found.segments.keys() - _SERVICE)
        if missing:
            found.problems.append(f"message {tag}: left out, its segments {', '.join(missing)} are not described")
            del found.messages[tag]


def _checked(row: Row, tag: str, found: Directory) -> Row:
    if row.tag[0].isalpha():
        if row.tag not in found.composites:
            found.problems.append(f"{tag}: composite {row.tag} is not described")
        return row
    element = found.elements.get(row.tag)
    if element is None:
        found.problems.append(f"{tag}: element {row.tag} is not described")
    elif element.form != row.form:
        found.problems.append(
            f"{tag}: element {row.tag} is {row.form or 'without form'} here, {element.form} elsewhere"
        )
    return replace(row, form="" if element and row.form in ("", element.form) else row.form)


def _tags(rows: tuple[Row, ...]) -> set[str]:
    found = set()
    for row in rows:
        found |= _tags(row.children) if row.children else {row.tag}
    return found
