"""Facts that say the same, in one document or in several."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.rules.values import digits, folded, number
from hub.schema.codes import CodeTables


class Reading(StrEnum):
    """What of a value is compared."""

    TEXT = "text"  # every character
    NUMBER = "number"  # the number that it is: 12.50 is 12.5
    CASEFOLD = "casefold"  # the text apart from case, width and runs of blanks
    DIGITS = "digits"  # its digits alone: +86 731-8888 is 867318888


READINGS: Mapping[Reading, Callable[[str], str | Decimal | None]] = {
    Reading.TEXT: lambda text: text,
    Reading.NUMBER: number,
    Reading.CASEFOLD: folded,
    Reading.DIGITS: digits,
}
"""How each reading turns a value into what is compared; None: the value cannot be read so."""


class Equal(Table):
    """Which facts, and what of them."""

    all: list[Operand] = Field(min_length=2, max_length=20, description="the facts that say the same")
    as_: Reading = Field(Reading.TEXT, alias="as", description="text, number, casefold or digits")


def _equal(parameters: Equal, tables: CodeTables) -> Check:
    read = READINGS[parameters.as_]

    def check(values: Values) -> Iterator[Remark]:
        found = [(operand, index, value) for operand in parameters.all for index, value in enumerate(values(operand))]
        first = next(((named, value) for named, _, value in found if read(value) is not None), ("", ""))
        wanted = read(first[1])
        for operand, index, value in found:
            got = read(value)
            if got is None:
                yield remark(operand, index, "number", value=value)
            elif got != wanted:
                yield remark(operand, index, "equal", value=value, wanted=first[1], other=first[0])

    return check


EQUAL = Rule(
    "equal",
    Title("各处一致", "The facts all say the same; the first one that has a value is the measure"),
    Equal,
    _equal,
    ("equal", "number"),
    'all = ["order.acturalPaid", "payment.amountPaid"], as = "number"',
)
