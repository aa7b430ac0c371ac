"""Queries about deliveries (the outbox and the mailboxes), attempts and control numbers."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.model.delivery import DELIVERY_TRANSITIONS, DeliveryState
from hub.store.bulk import Bulk, adding
from hub.store.keys import by_key, keyed
from hub.store.tables import attempts, counters, deliveries

Row = dict[str, Any]

_LISTED = (DeliveryState.AVAILABLE, DeliveryState.DELIVERED)
_VISIBLE = (
    deliveries.c.id,
    deliveries.c.case,
    deliveries.c.lane,
    deliveries.c.transmission,
    deliveries.c.name,
    deliveries.c.size,
    deliveries.c.sha256,
    deliveries.c.state,
    deliveries.c.sealed_at,
)

# The statements of a batch are made once: making one costs more than running it.
_PLANNED = (
    "id", "partner", "kind", "transmission", "case", "lane", "channel", "folder", "name", "plan", "state", "planned_at",
)  # fmt: skip
_SEALED = ("state", "sha256", "size", "payload", "sealed_at", "due_at")
_ADD = adding(deliveries, *_PLANNED)
_ADD_SEALED = adding(deliveries, *dict.fromkeys((*_PLANNED, *_SEALED)))
_WHOLE = by_key(deliveries.c.id, deliveries)
_UNSEALED = by_key(deliveries.c.id, deliveries.c.id).where(deliveries.c.state == DeliveryState.PLANNED)
_SEAL = Bulk(
    update(deliveries)
    .where(deliveries.c.id == bindparam("row"), deliveries.c.state == literal_column(f"'{DeliveryState.PLANNED}'"))
    .values({name: bindparam(f"new_{name}") for name in _SEALED})
)


def add(connection: Connection, rows: list[Row]) -> None:
    """Plan deliveries: the outbox, committed together with the state that calls for them."""
    _ADD.run(connection, rows)


def add_sealed(connection: Connection, rows: list[Row]) -> None:
    """Add deliveries whose bytes are written already."""
    _ADD_SEALED.run(connection, rows)


def planned(connection: Connection, limit: int, after: str = "") -> list[Row]:
    """Deliveries whose bytes are not written yet, in the order of their ids, beginning after the id ``after``."""
    query = select(deliveries).where(deliveries.c.state == DeliveryState.PLANNED, deliveries.c.id > after)
    return [dict(row) for row in connection.execute(query.order_by(deliveries.c.id).limit(limit)).mappings()]


def planned_ids(connection: Connection, limit: int, after: str = "") -> list[str]:
    """The ids of deliveries whose bytes are not written yet, in order, beginning after the id ``after``."""
    query = select(deliveries.c.id).where(deliveries.c.state == DeliveryState.PLANNED, deliveries.c.id > after)
    return list(connection.execute(query.order_by(deliveries.c.id).limit(limit)).scalars())


def still_planned(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """Those of ``ids`` whose bytes are not written yet, with their plans, in their order."""
    statement = _WHOLE.where(deliveries.c.state == DeliveryState.PLANNED).order_by(deliveries.c.id)
    return [with_plan(dict(row)) for row in keyed(connection, statement, ids).mappings()]


def get(connection: Connection, ids: Sequence[str]) -> dict[str, Row]:
    """Whole deliveries by id."""
    return {row["id"]: dict(row) for row in keyed(connection, _WHOLE, ids).mappings()}


def seal(connection: Connection, rows: list[Row]) -> None:
    """Freeze the bytes of deliveries (``row`` is the id). Only a planned one can be: sealed bytes never change."""
    _SEAL.run(connection, rows)


def move(connection: Connection, delivery: str, **values: Any) -> bool:
    """Set columns of one delivery; False, and nothing is set, when it may not go to the ``state`` among them."""
    statement = update(deliveries).where(deliveries.c.id == delivery)
    if "state" in values:
        origins = [origin for origin, reached in DELIVERY_TRANSITIONS.items() if values["state"] in reached]
        statement = statement.where(deliveries.c.state.in_(origins))
    return connection.execute(statement.values(**values).returning(deliveries.c.id)).first() is not None


def unsealed(connection: Connection, ids: Iterable[str]) -> list[str]:
    """Those of ``ids`` whose bytes are not written yet."""
    return list(keyed(connection, _UNSEALED, ids).scalars())


def fail(connection: Connection, delivery: str, signature: str | None) -> bool:
    """Give up writing ``delivery`` and its detached ``signature``, if it has one; False when it is written already."""
    chosen = deliveries.c.id.in_([delivery, *filter(None, [signature])])
    statement = update(deliveries).where(chosen, deliveries.c.state == DeliveryState.PLANNED)
    return bool(connection.execute(statement.values(state=DeliveryState.FAILED)).rowcount)


def plan_again(connection: Connection, delivery: str, signature: str | None) -> None:
    """Let what could not be written be written after all."""
    chosen = deliveries.c.id.in_([delivery, *filter(None, [signature])])
    statement = update(deliveries).where(chosen, deliveries.c.state == DeliveryState.FAILED)
    connection.execute(statement.where(deliveries.c.sha256.is_(None)).values(state=DeliveryState.PLANNED))


def newest(connection: Connection, limit: int, before: str = "") -> list[Row]:
    """The newest deliveries whose bytes are written, without payloads; those with ids before ``before``, if given."""
    columns = [column for column in deliveries.c if column.name != "payload"]
    query = select(*columns).where(deliveries.c.sha256.is_not(None), *([deliveries.c.id < before] if before else []))
    return [dict(row) for row in connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit)).mappings()]


def replan(connection: Connection, delivery: str, plan: str) -> None:
    """Put another ``plan`` (JSON) in the place of that of a delivery which is not sealed yet."""
    planned = deliveries.c.state == DeliveryState.PLANNED
    connection.execute(update(deliveries).where(deliveries.c.id == delivery, planned).values(plan=plan))


def due(connection: Connection, at: int, limit: int) -> list[Row]:
    """Sealed deliveries whose next attempt may start at ``at``."""
    query = select(deliveries).where(deliveries.c.state == DeliveryState.SEALED, deliveries.c.due_at <= at)
    return [dict(row) for row in connection.execute(query.order_by(deliveries.c.due_at).limit(limit)).mappings()]


def begin_attempt(connection: Connection, delivery: str, at: int) -> int:
    """Record an attempt before dialling; returns its id."""
    statement = insert(attempts).values(delivery=delivery, started_at=at).returning(attempts.c.id)
    connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(tries=deliveries.c.tries + 1))
    attempt: int = connection.execute(statement).scalar_one()
    return attempt


def end_attempt(connection: Connection, attempt: int, at: int, outcome: str, note: str) -> None:
    """Record how an attempt ended."""
    connection.execute(update(attempts).where(attempts.c.id == attempt).values(ended_at=at, outcome=outcome, note=note))


def attempts_of(connection: Connection, ids: Sequence[str]) -> list[Row]:
    """All attempts at the deliveries ``ids``, in order."""
    query = select(attempts).where(attempts.c.delivery.in_(ids)).order_by(attempts.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def of_case(connection: Connection, case: str) -> list[Row]:
    """The deliveries of a case, without payloads."""
    return _brief_where(connection, deliveries.c.case == case)


def of_transmission(connection: Connection, transmission: str) -> list[Row]:
    """The deliveries that answer or carry on a transmission, without payloads."""
    return _brief_where(connection, deliveries.c.transmission == transmission)


def mailbox(connection: Connection, partner: str, folder: str) -> list[Row]:
    """What lies in a partner's mailbox folder, oldest first."""
    query = select(*_VISIBLE).where(*_in_box(partner, folder)).order_by(deliveries.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def mailbox_file(connection: Connection, partner: str, folder: str, name: str, *, payload: bool) -> Row | None:
    """One file of a mailbox, or None."""
    columns = (*_VISIBLE, deliveries.c.payload) if payload else _VISIBLE
    query = select(*columns).where(*_in_box(partner, folder), deliveries.c.name == name)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def numbers(connection: Connection) -> dict[str, int]:
    """The last number that each counter gave (two a partner); a counter that gave none is absent."""
    return {str(row.name): int(row.value) for row in connection.execute(select(counters))}


def set_numbers(connection: Connection, values: dict[str, int]) -> None:
    """Store the last numbers given."""
    if values:
        statement = upsert(counters)
        statement = statement.on_conflict_do_update(["name"], set_={"value": statement.excluded.value})
        connection.execute(statement, [{"name": name, "value": value} for name, value in values.items()])


def _brief_where(connection: Connection, condition: Any) -> list[Row]:
    columns = [column for column in deliveries.c if column.name not in ("payload", "plan")]
    query = select(*columns).where(condition).order_by(deliveries.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _in_box(partner: str, folder: str) -> tuple[Any, ...]:
    return (
        deliveries.c.partner == partner,
        deliveries.c.folder == folder,
        deliveries.c.channel == "mailbox",
        deliveries.c.state.in_(_LISTED),
        deliveries.c.removed_at.is_(None),
    )


def with_plan(row: Row) -> Row:
    """The row with its plan as JSON values."""
    return row | {"plan": json.loads(row["plan"])}
