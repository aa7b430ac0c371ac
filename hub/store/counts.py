"""Counts for people: how many of what are in which state."""

from sqlalchemy import Connection, func, select

from hub.store.tables import cases, deliveries, lanes, transmissions

_TABLES = {"transmissions": transmissions, "cases": cases, "lanes": lanes, "deliveries": deliveries}


def by_state(connection: Connection, table: str) -> dict[str, int]:
    """State → how many rows of ``table`` (transmissions, cases, lanes, deliveries) are in it."""
    found = _TABLES[table]
    query = select(found.c.state, func.count()).group_by(found.c.state).order_by(found.c.state)
    return {str(state): count for state, count in connection.execute(query)}
