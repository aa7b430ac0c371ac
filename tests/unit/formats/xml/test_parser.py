"""The hardened parser against what hostile files do."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.schema.xmlparser import Limits, parse

LAUGHS = b"""<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"""


def code(data: bytes, **limits: int) -> str:
    parsed = parse(data, limits=Limits(**limits))
    assert parsed.root is None
    assert len(parsed.findings) == 1
    return parsed.findings[0].code


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        b"<!DOCTYPE a><a/>",
        b"<?xml version='1.0'?>\n<!-- before -->\n<?pi?>\n<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><a/>",
        b"\xef\xbb\xbf<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a><a/>".encode("utf-16"),
        "<!DOCTYPE a><a/>".encode("utf-16-be").join([b"\xfe\xff", b""]),
        b"<!doctype a><a/>",
    ],
)
def test_a_doctype_is_refused_wherever_it_may_stand(data: bytes) -> None:
    assert code(data) == "xml.doctype"


def test_a_doctype_is_located() -> None:
    place = parse(b"<?xml version='1.0'?>\n  <!DOCTYPE a><a/>").findings[0].place
    assert (place.line, place.column, place.offset) == (2, 3, 24)


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    parsed = parse(f"<!DOCTYPE a [<!ENTITY x SYSTEM '{secret}'>]><a>&x;</a>".encode())
    assert parsed.root is None
    assert "the secret" not in str(parsed.findings)


def test_an_entity_without_dtd_is_located() -> None:
    finding = parse(b"<a>\n &x;</a>").findings[0]
    assert (finding.code, finding.place.line) == ("xml.entity", 2)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<a>\xff</a>", "xml.encoding"),
        ("<?xml version='1.0' encoding='UTF-8'?><a>é</a>".encode("latin-1"), "xml.encoding"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "xml.encoding"),
        (b"<?xml version='1.0' encoding='IBM037'?><a/>", "xml.encoding"),
        ("<a/>".encode("utf-16-le"), "xml.encoding"),
        ("<a/>".encode("utf-32"), "xml.encoding"),
        (b"\xff\xfe<", "xml.encoding"),
        (b"", "xml.malformed"),
        (b"<a", "xml.malformed"),
        (b"<a></b>", "xml.malformed"),
        (b"<long>\x00</long>", "xml.malformed"),
        (b"<x:a/>", "xml.malformed"),
        (b"<a/><b/>", "xml.malformed"),
        (b"<a b='1' b='2'/>", "xml.malformed"),
        (b"<a>" + b"x" * 10_500_000 + b"</a>", "xml.limit"),
    ],
)
def test_what_is_not_xml_is_a_finding(data: bytes, expected: str) -> None:
    assert code(data) == expected


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_every_accepted_encoding(charset: str) -> None:
    name = charset.removesuffix("-sig")
    parsed = parse(f"<?xml version='1.0' encoding='{name}'?><a>长沙口岸</a>".encode(charset))
    assert parsed.root is not None
    assert parsed.root.text == "长沙口岸"


def test_size_depth_and_counts_are_bounded() -> None:
    assert code(b"<a>xxxxx</a>", size=8) == "xml.too-large"
    assert code(b"<a>" * 11 + b"</a>" * 11, depth=10) == "xml.too-deep"
    assert parse(b"<a>" * 10 + b"</a>" * 10, limits=Limits(depth=10)).root is not None
    assert code(b"<a>" * 5000 + b"</a>" * 5000) == "xml.too-deep"
    assert code(b"<a>" + b"<b/>" * 10 + b"</a>", elements=10) == "xml.too-many-elements"
    attributes = " ".join(f"a{number}='1'" for number in range(11))
    assert code(f"<a><b {attributes}/></a>".encode(), attributes=10) == "xml.too-many-attributes"


@pytest.mark.parametrize(
    "data",
    [
        b"<" * 4_000_000,
        b"<!-- " * 800_000,
        b"<!---->" * 600_000 + b"<a/>",
        b"<?x " * 1_000_000,
        b" " * 4_000_000,
        b"=" * 4_000_000,
        b"<a x='" * 700_000,
        b"<a " + b" ".join(b"a%d='1'" % number for number in range(300_000)) + b"/>",
    ],
)
def test_four_megabytes_of_nonsense_end_soon(data: bytes) -> None:
    started = time.process_time()
    parse(data)
    assert time.process_time() - started < 5


def test_a_comment_does_not_halve_a_value() -> None:
    """A reader that took only the text before the comment would see another bill number than was signed."""
    parsed = parse(b"<a>BILL<!-- x -->-1<?y?>23</a>")
    assert parsed.root is not None
    assert parsed.root.text == "BILL-123"
    kept = parse(b"<a>BILL<!-- x -->-123</a>", keep_comments=True)
    assert kept.root is not None
    assert len(kept.root) == 1


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    for start in (b"", b"<", b"\xff\xfe", b"<?xml version='1.0' encoding='"):
        parsed = parse(start + data)
        assert (parsed.root is None) == bool(parsed.findings)
