"""Numbers that are not too great and not too small, measured by a constant or by another fact."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain
from operator import ge, le

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.pairs import pairs
from hub.rules.rule import Bound, Check, Number, Operand, Remark, Rule, Values, remark
from hub.rules.values import difference, number, plain, product
from hub.schema.codes import CodeTables


class AtMost(Table):
    """Which fact, and what it is at most."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    most: Bound = Field(description="the greatest number allowed, or a fact that has it")


class AtLeast(Table):
    """Which fact, and what it is at least."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    least: Bound = Field(description="the smallest number allowed, or a fact that has it")


class Between(AtLeast, AtMost):
    """Which fact, and what it lies between, both included."""


class Deviation(Table):
    """Which fact, and how far it may be from which."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    from_: Bound = Field(alias="from", description="the number it should be, or a fact that has it")
    percent: Number = Field(description="how far apart both may be, in hundredths of the number that it should be")


def _each(fact: str, bound: str, key: str, fits: Callable[[Decimal, Decimal], bool], **params: str) -> Check:
    """The check that each number of ``fact`` ``fits`` the one beside it."""

    def check(values: Values) -> Iterator[Remark]:
        found, wrong = pairs(values, fact, bound)
        yield from wrong
        for pair in found:
            mine, wanted = number(pair.value), number(pair.measure)
            if mine is None:
                yield remark(fact, pair.at, "number", value=pair.value)
            if wanted is None and pair.first:
                yield remark(bound, pair.beside, "number", value=pair.measure)
            if mine is not None and wanted is not None and not fits(mine, wanted):
                yield remark(fact, pair.at, key, value=plain(mine), wanted=plain(wanted), **params)

    return check


def _at_most(parameters: AtMost, tables: CodeTables) -> Check:
    return _each(parameters.fact, parameters.most, "at-most", le)


def _at_least(parameters: AtLeast, tables: CodeTables) -> Check:
    return _each(parameters.fact, parameters.least, "at-least", ge)


def _between(parameters: Between, tables: CodeTables) -> Check:
    low, high = _at_least(parameters, tables), _at_most(parameters, tables)
    return lambda values: iter(dict.fromkeys(chain(low(values), high(values))))


def _deviation(parameters: Deviation, tables: CodeTables) -> Check:
    percent = Decimal(parameters.percent)

    def near(one: Decimal, other: Decimal) -> bool:
        return product([abs(difference(one, other)), Decimal(100)]) <= product([abs(other), percent])

    return _each(parameters.fact, parameters.from_, "deviation", near, percent=parameters.percent)


AT_MOST = Rule(
    "at-most",
    Title("不大于", "A number is at most a constant, or another fact"),
    AtMost,
    _at_most,
    ("at-most", "number", "uneven"),
    'fact = "list.netWeight", most = "list.grossWeight"',
)
AT_LEAST = Rule(
    "at-least",
    Title("不小于", "A number is at least a constant, or another fact"),
    AtLeast,
    _at_least,
    ("at-least", "number", "uneven"),
    'fact = "list.goods.qty", least = 1',
)
BETWEEN = Rule(
    "between",
    Title("介于", "A number lies between two others, both included"),
    Between,
    _between,
    ("at-least", "at-most", "number", "uneven"),
    'fact = "order.goodsValue", least = 0, most = "5000.00"',
)
DEVIATION = Rule(
    "deviation",
    Title("偏差", "A number is within so many percent of another, such as a weight of the one declared"),
    Deviation,
    _deviation,
    ("deviation", "number", "uneven"),
    'fact = "weighbridge.weight", from = "list.grossWeight", percent = 3',
)
