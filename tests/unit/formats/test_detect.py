"""The first bytes tell the syntax, or why there is none; nothing that arrives raises."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.formats.detect import detect, unreadable
from hub.formats.json import writer as json
from hub.formats.read import read
from hub.model.finding import Language, Severity
from hub.model.message import Syntax
from hub.schema.catalog import Catalog

CATALOG = Catalog(Path(__file__).resolve().parents[3] / "schemas")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("PAXLST.edi", "UNB+UNOA:1")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "syntax"),
    [
        (b"UNA:+.? 'UNB+UNOC:3+A+B+261123:0830+1'", Syntax.EDIFACT),
        (b"UNB+UNOA:1+A+B", Syntax.EDIFACT),
        (b"UNG+PAXLST", Syntax.EDIFACT),
        (b"UNH+1+PAXLST:D:02B:UN", Syntax.EDIFACT),
        (b"UNB\x1dUNOB\x1f1", Syntax.EDIFACT),
        (b"\r\n UNB+UNOA:1", Syntax.EDIFACT),
        (b"\xef\xbb\xbfUNB+UNOW:4", Syntax.EDIFACT),
        (b"ISA*00*          *00*", Syntax.X12),
        (b"<?xml version='1.0'?><a/>", Syntax.XML),
        (b"\xef\xbb\xbf \n<a/>", Syntax.XML),
        ("<a/>".encode("utf-16"), Syntax.XML),
        ("<a/>".encode("utf-16-be").join([b"\xfe\xff", b""]), Syntax.XML),
        (b' {"a": 1}', Syntax.JSON),
        (b"[]", Syntax.JSON),
        (b"UNBELIEVABLE", Syntax.UNKNOWN),
        (b"ISABELLE", Syntax.UNKNOWN),
        (b"", Syntax.UNKNOWN),
    ],
)
def test_syntax(data: bytes, syntax: Syntax) -> None:
    assert detect(data) is syntax


@pytest.mark.parametrize(
    ("data", "code", "offset"),
    [
        (b"", "detect.empty", 0),
        (b"\xef\xbb\xbf \r\n", "detect.empty", 0),
        (zipped(), "detect.archive", 0),
        (gzip.compress(b"UNB+UNOA:1", mtime=0), "detect.archive", 0),
        (bz2.compress(b"UNB+UNOA:1"), "detect.archive", 0),
        (lzma.compress(b"UNB+UNOA:1"), "detect.archive", 0),
        (b"%PDF-1.7\n", "detect.binary", 0),
        (b"\x89PNG\r\n\x1a\n", "detect.binary", 0),
        (b"text\x00more", "detect.binary", 4),
        (b"Dear Sir or Madam", "detect.unknown", 0),
        (b" " * 5000, "detect.unknown", 0),
        (b"../../etc/passwd", "detect.unknown", 0),
    ],
)
def test_what_is_no_message_is_named(data: bytes, code: str, offset: int) -> None:
    reading = read(data, CATALOG)
    assert reading.syntax is Syntax.UNKNOWN
    (finding,) = reading.all_findings()
    assert (finding.code, finding.place.offset) == (code, offset)
    assert finding == unreadable(data)
    assert not reading.valid
    for language in Language:
        assert "–" not in finding.text(language)
        assert finding.mend(language)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"ISA*00*", "x12.isa-unreadable"), (b"{}", "form.not-a-message")],
)
def test_what_is_not_taken_is_said(data: bytes, code: str) -> None:
    (finding,) = read(data, CATALOG).all_findings()
    assert (finding.code, finding.place.offset) == (code, 0)


def test_each_syntax_reaches_its_codec() -> None:
    assert read(b"UNB+UNOA:1", CATALOG).syntax is Syntax.EDIFACT
    (finding,) = read(b"<a/>", CATALOG).all_findings()
    assert finding.code == "xml.unknown-bare-root"
    csv = b"message_id,trip,number,document_number,status,reason,text\r\nM1,,1,,800,,\r\n"
    assert read(csv, CATALOG).valid
    assert read(csv, CATALOG).interchanges[0].messages[0].type == "csv:quarantine:passengers-answer"


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"UNA:+.? '", b"UNB+UNOC:3", b"<", b"ISA*", b"message_id,trip\n"])
)
def test_no_bytes_raise(data: bytes, start: bytes) -> None:
    reading = read(start + data, CATALOG)
    assert reading.valid or reading.all_findings()


def test_json_keeps_order_and_chinese() -> None:
    assert json.dump({"b": "长沙", "a": [{"c": "1"}]}).decode() == '{"b": "长沙", "a": [{"c": "1"}]}'
    assert json.dump({"a": "1"}, indent=2) == b'{\n  "a": "1"\n}'


X12 = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              "
X12 += b"*261123*1200*U*00401*000000001*0*T*:~IEA*0*1~"
EDIFACT = b"UNB+UNOC:3+A+B+261123:1200+1'UNZ+0+1'"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (EDIFACT + b"\r\n" + X12, [("X12", len(EDIFACT) + 2)]),
        (X12 + EDIFACT, [("EDIFACT", len(X12))]),
        (X12 + b"UNA:+.? '" + EDIFACT, [("EDIFACT", len(X12))]),
        (EDIFACT + b"THE ISA MET, UNB TOO", []),
        (X12 + X12, []),
    ],
)
def test_an_interchange_of_another_format_is_not_lost_without_a_word(data: bytes, found: list[tuple[str, int]]) -> None:
    told = [one for one in read(data, CATALOG).findings if one.code == "detect.mixed"]
    assert [(dict(one.params)["other"], one.place.offset) for one in told] == found
    assert all(one.severity is Severity.ERROR for one in told)
