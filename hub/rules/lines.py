"""Lines of two lists that tell of the same things: the goods of a list and of its order, what was sold and came back.

The first of each two facts is the measure, the second is judged. Lines of the same key are taken together: their
numbers are added up.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.pairs import rows
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.rules.values import difference, number, plain, total
from hub.schema.codes import CodeTables

_Both = Annotated[list[Operand], Field(min_length=2, max_length=2)]


class Lines(Table):
    """Which facts tell the lines of both lists."""

    keys: _Both = Field(description="by what lines belong together: the fact of the first list, and of the second")
    numbers: _Both = Field(description="what is compared: the fact of the first list, and of the second")
    compare: Literal["equal", "at-most"] = Field("equal", description="whether the second is `equal` or `at-most` that")
    complete: bool = Field(False, description="whether the second list must have every key of the first")


class _Line(NamedTuple):
    """What the lines of one key add up to, and where the first of them is."""

    at: int
    sum: Decimal


def _lines(parameters: Lines, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        wrong: list[Remark] = []
        first = _by_key(values, parameters.keys[0], parameters.numbers[0], wrong)
        second = _by_key(values, parameters.keys[1], parameters.numbers[1], wrong)
        yield from wrong
        if first and second and not wrong:
            yield from _judge(parameters, first, second)

    return check


def _by_key(values: Values, key: str, fact: str, wrong: list[Remark]) -> Mapping[str, _Line]:
    """The lines of one list by their keys; what is no number, or has no line, is put among what is wrong."""
    found, uneven = rows(values, [key, fact])
    wrong += uneven
    gathered: dict[str, list[Decimal]] = {}
    places: dict[str, int] = {}
    for at, (named, value) in enumerate(found):
        read = number(value)
        if read is None:
            wrong.append(remark(fact, min(at, len(values(fact)) - 1), "number", value=value))
        else:
            gathered.setdefault(named, []).append(read)
            places.setdefault(named, min(at, len(values(key)) - 1))
    return {named: _Line(places[named], total(numbers)) for named, numbers in gathered.items()}


def _judge(parameters: Lines, first: Mapping[str, _Line], second: Mapping[str, _Line]) -> Iterator[Remark]:
    (other, key), (_, fact) = parameters.keys, parameters.numbers
    for named, line in second.items():
        wanted = first.get(named)
        if wanted is None:
            yield remark(key, line.at, "line-unknown", value=named, other=other)
            continue
        more = difference(line.sum, wanted.sum)
        if more > 0 or (more < 0 and parameters.compare == "equal"):
            told = "line-equal" if parameters.compare == "equal" else "line-most"
            yield remark(key, line.at, told, value=named, number=plain(line.sum), wanted=plain(wanted.sum), what=fact)
    for named, line in first.items() if parameters.complete else ():
        if named not in second:
            yield remark(other, line.at, "line-missing", value=named, other=key)


LINES = Rule(
    "lines",
    Title("逐项核对", "The lines of two lists agree in a number, by a key that both have"),
    Lines,
    _lines,
    ("line-unknown", "line-missing", "line-equal", "line-most", "number", "uneven"),
    'keys = ["order.goods.itemNo", "list.goods.itemNo"], numbers = ["order.goods.qty", "list.goods.qty"]',
)
