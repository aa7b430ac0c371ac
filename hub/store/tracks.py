"""Queries about sightings."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from hub.store.bulk import keeping
from hub.store.keys import by_pair, keyed
from hub.store.tables import sightings

Row = dict[str, Any]
MOST = 200
"""The newest sightings of a subject that a batch looks at."""

# The statements of a batch are made once: making one costs more than running it.
_SUBJECT = (sightings.c.kind, sightings.c.subject)
_nth = func.row_number().over(partition_by=_SUBJECT, order_by=sightings.c.at.desc()).label("nth")
_each = by_pair(*_SUBJECT, sightings, _nth).subquery()
_NEWEST = select(*(_each.c[column.name] for column in sightings.c)).where(_each.c.nth <= MOST)
_SAVE = keeping(sightings)


def newest(connection: Connection, subjects: Iterable[tuple[str, str]]) -> list[Row]:
    """The last ``MOST`` sightings of each (kind, subject), in no order."""
    return [dict(row) for row in keyed(connection, _NEWEST, subjects).mappings()]


def save(connection: Connection, seen: list[Row]) -> None:
    """Add sightings; one that is there already stays as it is."""
    _SAVE.run(connection, seen)


def of_subject(connection: Connection, subject: str, kind: str, limit: int) -> list[Row]:
    """The newest sightings of a subject (of a kind, or empty: of all), the oldest first."""
    query = select(sightings).where(sightings.c.subject == subject)
    query = query.where(sightings.c.kind == kind) if kind else query
    rows = connection.execute(query.order_by(sightings.c.at.desc(), sightings.c.event).limit(limit)).mappings()
    return [dict(row) for row in rows][::-1]
