"""Queries of the ledger: entries, tiles, checkpoints, and the state that must agree with them. Long lists are read in
pages after the last key seen, so that memory stays bounded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Label,
    LargeBinary,
    Select,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)

from hub.store.bulk import adding
from hub.store.tables import checkpoints, deliveries, entries, tiles, transmissions

PAGE = 1000


def _raw(column: Column[Any]) -> Label[Any]:
    """``column`` as bytes, whatever SQLite has in it: in an altered database that may be of any type and not UTF-8."""
    return cast(column, LargeBinary).label(column.name)


# The statements of an append are made once: making one costs more than running it.
_LAST = select(func.max(entries.c.seq))
_ADD_ENTRIES = adding(entries)
_LEAVES = (
    select(_raw(entries.c.leaf))
    .where(entries.c.seq >= bindparam("start"), entries.c.seq < bindparam("end"))
    .order_by(entries.c.seq)
)
_TILE = select(_raw(tiles.c.hashes)).where(
    tiles.c.level == bindparam("at_level"), tiles.c.index == bindparam("at_index")
)
_ENTRY = select(entries.c.seq, *map(_raw, (entries.c.case, entries.c.transmission, entries.c.body, entries.c.leaf)))
_CHECKPOINT = select(checkpoints.c.size, _raw(checkpoints.c.root), _raw(checkpoints.c.note), checkpoints.c.at)
_ADD_TILE = insert(tiles)
_GROW_TILE = (
    update(tiles)
    .where(tiles.c.level == bindparam("at_level"), tiles.c.index == bindparam("at_index"))
    .values(hashes=bindparam("new_hashes"))
)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of ``entries``."""

    seq: int
    case: str | None
    transmission: str | None
    body: str
    leaf: bytes


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A row of ``checkpoints``; ``at`` in microseconds since the epoch."""

    size: int
    root: bytes
    note: str
    at: int


@dataclass(frozen=True, slots=True)
class Vouched:
    """A row of ``transmissions`` or ``deliveries`` with bytes; ``payload`` is None when they are a blob."""

    id: str
    sha256: str
    payload: bytes | None
    case: str | None = None
    transmission: str | None = None


def size(connection: Connection) -> int:
    """How many entries the ledger has."""
    last = connection.execute(_LAST).scalar()
    return 0 if last is None else last + 1


def add_entries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of seq, case, transmission, body and leaf."""
    _ADD_ENTRIES.run(connection, rows)


def leaves(connection: Connection, start: int, end: int) -> list[bytes]:
    """The leaf hashes of the entries ``[start, end)``, in order."""
    return list(connection.execute(_LEAVES, {"start": start, "end": end}).scalars())


def tile(connection: Connection, level: int, index: int) -> bytes | None:
    """The hashes of a tile, concatenated."""
    return connection.execute(_TILE, {"at_level": level, "at_index": index}).scalar()


def put_tile(connection: Connection, level: int, index: int, hashes: bytes, *, grown: bool) -> None:
    """Store a tile: a new one, or one that has ``grown``."""
    if grown:
        connection.execute(_GROW_TILE, {"at_level": level, "at_index": index, "new_hashes": hashes})
    else:
        connection.execute(_ADD_TILE, {"level": level, "index": index, "hashes": hashes})


def tile_keys(connection: Connection) -> Iterator[tuple[int, int]]:
    """(level, index) of every tile, in order."""
    last = (-1, -1)
    while True:
        after = or_(tiles.c.level > last[0], (tiles.c.level == last[0]) & (tiles.c.index > last[1]))
        query = select(tiles.c.level, tiles.c.index).where(after).order_by(tiles.c.level, tiles.c.index).limit(PAGE)
        page = [(level, index) for level, index in connection.execute(query)]
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]


def add_checkpoint(connection: Connection, row: CheckpointRow) -> None:
    """Store a checkpoint."""
    connection.execute(insert(checkpoints).values(size=row.size, root=row.root, note=row.note, at=row.at))


def newest_checkpoint(connection: Connection) -> CheckpointRow | None:
    """The checkpoint of the largest tree."""
    row = connection.execute(_CHECKPOINT.order_by(checkpoints.c.size.desc()).limit(1)).one_or_none()
    return None if row is None else _checkpoint(*row)


def every_checkpoint(connection: Connection) -> Iterator[CheckpointRow]:
    """Every checkpoint, the smallest tree first."""
    last = -1
    while True:
        query = _CHECKPOINT.where(checkpoints.c.size > last).order_by(checkpoints.c.size).limit(PAGE)
        page = [_checkpoint(*row) for row in connection.execute(query)]
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].size


def pages(connection: Connection, start: int = 0) -> Iterator[list[EntryRow]]:
    """The entries from ``start`` on, in order, in pages of at most PAGE."""
    last = start - 1
    while True:
        query = _ENTRY.where(entries.c.seq > last).order_by(entries.c.seq).limit(PAGE)
        page = [_entry(*row) for row in connection.execute(query)]
        if page:
            yield page
            last = page[-1].seq
        if len(page) < PAGE:
            return


def of_case(connection: Connection, case: str, limit: int) -> list[EntryRow]:
    """The first ``limit`` entries of a case, in order."""
    query = _ENTRY.where(entries.c.case == case).order_by(entries.c.seq).limit(limit)
    return [_entry(*row) for row in connection.execute(query)]


def of_transmissions(connection: Connection, ids: Sequence[str], limit: int, *, caseless: bool) -> list[EntryRow]:
    """The first ``limit`` entries of the transmissions ``ids``, in order; if ``caseless`` only those without a case."""
    query = _ENTRY.where(entries.c.transmission.in_(ids))
    if caseless:
        query = query.where(entries.c.case.is_(None))
    return [_entry(*row) for row in connection.execute(query.order_by(entries.c.seq).limit(limit))]


def mentions(connection: Connection, ids: Sequence[str], cases: Sequence[str]) -> Iterator[str]:
    """The bodies of all entries that carry one of the transmissions ``ids`` or one of ``cases``."""
    query = select(_raw(entries.c.body)).where(or_(entries.c.transmission.in_(ids), entries.c.case.in_(cases)))
    for body in connection.execute(query, execution_options={"yield_per": PAGE}).scalars():
        yield _text(body) or ""


def vouched_pages(connection: Connection, table: str, count: int) -> Iterator[list[Vouched]]:
    """Every row of ``table`` that has bytes, in order of id, ``count`` at a time."""
    key, query = _vouched(table)
    last = ""
    while True:
        rows = connection.execute(query.where(key > last).order_by(key).limit(count)).all()
        if rows:
            yield [_row(*row) for row in rows]
            last = rows[-1][0]
        if len(rows) < count:
            return


def vouched(connection: Connection, table: str, ids: Sequence[str]) -> list[Vouched]:
    """Those of ``ids`` that are rows of ``table`` and have bytes, in order of id."""
    key, query = _vouched(table)
    return [_row(*row) for row in connection.execute(query.where(key.in_(ids)).order_by(key))]


def count(connection: Connection, table: str) -> int:
    """How many rows of ``table`` have bytes."""
    columns = _TABLES[table].c
    return connection.execute(select(func.count()).where(columns.sha256.is_not(None))).scalar_one()


def present(connection: Connection, table: str, ids: Sequence[str]) -> set[str]:
    """Which of ``ids`` are rows of ``table``."""
    key = _TABLES[table].c.id
    return set(connection.execute(select(key).where(key.in_(ids))).scalars())


_TABLES = {"transmissions": transmissions, "deliveries": deliveries}


def _vouched(table: str) -> tuple[Column[str], Select[Any]]:
    columns = _TABLES[table].c
    linked = (columns.case, columns.transmission) if table == "deliveries" else ()
    query = select(columns.id, columns.sha256, _raw(columns.payload), *linked)
    return columns.id, query.where(columns.sha256.is_not(None))


def _entry(
    seq: int, case: bytes | None, transmission: bytes | None, body: bytes | None, leaf: bytes | None
) -> EntryRow:
    return EntryRow(seq, _text(case), _text(transmission), _text(body) or "", leaf or b"")


def _checkpoint(size: int, root: bytes | None, note: bytes | None, at: int) -> CheckpointRow:
    return CheckpointRow(size, root or b"", _text(note) or "", at)


def _row(id_: Any, sha256: Any, payload: bytes | None, case: Any = None, transmission: Any = None) -> Vouched:
    linked = (None if value is None else _word(value) for value in (case, transmission))
    return Vouched(_word(id_), _word(sha256), payload, *linked)


def _word(value: Any) -> str:
    """A word of the row; in an altered database it may be of another type, and then no entry knows it."""
    return value if isinstance(value, str) else repr(value)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "surrogateescape")
