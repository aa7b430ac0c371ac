"""A service: one line of business. What comes in (legs), where it goes (lanes), and what the trader hears (answer)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from hub.clock import SECOND
from hub.mapping.items import Items
from hub.model.case import OBJECTION, Objection
from hub.model.partner import SignatureKind, Title
from hub.schema.codes import CodeTable
from hub.services.portions import Portion
from hub.services.views import View
from hub.services.vocabulary import Facts

When = Callable[[Facts], bool]
"""A condition on the facts of a case."""


class Line(NamedTuple):
    """Values of a case's facts that belong together. ``number`` counts the lines of a group from 1 (0: there is none);
    ``missing`` is the place of a fact that is not there, or there more than once: its value is empty."""

    values: tuple[str, ...]
    number: int = 0
    missing: str = ""


Rows = Callable[[Facts], list[Line]]
"""One line for each of a group, or one in all."""


class Writing(StrEnum):
    """How a lane's message is made."""

    MAPPING = "mapping"  # mapped to another message type
    RELAY = "relay"  # the trader's own segments under the hub's envelope
    COPY = "copy"  # the trader's own document written anew: in XML the hub signs what it sends


class Disclosure(StrEnum):
    """What a trader hears of an agency's reasons."""

    ALL = "all"  # codes and texts as the agency gives them
    LISTED = "listed"  # only what the table of reasons has and does not mark as hidden


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a second submission under a known number may do: ``fact`` tells (a message function, a kind of filing).

    A value in ``replaces`` puts the new one in the place of the old; one in ``cancels`` takes the case back. Of a case
    that was refused, or still waits for legs, any submission is a correction.
    """

    fact: str
    replaces: frozenset[str] = frozenset()
    cancels: frozenset[str] = frozenset()

    def cancels_by(self, facts: Facts) -> bool:
        """Whether this submission takes the case back."""
        return not self.cancels.isdisjoint(facts.get(self.fact, ()))

    def replaces_by(self, facts: Facts) -> bool:
        """Whether it may replace one that the agencies have."""
        return not self.replaces.isdisjoint(facts.get(self.fact, ()))


@dataclass(frozen=True, slots=True)
class Leg:
    """One document that the service needs. ``views`` say, by message type, how a message shows it; ``keys`` by which
    facts it finds the others of its case: name → facts. ``sender`` is (fact, code): the fact must be that code of the
    sender's own. ``when`` chooses by the leg's own facts: a message of which it does not hold is not this leg, but may
    be another leg, or another service's; ``expected``: a case for which that holds is not at its end before this leg,
    which follows, has come. ``after``: what must have happened to the case's lanes before it may come."""

    name: str
    types: tuple[str, ...]
    roles: frozenset[str]
    views: Mapping[str, View]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amendment: Amendment | None = None
    sender: tuple[str, str] | None = None
    when: When | None = None
    expected: When | None = None
    after: tuple[str, ...] = ()
    refuse: Mapping[str, str] = field(default_factory=dict)  # a finding's code → what its sender hears it under

    def chosen(self, facts: Facts) -> bool:
        """Whether a message with these facts is this leg."""
        return self.when is None or self.when({self.name: facts})


@dataclass(frozen=True, slots=True)
class Match:
    """How a case comes together: the leg ``anchor`` opens it, and ``legs`` (the anchor among them) must all be there
    ``within`` µs of it; if not, the trader hears ``late``. Any other leg follows a case that is open."""

    anchor: str
    legs: tuple[str, ...]
    within: int = 0
    late: Objection | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with its parameters. ``legs`` are those whose facts it asks for; ``run`` tells what is wrong. ``operands``
    and ``refuse``, the code that the trader hears, tell people about it."""

    rule: str
    legs: frozenset[str]
    run: Callable[[Facts, str], Iterator[Objection]]
    operands: tuple[str, ...] = ()
    refuse: str = OBJECTION

    @property
    def local(self) -> bool:
        """Whether READ can run it, on one leg alone."""
        return len(self.legs) == 1


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement of a balance for each of ``rows``: how much of what moves, and at which events. ``steps``: event
    (``matched``, ``customs.accepted``, ``case.refused``) → step (``reserve``, ``commit`` …). ``legs`` are those whose
    facts it asks for."""

    name: str
    book: str
    steps: Mapping[str, str]
    objection: Objection
    rows: Rows  # (holder, amount)
    when: When | None = None
    leg: str = ""  # whose amounts they are
    legs: frozenset[str] = frozenset()
    portion: Portion | None = None  # what a later leg brings back of it; else it comes back whole


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be on file before a case may go on: a filing of ``kind`` that counts, under each number that ``rows``
    finds, of the holder there (empty: of anybody)."""

    kind: str
    rows: Rows
    objection: Objection
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What is put on file at one of the events ``on``: of ``kind``, under each (number, holder) of ``rows``, to count
    for ``within`` µs (None: for ever)."""

    on: frozenset[str]
    kind: str
    rows: Rows
    title: Title
    within: int | None = None
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """What is told to the tracks at one of the events ``on``: that each (subject, place) of ``rows`` was seen."""

    on: frozenset[str]
    kind: str
    event: str
    rows: Rows
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """An approval that the service asks for: of how many people (with ``role``, or any), by when (µs), once ``on`` has
    happened."""

    name: str
    title: Title
    persons: int
    within: int
    role: str = ""
    on: str = "matched"
    when: When | None = None


@dataclass(frozen=True, slots=True)
class LaneAnswer:
    """How the agency answers: message type → the mapping that reads it as ``internal:agency-answer``; and what its
    reason codes mean."""

    mappings: Mapping[str, str]
    reasons: CodeTable | None = None
    tells: Disclosure = Disclosure.ALL
    items: Mapping[str, Items] = field(default_factory=dict)  # by message type, where one may answer many cases

    def disclosed(self, code: str) -> bool:
        """Whether anybody but the agency may hear of a reason: its code, its text, and what is said beside it."""
        if self.tells is Disclosure.ALL:
            return True
        row = self.reasons.get(code) if self.reasons else None
        return row is not None and not row.extra.get("hidden", "")

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
class Part:
    """One document that a lane sends. ``mappings``: message type of the leg → mapping id (empty when relayed or
    copied); ``suffix`` is its file's: "xml", "csv", "edi"."""

    leg: str
    writing: Writing
    mappings: Mapping[str, str]
    suffix: str


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a message itself names as its receiver: the partner whose ``code`` is what ``find`` finds. ``fact`` is what
    that fact is called."""

    fact: str
    code: str
    find: Callable[[Facts], list[Any]]

    def value(self, facts: Facts) -> str:
        """The code that the message names; empty when it names none."""
        return str(next(iter(self.find(facts)), ""))


@dataclass(frozen=True, slots=True)
class LanePlan:
    """One agency's part: the ``parts`` that it is sent, the principal one last. ``within`` and ``inspection`` in µs:
    how long the agency has to answer, and to end an inspection that it ordered.

    The lane opens when the legs of its parts are there, ``when`` holds, and all of ``after`` has happened
    (``customs.accepted``, ``release.approved``). ``copy``: the agency is told and does not answer. ``keys``: facts by
    which an answer may name the case beside the numbers that the hub gave. ``revocable``: the agency may refuse what it
    has accepted. ``agency`` is empty where the message itself says who gets it (``address``).
    """

    name: str
    agency: str
    title: Title
    parts: tuple[Part, ...]
    signature: SignatureKind
    within: int
    answer: LaneAnswer
    inspection: int = INSPECTION
    when: When | None = None
    after: tuple[str, ...] = ()
    copy: bool = False
    keys: tuple[Callable[[Facts], str], ...] = ()
    cancels: bool = False  # when the agency accepts it, the case is cancelled
    address: Address | None = None
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key → facts of its answers that make it
    revocable: bool = False

    @property
    def leg(self) -> str:
        """The leg of its principal document."""
        return self.parts[-1].leg


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender of a leg hears when every lane has spoken: ``mapping`` writes it from ``internal:case-status``;
    ``kind`` is its type in short (``cusres``)."""

    mapping: str
    kind: str
    suffix: str = "edi"


@dataclass(frozen=True, slots=True)
class Notice:
    """A ``leg`` that came later and is passed on, as it is, to the senders of the legs ``to``."""

    leg: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One line of business, complete and checked. ``replies``: leg → format that its sender spoke → what answers it."""

    id: str
    title: Title
    retention: str
    legs: tuple[Leg, ...]
    match: Match
    lanes: tuple[LanePlan, ...]
    replies: Mapping[str, Mapping[str, Reply]]
    checks: tuple[Check, ...] = ()
    postings: tuple[Posting, ...] = ()
    consents: tuple[Consent, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    recordings: tuple[Recording, ...] = ()
    footprints: tuple[Footprint, ...] = ()
    notices: tuple[Notice, ...] = ()
    reasons: CodeTable | None = None

    def leg(self, name: str) -> Leg:
        """The leg called ``name``."""
        return next(leg for leg in self.legs if leg.name == name)

    def lane(self, name: str) -> LanePlan:
        """The lane called ``name``."""
        return next(lane for lane in self.lanes if lane.name == name)

    def reply(self, leg: str, type_: str) -> Reply | None:
        """What answers the sender of a ``leg`` of message type ``type_``; None for one that hears nothing."""
        ways = self.replies.get(leg, {})
        return ways.get(type_.partition(":")[0]) or ways.get("")

    def gathers(self, lane: str) -> bool:
        """Whether the lane sends what every case has, not a leg that came later. A lane that is not known does."""
        plan = next((one for one in self.lanes if one.name == lane), None)
        return plan is None or plan.leg in self.match.legs

    def cancels(self, lane: str) -> bool:
        """Whether the case is cancelled when the agency of ``lane`` accepts."""
        return any(plan.cancels for plan in self.lanes if plan.name == lane)

    def asks(self, name: str) -> bool:
        """Whether ``name`` is an approval of the service."""
        return any(consent.name == name for consent in self.consents)

    def revision(self, case: int, leg: Mapping[str, Any]) -> int:
        """In which revision a lane sends ``leg`` (a row): that of the ``case``, or the leg's own when it came later."""
        return case if leg["name"] in self.match.legs else int(leg["revision"])

    @property
    def simple(self) -> bool:
        """Whether its one leg opens its lanes by itself."""
        more = (self.checks, self.postings, self.consents, self.requirements, self.recordings, self.footprints)
        return len(self.legs) == 1 and not any(more)


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
