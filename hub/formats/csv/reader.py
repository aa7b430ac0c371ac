"""CSV → Reading, by a layout: RFC 4180, one record a row, findings at line and column. Never raises on any bytes."""

import csv
import io
from collections.abc import Iterator

from hub.formats.csv.layouts import choose
from hub.formats.csv.records import MOST_FINDINGS, At, Records
from hub.model.finding import Finding, Place
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema

__all__ = ["MOST_BYTES", "MOST_FINDINGS", "read"]

MOST_BYTES = 64 * 1024 * 1024


def read(data: bytes, catalog: Catalog, *, expected: tuple[str, ...] = ()) -> Reading:
    """``data`` by the layout that its header names, or the one headerless layout among ``expected`` (schema ids)."""
    schema = choose(data, catalog, expected)
    if schema is None:
        return Reading(Syntax.CSV, findings=(Finding("csv.unknown-layout", Place(line=1, offset=0)),))
    if len(data) > MOST_BYTES:
        place = Place(offset=MOST_BYTES)
        return Reading(Syntax.CSV, findings=(Finding("csv.too-large", place, params=(("limit", str(MOST_BYTES)),)),))
    rows = _Rows(schema)
    document = rows.read(data)
    message = Message(schema.id, document=document, findings=rows.records.bounded(), end=len(data))
    return Reading(Syntax.CSV, (Interchange(Syntax.CSV, messages=(message,)),))


class _Rows:
    """Reads the rows of one file; collects what is wrong with them, and stops when enough was found."""

    def __init__(self, schema: CsvSchema) -> None:
        self.records = Records(schema, self._place)
        self._schema = schema
        self._line = 0

    def read(self, data: bytes) -> Document | None:
        """The Document, or None when the bytes cannot be read at all."""
        text = self._decoded(data)
        if text is None:
            return None
        try:
            records = list(self._records(text))
        except csv.Error as error:
            self.records.note("malformed", At(self._line + 1), reason=str(error))
            return None
        if not records and not self.records.found:
            self.records.note("no-records", At(1))
        return {self._schema.record.key: records}

    def _place(self, at: At) -> Place:
        if at.key is None:
            return Place(line=at.line, column=at.column)
        path = f"{self._schema.record.key}[{at.number}]/{at.key}"
        return Place(line=at.line, column=at.column, element=at.column, tag=at.key, path=path)

    def _decoded(self, data: bytes) -> str | None:
        codec = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else self._schema.codec
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            params = (("charset", codec.removesuffix("-sig")),)
            self.records.found.append(Finding("csv.charset", Place(line=line, offset=error.start), params=params))
            return None
        at = text.find("\0")
        if at >= 0:
            self.records.note("malformed", At(text.count("\n", 0, at) + 1), reason="NUL")
            return None
        return text

    def _records(self, text: str) -> Iterator[dict[str, str]]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=self._schema.delimiter, strict=True)
        header = list(enumerate(next(rows, []), 1)) if self._schema.header else None
        going = self.records.begin(header)
        while going and self.records.more():
            self._line = rows.line_num
            row = next(rows, None)
            if row is None:
                return
            if not row:  # a blank line
                continue
            if not self.records.takes(self._line + 1):
                return
            yield self.records.record(row, self._line + 1)
