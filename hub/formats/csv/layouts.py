"""Which layout is a CSV file or sheet written by? Its header tells; without one the receiver must name the layout."""

import csv
from collections.abc import Callable
from functools import lru_cache

from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema

_HEAD = 16 * 1024  # bytes in which the header must end
_ENOUGH = 0.5  # share of a layout's columns that a header must name to be meant for it


def choose(data: bytes, catalog: Catalog, expected: tuple[str, ...] = ()) -> CsvSchema | None:
    """The layout that ``data`` was written by, among the installed ones or only those of ``expected`` (schema ids)."""
    return best(lambda layout: header(data, layout.delimiter), catalog, expected)


def best(names: Callable[[CsvSchema], list[str]], catalog: Catalog, expected: tuple[str, ...]) -> CsvSchema | None:
    """The layout that is meant by a header, of which ``names`` tells what it says, read as a layout would have it.

    A header that names at least half of a layout's columns is meant for it: what is wrong with it is then a finding.
    """
    wanted = tuple(schema_id for schema_id in expected if schema_id.startswith("csv:"))
    layouts = tuple(_layout(catalog, schema_id) for schema_id in wanted or _ids(catalog))
    found = max(layouts, key=lambda layout: likeness(names(layout), layout), default=None)
    if found is not None and likeness(names(found), found) >= _ENOUGH:
        return found
    plain = [layout for layout in layouts if not layout.header]
    return plain[0] if wanted and len(plain) == 1 else None


def likeness(names: list[str], layout: CsvSchema) -> float:
    """How much of ``layout`` a header of those names has: 0 none, 1 all and nothing else."""
    if not layout.header:
        return 0.0
    named = set(names)
    columns = {column.tag for column in layout.record.children}
    return len(named & columns) / len(columns | named)


def header(data: bytes, delimiter: str) -> list[str]:
    """The cells of the first line; empty when it is no text or not ended within 16 kB."""
    line = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if len(line) >= _HEAD - 3:
        return []
    try:
        return next(csv.reader([line.decode("utf-8").rstrip("\r")], delimiter=delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return []


@lru_cache(maxsize=8)
def _ids(catalog: Catalog) -> tuple[str, ...]:
    return tuple(schema_id for schema_id in catalog.ids() if schema_id.startswith("csv:"))


def _layout(catalog: Catalog, schema_id: str) -> CsvSchema:
    schema = catalog.get(schema_id)
    assert isinstance(schema, CsvSchema)  # csv: ids name no others
    return schema
