"""The shape of a handbook, ``partners/<id>/twin/*.toml``. Unknown keys are refused; the loader looks up the names."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from hub.config.located import Table
from hub.config.twins import RuleTable
from hub.config.units import Duration

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=300)]
Code = Annotated[str, Field(min_length=1, max_length=17)]
Paths = Annotated[
    list[Text],
    BeforeValidator(lambda text: [text] if isinstance(text, str) else text),
    Field(min_length=1, max_length=8),
]
Keys = Annotated[list[Name], Field(min_length=1, max_length=5)]


class CodesTable(Table):
    """The agency's code for each verdict, where no rule gives one; ``stored``: said at once, before the decision."""

    accept: Code | None = None
    inspect: Code | None = None
    refuse: Code | None = None
    stored: Code | None = None


class ChangeTable(Table):
    """An amendment or a cancellation: ``fact`` has such a value; ``unknown`` refuses what is not on the books."""

    fact: Name
    replaces: list[Text] = []
    cancels: list[Text] = []
    unknown: Code


class ConditionalTable(Table):
    """``when``: this applies only when each fact named has one of the values given."""

    when: dict[Name, Annotated[list[Text], Field(min_length=1)]] = {}


class BookTable(ConditionalTable):
    """A book and the key in it, made of facts and numbers; ``again`` refuses a key that is there already."""

    book: Name
    key: Keys
    again: Code | None = None


class NeedTable(ConditionalTable):
    """What must be on a book; ``code`` refuses otherwise. ``take``: it is taken off."""

    book: Name
    key: Keys
    code: Code
    take: bool = False


class PostTable(ConditionalTable):
    """An account: the amounts of the fact ``amount`` are added up to ``limit``, beyond which ``code`` refuses; with
    ``back`` they are taken away, down to zero."""

    account: Name
    holder: Keys
    amount: Name
    limit: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] | None = None
    back: bool = False
    code: Code


class ThenTable(Table):
    """A further answer to what was accepted, so long after the first, in the form that another mapping writes."""

    with_: Text = Field(alias="with")
    after: Duration
    code: Code | None = None


class AnswerTable(Table):
    """How messages of some types are answered."""

    types: list[Text] = Field(min_length=1, max_length=60)
    with_: Text = Field(alias="with")
    each: Text | None = None
    facts: dict[Name, Paths] = Field({}, max_length=100)
    reasons: list[Text] = Field([], max_length=5)
    codes: CodesTable = CodesTable()
    delay: Duration = 0
    patience: Duration = 0
    bundle: int = Field(100, ge=1, le=9_999)
    numbers: dict[Name, Annotated[str, Field(pattern=r"^[^#]*#+[^#]*$", max_length=40)]] = Field({}, max_length=5)
    change: ChangeTable | None = None
    remember: list[BookTable] = Field([], max_length=10)
    need: list[NeedTable] = Field([], max_length=10)
    post: list[PostTable] = Field([], max_length=5)
    rule: list[RuleTable] = Field([], max_length=100)
    then: list[ThenTable] = Field([], max_length=5)


class HandbookTable(Table):
    """A whole file."""

    answer: list[AnswerTable] = Field(min_length=1, max_length=200)
