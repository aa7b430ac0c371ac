"""Document ↔ XML: the golden files, what is tolerated, and what the writer refuses."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from hub.errors import WriteError
from hub.formats.xml import reader, writer
from hub.model.message import Document, Message, Syntax
from hub.schema import xsd
from hub.schema.catalog import Catalog
from hub.schema.xmlparser import parse

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "xml"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.in"))


def message(data: bytes, catalog: Catalog) -> Message:
    reading = reader.read(data, catalog)
    assert reading.syntax is Syntax.XML
    assert len(reading.interchanges) == 1
    return reading.interchanges[0].messages[0]


@pytest.fixture
def manifest(catalog: Catalog) -> Document:
    document = message((GOLDEN / "01-road-manifest.in").read_bytes(), catalog).document
    assert document is not None
    return copy.deepcopy(document)


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, catalog: Catalog) -> None:
    data = (GOLDEN / f"{name}.in").read_bytes()
    reading = reader.read(data, catalog)
    found = [f"{one.code} line {one.place.line} {one.place.path or '-'}" for one in reading.all_findings()]
    assert found == (GOLDEN / f"{name}.findings").read_text("utf-8").splitlines()
    expected = GOLDEN / f"{name}.out"
    assert reading.valid == expected.exists()
    if reading.valid:
        whole = message(data, catalog)
        assert whole.document == json.loads(expected.read_text("utf-8"))
        assert (whole.start, whole.end) == (0, len(data))


@pytest.mark.parametrize("name", [name for name in NAMES if (GOLDEN / f"{name}.out").exists()])
def test_what_is_read_can_be_written_and_is_the_same(name: str, catalog: Catalog) -> None:
    first = message((GOLDEN / f"{name}.in").read_bytes(), catalog)
    written = writer.write(first.document or {}, catalog.get(first.type))
    assert written.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
    again = message(written, catalog)
    assert again.valid
    assert again.document == first.document
    assert writer.write(again.document or {}, catalog.get(first.type)) == written


def test_order_is_the_schemas_whatever_the_documents(manifest: Document, catalog: Catalog) -> None:
    schema = catalog.get("xsd:manifest:MT1401")
    turned = {key: dict(reversed(value.items())) for key, value in reversed(manifest.items())}
    assert writer.write(turned, schema) == writer.write(manifest, schema)


def test_a_signature_is_no_part_of_the_document(catalog: Catalog) -> None:
    signed = message((GOLDEN / "02-advance-manifest-signed.in").read_bytes(), catalog)
    assert signed.valid
    assert list(signed.document or {}) == ["Head", "Declaration"]


def test_an_element_too_many_is_found_and_kept_once(catalog: Catalog) -> None:
    data = (GOLDEN / "01-road-manifest.in").read_bytes()
    double = message(data.replace(b"<TypeCode>3</TypeCode>", b"<TypeCode>3</TypeCode><TypeCode>4</TypeCode>"), catalog)
    assert [finding.code for finding in double.findings] == ["xml.unexpected-element"]
    assert (double.document or {})["Declaration"]["BorderTransportMeans"]["TypeCode"] == "3"


def test_special_characters_survive(manifest: Document, catalog: Catalog) -> None:
    text = "a<b>&\"c'\r\n\t ]]> 长沙 𠀀 "
    manifest["Declaration"]["Consignment"][0]["Consignee"]["Name"] = text
    manifest["Declaration"]["Consignment"][0]["TotalPackageQuantity"]["@unitCode"] = "<\"&'\n\t"
    again = message(writer.write(manifest, catalog.get("xsd:manifest:MT1401")), catalog).document or {}
    assert again == manifest


def _put(document: Any, path: str, value: Any) -> None:
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        document = document[step]
    if value is None:
        del document[last]
    else:
        document[last] = value


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("Surprise", "x", "Surprise: is not in the schema"),
        ("Head/Surprise", "x", "Head/Surprise: is not in the schema"),
        ("Declaration/Consignment/0/Surprise", "x", r"Declaration/Consignment\[1\]/Surprise: is not in the schema"),
        ("Head/MessageID", None, "Head/MessageID: is missing"),
        ("Head/MessageID", 5, "Head/MessageID: must be text, not int"),
        ("Head/MessageID", ["M1"], "Head/MessageID: must be text, not a list"),
        ("Head", "x", "Head: must be a table"),
        ("Declaration/Consignment", {}, "Declaration/Consignment: must be a list"),
        ("Declaration/Consignment", [], "Declaration/Consignment: is missing"),
        ("Head/MessageID", "a\x00b", r"Head/MessageID: the character U\+0000"),
        ("Head/MessageID", "a\ud800b", r"Head/MessageID: the character U\+D800"),
        (
            "Declaration/Consignment/0/ConsignmentItem/0/Packaging/QuantityQuantity/@unitCode",
            7,
            r"Consignment\[1\]/ConsignmentItem\[1\]/Packaging/QuantityQuantity/@unitCode: must be text",
        ),
        (
            "Declaration/Consignment/0/Consignee/Communication",
            [{"ID": "1", "TypeID": "TE"}] * 4,
            "Communication: comes 4 times, 3 are",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(
    path: str, value: Any, expected: str, manifest: Document, catalog: Catalog
) -> None:
    _put(manifest, path, value)
    with pytest.raises(WriteError, match=f"^xsd:manifest:MT1401: .*{expected}"):
        writer.write(manifest, catalog.get("xsd:manifest:MT1401"))


def test_elements_of_no_namespace_and_attributes_with_one(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "other.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o">'
        '<xs:attribute name="a" type="xs:string"/><xs:element name="e" type="xs:string"/></xs:schema>',
        "utf-8",
    )
    (tmp_path / "f" / "T.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns:o="urn:o">'
        '<xs:import namespace="urn:o" schemaLocation="other.xsd"/><xs:element name="T"><xs:complexType><xs:sequence>'
        '<xs:element name="plain" type="xs:string"/><xs:element ref="o:e"/></xs:sequence><xs:attribute ref="o:a"/>'
        "</xs:complexType></xs:element></xs:schema>",
        "utf-8",
    )
    schema = xsd.load(tmp_path, "f", "T")
    document = {"@a": "1", "plain": "2", "e": "3"}
    written = writer.write(document, schema)
    root = parse(written).root
    assert root is not None
    assert root.tag == "{urn:t}T"
    assert [child.tag for child in root] == ["plain", "{urn:o}e"]
    assert xsd.validator(schema).validate(root), xsd.validator(schema).error_log
    assert reader.document(root, schema) == document
