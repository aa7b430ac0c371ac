"""Where in a JSON text a value stands. The parser keeps no places, so a text with findings is gone through once more,
for the paths that the findings are about; nothing here goes deeper than a loop.

>>> list(places('{"a": [1, {"b": 2}]}', [("a", 1, "b"), ("a", 7)]).items())
[(('a', 1, 'b'), Place(line=1, column=17, offset=16, segment=None, tag=None, element=None, component=None, \
repetition=None, path=None)), (('a', 7), Place(line=1, column=7, offset=6, segment=None, tag=None, element=None, \
component=None, repetition=None, path=None))]
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from hub.formats.form.places import Path
from hub.model.finding import Place

_STRING = r'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)'  # possessive, and an open one ends with the text: never tried twice
_TOKEN = re.compile(_STRING + r'|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_BRACKET = re.compile(_STRING + r"|[{}\[\]]", re.DOTALL)


def places(text: str, paths: Iterable[Path]) -> dict[Path, Place]:
    """The place of each value of ``text``, a JSON text; one that is not there stands where its holder does."""
    wanted = list(dict.fromkeys(paths))
    looked_for = {path[:length] for path in wanted for length in range(len(path) + 1)}
    found: dict[Path, int] = {}
    for steps, at, _ in values(text):
        path = tuple(steps)
        if path in looked_for and path not in found:
            found[path] = at
            if len(found) == len(looked_for):
                break
    nearest = {
        path: next((found[path[:length]] for length in range(len(path), -1, -1) if path[:length] in found), 0)
        for path in wanted
    }
    lines = _places(text, sorted(set(nearest.values())))
    return {path: lines[at] for path, at in nearest.items()}


def place(text: str, at: int) -> Place:
    """Line and column (both from 1, in characters), and the byte offset, of character ``at``."""
    return _places(text, [at])[at]


def _places(text: str, positions: list[int]) -> dict[int, Place]:
    """The places of ``positions``, which ascend; the text is counted through once."""
    found = {}
    before, line, offset = 0, 1, 0
    for at in positions:
        line += text.count("\n", before, at)
        offset += len(text[before:at].encode("utf-8", "surrogatepass"))
        found[at] = Place(line=line, column=at - text.rfind("\n", 0, at), offset=offset)
        before = at
    return found


def deeper(text: str, depth: int) -> int | None:
    """The first bracket of ``text`` that opens more than ``depth`` levels; None when there is none."""
    level = 0
    for token in _BRACKET.finditer(text):
        mark = token[0]
        if mark in "[{":
            level += 1
        elif mark in "]}":
            level -= 1
        if level > depth:
            return token.start()
    return None


def duplicates(text: str) -> Iterator[tuple[Path, int]]:
    """The keys that an object has twice, and where the second one's value stands."""
    keys: list[set[Any]] = [set()]  # of the object around, for each depth
    for steps, at, named in values(text):
        del keys[len(steps) + 1 :]
        keys.append(set())
        if named and steps[-1] in keys[len(steps)]:
            yield tuple(steps), at
        if named:
            keys[len(steps)].add(steps[-1])


def values(text: str) -> Iterator[tuple[list[Any], int, bool]]:
    """The steps to every value of ``text``, its first character, and whether a key names it, in their order.

    The list of steps is one and the same all the time: it must be copied to be kept.
    """
    steps: list[Any] = []  # to the value that comes next; None where a key must come first
    tables: list[bool] = []  # for each holder around: whether it is an object
    ready = True  # a value may begin
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in ("}", "]"):
            del steps[-1:], tables[-1:]
            ready = False
        elif mark == ",":
            ready = bool(tables) and not tables[-1]
            if ready:
                steps[-1] += 1
        elif mark == ":":
            ready = True
        elif not ready:
            if tables and tables[-1]:
                steps[-1] = json.loads(mark)
        else:
            yield steps, token.start(), bool(tables) and tables[-1]
            ready = mark == "["
            if mark in ("{", "["):
                tables.append(mark == "{")
                steps.append(0 if ready else None)
