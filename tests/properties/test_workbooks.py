"""Workbooks: whatever a layout allows comes back; any damage is findings or an equal reading; strangers agree."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.formats.read import read
from hub.formats.xlsx import writer
from hub.model.message import Reading
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema

CATALOG = Catalog(Path(__file__).resolve().parents[2] / "schemas")
LAYOUTS = [schema_id for schema_id in CATALOG.ids() if schema_id.startswith("csv:")]
RELAXED = settings(suppress_health_check=list(HealthCheck), max_examples=100)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
ODD = st.sampled_from(
    ["=1", "+1", "-x", "@x", "'=1", "''+1", "'", "_x000D_", "_x005F_", "__x0041_", "_X0041_", "\r", " ", "\ufffe"]
)


def layout(schema_id: str) -> CsvSchema:
    schema = CATALOG.get(schema_id)
    assert isinstance(schema, CsvSchema)
    return schema


@pytest.mark.parametrize("schema_id", LAYOUTS)
@RELAXED
@given(data=st.data())
def test_read_after_write_is_the_identity(schema_id: str, data: st.DataObject) -> None:
    schema = layout(schema_id)
    record = st.fixed_dictionaries(
        {column.key: TEXT | ODD for column in schema.record.children if column.min},
        optional={column.key: TEXT | ODD for column in schema.record.children if not column.min},
    )
    document = {schema.record.key: data.draw(st.lists(record, min_size=1, max_size=3))}
    (message,) = read(writer.write(document, schema), CATALOG).interchanges[0].messages
    assert (message.type, message.document) == (schema_id, document)


ANSWER = layout("csv:quarantine:passengers-answer")
DOCUMENT = {
    "passenger": [
        {"message_id": "M1", "trip": "OA1", "number": str(number), "status": "800", "text": f"放行 {number}"}
        for number in range(3)
    ]
}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    return out.getvalue()


def ours() -> bytes:
    return writer.write(DOCUMENT, ANSWER)


def theirs() -> bytes:
    """The same as openpyxl writes it: with shared strings, a number, and styles."""
    book = openpyxl.Workbook()
    assert book.active is not None
    keys = [column.key for column in ANSWER.record.children]
    book.active.append(keys)
    for record in DOCUMENT["passenger"]:
        book.active.append([int(record[key]) if key == "number" else record.get(key) for key in keys])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WHOLE = {"ours": ours(), "theirs": theirs()}
PARTS = {name: parts(data) for name, data in WHOLE.items()}
READ = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "_rels/.rels"]


def rows(reading: Reading) -> list[Any]:
    return [message.document for one in reading.interchanges for message in one.messages]


def survives(data: bytes) -> Reading:
    reading = read(data, CATALOG)
    for found in reading.all_findings():
        assert found.place.offset is not None or found.place.line is not None or found.code.endswith("more")
        assert found.as_json()["zh"]
    return reading


def test_both_read_alike() -> None:
    assert rows(survives(WHOLE["ours"])) == rows(survives(WHOLE["theirs"])) == [DOCUMENT]


@pytest.mark.parametrize("name", WHOLE)
@RELAXED
@given(at=st.integers(0, 100_000), length=st.integers(0, 40), piece=st.binary(max_size=8))
def test_any_piece_of_the_file_replaced(name: str, at: int, length: int, piece: bytes) -> None:
    data = WHOLE[name]
    at %= len(data)
    changed = data[:at] + piece + data[at + length :]
    reading = survives(changed)
    assert rows(reading) in ([DOCUMENT], []) or reading.all_findings() or changed == data


@pytest.mark.parametrize("name", WHOLE)
@RELAXED
@given(
    part=st.sampled_from(READ),
    at=st.integers(0, 100_000),
    length=st.integers(0, 40),
    piece=st.binary(max_size=8) | st.sampled_from([b"<c/>", b' t="s"', b"<f>1</f>", b"<row/>", b"&amp;", b"99999999"]),
)
@example(part=READ[0], at=0, length=100_000, piece=b"")
def test_any_piece_of_a_part_replaced(name: str, part: str, at: int, length: int, piece: bytes) -> None:
    content = dict(PARTS[name])
    at %= len(content[part])
    content[part] = content[part][:at] + piece + content[part][at + length :]
    survives(packed(content))


@RELAXED
@given(reference=st.sampled_from(["A1", "B3", "C4", "G2"]), instead=st.from_regex(r"[A-H][0-9]{1,2}", fullmatch=True))
def test_a_cell_renamed_is_never_lost(reference: str, instead: str) -> None:
    """A value moves with its cell, or the file is refused; it does not vanish."""
    content = dict(PARTS["ours"])
    sheet = content[READ[0]]
    changed = sheet.replace(f'r="{reference}"'.encode(), f'r="{instead}"'.encode())
    content[READ[0]] = changed
    reading = survives(packed(content))
    assert reading.all_findings() or values(rows(reading)) == values([DOCUMENT])


def values(documents: list[Any]) -> list[str]:
    """All values, wherever they stand."""
    return sorted(value for document in documents for record in document["passenger"] for value in record.values())
