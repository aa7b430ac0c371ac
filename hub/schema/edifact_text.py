"""The compact text in which the EDIFACT directories are kept: one entry per tag, shared by all directories that agree.

An entry begins ``TAG RANGES rest``, e.g. ``NAD 95B-96A,02B NAME AND ADDRESS``; its rows follow, each indented by its
depth, and its dependency notes, e.g. ``=D5 4,3`` (the positions of the rows); a blank line ends it. Lines that begin
with ``#`` say where the facts come from. Ranges run over the directories that are installed.

>>> covers("95B-99A,02B", "96A"), covers("95B-99A,02B", "00A"), covers("S1-S3", "S4")
(True, False, False)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: what stands behind its ranges, its rows as (depth, words), and its dependency notes."""

    title: str
    rows: tuple[tuple[int, list[str]], ...]
    notes: tuple[tuple[str, tuple[int, ...]], ...] = ()  # ("D5", (4, 3))


def order(name: str) -> tuple[int, str]:
    """Sorts directory names by age: ``93A`` < ``99B`` < ``00A`` < ``21B``; service versions as ``S1`` < ``S4``."""
    if name.startswith("S"):
        return int(name[1:]), ""
    year = int(name[:2])
    return year + (1900 if year >= 90 else 2000), name[2:]


@lru_cache(maxsize=4096)
def covers(ranges: str, name: str) -> bool:
    """Whether ``ranges`` (``95B-99A,02B``) include the directory ``name``."""
    at = order(name)
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        if order(first) <= at <= order(last or first):
            return True
    return False


def read(path: Path) -> str:
    """The file's text without its head. Raises OSError."""
    lines = path.read_text("utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith("#")).strip("\n")


def entries(text: str, name: str) -> dict[str, Entry]:
    """All entries of ``text`` that hold for the directory ``name``, by tag."""
    found = {}
    for block in text.split("\n\n"):
        head, _, body = block.partition("\n")
        tag, ranges, title = head.split(" ", 2)
        if covers(ranges, name):
            rows, _, notes = body.partition("\n=")
            found[tag] = Entry(title, tuple(_rows(rows)), tuple(_notes(notes)))
    return found


def lines(text: str, name: str, separator: str = " ") -> Iterator[tuple[str, str]]:
    """Each one-line entry ``TAG RANGES rest`` of ``text`` that holds for the directory ``name``, as (tag, rest)."""
    for line in text.split("\n"):
        tag, ranges, rest = line.split(separator, 2)
        if covers(ranges, name):
            yield tag, rest


def _rows(body: str) -> Iterator[tuple[int, list[str]]]:
    for line in body.split("\n"):
        words = line.split()
        if words:
            yield len(line) - len(line.lstrip(" ")), words


def _notes(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    for note in text.replace("=", "").split("\n") if text else ():
        rule, _, positions = note.partition(" ")
        yield rule, tuple(map(int, positions.split(",")))
