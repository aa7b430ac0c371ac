"""Rows of cells → records, by a layout: what CSV files and workbooks have in common."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hub.formats.csv import cells, formulas
from hub.model.finding import Finding, Place, Severity
from hub.schema.csv import CsvSchema
from hub.schema.memo import per_schema
from hub.schema.model import DataType

MOST_FINDINGS = 100


class At(NamedTuple):
    """A row or cell: 1-based ``line`` and ``column`` of the file; ``key`` and ``number`` name the column and record."""

    line: int
    column: int | None = None
    key: str | None = None
    number: int = 0


class Records:
    """Checks header and rows one by one and keeps what is wrong; ``place`` says where that is in its kind of file."""

    def __init__(self, schema: CsvSchema, place: Callable[[At], Place]) -> None:
        self.found: list[Finding] = []
        self._schema = schema
        self._columns = _checks(schema)
        self._place = place
        self._order: list[int] = []
        self._number = 0

    def begin(self, header: Sequence[tuple[int, str]] | None, line: int = 1) -> bool:
        """Take the header (each name with its column; None: the layout has none); whether rows can be told by it."""
        names = [key for key, _, _ in self._columns]
        if header is None:
            self._order = list(range(len(names)))
            return True
        given = [name for _, name in header]
        for at, (column, name) in enumerate(header):
            if name not in names:
                self.note("unknown-column", At(line, column), name=name[:80])
            elif name in given[:at]:
                self.note("column-twice", At(line, column), name=name)
        for name in names:
            if name not in given:
                self.note("missing-column", At(line), name=name)
        self._order = [] if self.found else [names.index(name) for name in given]
        return bool(self._order)

    def more(self) -> bool:
        """Whether it is worth reading on: not when enough was found."""
        return len(self.found) <= MOST_FINDINGS

    def takes(self, line: int) -> bool:
        """Count one more record, on ``line``; False when that is one too many."""
        self._number += 1
        if self._number > self._schema.max_records:
            self.note("too-many-records", At(line), limit=str(self._schema.max_records))
            return False
        return True

    def record(self, row: Sequence[str | None], line: int, columns: Sequence[int] | None = None) -> dict[str, str]:
        """The record of one row; ``columns`` says where its cells stand (None: one after the other). A cell that is
        None has its finding already."""
        if len(row) != len(self._order):
            self.note("cells", At(line), count=str(len(row)), expected=str(len(self._order)))
            return {}
        record = {}
        for at, (cell, column) in enumerate(zip(row, self._order, strict=True)):
            key, check, guarded = self._columns[column]
            if cell is None:
                continue
            value = formulas.unguard(cell) if guarded and cell[:1] == "'" else cell
            fault = check(value)
            if fault:
                where = self._place(At(line, columns[at] if columns else at + 1, key, self._number))
                self.found.append(Finding(f"csv.{fault[0]}", where, params=fault[1]))
            if value:
                record[key] = value
        return record

    def kind(self, at: int) -> DataType | None:
        """The type of the layout's column in which the ``at``-th cell of each row stands."""
        return self._schema.record.children[self._order[at]].type

    def note(self, key: str, at: At, **params: str) -> None:
        """Keep the finding ``csv.<key>``."""
        self.found.append(Finding(f"csv.{key}", self._place(at), params=tuple(params.items())))

    def bounded(self) -> tuple[Finding, ...]:
        """What was found, or the first of it and that there is more."""
        if len(self.found) <= MOST_FINDINGS:
            return tuple(self.found)
        more = Finding("csv.more", Place(), Severity.INFO, (("limit", str(MOST_FINDINGS)),))
        return (*self.found[:MOST_FINDINGS], more)


@per_schema
def _checks(schema: CsvSchema) -> tuple[tuple[str, cells.Check, bool], ...]:
    """For each column: its key, its check, and whether a guard may stand before its value."""
    return tuple(
        (column.key, cells.check(column, schema.codes.get(column.codes or "")), _guarded(schema, column.type))
        for column in schema.record.children
    )


def _guarded(schema: CsvSchema, kind: DataType | None) -> bool:
    return schema.guarded and kind is DataType.TEXT
