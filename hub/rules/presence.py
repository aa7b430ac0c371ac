"""What must be there, what must not, and what goes together. A value of blanks alone counts as none."""

from collections.abc import Iterator

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.schema.codes import CodeTables


class Facts(Table):
    """Which facts."""

    facts: list[Operand] = Field(min_length=1, max_length=50, description="the facts")


class Several(Table):
    """Which facts, of which there are several."""

    facts: list[Operand] = Field(min_length=2, max_length=50, description="the facts")


def present(values: Values, operand: str) -> bool:
    """Whether a fact has a value that says something."""
    return any(not value.isspace() for value in values(operand) if value)


def _required(parameters: Facts, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        for operand in parameters.facts:
            if not present(values, operand):
                yield remark(operand, 0, "required")

    return check


def _forbidden(parameters: Facts, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        for operand in parameters.facts:
            for index, value in enumerate(values(operand)):
                if value and not value.isspace():
                    yield remark(operand, index, "forbidden", value=value)

    return check


def _any_of(parameters: Several, tables: CodeTables) -> Check:
    first, *others = parameters.facts

    def check(values: Values) -> Iterator[Remark]:
        if not any(present(values, operand) for operand in parameters.facts):
            yield remark(first, 0, "any-of", others=", ".join(others))

    return check


def _all_or_none(parameters: Several, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        there = [operand for operand in parameters.facts if present(values, operand)]
        for operand in parameters.facts if there else ():
            if operand not in there:
                yield remark(operand, 0, "all-or-none", other=there[0])

    return check


REQUIRED = Rule(
    "required",
    Title("必须填写", "Each of the facts has a value"),
    Facts,
    _required,
    ("required",),
    'facts = ["order.consignee", "order.consigneeTelephone"]',
)
FORBIDDEN = Rule(
    "forbidden",
    Title("不得填写", "None of the facts has a value"),
    Facts,
    _forbidden,
    ("forbidden",),
    'facts = ["list.emsNo"]',
)
ANY_OF = Rule(
    "any-of",
    Title("至少填写一项", "At least one of the facts has a value"),
    Several,
    _any_of,
    ("any-of",),
    'facts = ["list.trafNo", "list.voyageNo"]',
)
ALL_OR_NONE = Rule(
    "all-or-none",
    Title("同填或同不填", "Either all of the facts have a value, or none has"),
    Several,
    _all_or_none,
    ("all-or-none",),
    'facts = ["list.emsNo", "list.areaCode"]',
)
