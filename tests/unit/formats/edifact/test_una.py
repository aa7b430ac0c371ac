"""The service string advice in the forms that files have, and files without one."""

import pytest

BODY = ("BGM+745", "NAD+MS+++O?'BRIEN ?+ CO", "TDT+20+OA1", "DTM+189:261123:101")


def _codes(reading):
    return [finding.code[8:] for finding in reading.all_findings()]


def _name(reading):
    return reading.interchanges[0].messages[0].document["SG1"][0]["NAD"]["C080"]["3036"]


def _in(marks, text):
    """``text``, written with the default separators, with ``marks``: component, element, release, terminator."""
    return text.translate(str.maketrans(":+?'", marks)).encode("latin-1")


@pytest.mark.parametrize(
    ("una", "marks"),
    [
        ("UNA:+.?'", ":+?'"),  # the reserved character left out
        ("UNA:+.?'\r\n", ":+?'"),
        ("UNA|^~", "|^?~"),  # component, element, terminator only
        ("UNA|^.~\n", "|^?~"),
        ("UNA:+.?", ":+?'"),  # cut behind the release character
        ("UNA:+.?*''", ":+?'"),  # a character too many
    ],
)
def test_una_of_a_wrong_length_is_read_with_a_warning(read, wrap, una, marks):
    reading = read(una.encode() + _in(marks, wrap(*BODY).decode()))
    assert _codes(reading) == ["una-length"]
    assert reading.valid
    assert _name(reading) == [f"O{marks[3]}BRIEN {marks[1]} CO"]


def test_a_terminator_that_a_word_processor_changed_in_una(read, wrap):
    """’ is three bytes in UTF-8 and ends no segment; the segments end with the default."""
    reading = read("UNA:+.?*’ ".encode() + wrap(*BODY).replace(b"'UNH", b"'\r\nUNH"))
    assert _codes(reading) == ["una-length"]
    assert reading.valid
    assert _name(reading) == ["O'BRIEN + CO"]


@pytest.mark.parametrize("gap", ["", " ", "\n", "\r\n", "\r\n\r\n  "])
def test_blanks_behind_una(read, wrap, gap):
    reading = read(wrap(*BODY, una=f"UNA:+.? '{gap}"))
    assert _codes(reading) == []


def test_line_end_as_terminator_is_no_short_una(read, wrap):
    data = wrap(*BODY).replace(b"?'", b" ").replace(b"'", b"\r\n")
    assert _codes(read(b"UNA:+.? \r\n" + data)) == []
    assert _codes(read(b"UNA:+.? \n" + data)) == []


def test_blank_release_means_none(read, wrap):
    reading = read(wrap("BGM+745", "NAD+MS+++WHAT?", *BODY[2:], una="UNA:+.  '"))
    assert _codes(reading) == []
    assert _name(reading) == ["WHAT?"]


@pytest.mark.parametrize("una", ["UNAX+.? '", "UNA:1.? '", "UNA:+.? Z", "UNA:+.Q 'UNA", "UNA++.? '", "UNA:+.:?'"])
def test_letters_digits_and_doubles_are_refused(read, wrap, una):
    reading = read(una[:9].encode() + wrap(*BODY))
    assert "una-unusable" in _codes(reading)
    assert not reading.valid
    assert _name(reading) == ["O'BRIEN + CO"]


def test_repetition_separator_counts_from_version_4_on(read, wrap):
    attributes = ("BGM+745", "TDT+20+OA1", "DTM+189:261123:101", "NAD+FL", "ATT+2++F*M")
    old = read(wrap(*attributes, una="UNA:+.?*'"))
    new = read(wrap(*attributes, una="UNA:+.?*'", head="UNB+UNOC:4+A+B+20261123:1200+7"))
    unadvised = read(wrap(*attributes, head="UNB+UNOC:4+A+B+20261123:1200+7"))
    documents = [reading.interchanges[0].messages[0].document for reading in (old, new, unadvised)]
    found = [document["SG4"][0]["ATT"][0]["C956"] for document in documents]
    assert found == [[{"9019": "F*M"}], [{"9019": "F"}, {"9019": "M"}], [{"9019": "F"}, {"9019": "M"}]]


def test_decimal_mark_of_una(read, wrap):
    weight = ("BGM+745", "TDT+20+OA1", "DTM+189:261123:101", "NAD+FL", "MEA+WT++KGM:1,5")
    assert _codes(read(wrap(*weight, una="UNA:+,? '"))) == []


def test_dates_of_six_and_of_eight_digits(read, wrap):
    for version, date in (("3", "261123"), ("4", "20261123"), ("4", "261123"), ("3", "20261123")):
        reading = read(wrap(*BODY, head=f"UNB+UNOC:{version}+A+B+{date}:1200+7"))
        assert _codes(reading) == []
        assert reading.interchanges[0].envelope.prepared_at == f"{date}1200"


def test_date_of_seven_digits(check, wrap):
    assert check(wrap(*BODY, head="UNB+UNOC:3+A+B+2026112:1200+7")) == ["value-short error 0:4:1 UNB/S004/0017"]


@pytest.mark.parametrize("version", ["1", "2", "3", "4"])
def test_every_syntax_version(read, wrap, version):
    reading = read(wrap(*BODY, head=f"UNB+UNOA:{version}+A+B+261123:1200+7"))
    assert _codes(reading) == []
    assert reading.interchanges[0].envelope.syntax_version == version


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A?'B", "A'B"),
        ("A?+B?:C?*D", "A+B:C*D"),
        ("A??", "A?"),
        ("A???'", "A?'"),
        ("A????", "A??"),
        ("A?\r\nB", "AB"),  # released line end: the line was broken behind the release character
        ("A?\r\n'B", "A'B"),
        ("A??\r\nB", "A?B"),
        ("A?XB", "AXB"),
    ],
)
def test_release_characters(read, wrap, text, value):
    reading = read(wrap("BGM+745", f"NAD+MS+++{text}", *BODY[2:]))
    assert _name(reading) == [value]
    assert set(_codes(reading)) <= {"segment-broken"}


def test_release_character_as_the_last_one_of_the_data(read, wrap):
    data = wrap(*BODY)
    for cut in (b"UNZ+1+7'", b"UNT+6+1'UNZ+1+7'", b"'UNT+6+1'UNZ+1+7'"):
        reading = read(data.replace(cut, b"") + b"?")
        assert not reading.valid
        assert reading.interchanges


def test_line_breaks_anywhere_between_segments(read, wrap):
    data = wrap(*BODY, una="UNA:+.? '").replace(b"?'", b"?\0")
    for ends in (b"'\n", b"'\r", b"'\r\n", b"\r\n'", b"'\n\n\r\n"):
        reading = read(data.replace(b"'", ends).replace(b"?\0", b"?'").replace(b"UNA:+.? \r\n'", b"UNA:+.? '"))
        assert reading.valid, ends
        assert _name(reading) == ["O'BRIEN + CO"]
