"""Workbooks written: what other programs read in them, and that nothing in them runs."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from hub.errors import WriteError
from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.formats.xlsx import writer
from hub.model.form import Form
from hub.model.message import Document
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.schema.sampling import Extent
from tests.unit.formats.xlsx.boxes import HEADER, parts

ANSWER = "csv:quarantine:passengers-answer"
ODD = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "'", "007", "430101199001011234", "1E5", " x ", "a\nb\r\nc\rd"]
ODD += ["_x000D_", "\x1f", "<&\"'>", "放行", "😀", "\ufffe", "true", "2026-03-01", "#N/A"]


def answer(catalog: Catalog) -> CsvSchema:
    schema = catalog.get(ANSWER)
    assert isinstance(schema, CsvSchema)
    return schema


def row(text: str) -> dict[str, str]:
    return {"message_id": "M1", "number": "1", "status": "800", "text": text}


def by_openpyxl(data: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} == {"s"}
    return [[cell.value or "" for cell in line] for line in sheet.iter_rows()]


def by_calamine(data: bytes) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("stranger", [by_openpyxl, by_calamine])
def test_strangers_read_the_same(catalog: Catalog, stranger: Callable[[bytes], list[list[Any]]]) -> None:
    plain = ["007", "430101199001011234", "1E5", " x ", "a\nb", "放行", "😀", "<&\"'>", "2026-03-01", "true"]
    data = writer.write({"passenger": [row(text) for text in plain]}, answer(catalog))
    head, *rows = stranger(data)
    assert head == HEADER
    assert [line[-1] for line in rows] == plain
    assert [line[0] for line in rows] == ["M1"] * len(plain)


def test_every_odd_text_comes_back(catalog: Catalog) -> None:
    document: Document = {"passenger": [row(text) for text in ODD]}
    reading = read(writer.write(document, answer(catalog)), catalog)
    assert reading.interchanges[0].messages[0].document == document


def test_nothing_is_a_formula(catalog: Catalog) -> None:
    """For a stranger each is a text, and one that a spreadsheet would run when the sheet is saved as CSV is guarded."""
    data = writer.write({"passenger": [row(text) for text in ODD[:5]]}, answer(catalog))
    assert [line[-1] for line in by_openpyxl(data)[1:]] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "''=1"]
    assert b"<f" not in parts(data)["xl/worksheets/sheet1.xml"]


def test_the_same_document_gives_the_same_bytes(catalog: Catalog) -> None:
    document: Document = {"passenger": [row("x")]}
    assert writer.write(document, answer(catalog)) == writer.write(document, answer(catalog))


def test_columns_are_text_for_who_writes_into_them(catalog: Catalog) -> None:
    book = openpyxl.load_workbook(io.BytesIO(writer.write({"passenger": [row("x")]}, answer(catalog))))
    sheet = book.active
    assert sheet is not None
    assert {cell.number_format for line in sheet.iter_rows() for cell in line if cell.value} == {"@"}
    assert sheet.freeze_panes == "A2"
    assert sheet.title == "passengers-answer"


@pytest.mark.parametrize("extent", list(Extent))
@pytest.mark.parametrize("type_", [ANSWER, "csv:quarantine:passengers"])
def test_samples_and_conversions(catalog: Catalog, type_: str, extent: Extent) -> None:
    sample = samples.transmission(catalog.get(type_), extent)
    reading = read(convert([sample], Form.XLSX, catalog), catalog)
    assert reading.valid, reading.all_findings()
    for form in (Form.CSV, Form.JSON, Form.XML, Form.XLSX):
        again = read(convert(reading.interchanges, form, catalog), catalog)
        assert again.valid
        assert again.interchanges[0].messages[0].document == sample.messages[0].document


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ({"passenger": [{"message_id": "M1"}]}, r"passenger\[1\]/number: is missing"),
        ({"passenger": [row("a\0b")]}, r"U\+0000"),
        ({"passenger": [row("\ud800")]}, r"U\+D800"),
        ({"passenger": [row("x" * 40_000)]}, "cell G2: 40000 characters"),
        ({"other": []}, "other: is not in the layout"),
    ],
)
def test_what_does_not_fit(catalog: Catalog, document: Document, wrong: str) -> None:
    with pytest.raises(WriteError, match=wrong):
        writer.write(document, answer(catalog))


@pytest.mark.parametrize("count", [0, 2])
def test_one_message_in_a_file(catalog: Catalog, count: int) -> None:
    one = samples.transmission(catalog.get(ANSWER))
    with pytest.raises(WriteError, match=f"not {count}"):
        convert([one] * count, Form.XLSX, catalog)


def test_only_what_csv_holds(catalog: Catalog) -> None:
    with pytest.raises(WriteError, match="xlsx does not hold xml messages"):
        convert([samples.transmission(catalog.get("xsd:manifest:MT1401"))], Form.XLSX, catalog)


def test_no_file_of_another_kind_imports_the_reader() -> None:
    """What reads workbooks is imported with the first of them."""
    import subprocess
    import sys

    code = "import sys, hub.formats.read; print([name for name in sys.modules if 'xlsx' in name or 'zipfile' in name])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).anchor
    )
    assert done.stdout.strip() == "[]"
