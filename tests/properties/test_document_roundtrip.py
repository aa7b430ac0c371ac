"""Whatever Document a schema allows: written as XML or CSV and read again, it is the same."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats.csv import reader as csv_reader
from hub.formats.csv import writer as csv_writer
from hub.formats.xml import reader, writer
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.schema.model import DataType, Node
from hub.schema.xmlparser import parse

CATALOG = Catalog(Path(__file__).resolve().parents[2] / "schemas")
XSDS = [schema_id for schema_id in CATALOG.ids() if schema_id.startswith("xsd:")]
LAYOUTS = [schema_id for schema_id in CATALOG.ids() if schema_id.startswith("csv:")]
# XML 1.0 §2.2: what may stand in a document at all.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"),
    max_size=12,
)


@cache
def documents(node: Node) -> st.SearchStrategy[Any]:
    """Documents of ``node``'s shape: everything mandatory, some of the rest, at most two of what repeats."""
    if not node.children:
        if node.type is None:  # what only a wildcard could fill
            return st.just({})
        return TEXT if node.type is DataType.TEXT else TEXT.map(str.strip)
    required, optional = {}, {}
    for child in node.children:
        value = documents(child)
        if child.max != 1:
            value = st.lists(value, min_size=max(child.min, 1), max_size=max(child.min, 2))
        (required if child.min or child.key == "#text" else optional)[child.key] = value
    return st.fixed_dictionaries(required, optional=optional)


@pytest.mark.parametrize("schema_id", XSDS)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_xml(schema_id: str, data: st.DataObject) -> None:
    schema = CATALOG.get(schema_id)
    document = data.draw(documents(schema.root))
    root = parse(writer.write(document, schema)).root
    assert root is not None
    assert reader.document(root, schema) == document


@pytest.mark.parametrize("schema_id", LAYOUTS)
@settings(max_examples=100)
@given(data=st.data())
def test_csv(schema_id: str, data: st.DataObject) -> None:
    schema = CATALOG.get(schema_id)
    assert isinstance(schema, CsvSchema)
    formulas = st.sampled_from(["=1", "+1", "-x", "@x", "'=1", "''+1", "'", "it's", '"', ",", "\r", "\n", "=\r\n\t"])
    cell = TEXT.filter(bool) | formulas
    record = st.fixed_dictionaries(
        {column.key: cell for column in schema.record.children if column.min},
        optional={column.key: cell for column in schema.record.children if not column.min},
    )
    document = {schema.record.key: data.draw(st.lists(record, min_size=1, max_size=3))}
    reading = csv_reader.read(csv_writer.write(document, schema), CATALOG)
    message = reading.interchanges[0].messages[0]
    assert message.type == schema_id
    assert message.document == document
