"""What the three steps of the walk hand to one another. All of it can cross to a worker process."""

from dataclasses import dataclass
from typing import Any

from hub.model.finding import Finding
from hub.model.message import Interchange, Syntax


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One transmission to read: its bytes, or the path of its blob."""

    transmission: str
    partner: str
    data: bytes | None
    blob: str | None
    received_at: int


@dataclass(frozen=True, slots=True)
class LegClaim:
    """A message can be this leg of this service; ``reference`` is the trader's own number (may be empty)."""

    service: str
    leg: str
    reference: str


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """What an agency says of one item: ``kind`` person, bill or container, and ``ref`` which one."""

    kind: str
    ref: str
    status: str
    code: str = ""
    text: str = ""
    path: str = ""


ITEM = ("kind", "ref", "status", "code", "text", "path")
"""The fields of an AnswerItem, in ``internal:agency-answer`` as here."""


@dataclass(frozen=True, slots=True)
class AnswerClaim:
    """A message can be this lane's answer. ``key`` is what it refers to; ``status`` is a LaneState's value."""

    service: str
    lane: str
    key: str
    status: str
    code: str = ""
    text: str = ""
    items: tuple[AnswerItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A technical receipt (CONTRL) for what the hub sent under ``control``."""

    control: str
    accepted: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """One message of a Read: what DECIDE needs of it, and ``packed``, the pickled message for WRITE."""

    type: str
    ref: str
    valid: bool
    findings: tuple[Finding, ...] = ()
    legs: tuple[LegClaim, ...] = ()
    answers: tuple[AnswerClaim, ...] = ()
    acknowledged: Acknowledged | None = None
    packed: bytes = b""


@dataclass(frozen=True, slots=True)
class ReadInterchange:
    """One envelope of a Read. ``summary`` is the interchange without its documents, as a CONTRL needs it."""

    summary: Interchange
    messages: tuple[ReadMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What READ made of one transmission."""

    transmission: str
    syntax: Syntax
    findings: tuple[Finding, ...] = ()
    interchanges: tuple[ReadInterchange, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteJob:
    """One planned delivery to write. ``packed`` (the message) and ``interchange`` (without documents) are what READ
    made of the source, if still at hand; otherwise the source is read again."""

    delivery: str
    partner: str
    plan: dict[str, Any]
    source: ReadJob | None = None
    packed: bytes | None = None
    interchange: Interchange | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Frozen bytes of one delivery."""

    delivery: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unwritable:
    """The message cannot be written for this partner; the findings say why."""

    delivery: str
    findings: tuple[Finding, ...] = ()
