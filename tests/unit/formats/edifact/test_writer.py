"""Writing Documents: release, trailing empties, repetitions, versions, character sets; and re-enveloping."""

import pytest

from hub.errors import WriteError
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.style import Style
from hub.formats.edifact.writer import rewrap, write, write_interchange
from hub.model.message import Envelope

ENVELOPE = Envelope(
    sender="HUBCSX",
    sender_qualifier="ZZ",
    recipient="OCEANAIR",
    recipient_qualifier="ZZ",
    control_ref="42",
    prepared_at="2611231200",
    syntax_id="UNOC",
    syntax_version="3",
)
V4 = Envelope(
    sender="A", recipient="B", control_ref="42", prepared_at="202611231200", syntax_id="UNOW", syntax_version="4"
)
DOCUMENT = {
    "BGM": {"C002": {"1001": "745"}},
    "SG2": [{"TDT": {"8051": "20", "8028": "OA1"}, "DTM": {"C507": {"2005": "189", "2380": "261123", "2379": "101"}}}],
}


@pytest.fixture
def schema(catalog):
    return catalog.get("edifact:D.02B:PAXLST")


def _named(name):
    return DOCUMENT | {"SG1": [{"NAD": {"3035": "MS", "C080": {"3036": name}}}]}


def test_a_whole_interchange(schema):
    assert write(DOCUMENT, schema, ENVELOPE, message_ref="M1") == (
        b"UNA:+.? 'UNB+UNOC:3+HUBCSX:ZZ+OCEANAIR:ZZ+261123:1200+42'UNH+M1+PAXLST:D:02B:UN'BGM+745'"
        b"TDT+20+OA1'DTM+189:261123:101'UNT+5+M1'UNZ+1+42'"
    )


def test_without_una_and_with_line_ends(schema):
    data = write(DOCUMENT, schema, ENVELOPE, message_ref="M1", style=Style(una=False, crlf=True))
    assert data.startswith(b"UNB+")
    assert data.count(b"'\r\n") == data.count(b"'") == 7


def test_association_and_agency_come_from_the_document(schema):
    document = DOCUMENT | {"UNH": {"S009": {"0051": "UN", "0057": "IATA"}, "0068": "FLIGHT9"}}
    data = write(document, schema, ENVELOPE, message_ref="M1")
    assert b"UNH+M1+PAXLST:D:02B:UN:IATA+FLIGHT9'" in data


def test_envelope_flags(schema):
    envelope = Envelope("A", "", "B", "", "42", "202611231200", "APIS", True, True, "UNOC", "3")
    assert b"UNB+UNOC:3+A+B+261123:1200+42++APIS++1++1'" in write(DOCUMENT, schema, envelope, message_ref="1")


def test_version_4_writes_the_century_and_its_repetition_separator(schema):
    data = write(DOCUMENT, schema, V4, message_ref="1")
    assert data.startswith(b"UNA:+.?*'UNB+UNOW:4+A+B+20261123:1200+42'")


def test_what_separates_is_released(schema):
    data = write(_named(["O'BRIEN+CO:1?*"]), schema, ENVELOPE, message_ref="1")
    assert b"NAD+MS+++O?'BRIEN?+CO?:1??*'" in data
    assert b"*" not in write(_named(["A*"]), schema, V4, message_ref="1").replace(b"UNA:+.?*", b"").replace(b"?*", b"")


def test_other_separators_bring_their_una(schema):
    style = Style(Separators("=", "^", ".", "!", "", "~"), una=False)
    data = write(_named(["A=B+C"]), schema, ENVELOPE, message_ref="1", style=style)
    assert data.startswith(b"UNA=^.! ~UNB^UNOC=3^")
    assert b"A!=B+C~" in data


@pytest.mark.parametrize("separators", [Separators("*"), Separators(release="*"), Separators(terminator="*")])
def test_what_has_another_meaning_does_not_repeat_in_version_4(read, schema, separators):
    data = write(DOCUMENT, schema, V4, message_ref="1", style=Style(separators, una=False))
    assert data.startswith(separators.una())
    assert read(data).all_findings() == read(write(DOCUMENT, schema, V4, message_ref="1")).all_findings()


def test_gaps_stay_and_trailing_empties_go(schema):
    assert b"NAD+MS+++A::C'" in write(_named(["A", "", "C", "", ""]), schema, ENVELOPE, message_ref="1")


def test_repetitions_by_version(schema):
    attribute = {"9017": "2", "C956": [{"9019": "M"}, {}, {"9019": "O"}]}
    document = DOCUMENT | {"SG4": [{"NAD": {"3035": "FL"}, "ATT": [attribute]}]}
    assert b"ATT+2++M**O'" in write(document, schema, V4, message_ref="1")
    assert b"ATT+2++M++O'" in write(document, schema, ENVELOPE, message_ref="1")


def test_characters(schema):
    assert "上海".encode() in write(_named(["上海"]), schema, V4, message_ref="1")
    assert "上海".encode("gb18030") in write(
        _named(["上海"]), schema, V4, message_ref="1", style=Style(charset="gb18030")
    )
    assert b"M\xdcLLER" in write(_named(["MÜLLER"]), schema, ENVELOPE, message_ref="1")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"SG1": [{"NAD": {"3035": "MS", "C080": {"3036": ["上海"]}}}]}, "SG1/NAD/C080/3036"),
        ({"SG1": [{"NAD": {"3035": "M\x00"}}]}, "SG1/NAD/3035"),
        ({"SG1": [{"NAD": {"3035": 7}}]}, "SG1/NAD/3035"),
        ({"SG1": {"NAD": {"3035": "MS"}}}, "SG1"),
        ({"SG1": [{"COM": []}]}, "SG1: the group has no NAD"),
        ({"SG1": [{"NAD": {"3035": "MS"}}] * 6}, "SG1: 6 repetitions"),
        ({"XYZ": {}}, "'XYZ' is not in PAXLST"),
        ({"BGM": {"9999": "1"}}, "BGM: '9999' is not in BGM"),
        ({"BGM": "745"}, "BGM: str where segment BGM belongs"),
        ({"BGM": {"C002": "745"}}, "BGM/C002: str where composite C002 belongs"),
    ],
)
def test_what_does_not_fit_is_named(schema, change, path):
    with pytest.raises(WriteError, match=path):
        write(DOCUMENT | change, schema, ENVELOPE, message_ref="1")


def test_level_a_is_kept(schema):
    envelope = Envelope("A", "", "B", "", "42", "2611231200", syntax_id="UNOA", syntax_version="3")
    with pytest.raises(WriteError, match="SG1/NAD/C080/3036"):
        write(_named(["lower"]), schema, envelope, message_ref="1")


@pytest.mark.parametrize(
    ("envelope", "path"),
    [
        (Envelope("", "", "B", "", "42", "2611231200"), "UNB/S002/0004"),
        (Envelope("A", "", "B" * 36, "", "42", "2611231200"), "UNB/S003/0010"),
        (Envelope("A", "", "B", "", "", "2611231200"), "UNB/0020"),
        (Envelope("A", "", "B", "", "42", "yesterday"), "UNB/S004"),
    ],
)
def test_envelope_that_cannot_be_written(schema, envelope, path):
    with pytest.raises(WriteError, match=path):
        write(DOCUMENT, schema, envelope, message_ref="1")


def test_no_release_character(schema):
    style = Style(Separators(release=""))
    with pytest.raises(WriteError, match="no release character"):
        write(_named(["A:B"]), schema, ENVELOPE, message_ref="1", style=style)


def test_several_messages(schema, read):
    data = write_interchange([(DOCUMENT | {"SG1": []}, schema, "1"), (DOCUMENT, schema, "2")], ENVELOPE)
    reading = read(data)
    assert [message.ref for message in reading.interchanges[0].messages] == ["1", "2"]
    assert reading.valid


@pytest.mark.parametrize("una", ["", "UNA:+.? '\r\n"])
def test_rewrap_keeps_the_message_byte_for_byte(read, wrap, paxlst, una):
    data = wrap(*paxlst, una=una, head="UNB+UNOC:3+X+Y+261123:1200+7").replace(b"'", b"'\r\n")
    message = read(data).interchanges[0].messages[0]
    again = rewrap(data, message, V4)
    assert data[message.start : message.end] in again
    assert again.startswith((b"UNA:+.? '" if una else b"") + b"UNB+UNOC:3+A+B+261123:1200+42'")
    assert again.endswith(b"UNZ+1+42'")
    assert read(again).valid


def test_rewrap_keeps_foreign_separators(read, wrap, paxlst):
    data = b"UNA=*.?^~" + wrap(*paxlst).translate(bytes.maketrans(b":+'", b"=*~"))
    again = rewrap(data, read(data).interchanges[0].messages[0], ENVELOPE)
    assert again.startswith(b"UNA=*.?^~UNB*UNOC=3*HUBCSX=ZZ*")
    assert read(again).valid


def test_rewrap_refuses_other_bytes(read, wrap, paxlst):
    message = read(wrap(*paxlst)).interchanges[0].messages[0]
    with pytest.raises(WriteError):
        rewrap(b"something else", message, ENVELOPE)
