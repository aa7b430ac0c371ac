"""The shape of a ``service.toml``. Unknown keys are refused; what the names mean is looked up by the loader."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator

from hub.clock import SECOND
from hub.config.located import Table
from hub.config.units import Duration
from hub.model.partner import SignatureKind, Title
from hub.services.service import INSPECTION, Disclosure

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
FactName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Event = Annotated[str, Field(pattern=r"^(matched|[a-z][a-z0-9-]{0,31}\.[a-z]+)$")]
"""``matched``, or what happened to a lane, an approval or the case: ``customs.accepted``, ``release.approved``."""
Paths = Text | Annotated[list[Text], Field(min_length=1, max_length=8)]


class Words(Table):
    """A text in both languages."""

    zh: Text
    en: Text

    def value(self) -> Title:
        return Title(self.zh, self.en)


class Head(Table):
    id: Name
    title: Words
    retention: Name
    reasons: Name | Literal[""] = ""


class LinesTable(Table):
    each: Text
    facts: dict[FactName, Text] = Field(min_length=1, max_length=60)


class SenderTable(Table):
    fact: FactName
    code: Name


class AmendTable(Table):
    fact: FactName
    replaces: list[Text] = []
    cancels: list[Text] = []


class LegTable(Table):
    types: list[Text] = Field(min_length=1, max_length=60)
    from_: list[Name] = Field(alias="from", min_length=1)
    reference: list[Paths] = Field(min_length=1, max_length=5)
    each: Text | Literal[""] = ""
    facts: dict[FactName, Paths] = Field({}, max_length=100)
    lines: dict[FactName, LinesTable] = Field({}, max_length=10)
    keys: dict[Name, Annotated[list[FactName], Field(min_length=1, max_length=5)]] = Field({}, max_length=5)
    amend: AmendTable | None = None
    sender: SenderTable | None = None
    when: Text | Literal[""] = ""
    expected: Text | Literal[""] = ""
    after: list[Event] = Field([], max_length=10)
    refuse: dict[Text, Text] = Field({}, max_length=20)


class LateTable(Table):
    code: Text
    zh: Text
    en: Text


class MatchTable(Table):
    anchor: Name
    legs: list[Name] = Field(min_length=1, max_length=20)
    within: Duration
    late: LateTable

    @field_validator("within")
    @classmethod
    def _some_time(cls, within: int) -> int:
        return _second(within, "the legs need time to come")


class CheckTable(Table):
    """What every check has; the rule's own parameters stand beside these keys."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Any]
    rule: Text
    each: Text | Literal[""] = ""
    when: Text | Literal[""] = ""
    refuse: Text | Literal[""] = ""


class AnswerTable(Table):
    mapping: Text
    each: Text


class AddressTable(Table):
    fact: Text
    code: Name


class LaneTable(Table):
    agency: Name | AddressTable
    title: Words
    leg: Name
    relay: bool = False
    mappings: list[Text] = []
    parts: dict[Name, Literal["copy", "relay"] | list[Text]] = {}
    sign: SignatureKind = SignatureKind.NONE
    within: Duration
    inspection: Duration = INSPECTION
    answers: list[Text | AnswerTable] = []
    reasons: Name | Literal[""] = ""
    when: Text | Literal[""] = ""
    after: list[Event] = Field([], max_length=10)
    copy_: bool = Field(False, alias="copy")
    keys: list[Annotated[list[Text], Field(min_length=1, max_length=5)]] = Field([], max_length=5)
    cancels: bool = False
    gives: dict[Name, Annotated[list[FactName], Field(min_length=1, max_length=5)]] = Field({}, max_length=5)
    revocable: bool = False
    tells: Disclosure = Disclosure.ALL

    @field_validator("within", "inspection")
    @classmethod
    def _some_time(cls, within: int) -> int:
        return _second(within, "an agency needs time to answer")


class PortionTable(Table):
    each: Text
    same: list[Annotated[list[Text], Field(min_length=2, max_length=2)]] = Field(min_length=1, max_length=4)
    share: list[Text] = Field(min_length=2, max_length=2)
    of: Text
    refuse: Text


class PostingTable(Table):
    name: Name
    book: Name
    holder: list[Text] = Field(min_length=1, max_length=4)
    amount: Text
    each: Text | Literal[""] = ""
    when: Text | Literal[""] = ""
    refuse: Text
    grant: list[Event] = []
    reserve: list[Event] = []
    commit: list[Event] = []
    release: list[Event] = []
    restore: list[Event] = []
    call: list[Event] = []
    withdraw: list[Event] = []
    portion: PortionTable | None = None


class RequireTable(Table):
    filing: Name
    number: list[Text] = Field(min_length=1, max_length=4)
    holder: Text | Literal[""] = ""
    each: Text | Literal[""] = ""
    when: Text | Literal[""] = ""
    refuse: Text | Literal[""] = ""


class FilingTable(Table):
    kind: Name
    on: list[Event] = Field(min_length=1, max_length=10)
    number: list[Text] = Field(min_length=1, max_length=4)
    holder: Text
    title: Words
    each: Text | Literal[""] = ""
    within: Duration | None = None
    when: Text | Literal[""] = ""


class TrackTable(Table):
    kind: Name
    on: list[Event] = Field(min_length=1, max_length=10)
    event: Name
    subject: Text
    place: Text
    each: Text | Literal[""] = ""
    when: Text | Literal[""] = ""


class ApprovalTable(Table):
    title: Words
    persons: Literal[1, 2] = 1
    within: Duration
    role: Name | Literal[""] = ""
    on: Event = "matched"
    when: Text | Literal[""] = ""


class NoticeTable(Table):
    to: list[Name] = Field(min_length=1, max_length=10)


class ReplyTable(Table):
    mapping: Text
    x12: Text | None = None
    legs: dict[Name, Text] = {}


class File(Table):
    service: Head
    legs: dict[Name, LegTable] = Field(min_length=1, max_length=30)
    match: MatchTable | None = None
    check: list[CheckTable] = Field([], max_length=200)
    lanes: dict[Name, LaneTable] = Field(min_length=1, max_length=30)
    posting: list[PostingTable] = Field([], max_length=20)
    require: list[RequireTable] = Field([], max_length=20)
    filing: list[FilingTable] = Field([], max_length=10)
    track: list[TrackTable] = Field([], max_length=10)
    approvals: dict[Name, ApprovalTable] = Field({}, max_length=10)
    notices: dict[Name, NoticeTable] = Field({}, max_length=10)
    reply: ReplyTable


def _second(within: int, why: str) -> int:
    if within < SECOND:
        raise ValueError(f'{why}; give it at least "1s"')
    return within
