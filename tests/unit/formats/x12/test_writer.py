"""WRITE for X12: separators, widths, counts, control numbers, and what cannot be written."""

from dataclasses import replace

import pytest

from hub.errors import WriteError
from hub.formats.x12.isa import Separators
from hub.formats.x12.style import STYLE, Style
from hub.formats.x12.writer import write, write_interchange
from hub.model.message import Envelope

ENVELOPE = Envelope("HUBCSX", "ZZ", "TRADER", "01", "42", "202611231200", test=True)
DOCUMENT = {
    "BEG": {"BEG01": "00", "BEG02": "SA", "BEG03": "PO1", "BEG05": "20261123"},
    "N1_LOOP": [{"N1": {"N101": "ST", "N102": "WAREHOUSE"}}],
    "PO1_LOOP": [{"PO1": {"PO102": "10", "PO103": "EA"}, "MEA": [{"MEA03": "5", "MEA04": {"MEA04-01": "KG"}}]}],
}
TEXT = (
    "ISA*00*          *00*          *ZZ*HUBCSX         *01*TRADER         *261123*1200*U*00401*000000042*0*T*:~\n"
    "GS*PO*HUBCSX*TRADER*20261123*1200*42*X*004010~\n"
    "ST*850*0007~\n"
    "BEG*00*SA*PO1**20261123~\n"
    "N1*ST*WAREHOUSE~\n"
    "PO1**10*EA~\n"
    "MEA***5*KG~\n"
    "SE*6*0007~\n"
    "GE*1*42~\n"
    "IEA*1*000000042~\n"
)


@pytest.fixture
def schema(catalog):
    return catalog.get("x12:004010:850")


def test_what_is_written(schema):
    written = write(DOCUMENT, schema, ENVELOPE, message_ref="7", style=Style(newline="\n"))
    assert written.decode() == TEXT


def test_other_separators(schema, read):
    style = Style(Separators("|", ">", "^", "\n"))
    written = write(DOCUMENT, schema, ENVELOPE, message_ref="7", style=style)
    assert written.decode() == TEXT.replace("~", "").replace("*", "|").replace(":", ">")
    assert read(written).interchanges[0].messages[0].document == DOCUMENT | {"ST": {"ST01": "850", "ST02": "0007"}}


def test_names_and_numbers_of_the_group(schema):
    style = Style(sender="HUB CUSTOMS", receiver="TR", version="004010VICS", group_ref=1001)
    written = write(DOCUMENT, schema, ENVELOPE, message_ref="7", style=style).decode()
    assert "~GS*PO*HUB CUSTOMS*TR*20261123*1200*1001*X*004010VICS~" in written
    assert "~GE*1*1001~IEA*1*000000042~" in written


def test_neighbours_of_one_kind_share_a_group(catalog, read):
    order, invoice = catalog.get("x12:004010:850"), catalog.get("x12:004010:810")
    bill = {
        "BIG": {"BIG01": "20261123", "BIG02": "1"},
        "TDS": {"TDS01": "100"},
    }
    items = [(DOCUMENT, order, ""), (DOCUMENT, order, ""), (bill, invoice, ""), (DOCUMENT, order, "")]
    reading = read(write_interchange(items, ENVELOPE))
    (interchange,) = reading.interchanges
    assert [(group.type, group.ref) for group in interchange.groups] == [("PO", "42"), ("IN", "43"), ("PO", "44")]
    assert [message.ref for message in interchange.messages] == ["0001", "0002", "0001", "0001"]
    assert not {one.code for one in interchange.findings}


def test_version_005010_repeats_and_names_its_convention(catalog, read):
    schema = catalog.get("x12:005010:850")
    written = write(DOCUMENT, schema, ENVELOPE, message_ref="7").decode()
    assert written[82:89] == "^*00501"
    assert [one.code for one in read(written.encode()).all_findings()] == ["x12.convention-missing"]
    named = DOCUMENT | {"ST": {"ST03": "005010"}}
    assert read(write(named, schema, ENVELOPE, message_ref="7")).all_findings() == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"BEG": {"BEG01": "0*0"}}, "BEG/BEG01: '0.0' holds '.', which separates"),
        ({"BEG": {"BEG01": "0\n"}}, "BEG/BEG01"),
        ({"BEG": {"BEG01": 5}}, "BEG/BEG01: int where a text belongs"),
        ({"BEG": {"BEG01": "é"}}, "is not in the character set ascii"),
        ({"BEG": "00"}, "BEG: str where segment BEG belongs"),
        ({"BEG": {"BEG99": "00"}}, "BEG: 'BEG99' is not in BEG"),
        ({"XYZ": {}}, "'XYZ' is not in 850"),
        ({"N1_LOOP": {"N1": {}}}, "N1_LOOP: dict where a list belongs"),
        ({"N1_LOOP": [{"N3": [{"N301": "A"}]}]}, "N1_LOOP: the loop has no N1"),
        ({"N1_LOOP": ["N1"]}, "N1_LOOP: str where a loop belongs"),
        ({"ST": "850"}, "ST: str where segment ST belongs"),
        ({"ST": {"ST02": "1234567890"}}, "ST/ST02: '1234567890' must have 4 to 9"),
        ({"CTT_LOOP": {"CTT": {"CTT01": ["1", "2"]}}}, "CTT_LOOP/CTT/CTT01: list where a text belongs"),
    ],
)
def test_what_does_not_fit_is_told_with_its_path(schema, change, says):
    with pytest.raises(WriteError, match=says.replace("(", r"\(")):
        write(DOCUMENT | change, schema, ENVELOPE, message_ref="")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sender": ""}, "ISA/ISA06"),
        ({"recipient": "A" * 16}, "ISA/ISA08"),
        ({"sender_qualifier": "ZZZ"}, "ISA/ISA05"),
        ({"control_ref": "A7"}, "ISA/ISA13"),
        ({"control_ref": "1234567890"}, "ISA/ISA13"),
        ({"prepared_at": "yesterday"}, "ISA/ISA09"),
        ({"syntax_version": "4"}, None),
        ({"sender": "A*B"}, "ISA/ISA06"),
    ],
)
def test_envelopes_that_cannot_be_written(schema, change, says):
    if says is None:
        assert "*4    *000000042*" in write(DOCUMENT, schema, replace(ENVELOPE, **change), message_ref="").decode()
        return
    with pytest.raises(WriteError, match=says):
        write(DOCUMENT, schema, replace(ENVELOPE, **change), message_ref="")


def test_a_component_separator_must_be(schema):
    with pytest.raises(WriteError, match="ISA16"):
        write(DOCUMENT, schema, ENVELOPE, message_ref="", style=replace(STYLE, separators=Separators(component="")))


def test_other_formats_are_not_written_here(catalog):
    with pytest.raises(WriteError, match="is no X12 type"):
        write({}, catalog.get("edifact:D.02B:PAXLST"), ENVELOPE, message_ref="")


def test_an_agreed_character_set(schema, read):
    document = DOCUMENT | {"N1_LOOP": [{"N1": {"N101": "ST", "N102": "长沙"}}]}
    written = write(document, schema, ENVELOPE, message_ref="", style=Style(charset="gb18030"))
    assert read(written, charset="gb18030").interchanges[0].messages[0].document["N1_LOOP"] == document["N1_LOOP"]
