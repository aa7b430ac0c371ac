"""Compares the shipped directories with the peer's, message by message and segment by segment."""

from dataclasses import dataclass, field
from pathlib import Path

from hub.errors import SchemaUnknown
from hub.schema.edifact import Library
from hub.schema.edifact_text import covers
from tools.untdid import outlines, peer
from tools.untdid.explained import Explanation


@dataclass(frozen=True, slots=True)
class Difference:
    """``what``, a message or segment of ``directory``, is not alike: ``how`` says where."""

    directory: str
    what: str
    how: str


@dataclass(slots=True)
class Comparison:
    """Of ``directories`` (``02B``), how many ``messages`` and ``segments`` both have, and what differs."""

    directories: list[str] = field(default_factory=list)
    messages: int = 0
    segments: int = 0
    differences: list[Difference] = field(default_factory=list)
    lacking: list[Difference] = field(default_factory=list)  # what only one of the two has


def compare(root: Path, grammars: Path) -> Comparison:
    """The directories that ``root`` (``schemas/edifact``) and the peer's ``grammars`` share."""
    library, result = Library(root), Comparison()
    shared = {name[2:] for name in library.directories() if name.startswith("D.")} & set(peer.directories(grammars))
    for directory in sorted(shared, key=_age):
        result.directories.append(directory)
        _messages(library, grammars, directory, result)
        _segments(library, grammars, directory, result)
    return result


def _age(directory: str) -> str:
    return ("19" if directory[0] == "9" else "20") + directory


def _messages(library: Library, grammars: Path, directory: str, result: Comparison) -> None:
    theirs = peer.messages(grammars, directory)
    for message in library.messages(f"D.{directory}"):
        root = library.load(f"D.{directory}", message).root
        if root.children[0].tag == "UIH":
            continue  # the peer has no interactive messages
        path = theirs.pop(message, None)
        if path is None:
            result.lacking.append(Difference(directory, message, "only we have it"))
            continue
        result.messages += 1
        how = outlines.parting(outlines.message(root), peer.message(path))
        if how:
            result.differences.append(Difference(directory, message, how))
    result.lacking += [Difference(directory, message, "only the peer has it") for message in theirs]


def _segments(library: Library, grammars: Path, directory: str, result: Comparison) -> None:
    for tag, values in sorted(peer.segments(grammars, directory).items()):
        try:
            mine = outlines.segment(library.segment(f"D.{directory}", tag))
        except SchemaUnknown:
            result.lacking.append(Difference(directory, tag, "only the peer has it"))
            continue
        result.segments += 1
        how = outlines.parting(mine, values)
        if how:
            result.differences.append(Difference(directory, tag, how))


def explained(difference: Difference, explanations: tuple[Explanation, ...]) -> Explanation | None:
    """What is known of ``difference``; None when nothing is."""
    for one in explanations:
        if difference.what in one.what and covers(one.directories, difference.directory):
            return one
    return None
