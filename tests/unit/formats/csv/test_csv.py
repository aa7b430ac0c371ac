"""CSV by layout: reading with located findings, writing, formula injection, bounds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import ConfigError, SchemaUnknown, WriteError
from hub.formats.csv import formulas, reader, writer
from hub.model.finding import Finding, Language
from hub.model.message import Document, Reading
from hub.schema import csv as layouts
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema

ANSWER = "csv:quarantine:passengers-answer"
HEADER = "message_id,trip,number,document_number,status,reason,text\r\n"
ROW = "M1,OA123,1,L898902C3,800,,放行\r\n"


def read(text: str | bytes, catalog: Catalog, **named: tuple[str, ...]) -> Reading:
    return reader.read(text.encode() if isinstance(text, str) else text, catalog, **named)


def only(reading: Reading) -> Finding:
    found = reading.all_findings()
    assert len(found) == 1
    for language in Language:
        assert "–" not in found[0].text(language), "a parameter of the text was not given"
        assert found[0].mend(language)
    return found[0]


def records(reading: Reading) -> list[dict[str, str]]:
    document = reading.interchanges[0].messages[0].document
    assert document is not None
    return list(document["passenger"])


def test_a_good_file(catalog: Catalog) -> None:
    reading = read(HEADER + ROW, catalog)
    assert reading.valid
    message = reading.interchanges[0].messages[0]
    assert (message.type, message.end) == (ANSWER, len((HEADER + ROW).encode()))
    row = {"message_id": "M1", "trip": "OA123", "number": "1", "document_number": "L898902C3", "status": "800"}
    assert records(reading) == [row | {"text": "放行"}]


def test_bom_bare_line_feeds_blank_lines_and_quotes(catalog: Catalog) -> None:
    text = HEADER.replace("\r", "") + '\nM1,"OA,1",1,,800,,"said ""yes""\nand left"\n\n'
    (row,) = records(read(b"\xef\xbb\xbf" + text.encode(), catalog))
    assert (row["trip"], row["text"]) == ("OA,1", 'said "yes"\nand left')


def test_columns_may_stand_in_any_order(catalog: Catalog) -> None:
    turned = "status,text,reason,document_number,number,trip,message_id\r\n800,,,,1,,M1\r\n"
    assert records(read(turned, catalog)) == [{"status": "800", "number": "1", "message_id": "M1"}]


@pytest.mark.parametrize(
    ("row", "code", "column", "path", "params"),
    [
        (",OA1,1,,800,,", "csv.missing", 1, "message_id", {}),
        (f"M1,{'x' * 18},1,,800,,", "csv.too-long", 2, "trip", {"value": "x" * 18, "max": "17", "length": "18"}),
        ("M1,,one,,800,,", "csv.type", 3, "number", {"value": "one", "type": "integer"}),
        ("M1,,1,,801,,", "csv.code", 5, "status", {"value": "801"}),
    ],
)
def test_each_fault_is_at_its_line_column_and_path(
    row: str, code: str, column: int, path: str, params: dict[str, str], catalog: Catalog
) -> None:
    """The record before spans two lines, so that the record's number is not its line."""
    text = HEADER + 'M1,,1,,800,,"two\r\nlines"\r\n' + row + "\r\n"
    found = only(read(text, catalog))
    assert (found.code, found.place.line, found.place.column) == (code, 4, column)
    assert found.place.path == f"passenger[2]/{path}"
    assert params.items() <= dict(found.params).items()


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEADER, "csv.no-records", 1),
        (HEADER + ROW + "M1,OA123\r\n", "csv.cells", 3),
        (HEADER + ROW + 'M1,"OA\r\n', "csv.malformed", 3),
        (HEADER + ROW + 'M1,"OA"x,1,,800,,\r\n', "csv.malformed", 3),
        (HEADER + ROW + "M1,O\0A,1,,800,,\r\n", "csv.malformed", 3),
        (HEADER + f"M1,{'x' * 140_000},1,,800,,\r\n", "csv.malformed", 2),
        (HEADER.replace("reason", "cause"), "csv.unknown-column", 1),
        (HEADER.replace("trip,", ""), "csv.missing-column", 1),
        (HEADER.replace("trip", "text"), "csv.column-twice", 1),
        ("a,b,c\r\n1,2,3\r\n", "csv.unknown-layout", 1),
    ],
)
def test_what_cannot_be_read_is_a_finding(text: str, code: str, line: int, catalog: Catalog) -> None:
    found = read(text, catalog).all_findings()[0]
    assert (found.code, found.place.line) == (code, line)
    assert "–" not in found.text(Language.EN)


def test_wrong_bytes_are_located(catalog: Catalog) -> None:
    found = only(read(HEADER.encode() + "M1,,1,,800,,放行\r\n".encode("gb18030"), catalog))
    assert (found.code, found.place.line, found.place.offset) == ("csv.charset", 2, len(HEADER) + 12)


def test_many_faults_are_cut_and_many_records_refused(catalog: Catalog) -> None:
    found = read(HEADER + "M1,,x,,800,,\r\n" * 5000, catalog).all_findings()
    assert (len(found), found[-1].code) == (101, "csv.more")
    found = read(HEADER + ROW * 10_002, catalog).all_findings()
    assert [(one.code, one.place.line) for one in found] == [("csv.too-many-records", 10_003)]


def test_expected_narrows_the_choice(catalog: Catalog) -> None:
    assert read(HEADER + ROW, catalog, expected=(ANSWER, "edifact:D.02B:PAXLST")).valid
    assert only(read(HEADER + ROW, catalog, expected=("csv:quarantine:passengers",))).code == "csv.unknown-layout"


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    catalog = Catalog(Path(__file__).resolve().parents[4] / "schemas")
    for start in (b"", HEADER.encode()):
        assert read(start + data, catalog).syntax == "csv"


# --- writing ------------------------------------------------------------


def answer(**values: str) -> Document:
    return {"passenger": [{"message_id": "M1", "number": "1", "status": "800"} | values]}


def written(document: Document, catalog: Catalog) -> str:
    schema = catalog.get(ANSWER)
    assert isinstance(schema, CsvSchema)
    return writer.write(document, schema).decode("utf-8")


def test_writing_is_rfc_4180_with_a_mark_for_spreadsheets(catalog: Catalog) -> None:
    text = written(answer(text='a "quoted", 长沙'), catalog)
    assert text == "\ufeff" + HEADER + 'M1,,1,,800,,"a ""quoted"", 长沙"\r\n'


@pytest.mark.parametrize("value", ["=1+1", "+86", "-x", "@SUM(A1)", "\tx", "\rx", "＝1", "'=1", "''@x"])
def test_a_formula_is_written_as_text_and_read_as_it_was(value: str, catalog: Catalog) -> None:
    text = written(answer(text=value), catalog)
    cell = formulas.guard(value)
    assert cell.startswith("'")
    assert cell in text
    assert records(read(text, catalog))[0]["text"] == value


def test_a_number_and_an_apostrophe_are_left_alone(catalog: Catalog) -> None:
    assert "M1,,-1,,800,,'t\r\n" in written(answer(number="-1", text="'t"), catalog)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"other": []}, "other: is not in the layout"),
        ({"passenger": {}}, "passenger: must be a list"),
        ({"passenger": ["x"]}, r"passenger\[1\]: must be a table"),
        (answer(surprise="x"), r"passenger\[1\]/surprise: is not in the layout"),
        (answer(status=""), r"passenger\[1\]/status: is missing"),
        ({"passenger": [{"message_id": 5}]}, r"passenger\[1\]/message_id: must be text, not int"),
        (answer(text="\ud800"), "a character cannot be written"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(document: Document, expected: str, catalog: Catalog) -> None:
    with pytest.raises(WriteError, match=f"^{ANSWER}: {expected}"):
        written(document, catalog)


# --- layouts ------------------------------------------------------------

LAYOUT = """
[layout]
title = { zh = "名单", en = "List" }
source = "test"
record = "row"
header = false
delimiter = ";"
charset = "gb18030"
quoting = "all"

[[column]]
name = "born"
title = { zh = "生", en = "Born" }
type = "date"

[[column]]
name = "at"
title = { zh = "时", en = "At" }
type = "datetime"

[[column]]
name = "kg"
title = { zh = "重", en = "Weight" }
type = "decimal"
min-length = 2

[[column]]
name = "name"
title = { zh = "名", en = "Name" }
"""


def install(folder: Path, text: str) -> CsvSchema:
    (folder / "csv" / "family").mkdir(parents=True, exist_ok=True)
    (folder / "csv" / "family" / "list.toml").write_text(text, "utf-8")
    return layouts.load(folder / "csv", "family", "list")


def test_another_delimiter_charset_and_no_header(tmp_path: Path) -> None:
    schema = install(tmp_path, LAYOUT)
    document = {"row": [{"born": "1990-02-28", "at": "202611230830", "kg": "1.5", "name": "王;五"}]}
    data = writer.write(document, schema)
    assert data == '"1990-02-28";"202611230830";"1.5";"王;五"\r\n'.encode("gb18030")
    reading = reader.read(data, Catalog(tmp_path), expected=("csv:family:list",))
    assert reading.valid
    assert reading.interchanges[0].messages[0].document == document


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1990-02-30;;;", "csv.type"),
        ("19900230;;;", "csv.type"),
        ("90-02-28;;;", "csv.type"),
        (";2026-11-23T24:30;;", "csv.type"),
        (";202611232460;;", "csv.type"),
        (";;1,5;", "csv.type"),
        (";;٣٣;", "csv.type"),
        (";;5;", "csv.too-short"),
        ("1992-02-29;2026-11-23 23:59:59;-12.50;", None),
        ("19920229;2026-11-23T23:59;10;", None),
    ],
)
def test_types(row: str, fault: str | None, tmp_path: Path) -> None:
    install(tmp_path, LAYOUT)
    found = reader.read((row + "\n").encode("gb18030"), Catalog(tmp_path), expected=("csv:family:list",)).all_findings()
    assert [one.code for one in found] == ([fault] if fault else [])


def test_a_wrong_layout_is_refused_with_every_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        install(tmp_path, LAYOUT.replace('name = "at"', 'name = "born"') + 'codes = "none"\n')
    assert [problem.split(": ")[0].rpartition(":")[2] for problem in raised.value.problems] == ["17", "30"]
    with pytest.raises(ConfigError, match=r"list\.toml:8: layout\.charset"):
        install(tmp_path, LAYOUT.replace("gb18030", "big5"))
    with pytest.raises(SchemaUnknown, match="not installed"):
        layouts.load(tmp_path / "csv", "family", "absent")
