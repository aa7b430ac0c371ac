"""Dependency notes: each of the seven rules, in segments and composites, and where a finding says it is broken."""

import pytest

from hub.formats.edifact.limits import Limits
from hub.formats.edifact.scrutiny import Scrutiny
from hub.formats.edifact.segments import recognise
from hub.formats.edifact.separators import SEPARATORS
from hub.formats.edifact.tables import segment_table
from hub.formats.remarks import Remarks
from hub.formats.source import Lines, Memory
from hub.model.finding import Language
from hub.schema.model import DataType, Dependency, Kind, Node, Rule


def leaf(tag: str) -> Node:
    return Node(tag, tag, Kind.ELEMENT, type=DataType.ALPHANUMERIC, max_length=9)


FOUR = tuple(leaf(f"100{number}") for number in range(1, 5))


def found(node: Node, text: str) -> list[tuple[str, int | None, int | None, str | None]]:
    """The findings about ``text``; the fast reading must refuse exactly what the slow one finds fault with."""
    table = segment_table(node, {})
    remarks = Remarks(Lines(Memory(text.encode())), 100, "edifact")
    scrutiny = Scrutiny(
        SEPARATORS, str, remarks, version="4", strict_repetition=True, own_codes=False, limit=Limits().elements
    )
    scrutiny.segment(table, text, 1, 0, node.tag)
    assert (recognise(table, text, "+", ":") is None) == bool(remarks.all())
    return [
        (finding.code, finding.place.element, finding.place.component, finding.place.path) for finding in remarks.all()
    ]


CASES = [
    (Rule.ONE, ["+1", "++2", "+1+++4"], "+++3", 1),
    (Rule.ONE, ["+1"], "+1+2", 2),
    (Rule.ALL_OR_NONE, ["+1+2", "+++3"], "++2", 1),
    (Rule.ALL_OR_NONE, ["+1+2+3"], "+1", 2),
    (Rule.AT_LEAST_ONE, ["+1", "++2", "+1+2"], "+++3", 1),
    (Rule.AT_MOST_ONE, ["+1", "++2", "+++3"], "+1+2", 2),
    (Rule.FIRST_NEEDS_ALL, ["+1+2", "++2", "+++3"], "+1++3", 2),
    (Rule.FIRST_NEEDS_ONE, ["+1+2", "++2", "+++3"], "+1", 2),
    (Rule.FIRST_ALONE, ["+1", "++2", "+1++3"], "+1+2", 2),
]


@pytest.mark.parametrize(("rule", "kept", "against", "position"), CASES)
def test_each_rule_between_two_elements(rule, kept, against, position):
    segment = Node("XXX", "XXX", Kind.SEGMENT, children=FOUR, depends=(Dependency(rule, (1, 2)),))
    for text in kept:
        assert found(segment, f"XXX{text}") == []
    key = f"edifact.depends-{rule.name.lower().replace('_', '-')}"
    assert found(segment, f"XXX{against}") == [(key, position, None, f"XXX/100{position}")]


def test_order_of_the_note_not_of_the_wire():
    """D5(3,1): if the third, then the first too."""
    segment = Node("XXX", "XXX", Kind.SEGMENT, children=FOUR, depends=(Dependency(Rule.FIRST_NEEDS_ALL, (3, 1)),))
    assert found(segment, "XXX+1") == []
    assert found(segment, "XXX+1++3") == []
    assert found(segment, "XXX+++3") == [("edifact.depends-first-needs-all", 1, None, "XXX/1001")]


def test_first_needs_one_of_several():
    segment = Node("XXX", "XXX", Kind.SEGMENT, children=FOUR, depends=(Dependency(Rule.FIRST_NEEDS_ONE, (1, 2, 3)),))
    assert found(segment, "XXX+1++3") == []
    assert found(segment, "XXX+1+++4") == [("edifact.depends-first-needs-one", 2, None, "XXX/1002")]


def test_in_a_composite():
    composite = Node("C999", "C999", Kind.COMPOSITE, children=FOUR, depends=(Dependency(Rule.ALL_OR_NONE, (1, 2)),))
    segment = Node("XXX", "XXX", Kind.SEGMENT, children=(leaf("2001"), composite))
    assert found(segment, "XXX+A+1:2") == []
    assert found(segment, "XXX+A+::3") == []
    assert found(segment, "XXX+A+1::3") == [("edifact.depends-all-or-none", 2, 2, "XXX/C999/1002")]
    assert found(segment, "XXX+A+:2") == [("edifact.depends-all-or-none", 2, 1, "XXX/C999/1001")]


def test_neighbours_of_one_tag_are_positions_of_their_own():
    """The last two of ``1001 1001 1001 1002`` are in one slot each of a list."""
    many = Node("1001", "1001", Kind.ELEMENT, max=3, slots=3, type=DataType.ALPHANUMERIC, max_length=9)
    segment = Node(
        "XXX", "XXX", Kind.SEGMENT, children=(many, FOUR[1]), depends=(Dependency(Rule.FIRST_NEEDS_ALL, (4, 3)),)
    )
    assert found(segment, "XXX+1+2+3+4") == []
    assert found(segment, "XXX+1+2+3") == []
    assert found(segment, "XXX+1+2++4") == [("edifact.depends-first-needs-all", 3, None, "XXX/1001")]


def test_the_directories_own_note(check, read, wrap):
    """CONTRL of syntax version 4, UCI: whoever names an element (S011) names the segment and the error."""
    head = "UNB+UNOC:4+A+B+20261123:1200+7"
    right = ("UNH+1+CONTRL:4:1:UN", "UCI+1+A+B+4+12+UNB+3", "UNT+3+1")
    assert check(*right, head=head) == []
    wrong = ("UNH+1+CONTRL:4:1:UN", "UCI+1+A+B+4+12++3", "UNT+3+1")
    assert check(*wrong, head=head) == ["depends-first-needs-all error 2:6 UCI/0135"]
    (finding,) = read(wrap(*wrong, head=head)).all_findings()
    told = "S011 is used in segment UCI, number 2, so 0135, 0085 must be used too (note D5)"
    assert finding.text(Language.EN).endswith(told)
    assert finding.standard("contrl") == "48"
