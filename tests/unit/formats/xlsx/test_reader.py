"""Workbooks read by layout: what people's programs write, located findings, and what is hostile."""

import io
import struct
import time
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from hub.formats import detect
from hub.formats.read import read
from hub.formats.xlsx import package, reader
from hub.model.finding import Finding, Language, Severity
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog
from tests.unit.formats.xlsx.boxes import HEADER, MAIN, ROW, TOP, by_hand, changed, inline, made, packed, parts

ANSWER = "csv:quarantine:passengers-answer"
SHEET = "xl/worksheets/sheet1.xml"


def only(reading: Reading) -> Finding:
    found = reading.all_findings()
    assert len(found) == 1, found
    for language in Language:
        assert "–" not in found[0].text(language), "a parameter of the text was not given"
        assert found[0].mend(language)
    return found[0]


def records(reading: Reading) -> list[dict[str, str]]:
    document = reading.interchanges[0].messages[0].document
    assert document is not None
    return list(document["passenger"])


def test_what_openpyxl_writes(catalog: Catalog) -> None:
    data = made()
    assert detect.detect(data) is Syntax.XLSX
    reading = read(data, catalog)
    (message,) = reading.interchanges[0].messages
    assert (reading.syntax, reading.valid, message.type, message.end) == (Syntax.XLSX, True, ANSWER, len(data))
    row = {"message_id": "M1", "trip": "OA123", "number": "1", "document_number": "L898902C3", "status": "800"}
    assert records(reading) == [row | {"text": "放行"}]


def test_other_archives_are_no_workbooks() -> None:
    document = packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    assert detect.detect(document) is Syntax.UNKNOWN
    assert detect.unreadable(document).code == "detect.archive"


def test_columns_in_any_order_below_and_beside_blanks(catalog: Catalog) -> None:
    cells = f"""<row r="3">{inline({"C3": "status", "D3": "number", "F3": "message_id", "G3": "trip"})}
    {inline({"H3": "document_number", "I3": "reason", "J3": "text"})}</row>
    <row r="7">{inline({"C7": "800", "D7": "1", "F7": "M1"})}</row>"""
    assert records(read(by_hand(cells), catalog)) == [{"status": "800", "number": "1", "message_id": "M1"}]


NAMES = ["message_id", "trip", "number", "surname", "birth_date", "arrival_time", "document_number", "given_name"]
NAMES += ["role", "sex", "nationality", "document_type", "departure_place", "arrival_place", "embarkation", "function"]


def typed(value: Any, format: str = "General", column: int = 5) -> bytes:
    """A passenger list of one row in which the cell of ``column`` (birth_date by default) holds ``value``."""
    row: list[Any] = ["M1", "OA1", "1", "LI", None, None, None, None]

    def change(book: Any) -> None:
        sheet = book.active
        sheet.delete_rows(1, 2)
        sheet.append(NAMES)
        sheet.append(row)
        cell = sheet.cell(2, column, value)
        cell.number_format = format

    return made(change)


@pytest.mark.parametrize(
    ("value", "format", "column", "text"),
    [
        (date(1990, 1, 31), "yyyy-mm-dd", 5, "1990-01-31"),
        (datetime(1990, 1, 31), 'yyyy"年"m"月"d"日"', 5, "1990-01-31"),  # noqa: DTZ001
        (32904, '[$-804]d"."mmm', 5, "1990-01-31"),
        (19900131, "General", 5, "19900131"),
        ("1990-01-31", "@", 5, "1990-01-31"),
        (datetime(2026, 11, 23, 8, 30), "m/d/yy h:mm", 6, "2026-11-23T08:30:00"),  # noqa: DTZ001
        (date(2026, 11, 23), "m/d/yy", 6, "2026-11-23T00:00:00"),
        (7, "000", 7, "007"),
        (110105199001011, "General", 7, "110105199001011"),
        (3.5, "0.00", 7, "3.5"),
        (0.1 + 0.2, "General", 7, "0.3"),
        (-5, "General", 7, "-5"),
        (1e-5, "0.00E+00", 7, "0.00001"),
        (True, "General", 7, "true"),
    ],
)
def test_values_as_a_person_sees_them(catalog: Catalog, value: Any, format: str, column: int, text: str) -> None:
    reading = read(typed(value, format, column), catalog)
    assert reading.valid, reading.all_findings()
    key = {5: "birth_date", 6: "arrival_time", 7: "document_number"}[column]
    assert records(reading)[0][key] == text


def test_the_calendar_of_1904(catalog: Catalog) -> None:
    styles = '<cellXfs><xf/><xf numFmtId="14"/></cellXfs>'
    cells = f'<row r="1">{inline({f"{chr(65 + at)}1": name for at, name in enumerate(NAMES)})}</row>'
    cells += f'<row r="2">{inline({"A2": "M", "B2": "T", "C2": "1", "D2": "LI"})}<c r="E2" s="1"><v>31442</v></c></row>'
    found = read(by_hand(cells, styles=styles, workbook='<workbookPr date1904="true"/>'), catalog)
    assert records(found)[0]["birth_date"] == "1990-01-31"


@pytest.mark.parametrize(
    ("value", "format", "column", "code"),
    [
        ("=1+1", "General", 7, "xlsx.formula"),
        ('=HYPERLINK("http://x")', "General", 4, "xlsx.formula"),
        ("#N/A", "General", 7, "xlsx.error-value"),
        (430101199001011234, "General", 7, "xlsx.precision"),
        (1e300, "General", 7, "xlsx.precision"),
        (date(2026, 3, 1), "mmm-yy", 7, "xlsx.day-for-text"),
        (datetime(1990, 1, 31, 8), "yyyy-mm-dd hh:mm", 5, "csv.type"),  # noqa: DTZ001
        (60, "yyyy-mm-dd", 5, "csv.type"),
        (0.5, "hh:mm", 5, "csv.type"),
        ("31.01.1990", "General", 5, "csv.type"),
        ("x" * 32_767, "General", 7, "csv.too-long"),
    ],
)
def test_what_is_no_value_of_the_column(catalog: Catalog, value: Any, format: str, column: int, code: str) -> None:
    found = only(read(typed(value, format, column), catalog))
    cell = f"{'ABCDEFGH'[column - 1]}2"
    assert (found.code, found.place.line, found.place.column) == (code, 2, column)
    assert found.place.path == f"Sheet!{cell}"
    assert cell in found.text(Language.EN)


def test_findings_name_sheet_row_column_and_cell(catalog: Catalog) -> None:
    def change(book: Any) -> None:
        book.active.title = "名单 1"

    found = read(
        made(change, [ROW, ["M1", "T" * 18, "one", None, "800", None, "t"], [None] * 7, ["", *ROW[1:]]]), catalog
    )
    assert [(one.code, one.place.path, one.place.line, one.place.tag) for one in found.all_findings()] == [
        ("csv.too-long", "名单 1!B3", 3, "trip"),
        ("csv.type", "名单 1!C3", 3, "number"),
        ("csv.missing", "名单 1!A5", 5, "message_id"),
    ]


def test_a_header_that_is_wrong(catalog: Catalog) -> None:
    data = changed(
        by_hand(TOP + f'<row r="2">{inline({"A2": "M"})}</row>'), SHEET, lambda x: x.replace(b"trip", b"tripp")
    )
    codes = [(found.code, found.place.path) for found in read(data, catalog).all_findings()]
    assert codes == [("csv.unknown-column", "S!B1"), ("csv.missing-column", "S!")]
    assert only(read(by_hand(f'<row r="1">{inline({"A1": "name"})}</row>'), catalog)).code == "xlsx.unknown-layout"
    assert only(read(by_hand(""), catalog)).code == "xlsx.nothing-visible"


def test_a_value_beside_the_table(catalog: Catalog) -> None:
    found = only(read(made(rows=[[*ROW, None, "9.5"]]), catalog))
    assert (found.code, found.place.path) == ("xlsx.outside", "Sheet!I2")


def test_hidden_and_further_sheets_are_told(catalog: Catalog) -> None:
    def change(book: Any) -> None:
        for name, state in (("extra", "visible"), ("secret", "hidden"), ("deep", "veryHidden"), ("empty", "visible")):
            sheet = book.create_sheet(name, 0)
            sheet.sheet_state = state
            if name != "empty":
                sheet.append(["something"])
        book["Sheet"].row_dimensions[2].hidden = True

    reading = read(made(change), catalog)
    found = reading.all_findings()
    assert reading.valid
    assert {one.severity for one in found} == {Severity.WARNING}
    assert [(one.code, dict(one.params).get("sheet")) for one in found] == [
        ("xlsx.hidden-rows", None),
        ("xlsx.hidden-sheet", "deep"),
        ("xlsx.hidden-sheet", "secret"),
        ("xlsx.other-sheet", "extra"),
    ]


def test_a_hidden_sheet_is_never_read(catalog: Catalog) -> None:
    def change(book: Any) -> None:
        book.create_sheet("shown").append(["nothing", "here"])
        book["Sheet"].sheet_state = "hidden"

    assert only(read(made(change), catalog)).code == "xlsx.unknown-layout"


def test_rich_text_readings_and_escapes(catalog: Catalog) -> None:
    strings = """<si><r><t>港</t></r>
    <r><rPr><b/></rPr><t xml:space="preserve"> 口</t></r><rPh sb="0" eb="1"><t>ミナト</t></rPh></si>
    <si><t>a_x000D_b_x005F_x000D__x0000_</t></si>"""
    row = inline({"A2": "M", "C2": "1", "E2": "800"}) + '<c r="G2" t="s"><v>0</v></c>'
    other = inline({"A3": "M", "C3": "1", "E3": "800"}) + '<c r="G3" t="s"><v>1</v></c>'
    found = records(read(by_hand(f'{TOP}<row r="2">{row}</row><row r="3">{other}</row>', strings=strings), catalog))
    assert [one["text"] for one in found] == ["港 口", "a\rb_x000D__x0000_"]


@pytest.mark.parametrize("index", ["9", "-1", "x", "", "99999999999999999999"])
def test_a_string_that_is_not_there(catalog: Catalog, index: str) -> None:
    row = inline({"A2": "M", "C2": "1", "E2": "800"}) + f'<c r="G2" t="s"><v>{index}</v></c>'
    assert only(read(by_hand(f'{TOP}<row r="2">{row}</row>'), catalog)).code == "xlsx.no-such-string"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"/><row r="2"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="1048577"/>',
        '<row r="99999999999999999999"/>',
        '<row r="x"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>',
        '<row r="2"><c r="A3"/></row>',
        '<row r="2"><c r="XFE2"/></row>',
        '<row r="2"><c r="a2"/></row>',
    ],
)
def test_cells_out_of_order_are_not_guessed(catalog: Catalog, rows: str) -> None:
    assert only(read(by_hand(TOP + rows), catalog)).code == "xlsx.malformed"


def test_rows_and_cells_without_numbers_follow_one_another(catalog: Catalog) -> None:
    cells = "".join(f'<c t="str"><v>{name}</v></c>' for name in HEADER)
    values = "".join(f'<c t="str"><v>{value or ""}</v></c>' for value in ROW)
    assert records(read(by_hand(f"<row>{cells}</row><row>{values}</row>"), catalog))[0]["text"] == "放行"


def test_the_strict_form_of_the_standard(catalog: Catalog) -> None:
    strict = {
        name: part.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, part in parts(made()).items()
    }
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, part in strict.items()
    }
    assert read(packed(strict), catalog).valid


def test_a_layout_without_a_header(catalog: Catalog, tmp_path: Any) -> None:
    folder = tmp_path / "csv" / "family"
    folder.mkdir(parents=True)
    (folder / "list.toml").write_text(
        '[layout]\ntitle={zh="表",en="List"}\nsource="test"\nheader=false\n'
        '[[column]]\nname="a"\ntitle={zh="甲",en="A"}\n[[column]]\nname="b"\ntitle={zh="乙",en="B"}\n',
        "utf-8",
    )
    data = by_hand(f'<row r="1">{inline({"A1": "1"})}</row><row r="2">{inline({"B2": "2"})}</row>')
    reading = reader.read(data, Catalog(tmp_path), expected=("csv:family:list",))
    assert reading.interchanges[0].messages[0].document == {"record": [{"a": "1"}, {"b": "2"}]}


def test_records_are_counted(catalog: Catalog) -> None:
    most = catalog.get(ANSWER).max_records  # type: ignore[attr-defined]
    cells = "".join(f'<c t="str"><v>{value or ""}</v></c>' for value in ROW)
    rows = f"<row>{cells}</row>" * (most + 1)
    reading = read(by_hand(TOP + rows), catalog)
    assert only(reading).code == "csv.too-many-records"
    assert len(records(reading)) == most


def test_findings_are_bounded(catalog: Catalog) -> None:
    found = read(made(rows=[[None, None, "x", None, "800"]] * 200), catalog).all_findings()
    assert len(found) == 101
    assert found[-1].code == "csv.more"


# Hostile files: each must end soon, in a finding.


def bomb(part: str, size: int) -> bytes:
    content = parts(made())
    content[part] = b" " * size
    return packed(content)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"])
def test_a_part_that_unpacks_to_very_much(catalog: Catalog, part: str) -> None:
    begun = time.perf_counter()
    assert only(read(bomb(part, 200 * 1024 * 1024), catalog)).code == "xlsx.too-large"
    assert time.perf_counter() - begun < 30


def test_many_parts_that_unpack_to_much_together(catalog: Catalog) -> None:
    def change(book: Any) -> None:
        for at in range(3):
            book.create_sheet(f"s{at}")

    content = parts(made(change))
    for name in content:
        if name.startswith("xl/worksheets/sheet"):
            content[name] = f'<worksheet xmlns="{MAIN}">{(" " * 1024 + "<x/>") * 20_000}</worksheet>'.encode()
    assert only(read(packed(content), catalog)).code == "xlsx.too-large"


def test_a_size_that_lies(catalog: Catalog) -> None:
    data = bytearray(bomb(SHEET, 100 * 1024 * 1024))
    at = data.index(SHEET.encode(), data.index(b"PK\x01\x02")) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 100)
    begun = time.perf_counter()
    assert only(read(bytes(data), catalog)).code in ("xlsx.too-large", "xlsx.not-a-zip")
    assert time.perf_counter() - begun < 30


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><sst xmlns="%s"><si><t>&y;</t></si></sst>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><sst xmlns="%s"><si><t>&x;</t></si></sst>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><sst xmlns="%s"/>',
        b"<a>" * 100,
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b"\xff\xfe<\0",
        b"",
    ],
)
@pytest.mark.parametrize("part", ["xl/strings.xml", "xl/styles.xml", SHEET, "xl/workbook.xml", "_rels/.rels"])
def test_entities_and_depth(catalog: Catalog, part: str, text: bytes) -> None:
    data = changed(by_hand(TOP), part, lambda _: text.replace(b"%s", MAIN.encode()))
    found = only(read(data, catalog))
    assert found.code == "xlsx.malformed"
    assert dict(found.params)["part"] == part


def test_utf_16_parts_are_read(catalog: Catalog) -> None:
    row = f'<row r="2">{inline({"A2": "M", "C2": "1", "E2": "800"})}</row>'
    data = changed(by_hand(TOP + row), SHEET, lambda part: part.decode().encode("utf-16"))
    assert read(data, catalog).valid


def test_very_many_cells(catalog: Catalog) -> None:
    begun = time.perf_counter()
    data = by_hand(TOP + '<row r="2">' + "<c/>" * 1_100_000 + "</row>")
    assert only(read(data, catalog)).code == "xlsx.malformed"  # too many elements
    assert time.perf_counter() - begun < 30


def test_very_many_attributes(catalog: Catalog) -> None:
    begun = time.perf_counter()
    data = by_hand(TOP, strings='<si a="1" b="2" c="3" d="4" e="5"/>' * 250_000)
    assert only(read(data, catalog)).code == "xlsx.too-large"
    assert time.perf_counter() - begun < 30


def test_one_long_string_in_very_many_cells(catalog: Catalog) -> None:
    strings = f"<si><t>{'x' * 32_000}</t></si>"
    rows = "".join(
        f'<row r="{at}"><c t="s"><v>0</v></c><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' for at in range(2, 3_000)
    )
    found = read(by_hand(TOP + rows, strings=strings), catalog).all_findings()
    assert found[-1].code in ("csv.more", "xlsx.too-large")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda content: content | {"xl/vbaProject.bin": b"macro"}, "xlsx.macros"),
        (lambda content: content | {"XL/Workbook.xml": b"<a/>"}, "xlsx.part-twice"),
        (lambda content: {name: part for name, part in content.items() if name != SHEET}, "xlsx.missing-part"),
        (lambda content: content | {f"x{at}": b"" for at in range(1_001)}, "xlsx.too-large"),
        (lambda content: content | {"xl/workbook.xml": b"<a/>"}, "xlsx.malformed"),
        (lambda content: content | {SHEET: b"<chartsheet/>"}, "xlsx.malformed"),
    ],
)
def test_packages_that_are_refused(catalog: Catalog, change: Any, code: str) -> None:
    assert only(read(packed(change(parts(by_hand(TOP)))), catalog)).code == code


def test_relations_that_lead_outside(catalog: Catalog) -> None:
    for target in ("../../../../etc/passwd", "http://127.0.0.1:9/", "file:///etc/passwd", "\\\\server\\share"):
        data = changed(
            by_hand(TOP),
            "xl/_rels/workbook.xml.rels",
            lambda part, target=target: part.replace(b"worksheets/sheet1.xml", target.encode()),  # type: ignore[misc]
        )
        assert only(read(data, catalog)).code == "xlsx.missing-part"
        data = changed(
            data, "xl/_rels/workbook.xml.rels", lambda part: part.replace(b"Id=", b'TargetMode="External" Id=')
        )
        assert only(read(data, catalog)).code == "xlsx.nothing-visible"


def test_encrypted_and_odd_packing(catalog: Catalog) -> None:
    data = bytearray(made())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert only(read(bytes(data), catalog)).code == "xlsx.packing"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as box:
        for name, part in parts(made()).items():
            box.writestr(name, part)
    assert only(read(out.getvalue(), catalog)).code == "xlsx.packing"


def test_bounds_of_the_package(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 100)
    assert only(read(made(), catalog)).code == "xlsx.too-large"


def test_sheets_are_counted(catalog: Catalog) -> None:
    def change(book: Any) -> None:
        for _ in range(50):
            book.create_sheet()

    assert only(read(made(change), catalog)).code == "xlsx.too-large"
