"""A sample Document of any CSV layout."""

from hub.model.message import Document
from hub.schema.csv import CsvSchema
from hub.schema.sampling import Extent, Sampling


def document(schema: CsvSchema, sampling: Sampling) -> Document:
    """One record (a varied sample: up to three) whose cells fit their columns."""
    record = schema.record
    count = sampling.times(1, record.max) if sampling.extent is Extent.VARIED else 1
    return {record.key: [_record(schema, sampling) for _ in range(count)]}


def _record(schema: CsvSchema, sampling: Sampling) -> dict[str, str]:
    columns = [column for column in schema.record.children if sampling.times(column.min, 1)]
    columns = columns or [schema.record.children[0]]
    return {column.key: sampling.leaf(column, schema.codes.get(column.codes or "")) for column in columns}
