"""Queries about cases, their lanes, correlations and receipts."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.store.bulk import Bulk, adding
from hub.store.keys import by_key, by_pair, keyed
from hub.store.tables import cases, correlations, lanes, receipts

Row = dict[str, Any]

LANE_CHANGES = ("state", "code", "answer", "answered_at", "due_at", "revision")
"""The columns of a lane that change."""

CASE_CHANGES = ("state", "closed_at", "due_at", "revision", "passed", "cancelling", "facts", "remarks")
"""The columns of a case that change."""

# The statements of a batch are made once: making one costs more than running it.
_KEYS = by_pair(cases.c.service, cases.c.key, cases.c.service, cases.c.key, cases.c.id)
_CORRELATED = by_pair(correlations.c.agency, correlations.c.key, correlations)
_CASES_OF = by_key(lanes.c.id, lanes.c.case)
_OWNERS = by_key(lanes.c.id, lanes.c.id, lanes.c.case)
_CASES = by_key(cases.c.id, cases)
_LANES = by_key(lanes.c.case, lanes).order_by(lanes.c.case, lanes.c.name)
_MOVE_LANES = Bulk(
    update(lanes)
    .where(lanes.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in LANE_CHANGES})
)
_MOVE_CASES = Bulk(
    update(cases)
    .where(cases.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in CASE_CHANGES})
)
_OPENED = ("id", "service", "key", "partner", "message", "reference", "opened_at", *CASE_CHANGES)
_ADD = adding(cases, *_OPENED)
_ADD_LANES = adding(lanes, "id", "case", "name", "agency", "opened_at", *LANE_CHANGES)
_CORRELATION = ("agency", "key", "lane", "revision")
_ADD_CORRELATIONS = Bulk(
    upsert(correlations)
    .values({name: bindparam(name) for name in _CORRELATION})
    .on_conflict_do_update(["agency", "key"], set_={"lane": bindparam("lane"), "revision": bindparam("revision")})
)  # a lane that is sent the next revision is named by the same facts
_ADD_RECEIPTS = adding(receipts)


def known_keys(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (service, key) have a case already: → case."""
    return {(service, key): id_ for service, key, id_ in keyed(connection, _KEYS, keys)}


def correlated(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, int]]:
    """Which (agency, key) belong to a lane: → lane, and the revision of the case that the agency was sent under it."""
    return {(row.agency, row.key): (row.lane, row.revision) for row in keyed(connection, _CORRELATED, keys)}


def of_lanes(connection: Connection, ids: Iterable[str]) -> set[str]:
    """The cases to which the lanes ``ids`` belong."""
    return set(keyed(connection, _CASES_OF, ids).scalars())


def owners(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The case of each of the lanes ``ids``."""
    return {str(row.id): str(row.case) for row in keyed(connection, _OWNERS, ids)}


def get(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """The cases ``ids``."""
    return [dict(row) for row in keyed(connection, _CASES, ids).mappings()]


def lanes_of(connection: Connection, case_ids: Sequence[str]) -> list[Row]:
    """All lanes of the cases ``case_ids``, in the order of their names."""
    return [dict(row) for row in keyed(connection, _LANES, case_ids).mappings()]


def lane_state(connection: Connection, lane: str) -> str:
    """The state of one lane."""
    state: str = connection.execute(select(lanes.c.state).where(lanes.c.id == lane)).scalar_one()
    return state


def add(connection: Connection, new_cases: list[Row], new_lanes: list[Row], new_correlations: list[Row]) -> None:
    """Open cases with their lanes and the keys by which answers will find them."""
    _ADD.run(connection, new_cases)
    _ADD_LANES.run(connection, new_lanes)
    _ADD_CORRELATIONS.run(connection, new_correlations)


def add_receipts(connection: Connection, rows: list[Row]) -> None:
    """Record what agencies answered."""
    _ADD_RECEIPTS.run(connection, rows)


def move_lanes(connection: Connection, rows: list[Row]) -> None:
    """Set the columns LANE_CHANGES of lanes (``row`` is the id)."""
    _MOVE_LANES.run(connection, rows)


def move_cases(connection: Connection, rows: list[Row]) -> None:
    """Set the columns CASE_CHANGES of cases (``row`` is the id)."""
    _MOVE_CASES.run(connection, rows)


def overdue(connection: Connection, at: int, limit: int) -> list[str]:
    """Lanes that should have been answered, or looked at, before ``at``."""
    due = lanes.c.due_at.is_not(None)
    query = select(lanes.c.id).where(due, lanes.c.due_at <= at).order_by(lanes.c.due_at).limit(limit)
    return list(connection.execute(query).scalars())


def late(connection: Connection, at: int, limit: int) -> list[str]:
    """Cases whose legs should have been there before ``at``."""
    due = cases.c.due_at.is_not(None)
    query = select(cases.c.id).where(due, cases.c.due_at <= at).order_by(cases.c.due_at).limit(limit)
    return list(connection.execute(query).scalars())


def find(connection: Connection, word: str, limit: int = 10) -> list[Row]:
    """Cases whose id, reference or key is ``word``, newest first."""
    query = select(cases).where(or_(cases.c.id == word, cases.c.reference == word, cases.c.key == word))
    return [dict(row) for row in connection.execute(query.order_by(cases.c.id.desc()).limit(limit)).mappings()]


def answered_as(connection: Connection, key: str, limit: int = 10) -> list[str]:
    """The newest cases of which an agency's answer would name ``key``: a control number or message id of the hub's."""
    query = select(lanes.c.case).join(correlations, correlations.c.lane == lanes.c.id).where(correlations.c.key == key)
    return list(connection.execute(query.distinct().order_by(lanes.c.case.desc()).limit(limit)).scalars())


def recent(connection: Connection, limit: int) -> list[Row]:
    """The newest cases."""
    query = select(cases).order_by(cases.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]
