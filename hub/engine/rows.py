"""What a batch knows before it decides (one query a table for all) and what it will write (one statement a table)."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.engine.values import LegClaim, Read, ReadMessage
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.message import Syntax
from hub.store import cases, deliveries, transmissions, work
from hub.store.database import Connection

Row = dict[str, Any]
Pair = tuple[str, str]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compact(value: object) -> str:
    """``value`` as compact JSON text for a column."""
    return _encode(value)


@dataclass(slots=True)
class Known:
    """What the database says about a batch. DECIDE adds what it decides, so that later items of the batch see it."""

    transmissions: dict[str, Row] = field(default_factory=dict)
    accepted: dict[Pair, str] = field(default_factory=dict)  # (partner, sha256) → transmission
    interchanges: dict[Pair, str] = field(default_factory=dict)  # (partner, reference) → transmission
    keys: dict[Pair, str] = field(default_factory=dict)  # (service, case key) → case
    correlations: dict[Pair, str] = field(default_factory=dict)  # (agency, key) → lane
    cases: dict[str, Row] = field(default_factory=dict)
    lanes: dict[str, Row] = field(default_factory=dict)
    by_case: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # case → its lanes
    numbers: dict[str, int] = field(default_factory=dict)  # counter → last number given before this batch
    drawn: dict[str, int] = field(default_factory=dict)  # counter → last number given in it

    def lanes_of(self, case: str) -> list[Row]:
        """The lanes of a case that the batch knows."""
        return self.by_case[case]

    def add_lanes(self, connection: Connection, lane_ids: Iterable[str]) -> None:
        """Learn the lanes ``lane_ids``, their cases and all lanes of those."""
        found = cases.of_lanes(connection, list(lane_ids))
        self.cases |= {row["id"]: row for row in found}
        for row in cases.lanes_of(connection, [row["id"] for row in found]):
            if row["id"] not in self.lanes:
                self.lanes[row["id"]] = row
                self.by_case[row["case"]].append(row)


def knowledge(connection: Connection, reads: list[Read]) -> Known:
    """Everything that deciding ``reads`` may ask for."""
    known = Known(transmissions.states(connection, [read.transmission for read in reads]))
    pairs = {(row["partner"], row["sha256"]) for row in known.transmissions.values()}
    known.accepted = transmissions.accepted_before(connection, pairs)
    references, keys, answers = _asked(reads, known)
    known.interchanges = transmissions.known_interchanges(connection, references) if references else {}
    known.keys = cases.known_keys(connection, keys) if keys else {}
    if answers:
        known.correlations = cases.correlated(connection, answers)
        known.add_lanes(connection, set(known.correlations.values()))
    return known


def interchange_reference(read: Read, index: int) -> str:
    """What makes an interchange unique for its sender: parties and control reference (ISO 9735-1 §7.1); else empty.
    EDIFACT and X12 number each by itself."""
    envelope = read.interchanges[index]
    parts = (envelope.sender, envelope.recipient, envelope.control_ref)
    own = (read.syntax.value,) if read.syntax is Syntax.X12 else ()
    return "\x1f".join((*parts, *own)) if envelope.control_ref else ""


def _asked(reads: list[Read], known: Known) -> tuple[set[Pair], set[Pair], set[Pair]]:
    references: set[Pair] = set()
    keys: set[Pair] = set()
    answers: set[Pair] = set()
    for read in reads:
        if read.transmission not in known.transmissions:
            continue
        partner = known.transmissions[read.transmission]["partner"]
        for index, interchange in enumerate(read.interchanges):
            references.add((partner, interchange_reference(read, index)))
            for message in interchange.messages:
                for leg in message.legs:
                    keys.add((leg.service, case_key(partner, own_reference(read, index, message, leg))))
                answers |= {(partner, claim.key) for claim in message.answers}
                if message.acknowledged:
                    answers.add((partner, message.acknowledged.control))
    return references, keys, answers


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
    planned: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # by transmission, for the walk

    def save(self, connection: Connection, ledger: Ledger, numbers: dict[str, int]) -> None:
        """Write everything, parents before children, the ledger last."""
        transmissions.add_messages(connection, self.messages)
        cases.add(connection, self.cases, self.lanes, self.correlations)
        deliveries.add(connection, self.deliveries)
        deliveries.add_sealed(connection, self.written)
        deliveries.seal(connection, self.sealed)
        cases.add_receipts(connection, self.receipts)
        cases.move_lanes(connection, self.moved_lanes)
        cases.move_cases(connection, self.moved_cases)
        transmissions.add_interchanges(connection, self.interchanges)
        transmissions.settle(connection, self.settled)
        deliveries.set_numbers(connection, numbers)
        work.add(connection, self.work)
        for row in self.work_done:
            work.close(connection, row["subject"], row["by"], row["at"], row["kind"])
        ledger.append(connection, self.entries)
