"""The first rule that holds decides; its place says which value led to it."""

from typing import Any

import pytest

from hub.model.twin import Answer, Conduct, TwinRule, Verdict
from hub.twins.judgement import judge, values

DOCUMENT: dict[str, Any] = {
    "Head": {"MessageID": "M1"},
    "Consignment": [
        {"ID": "B1", "Item": [{"Text": "MACHINERY PARTS"}]},
        {"ID": "B2", "Item": [{"Text": "TEA"}, {"Text": "GENERAL CARGO"}]},
    ],
}

REFUSED = Answer(Verdict.REFUSE, "4001", place="Consignment/Item/Text")
INSPECTED = Answer(Verdict.INSPECT, place="Consignment/Item/Text")


def rule(answer: Answer, **condition: str) -> TwinRule:
    return TwinRule("Consignment/Item/Text", answer, **condition)


@pytest.mark.parametrize(
    ("rules", "verdict", "place"),
    [
        ([], Verdict.ACCEPT, ""),
        ([rule(REFUSED, equals="GENERAL CARGO")], Verdict.REFUSE, "Consignment[2]/Item[2]/Text"),
        ([rule(REFUSED, equals="CARGO")], Verdict.ACCEPT, ""),
        ([rule(REFUSED, contains="CARGO")], Verdict.REFUSE, "Consignment[2]/Item[2]/Text"),
        (
            [rule(INSPECTED, contains="MACHINERY"), rule(REFUSED, contains="CARGO")],
            Verdict.INSPECT,
            "Consignment[1]/Item[1]/Text",
        ),
        ([TwinRule("Nothing/There", REFUSED, contains="")], Verdict.ACCEPT, ""),
        ([TwinRule("Consignment/Item", REFUSED, contains="")], Verdict.ACCEPT, ""),
    ],
)
def test_the_first_rule_that_holds_decides(rules: list[TwinRule], verdict: Verdict, place: str) -> None:
    judgement = judge(Conduct(poll=1, rules=tuple(rules)), DOCUMENT)
    assert (judgement.answer.verdict, judgement.place) == (verdict, place)


def test_a_rule_may_point_elsewhere() -> None:
    elsewhere = TwinRule("Head/MessageID", Answer(Verdict.REFUSE, "1", place="Consignment[1]/ID"), equals="M1")
    assert judge(Conduct(poll=1, rules=(elsewhere,)), DOCUMENT).place == "Consignment[1]/ID"


def test_the_default_applies_when_no_rule_holds() -> None:
    conduct = Conduct(poll=1, default=Answer(Verdict.SILENT), rules=(rule(REFUSED, equals="-"),))
    assert judge(conduct, DOCUMENT).answer.verdict is Verdict.SILENT


def test_values_of_a_list_of_leaves() -> None:
    assert list(values({"A": {"B": ["x", "y"]}}, "A/B")) == [("A/B[1]", "x"), ("A/B[2]", "y")]
