"""Values that must be among the values of other facts: a container of the list is one of the manifest."""

from collections.abc import Iterator

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.equality import READINGS, Reading
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.schema.codes import CodeTables


class Among(Table):
    """Which fact, and among which."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    of: list[Operand] = Field(min_length=1, max_length=20, description="the facts whose values it is among")
    as_: Reading = Field(Reading.TEXT, alias="as", description="text, number, casefold or digits")


def _among(parameters: Among, tables: CodeTables) -> Check:
    read = READINGS[parameters.as_]

    def check(values: Values) -> Iterator[Remark]:
        known = {read(value) for operand in parameters.of for value in values(operand)} - {None}
        for index, value in enumerate(values(parameters.fact) if known else ()):
            if read(value) not in known:
                yield remark(parameters.fact, index, "among", value=value, others=", ".join(parameters.of))

    return check


AMONG = Rule(
    "among",
    Title("属于另一清单", "Each value is one of those that other facts have"),
    Among,
    _among,
    ("among",),
    'fact = "list.containers.number", of = ["manifest.containers.number"]',
)
