"""Lists: nothing twice, and numbered without gaps."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.pairs import rows
from hub.rules.rule import Check, Number, Operand, Remark, Rule, Values, remark
from hub.rules.values import difference, number, plain, total
from hub.schema.codes import CodeTables


class Distinct(Table):
    """Which facts together come once only."""

    facts: list[Operand] = Field(min_length=1, max_length=20, description="the facts; together they come once only")


class Sequence(Table):
    """Which fact counts."""

    fact: Operand = Field(description="the fact whose values are numbered")
    first: Number | Literal["any"] = Field("1", description='the first number, or `"any"`')
    step: int = Field(1, ge=1, le=1_000_000, description="from each number to the next")


def _distinct(parameters: Distinct, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        found, wrong = rows(values, parameters.facts)
        yield from wrong
        named = max(parameters.facts, key=lambda operand: len(values(operand)))
        first: dict[tuple[str, ...], int] = {}
        for index, row in enumerate(found):
            if first.setdefault(row, index) != index:
                yield remark(named, index, "distinct", value=" / ".join(row), first=str(first[row] + 1))

    return check


def _sequence(parameters: Sequence, tables: CodeTables) -> Check:
    first = None if parameters.first == "any" else Decimal(parameters.first)
    step = Decimal(parameters.step)

    def check(values: Values) -> Iterator[Remark]:
        wanted = first
        for index, value in enumerate(values(parameters.fact)):
            found = number(value)
            if found is None:
                yield remark(parameters.fact, index, "number", value=value)
                continue
            if wanted is not None and found != wanted:
                gap = difference(found, wanted) > 0
                yield remark(parameters.fact, index, "gap" if gap else "order", value=value, wanted=plain(wanted))
            wanted = total((found, step))

    return check


DISTINCT = Rule(
    "distinct",
    Title("不得重复", "No value comes twice, or no row of several facts"),
    Distinct,
    _distinct,
    ("distinct", "uneven"),
    'facts = ["list.goods.itemRecordNo", "list.goods.batch"]',
)
SEQUENCE = Rule(
    "sequence",
    Title("序号连续", "Numbers follow one another without a gap"),
    Sequence,
    _sequence,
    ("gap", "order", "number"),
    'fact = "list.goods.gnum"',
)
