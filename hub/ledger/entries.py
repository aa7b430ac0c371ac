"""Entries: what the ledger records, one a fact, as canonical JSON (RFC 8785) whose bytes are the leaf of the tree."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from hub.clock import SECOND, iso
from hub.errors import LedgerBroken

Fact = str | int | list[Any]

MAX_INTEGER = 2**53 - 1
"""RFC 8785 §3.2.2.3: beyond it, a reader that keeps numbers as doubles sees another number."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class Kind(StrEnum):
    """The two kinds that bind the state to the ledger; every other kind is whatever word its writer records."""

    RECEIVED = "received"  # a transmission arrived: Entry.transmission is its id, facts name its sha256
    SEALED = "sealed"  # a delivery's bytes were frozen: facts name the delivery and its sha256


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact. ``at`` is in microseconds since the epoch; the names of ``facts`` are ASCII, the values strings,
    integers within ±MAX_INTEGER, or lists of these."""

    kind: str
    at: int
    case: str | None
    transmission: str | None
    facts: Mapping[str, Fact]

    def body(self) -> str:
        """The canonical JSON. A surrogate, which a file name may hold, is kept as its escape, as ECMAScript does."""
        text = (
            f'{{"at":"{_moment(self.at)}","case":{_named(self.case)},"facts":{_encode(self.facts)},'
            f'"kind":{quoted(self.kind)},"transmission":{_named(self.transmission)}}}'
        )
        return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")

    @classmethod
    def parse(cls, body: str) -> "Entry":
        """The inverse of :meth:`body`. Raises LedgerBroken for what :meth:`body` would not have written."""
        try:
            data = json.loads(body)
            entry = cls(data["kind"], _microseconds(data["at"]), data["case"], data["transmission"], data["facts"])
            if entry._sound() and set(data) == {"at", "case", "facts", "kind", "transmission"} and entry.body() == body:
                return entry
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise LedgerBroken(f"not the canonical JSON of an entry: {str(body)[:80]!r}") from error
        raise LedgerBroken(f"not the canonical JSON of an entry: {str(body)[:80]!r}")

    def _sound(self) -> bool:
        named = all(value is None or isinstance(value, str) for value in (self.case, self.transmission))
        facts = isinstance(self.facts, dict) and all(name.isascii() for name in self.facts)
        return named and isinstance(self.kind, str) and facts and all(map(_plain, self.facts.values()))


def _plain(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_plain, value))
    return isinstance(value, str) or (type(value) is int and abs(value) <= MAX_INTEGER)


def _named(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _moment(at: int) -> str:
    return f"{_second(at // SECOND)}{at % SECOND:06d}Z"


@lru_cache(maxsize=64)
def _second(second: int) -> str:
    """``2026-11-23T16:00:00.``: a batch's entries share their second, and formatting it is half of an entry's cost."""
    return iso(second * SECOND)[:-7]


def _microseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int(moment.replace(microsecond=0).timestamp()) * SECOND + moment.microsecond
