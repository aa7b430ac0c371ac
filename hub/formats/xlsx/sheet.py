"""The rows of one worksheet in their order (29500-1 §18.3), and the names of cells.

>>> name(28, 3), position("AB3")
('AB3', (28, 3))
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hub.formats.xlsx.book import Book, Sheet
from hub.formats.xlsx.package import Element, Unreadable, local, only

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")


class Row(NamedTuple):
    """One row: its number, whether it is hidden, its cells by column, in order, without those that hold nothing."""

    number: int
    hidden: bool
    cells: dict[int, Element]


def name(column: int, row: int) -> str:
    """The name of a cell, ``AB3``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def position(name: str) -> tuple[int, int] | None:
    """Column and row of a cell's name; None for what is no such name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    row = int(found.group(2))
    return (column, row) if column <= MOST_COLUMNS and row <= MOST_ROWS else None


def rows(book: Book, sheet: Sheet) -> Iterator[Row]:
    """The rows that hold something. Raises Unreadable where a row or cell stands out of order: which value belongs
    where would be a guess."""
    root = book.package.xml(sheet.part)
    if local(root) != "worksheet":
        raise Unreadable("malformed", sheet.part, reason=f"{local(root)} instead of worksheet")
    last = 0
    for data in root:
        if local(data) != "sheetData":
            continue
        for one in only(data, sheet.part, "row"):
            if local(one) == "row":
                last = _row_number(one, last, sheet)
                cells = _cells(one, last, sheet)
                if cells:
                    yield Row(last, one.get("hidden") in ("1", "true"), cells)


def _row_number(row: Element, last: int, sheet: Sheet) -> int:
    given = row.get("r")
    number = last + 1 if given is None else int(given) if _NUMBER.fullmatch(given) else 0
    if not last < number <= MOST_ROWS:
        raise Unreadable("malformed", sheet.part, reason=f"row {given or number} after row {last}")
    return number


def _understood(cell: Element, sheet: Sheet) -> Element:
    """``cell``, whose value stands where its type says (§18.3.1.4), and once."""
    place = "is" if cell.get("t") == "inlineStr" else "v"
    if [name for one in only(cell, sheet.part, "f", place) if (name := local(one)) == place][1:]:
        raise Unreadable("malformed", sheet.part, reason=f"two values, line {cell.sourceline or 1}")
    for one in cell:
        if local(one) == "v":
            only(one, sheet.part)
    return cell


def _cells(row: Element, number: int, sheet: Sheet) -> dict[int, Element]:
    cells: dict[int, Element] = {}
    last = 0
    for cell in only(row, sheet.part, "c"):
        if local(cell) != "c":
            continue
        given = cell.get("r")
        at = (last + 1, number) if given is None else position(given)
        if at is None or at[1] != number or not last < at[0] <= MOST_COLUMNS:
            raise Unreadable("malformed", sheet.part, reason=f"cell {given or last + 1} in row {number}")
        last = at[0]
        if len(cell):
            cells[last] = _understood(cell, sheet)
    return cells
