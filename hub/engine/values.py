"""What the three steps of the walk hand to one another. All of it crosses to a worker process and back, thousands of
times a second: named tuples, because frozen dataclasses with slots are pickled field by field in Python."""

from typing import Any, NamedTuple

from hub.model.case import Objection
from hub.model.finding import Finding, Severity, worst
from hub.model.message import Syntax


class ReadJob(NamedTuple):
    """One transmission to read: its bytes, or the path of its blob."""

    transmission: str
    partner: str
    data: bytes | None
    blob: str | None
    received_at: int
    size: int = 0


class LegClaim(NamedTuple):
    """An item of a message can be this leg of this service; ``reference`` is the trader's own number (may be empty).

    ``keys`` are those by which it finds its case, ``objections`` what its own checks found; ``document`` is the message
    with this item only, as JSON, where the leg may have to wait for others. Of a leg that the partner may not send,
    only the names are told.
    """

    service: str
    leg: str
    reference: str = ""
    facts: dict[str, Any] = {}
    keys: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    document: str = ""
    item: int = 0


class AnswerItem(NamedTuple):
    """What an agency says of one item: ``kind`` person, bill or container, and ``ref`` which one."""

    kind: str
    ref: str
    status: str
    code: str = ""
    text: str = ""
    path: str = ""


ITEM = ("kind", "ref", "status", "code", "text", "path")
"""The fields of an AnswerItem, in ``internal:agency-answer`` as here."""


class AnswerClaim(NamedTuple):
    """A message can be this lane's answer. ``key`` is what it refers to; ``status`` is a LaneState's value."""

    service: str
    lane: str
    key: str
    status: str
    code: str = ""
    text: str = ""
    items: tuple[AnswerItem, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # what else the agency tells: the number that it gave, a tax


class Acknowledged(NamedTuple):
    """A technical receipt (CONTRL, TA1, 997, 999) for what the hub sent under ``control``."""

    control: str
    accepted: bool
    codes: tuple[str, ...] = ()
    text: str = ""  # where it found fault


class ReadMessage(NamedTuple):
    """One message of a Read: what DECIDE needs of it, and ``packed``, the pickled message for WRITE."""

    type: str
    ref: str
    valid: bool
    findings: tuple[Finding, ...] = ()
    legs: tuple[LegClaim, ...] = ()
    answers: tuple[AnswerClaim, ...] = ()
    acknowledged: Acknowledged | None = None
    packed: bytes = b""
    start: int = 0  # byte offset in the transmission
    beyond: Finding | None = None  # why it cannot be taken in though valid: more is in it than the hub looks at


class Kinds(NamedTuple):
    """How an interchange is acknowledged: each is one of ``hub.engine.acknowledging.KINDS``, empty for not at all."""

    sound: str = ""  # when nothing in it is refused
    faulty: str = ""  # when something in it is
    refused: str = ""  # when all of it is


class ReadInterchange(NamedTuple):
    """One envelope of a Read: who sent it to whom, its control reference, the findings about it and about its groups,
    and how it is acknowledged. ``draft`` is that acknowledgement where READ could draft it; else ``packed`` is the
    pickled interchange without its documents, for the one that WRITE makes."""

    sender: str = ""
    recipient: str = ""
    control_ref: str = ""
    acknowledged: Kinds = Kinds()
    findings: tuple[Finding, ...] = ()
    about_groups: tuple[Finding, ...] = ()
    messages: tuple[ReadMessage, ...] = ()
    packed: bytes = b""
    draft: bytes = b""
    sender_qualifier: str = ""

    @property
    def faulty(self) -> bool:
        """Whether READ found an error in one of its groups or messages."""
        return worst(self.about_groups) is Severity.ERROR or not all(message.valid for message in self.messages)


class Read(NamedTuple):
    """What READ made of one transmission."""

    transmission: str
    syntax: Syntax
    findings: tuple[Finding, ...] = ()
    interchanges: tuple[ReadInterchange, ...] = ()


class WriteJob(NamedTuple):
    """One planned delivery to write. ``packed`` is what READ made of the source, if still at hand: the message, or for
    an acknowledgement the interchange; ``document`` is the leg's, as JSON. Without either the source is read again."""

    delivery: str
    partner: str
    plan: dict[str, Any]
    source: ReadJob | None = None
    packed: bytes = b""
    document: str = ""


class Written(NamedTuple):
    """Frozen bytes of one delivery."""

    delivery: str
    data: bytes
    sha256: str
    mapping: str = ""  # the digest of the mapping that wrote it


class Unwritable(NamedTuple):
    """The message cannot be written for this partner; the findings say why."""

    delivery: str
    findings: tuple[Finding, ...] = ()
