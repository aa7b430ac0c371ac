"""The compact source of the X12 maps (``schemas/x12/source``) as frozen values.

>>> list(_uses("BEG! X1@4 CUR/*", "005010"))
[Use(tag='BEG', required=True, most=1), Use(tag='CUR', required=False, most=None)]
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERSIONS = {"004010": ("00401", "00400"), "005010": ("00501",)}
"""The versions that maps are made for, with the interchange versions (ISA12) that go with them, the usual one first."""

_USE = re.compile(r"(?P<tag>[A-Z0-9]+)(?P<required>!)?(?:[/*](?P<most>\d+|\*))?(?:@(?P<versions>\d+))?")


@dataclass(frozen=True, slots=True)
class Use:
    """A segment in a loop, an element in a segment: tag or number, and how often it may stand (None: any number)."""

    tag: str
    required: bool
    most: int | None


@dataclass(frozen=True, slots=True)
class Element:
    """A data element: its type (``N0``, ``ID`` …) and lengths."""

    number: str
    type: str
    least: int
    most: int
    title: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment or composite: its elements in order, and syntax notes such as ``P0304``."""

    tag: str
    title: str
    elements: tuple[Use, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Loop:
    """A loop: its use and, in order, the segments and loops in it."""

    use: Use
    members: list["Use | Loop"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """A transaction set without ST and SE. ``groups`` are the functional identifiers (GS01) that it may come in."""

    number: str
    groups: tuple[str, ...]
    title: str
    members: "tuple[Use | Loop, ...]"


@dataclass(frozen=True, slots=True)
class Source:
    """All that is known of one version."""

    version: str
    elements: Mapping[str, Element]
    segments: Mapping[str, Segment]
    codes: Mapping[str, tuple[str, ...]]
    sets: tuple[TransactionSet, ...]


def read(folder: Path, version: str) -> Source:
    """The source in ``folder``, as it is for ``version`` (``004010``). Raises ValueError naming what is wrong."""
    elements = dict(_elements(folder / "elements.txt", version))
    segments = {one.tag: one for file in ("elements.txt", "segments.txt") for one in _segments(folder / file, version)}
    codes = {line.split(" ", 1)[0]: tuple(line.split(": ")[1].split()) for line in _lines(folder / "codes.txt")}
    sets = tuple(_sets(_lines(folder / "sets.txt"), version))
    source = Source(version, elements, segments, codes, sets)
    _check(source)
    return source


def _lines(file: Path) -> list[str]:
    lines = file.read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _elements(file: Path, version: str) -> Iterator[tuple[str, Element]]:
    for line in _lines(file):
        if ": " in line:  # a composite
            continue
        number, type_, lengths, later, title = line.split(" ", 4)
        bounds = lengths if later == "=" or version == "004010" else later
        least, most = bounds.split("/")
        yield number, Element(number, type_, int(least), int(most), title)


def _segments(file: Path, version: str) -> Iterator[Segment]:
    for line in _lines(file):
        head, found, body = line.partition(": ")
        if found:
            tag, title = head.split(" ", 1)
            elements, _, notes = body.partition(";")
            yield Segment(tag, title, tuple(_uses(elements, version)), tuple(notes.split()))


def _uses(text: str, version: str) -> Iterator[Use]:
    for token in text.split():
        match = _USE.fullmatch(token)
        if match is None:
            raise ValueError(f"{token!r} is no use of a segment or element, such as REF/12, N1! or X1@5")
        if _wanted(match["versions"], version):
            most = None if match["most"] == "*" else int(match["most"] or 1)
            yield Use(match["tag"], bool(match["required"]), most)


def _wanted(versions: str | None, version: str) -> bool:
    return versions is None or version[2] in versions


def _sets(lines: list[str], version: str) -> Iterator[TransactionSet]:
    starts = [at for at, line in enumerate(lines) if line.startswith("set ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        _, number, groups, versions, title = lines[start].split(" ", 4)
        if _wanted(versions.removeprefix("@"), version):
            members = _members(lines[start + 1 : end], version)
            yield TransactionSet(number, tuple(groups.split(",")), title, tuple(members))


def _members(lines: list[str], version: str) -> list[Use | Loop]:
    """The members that ``lines`` tell, a loop's being indented below it."""
    outer = Loop(Use("", True, 1))
    open_: list[tuple[int, Loop | None]] = [(0, outer)]
    for line in lines:
        depth = len(line) - len(line.lstrip())
        while open_[-1][0] >= depth:
            open_.pop()
        around = open_[-1][1]
        name = line.strip().removeprefix("loop ")
        if name == line.strip():
            if around is not None:
                around.members += _uses(name, version)
            continue
        loop = next((Loop(use) for use in _uses(name, version)), None) if around is not None else None
        if around is not None and loop is not None:
            around.members.append(loop)
        open_.append((depth, loop))  # None: a loop of another version, and all in it
    return outer.members


def _check(source: Source) -> None:
    """Raises ValueError when something refers to what is not there, or a loop does not begin with its trigger."""
    for segment in source.segments.values():
        for use in segment.elements:
            if use.tag not in source.elements and use.tag not in source.segments:
                raise ValueError(f"{segment.tag} has an element {use.tag} that nothing describes")
    for one in source.sets:
        for member in one.members:
            _check_member(member, source, one.number)
    for number in source.codes:
        if number not in source.elements:
            raise ValueError(f"there are codes for {number}, which is no element")


def _check_member(member: Use | Loop, source: Source, number: str) -> None:
    if isinstance(member, Use):
        if member.tag not in source.segments:
            raise ValueError(f"{number} has a segment {member.tag} that nothing describes")
        return
    first = member.members[0]
    if not isinstance(first, Use) or first.tag != member.use.tag or not first.required or first.most != 1:
        raise ValueError(f"{number}: loop {member.use.tag} does not begin with {member.use.tag}!")
    for inner in member.members:
        _check_member(inner, source, number)
