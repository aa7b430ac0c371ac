"""Totals: a number is the sum of others."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.rule import Check, CodeTables, Number, Operand, Remark, Rule, Values, remark
from hub.rules.values import apart, number, plain, total


class Sum(Table):
    """What is the sum of what."""

    is_: Operand = Field(alias="is", description="the sum")
    of: list[Operand] = Field(min_length=1, max_length=50, description="what is added, every value of it")
    less: list[Operand] = Field([], max_length=50, description="what is taken off")
    tolerance: Number = Field("0", description="how far apart both may be")


class Numbers:
    """Facts read as numbers; what is none is kept for remarks."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.wrong: list[Remark] = []

    def of(self, operands: Sequence[str]) -> list[Decimal]:
        """Every number of ``operands``, in document order."""
        return [found for operand in operands for _, found in self.placed(operand)]

    def placed(self, operand: str) -> Iterator[tuple[int, Decimal]]:
        """The numbers of one operand, with the index of each."""
        for index, value in enumerate(self._values(operand)):
            found = number(value)
            if found is None:
                self.wrong.append(remark(operand, index, "number", value=value))
            else:
                yield index, found


def _sum(parameters: Sum, tables: CodeTables) -> Check:
    tolerance = Decimal(parameters.tolerance)

    def check(values: Values) -> Iterator[Remark]:
        numbers = Numbers(values)
        parts, less = numbers.of(parameters.of), numbers.of(parameters.less)
        sums = list(numbers.placed(parameters.is_))
        yield from numbers.wrong
        if numbers.wrong or not parts and not less:
            return
        wanted = total([*parts, *(-part for part in less)])
        for index, found in sums:
            if apart(found, wanted) > tolerance:
                yield remark(parameters.is_, index, "sum", value=plain(found), wanted=plain(wanted))

    return check


SUM = Rule(
    "sum",
    Title("合计", "A number is the sum of others; a part without a value adds nothing"),
    Sum,
    _sum,
    ("sum", "number"),
    'is = "order.acturalPaid", of = ["order.goodsValue", "order.freight", "order.taxTotal"], less = ["order.discount"]',
)
