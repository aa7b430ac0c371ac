"""Queries about what arrived: transmissions, their interchanges and messages."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from hub.model.case import TransmissionState
from hub.store.bulk import Bulk, adding
from hub.store.keys import by_key, by_pair, keyed
from hub.store.tables import deliveries, interchanges, messages, transmissions

Row = dict[str, Any]

_DONE = (TransmissionState.ACCEPTED, TransmissionState.PARTLY)
_STATE = ("id", "state", "partner", "sha256", "name")

# The statements of a batch are made once: making one costs more than running it.
_ARRIVED = ("id", "partner", "channel", "name", "origin", "sha256", "size", "payload", "received_at", "state")
_ADD = adding(transmissions, *_ARRIVED)
_ADD_INTERCHANGES = adding(interchanges)
_ADD_MESSAGES = adding(messages)
_SETTLE = Bulk(
    update(transmissions)
    .where(transmissions.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "syntax", "findings", "duplicate_of")})
)
_WHOLE = by_key(transmissions.c.id, transmissions)
_STATES = by_key(transmissions.c.id, *(transmissions.c[name] for name in _STATE))
_BY_ORIGIN = by_key(transmissions.c.origin, transmissions.c.origin, transmissions.c.id)
_SENT = (transmissions.c.partner, transmissions.c.sha256)
_ACCEPTED = by_pair(*_SENT, *_SENT, transmissions.c.id).where(transmissions.c.state.in_(_DONE))
_INTERCHANGES = by_pair(interchanges.c.partner, interchanges.c.reference, interchanges)


def by_origin(connection: Connection, origins: Sequence[str]) -> dict[str, str]:
    """Which of ``origins`` were recorded already: origin → transmission."""
    return {str(row.origin): str(row.id) for row in keyed(connection, _BY_ORIGIN, origins)} if origins else {}


def add(connection: Connection, new: list[Row]) -> None:
    """Record new transmissions."""
    _ADD.run(connection, new)


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
    """Those of ``ids`` that are not decided yet, payloads included, in their order."""
    statement = _WHOLE.where(transmissions.c.state == TransmissionState.RECEIVED).order_by(transmissions.c.id)
    return [dict(row) for row in keyed(connection, statement, ids).mappings()]


def whole(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Transmissions by id, payloads included."""
    return {row["id"]: dict(row) for row in keyed(connection, _WHOLE, ids).mappings()}


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
    return {row[0]: dict(zip(_STATE, row, strict=True)) for row in keyed(connection, _STATES, ids)}


def accepted_before(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (partner, sha256) were accepted already: → transmission. What was refused may be sent again."""
    return {(partner, sha256): id_ for partner, sha256, id_ in keyed(connection, _ACCEPTED, keys)}


def known_interchanges(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Which (partner, reference) of interchanges were accepted already: → transmission."""
    return {(partner, reference): id_ for partner, reference, id_ in keyed(connection, _INTERCHANGES, keys)}


def settle(connection: Connection, decided: list[Row]) -> None:
    """Set state, syntax, findings and duplicate_of of decided transmissions (``row`` is the id)."""
    _SETTLE.run(connection, decided)


def add_interchanges(connection: Connection, new: list[Row]) -> None:
    """Remember accepted interchanges, so that their doubles are known."""
    _ADD_INTERCHANGES.run(connection, new)


def add_messages(connection: Connection, new: list[Row]) -> None:
    """Record the messages of decided transmissions."""
    _ADD_MESSAGES.run(connection, new)


def messages_of(connection: Connection, transmission: str) -> list[Row]:
    """The messages of one transmission in order."""
    query = select(messages).where(messages.c.transmission == transmission).order_by(messages.c.ordinal)
    return [dict(row) for row in connection.execute(query).mappings()]


def named(connection: Connection, word: str, limit: int = 10) -> list[str]:
    """The newest transmissions whose file is called ``word``, or in which an interchange has it as its reference."""
    inside = select(messages.c.transmission).where(messages.c.interchange == word)
    query = select(transmissions.c.id).where(or_(transmissions.c.name == word, transmissions.c.id.in_(inside)))
    return list(connection.execute(query.order_by(transmissions.c.id.desc()).limit(limit)).scalars())


def recent(connection: Connection, limit: int) -> list[Row]:
    """The newest transmissions without their payloads."""
    columns = [column for column in transmissions.c if column.name != "payload"]
    query = select(*columns).order_by(transmissions.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def revive(connection: Connection, transmission: str) -> None:
    """Let a failed transmission be read again."""
    statement = update(transmissions).where(transmissions.c.id == transmission)
    connection.execute(statement.values(state=TransmissionState.RECEIVED))
