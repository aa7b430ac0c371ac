"""Queries about the activations of packs."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub.model.activation import ACTIVATION_TRANSITIONS, ActivationState
from hub.store.tables import activations

Row = dict[str, Any]


def add(connection: Connection, row: Row) -> None:
    """Record that an activation was asked for."""
    connection.execute(insert(activations).values(row))


def asked(connection: Connection) -> list[Row]:
    """Those that wait, the earliest first."""
    query = select(activations).where(activations.c.state == ActivationState.ASKED)
    return _rows(connection, query.order_by(activations.c.at, activations.c.id))


def active(connection: Connection) -> dict[str, str]:
    """Service → digest of the pack that is in force."""
    query = select(activations.c.service, activations.c.digest).where(activations.c.state == ActivationState.ACTIVE)
    return {row.service: row.digest for row in connection.execute(query)}


def in_force(connection: Connection, service: str) -> Row | None:
    """The activation that is in force for ``service``, or None."""
    chosen = (activations.c.service == service, activations.c.state == ActivationState.ACTIVE)
    return next(iter(_rows(connection, select(activations).where(*chosen))), None)


def before(connection: Connection, service: str) -> Row | None:
    """The activation of ``service`` that was replaced last, or None."""
    chosen = (activations.c.service == service, activations.c.state == ActivationState.REPLACED)
    query = select(activations).where(*chosen).order_by(activations.c.ended_at.desc(), activations.c.id.desc())
    return next(iter(_rows(connection, query.limit(1))), None)


def recent(connection: Connection, limit: int) -> list[Row]:
    """The newest activations."""
    return _rows(connection, select(activations).order_by(activations.c.id.desc()).limit(limit))


def move(connection: Connection, id_: str, state: ActivationState, **values: Any) -> bool:
    """Set the state and other columns; False, and nothing is set, when it may not go there."""
    origins = [origin for origin, reached in ACTIVATION_TRANSITIONS.items() if state in reached]
    statement = update(activations).where(activations.c.id == id_, activations.c.state.in_(origins))
    return bool(connection.execute(statement.values(state=state, **values)).rowcount)


def _rows(connection: Connection, query: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
