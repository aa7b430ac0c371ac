"""A service: one line of business. What comes in (legs), where it goes (lanes), and what the trader hears (answer)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.clock import SECOND
from hub.model.message import Document
from hub.model.partner import SignatureKind, Title
from hub.schema.codes import CodeTable

Extract = Callable[[Document], str]
"""The first value that one of a list of paths finds in a Document, or the empty string."""


class Writing(StrEnum):
    """How a lane's message is made."""

    MAPPING = "mapping"  # mapped to another message type
    RELAY = "relay"  # the trader's own segments under the hub's envelope


@dataclass(frozen=True, slots=True)
class Leg:
    """One message that the service needs. ``reference`` finds the trader's own number of the submission."""

    name: str
    types: tuple[str, ...]
    roles: frozenset[str]
    reference: Mapping[str, Extract]  # by message type


@dataclass(frozen=True, slots=True)
class LaneAnswer:
    """How the agency answers: message type → the mapping that reads it as ``internal:agency-answer``; and what its
    reason codes mean."""

    mappings: Mapping[str, str]
    reasons: CodeTable | None = None

    def explain(self, code: str, text: str) -> tuple[str, str]:
        """Chinese and English for a reason code; the agency's own ``text`` (``zh / en``, or
        one text for both) where the table does not know the code."""
        row = self.reasons.get(code) if self.reasons else None
        zh, both, en = text.partition(" / ")
        return (row.zh, row.en) if row else (zh, en if both else zh)

    def field(self, code: str) -> str:
        """The path of the field that a reason code is about, if its table says."""
        row = self.reasons.get(code) if self.reasons else None
        return row.extra.get("path", "") if row else ""


INSPECTION = 7 * 24 * 3600 * SECOND
"""How long an inspection may take unless its lane says otherwise, in µs."""


@dataclass(frozen=True, slots=True)
class LanePlan:
    """One agency's part. ``mappings``: message type of the leg → mapping id (empty when relayed). ``within`` and
    ``inspection`` in µs: how long the agency has to answer, and to end an inspection that it ordered."""

    name: str
    agency: str
    title: Title
    leg: str
    writing: Writing
    mappings: Mapping[str, str]
    signature: SignatureKind
    suffix: str  # of the file: "xml", "csv", "edi"
    within: int
    answer: LaneAnswer
    inspection: int = INSPECTION


@dataclass(frozen=True, slots=True)
class Reply:
    """What the trader hears when every lane has spoken: ``mapping`` writes it from ``internal:case-status``; ``kind``
    is its type in short (``cusres``)."""

    mapping: str
    kind: str


@dataclass(frozen=True, slots=True)
class Service:
    """One line of business, complete and checked."""

    id: str
    title: Title
    retention: str
    legs: tuple[Leg, ...]
    lanes: tuple[LanePlan, ...]
    replies: Mapping[str, Reply]  # by the format that the trader spoke; edifact always

    def lane(self, name: str) -> LanePlan:
        """The lane called ``name``."""
        return next(lane for lane in self.lanes if lane.name == name)

    def reply(self, type_: str) -> Reply:
        """What answers a trader who sent a message of ``type_``."""
        return self.replies.get(type_.partition(":")[0]) or self.replies["edifact"]


@dataclass(frozen=True, slots=True)
class Services:
    """All services, and which of them a message type concerns."""

    by_id: Mapping[str, Service]

    def legs(self, type_: str) -> list[tuple[Service, Leg]]:
        """Where a message of this type is a leg."""
        return [(service, leg) for service in self.by_id.values() for leg in service.legs if type_ in leg.types]

    def answers(self, type_: str) -> list[tuple[Service, LanePlan]]:
        """Where a message of this type is an agency's answer."""
        return [
            (service, lane)
            for service in self.by_id.values()
            for lane in service.lanes
            if type_ in lane.answer.mappings
        ]
