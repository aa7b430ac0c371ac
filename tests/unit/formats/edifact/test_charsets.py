"""Character sets: what is admitted, how it is decoded, and that no byte is ever lost."""

import pytest

from hub.errors import HubError
from hub.formats.edifact.charsets import charset, named


def _name(reading):
    return reading.interchanges[0].messages[0].document["SG1"][0]["NAD"]["C080"]["3036"][0]


def _data(wrap, paxlst, syntax_id, name: bytes):
    return wrap(paxlst[0], "NAD+MS+++@", *paxlst[2:], head=f"UNB+{syntax_id}:3+A+B+261123:1200+7").replace(b"@", name)


@pytest.mark.parametrize(
    ("syntax_id", "codec", "name"),
    [
        ("UNOC", "iso8859-1", "MÜLLER"),
        ("UNOD", "iso8859-2", "ŁÓDŹ"),
        ("UNOE", "iso8859-5", "МОСКВА"),
        ("UNOF", "iso8859-7", "ΑΘΗΝΑ"),
        ("UNOK", "iso8859-9", "İZMİR"),
        ("UNOL", "iso8859-15", "EURO €"),
        ("UNOW", "utf-8", "上海港"),
        ("UNOY", "utf-8", "上海港"),
        ("UNOX", "utf-8", "上海港"),
    ],
)
def test_values_are_decoded(read, wrap, paxlst, syntax_id, codec, name):
    reading = read(_data(wrap, paxlst, syntax_id, name.encode(codec)))
    assert reading.all_findings() == ()
    assert _name(reading) == name


@pytest.mark.parametrize(
    ("syntax_id", "raw", "shown"),
    [
        ("UNOB", "MÜLLER".encode(), "MÜLLER"),
        ("UNOB", b"M\xdcLLER", "MÜLLER"),
        ("UNOC", b"A\x85B", "A\x85B"),
        ("UNOC", b"A\x00B", "A\x00B"),
        ("UNOF", b"A\xaeB", "A®B"),
        ("UNOW", b"A\xff\xfeB", "AÿþB"),
    ],
)
def test_a_wrong_byte_is_an_error_at_its_place_and_still_there(read, wrap, paxlst, syntax_id, raw, shown):
    data = _data(wrap, paxlst, syntax_id, raw)
    reading = read(data)
    (finding,) = reading.all_findings()
    assert (finding.code, finding.severity) == ("edifact.char-invalid", "error")
    assert (finding.place.segment, finding.place.tag, finding.place.element, finding.place.component) == (
        3,
        "NAD",
        4,
        1,
    )
    assert finding.standard("contrl") == "21"
    assert dict(finding.params)["byte"] == f"0x{data[finding.place.offset]:02X}"
    assert _name(reading) == shown


def test_lower_case_in_level_a_is_one_warning(check, paxlst):
    segments = (paxlst[0], "NAD+MS+++Crew Desk", "TDT+20+oa1", *paxlst[3:])
    assert check(*segments, head="UNB+UNOA:3+A+B+261123:1200+7") == ["char-level warning 3:4:1"]
    assert check(*segments, head="UNB+UNOB:3+A+B+261123:1200+7") == []


def test_separators_outside_the_character_set_are_no_offence(check, wrap, paxlst):
    data = wrap(*paxlst, head="UNB+UNOA:3+A+B+261123:1200+7").translate(bytes.maketrans(b"+'", b"^~"))
    assert check(b"UNA:^.? ~" + data) == []


def test_bytes_outside_messages_are_found_too(check, paxlst):
    assert check(*paxlst, head="UNB+UNOB:3+\xdcA+B+261123:1200+7") == ["char-invalid error 0:2:1"]


def test_unknown_syntax_identifier(read, wrap, paxlst):
    (finding,) = read(wrap(*paxlst, head="UNB+IATA:1+A+B+261123:1200+7")).all_findings()
    assert (finding.code, finding.severity, finding.place.component) == ("edifact.charset-unknown", "warning", 1)


def test_partner_may_be_known_to_use_another(read, wrap, paxlst):
    data = _data(wrap, paxlst, "UNOA", "上海港".encode("gb18030"))
    reading = read(data, charset="gb18030")
    assert reading.all_findings() == ()
    assert _name(reading) == "上海港"


def test_level_a_lacks_what_telex_lacked():
    assert charset("UNOA").clean(b"ABC 0189.,-()/='+:?!\"%&*;<>", b"")
    assert not charset("UNOA").clean(b"a", b"")
    assert not charset("UNOA").clean(b"#", b"")


@pytest.mark.parametrize("codec", ["no-such-codec", "utf-16", "cp500"])
def test_codecs_that_edifact_cannot_use(codec):
    with pytest.raises(HubError, match=codec):
        named(codec)
