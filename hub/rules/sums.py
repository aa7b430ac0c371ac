"""Numbers that are the sum, the product or the number of others."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.pairs import rows, uneven
from hub.rules.rule import Check, Number, Operand, Remark, Rule, Values, remark
from hub.rules.values import difference, number, plain, product, total
from hub.schema.codes import CodeTables

_TOLERANCE = "how far apart both may be"


class Sum(Table):
    """What is the sum of what."""

    is_: Operand = Field(alias="is", description="the sum")
    of: list[Operand] = Field(min_length=1, max_length=50, description="what is added, every value of it")
    less: list[Operand] = Field([], max_length=50, description="what is taken off")
    tolerance: Number = Field("0", description=_TOLERANCE)


class Product(Table):
    """What is the product of what."""

    is_: Operand = Field(alias="is", description="the product")
    of: list[Operand] = Field(min_length=2, max_length=20, description="the factors")
    tolerance: Number = Field("0", description=_TOLERANCE)


class Total(Table):
    """What is the total of which lines."""

    is_: Operand = Field(alias="is", description="the total")
    of: Operand = Field(description="what each line adds")
    times: Operand | None = Field(None, description="what it is multiplied by in its line, such as a quantity")
    tolerance: Number = Field("0", description=_TOLERANCE)


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

    def products(self, operands: Sequence[str]) -> list[Decimal]:
        """The product of each row of ``operands``; empty when one has no value, or when something is wrong."""
        self.of(operands)
        found, uneven = rows(self._values, operands)
        self.wrong += uneven
        return [] if self.wrong else [product(map(_certain, row)) for row in found]


def _certain(text: str) -> Decimal:
    """A number that was read before."""
    return number(text) or Decimal(0)


def _unlike(operand: str, key: str, found: Sequence[tuple[int, Decimal, Decimal]], tolerance: str) -> Iterator[Remark]:
    """A remark for each index whose number is not the one wanted."""
    for index, value, wanted in found:
        if abs(difference(value, wanted)) > Decimal(tolerance):
            yield remark(operand, index, key, value=plain(value), wanted=plain(wanted))


def _sum(parameters: Sum, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        numbers = Numbers(values)
        parts, less = numbers.of(parameters.of), numbers.of(parameters.less)
        sums = list(numbers.placed(parameters.is_))
        yield from numbers.wrong
        if not numbers.wrong and (parts or less):
            wanted = difference(total(parts), total(less))
            found = [(index, value, wanted) for index, value in sums]
            yield from _unlike(parameters.is_, "sum", found, parameters.tolerance)

    return check


def _product(parameters: Product, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        numbers = Numbers(values)
        wanted = numbers.products(parameters.of)
        found = list(numbers.placed(parameters.is_))
        if wanted and found and len(wanted) != len(found):
            numbers.wrong.append(uneven(parameters.is_, len(found), parameters.of[0], len(wanted)))
        yield from numbers.wrong
        if wanted and not numbers.wrong:
            pairs = [(index, value, one) for (index, value), one in zip(found, wanted, strict=False)]
            yield from _unlike(parameters.is_, "product", pairs, parameters.tolerance)

    return check


def _total(parameters: Total, tables: CodeTables) -> Check:
    factors = [parameters.of, parameters.times] if parameters.times else [parameters.of]

    def check(values: Values) -> Iterator[Remark]:
        numbers = Numbers(values)
        lines = numbers.products(factors)
        totals = list(numbers.placed(parameters.is_))
        yield from numbers.wrong
        if lines and not numbers.wrong:
            wanted = total(lines)
            found = [(index, value, wanted) for index, value in totals]
            yield from _unlike(parameters.is_, "total", found, parameters.tolerance)

    return check


SUM = Rule(
    "sum",
    Title("合计", "A number is the sum of others; a part without a value adds nothing"),
    Sum,
    _sum,
    ("sum", "number"),
    'is = "order.acturalPaid", of = ["order.goodsValue", "order.freight", "order.taxTotal"], less = ["order.discount"]',
)
PRODUCT = Rule(
    "product",
    Title("乘积", "A number is the product of others"),
    Product,
    _product,
    ("product", "number", "uneven"),
    'is = "list.goods.totalPrice", of = ["list.goods.price", "list.goods.qty"], tolerance = "0.01"',
)
TOTAL = Rule(
    "total",
    Title("明细合计", "A number is the sum over the lines of a group"),
    Total,
    _total,
    ("total", "number", "uneven"),
    'is = "order.goodsValue", of = "order.goods.price", times = "order.goods.qty"',
)
