"""Writes the facts of all directories in the compact form that ``hub.schema.edifact_text`` reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from tools.untdid.facts import Directory, Element, Row, Side, Table

T = TypeVar("T")


def write(directories: Sequence[Directory], folder: Path, head: str) -> int:
    """Write ``directories`` (oldest first) under ``folder``; returns the bytes written. ``head`` begins each file."""
    files = {"elements.txt": _lines(directories, lambda one: one.elements, _element, " ")}
    files |= _side(directories, lambda one: one.batch, "")
    files |= _side(directories, lambda one: one.interactive, "interactive/")
    for element in sorted({tag for one in directories for tag in one.codes}):
        files[f"codes/{element}.txt"] = _lines(directories, _list(element), str, "\t")
    return sum(_put(folder / name, head + body) for name, body in files.items())


def _side(directories: Sequence[Directory], side: Callable[[Directory], Side], folder: str) -> dict[str, str]:
    """The files of one side, by their names."""
    files = {
        f"{folder}segments.txt": _tables(directories, lambda one: side(one).segments),
        f"{folder}composites.txt": _tables(directories, lambda one: side(one).composites),
    }
    for message in sorted({tag for one in directories for tag in side(one).messages}):
        files[f"{folder}messages/{message}.txt"] = _tables(directories, _picking(side, message))
    return files


def _picking(side: Callable[[Directory], Side], message: str) -> Callable[[Directory], Mapping[str, Table]]:
    return lambda one: {tag: table for tag, table in side(one).messages.items() if tag == message}


def _list(element: str) -> Callable[[Directory], Mapping[str, str]]:
    return lambda one: one.codes.get(element, {})


def _element(element: Element) -> str:
    return f"{element.form} {'coded' if element.coded else '-'} {element.title}"


def _put(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8")
    path.write_bytes(data)
    return len(data)


def _tables(directories: Sequence[Directory], pick: Callable[[Directory], Mapping[str, Table]]) -> str:
    entries = []
    for tag, ranges, table in _shared(directories, pick):
        entries.append("\n".join([f"{tag} {ranges} {table.title}", *_rows(table.rows, 1), *_notes(table)]))
    return "\n\n".join(entries) + "\n"


def _notes(table: Table) -> list[str]:
    return [f"={rule} {','.join(map(str, positions))}" for rule, positions in table.notes]


def _rows(rows: Iterable[Row], depth: int) -> list[str]:
    found = []
    for row in rows:
        status = ("M" if row.mandatory else "C") + (str(row.max) if row.max != 1 else "")
        found.append(" ".join([" " * (depth - 1), row.tag, status, row.form]).rstrip())
        found += _rows(row.children, depth + 1)
    return found


def _lines(
    directories: Sequence[Directory], pick: Callable[[Directory], Mapping[str, T]], show: Callable[[T], str], gap: str
) -> str:
    return "".join(gap.join((tag, ranges, show(fact))) + "\n" for tag, ranges, fact in _shared(directories, pick))


def _shared(directories: Sequence[Directory], pick: Callable[[Directory], Mapping[str, T]]) -> list[tuple[str, str, T]]:
    """(tag, ranges, fact) for each different fact of each tag; ranges over the given directories."""
    places: dict[str, dict[T, list[int]]] = {}
    for at, directory in enumerate(directories):
        for tag, fact in pick(directory).items():
            places.setdefault(tag, {}).setdefault(fact, []).append(at)
    names = [one.name for one in directories]
    return [(tag, ranges(at, names), fact) for tag in sorted(places) for fact, at in places[tag].items()]


def ranges(at: Sequence[int], names: Sequence[str]) -> str:
    """The ascending positions ``at`` among ``names`` as ranges.

    >>> ranges([0, 1, 3], ["95B", "96A", "00B", "01B"])
    '95B-96A,01B'
    """
    parts: list[list[int]] = []
    for position in at:
        if parts and parts[-1][-1] == position - 1:
            parts[-1].append(position)
        else:
            parts.append([position])
    return ",".join(names[part[0]] + (f"-{names[part[-1]]}" if len(part) > 1 else "") for part in parts)
