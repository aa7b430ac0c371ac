"""Which facts a rule's parameters name, and where."""

import pytest
from pydantic import Field, ValidationError

from hub.config.located import Table
from hub.rules.rule import Bound, Named, Number, Operand, operands


class Parameters(Table):
    is_: Operand = Field(alias="is")
    of: list[Operand] = []
    than: Bound | None = None
    on: Operand | None = None
    tolerance: Number = "0"
    note: str = "not.a-fact"


def read(**given):
    return Parameters.model_validate({"is": "a.b"} | given)


def test_operands_with_their_places():
    found = operands(read(of=["order.goods.qty", "x.y"], than="list.total", on="pay.date"))
    assert found == [
        Named(("is",), "a.b"),
        Named(("of", 0), "order.goods.qty"),
        Named(("of", 1), "x.y"),
        Named(("than",), "list.total"),
        Named(("on",), "pay.date"),
    ]


def test_numbers_and_moments_are_no_facts():
    assert operands(read(than=5000, on="$now", tolerance="0.01")) == [Named(("is",), "a.b")]
    assert read(than=5000).than == "5000"


@pytest.mark.parametrize(
    "name", ["a", "a.b.c.d", ".b", "a.", "a b.c", "a.b\n", "$yesterday", "-a.b", "x" * 70 + ".b", 5.5, True]
)
def test_what_is_no_operand(name):
    with pytest.raises(ValidationError):
        read(of=[name])


@pytest.mark.parametrize("number", ["1e3", "NaN", "", "1,5", "٣", 0.01, False, "9" * 31])
def test_what_is_no_number(number):
    with pytest.raises(ValidationError):
        read(tolerance=number)
