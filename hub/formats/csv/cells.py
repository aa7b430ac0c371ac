"""Does a cell fit its column? One check is compiled for each column: required, length, type, code list."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from hub.schema.model import DataType, Node

Fault = tuple[str, tuple[tuple[str, str], ...]]
"""The key of a finding (``csv.<key>``) and its parameters."""

Check = Callable[[str], Fault | None]

_SHOWN = 80
_SHAPES = {
    DataType.ALPHA: re.compile(r"[A-Za-z]+"),
    DataType.NUMERIC: re.compile(r"[0-9]+"),
    DataType.INTEGER: re.compile(r"-?[0-9]+"),
    DataType.DECIMAL: re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    DataType.BOOLEAN: re.compile(r"true|false|0|1"),
    DataType.DATE: re.compile(r"\d{4}-\d\d-\d\d|\d{8}", re.ASCII),
    DataType.DATETIME: re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|\d{12}(\d\d)?", re.ASCII),
}
_SIGNS = str.maketrans("", "", "-: T")


def check(column: Node, codes: Mapping[str, str] | None) -> Check:
    """The check of ``column``: None for a cell that fits, else its first fault. An empty cell is an absent value."""
    required, low, high = column.min > 0, column.min_length, column.max_length
    shape = _SHAPES.get(column.type) if column.type else None
    timed = column.type in (DataType.DATE, DataType.DATETIME)
    listed = ", ".join(codes)[:200] if codes else ""

    def fault(cell: str) -> Fault | None:
        if not cell:
            return ("missing", ()) if required else None
        if high is not None and len(cell) > high:
            return "too-long", (*_value(cell), ("max", str(high)), ("length", str(len(cell))))
        if len(cell) < low:
            return "too-short", (*_value(cell), ("min", str(low)), ("length", str(len(cell))))
        if shape is not None and (shape.fullmatch(cell) is None or (timed and not _exists(cell))):
            return "type", (*_value(cell), ("type", column.type.value if column.type else ""))
        if codes and cell not in codes:
            return "code", (*_value(cell), ("codes", listed))
        return None

    return fault


def _exists(moment: str) -> bool:
    """Is there such a day and time? ``moment`` has one of the shapes above."""
    digits = moment.translate(_SIGNS)
    parts = [int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, len(digits), 2))]
    try:
        datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - only asked whether it exists
    except ValueError:
        return False
    return True


def _value(cell: str) -> tuple[tuple[str, str], ...]:
    return (("value", cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "…"),)
