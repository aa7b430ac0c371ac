"""X12 transaction sets as Schemas, from the maps under ``schemas/x12``: ``x12:004010:850``, and ``x12:004010:TA1``.

Loops have keys such as ``N1_LOOP``, segments their tags, elements their reference designators (``N104``), components
``MEA04-01``; an element's Node.tag is its data element number. ST is in the Document, SE and the envelope are not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from hub.errors import SchemaUnknown
from hub.schema.model import Schema
from hub.schema.x12_maps import ACKNOWLEDGMENT, DataElement, MapFolder

_VERSION = re.compile(r"\d{6}")
_SOURCE = "ANSI ASC X12, from general knowledge of the published sets"


@dataclass(frozen=True, slots=True)
class X12Schema(Schema):
    """A Schema with what only X12 has."""

    version: str = ""
    number: str = ""
    groups: tuple[str, ...] = ()  # the functional groups (GS01) that the set may come in
    elements: Mapping[str, DataElement] = field(default_factory=dict)  # by number
    map: Path = Path()  # the file, for pyx12


class CodeLists(Mapping[str, Mapping[str, str]]):
    """The code lists of a schema. The maps give no names to codes: each stands for itself."""

    def __init__(self, lists: Mapping[str, frozenset[str]]) -> None:
        self._lists = lists
        self._shown: dict[str, dict[str, str]] = {}

    def __getitem__(self, key: str) -> Mapping[str, str]:
        found = self._shown.get(key)
        if found is None:
            found = self._shown[key] = {value: value for value in sorted(self._lists[key])}
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._lists))

    def __len__(self) -> int:
        return len(self._lists)


def load(root: Path, version: str, number: str) -> X12Schema:
    """The set ``number`` of ``version`` under ``root`` (``schemas/x12``). Raises SchemaUnknown, ConfigError."""
    maps = _installed(root, version)
    if number not in maps.sets and number != ACKNOWLEDGMENT:
        raise SchemaUnknown(f"x12:{version}:{number[:20]} is not installed; {version} has {', '.join(maps.sets)}")
    read = maps.load(number)
    lists = {name: maps.codes[name] for name in read.codes} | dict(read.own)
    return X12Schema(
        f"x12:{version}:{number}",
        read.root,
        CodeLists(lists),
        _SOURCE,
        version=version,
        number=number,
        groups=maps.sets.get(number, ()),
        elements=maps.elements,
        map=read.file,
    )


def versions(root: Path) -> list[str]:
    """The versions installed under ``root``: ``["004010", "005010"]``."""
    return sorted(path.parent.name for path in root.glob("*/maps.xml") if _VERSION.fullmatch(path.parent.name))


def sets(root: Path, version: str) -> Mapping[str, tuple[str, ...]]:
    """The transaction sets of ``version`` with their functional groups. Raises SchemaUnknown."""
    return _installed(root, version).sets


def tags(root: Path, version: str) -> frozenset[str]:
    """The segments that any set of ``version`` uses. Raises SchemaUnknown."""
    return _installed(root, version).tags


def _installed(root: Path, version: str) -> MapFolder:
    if not _VERSION.fullmatch(version) or not (root / version / "maps.xml").is_file():
        near = ", ".join(get_close_matches(version[:20], versions(root), 3, cutoff=0.0)) or "no other"
        raise SchemaUnknown(f"X12 version {version[:20]} is not installed; there is {near}")
    return _folder(root / version)


@cache
def _folder(path: Path) -> MapFolder:
    """One MapFolder in each process, so that what maps share is read once."""
    return MapFolder(path)
