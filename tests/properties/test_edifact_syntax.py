"""What must hold for interchanges of every form when they are damaged, and for files however they are read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.formats.edifact.heads import REACH
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import gather, read
from hub.formats.source import Memory
from hub.schema.catalog import Catalog

BODY = "UNH+1+PAXLST:D:02B:UN'BGM+745'NAD+MS+++上海 O?'NEIL'TDT+20+OA1'DTM+189:261123:101'UNT+6+1'"
TEXT = f"UNB+UNOY:4+A+B+20261123:1200+7'{BODY}UNZ+1+7'"
ESCAPED = TEXT.replace("UNOY", "UNOX").replace("上海", "日本")
OBJECT = b"UNO+P1+1:OBJ+48:PDF+12'\x00'UNZ+1+7'\xff.UNP+12+P1'"
FORMS: dict[str, tuple[bytes, str | None]] = {
    "utf-16": (TEXT.encode("utf-16"), None),
    "half utf-16": (b"UNB+UNOY:4" + TEXT[10:].encode("utf-16-be"), None),
    "gb18030": (
        b"UNA|^.\\*~" + TEXT.translate(str.maketrans(":+?'", "|^\\~")).encode("gb18030"),
        "gb18030",
    ),
    "code extension": (ESCAPED.encode("iso2022_jp"), None),
    "object": (TEXT.encode().replace(b"UNZ+1", OBJECT + b"UNZ+2"), None),
    "interactive": (b"UIB+UNOA:4+D1'UIH+NOBODY:D:02B+R1'BGM+745'UIT+R1+3'UIR+1+5:LATE+D1++R1'UIZ+D1+1'", None),
    "bare": (b"UNA:+.?'\r\n" + BODY.encode(), None),
    "records": ("\r\n".join(TEXT[at : at + 30] for at in range(0, len(TEXT), 30)).encode(), None),
}
SMALL = Limits(block=REACH + 10)


def survives(data: bytes, charset: str | None, catalog: Catalog) -> None:
    reading = read(data, catalog, charset=charset)
    for finding in reading.all_findings():
        assert finding.place.offset is not None
        assert 0 <= finding.place.offset <= len(data)
        assert finding.standard("contrl")
        shown = finding.as_json()
        assert shown["en"]
        assert shown["zh"]
    for interchange in reading.interchanges:
        for message in interchange.messages:
            assert 0 <= message.start <= message.end <= len(data)


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_are_sound(catalog: Catalog, form: str) -> None:
    data, charset = FORMS[form]
    codes = {finding.code for finding in read(data, catalog, charset=charset).all_findings()}
    assert codes <= {
        "edifact.header-missing",
        "edifact.una-length",
        "edifact.segment-broken",
        "edifact.message-unknown",
    }


@pytest.mark.parametrize("form", FORMS)
@given(st.data(), st.integers(0, 255))
def test_any_byte_changed(catalog: Catalog, form: str, draw: st.DataObject, byte: int) -> None:
    data, charset = FORMS[form]
    at = draw.draw(st.integers(0, len(data) - 1))
    survives(data[:at] + bytes([byte]) + data[at + 1 :], charset, catalog)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=50)
@given(st.data(), st.binary(max_size=8))
def test_any_piece_replaced(catalog: Catalog, form: str, draw: st.DataObject, piece: bytes) -> None:
    data, charset = FORMS[form]
    at = draw.draw(st.integers(0, len(data)))
    length = draw.draw(st.integers(0, 40))
    survives(data[:at] + piece + data[at + length :], charset, catalog)


ASCII = [data for data, charset in FORMS.values() if charset is None and data.isascii()]
PIECES = [*ASCII, TEXT.encode(), b"stray", b"\r\n"]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_blocks_make_no_difference(catalog: Catalog, pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert gather(Memory(data), catalog, None, SMALL) == read(data, catalog)
