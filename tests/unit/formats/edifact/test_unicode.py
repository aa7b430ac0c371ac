"""ISO 10646 in two octets: UTF-16 with and without a mark, throughout or from behind S001 on."""

import pytest

from hub.formats.detect import detect
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import gather
from hub.formats.edifact.recoding import Recoded
from hub.formats.source import Memory
from hub.model.message import Syntax

BODY = ("BGM+745", "NAD+MS+++上海港 O?'BRIEN 🚢", "TDT+20+OA1", "DTM+189:261123:101")


def _text(wrap, syntax="UNOY", *body):
    parts = ["UNB+" + syntax + ":4+A+B+20261123:1200+7", "UNH+1+PAXLST:D:02B:UN", *(body or BODY), "UNT+6+1", "UNZ+1+7"]
    return "".join(f"{one}'" for one in parts)


def _codes(reading):
    return [finding.code[8:] for finding in reading.all_findings()]


def _name(reading):
    return reading.interchanges[0].messages[0].document["SG1"][0]["NAD"]["C080"]["3036"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("una", ["", "UNA:+.?*'", "UNA:+.?*'\r\n"])
def test_all_of_it_in_utf_16(read, wrap, codec, una):
    text = una + _text(wrap)
    data = text.encode(codec)
    assert detect(data) is Syntax.EDIFACT
    reading = read(data)
    assert _codes(reading) == []
    assert _name(reading) == ["上海港 O'BRIEN 🚢"]
    (message,) = reading.interchanges[0].messages
    begin = "utf-16-le" if codec == "utf-16" else codec
    assert data[message.start : message.end] == text[text.index("UNH") : text.index("UNZ")].encode(begin)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", ["UNB+UNOY:4", "UNA:+.?*'UNB+UNOY:4::8", "UNA:+.?*'\r\nUNB+UNOY:4:1:8"])
def test_from_behind_the_syntax_identifier_on(read, wrap, codec, before):
    data = before.encode() + _text(wrap)[10:].encode(codec)
    assert detect(data) is Syntax.EDIFACT
    reading = read(data)
    assert _codes(reading) == []
    assert _name(reading) == ["上海港 O'BRIEN 🚢"]
    start = reading.interchanges[0].messages[0].start
    assert data[start : start + 6] == "UNH".encode(codec)


def test_findings_are_where_they_are_in_the_file(read, wrap):
    text = _text(wrap, "UNOY", "BGM+745", "NAD+MS+++上海\r\n港", "TDT+20+OA1", "DTM+ABC:261123:101:9")
    finding = read(text.encode("utf-16-be")).all_findings()[1]
    at = 2 * text.index("ABC")
    assert (finding.code, finding.place.offset, finding.place.line) == ("edifact.value-code", at, 2)
    assert finding.place.column == at - 2 * text.index("港") + 1


def test_half_characters_are_found(read, wrap):
    data = _text(wrap).replace("上", "\ud800").encode("utf-16-be", "surrogatepass")
    (finding,) = read(data).all_findings()
    assert finding.code == "edifact.char-invalid"
    assert data[finding.place.offset :].startswith(b"\xd8\x00")
    assert _codes(read(_text(wrap).encode("utf-16-be") + b"\0")) == ["text-after"]


def test_another_name_for_it_is_an_error(read, wrap):
    assert _codes(read(_text(wrap, "UNOC").encode("utf-16"))) == ["encoding-utf-16"]


def test_utf_8_under_the_same_name(read, wrap):
    assert _codes(read(_text(wrap).encode())) == []


def test_pages_and_blocks_make_no_difference(catalog, wrap):
    message = _text(wrap).partition("'")[2].rpartition("UNZ")[0]
    parts = [message.replace("+1+PAX", f"+{one}+PAX").replace("UNT+6+1", f"UNT+6+{one}") for one in range(2000)]
    text = _text(wrap).partition("'")[0] + "'" + "".join(parts) + "UNZ+2000+7'"
    data = text.encode("utf-16")
    assert len(data) > 4 * 65_536
    whole = gather(Memory(data), catalog, None, Limits())
    assert whole.valid
    assert gather(Memory(data), catalog, None, Limits(block=2200)) == whole
    for message in whole.interchanges[0].messages[::97]:
        assert data[message.start : message.start + 6] == "UNH".encode("utf-16-le")


@pytest.mark.parametrize("lead", [0, 1, 2, 3])
def test_offsets_there_and_back(lead):
    text = "A" * lead + "🚢ß上A" * 20_000
    data = text.encode("utf-16-le")
    recoded = Recoded(Memory(data), 0, 0, "utf-16-le")
    assert recoded.read(0, recoded.size) == text.encode()
    for at in range(0, 100_000, 9_973):
        ours, theirs = len(text[:at].encode()), len(text[:at].encode("utf-16-le"))
        assert recoded.original(ours) == theirs
        assert recoded.place(theirs) == ours
        assert recoded.read(ours, ours + 10) == text.encode()[ours : ours + 10]
