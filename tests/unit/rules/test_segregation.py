"""The table of segregation, and how substances with several hazards are judged by it."""

import itertools

import pytest

from hub.rules.catalogue import RULES
from hub.rules.hazards import DIVISIONS, Hazard
from hub.rules.segregation import Kind, code, judge
from tests.unit.rules.conftest import TABLES, values_of


def kind(main: str, *risks: str) -> Kind:
    """``1.1D`` and what else it is."""
    return Kind(frozenset([Hazard(main.rstrip("ABCDEFGHJKLNS"), main.lstrip("0123456789."))]), frozenset(risks))


def test_the_table_is_the_same_from_both_sides():
    for one, other in itertools.product(DIVISIONS, repeat=2):
        assert code(one, other) == code(other, one), (one, other)


def test_nothing_is_segregated_from_class_9_nor_from_its_own():
    assert all(code("9", division) == 0 for division in DIVISIONS)
    assert all(judge(kind(division), kind(division)) == 0 for division in DIVISIONS)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("3", "5.1", 2),
        ("3", "6.2", 3),
        ("2.1", "3", 2),
        ("4.3", "8", 1),
        ("5.2", "8", 2),
        ("6.1", "3", 0),
        ("6.1", "5.1", 1),
        ("7", "6.2", 3),
        ("1.4", "6.1", 0),
        ("1.3", "4.1", 3),
        ("1.1", "4.1", 4),
        ("2.3", "4.2", 2),
    ],
)
def test_codes_of_the_table(one, other, wanted):
    assert code(one, other) == wanted


def test_a_subsidiary_risk_counts_as_much():
    assert judge(kind("8"), kind("3")) == 0
    assert judge(kind("8", "5.1"), kind("3")) == 2
    assert judge(kind("8"), kind("3", "4.3")) == 1
    assert judge(kind("5.2", "1"), kind("9")) == 0
    assert judge(kind("5.2", "1"), kind("8")) == 2
    assert judge(kind("5.2", "1"), kind("2.1")) == 4


def test_of_the_same_class_whatever_the_subsidiary_risks():
    assert judge(kind("3", "8"), kind("3", "6.1")) == 0


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("1.1D", "1.4S", 0),
        ("1.1D", "1.1C", 0),
        ("1.1D", "1.1B", 4),
        ("1.1A", "1.4S", 4),
        ("1.2L", "1.4S", 4),
        ("1.1", "1.1B", 0),
    ],
)
def test_explosives_by_their_groups(one, other, wanted):
    assert judge(kind(one), kind(other)) == judge(kind(other), kind(one)) == wanted


def test_a_class_that_the_list_leaves_open_is_judged_by_what_is_certain():
    either = Kind(frozenset([Hazard("9", ""), Hazard("5.1", "")]), frozenset())
    assert judge(either, kind("3")) == 0


def test_no_more_kinds_than_can_be_judged():
    pairs = list(itertools.combinations([d for d in DIVISIONS if d != "9"], 2))
    facts = {
        "g.un": ["9000"] * 300,
        "g.class": ["9"] * 300,
        "g.risk": [" ".join(pairs[at % len(pairs)] + pairs[at // len(pairs)]) for at in range(300)],
    }
    rule = RULES["segregation"]
    given = {"number": "g.un", "class": "g.class", "subsidiary": "g.risk"}
    remarks = list(rule.make(rule.parameters.model_validate(given), TABLES)(values_of(facts)))
    assert remarks
    assert remarks[-1].key == "segregation-many"


def test_the_words_name_both_goods():
    rule = RULES["segregation"]
    check = rule.make(rule.parameters.model_validate({"number": "g.un"}), TABLES)
    (remark,) = check(values_of({"g.un": ["1203", "2014"]}))
    assert dict(remark.params) == {
        "fact": "g.un",
        "value": "2014",
        "classes": "5.1 (8)",
        "other": "1203",
        "others": "3",
        "line": "1",
    }


def test_risks_of_some_lines_are_not_taken_for_those_of_others():
    """Two values for two substances, both of the second: fluorine is 2.3 (5.1, 8), petrol has none."""
    rule = RULES["segregation"]
    given = {"number": "g.un", "class": "g.class", "subsidiary": "g.risk"}
    check = rule.make(rule.parameters.model_validate(given), TABLES)
    facts = {"g.un": ["1203", "1045"], "g.class": ["3", "2.3"], "g.risk": ["5.1", "8"]}
    (remark,) = check(values_of(facts))
    told = dict(remark.params)
    assert (told["others"], told["classes"]) == ("3", "2.3 (5.1, 8)")
