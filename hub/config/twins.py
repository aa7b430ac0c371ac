"""The ``[twin]`` table of a partner.toml → the frozen Conduct of that partner's simulator."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from hub.config.located import Table
from hub.config.units import Duration, microseconds
from hub.model.twin import Answer, Conduct, TwinRule, Verdict

_Text = Annotated[str, Field(max_length=350)]


class AnswerTable(Table):
    """What is answered, and when."""

    verdict: Verdict = Verdict.ACCEPT
    code: _Text = ""
    text: _Text = ""
    place: _Text = ""
    delay: Duration = 0

    @model_validator(mode="after")
    def _explained(self) -> "AnswerTable":
        if self.verdict is Verdict.REFUSE and not self.code:
            raise ValueError('a refusal needs a code; add code = "…"')
        return self

    def answer(self, place: str = "") -> Answer:
        """The frozen answer; ``place`` is where it is about unless it says so itself."""
        return Answer(self.verdict, self.code, self.text, self.place or place, self.delay)


class RuleTable(AnswerTable):
    """What is answered otherwise, and on which condition."""

    path: str = Field(min_length=1, max_length=300)
    equals: str | None = None
    contains: str | None = Field(default=None, min_length=1)
    above: Decimal | None = None

    @model_validator(mode="after")
    def _one_condition(self) -> "RuleTable":
        if [self.equals, self.contains, self.above].count(None) != 2:
            raise ValueError("a rule has one condition: equals, contains or above; write one of them")
        return self

    def value(self) -> TwinRule:
        """The frozen rule."""
        return TwinRule(self.path, self.answer(self.path), self.equals, self.contains, self.above)


class TwinTable(AnswerTable):
    """``[twin]``: the answer by default, and ``[[twin.rule]]`` for what is answered otherwise."""

    poll: Duration = Field(default=microseconds("500ms"), ge=10_000)
    receipts: bool = True
    rule: list[RuleTable] = Field(default=[], max_length=200)

    def value(self) -> Conduct:
        """The frozen value."""
        return Conduct(self.poll, self.answer(), tuple(rule.value() for rule in self.rule), self.receipts)
