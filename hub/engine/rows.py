"""What a batch knows before it decides (one query a table for all) and what it will write (one statement a table)."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.engine.values import LegClaim, Read, ReadMessage
from hub.engine.world import World
from hub.filings.batch import Filings, mandates
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.case import LegState
from hub.model.message import Syntax
from hub.model.partner import Numbers, Partner
from hub.sequences.batch import Sequences
from hub.services.service import Leg
from hub.services.vocabulary import Facts
from hub.store import cases, deliveries, legs, transmissions, work
from hub.store.database import Connection

Row = dict[str, Any]
Pair = tuple[str, str]


@dataclass(slots=True)
class Touch:
    """What happened to a case in this batch: ``events`` such as ``customs.accepted``, and the transmission that caused
    it. ``heard``: its traders are to hear how it stands, if there is something to say."""

    transmission: str
    events: list[str] = field(default_factory=list)
    heard: bool = False

    @property
    def arrived(self) -> bool:
        """Whether legs have come; else its agencies have spoken."""
        return not self.events or any(event.endswith(".joined") for event in self.events)


@dataclass(slots=True)
class Known:
    """What the database says about a batch. DECIDE adds what it decides, so that later items of the batch see it."""

    transmissions: dict[str, Row] = field(default_factory=dict)
    accepted: dict[Pair, str] = field(default_factory=dict)  # (partner, sha256) → transmission
    interchanges: dict[Pair, str] = field(default_factory=dict)  # (partner, reference) → transmission
    keys: dict[Pair, str] = field(default_factory=dict)  # (service, case key) → case
    keyed: dict[str, list[Row]] = field(default_factory=dict)  # key → the legs, waiting or joined, that have it
    correlations: dict[Pair, tuple[str, int]] = field(default_factory=dict)  # (agency, key) → (lane, revision)
    cases: dict[str, Row] = field(default_factory=dict)
    before: dict[str, Row] = field(default_factory=dict)  # the cases as they were before this batch
    legs: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # case → its legs, oldest first
    lanes: dict[str, Row] = field(default_factory=dict)
    by_case: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # case → its lanes
    numbers: dict[str, int] = field(default_factory=dict)  # counter → last number given before this batch
    drawn: dict[str, int] = field(default_factory=dict)  # counter → last number given in it
    touched: dict[str, Touch] = field(default_factory=dict)  # case → what happened to it
    filings: Filings = field(default_factory=Filings)  # the mandates of those who act in the name of others
    sequences: Sequences = field(default_factory=Sequences)  # of the partners who agreed to leave no number out

    def lanes_of(self, case: str) -> list[Row]:
        """The lanes of a case that the batch knows."""
        return self.by_case[case]

    def add_lane(self, row: Row) -> None:
        """Learn a lane."""
        self.lanes[row["id"]] = row
        self.by_case[row["case"]].append(row)

    def add_lanes(self, connection: Connection, lane_ids: Iterable[str]) -> None:
        """Learn the lanes ``lane_ids``, with their cases and all that belongs to those."""
        self.add_cases(connection, cases.of_lanes(connection, list(lane_ids)))

    def add_cases(self, connection: Connection, ids: Iterable[str]) -> None:
        """Learn the cases ``ids``, their legs and their lanes."""
        fresh = sorted(set(ids) - self.cases.keys())
        if not fresh:
            return
        for row in cases.get(connection, fresh):
            self.cases[row["id"]] = row
            self.before[row["id"]] = dict(row)
        for row in cases.lanes_of(connection, fresh):
            self.add_lane(row)
        for row in legs.of_cases(connection, fresh):
            self.legs[row["case"]].append(row)

    def touch(self, case: str, transmission: str, event: str = "", *, heard: bool = False) -> None:
        """Note that something happened to ``case``."""
        touch = self.touched.setdefault(case, Touch(transmission))
        touch.transmission = touch.transmission or transmission
        touch.heard |= heard
        if event:
            touch.events.append(event)

    def facts(self, case: str) -> dict[str, Facts]:
        """The facts of a case's legs as they stand."""
        return {name: given(leg) for name, leg in self.current(case).items()}

    def current(self, case: str) -> dict[str, Row]:
        """The legs of a case as they stand, by name."""
        return {row["name"]: row for row in self.legs[case] if row["state"] == LegState.JOINED}


def given(leg: Row) -> Facts:
    """The facts of a leg; they stay with the row once they are parsed."""
    if "given" not in leg:
        leg["given"] = json.loads(leg["facts"])
    facts: Facts = leg["given"]
    return facts


def knowledge(connection: Connection, reads: list[Read], world: World) -> Known:
    """Everything that deciding ``reads`` may ask for."""
    known = Known(transmissions.states(connection, [read.transmission for read in reads]))
    pairs = {(row["partner"], row["sha256"]) for row in known.transmissions.values()}
    known.accepted = transmissions.accepted_before(connection, pairs)
    asked = _Asked(known, world)
    for read in reads:
        asked.read(read)
    known.interchanges = transmissions.known_interchanges(connection, asked.references) if asked.references else {}
    known.keys = cases.known_keys(connection, asked.keys) if asked.keys else {}
    known.keyed = legs.with_keys(connection, asked.leg_keys) if asked.leg_keys else {}
    wanted = {row["case"] for rows in known.keyed.values() for row in rows if row["case"]}
    wanted |= {case for (service, _), case in known.keys.items() if _amendable(world, service)}
    if asked.answers:
        known.correlations = cases.correlated(connection, asked.answers)
        wanted.update(cases.of_lanes(connection, {lane for lane, _ in known.correlations.values()}))
    known.add_cases(connection, wanted)
    if asked.mandates:
        known.filings = Filings.load(connection, asked.mandates)
    if asked.sequences:
        known.sequences = Sequences.load(connection, asked.sequences)
    _share(known)
    return known


def _amendable(world: World, service: str) -> bool:
    known = world.services.by_id.get(service)
    return known is not None and any(leg.amendment for leg in known.legs)


def _share(known: Known) -> None:
    """Let a leg that was found by its key and by its case be one row, so that both ways see what the batch decides."""
    rows = {row["id"]: row for own in known.legs.values() for row in own}
    for key, found in known.keyed.items():
        known.keyed[key] = [rows.setdefault(row["id"], row) for row in found]


class _Asked:
    """The keys that a batch asks for."""

    def __init__(self, known: Known, world: World) -> None:
        self._known, self._world = known, world
        self.mandates: set[Pair] = set()
        self.references: set[Pair] = set()
        self.keys: set[Pair] = set()
        self.leg_keys: set[str] = set()
        self.answers: set[Pair] = set()
        self.sequences: set[Pair] = set()

    def read(self, read: Read) -> None:
        """Note what ``read`` asks for."""
        if read.transmission not in self._known.transmissions:
            return
        partner = self._known.transmissions[read.transmission]["partner"]
        for index, interchange in enumerate(read.interchanges):
            self.references.add((partner, interchange_reference(read, index)))
            if counted(self._world.partners[partner], read.syntax):
                self.sequences.add((partner, sequence_name(read, index)))
            for message in interchange.messages:
                self._message(read, index, partner, message)

    def _message(self, read: Read, index: int, partner: str, message: ReadMessage) -> None:
        for leg in message.legs:
            self.keys.add((leg.service, case_key(partner, own_reference(read, index, message, leg))))
            self.leg_keys.update(leg.keys)
            if in_another_name(self._world, partner, self._world.services.by_id[leg.service].leg(leg.leg), leg):
                self.mandates.update(mandates(partner, leg.service))
        for claim in message.answers:
            self.answers |= {(partner, claim.key), (partner, lane_key(claim.service, claim.lane, claim.key))}
        if message.acknowledged:
            self.answers.add((partner, message.acknowledged.control))


def in_another_name(world: World, partner: str, leg: Leg, claim: LegClaim) -> str | None:
    """The code that ``claim`` names as its sender's, where that is not ``partner``'s own; None where it is."""
    if leg.sender is None or not claim.facts:
        return None
    fact, code = leg.sender
    own = world.partners[partner].codes.get(code, "")
    named = str(next(iter(claim.facts.get(fact, ())), ""))
    return None if own and named == own else named


def crosses(known: Known, world: World, read: Read) -> bool:
    """Whether ``read`` is about a case that must first be settled as the batch left it: a next version of a leg that
    has just come; a leg where an agency has just spoken of the case; an agency's word where a leg has just come."""
    if not known.touched:
        return False
    asked = _Asked(known, world)
    asked.read(read)
    if any(known.keys.get(pair) in known.touched for pair in asked.keys):
        return True
    lanes = (known.lanes.get(known.correlations.get(pair, ("", 0))[0]) for pair in asked.answers)
    if any(lane and (touch := known.touched.get(lane["case"])) and touch.arrived for lane in lanes):
        return True
    claims = (claim for each in read.interchanges for message in each.messages for claim in message.legs)
    return any(_revises(known, claim) for claim in claims)


def _revises(known: Known, claim: LegClaim) -> bool:
    rows = [row for key in claim.keys for row in known.keyed.get(key, ())]
    joined = {row["case"] for row in rows if row["state"] == LegState.JOINED}
    left = {row["case"] for row in rows if row["state"] == LegState.REPLACED} - joined  # by this very batch
    return not left.isdisjoint(known.touched) or any(
        not known.touched[case].arrived or claim.leg in known.current(case) for case in joined & known.touched.keys()
    )


def lane_key(service: str, lane: str, key: str) -> str:
    """How the facts by which an agency's answer names a case are known: apart from the numbers that the hub gave."""
    return f"{service}/{lane}/{key}"


def interchange_reference(read: Read, index: int) -> str:
    """What makes an interchange unique for its sender: parties and control reference (ISO 9735-1 §7.1); else empty.
    EDIFACT and X12 number each by itself."""
    envelope = read.interchanges[index]
    parts = (envelope.sender, envelope.recipient, envelope.control_ref)
    own = (read.syntax.value,) if read.syntax is Syntax.X12 else ()
    return "\x1f".join((*parts, *own)) if envelope.control_ref else ""


def counted(partner: Partner, syntax: Syntax) -> bool:
    """Whether ``partner`` agreed to leave out no control reference in ``syntax``."""
    party = partner.edifact if syntax is Syntax.EDIFACT else partner.x12 if syntax is Syntax.X12 else None
    return party is not None and party.numbers is Numbers.CONSECUTIVE


def sequence_name(read: Read, index: int) -> str:
    """In which sequence an interchange is numbered: sender and recipient (ISO 9735-1 §7.1) in their syntax."""
    envelope = read.interchanges[index]
    return f"{read.syntax.value}/{envelope.sender}/{envelope.recipient}"


def case_key(partner: str, reference: str) -> str:
    """A case's key: two traders may well use the same number."""
    return f"{partner}/{reference}"


def own_reference(read: Read, index: int, message: ReadMessage, leg: LegClaim) -> str:
    """The trader's number of a submission; else its control and message references; else the transmission."""
    control = read.interchanges[index].control_ref
    return leg.reference or "/".join(filter(None, (control, message.ref))) or read.transmission


@dataclass(slots=True)
class Rows:
    """What a batch will write."""

    settled: list[Row] = field(default_factory=list)
    interchanges: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    legs: list[Row] = field(default_factory=list)
    leg_keys: list[Row] = field(default_factory=list)
    moved_legs: list[Row] = field(default_factory=list)
    lanes: list[Row] = field(default_factory=list)
    correlations: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    moved_lanes: list[Row] = field(default_factory=list)
    moved_cases: list[Row] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    written: list[Row] = field(default_factory=list)  # deliveries that have their bytes already
    sealed: list[Row] = field(default_factory=list)
    work: list[Row] = field(default_factory=list)
    work_done: list[Row] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    sequences: Sequences = field(default_factory=Sequences)
    planned: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # by transmission, for the walk

    def move_leg(self, leg: Row, state: LegState) -> None:
        """Let ``leg`` be in ``state``, and write it as it is now."""
        leg["state"] = state
        changed = {f"new_{name}": leg[name] for name in ("state", "case", "revision")}
        self.moved_legs.append({"row": leg["id"], **changed})

    def save(self, connection: Connection, ledger: Ledger, numbers: dict[str, int]) -> None:
        """Write everything, parents before children, the ledger last."""
        transmissions.add_messages(connection, self.messages)
        cases.add(connection, self.cases, self.lanes, self.correlations)
        legs.add(connection, self.legs, self.leg_keys)
        legs.move(connection, self.moved_legs)
        deliveries.add(connection, self.deliveries)
        deliveries.add_sealed(connection, self.written)
        deliveries.seal(connection, self.sealed)
        cases.add_receipts(connection, self.receipts)
        cases.move_lanes(connection, self.moved_lanes)
        cases.move_cases(connection, self.moved_cases)
        transmissions.add_interchanges(connection, self.interchanges)
        transmissions.settle(connection, self.settled)
        deliveries.set_numbers(connection, numbers)
        self.sequences.save(connection)
        work.add(connection, self.work)
        for row in self.work_done:
            work.close(connection, row["subject"], row["by"], row["at"], row["kind"])
        ledger.append(connection, self.entries)
