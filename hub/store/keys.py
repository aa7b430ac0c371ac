"""Rows of many keys by one statement: the keys travel as a single JSON array, so that the statement is always the same
(SQLAlchemy compiles it once, SQLite plans it once) and their number has no bound."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, CursorResult, Select, and_, bindparam, func, select

_encode = json.JSONEncoder(separators=(",", ":")).encode


def by_key(key: Column[Any], *columns: Any) -> Select[Any]:
    """``columns`` of the rows whose ``key`` is among the keys that :func:`keyed` is given."""
    each = func.json_each(bindparam("keys")).table_valued("value", name="each_key")
    return select(*columns).select_from(each.join(key.table, key == each.c.value))


def by_pair(first: Column[Any], second: Column[Any], *columns: Any) -> Select[Any]:
    """The same for keys of two columns, given as pairs."""
    each = func.json_each(bindparam("keys")).table_valued("value", name="each_pair")
    on = and_(first == func.json_extract(each.c.value, "$[0]"), second == func.json_extract(each.c.value, "$[1]"))
    return select(*columns).select_from(each.join(first.table, on))


def keyed(
    connection: Connection, statement: Select[Any], keys: Iterable[Any], **values: int
) -> CursorResult[*tuple[Any, ...]]:
    """What ``statement`` (of :func:`by_key` or :func:`by_pair`) finds for ``keys`` and its other ``values``."""
    return connection.execute(statement, {"keys": _encode(list(keys)), **values})
