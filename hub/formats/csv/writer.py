"""Document → CSV, by a layout: RFC 4180, the layout's columns in its order; the same Document gives the same bytes."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Literal

from hub.errors import WriteError
from hub.formats.csv import formulas
from hub.model.message import Document
from hub.schema.csv import CsvSchema
from hub.schema.model import DataType, Node


def write(document: Document, schema: CsvSchema) -> bytes:
    """``document`` as CSV. Raises WriteError naming the record and column of what does not fit; values are not checked
    beyond being there."""
    out = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if schema.quote_all else csv.QUOTE_MINIMAL
    written = csv.writer(out, delimiter=schema.delimiter, lineterminator="\r\n", quoting=quoting)  # RFC 4180 §2.1
    written.writerows(rows(document, schema))
    text = out.getvalue()
    try:
        return text.encode(schema.codec)
    except UnicodeEncodeError as error:
        raise WriteError(f"{schema.id}: a character cannot be written in {schema.codec}: {error.reason}") from error


def rows(document: Document, schema: CsvSchema) -> Iterator[list[str]]:
    """The cells of each row, the header first where the layout has one. Raises WriteError."""
    columns = schema.record.children
    if schema.header:
        yield [column.tag for column in columns]
    for number, record in enumerate(_records(document, schema), 1):
        yield _row(record, columns, schema, number)


def _records(document: Document, schema: CsvSchema) -> list[Any]:
    unknown = next((key for key in document if key != schema.record.key), None)
    if unknown is not None:
        raise WriteError(f"{schema.id}: {unknown}: is not in the layout")
    records = document.get(schema.record.key, [])
    if not isinstance(records, list):
        raise WriteError(f"{schema.id}: {schema.record.key}: must be a list of records")
    if not records:
        raise WriteError(f"{schema.id}: {schema.record.key}: is missing; a file has at least one record")
    return records


def _row(record: Any, columns: tuple[Node, ...], schema: CsvSchema, number: int) -> list[str]:
    at = f"{schema.id}: {schema.record.key}[{number}]"
    if not isinstance(record, dict):
        raise WriteError(f"{at}: must be a table of its columns")
    row = []
    for column in columns:
        value = record.get(column.key, "")
        if not isinstance(value, str):
            raise WriteError(f"{at}/{column.key}: must be text, not {type(value).__name__}")
        if not value and column.min:
            raise WriteError(f"{at}/{column.key}: is missing")
        row.append(formulas.guard(value) if schema.guarded and column.type is DataType.TEXT else value)
    known = {column.key for column in columns}
    unknown = next((key for key in record if key not in known), None)
    if unknown is not None:
        raise WriteError(f"{at}/{unknown}: is not in the layout")
    return row
