"""Puts the parts of one directory together, checks them against each other, and tells what does not fit."""

import re
from dataclasses import replace
from pathlib import Path

from tools.untdid import archive, codes, indices, messages, misprints, structures
from tools.untdid.facts import Directory, Row, Side

_SERVICE = {"UNH", "UNT", "UNS", "UGH", "UGT", "UIH", "UIT"}  # authored after ISO 9735, not in the directories


def read(path: Path) -> Directory:
    """The facts of the directory ZIP in ``path``."""
    source = archive.read(path)
    found = Directory(source.directory, problems=list(source.problems))
    _codes(found, source)
    found.elements, problems = structures.elements(source.parts.get("elements", ""))
    found.problems += [f"element {problem}" for problem in problems]
    _coded(found)
    _side(found, found.batch, source, "", source.messages)
    _side(found, found.interactive, source, "interactive ", source.interactive)
    found.problems += indices.differing(found, source.indices)
    for tag in sorted(found.batch.messages.keys() & found.interactive.messages.keys()):
        found.problems.append(f"message {tag}: both batch and interactive; the interactive one is left out")
        del found.interactive.messages[tag]
    return found


def _codes(found: Directory, source: archive.Archive) -> None:
    for kind in ("codes", "service codes"):
        lists, problems = codes.read(source.parts.get(kind, ""))
        found.codes |= lists
        found.problems += [f"code list {problem}" for problem in problems]


def _coded(found: Directory) -> None:
    """Mark the elements that have a code list; what is too long for its element is no value but prose."""
    for tag in sorted(found.codes):
        element = found.elements.get(tag)
        if element is None:
            if not tag.startswith("0"):  # service elements are not in the directories
                found.notes.append(f"code list {tag}: no element uses it")
            continue
        longest = int(re.sub(r"\D", "", element.form))
        for value in [value for value in found.codes[tag] if len(value) > longest]:
            found.notes.append(f"code list {tag}: {value!r} is longer than {element.form}; left out")
            del found.codes[tag][value]
        if found.codes[tag]:
            found.elements[tag] = replace(element, coded=True)
        else:
            del found.codes[tag]


def _side(found: Directory, side: Side, source: archive.Archive, kind: str, texts: dict[str, str]) -> None:
    """Read one side: ``kind`` begins the names of its parts, ``texts`` are its messages."""
    side.segments, in_segments = structures.segments(source.parts.get(f"{kind}segments", ""))
    side.composites, in_composites = structures.composites(source.parts.get(f"{kind}composites", ""))
    found.problems += [f"{kind}segment {problem}" for problem in in_segments]
    found.problems += [f"{kind}composite {problem}" for problem in in_composites]
    for tag, text in sorted(texts.items()):
        mended, notes = misprints.mended(found.name, tag, text)
        reading = messages.read(mended)
        side.messages[tag] = reading.table
        found.problems += [f"message {tag}: {problem}" for problem in reading.problems]
        found.notes += [f"message {tag}: {note}" for note in (*notes, *reading.notes)]
    _check(found, side)


def _check(found: Directory, side: Side) -> None:
    """Drop forms that only repeat the element's, and report every tag that is used but not described."""
    for tables in (side.segments, side.composites):
        for tag, table in tables.items():
            tables[tag] = replace(table, rows=tuple(_checked(row, tag, found, side) for row in table.rows))
    for tag in sorted(side.messages):
        missing = sorted(_tags(side.messages[tag].rows) - side.segments.keys() - _SERVICE)
        if missing:
            found.problems.append(f"message {tag}: left out, its segments {', '.join(missing)} are not described")
            del side.messages[tag]


def _checked(row: Row, tag: str, found: Directory, side: Side) -> Row:
    if row.tag[0].isalpha():
        if row.tag not in side.composites:
            found.problems.append(f"{tag}: composite {row.tag} is not described")
        return row
    element = found.elements.get(row.tag)
    if element is None:
        found.problems.append(f"{tag}: element {row.tag} is not described")
    elif row.form not in ("", element.form):
        found.notes.append(f"{tag}: element {row.tag} is {row.form} here, {element.form} elsewhere")
    return replace(row, form="" if element and row.form in ("", element.form) else row.form)


def _tags(rows: tuple[Row, ...]) -> set[str]:
    found = set()
    for row in rows:
        found |= _tags(row.children) if row.children else {row.tag}
    return found
