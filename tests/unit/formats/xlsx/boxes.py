"""Workbooks for tests: by hand, part by part, and by openpyxl, which stands for the programs that people have."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = ["message_id", "trip", "number", "document_number", "status", "reason", "text"]
ROW = ["M1", "OA123", "1", "L898902C3", "800", None, "放行"]


def made(change: Callable[[Any], None] | None = None, rows: list[list[Any]] | None = None) -> bytes:
    """A workbook that openpyxl writes: the header, ``rows``, and what ``change`` does to it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *([ROW] if rows is None else rows)]:
        sheet.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    """Parts as a workbook again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """``data`` with one part changed."""
    content = parts(data)
    before = content[part]
    content[part] = change(before)
    assert content[part] != before, f"nothing was changed in {part}"
    return packed(content)


def by_hand(cells: str, *, strings: str = "", styles: str = "", workbook: str = "") -> bytes:
    """A workbook whose first sheet holds the XML ``cells`` in its sheetData."""
    relations = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "strings.xml"), ("styles", "styles.xml")]
    rels = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(relations)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    sheet = f"<sheetData>{cells}</sheetData>"
    return packed(
        {
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
            'Target="/xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}<sheets><sheet name="S" '
            'sheetId="1" r:id="r0"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{rels}</Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{MAIN}'>{sheet}</worksheet>".encode(),
            "xl/strings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>'.encode(),
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode(),
        }
    )


def inline(values: dict[str, str]) -> str:
    """Cells of text by their names."""
    return "".join(f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>' for name, value in values.items())


TOP = f'<row r="1">{inline(dict(zip([f"{letter}1" for letter in "ABCDEFG"], HEADER, strict=True)))}</row>'
