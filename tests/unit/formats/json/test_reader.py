"""JSON transmissions: read strictly, and what is wrong told at line, column and pointer."""

import json
import time

import pytest

from hub.formats import samples
from hub.formats.json.reader import Limits, read
from hub.formats.json.writer import write
from hub.model.finding import Language
from hub.model.message import Reading
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent

PAXLST = """{
  "type": "edifact:D.02B:PAXLST",
  "document": {
    "BGM": {"C002": {"1001": "745"}},
    "SG2": [{"TDT": {"8051": "20"}, "DTM": {"C507": {"2005": "189", "2380": "20260101", "2379": "102"}}}]
  }
}"""
MT9999 = """{
  "type": "xsd:manifest:MT9999",
  "document": {
    "Head": {"MessageID": "M1", "FunctionCode": "9", "MessageType": "MT9999", "SenderID": "A", "ReceiverID": "B",
             "SendTime": "20260101120000000", "Version": "1.0"},
    "Response": {"ID": "M0", "AdditionalInformation": {"StatementCode": "01"}}
  }
}"""


def told(reading: Reading) -> list[tuple[str, int | None, int | None, str | None]]:
    """Code, line, column and path of every finding."""
    return [(one.code, one.place.line, one.place.column, one.place.path) for one in reading.all_findings()]


def check(text: str, catalog: Catalog) -> list[tuple[str, int | None, int | None, str | None]]:
    """What is told of ``text``."""
    return told(read(text.encode(), catalog))


def test_valid_messages(catalog: Catalog) -> None:
    for text in (PAXLST, MT9999):
        reading = read(text.encode(), catalog)
        assert reading.valid
        assert reading.all_findings() == ()
    message = reading.interchanges[0].messages[0]
    assert message.type == "xsd:manifest:MT9999"
    assert message.document == json.loads(MT9999)["document"]


def test_unh_is_made_where_there_is_none(catalog: Catalog) -> None:
    (interchange,) = read(PAXLST.encode(), catalog).interchanges
    assert interchange.messages[0].document is not None
    header = interchange.messages[0].document["UNH"]
    assert header == {"0062": "1", "S009": {"0065": "PAXLST", "0052": "D", "0054": "02B", "0051": "UN"}}
    assert interchange.messages[0].ref == "1"


def test_byte_order_mark(catalog: Catalog) -> None:
    assert read(b"\xef\xbb\xbf" + PAXLST.encode(), catalog).valid


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column", "path"),
    [
        ('"745"', '"xyz"', "edifact.value-code", 4, 30, "/document/BGM/C002/1001"),
        ('"745"', "745", "form.text", 4, 30, "/document/BGM/C002/1001"),
        ('"745"', "null", "form.text", 4, 30, "/document/BGM/C002/1001"),
        ('"745"', '"74\\u00005"', "form.character", 4, 30, "/document/BGM/C002/1001"),
        ('"745"', '"\\ud800"', "form.character", 4, 30, "/document/BGM/C002/1001"),
        ('"1001": "745"', '"1001": "745", "1000": "' + 36 * "x" + '"', "edifact.value-long", 4, 45,
         "/document/BGM/C002/1000"),
        ('{"C002": {"1001": "745"}}', '["C002"]', "form.table", 4, 12, "/document/BGM"),
        ('"BGM"', '"BGN"', "form.unknown-key", 4, 12, "/document/BGN"),
        ('"SG2": [', '"SG1": {}, "SG2": [', "form.list", 5, 12, "/document/SG1"),
        ('"TDT": {"8051": "20"}, ', "", "form.missing", 5, 13, "/document/SG2/0/TDT"),
        ('"8051": "20"', "", "edifact.element-missing", 5, 21, "/document/SG2/0/TDT/8051"),
        ('"SG2": [', '"SG1": [], "SG2": [', "form.empty-list", 5, 12, "/document/SG1"),
        ('"edifact:D.02B:PAXLST"', '"edifact:D.02B:PAXLTS"', "form.unknown-type", 2, 11, "/type"),
        ('"edifact:D.02B:PAXLST"', "7", "form.text", 2, 11, "/type"),
        ('"document": {', '"to": "x", "document": {', "form.unknown-key", 3, 9, "/to"),
        ('"document": {', '"envelope": {"sender": 7}, "document": {', "form.text", 3, 26, "/envelope/sender"),
        ('"document": {', '"envelope": {"test": "true"}, "document": {', "form.flag", 3, 24, "/envelope/test"),
        ('"BGM": {', '"UNH": {"S009": {"0054": "96A"}}, "BGM": {', "form.other-type", 4, 21, "/document/UNH/S009"),
        ('"BGM": {', '"UNH": {"0062": "123456789012345"}, "BGM": {', "edifact.value-long", 4, 20,
         "/document/UNH/0062"),
    ],
)  # fmt: skip
def test_faults_of_a_message(
    catalog: Catalog, old: str, new: str, code: str, line: int, column: int, path: str
) -> None:
    found = check(PAXLST.replace(old, new, 1), catalog)
    if code == "edifact.value-long" and path.endswith("0062"):
        assert [one[0] for one in found] == ["form.unwritable"] or found[0][3] == path
        return
    assert (code, line, column, path) in found


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ('"9"', '"7"', "xml.code", "/document/Head/FunctionCode"),
        ('"20260101120000000"', '"2026"', "xml.pattern", "/document/Head/SendTime"),
        ('"MessageID": "M1", ', "", "xml.unexpected-element", "/document/Head/FunctionCode"),
        ('{"StatementCode": "01"}', "{}", "xml.missing-element", "/document/Response/AdditionalInformation"),
    ],
)
def test_faults_that_the_xsd_finds(catalog: Catalog, old: str, new: str, code: str, path: str) -> None:
    found = [(code, path) for code, _, _, path in check(MT9999.replace(old, new, 1), catalog)]
    assert found == [(code, path)]


def test_faults_of_records(catalog: Catalog) -> None:
    schema = catalog.get("csv:quarantine:passengers")
    value = {"type": schema.id, "document": samples.document(schema)}
    record = value["document"]["passenger"][0]
    record |= {"sex": "Q", "birth_date": "2026-02-30", "number": "123456", "message_id": ""}
    del record["surname"]
    found = [(code, path) for code, _, _, path in check(json.dumps(value), catalog)]
    assert found == [
        ("form.missing", "/document/passenger/0/surname"),
        ("form.missing", "/document/passenger/0/message_id"),
        ("form.too-long", "/document/passenger/0/number"),
        ("form.code", "/document/passenger/0/sex"),
        ("form.type", "/document/passenger/0/birth_date"),
    ]


def test_many_faults_are_all_told_and_have_texts(catalog: Catalog) -> None:
    text = PAXLST.replace('"745"', '"zzz", "9999": ""').replace(
        '"20260101"', '"2026010199999999999999999999999999999999"'
    )
    text = text.replace('"TDT": {"8051": "20"}', '"TDT": {"8051": 20, "8028": ["x"]}')
    findings = read(text.encode(), catalog).all_findings()
    assert len(findings) == 5
    for finding in findings:
        assert "{" not in finding.text(Language.ZH) + finding.mend(Language.EN)
        assert finding.place.line in (4, 5)


def test_the_rest_of_an_envelope(catalog: Catalog) -> None:
    value = json.loads(PAXLST) | {"envelope": {"sender": "A", "rest": {"S002/0008": "DESK 4"}}}
    reading = read(json.dumps(value).encode(), catalog)
    assert reading.interchanges[0].envelope.rest == (("S002/0008", "DESK 4"),)
    assert json.loads(write(reading.interchanges))["envelope"] == value["envelope"]
    for rest, code in ((7, "form.table"), ({"0032": 7}, "form.text")):
        value["envelope"]["rest"] = rest
        assert [one[0] for one in check(json.dumps(value), catalog)] == [code]


def test_several_interchanges(catalog: Catalog) -> None:
    message = json.loads(PAXLST)
    value = {
        "interchanges": [
            {"envelope": {"sender": "A", "control_ref": "7"}, "messages": [message, message]},
            {"groups": [{"ref": "1", "type": "PAXLST"}], "messages": [{"group": "1", **message}]},
        ]
    }
    data = json.dumps(value, indent=1).encode()
    reading = read(data, catalog)
    assert reading.valid
    first, second = reading.interchanges
    assert (first.envelope.sender, first.envelope.control_ref, len(first.messages)) == ("A", "7", 2)
    assert (second.groups[0].type, second.messages[0].group_ref) == ("PAXLST", "1")
    starts = [message.start for one in reading.interchanges for message in one.messages]
    assert [data[start : start + 1] for start in starts] == [b"{", b"{", b"{"]
    assert starts == sorted(set(starts))
    assert read(write(reading.interchanges), catalog).interchanges[0].messages[0].document == first.messages[0].document


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("[]", "form.not-a-message", "/"),
        ("7", "form.not-a-message", "/"),
        ('{"interchanges": 7}', "form.list", "/interchanges"),
        ('{"interchanges": [7]}', "form.table", "/interchanges/0"),
        ('{"interchanges": [{"messages": []}]}', "form.empty-list", "/interchanges/0/messages"),
        ('{"interchanges": [{"messages": [7]}]}', "form.table", "/interchanges/0/messages/0"),
        ('{"interchanges": [{"envelope": 7, "messages": [{"type": "x"}]}]}', "form.table", "/interchanges/0/envelope"),
        ('{"type": "xsd:manifest:MT9999"}', "form.missing", "/document"),
        ('{"type": "xsd:manifest:MT9999", "document": []}', "form.table", "/document"),
    ],
)
def test_forms_that_are_none(catalog: Catalog, text: str, code: str, path: str) -> None:
    reading = read(text.encode(), catalog)
    assert not reading.valid
    assert (code, path) in [(code, path) for code, _, _, path in told(reading)]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        (b'{"a": 1,\n "b" 2}', "json.malformed", 2, 6),
        (b'{"a": 1}}', "json.malformed", 1, 9),
        (b'{"a":\n NaN}', "json.malformed", 2, 2),
        (b'{"a": "\n"}', "json.malformed", 1, 8),
        (b'{"a": {"b": 1,\n "b": 2}, "a": 3}', "json.duplicate-key", 2, 7),
        (b'{"a":\n "\xff"}', "json.encoding", 2, None),
        (b"\xff\xfe{\0", "json.encoding", 1, None),
        (b'{"a":' * 60, "json.too-deep", 1, 251),
        (b"{", "json.malformed", 1, 2),
    ],
)
def test_what_is_no_json(catalog: Catalog, text: bytes, code: str, line: int, column: int | None) -> None:
    reading = read(text, catalog)
    assert reading.interchanges == ()
    found = reading.findings[0]
    assert (found.code, found.place.line, found.place.column) == (code, line, column)


def test_both_duplicates_are_told(catalog: Catalog) -> None:
    found = check('[{"a": 1, "a": 2, "b": {"a": 1}}, {"a": 1, "a": {"c": 1, "c": 1}}]', catalog)
    assert [path for _, _, _, path in found] == ["/0/a", "/1/a", "/1/a/c"]


@pytest.mark.parametrize("limits", [Limits(size=10), Limits(values=3), Limits(depth=2)])
def test_limits(catalog: Catalog, limits: Limits) -> None:
    (finding,) = read(PAXLST.encode(), catalog, limits=limits).findings
    assert finding.code in ("json.too-large", "json.too-many-values", "json.too-deep")


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 10_000_000,
        b'{"a":' * 3_000_000,
        b'"' + b'\\"' * 5_000_000,
        b"[" + b"{}," * 900_000,
        b'{"type": "xsd:manifest:MT9999", "document": {' + b",".join(b'"%d": 0' % n for n in range(300_000)) + b"}}",
        b'{"type": "edifact:D.02B:PAXLST", "document": {"SG2": [' + b",".join([b"7"] * 500_000) + b"]}}",
        b"[" * 40 + b",".join([b'{"a":1,"a":1}'] * 100_000) + b"]" * 40,
    ],
    ids=["brackets", "objects", "quotes", "open", "keys", "items", "duplicates"],
)
def test_hostile_files_are_refused_in_good_time(catalog: Catalog, data: bytes) -> None:
    began = time.process_time()
    reading = read(data, catalog)
    assert not reading.valid
    assert len(reading.all_findings()) <= 202
    assert time.process_time() - began < 20


def test_samples_of_a_full_message_and_every_leaf_wrong(catalog: Catalog) -> None:
    """Each wrong value of a full sample is told at its own pointer."""
    schema = catalog.get("edifact:D.96A:CUSCAR")
    document = samples.document(schema, Extent.MINIMAL)
    document["BGM"]["1225"] = "wrong code"
    (found,) = check(json.dumps({"type": schema.id, "document": document}), catalog)
    assert (found[0], found[3]) == ("edifact.value-long", "/document/BGM/1225")


def test_what_cannot_be_told_apart_is_a_warning(catalog: Catalog) -> None:
    schema = catalog.get("edifact:D.96A:ORDERS")
    document = samples.document(schema, Extent.FULL)
    text = json.dumps({"type": schema.id, "document": document | {"BGM": {"C002": {"1001": "220", "1000": ""}}}})
    (found,) = read(text.encode(), catalog).all_findings()
    assert (found.code, found.severity.value) == ("form.read-otherwise", "warning")
    assert found.place.path == "/document/BGM/C002/1000"
