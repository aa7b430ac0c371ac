"""Queries about the work list: what needs a named person."""

from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from hub.store.tables import work

Row = dict[str, Any]


def add(connection: Connection, rows: list[Row]) -> None:
    """Put items on the work list."""
    if rows:
        connection.execute(insert(work), rows)


def open_items(connection: Connection, limit: int) -> list[Row]:
    """The items that wait for a person, oldest first."""
    query = select(work).where(work.c.closed_at.is_(None)).order_by(work.c.opened_at).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def open_item(connection: Connection, item: str) -> Row | None:
    """One item that waits for a person, or None."""
    row = connection.execute(select(work).where(work.c.id == item, work.c.closed_at.is_(None))).mappings().one_or_none()
    return None if row is None else dict(row)


def about(connection: Connection, subject: str, kind: str) -> bool:
    """Whether an item of that kind about ``subject`` waits for a person."""
    query = select(work.c.id).where(work.c.subject == subject, work.c.kind == kind, work.c.closed_at.is_(None))
    return connection.execute(query.limit(1)).first() is not None


def count_open(connection: Connection) -> int:
    """How many items wait for a person."""
    return connection.execute(select(func.count()).where(work.c.closed_at.is_(None))).scalar_one()


def close(connection: Connection, subject: str, by: str, at: int, kind: str = "") -> None:
    """Close the open items about ``subject``: those of one ``kind``, or all."""
    statement = update(work).where(work.c.subject == subject, work.c.closed_at.is_(None))
    statement = statement.where(work.c.kind == kind) if kind else statement
    connection.execute(statement.values(closed_at=at, closed_by=by))
