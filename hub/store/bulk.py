"""Statements that a batch runs for many rows: handed straight to SQLite's driver, because SQLAlchemy's handling of each
row would cost more than SQLite's own. They are written in SQLAlchemy like all others, and turned into SQL once."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as insert_or


class Bulk:
    """``statement``, whose parameters are the keys of the rows that :meth:`run` is given. Values are what the driver
    takes as it is: texts, integers, bytes, None."""

    def __init__(self, statement: Insert | Update) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
        self._sql = str(compiled)
        self._values = itemgetter(*compiled.positiontup or ())

    def run(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Run it once for each of ``rows``, if any. Raises KeyError when one lacks a parameter."""
        if rows:
            connection.exec_driver_sql(self._sql, [self._values(row) for row in rows])


def adding(table: Table, *names: str) -> Bulk:
    """Inserts rows into ``table``: the columns ``names``, or all."""
    columns = names or _columns(table)
    return Bulk(insert(table).values({name: bindparam(name) for name in columns}))


def storing(table: Table, *names: str) -> Bulk:
    """Inserts whole rows into ``table``; of a row that is there already it changes the columns ``names`` instead."""
    new = insert_or(table).values({name: bindparam(name) for name in _columns(table)})
    key = [column.name for column in table.primary_key]
    return Bulk(new.on_conflict_do_update(index_elements=key, set_={name: new.excluded[name] for name in names}))


def keeping(table: Table) -> Bulk:
    """Inserts whole rows into ``table``; a row that is there already stays as it is."""
    return Bulk(insert_or(table).values({name: bindparam(name) for name in _columns(table)}).on_conflict_do_nothing())


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)
