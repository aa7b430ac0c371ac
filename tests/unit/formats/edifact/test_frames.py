"""Interchanges found in bytes: separators, UNA, blanks, several in one file, what lies between."""

import pytest

from hub.formats.edifact.limits import Limits
from hub.formats.edifact.separators import protect, unprotect
from hub.model.message import Reading

BODY = "UNH+1+PAXLST:D:02B:UN'BGM+745'NAD+MS+++A'TDT+20+OA1'DTM+189:261123:101'UNT+6+1'"


def _codes(reading: Reading) -> list[str]:
    return [finding.code[8:] for finding in reading.all_findings()]


def _turned(text: str, una: str) -> bytes:
    """``text``, written with the default separators, in those of ``una``."""
    return text.translate(str.maketrans(":+.?'", una[3] + una[4] + una[5] + una[6] + una[8])).encode("latin-1")


@pytest.mark.parametrize(
    "una", ["UNA:+.? '", "UNA:+,?*'", "UNA=*.?^~", "UNA*@.? #", "UNA\x1f\x1d,  \x1c", "UNA:+.? \n"]
)
def test_every_form_of_una(read, wrap, una):
    plain = wrap(*BODY.split("'")[:-1]).decode()
    data = una.encode() + _turned(plain, una)
    reading = read(data)
    assert _codes(reading) == []
    assert reading.interchanges[0].messages[0].document["BGM"] == {"C002": {"1001": "745"}}


def test_level_b_separators_without_una(read, wrap):
    data = wrap(*BODY.split("'")[:-1], head="UNB+UNOB:1+A+B+261123:1200+7").translate(
        bytes.maketrans(b":+'", b"\x1f\x1d\x1c")
    )
    assert _codes(read(data)) == []


def test_offsets_are_those_of_the_transmission(read, wrap):
    data = b"\xef\xbb\xbf\r\n" + wrap(*BODY.split("'")[:-1], una="UNA:+.? '\r\n").replace(b"'", b"'\r\n")
    message = read(data).interchanges[0].messages[0]
    assert data[message.start : message.start + 5] == b"UNH+1"
    assert data[: message.end].endswith(b"UNT+6+1'")
    assert (message.ref, message.segments, message.type) == ("1", 6, "edifact:D.02B:PAXLST")


def test_release_character_everywhere(read, wrap):
    data = wrap("BGM+745", "NAD+MS+++O?'BRIEN ?+ CO?: ??", "TDT+20+OA1", "DTM+189:261123:101")
    document = read(data).interchanges[0].messages[0].document
    assert document["SG1"][0]["NAD"]["C080"]["3036"] == ["O'BRIEN + CO: ?"]


def test_even_run_of_release_characters_does_not_release(read, wrap):
    reading = read(wrap("BGM+745", "NAD+MS+++WHAT??", "TDT+20+OA1", "DTM+189:261123:101"))
    assert _codes(reading) == []
    assert reading.interchanges[0].messages[0].document["SG1"][0]["NAD"]["C080"]["3036"] == ["WHAT?"]


@pytest.mark.parametrize("text", ["A?+B??", "?", "???'", "ÿ?ÿ", ""])
def test_protect_keeps_length_and_is_undone(text):
    assert len(protect(text, "?")) == len(text)
    plain = text[:1] if text == "?" else text.replace("??", "\0").replace("?", "").replace("\0", "?")
    assert unprotect(protect(text, "?"), "?") == plain


def test_released_trailer_inside_a_value_does_not_end_the_interchange(read, wrap):
    reading = read(wrap("BGM+745", "NAD+MS+++A?'UNZ+1+7", "TDT+20+OA1", "DTM+189:261123:101"))
    assert [code for code in _codes(reading) if code != "element-excess"] == []
    assert len(reading.interchanges) == 1


def test_several_interchanges_each_with_its_own_una(read, wrap):
    one = wrap(*BODY.split("'")[:-1])
    two = b"UNA=*.?^~" + _turned(one.decode(), "UNA=*.?^~")
    reading = read(one + b"\r\n" + two.replace(b"*7~", b"*8~") + one.replace(b"+7'", b"+9'"))
    assert [len(interchange.messages) for interchange in reading.interchanges] == [1, 1, 1]
    assert reading.valid


def test_text_around_interchanges_is_named(read, wrap):
    data = wrap(*BODY.split("'")[:-1])
    other = data.replace(b"+7'", b"+8'")
    assert _codes(read(b"Subject: list\n" + data + b"\n13Nov09\n" + other)) == ["text-before", "text-after"]
    finding = read(data + b"\r\n13Nov09").findings[0]
    assert (finding.place.line, finding.place.column, dict(finding.params)) == (2, 1, {"length": "7"})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-interchange"),
        (b"\0" * 50, "no-interchange"),
        (b"UNBOUND", "no-interchange"),
    ],
)
def test_what_is_no_batch_interchange(read, data, code):
    reading = read(data)
    assert not reading.valid
    assert _codes(reading) == [code]


def test_missing_trailer_ends_at_the_next_header(read, wrap):
    data = wrap(*BODY.split("'")[:-1])
    reading = read(data.replace(b"UNZ+1+7'", b"") + data.replace(b"+7'", b"+8'"))
    assert _codes(reading) == ["unz-missing"]
    assert [len(interchange.messages) for interchange in reading.interchanges] == [1, 1]


def test_indented_and_wrapped_files_are_read_with_one_remark_each(read, wrap):
    indented = wrap(*BODY.split("'")[:-1]).replace(b"'", b"'\n \t")
    assert _codes(read(indented)) == ["segment-indented"]
    wrapped = wrap(*BODY.split("'")[:-1]).replace(b"NAD+MS", b"NAD\r\n+MS").replace(b"OA1", b"O\nA1")
    reading = read(wrapped)
    assert _codes(reading) == ["segment-broken"]
    assert reading.interchanges[0].messages[0].document["SG2"][0]["TDT"]["8028"] == "OA1"


def test_blanks_before_a_line_break_are_not_part_of_a_segment(read, wrap):
    assert _codes(read(wrap(*BODY.split("'")[:-1]).replace(b"'", b"' \r\n"))) == []


def test_lines_instead_of_terminators_are_one_error(read, wrap):
    assert _codes(read(wrap(*BODY.split("'")[:-1]).replace(b"'", b"\r\n"))) == ["terminator-line"]


@pytest.mark.parametrize(
    ("una", "code"),
    [("UNA::.? '", "una-unusable"), ("UNA:A.? '", "una-unusable"), ("UNA:*.? '", "una-contradicted")],
)
def test_una_that_cannot_be_used(read, wrap, una, code):
    assert code in _codes(read(wrap(*BODY.split("'")[:-1], una=una)))


def test_foreign_separator_without_una(read, wrap):
    assert "unb-separator" in _codes(read(wrap(*BODY.split("'")[:-1]).replace(b"+", b"*")))


def test_last_terminator_missing(read, wrap):
    assert _codes(read(wrap(*BODY.split("'")[:-1])[:-1])) == ["terminator-missing"]


def test_empty_segments_are_passed_over(read, wrap):
    reading = read(wrap(*BODY.split("'")[:-1]).replace(b"TDT", b"''TDT"))
    assert _codes(reading) == ["segment-empty"]
    assert reading.interchanges[0].messages[0].segments == 6


def test_bounds(read, wrap):
    data = wrap(*BODY.split("'")[:-1])
    assert _codes(read(data, limits=Limits(size=20))) == ["too-large"]
    three = b"".join(data.replace(b"+7'", b"+%d'" % number) for number in range(3))
    assert _codes(read(three, limits=Limits(interchanges=2))) == ["limit-interchanges"]
    assert _codes(read(data, limits=Limits(all_segments=5)))[0] == "limit-interchange"
    assert _codes(read(data, limits=Limits(segments=3))) == ["limit-segments"]
    assert _codes(read(data, limits=Limits(messages=0)))[0] == "limit-messages"
    assert "limit-elements" in _codes(read(wrap("BGM+745" + "+" * 600)))


def test_findings_are_capped_and_the_rest_counted(read, wrap):
    reading = read(wrap("BGM+745", *["DTM+ZZQ"] * 20), limits=Limits(findings=5))
    findings = reading.interchanges[0].messages[0].findings
    assert len(findings) == 6
    assert findings[-1].code == "edifact.more-findings"
    assert findings[-1].severity == "error"
