"""The compact text in which the EDIFACT directories are kept: one entry per tag, shared by all directories that agree.

An entry begins ``TAG RANGES rest``, e.g. ``NAD 95B-96A,02B NAME AND ADDRESS``; its rows follow, each indented by its
depth, and its dependency notes, e.g. ``=D5 4,3`` (the positions of the rows); a blank line ends it. Lines that begin
with ``#`` at the head of a file say where the facts come from. Ranges run over the directories that are installed.

>>> covers("95B-99A,02B", "96A"), covers("95B-99A,02B", "00A"), covers("S1-S3", "S4")
(True, False, False)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: what stands behind its ranges, and its lines as written."""

    title: str
    body: str

    def rows(self) -> tuple[tuple[int, list[str]], ...]:
        """The rows as (depth, words)."""
        lines = [line for line in self.body.split("\n") if line and line[0] != "="]
        return tuple((len(line) - len(line.lstrip(" ")), line.split()) for line in lines)

    def notes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The dependency notes as (rule, positions): ``("D5", (4, 3))``."""
        for note in self.body.split("\n=")[1:]:
            rule, positions = note.split(" ", 1)
            yield rule, tuple(map(int, positions.split(",")))


def order(name: str) -> tuple[int, str]:
    """Sorts directory names by age: ``93A`` < ``99B`` < ``00A`` < ``21B``; service versions as ``S1`` < ``S4``."""
    if name.startswith("S"):
        return int(name[1:]), ""
    year = int(name[:2])
    return year + (1900 if year >= 90 else 2000), name[2:]


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
    text = path.read_text("utf-8")
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return text.strip("\n")


def entries(text: str, name: str) -> dict[str, Entry]:
    """All entries of ``text`` that hold for the directory ``name``, by tag."""
    found = {}
    known: dict[str, bool] = {}
    for block in text.split("\n\n") if text else ():
        head, _, body = block.partition("\n")
        tag, ranges, title = head.split(" ", 2)
        if _holds(known, ranges, name):
            found[tag] = Entry(title, body)
    return found


def lines(text: str, name: str, separator: str = " ") -> Iterator[tuple[str, str]]:
    """Each one-line entry ``TAG RANGES rest`` of ``text`` that holds for the directory ``name``, as (tag, rest)."""
    known: dict[str, bool] = {}
    for line in text.split("\n"):
        tag, ranges, rest = line.split(separator, 2)
        if _holds(known, ranges, name):
            yield tag, rest


def _holds(known: dict[str, bool], ranges: str, name: str) -> bool:
    """Whether ``ranges`` cover ``name``; few ranges come again and again, so each is worked out once for a text."""
    holds = known.get(ranges)
    if holds is None:
        holds = known[ranges] = covers(ranges, name)
    return holds
