"""XLSX → Reading, by the layouts of CSV: the visible sheet whose header a layout knows, one record a row, findings at
sheet and cell. Never raises on any bytes.

Formulas are not values: what one gives depends on the program that works it out, so it is a finding.
"""

from collections.abc import Iterator
from typing import NamedTuple

from hub.formats.csv.layouts import best, likeness
from hub.formats.csv.records import At, Records
from hub.formats.xlsx import sheet as sheets
from hub.formats.xlsx import values
from hub.formats.xlsx.book import Book, Sheet, text, unescaped
from hub.formats.xlsx.package import Element, Package, Unreadable, local
from hub.formats.xlsx.sheet import Row
from hub.model.finding import Finding, Place, Severity
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.schema.model import DataType

MOST_CHARACTERS = 32 * 1024 * 1024  # of all values together: one shared string may stand in a million cells
LONGEST = 32_767  # characters of a cell, as spreadsheets have it


class _Table(NamedTuple):
    """A sheet, its rows that hold something, and the cells of the first of them."""

    sheet: Sheet
    rows: list[Row]
    names: dict[int, str]


def read(data: bytes, catalog: Catalog, *, expected: tuple[str, ...] = ()) -> Reading:
    """``data`` by the layout that the header of a sheet names, or the one headerless layout among ``expected``."""
    try:
        book = Book(Package(data))
        tables = [_table(book, sheet) for sheet in book.sheets]
        return _read(book, [table for table in tables if table.rows], catalog, expected, len(data))
    except Unreadable as error:
        return _nothing(error.finding)


def _read(book: Book, tables: list[_Table], catalog: Catalog, expected: tuple[str, ...], size: int) -> Reading:
    seen = [table for table in tables if table.sheet.visible]
    if not seen:
        return _nothing(Finding("xlsx.nothing-visible", Place(line=1, offset=0)))
    likely = [(*_layout(table, catalog, expected), table) for table in seen]
    _, schema, table = max(likely, key=lambda one: one[0])  # the first of those alike
    if schema is None:
        where = Place(line=table.rows[0].number, offset=0, path=f"{table.sheet.name}!")
        return _nothing(Finding("xlsx.unknown-layout", where, params=(("sheet", table.sheet.name),)))
    rows = _Rows(book, table, schema)
    document = rows.read()
    others = tuple(_unread(other.sheet) for other in tables if other.sheet is not table.sheet)
    message = Message(schema.id, document=document, findings=(*rows.records.bounded(), *others), end=size)
    return Reading(Syntax.XLSX, (Interchange(Syntax.XLSX, messages=(message,)),))


def _layout(table: _Table, catalog: Catalog, expected: tuple[str, ...]) -> tuple[float, CsvSchema | None]:
    """The layout that the sheet's header means, and how much of it the header has; -1 without one."""
    names = list(table.names.values())
    schema = best(lambda layout: names, catalog, expected)
    return (-1.0, None) if schema is None else (likeness(names, schema), schema)


def _nothing(finding: Finding) -> Reading:
    return Reading(Syntax.XLSX, findings=(finding,))


def _unread(sheet: Sheet) -> Finding:
    key = "other-sheet" if sheet.visible else "hidden-sheet"
    return Finding(f"xlsx.{key}", Place(offset=0), Severity.WARNING, (("sheet", sheet.name),))


def _table(book: Book, sheet: Sheet) -> _Table:
    rows = [row for row in sheets.rows(book, sheet) if any(_holds(cell) for cell in row.cells.values())]
    names: dict[int, str] = {}
    for column, cell in rows[0].cells.items() if rows else ():
        value = _plain(book, cell, sheet.part)
        if value:
            names[column] = value
    return _Table(sheet, rows, names)


def _holds(cell: Element) -> bool:
    return any(one.text or len(one) for one in cell)


def _plain(book: Book, cell: Element, part: str) -> str | None:
    """The text of a cell, whatever it is; None where it names a shared string that is not there."""
    value = next((one.text or "" for one in cell if local(one) == "v"), "")
    match cell.get("t", "n"):
        case "s":
            known = value.isdecimal() and len(value) < 8 and int(value) < len(book.strings)
            return book.strings[int(value)] if known else None
        case "inlineStr":
            return next((text(one, part) for one in cell if local(one) == "is"), "")
        case "str":
            return unescaped(value)
        case _:
            return value


class _Rows:
    """Reads the rows of one sheet."""

    def __init__(self, book: Book, table: _Table, schema: CsvSchema) -> None:
        self.records = Records(schema, self._place)
        self._book = book
        self._table = table
        self._schema = schema
        self._characters = 0

    def read(self) -> Document:
        """The Document. Raises Unreadable."""
        header, rows = self._table.names, self._table.rows
        given = list(header.items()) if self._schema.header else None
        columns = list(header) if given is not None else list(range(1, len(self._schema.record.children) + 1))
        records: list[dict[str, str]] = []
        if self.records.begin(given, rows[0].number):
            records = list(self._records(rows[1:] if given is not None else rows, columns))
        if not records and not self.records.found:
            self.records.note("no-records", At(rows[0].number))
        return {self._schema.record.key: records}

    def _records(self, rows: list[Row], columns: list[int]) -> Iterator[dict[str, str]]:
        kinds = {column: self.records.kind(at) for at, column in enumerate(columns)}
        hidden = next((row for row in rows if row.hidden), None)
        if hidden is not None:
            self._note("hidden-rows", At(hidden.number), Severity.WARNING)
        for row in rows:
            if not self.records.more() or not self.records.takes(row.number):
                return
            self._outside(row, kinds)
            cells = [self._value(row, column, kinds[column]) for column in columns]
            yield self.records.record(cells, row.number, columns)

    def _outside(self, row: Row, kinds: dict[int, DataType | None]) -> None:
        """Cells beside the table: what their values mean nobody knows."""
        for column, cell in row.cells.items():
            if column not in kinds and _holds(cell):
                self._note("outside", At(row.number, column), Severity.ERROR)

    def _value(self, row: Row, column: int, kind: DataType | None) -> str | None:
        """The value of a cell, empty where there is none; None for what is no value, which is a finding."""
        cell = row.cells.get(column)
        if cell is None:
            return ""
        value = self._read(cell, At(row.number, column), kind)
        if value is None:
            return None
        if len(value) > LONGEST:
            return self._refused("cell-too-long", At(row.number, column), limit=str(LONGEST))
        self._characters += len(value)
        if self._characters > MOST_CHARACTERS:
            raise Unreadable("too-large", limit=f"{MOST_CHARACTERS} characters")
        return value

    def _read(self, cell: Element, at: At, kind: DataType | None) -> str | None:
        form, value = cell.get("t", "n"), _plain(self._book, cell, self._table.sheet.part)
        if any(local(one) == "f" for one in cell):
            return self._refused("formula", at)
        match form:
            case "s" | "inlineStr" | "str":
                return value if value is not None else self._refused("no-such-string", at)
            case "b" if value in ("0", "1"):
                return "true" if value == "1" else "false"
            case "e":
                return self._refused("error-value", at, value=(value or "")[:20])
            case "d":
                return (value or "").removesuffix("T00:00:00") if kind is DataType.DATE else value
            case "n":
                return self._number(cell, value or "", at, kind) if value else ""
            case _:
                return self._refused("no-number", at, value=(value or "")[:40])

    def _number(self, cell: Element, value: str, at: At, kind: DataType | None) -> str | None:
        try:
            return values.number(value, self._book.style(cell.get("s")), kind, from_1904=self._book.from_1904)
        except values.Doubtful as doubt:
            return self._refused(str(doubt), at, value=value[:40])
        except ValueError:
            return self._refused("no-number", at, value=value[:40])

    def _place(self, at: At) -> Place:
        cell = sheets.name(at.column, at.line) if at.column else ""
        path = f"{self._table.sheet.name}!{cell}"
        return Place(line=at.line, column=at.column, element=at.column if at.key else None, tag=at.key, path=path)

    def _refused(self, key: str, at: At, **params: str) -> str | None:
        """Keep the finding that a cell holds no value: None, which stands for that."""
        self._note(key, at, Severity.ERROR, **params)
        return None

    def _note(self, key: str, at: At, severity: Severity, **params: str) -> None:
        """Keep the finding ``xlsx.<key>``."""
        finding = Finding(f"xlsx.{key}", self._place(at), severity, tuple(params.items()))
        self.records.found.append(finding)
