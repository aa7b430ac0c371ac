"""Queries about the numbers under which partners send, and what is missing among them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from hub.store.bulk import storing
from hub.store.keys import by_pair, keyed
from hub.store.tables import gaps, sequences

Row = dict[str, Any]
Key = tuple[str, str]  # partner, name of the sequence

# The statements of a batch are made once: making one costs more than running it.
_LAST = by_pair(sequences.c.partner, sequences.c.name, sequences)
_GAPS = by_pair(gaps.c.partner, gaps.c.name, gaps)
_SAVE = storing(sequences, "last")
_SAVE_GAPS = storing(gaps, "high", "due_at")
_DROP = delete(gaps).where(
    gaps.c.partner == bindparam("of"), gaps.c.name == bindparam("called"), gaps.c.low == bindparam("begin")
)


def last(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """The greatest number that has come in each sequence that is known."""
    return {(row.partner, row.name): row.last for row in keyed(connection, _LAST, keys)}


def missing(connection: Connection, keys: Iterable[Key]) -> list[Row]:
    """What is missing in each sequence, a row a range."""
    return [dict(row) for row in keyed(connection, _GAPS, keys).mappings()]


def due(connection: Connection, at: int, limit: int) -> list[Key]:
    """The sequences of which somebody is to be told, at most ``limit``."""
    query = select(gaps.c.partner, gaps.c.name).where(gaps.c.due_at <= at).distinct().limit(limit)
    return [(row.partner, row.name) for row in connection.execute(query)]


def every(connection: Connection, limit: int) -> list[Row]:
    """All sequences, by partner and name."""
    query = select(sequences).order_by(sequences.c.partner, sequences.c.name).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def save(connection: Connection, moved: list[Row], changed: list[Row], dropped: list[tuple[str, str, int]]) -> None:
    """Write how far sequences have come, the ranges that are new or ``changed``, and take away those ``dropped``."""
    _SAVE.run(connection, moved)
    if dropped:
        rows = [{"of": partner, "called": name, "begin": low} for partner, name, low in dropped]
        connection.execute(_DROP, rows)
    _SAVE_GAPS.run(connection, changed)
