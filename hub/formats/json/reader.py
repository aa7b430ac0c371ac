"""JSON → Reading (RFC 8259): bounded, strict, every finding at line and column. Never raises on any bytes.

Two programs must not read one file differently: hence UTF-8 only (RFC 8259 §8.1), no key twice in an object (which
RFC 8259 §4 leaves open), no half of a surrogate pair (RFC 8259 §8.2). Every value of a message is a text, so that
``007`` and ``1.50`` keep their characters.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.formats.form import reader as form
from hub.formats.form.places import MOST_FINDINGS, Path, pointer
from hub.formats.json import scanner
from hub.model.finding import Finding, Place
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a JSON text may be. ``values`` counts commas and brackets in the raw text, so also those in strings."""

    size: int = 64 * 1024 * 1024  # bytes
    values: int = 1_000_000
    depth: int = 50


LIMITS = Limits()


class _Number:
    """A number where only texts belong; its digits do not matter."""


class _Twice(Exception):
    """An object has a key twice."""


def read(data: bytes, catalog: Catalog, *, limits: Limits = LIMITS) -> Reading:
    """The messages in ``data``, whatever their types."""
    if len(data) > limits.size:
        return _refused("too-large", Place(offset=limits.size), limit=limits.size)
    try:
        text = data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused("encoding", Place(line=line, offset=error.start), byte=f"0x{data[error.start]:02X}")
    if sum(map(text.count, "[{,")) > limits.values:
        return _refused("too-many-values", Place(offset=0), limit=limits.values)
    refused, value = _parsed(text, limits)
    if refused:
        return refused

    def locate(paths: Iterable[Path]) -> dict[Path, Place]:
        return scanner.places(text, paths)

    return form.read(value, Syntax.JSON, len(data), catalog, locate)


def _parsed(text: str, limits: Limits) -> tuple[Reading | None, Any]:
    """The outermost value, or why there is none."""
    deep = scanner.deeper(text, limits.depth)
    if deep is not None:
        return _refused("too-deep", scanner.place(text, deep), limit=limits.depth), None
    try:
        value = json.loads(
            text, object_pairs_hook=_table, parse_int=_number, parse_float=_number, parse_constant=_constant
        )
    except _Twice:
        return Reading(Syntax.JSON, findings=_duplicates(text)), None
    except json.JSONDecodeError as error:
        return _refused("malformed", scanner.place(text, error.pos), reason=error.msg), None
    except ValueError as error:  # a constant that JSON lacks
        at = text.find(str(error))
        return _refused("malformed", scanner.place(text, at), reason=str(error)), None
    return None, value


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Twice
    return made


def _number(_: str) -> _Number:
    return _Number()


def _constant(name: str) -> Any:
    raise ValueError(name)


def _duplicates(text: str) -> tuple[Finding, ...]:
    found = []
    for path, at in scanner.duplicates(text):
        place = scanner.place(text, at)
        located = Place(line=place.line, column=place.column, offset=place.offset, path=pointer(path))
        found.append(Finding("json.duplicate-key", located, params=(("key", str(path[-1])[:80]),)))
        if len(found) == MOST_FINDINGS:
            break
    return tuple(found)


def _refused(key: str, place: Place, **params: object) -> Reading:
    shown = tuple((name, str(value)[:80]) for name, value in params.items())
    return Reading(Syntax.JSON, findings=(Finding(f"json.{key}", place, params=shown),))
