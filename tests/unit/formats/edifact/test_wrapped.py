"""Files wrapped at a fixed width: records of 80 columns that break in the middle of a value."""

import textwrap

import pytest

from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import gather, read
from hub.formats.edifact.wrapping import Wrap, unwrapped
from hub.formats.source import Memory

TEXT = ("GENERAL CARGO IN BAGS AND BOXES", "HANDLE WITH CARE, KEEP DRY, DO NOT STACK", "NOT FOR RESALE")


def _segments():
    body = ["BGM+85+MAN123456+9", "DTM+137:20261123:102", "RFF+XC:ABC123", "NAD+CA+OCEANAIR:172:20"]
    body += ["TDT+20+V001+1+13+OCEA:172:20+++9123456:146::OCEAN STAR", "LOC+9+CNSHA:139:6", "DTM+133:20261123:102"]
    for number in range(40):
        body += [f"CNI+{number + 1}+BL{number:06}", f"RFF+BM:BL{number:06}", "LOC+11+CNNGB:139:6"]
        body += [f"GID+1+{number + 1}:CT", f"FTX+AAA+++{':'.join(TEXT)}"]
    segments = ["UNH+1+CUSCAR:D:95B:UN", *body, f"UNT+{len(body) + 2}+1"]
    return "".join(f"{one}'" for one in ["UNB+UNOA:3+A+B+261123:1200+7", *segments, "UNZ+1+7"])


def _records(text, width, end):
    return "".join(text[at : at + width].ljust(width) + end for at in range(0, len(text), width))


def _trimmed(text, width, end):
    return "".join(text[at : at + width].rstrip() + end for at in range(0, len(text), width))


@pytest.mark.parametrize("width", [50, 72, 80, 81, 132])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("wrap", [_records, _trimmed])
def test_the_document_is_that_of_the_file_before_it_was_wrapped(catalog, width, end, wrap):
    text = _segments()
    whole = read(text.encode(), catalog)
    assert whole.valid
    wrapped = read(wrap(text, width, end).encode(), catalog)
    assert [finding.code for finding in wrapped.all_findings()] == ["edifact.segment-broken"]
    assert wrapped.interchanges[0].messages[0].document == whole.interchanges[0].messages[0].document


def test_blocks_make_no_difference(catalog):
    data = (_trimmed(_segments(), 80, "\r\n") * 3).encode()
    assert gather(Memory(data), catalog, None, Limits(block=2200)) == read(data, catalog)


def test_the_trailer_broken_in_its_tag(catalog):
    text = _segments()
    for at in (1, 2):
        data = text.replace("UNZ+", "UNZ"[:at] + "\r\n" + "UNZ"[at:] + "+")
        reading = read((data + text.replace("+7'", "+8'")).encode(), catalog)
        assert reading.valid
        assert len(reading.interchanges) == 2


def test_the_header_broken_in_its_tag(catalog):
    text = _segments()
    other = text.replace("+7'", "+8'")
    for at in (1, 2):
        reading = read((other + "\n" + "UNB"[:at] + "\n" + "UNB"[at:] + text[3:]).encode(), catalog)
        assert reading.valid
        assert len(reading.interchanges) == 2


def test_findings_in_a_broken_segment_are_where_they_are(catalog):
    text = _segments().replace("GID+1+7:CT", "GID+1+SEVEN:CT")
    for width in (30, 50, 80):
        wrapped = "\r\n".join(textwrap.wrap(text, width, break_on_hyphens=False, drop_whitespace=False))
        (finding,) = [one for one in read(wrapped.encode(), catalog).all_findings() if one.code == "edifact.value-type"]
        at = finding.place.offset
        assert wrapped[at:].replace("\r\n", "").startswith("SEVEN")
        assert wrapped[at] == "S"
        assert finding.place.line == wrapped.count("\n", 0, at) + 1


MARKS = Wrap("'", "+", ":", 20)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("FTX+AAI+++ABCDEFGHIJ\nKLM", 0, "FTX+AAI+++ABCDEFGHIJKLM"),
        ("FTX+AAI+++ABCDEFGHI\nKLM", 0, "FTX+AAI+++ABCDEFGHI KLM"),  # a blank in column 20 was cut off
        ("FTX+AAI+++ABCD\nKLM", 6, "FTX+AAI+++ABCDKLM"),
        ("FTX+AAI+++ABCD\nKLM", 5, "FTX+AAI+++ABCD KLM"),
        ("FTX+AAI+++AB\nKLM", 0, "FTX+AAI+++ABKLM"),  # a line that was short for another reason
        ("FTX+AAI+++ABC       \n+KLM", 0, "FTX+AAI+++ABC+KLM"),  # a record filled up
        ("FTX+AAI+++          \nKLM", 0, "FTX+AAI+++KLM"),
        ("FTX+AAI+++ABC:\n   KLM", 0, "FTX+AAI+++ABC:KLM"),
        ("FTX+AAI+++ABCDEFGHI \nKLM", 0, "FTX+AAI+++ABCDEFGHI KLM"),  # a blank of the text
        ("FTX+AAI+++ABC\n\n\nKLM\n", 0, "FTX+AAI+++ABCKLM"),
        ("F\nTX+AAI", 19, "FTX+AAI"),
    ],
)
def test_what_is_taken_out_with_a_line_break(text, column, expected):
    assert unwrapped(text, MARKS, column)[0] == expected


def test_many_line_breaks_take_linear_time(catalog):
    data = _segments().replace("GENERAL", "G\n" * 100_000)
    assert read(data.encode(), catalog).interchanges[0].messages[0].document
