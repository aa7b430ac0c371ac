"""Queries about cases, their lanes, correlations and receipts."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from hub.store.bulk import Bulk, adding
from hub.store.keys import by_key, by_pair, keyed
from hub.store.tables import cases, correlations, lanes, receipts

Row = dict[str, Any]

# The statements of a batch are made once: making one costs more than running it.
_KEYS = by_pair(cases.c.service, cases.c.key, cases.c.service, cases.c.key, cases.c.id)
_CORRELATED = by_pair(correlations.c.agency, correlations.c.key, correlations)
_CASES_OF = by_key(lanes.c.id, lanes.c.case)
_CASES = by_key(cases.c.id, cases)
_LANES = by_key(lanes.c.case, lanes).order_by(lanes.c.case, lanes.c.name)
_MOVE_LANES = Bulk(
    update(lanes)
    .where(lanes.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "code", "answer", "answered_at", "due_at")})
)
_MOVE_CASES = Bulk(
    update(cases)
    .where(cases.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "closed_at")})
)
_OPENED = ("id", "service", "key", "partner", "message", "reference", "state", "opened_at", "facts")
_ADD = adding(cases, *_OPENED)
_ADD_LANES = adding(lanes, "id", "case", "name", "agency", "state", "opened_at", "due_at")
_ADD_CORRELATIONS = adding(correlations)
_ADD_RECEIPTS = adding(receipts)


def known_keys(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (service, key) have a case already: → case."""
    return {(service, key): id_ for service, key, id_ in keyed(connection, _KEYS, keys)}


def correlated(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (agency, key) belong to a lane: → lane."""
    return {(agency, key): lane for agency, key, lane in keyed(connection, _CORRELATED, keys)}


def of_lanes(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """The cases to which the lanes ``ids`` belong."""
    own = set(keyed(connection, _CASES_OF, ids).scalars())
    return [dict(row) for row in keyed(connection, _CASES, own).mappings()]


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
    """Set state, code, answer, answered_at and due_at of lanes (``row`` is the id)."""
    _MOVE_LANES.run(connection, rows)


def move_cases(connection: Connection, rows: list[Row]) -> None:
    """Set state and closed_at of cases (``row`` is the id)."""
    _MOVE_CASES.run(connection, rows)


def overdue(connection: Connection, at: int, limit: int) -> list[str]:
    """Lanes that should have been answered, or looked at, before ``at``."""
    due = lanes.c.due_at.is_not(None)
    query = select(lanes.c.id).where(due, lanes.c.due_at <= at).order_by(lanes.c.due_at).limit(limit)
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
