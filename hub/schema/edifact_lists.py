"""Code lists of others: in EDIFACT a code list (1131) and an agency (3055) behind a code may assign it to one of them.

``schemas/edifact/lists/index.txt`` has a line for each: its name, the elements that it is for, and ``1131:3055`` pairs
that name it. ``NAME.txt`` holds ``=title``, perhaps ``=pattern`` (codes of any value of that form), and lines of code,
tab and name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from hub.schema import edifact_text
from hub.schema.model import Schema


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes beside a directory's own: code → name, and perhaps a form that every code of it has."""

    title: str
    codes: Mapping[str, str]
    pattern: re.Pattern[str] | None = None

    def holds(self, value: str) -> bool:
        """Whether ``value`` is a code of the list, or at least of its form."""
        return value in self.codes or (self.pattern is not None and self.pattern.fullmatch(value) is not None)


@dataclass(frozen=True, slots=True)
class EdifactSchema(Schema):
    """An EDIFACT message type. ``lists``: element tag → ``1131:3055`` → the list that they assign its code to."""

    lists: Mapping[str, Mapping[str, CodeList]] = field(default_factory=lambda: MappingProxyType({}))


class Assigned(Mapping[str, CodeList]):
    """The lists that a code of one element may be assigned to, by ``1131:3055``; each is read when first asked for."""

    def __init__(self, library: "Lists", names: dict[str, str]) -> None:
        self._library = library
        self._names = names

    def __getitem__(self, assigned: str) -> CodeList:
        return self._library.named(self._names[assigned])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Lists:
    """All lists in ``folder``. A folder that is not there has none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, CodeList] = {}

    def by_element(self) -> dict[str, Assigned]:
        """Element tag → what its codes may be assigned to."""
        index = self._folder / "index.txt"
        names: dict[str, dict[str, str]] = {}
        for line in edifact_text.read(index).split("\n") if index.is_file() else ():
            name, elements, *pairs = line.split(" ")
            for element in elements.split(","):
                names.setdefault(element, {}).update(dict.fromkeys(pairs, name))
        return {element: Assigned(self, found) for element, found in names.items()}

    def named(self, name: str) -> CodeList:
        """The list ``name``. Raises OSError."""
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = _load(self._folder / f"{name}.txt")
        return found


def _load(path: Path) -> CodeList:
    words = {"title": path.stem, "pattern": ""}
    codes: dict[str, str] = {}
    for line in edifact_text.read(path).split("\n"):
        if line.startswith("="):
            key, _, value = line[1:].partition(" ")
            words[key] = value
        else:
            code, _, name = line.partition("\t")
            codes[code] = name
    return CodeList(words["title"], codes, re.compile(words["pattern"]) if words["pattern"] else None)
