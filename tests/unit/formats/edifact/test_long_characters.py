"""Character sets whose characters have several bytes, some of which look like separators; and code extension."""

import pytest

from hub.errors import WriteError
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.style import Style
from hub.formats.edifact.writer import write
from hub.model.message import Envelope

BODY = ("BGM+745", "NAD+MS+++@", "TDT+20+OA1", "DTM+189:261123:101")
MARKS = {"+": "^", ":": "|", "?": "\\", "'": "~"}


def _data(wrap, name: bytes, syntax="UNOX", exotic=False):
    data = wrap(*BODY, head=f"UNB+{syntax}:3+A+B+261123:1200+7")
    if exotic:
        data = b"UNA|^.\\ ~" + data.translate(bytes.maketrans(b"+:?'", b"^|\\~"))
    return data.replace(b"@", name)


def _codes(reading):
    return [finding.code[8:] for finding in reading.all_findings()]


def _name(reading):
    return reading.interchanges[0].messages[0].document["SG1"][0]["NAD"]["C080"]["3036"]


def _with_byte(codec, marks="^|\\~"):
    """Characters of ``codec`` that hold a byte of each of ``marks``."""
    found = []
    for mark in marks:
        for code in range(0x3400, 0xD000):
            try:
                raw = chr(code).encode(codec)
            except UnicodeEncodeError:
                continue
            if len(raw) > 1 and ord(mark) in raw:
                found.append(chr(code))
                break
    return "".join(found)


@pytest.mark.parametrize("codec", ["gb18030", "gbk", "big5", "shift_jis"])
def test_separators_inside_characters_are_no_separators(read, wrap, codec):
    text = _with_byte(codec)
    assert len(text) >= 3
    reading = read(_data(wrap, text.encode(codec), exotic=True), charset=codec)
    assert _codes(reading) == []
    assert _name(reading) == [text]


def test_four_bytes_with_digits(read, wrap):
    text = "㐀\u0e01𠀀"  # 8139EE39 and the like
    assert any(0x30 <= byte <= 0x39 for byte in text.encode("gb18030"))
    reading = read(_data(wrap, text.encode("gb18030"), exotic=True), charset="gb18030")
    assert (_codes(reading), _name(reading)) == ([], [text])


@pytest.mark.parametrize("codec", ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "utf-8"])
def test_half_a_character_is_found_where_it_is(read, wrap, codec):
    raw = "日本".encode(codec)[:-1]
    data = _data(wrap, raw)
    finding = read(data, charset=codec).all_findings()[0]
    assert finding.code == "edifact.char-invalid"
    assert data.index(raw) <= finding.place.offset <= data.index(raw) + len(raw)
    assert (finding.place.segment, finding.place.tag, finding.place.element) == (3, "NAD", 4)


ESCAPED = [
    ("iso2022_jp", "日本+語 'A"),
    ("iso2022_jp", "カタカナ"),
    ("iso2022_jp_1", "丂丄"),
    ("iso2022_jp_2", "中国한국日本"),
    ("iso2022_kr", "한국 무역"),
]


@pytest.mark.parametrize(("codec", "text"), ESCAPED)
def test_code_extension(read, wrap, codec, text):
    raw = text.replace("'", "?'").replace("+", "?+").encode(codec)
    for options in ({}, {"charset": codec}):
        reading = read(_data(wrap, raw), **options)
        assert _codes(reading) == []
        assert _name(reading) == [text]


def test_every_separator_inside_a_double_byte_character(read, wrap):
    pairs = [bytes([first, second]) for first in range(0x30, 0x4F) for second in b"'+:?*"]
    raw = b"\x1b$B" + b"".join(pairs[:15]) + b"\x1b(B"
    reading = read(_data(wrap, raw))
    assert _codes(reading) == []
    assert _name(reading) == [raw.decode("iso2022_jp")]


def test_one_byte_katakana_and_chinese(read, wrap):
    reading = read(_data(wrap, b"\x1b(I1K\x1b(B\x1b$)A\x0e\x56\x50\x0f"))
    assert _codes(reading) == []
    assert _name(reading) == ["ｱﾋ中"]


@pytest.mark.parametrize("raw", [b"\x1b$B\x21\x1b(B", b"\x1b$B\x7e\x7e\x1b(B", b"\x1b%GAB", b"\x1b"])
def test_what_is_no_character_is_found(read, wrap, raw):
    reading = read(_data(wrap, b"AB" + raw))
    assert "char-invalid" in _codes(reading)
    assert reading.all_findings()[0].place.tag == "NAD"


def test_length_counts_characters_not_escapes(read, wrap):
    text = "日" * 35
    assert _codes(read(_data(wrap, text.encode("iso2022_jp")))) == []
    assert _codes(read(_data(wrap, (text + "本").encode("iso2022_jp")))) == ["value-long"]


DOCUMENT = {
    "BGM": {"C002": {"1001": "745"}},
    "SG2": [{"TDT": {"8051": "20", "8028": "OA1"}, "DTM": {"C507": {"2005": "189", "2380": "261123", "2379": "101"}}}],
}
ENVELOPE = Envelope("A", "", "B", "", "42", "2611231200", syntax_id="UNOX", syntax_version="3")


def _named(name):
    return DOCUMENT | {"SG1": [{"NAD": {"3035": "MS", "C080": {"3036": [name]}}}]}


@pytest.mark.parametrize("codec", ["gb18030", "gbk", "big5", "shift_jis", "iso2022_jp", "iso2022_kr", "euc_kr", None])
@pytest.mark.parametrize("separators", [Separators(), Separators("|", "^", ".", "\\", "", "~")])
def test_what_is_written_is_read_again(read, catalog, codec, separators):
    kana = codec in ("gb18030", "gbk", "shift_jis", "iso2022_jp", None)
    text = ("カ+ナ" if kana else "中") + "'A^B|C~\\?:"
    if codec in ("gb18030", "gbk", "big5", "shift_jis"):
        text = _with_byte(codec) + text
    style = Style(separators, charset=codec)
    data = write(_named(text), catalog.get("edifact:D.02B:PAXLST"), ENVELOPE, message_ref="1", style=style)
    reading = read(data, charset=codec)
    assert _codes(reading) == []
    assert _name(reading) == [text]


@pytest.mark.parametrize(("codec", "name"), [("big5", "é"), ("iso2022_jp", "é"), ("gbk", "🚢"), (None, "🚢")])
def test_what_a_set_lacks_is_refused_by_its_path(catalog, codec, name):
    with pytest.raises(WriteError, match="SG1/NAD/C080/3036"):
        write(_named(name), catalog.get("edifact:D.02B:PAXLST"), ENVELOPE, message_ref="1", style=Style(charset=codec))
