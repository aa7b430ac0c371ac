"""Queries about what arrived: transmissions, their interchanges and messages."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, tuple_, update

from hub.model.case import TransmissionState
from hub.store.parts import parts
from hub.store.tables import deliveries, interchanges, messages, transmissions

Row = dict[str, Any]

_DONE = (TransmissionState.ACCEPTED, TransmissionState.PARTLY)


def by_origin(connection: Connection, origins: Sequence[str]) -> dict[str, str]:
    """Which of ``origins`` were recorded already: origin → transmission."""
    query = select(transmissions.c.origin, transmissions.c.id)
    return {
        str(row.origin): str(row.id)
        for part in parts(origins)
        for row in connection.execute(query.where(transmissions.c.origin.in_(part)))
    }


def add(connection: Connection, rows: list[Row]) -> None:
    """Record new transmissions."""
    if rows:
        connection.execute(insert(transmissions), rows)


def waiting(connection: Connection, limit: int) -> list[Row]:
    """The oldest transmissions that are not decided yet, at most ``limit``."""
    query = (
        select(transmissions).where(transmissions.c.state == TransmissionState.RECEIVED).order_by(transmissions.c.id)
    )
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]


def waiting_ids(connection: Connection, limit: int, after: str = "") -> list[str]:
    """The ids of transmissions that are not decided yet, in order, beginning after the id ``after``."""
    query = select(transmissions.c.id).where(
        transmissions.c.state == TransmissionState.RECEIVED, transmissions.c.id > after
    )
    return list(connection.execute(query.order_by(transmissions.c.id).limit(limit)).scalars())


def undecided(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """Those of ``ids`` that are not decided yet, payloads included, in the order of ``ids``."""
    query = select(transmissions).where(transmissions.c.state == TransmissionState.RECEIVED)
    return [
        dict(row)
        for part in parts(ids)
        for row in connection.execute(query.where(transmissions.c.id.in_(part)).order_by(transmissions.c.id)).mappings()
    ]


def whole(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Transmissions by id, payloads included."""
    query = select(transmissions)
    return {
        row["id"]: dict(row)
        for part in parts(ids)
        for row in connection.execute(query.where(transmissions.c.id.in_(part))).mappings()
    }


def get(connection: Connection, transmission: str) -> Row | None:
    """One transmission, payload included."""
    row = connection.execute(select(transmissions).where(transmissions.c.id == transmission)).mappings().one_or_none()
    return None if row is None else dict(row)


def outside(connection: Connection) -> set[str]:
    """The sha256 of every payload that does not lie in its row, of transmissions and deliveries."""
    found: set[str] = set()
    for table in (transmissions, deliveries):
        found |= set(connection.execute(select(table.c.sha256).where(table.c.payload.is_(None))).scalars())
    return found


def states(connection: Connection, ids: Sequence[str]) -> dict[str, Row]:
    """id → state, partner, sha256 and name of each of ``ids``."""
    columns = (
        transmissions.c.id,
        transmissions.c.state,
        transmissions.c.partner,
        transmissions.c.sha256,
        transmissions.c.name,
    )
    return {
        row["id"]: dict(row)
        for part in parts(ids)
        for row in connection.execute(select(*columns).where(transmissions.c.id.in_(part))).mappings()
    }


def accepted_before(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (partner, sha256) were accepted already: → transmission. What was refused may be sent again."""
    pair = tuple_(transmissions.c.partner, transmissions.c.sha256)
    columns = (transmissions.c.partner, transmissions.c.sha256, transmissions.c.id)
    query = select(*columns).where(transmissions.c.state.in_(_DONE))
    return {
        (partner, sha256): id_
        for part in parts(keys)
        for partner, sha256, id_ in connection.execute(query.where(pair.in_(part)))
    }


def known_interchanges(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (partner, reference) of interchanges were accepted already: → transmission."""
    pair = tuple_(interchanges.c.partner, interchanges.c.reference)
    return {
        (partner, reference): id_
        for part in parts(keys)
        for partner, reference, id_ in connection.execute(select(interchanges).where(pair.in_(part)))
    }


def settle(connection: Connection, rows: list[Row]) -> None:
    """Set state, syntax, findings and duplicate_of of decided transmissions (``row`` is the id)."""
    if rows:
        statement = update(transmissions).where(transmissions.c.id == bindparam("row"))
        columns = ("state", "syntax", "findings", "duplicate_of")
        connection.execute(statement.values({name: bindparam(f"new_{name}") for name in columns}), rows)


def add_interchanges(connection: Connection, rows: list[Row]) -> None:
    """Remember accepted interchanges, so that their doubles are known."""
    if rows:
        connection.execute(insert(interchanges), rows)


def add_messages(connection: Connection, rows: list[Row]) -> None:
    """Record the messages of decided transmissions."""
    if rows:
        connection.execute(insert(messages), rows)


def messages_of(connection: Connection, transmission: str) -> list[Row]:
    """The messages of one transmission in order."""
    query = select(messages).where(messages.c.transmission == transmission).order_by(messages.c.ordinal)
    return [dict(row) for row in connection.execute(query).mappings()]


def recent(connection: Connection, limit: int) -> list[Row]:
    """The newest transmissions without their payloads."""
    columns = [column for column in transmissions.c if column.name != "payload"]
    query = select(*columns).order_by(transmissions.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def revive(connection: Connection, transmission: str) -> None:
    """Let a failed transmission be read again."""
    statement = update(transmissions).where(transmissions.c.id == transmission)
    connection.execute(statement.values(state=TransmissionState.RECEIVED))
