"""What must be there, what must not, and what goes together. A value of blanks alone counts as none."""

from collections.abc import Iterator

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.rule import Check, CodeTables, Operand, Remark, Rule, Values, remark


class Facts(Table):
    """Which facts."""

    facts: list[Operand] = Field(min_length=1, max_length=50, description="the facts")


def _there(values: Values, operand: str) -> bool:
    return any(not value.isspace() for value in values(operand) if value)


def _required(parameters: Facts, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        for operand in parameters.facts:
            if not _there(values, operand):
                yield remark(operand, 0, "required")

    return check


REQUIRED = Rule(
    "required",
    Title("必须填写", "Each of the facts has a value"),
    Facts,
    _required,
    ("required",),
    'facts = ["order.consignee", "order.consigneeTelephone"]',
)
