"""Queries about filings and their versions."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, or_, select

from hub.model.filing import FilingState
from hub.store.bulk import storing
from hub.store.keys import by_pair, keyed
from hub.store.tables import filings, work

Row = dict[str, Any]

# The statements of a batch are made once: making one costs more than running it.
_ALL = by_pair(filings.c.kind, filings.c.number, filings)
_OPEN = _ALL.where(filings.c.closed_at.is_(None))
_THEN = _ALL.where(
    filings.c.recorded_at <= bindparam("at"), or_(filings.c.closed_at.is_(None), filings.c.closed_at > bindparam("at"))
)
_SAVE = storing(filings, "closed_at")
_KEY = (filings.c.kind, filings.c.number, filings.c.holder)


def open_versions(connection: Connection, numbers: Iterable[tuple[str, str]]) -> list[Row]:
    """What is on file now under each (kind, number), of all holders."""
    return [dict(row) for row in keyed(connection, _OPEN, numbers).mappings()]


def versions_at(connection: Connection, numbers: Iterable[tuple[str, str]], at: int) -> list[Row]:
    """What was on file at the moment ``at``."""
    return [dict(row) for row in keyed(connection, _THEN, numbers, at=at).mappings()]


def save(connection: Connection, changed: list[Row]) -> None:
    """Add new versions, and close former ones, in the order in which that happened."""
    _SAVE.run(connection, changed)


def listed(connection: Connection, kind: str, holder: str, limit: int) -> list[Row]:
    """What is on file of a kind and a holder (empty: of all), the newest first."""
    query = select(filings).where(filings.c.closed_at.is_(None))
    query = query.where(filings.c.kind == kind) if kind else query
    query = query.where(filings.c.holder == holder) if holder else query
    return _rows(connection, query.order_by(filings.c.recorded_at.desc(), *_KEY).limit(limit))


def history(connection: Connection, kind: str, number: str, limit: int) -> list[Row]:
    """Every version under a number, of all holders, the oldest first."""
    query = select(filings).where(filings.c.kind == kind, filings.c.number == number)
    return _rows(connection, query.order_by(filings.c.holder, filings.c.version).limit(limit))


def ending(connection: Connection, at: int, until: int, kind: str, limit: int) -> list[Row]:
    """What counts ``at``, ends by ``until``, and was not put on the work list as ``kind`` yet; with the ``subject``
    under which it is to be put there. The first to end first."""
    parts = (filings.c.kind, filings.c.number, filings.c.holder, cast(filings.c.version, String))
    subject = parts[0] + "/" + parts[1] + "/" + parts[2] + "/" + parts[3]
    counts = filings.c.closed_at.is_(None) & (filings.c.state == FilingState.ACTIVE) & (filings.c.valid_from <= at)
    told = select(work.c.id).where(work.c.subject == subject, work.c.kind == kind).exists()
    within = filings.c.valid_until.is_not(None) & (filings.c.valid_until > at) & (filings.c.valid_until <= until)
    query = select(filings, subject.label("subject")).where(counts, within, ~told)
    return _rows(connection, query.order_by(filings.c.valid_until).limit(limit))


def contradicted(connection: Connection) -> list[Row]:
    """Versions out of order: numbered with a gap, not closed when the next was recorded, or closed without a next."""
    order: dict[str, Any] = {"partition_by": _KEY, "order_by": filings.c.version}
    place = func.row_number().over(**order).label("place")
    next_ = func.lead(filings.c.recorded_at).over(**order).label("next_at")
    each = select(*_KEY, filings.c.version, filings.c.closed_at, filings.c.recorded_at, place, next_).subquery()
    wrong = or_(
        each.c.version != each.c.place,
        each.c.closed_at.is_distinct_from(each.c.next_at),
        each.c.closed_at < each.c.recorded_at,
    )
    return _rows(connection, select(each.c.kind, each.c.number, each.c.holder, each.c.version).where(wrong))


def _rows(connection: Connection, query: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
