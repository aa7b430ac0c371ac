"""CONTRL: acceptance, rejection at each level, its error codes and positions, and reading a partner's."""

import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from hub.errors import WriteError
from hub.formats.edifact.contrl import Answer, answerable, contrl, parse_contrl
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.style import Style
from hub.model.finding import Finding, Place
from hub.model.message import Envelope

HUB = Envelope(sender="HUBCSX", sender_qualifier="ZZ", recipient="A", prepared_at="2611231201")


@pytest.fixture
def answer(read, catalog):
    """The segments of our CONTRL to ``data``, between UNH and UNT; the CONTRL is checked by our own reader."""

    def _answer(data: bytes, **options: object) -> list[str]:
        written = contrl(read(data).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog, **options)
        assert read(written).all_findings() == ()
        return written.decode().replace("?'", "\0").split("'")[3:-3]

    return _answer


def test_acceptance(answer, wrap, paxlst):
    assert answer(wrap(*paxlst)) == ["UCI+7+A+B+7"]


def test_it_is_written_in_the_syntax_version_of_the_interchange(read, catalog, wrap, paxlst):
    old = contrl(read(wrap(*paxlst)).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog)
    assert old.startswith(b"UNA:+.? 'UNB+UNOC:3+HUBCSX:ZZ+A+261123:1201+9'UNH+9+CONTRL:D:3:UN'")
    for version in "12":
        data = wrap(*paxlst, head=f"UNB+UNOB:{version}+A+B+261123:1200+7")
        oldest = contrl(read(data).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog)
        assert f"'UNB+UNOB:{version}+HUBCSX:ZZ+A+261123:1201+9'UNH+9+CONTRL:2:2:UN'UCI+7+A+B+7'".encode() in oldest
        assert read(oldest).all_findings() == ()
    data = wrap(*paxlst, head="UNB+UNOC:4+A+B+20261123:1200+7")
    new = contrl(read(data).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog)
    assert new.startswith(b"UNA:+.?*'UNB+UNOC:4+HUBCSX:ZZ+A+20261123:1201+9'UNH+9+CONTRL:4:1:UN'")


def test_a_receipt_says_that_the_interchange_came_and_no_more(answer, wrap, paxlst):
    """0083 = 8: received; errors below UNB and UNZ are not reported (ISO 9735-4)."""
    assert answer(wrap(*paxlst), receipt=True) == ["UCI+7+A+B+8"]
    assert answer(wrap("BGM+ZZQ", *paxlst[1:]), receipt=True) == ["UCI+7+A+B+8"]
    assert answer(wrap(*paxlst).replace(b"UNZ+1", b"UNZ+2"), receipt=True) == ["UCI+7+A+B+4+29+UNZ+2"]


def test_element_error_counts_the_tag_as_position_1(answer, wrap, paxlst):
    assert answer(wrap("BGM+ZZQ", *paxlst[1:])) == ["UCI+7+A+B+7", "UCM+1+PAXLST:D:02B:UN+4", "UCS+2", "UCD+12+2:1"]


def test_of_component_and_occurrence_only_one_is_named(read, catalog, wrap, paxlst):
    """S011 of syntax version 4 has a dependency note, D4(0104, 0136)."""
    segments = [*paxlst[:6], "ATT+2++M*N:ZZZZZZZZZZZZZZZZZZ*O", *paxlst[7:]]
    data = wrap(*segments, head="UNB+UNOC:4+A+B+20261123:1200+7")
    written = contrl(read(data).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog)
    assert b"UCS+8'UCD+39+4:2'" in written
    assert read(written).all_findings() == ()
    many = [*paxlst[:6], "ATT+2++M*N*O*P*Q*R", *paxlst[7:]]
    written = contrl(
        read(wrap(*many, head="UNB+UNOC:4+A+B+20261123:1200+7")).interchanges[0],
        envelope=HUB, control_ref="9", catalog=catalog,
    )  # fmt: skip
    assert b"UCS+8'UCD+35+4'" in written


def test_missing_segment_is_placed_behind_the_last_one(answer, wrap, paxlst):
    assert answer(wrap(*paxlst[1:]))[2:] == ["UCS+1+13"]


def test_several_errors_in_segment_order(answer, wrap, paxlst):
    segments = ["BGM+ZZQ", "NAD+MS++++A:B:C:D:E", *paxlst[2:6], "XYZ", *paxlst[6:]]
    assert answer(wrap(*segments))[2:] == ["UCS+2", "UCD+12+2:1", "UCS+3", "UCD+16+6:5", "UCS+8+15"]


def test_trailer_error_is_reported_at_the_message(answer, wrap, paxlst):
    data = wrap("UNH+1+PAXLST:D:02B:UN:IATA", *paxlst, "UNT+15+1")
    assert answer(data) == ["UCI+7+A+B+7", "UCM+1+PAXLST:D:02B:UN:IATA+4+29+UNT+2"]


def test_only_the_rejected_message_is_named(answer, wrap, paxlst):
    good = ["UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1"]
    bad = ["UNH+2+PAXLST:D:02B:UN", "BGM+ZZQ", *paxlst[1:], "UNT+16+2"]
    data = wrap(*good, *bad).replace(b"UNZ+1", b"UNZ+2")
    assert answer(data) == ["UCI+7+A+B+7", "UCM+2+PAXLST:D:02B:UN+4", "UCS+2", "UCD+12+2:1"]


def test_interchange_error_rejects_all(answer, wrap, paxlst):
    data = wrap("BGM+ZZQ", *paxlst[1:]).replace(b"UNZ+1", b"UNZ+2")
    assert answer(data) == ["UCI+7+A+B+4+29+UNZ+2"]


def test_groups(answer, wrap, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", "BGM+ZZQ", *paxlst[1:], "UNT+16+1"]
    group = "UNG+PAXLST+AIR+BORDER+261123:1200+G1+UN+D:02B"
    assert answer(wrap(group, *body, "UNE+1+G1")) == [
        "UCI+7+A+B+7",
        "UCF+G1+AIR+BORDER+7",
        "UCM+1+PAXLST:D:02B:UN+4",
        "UCS+2",
        "UCD+12+2:1",
    ]
    assert answer(wrap(group, *body, "UNE+2+G1")) == ["UCI+7+A+B+7", "UCF+G1+AIR+BORDER+4+29+UNE+2"]


def test_unknown_type(answer, wrap):
    data = wrap("UNH+1+PNRGOV:11:1:IA", "MSG+:22", "UNT+3+1")
    assert answer(data) == ["UCI+7+A+B+7", "UCM+1+PNRGOV:11:1:IA+4+14+UNH+3"]


def test_findings_of_other_kinds_reject_the_interchange(answer, wrap, paxlst):
    extra = (Finding("edifact.message-duplicate", Place(), params=(("ref", "7"),)),)
    assert answer(wrap(*paxlst), extra=extra) == ["UCI+7+A+B+4+26"]


def test_documents_are_not_needed(read, catalog, wrap, paxlst):
    interchange = read(wrap(*paxlst)).interchanges[0]
    stripped = replace(interchange, messages=tuple(replace(message, document=None) for message in interchange.messages))
    assert b"UCI+7+A+B+7'UNT" in contrl(stripped, envelope=HUB, control_ref="9", catalog=catalog)


def test_hostile_references_are_quoted_safely(read, catalog, wrap):
    data = wrap("UNH+\x01\x9f" + "X" * 40 + "+::::+", "UNT+2+1", head="UNB+UNOA:3+A?+\xfc+B+261123:1200+7")
    written = contrl(read(data).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog)
    assert read(written).all_findings() == ()


def test_what_cannot_be_released_is_quoted_with_the_usual_separators(read, catalog, wrap, paxlst):
    style = Style(Separators(release=""))
    data = wrap(*paxlst, head="UNB+UNOC:3+A+B+261123:1200+N?+?:?'")
    written = contrl(read(data).interchanges[0], envelope=HUB, control_ref="9", catalog=catalog, style=style)
    assert b"'UCI+N?+?:?'+A+B+4+28+UNZ+3'" in written
    assert read(written).all_findings() == ()


def test_a_contrl_is_never_answered_with_a_contrl(read, catalog, wrap):
    interchange = read(wrap("UNH+1+CONTRL:D:3:UN", "UCI+1+A+B+9", "UNT+3+1")).interchanges[0]
    assert not interchange.valid
    assert not answerable(interchange)
    with pytest.raises(WriteError):
        contrl(interchange, envelope=HUB, control_ref="9", catalog=catalog)


def test_unreadable_unb_cannot_be_answered(read, wrap, paxlst):
    assert not answerable(read(wrap(*paxlst, head="UNB+UNOC:3++B+261123:1200+7")).interchanges[0])


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        (["UCI+77+A+B+7"], Answer("77", "7", True)),
        (["UCI+77+A+B+8"], Answer("77", "8", True)),
        (["UCI+77+A+B+1"], Answer("77", "1", True)),
        (["UCI+77+A+B+3", "UCM+5+X:D:1:UN+4+12"], Answer("77", "3", False, ("5",), ("12",))),
        (["UCI+77+A+B+6+29+UNZ+2"], Answer("77", "6", False, (), ("29",))),
        (["UCI+77+A+B+4+29+UNZ+2"], Answer("77", "4", False, (), ("29",))),
        (["UCI+77+A+B+7", "UCM+5+X:D:1:UN+4", "UCS+3", "UCD+12+2:1"], Answer("77", "7", False, ("5",), ("12",))),
        (["UCI+77+A+B+7", "UCF+G+A+B+4+29"], Answer("77", "7", False, (), ("29",))),
    ],
)
def test_reading_a_partners_contrl(read, wrap, segments, expected):
    data = wrap("UNH+1+CONTRL:D:3:UN", *segments, f"UNT+{len(segments) + 2}+1")
    message = read(data).interchanges[0].messages[0]
    assert message.valid
    assert parse_contrl(message.document) == expected


def test_reading_half_a_contrl():
    assert parse_contrl({}) == Answer("", "", False)


def test_every_finding_has_a_code_that_a_contrl_may_carry(catalog):
    texts = tomllib.loads(files("hub.model").joinpath("texts", "edifact.toml").read_text("utf-8"))
    codes = {*catalog.get("edifact:S3:CONTRL").codes["0085"], *catalog.get("edifact:S4:CONTRL").codes["0085"]}
    assert {key: text["contrl"] for key, text in texts.items() if text["contrl"] not in codes} == {}
