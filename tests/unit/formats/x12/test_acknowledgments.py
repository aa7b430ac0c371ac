"""TA1, 997 and 999: acceptance, rejection at each level, codes and positions; and reading a partner's."""

import io
import re
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from hub.errors import WriteError
from hub.formats.x12.acknowledgment import Answer, acknowledge, answers, parse
from hub.formats.x12.isa import Separators
from hub.formats.x12.style import Style
from hub.model.finding import Finding, Place, Severity
from hub.model.message import Envelope
from hub.model.partner import Acknowledge

HUB = Envelope("HUBCSX", "ZZ", "TRADER", "ZZ", "9", "202611231201")
CONTROL = ("ISA", "GS", "ST", "SE", "GE", "IEA")


@pytest.fixture
def answer(read, catalog):
    """The segments of our answer to ``data`` without its envelope; our own reader and pyx12 have checked it."""

    def _answer(data: bytes, want: str = "997", **options: object) -> list[str]:
        (interchange,) = read(data).interchanges
        written = acknowledge(interchange, Acknowledge(want), envelope=HUB, catalog=catalog, **options)
        assert {one.code for one in read(written).all_findings()} <= {"x12.convention-missing"}
        assert _pyx12_accepts(written), written
        return [part for part in written.decode().split("~") if part and not part.startswith(CONTROL)]

    return _answer


def _pyx12_accepts(written: bytes) -> bool:
    """pyx12's verdict by the maps that it brings along, which know only the groups and sets of health care."""
    import pyx12.params
    import pyx12.x12n_document

    text = written.decode().replace("AK1*PO*", "AK1*HC*")
    text = re.sub(r"AK2\*(850|204)\*", "AK2*837*", text)
    if "ST*" not in text:
        return True
    return pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), io.StringIO(text), io.StringIO(), None, None)


def swapped(order, tag, segment):
    return [segment if part.startswith(f"{tag}*") else part for part in order]


def test_acceptance(answer, wrap, order):
    assert answer(wrap(*order)) == ["AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]
    later = answer(wrap(*order, version="005010"), "999")
    assert later == ["AK1*PO*7*005010", "AK2*850*0001*005010", "IK5*A", "AK9*A*1*1*1"]
    assert answer(wrap(*order), "ta1") == ["TA1*000000042*261123*1200*A*000"]


def test_the_envelope_of_an_answer(read, catalog, wrap, order, isa):
    (interchange,) = read(wrap(*order, head=isa(ISA15="P"))).interchanges
    written = acknowledge(interchange, Acknowledge.FUNCTIONAL, envelope=HUB, catalog=catalog).decode()
    assert written.startswith(
        "ISA*00*          *00*          *ZZ*HUBCSX         *ZZ*TRADER         *261123*1201*U*00401*000000009*0*P*:~"
        "GS*FA*HUBCSX*TRADER*20261123*1201*9*X*004010~ST*997*0001~"
    )
    assert written.endswith("SE*6*0001~GE*1*9~IEA*1*000000009~")
    later = acknowledge(interchange, Acknowledge.IMPLEMENTATION, envelope=HUB, catalog=catalog).decode()
    assert "*00501*000000009*0*P*:~GS*FA*HUBCSX*TRADER*20261123*1201*9*X*005010X231A1~" in later
    assert "ST*999*0001*005010X231A1~" in later


def test_a_style_of_the_partners(read, catalog, wrap, order):
    (interchange,) = read(wrap(*order)).interchanges
    style = Style(Separators("|", ">", "", "!"), newline="\r\n", sender="HUB", receiver="TR")
    written = acknowledge(interchange, Acknowledge.FUNCTIONAL, envelope=HUB, catalog=catalog, style=style)
    assert b"|>!\r\nGS|FA|HUB|TR|" in written
    assert read(written).all_findings() == ()


@pytest.mark.parametrize(
    ("tag", "segment", "found"),
    [
        ("CUR", "CUR*BY*USX", ["AK3*CUR*3**8", "AK4*2*100*7*USX"]),
        ("REF", "REF*IA", ["AK3*REF*4**8", "AK4*2*127*2"]),
        ("BEG", "BEG*00*SA***20261123", ["AK3*BEG*2**8", "AK4*3*324*1"]),
        ("BEG", "BEG*00*S*PO1**20261131", ["AK3*BEG*2**8", "AK4*2*92*4*S", "AK4*5*373*8*20261131"]),
        ("N4", "N4*LAREDO*TX*78045*USA1", ["AK3*N4*8*N1*8", "AK4*4*26*5*USA1", "AK4*4*26*7*USA1"]),
        ("N3", "N3*A*B*C", ["AK3*N3*7*N1*8", "AK4*3**3*C"]),
        ("MEA", "MEA***12.5*KG:X", ["AK3*MEA*11*PID*8", "AK4*4:2*1018*6*X"]),
        ("PER", "XYZ*1", ["AK3*XYZ*5**1"]),
        ("PER", "M10*1", ["AK3*M10*5**6"]),
    ],
)
def test_each_fault_has_its_code_and_position(answer, wrap, order, tag, segment, found):
    data = wrap(*swapped(order, tag, segment))
    assert answer(data) == ["AK1*PO*7", "AK2*850*0001", *found, "AK5*R*5", "AK9*R*1*1*0"]


def test_a_missing_segment(answer, wrap, order):
    assert answer(wrap(*order[1:]))[2:] == ["AK3*BEG*2**3", "AK5*R*5", "AK9*R*1*1*0"]


def test_a_999_says_what_asks_for_an_element(answer, wrap, order):
    data = wrap(*swapped(order, "PER", "PER*BD*BUYER*TE"), version="005010")
    assert answer(data, "999")[2:] == [
        "IK3*PER*5**8",
        "IK4*4*364*2",
        "CTX*SITUATIONAL TRIGGER*PER*5**3",
        "IK5*R*5",
        "AK9*R*1*1*0",
    ]


def test_codes_of_a_999_that_differ(answer, wrap):
    report = ("AK1*PO*7*004010", "AK2*850*0001", "IK3*BEG*2**8", "IK4*1*353*7*0A", "IK5*R*5", "AK9*R*1*1*0")
    body = [*report[:3], "CTX*" + "^".join(["A"] * 11) + "*BEG*2", *report[3:]]
    data = wrap(*body, number="999", group="FA", version="005010")
    assert not any(part.startswith("AK") for part in answer(data, "ta1"))
    order = ["BEG*00*SA*PO1**20261123", "PO1*1*10*EA*19.95", "MEA***12.5*KG" + ":1:1:KG" * 5 + ":X"]
    assert "IK4*4:16**13*KG" in answer(wrap(*order, version="005010"), "999")


def test_quotes_hold_no_separators(answer, wrap, order):
    data = wrap(*swapped(order, "PO1", "PO1*1*10*EA*19:95")).replace(b"LAREDO", b"L`\xff^A")
    found = answer(data)
    assert "AK4*4*212*6*19 95" in found
    assert any(part.startswith("AK4*1*19*6*L") for part in found)


def test_faults_of_a_set(answer, wrap, order):
    data = wrap(*order).replace(b"SE*13*0001", b"SE*12*0002")
    assert answer(data)[2:] == ["AK5*R*4*3", "AK9*R*1*1*0"]
    assert answer(wrap(*order).replace(b"ST*850", b"ST*204"))[1:] == ["AK2*204*0001", "AK5*R*1", "AK9*R*1*1*0"]


def test_some_sets_are_accepted(answer, wrap, order, transaction):
    bad = swapped(order, "CUR", "CUR*BY*USX")
    data = wrap(*transaction(*order), *transaction(*bad, ref="0002"))
    assert answer(data) == [
        "AK1*PO*7",
        "AK2*850*0001",
        "AK5*A",
        "AK2*850*0002",
        "AK3*CUR*3**8",
        "AK4*2*100*7*USX",
        "AK5*R*5",
        "AK9*P*2*2*1",
    ]


@pytest.mark.parametrize(
    ("old", "new", "trailer"),
    [
        ("GE*1*7", "GE*3*7", "AK9*R*3*1*0*5"),
        ("GE*1*7", "GE*1*8", "AK9*R*1*1*0*4"),
        ("*X*004010", "*X*003040", "AK9*R*1*1*0*2"),
        ("GE*1*7~", "", "AK9*R*1*1*0*3"),
    ],
)
def test_faults_of_a_group_reject_it(answer, wrap, order, old, new, trailer):
    assert answer(wrap(*order).replace(old.encode(), new.encode()))[-1] == trailer


def test_each_group_has_its_own(answer, wrap, order, transaction):
    groups = []
    for ref in "78":
        groups += [f"GS*PO*A*B*20261123*1200*{ref}*X*004010", *transaction(*order), f"GE*1*{ref}"]
    found = answer(wrap(*groups, tail="IEA*2*000000042"))
    assert [part for part in found if part.startswith("AK1")] == ["AK1*PO*7", "AK1*PO*8"]


def test_a_refused_interchange_is_answered_with_ta1(answer, wrap, order, isa):
    assert answer(wrap(*order, tail="IEA*2*000000042")) == ["TA1*000000042*261123*1200*R*021"]
    assert answer(wrap(*order, tail="IEA*1*000000043")) == ["TA1*000000042*261123*1200*R*001"]
    assert answer(wrap(*order, head=isa(ISA09="269999"))) == ["TA1*000000042*000101*1200*R*014"]
    twice = Finding("walk.interchange-duplicate", Place(), Severity.ERROR)
    assert answer(wrap(*order), extra=(twice,)) == ["TA1*000000042*261123*1200*R*025"]
    odd = Finding("walk.signature-invalid", Place(), Severity.ERROR)
    assert answer(wrap(*order), extra=(odd,)) == ["TA1*000000042*261123*1200*R*024"]


def test_isa14_asks_for_a_ta1(answer, wrap, order, isa):
    found = answer(wrap(*order, head=isa(ISA14="1")))
    assert found[0] == "TA1*000000042*261123*1200*A*000"
    assert found[1] == "AK1*PO*7"


def test_warnings_are_noted(answer, wrap, order):
    assert answer(wrap(*order)[:-1], "ta1") == ["TA1*000000042*261123*1200*E*023"]


def test_what_is_not_answered(read, wrap, order, isa, catalog):
    (sound,) = read(wrap(*order)).interchanges
    assert not answers(sound, Acknowledge.NONE, True)
    with pytest.raises(WriteError, match="Nothing"):
        acknowledge(sound, Acknowledge.NONE, envelope=HUB, catalog=catalog)
    (report,) = read(wrap("AK1*PO*7", "AK9*A*1*1*1", number="997", group="FA")).interchanges
    assert not answers(report, Acknowledge.FUNCTIONAL, False)
    assert answers(report, Acknowledge.INTERCHANGE, False)
    (receipt,) = read(wrap("TA1*000000007*261123*1200*A*000")).interchanges
    assert not any(answers(receipt, want, True) for want in Acknowledge)
    (nameless,) = read(wrap(*order, head=isa(ISA06=" " * 15))).interchanges
    assert not answers(nameless, Acknowledge.FUNCTIONAL, True)


def test_a_version_without_997_is_answered_in_the_hubs_own(read, wrap, order, catalog):
    (interchange,) = read(wrap(*order, version="003040")).interchanges
    for version in ("004010", "005010"):
        written = acknowledge(
            interchange, Acknowledge.FUNCTIONAL, envelope=HUB, catalog=catalog, version=version
        ).decode()
        assert f"*9*X*{version}~ST*997" in written


@pytest.mark.parametrize(
    ("body", "options", "found"),
    [
        (("TA1*000000007*261123*1200*A*000",), {}, Answer("000000007", True)),
        (("TA1*000000007*261123*1200*E*004",), {}, Answer("000000007", True, ("004",))),
        (("TA1*000000007*261123*1200*R*025",), {}, Answer("000000007", False, ("025",))),
        (("AK1*PO*7", "AK9*A*1*1*1"), {"number": "997", "group": "FA"}, Answer("000000007", True)),
        (
            ("AK1*PO*7", "AK2*850*0001", "AK3*BEG*2**8", "AK4*1*353*7", "AK5*R*5", "AK9*P*2*2*1*1"),
            {"number": "997", "group": "FA"},
            Answer("000000007", False, ("8", "7", "5", "1"), "0001/2 BEG01: 7"),
        ),
        (
            ("AK1*PO*7", "AK2*850*0001", "AK5*A", "AK2*850*0002", "AK5*R*5", "AK9*A*2*2*2"),
            {"number": "997", "group": "FA"},
            Answer("000000007", False, ("5",)),
        ),
        (
            ("AK1*PO*7*004010", "AK2*850*0001", "IK3*BEG*2**8", "IK4*1*353*7", "IK5*R*5", "AK9*R*1*1*0"),
            {"number": "999", "group": "FA", "version": "005010"},
            Answer("000000007", False, ("8", "7", "5"), "0001/2 BEG01: 7"),
        ),
    ],
)
def test_what_a_partner_says(read, wrap, body, options, found):
    (message,) = read(wrap(*body, **options)).interchanges[0].messages
    assert parse(message) == found


def test_what_is_no_answer(read, wrap, order):
    (message,) = read(wrap(*order)).interchanges[0].messages
    assert parse(message) is None
    assert parse(replace(message, type="x12:004010:997", document=None)) is None


def test_every_standard_code_is_one_of_the_lists(catalog):
    """What the texts say, our own acknowledgments can carry."""
    texts = tomllib.loads(files("hub.model.texts").joinpath("x12.toml").read_text("utf-8"))
    codes = catalog.get("x12:004010:997").codes
    later = catalog.get("x12:005010:999").codes
    receipt = catalog.get("x12:004010:TA1").codes
    lists = {
        "ta1": receipt["I18"],
        "ak905": codes["716"],
        "ak502": codes["718"],
        "ak304": codes["720"],
        "ak403": codes["723"],
        "ik502": later["618"],
        "ik304": later["620"],
        "ik403": later["621"],
    }
    for key, text in texts.items():
        for family in lists.keys() & text.keys():
            assert text[family] in lists[family], (key, family)
