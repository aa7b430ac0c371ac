"""CSV → Reading, by a layout: RFC 4180, one record a row, findings at line and column. Never raises on any bytes."""

import csv
import io
from collections.abc import Iterator

from hub.formats.csv import cells, formulas
from hub.formats.csv.layouts import choose
from hub.model.finding import Finding, Place, Severity
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.schema.memo import per_schema
from hub.schema.model import DataType

MOST_BYTES = 64 * 1024 * 1024
MOST_FINDINGS = 100


def read(data: bytes, catalog: Catalog, *, expected: tuple[str, ...] = ()) -> Reading:
    """``data`` by the layout that its header names, or the one headerless layout among ``expected`` (schema ids)."""
    schema = choose(data, catalog, expected)
    if schema is None:
        return Reading(Syntax.CSV, findings=(Finding("csv.unknown-layout", Place(line=1, offset=0)),))
    if len(data) > MOST_BYTES:
        place = Place(offset=MOST_BYTES)
        return Reading(Syntax.CSV, findings=(Finding("csv.too-large", place, params=(("limit", str(MOST_BYTES)),)),))
    document, found = _Rows(schema).read(data)
    message = Message(schema.id, document=document, findings=_bounded(found), end=len(data))
    return Reading(Syntax.CSV, (Interchange(Syntax.CSV, messages=(message,)),))


def _bounded(found: list[Finding]) -> tuple[Finding, ...]:
    if len(found) <= MOST_FINDINGS:
        return tuple(found)
    more = Finding("csv.more", Place(), Severity.INFO, (("limit", str(MOST_FINDINGS)),))
    return (*found[:MOST_FINDINGS], more)


@per_schema
def _checks(schema: CsvSchema) -> tuple[tuple[str, cells.Check, bool], ...]:
    """For each column: its key, its check, and whether a guard may stand before its value."""
    return tuple(
        (column.key, cells.check(column, schema.codes.get(column.codes or "")), _guarded(schema, column.type))
        for column in schema.record.children
    )


def _guarded(schema: CsvSchema, kind: DataType | None) -> bool:
    return schema.guarded and kind is DataType.TEXT


class _Rows:
    """Reads the rows of one file; collects what is wrong with them, and stops when enough was found."""

    def __init__(self, schema: CsvSchema) -> None:
        self._schema = schema
        self._columns = _checks(schema)
        self._found: list[Finding] = []

    def read(self, data: bytes) -> tuple[Document | None, list[Finding]]:
        """The Document, or None when the bytes cannot be read at all, and up to MOST_FINDINGS + a row's findings."""
        text = self._decoded(data)
        if text is None:
            return None, self._found
        record = self._schema.record.key
        try:
            records = list(self._records(text))
        except csv.Error as error:
            self._note("malformed", self._line + 1, reason=str(error))
            return None, self._found
        if not records and not self._found:
            self._note("no-records", 1)
        return {record: records}, self._found

    def _decoded(self, data: bytes) -> str | None:
        codec = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else self._schema.codec
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            params = (("charset", codec.removesuffix("-sig")),)
            self._found.append(Finding("csv.charset", Place(line=line, offset=error.start), params=params))
            return None
        at = text.find("\0")
        if at >= 0:
            self._note("malformed", text.count("\n", 0, at) + 1, reason="NUL")
            return None
        return text

    def _records(self, text: str) -> Iterator[dict[str, str]]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=self._schema.delimiter, strict=True)
        self._line = 0
        order = self._order(next(rows, []) if self._schema.header else None)
        number = 0
        while order and len(self._found) <= MOST_FINDINGS:
            self._line = rows.line_num
            row = next(rows, None)
            if row is None:
                return
            if not row:  # a blank line
                continue
            number += 1
            if number > self._schema.max_records:
                self._note("too-many-records", self._line + 1, limit=str(self._schema.max_records))
                return
            yield self._record(row, order, number)

    def _order(self, header: list[str] | None) -> list[int]:
        """Which column each cell of a row belongs to; empty when the header does not tell."""
        names = [key for key, _, _ in self._columns]
        if header is None:
            return list(range(len(names)))
        for at, name in enumerate(header, 1):
            if name not in names:
                self._note("unknown-column", 1, at, name=name[:80])
            elif name in header[: at - 1]:
                self._note("column-twice", 1, at, name=name)
        for name in names:
            if name not in header:
                self._note("missing-column", 1, name=name)
        return [] if self._found else [names.index(name) for name in header]

    def _record(self, row: list[str], order: list[int], number: int) -> dict[str, str]:
        if len(row) != len(order):
            self._note("cells", self._line + 1, count=str(len(row)), expected=str(len(order)))
            return {}
        record = {}
        for at, (cell, column) in enumerate(zip(row, order, strict=True), 1):
            key, check, guarded = self._columns[column]
            value = formulas.unguard(cell) if guarded and cell[:1] == "'" else cell
            fault = check(value)
            if fault:
                path = f"{self._schema.record.key}[{number}]/{key}"
                place = Place(line=self._line + 1, column=at, element=at, tag=key, path=path)
                self._found.append(Finding(f"csv.{fault[0]}", place, params=fault[1]))
            if value:
                record[key] = value
        return record

    def _note(self, key: str, line: int, column: int | None = None, **params: str) -> None:
        self._found.append(Finding(f"csv.{key}", Place(line=line, column=column), params=tuple(params.items())))
