"""Whole interchanges read, written and read again: groups, packages, dialogues, all that a header says."""

from dataclasses import replace

import pytest

from hub.formats.edifact.reader import read as read_bytes
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.style import STYLE, Style
from hub.formats.edifact.writer import Part, write_interchange
from hub.formats.write import write
from hub.model.message import Envelope, Group

MESSAGE = "UNH+{0}+PAXLST:D:02B:UN:IATA'BGM+745'NAD+MS+++A'TDT+20+OA1'DTM+189:261123:101'UNT+6+{0}'"
HEAD = "UNB+UNOC:4:1:2:01+A:ZZ:IN:SUB+B:14:OUT:UNDER+20261123:1200+7+PASS:AA+APPL+A+1+AGREED+1'"


def _stripped(interchange):
    return replace(
        interchange,
        messages=tuple(replace(message, start=0, end=0) for message in interchange.messages),
    )


@pytest.fixture
def identity(catalog):
    """Reads a text, writes what was read and reads that; both readings must agree."""

    def check(data: bytes, style: Style = STYLE, catalog=catalog):
        first = read_bytes(data, catalog)
        assert first.all_findings() == ()
        written = write(first.interchanges[0], catalog, style)
        again = read_bytes(written, catalog)
        assert again.all_findings() == ()
        assert _stripped(again.interchanges[0]) == _stripped(first.interchanges[0])
        return written

    return check


def test_all_of_a_header(identity):
    text = HEAD + MESSAGE.format(1) + "UNZ+1+7'"
    assert identity(text.encode(), Style(una=False)) == text.encode()


@pytest.mark.parametrize("version", ["3", "4"])
def test_groups(identity, version):
    date = "261123" if version == "3" else "20261123"
    group = "UNG+PAXLST+AIR:ZZ+BORDER+{1}:1200+G{0}+UN+D:02B:IATA+PASS'{2}UNE+2+G{0}'"
    text = f"UNB+UNOC:{version}+A+B+{date}:1200+7'"
    for number in (1, 2):
        text += group.format(number, date, MESSAGE.format(number * 10) + MESSAGE.format(number * 10 + 1))
    text += "UNZ+2+7'"
    assert identity(text.encode(), Style(una=False)) == text.encode()


def test_groups_that_nobody_described(catalog):
    schema = catalog.get("edifact:D.02B:PAXLST")
    document = (
        read_bytes((HEAD + MESSAGE.format(1) + "UNZ+1+7'").encode(), catalog).interchanges[0].messages[0].document
    )
    parts = [Part(document, schema, str(number), "G1") for number in (1, 2)]
    envelope = Envelope("A", "", "B", "", "7", "2611231200", syntax_version="3")
    reading = read_bytes(write_interchange(parts, envelope), catalog)
    assert reading.all_findings() == ()
    assert reading.interchanges[0].groups[0].type == "PAXLST"
    named = write_interchange(parts, envelope, groups=[Group("G1", "PAXLST", "DESK4", "DESK5")])
    assert b"UNG+PAXLST+DESK4+DESK5+261123:1200+G1+UN+D:02B'" in named


@pytest.mark.parametrize("separators", [Separators(), Separators("|", "^", ".", "\\", "*", "~")])
def test_packages(identity, separators):
    content = "'UNZ+1+7'\x00\xff?'"
    package = f"UNO+P1+1:OBJ*2:REF+48:PDF+{len(content)}'{content}UNP+{len(content)}+P1'"
    secured = f"UNO+P2+1:OBJ+48:PDF+{len(content)}:1'USH+7+1'{content}UST+1+3'UNP+{len(content)}+P2'"
    text = HEAD + MESSAGE.format(1) + package + secured + "UNZ+3+7'"
    written = identity(text.encode("latin-1"), Style(separators, una=False))
    if separators == Separators():
        assert written == text.encode("latin-1")
    identity(text.encode("latin-1"), Style(separators, crlf=True))


def test_dialogues(identity, root):
    from hub.schema import edifact
    from hub.schema.catalog import Catalog
    from hub.schema.model import Kind, Node, Schema

    class Interactive(Catalog):
        def get(self, id):
            if id != "edifact:D.02B:SKDREQ":
                return super().get(id)
            children = tuple(
                edifact.segment(self.root / "edifact", one, tag) for one, tag in (("S4", "UIH"), ("D.02B", "BGM"))
            )
            return Schema(id, Node("SKDREQ", "SKDREQ", Kind.MESSAGE, children=children), {})

    text = (
        "UIB+UNOA:4+DLG1:INIT+TR7+++AIRLINE:ZZ+AGENT:ZZ+20261123:1200++1'UIH+SKDREQ:D:02B::UN:IATA+R1+DLG1'BGM+745'"
        "UIT+R1+3'UIR+1+5:TOO LATE+DLG1++R1'UIZ+DLG1+1'"
    )
    assert identity(text.encode(), Style(una=False), catalog=Interactive(root / "schemas")) == text.encode()


@pytest.mark.parametrize("version", ["1", "2", "3", "4"])
@pytest.mark.parametrize("charset", [None, "utf-8", "gb18030", "shift_jis", "iso2022_jp"])
def test_every_version_and_set(catalog, version, charset):
    schema = catalog.get("edifact:D.02B:PAXLST")
    text = (HEAD + MESSAGE.format(1) + "UNZ+1+7'").encode()
    document = read_bytes(text, catalog).interchanges[0].messages[0].document
    document["SG1"][0]["NAD"]["C080"] = {"3036": ["O'NEIL+" + ("" if charset is None else "日本")]}
    envelope = Envelope("A", "", "B", "", "7", "2611231200", syntax_id="UNOB", syntax_version=version)
    data = write_interchange([(document, schema, "1")], envelope, Style(charset=charset))
    reading = read_bytes(data, catalog, charset=charset)
    assert reading.all_findings() == ()
    assert reading.interchanges[0].messages[0].document == document
    assert reading.interchanges[0].envelope.syntax_version == version
