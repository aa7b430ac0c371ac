"""Queries about cases, their lanes, correlations and receipts."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, tuple_, update

from hub.model.case import LaneState
from hub.store.parts import parts
from hub.store.tables import cases, correlations, lanes, receipts

Row = dict[str, Any]


def known_keys(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (service, key) have a case already: → case."""
    query = select(cases.c.service, cases.c.key, cases.c.id)
    return {
        (service, key): id_
        for part in parts(keys)
        for service, key, id_ in connection.execute(query.where(tuple_(cases.c.service, cases.c.key).in_(part)))
    }


def correlated(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (agency, key) belong to a lane: → lane."""
    pair = tuple_(correlations.c.agency, correlations.c.key)
    return {
        (agency, key): lane
        for part in parts(keys)
        for agency, key, lane in connection.execute(select(correlations).where(pair.in_(part)))
    }


def of_lanes(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """The cases to which the lanes ``ids`` belong."""
    found: dict[str, Row] = {}
    for part in parts(ids):
        chosen = select(lanes.c.case).where(lanes.c.id.in_(part))
        rows = connection.execute(select(cases).where(cases.c.id.in_(chosen))).mappings()
        found |= {row["id"]: dict(row) for row in rows}
    return list(found.values())


def lanes_of(connection: Connection, case_ids: Sequence[str]) -> list[Row]:
    """All lanes of the cases ``case_ids``, in the order of their names."""
    query = select(lanes).order_by(lanes.c.case, lanes.c.name)
    return [
        dict(row)
        for part in parts(case_ids)
        for row in connection.execute(query.where(lanes.c.case.in_(part))).mappings()
    ]


def lane_state(connection: Connection, lane: str) -> str:
    """The state of one lane."""
    state: str = connection.execute(select(lanes.c.state).where(lanes.c.id == lane)).scalar_one()
    return state


def add(connection: Connection, new_cases: list[Row], new_lanes: list[Row], new_correlations: list[Row]) -> None:
    """Open cases with their lanes and the keys by which answers will find them."""
    for table, rows in ((cases, new_cases), (lanes, new_lanes), (correlations, new_correlations)):
        if rows:
            connection.execute(insert(table), rows)


def add_receipts(connection: Connection, rows: list[Row]) -> None:
    """Record what agencies answered."""
    if rows:
        connection.execute(insert(receipts), rows)


def move_lanes(connection: Connection, rows: list[Row]) -> None:
    """Set state, code, answer and answered_at of lanes (``row`` is the id)."""
    if rows:
        columns = ("state", "code", "answer", "answered_at")
        statement = update(lanes).where(lanes.c.id == bindparam("row"))
        connection.execute(statement.values({name: bindparam(f"new_{name}") for name in columns}), rows)


def move_cases(connection: Connection, rows: list[Row]) -> None:
    """Set state and closed_at of cases (``row`` is the id)."""
    if rows:
        columns = ("state", "closed_at")
        statement = update(cases).where(cases.c.id == bindparam("row"))
        connection.execute(statement.values({name: bindparam(f"new_{name}") for name in columns}), rows)


def overdue(connection: Connection, at: int, limit: int) -> list[str]:
    """Lanes that should have been answered before ``at``."""
    waiting = lanes.c.state.in_((LaneState.SENT, LaneState.RECEIVED))
    query = select(lanes.c.id).where(waiting, lanes.c.due_at <= at).order_by(lanes.c.due_at).limit(limit)
    return list(connection.execute(query).scalars())


def find(connection: Connection, word: str, limit: int = 10) -> list[Row]:
    """Cases whose id, reference or key is ``word``, newest first."""
    query = select(cases).where(or_(cases.c.id == word, cases.c.reference == word, cases.c.key == word))
    return [dict(row) for row in connection.execute(query.order_by(cases.c.id.desc()).limit(limit)).mappings()]


def recent(connection: Connection, limit: int) -> list[Row]:
    """The newest cases."""
    query = select(cases).order_by(cases.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def receipts_of(connection: Connection, lane_ids: Sequence[str]) -> list[Row]:
    """What was answered in the lanes ``lane_ids``, in order of time."""
    query = select(receipts).where(receipts.c.lane.in_(lane_ids)).order_by(receipts.c.at, receipts.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]
