"""How many values there are. A fact without a value counts as none at all: that is what this rule is about."""

from collections.abc import Iterator

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.rule import Bound, Check, Operand, Remark, Rule, Values, remark
from hub.rules.values import number
from hub.schema.codes import CodeTables


class Count(Table):
    """What is the number of what."""

    is_: Bound = Field(alias="is", description="the number: a fact, or the number itself")
    of: Operand = Field(description="the fact whose values are counted")
    distinct: bool = Field(False, description="count equal values once")


def _count(parameters: Count, tables: CodeTables) -> Check:
    wanted, counted = parameters.is_, parameters.of
    constant = not wanted[0].isalpha()

    def check(values: Values) -> Iterator[Remark]:
        found = values(counted)
        count = len(frozenset(found)) if parameters.distinct else len(found)
        for index, value in enumerate([wanted] if constant else values(wanted)):
            said = number(value)
            if said is None:
                yield remark(wanted, index, "number", value=value)
            elif said != count:
                place, other = (counted, wanted) if constant else (wanted, counted)
                yield remark(place, index, "count", value=value, count=str(count), other=other)

    return check


COUNT = Rule(
    "count",
    Title("计数", "A number says how many values a fact has"),
    Count,
    _count,
    ("count", "number"),
    'is = "list.packNo", of = "list.packages.number"',
)
