"""No rule raises, or takes long, whatever the texts of strangers are; the same facts give the same remarks."""

import re
import time
import tomllib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rules.catalogue import RULES
from hub.rules.expression import Expression
from hub.rules.rule import Check, operands
from hub.schema.codes import CodeTables

TABLES = CodeTables(Path(__file__).parents[2] / "schemas" / "codes")
HOSTILE = [
    "9" * 20_000,
    "-" + "9" * 30 + "." + "9" * 30,
    "1e999999999",
    "NaN",
    "sNaN123",
    "-Infinity",
    "٤٠٠٦٣٨١٣٣٣٩٣١",
    "²³",
    "１２３４",
    "",
    " ",
    "\x00",
    "\ud800",
    "a\u0300" * 10_000,
    "\ufdfa" * 1_000,
    "<" * 88,
    "(" * 1_000,
    "99991231235959",
    "0001-01-01T00:00:00+15:59",
    "9999-12-31T23:59:59-15:59",
    "CSQU3054383",
    "1203",
    "3",
    "20261124",
]
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.from_regex(r"-?[0-9]{1,8}([.,][0-9]{0,4})?"))
LISTS = st.lists(TEXTS, max_size=6)


def made(name: str) -> tuple[Any, Check]:
    """A rule with the parameters of its example."""
    rule = RULES[name]
    parameters = rule.parameters.model_validate(tomllib.loads(f"it = {{ {rule.example} }}")["it"])
    return parameters, rule.make(parameters, TABLES)


@pytest.mark.parametrize("name", RULES)
@given(data=st.data())
def test_no_rule_raises_and_places_are_true(name: str, data: st.DataObject) -> None:
    parameters, check = made(name)
    facts = {one.operand: data.draw(LISTS, one.operand) for one in operands(parameters)}
    facts |= {moment: data.draw(LISTS, moment) for moment in ("$now", "$received")}

    def values(operand: str) -> Sequence[str]:
        return facts[operand]

    remarks = list(islice(check(values), 10_000))
    assert remarks == list(islice(check(values), 10_000))
    for one in remarks:
        assert one.key in RULES[name].keys
        assert one.index == 0 or one.index < len(facts[one.operand])
        assert all(len(text) <= 1_000 for _, text in one.params)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_no_text_takes_long(name: str, text: str) -> None:
    """A thousand such values in every fact: some milliseconds each would show."""
    _, check = made(name)
    began = time.process_time()
    count = sum(1 for _ in islice(check(lambda operand: [text] * 1_000), 100_000))
    assert count <= 100_000
    assert time.process_time() - began < 5


@given(st.text(alphabet="ab0-", max_size=12))
def test_expressions_agree_with_those_of_python(text: str) -> None:
    for pattern in (r"[ab]{2,3}-?\d*", r"(a|b0)*", r"(a?b?){1,3}", r"[^a-]+|", r"a{0,2}(b|)+"):
        assert Expression(pattern).matches(text) == bool(re.fullmatch(pattern, text, re.ASCII))
