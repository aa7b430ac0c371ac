"""Queries about legs: the documents of cases, and the keys by which they find one another."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from hub.model.case import LegState
from hub.store.bulk import Bulk, adding, keeping
from hub.store.keys import by_key, keyed
from hub.store.tables import leg_keys, legs

Row = dict[str, Any]

_LIVE = (LegState.WAITING, LegState.JOINED)
_BRIEF = tuple(column for column in legs.c if column.name != "document")

# The statements of a batch are made once: making one costs more than running it.
_IDS_BY_KEY = by_key(leg_keys.c.key, leg_keys.c.key, leg_keys.c.leg)
_BY_ID = by_key(legs.c.id, *_BRIEF).where(legs.c.state.in_(_LIVE))
_OF_CASES = by_key(legs.c.case, *_BRIEF).where(legs.c.state != LegState.REPLACED).order_by(legs.c.case, legs.c.id)
_EARLIER = by_key(legs.c.case, legs.c.case, legs.c.name, legs.c.revision, legs.c.facts).where(
    legs.c.state == LegState.REPLACED
)
_DOCUMENTS = by_key(legs.c.id, legs.c.id, legs.c.document)
_ADD = adding(legs)
_ADD_KEYS = keeping(leg_keys)  # an agency may give its number twice
_MOVE = Bulk(
    update(legs)
    .where(legs.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "case", "revision")})
)


def with_keys(connection: Connection, keys: Iterable[str]) -> dict[str, list[Row]]:
    """The legs, waiting or joined, that have a key among ``keys``: key → legs, oldest first; without documents."""
    pairs = [(str(row.key), str(row.leg)) for row in keyed(connection, _IDS_BY_KEY, keys)]
    if not pairs:
        return {}
    rows = {row["id"]: dict(row) for row in keyed(connection, _BY_ID, {leg for _, leg in pairs}).mappings()}
    found: dict[str, list[Row]] = {}
    for key, leg in sorted(pairs):
        if leg in rows:
            found.setdefault(key, []).append(rows[leg])
    return found


def of_cases(connection: Connection, cases: Iterable[str]) -> list[Row]:
    """The legs of ``cases`` that no other has replaced, oldest first; without documents."""
    return [dict(row) for row in keyed(connection, _OF_CASES, cases).mappings()]


def replaced(connection: Connection, cases: Iterable[str]) -> list[Row]:
    """The legs of ``cases`` in whose place others are: case, name, revision, facts."""
    return [dict(row) for row in keyed(connection, _EARLIER, cases).mappings()]


def referring(connection: Connection, reference: str, limit: int = 10) -> list[str]:
    """The newest cases that have, or had, a leg under its sender's own ``reference``."""
    query = select(legs.c.case).where(legs.c.reference == reference, legs.c.case.is_not(None)).distinct()
    return list(connection.execute(query.order_by(legs.c.case.desc()).limit(limit)).scalars())


def all_of(connection: Connection, case: str) -> list[Row]:
    """Every leg of a case, those too that others have replaced, in the order in which they came; without documents."""
    query = select(*_BRIEF).where(legs.c.case == case).order_by(legs.c.at, legs.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def documents(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The documents of the legs ``ids``, as JSON text; those that have one."""
    return {str(row.id): str(row.document) for row in keyed(connection, _DOCUMENTS, ids) if row.document is not None}


def add(connection: Connection, new: Sequence[Row], keys: Sequence[Row]) -> None:
    """Record legs and their keys."""
    _ADD.run(connection, new)
    _ADD_KEYS.run(connection, keys)


def move(connection: Connection, rows: Sequence[Row]) -> None:
    """Set state, case and revision of legs (``row`` is the id)."""
    _MOVE.run(connection, rows)
