"""What a text is: one of a few, of a form, of a length."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.expression import Expression
from hub.rules.rule import Check, Operand, Rule, each
from hub.schema.codes import CodeTables

_LISTED = 12
_Text = Annotated[str, Field(max_length=200)]


def _pattern(text: str) -> str:
    Expression(text)
    return text


class OneOf(Table):
    """Which fact, and which values it may have."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    values: list[_Text] = Field(min_length=1, max_length=1_000, description="the texts allowed")


class Pattern(Table):
    """Which fact, and what it looks like."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    pattern: Annotated[_Text, AfterValidator(_pattern)] = Field(
        description="a regular expression for the whole text: literals, `.`, `[A-Z]`, `\\d`, `( | )`, `? * + {m,n}`"
    )


class Length(Table):
    """Which fact, and how long it may be."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    least: int = Field(0, ge=0, le=1_000_000, description="the smallest number of characters")
    most: int = Field(1_000_000, ge=0, le=1_000_000, description="the greatest number of characters")

    @model_validator(mode="after")
    def _possible(self) -> "Length":
        if self.least > self.most:
            raise ValueError("least is greater than most; nothing has such a length")
        return self


def _one_of(parameters: OneOf, tables: CodeTables) -> Check:
    allowed = frozenset(parameters.values)
    listed = ", ".join(parameters.values[:_LISTED]) + (" …" if len(parameters.values) > _LISTED else "")
    return each(parameters.fact, "one-of", lambda value: value in allowed, wanted=listed)


def _matches(parameters: Pattern, tables: CodeTables) -> Check:
    expression = Expression(parameters.pattern)
    return each(parameters.fact, "pattern", expression.matches, wanted=parameters.pattern)


def _length(parameters: Length, tables: CodeTables) -> Check:
    least, most = parameters.least, parameters.most
    return each(parameters.fact, "length", lambda value: least <= len(value) <= most, least=str(least), most=str(most))


ONE_OF = Rule(
    "one-of",
    Title("限定取值", "A text is one of a few"),
    OneOf,
    _one_of,
    ("one-of",),
    'fact = "list.currency", values = ["142"]',
)
PATTERN = Rule(
    "pattern",
    Title("格式", "A text looks as a pattern says"),
    Pattern,
    _matches,
    ("pattern",),
    "fact = \"list.copNo\", pattern = '[A-Z]{4}\\d{10}'",
)
LENGTH = Rule(
    "length",
    Title("长度", "A text has so many characters"),
    Length,
    _length,
    ("length",),
    'fact = "list.note", most = 1000',
)
