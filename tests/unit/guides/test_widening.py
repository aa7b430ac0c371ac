"""What a guideline allows beyond the directory is allowed there, and nowhere else."""

import pytest

from tests.unit.guides.conftest import PAXLST

MANY = "\n".join(
    [
        '[[widen]]\npath = "SG4/RFF"\nrepeat = 3',
        '[[widen]]\npath = "SG4/RFF/C506/1153"\ncodes.SEA = { zh = "座位", en = "Seat" }',
    ]
)
PERSON = ("NAD+FL+++LI:XIA", "ATT+2++F", "DTM+329:900101")
TOP = PAXLST[:5]


def test_what_was_mandatory_may_be_left_out(judge):
    body = (*TOP[:3], TOP[4], "DTM+189:2611231200:201", *PERSON)
    assert judge("", *body)[0].startswith("edifact.segment-missing")
    assert judge('[[widen]]\npath = "SG2/DTM"\noptional = true', *body) == []


def test_what_came_once_may_come_as_often_as_is_said(judge):
    body = (*TOP, *PERSON, "RFF+AVF:A", "RFF+ABO:B", "RFF+AVF:C")
    assert judge("", *body) == ["edifact.segment-repeats 11 SG4/RFF"]
    assert judge(MANY, *body) == []
    assert judge(MANY, *body, "RFF+AVF:D") == ["edifact.segment-repeats 13 SG4/RFF"]


def test_private_codes_hold_at_their_place_alone(judge):
    body = ("BGM+745", "RFF+SEA:1", *TOP[1:], *PERSON, "RFF+SEA:12A")
    assert judge(MANY, *body) == ["edifact.value-code 3:1:1 RFF/C506/1153"]


def test_private_codes_of_an_element_hold_wherever_it_stands(judge):
    body = ("BGM+745", "RFF+SEA:1", *TOP[1:], *PERSON, "RFF+SEA:12A")
    row = '[[widen]]\nelement = "1153"\ncodes.SEA = { zh = "座位", en = "Seat" }'
    assert judge(row, *body) == []


def test_a_list_may_be_thrown_open(judge):
    body = ("BGM+745", "RFF+SEA:1", *TOP[1:], *PERSON, "RFF+SEA:12A")
    row = '[[widen]]\npath = "SG4/RFF/C506/1153"\nopen = true'
    assert judge(row, *body) == ["edifact.value-code 3:1:1 RFF/C506/1153"]


def test_a_longer_value(judge):
    body = (*TOP, "NAD+FL+++" + "X" * 40, *PERSON[1:])
    assert judge("", *body) == ["edifact.value-long 7:4:1 SG4/NAD/C080/3036"]
    assert judge('[[widen]]\npath = "SG4/NAD/C080/3036"\nmax-length = 64', *body) == []


def test_rules_see_all_that_was_widened(judge):
    rule = '\n[[rule]]\nat = "SG4"\npath = "RFF[1153=\'ABO\']/1154"\nform = "n3"'
    assert judge(MANY + rule, *TOP, *PERSON, "RFF+AVF:A", "RFF+ABO:B") == ["form 11:1:2 SG4/RFF/C506/1154"]


def test_the_document_keeps_the_shape_that_mappings_know(reading):
    (interchange,) = reading(MANY, *TOP, *PERSON, "RFF+AVF:A", "RFF+ABO:B").interchanges
    document = interchange.messages[0].document
    assert document is not None
    assert document["SG4"][0]["RFF"] == {"C506": {"1153": "AVF", "1154": "A"}}


@pytest.mark.parametrize(("keep", "kept"), [("1153 = 'ABO'", "B"), ("C506/1154 = 'C'", "C"), ("1153 = 'CR'", "A")])
def test_the_guideline_says_which_one_mappings_get(reading, keep, kept):
    row = f'[[widen]]\npath = "SG4/RFF"\nrepeat = 9\nkeep = "{keep}"'
    (interchange,) = reading(
        row, *TOP, *PERSON, "RFF+AVF:A", "RFF+ABO:B", "RFF+AVF:C", *PERSON, "RFF+AVF:D"
    ).interchanges
    document = interchange.messages[0].document
    assert document is not None
    assert [person["RFF"]["C506"]["1154"] for person in document["SG4"]] == [kept, "D"]


@pytest.mark.parametrize(("unlisted", "verdict"), [("error", False), ("warning", True)])
def test_codes_in_no_list(make, reading, unlisted, verdict):
    from tests.unit.guides.conftest import HEAD

    body = (*TOP, *PERSON, "RFF+QQQ:1")
    for names in ("PAXLST:D:02B:UN", "PAXLST:D:02B:UN:IATA"):
        result = reading("", *body, head=f'{HEAD}unlisted = "{unlisted}"\n', names=names)
        assert result.valid is verdict
