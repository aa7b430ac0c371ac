"""What time brings: lanes that are overdue, cases whose legs are late, questions that nobody answered; and what people
have decided meanwhile, in another process."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import structlog

from hub.approvals.batch import Approvals
from hub.approvals.values import Approval
from hub.balances.batch import Balances
from hub.clock import SECOND, Clock, iso
from hub.engine.batch import REFUSALS
from hub.engine.cases import Cases
from hub.engine.consents import event_of
from hub.engine.lanes import Lanes
from hub.engine.numbering import Numbering
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows
from hub.engine.walk import Walk
from hub.ledger.journal import Ledger
from hub.model.balance import Step
from hub.sequences.batch import Key, Sequences
from hub.store import cases, deliveries, filings
from hub.store.database import Connection, Database

log = structlog.get_logger()
PAGE = 200
LOOK = 3600 * SECOND
"""How often the filings are looked through, in µs."""

EXPIRY = "expiry"
"""The kind of work that something calls for which has ended, or soon will."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is past its deadline, by id: lanes without an answer, cases without their legs, approvals that nobody gave,
    reservations (case, name); the approvals that have ended; the filings that end soon; and the sequences (partner,
    name) in which numbers are missing."""

    lanes: list[str]
    cases: list[str]
    approvals: list[str]
    reservations: list[tuple[str, str]]
    ended: list[Approval]
    ending: list[Row]
    gaps: list[Key]

    @property
    def count(self) -> int:
        """How much that is."""
        asked = len(self.approvals) + len(self.reservations) + len(self.ended)
        return len(self.lanes) + len(self.cases) + asked + len(self.ending) + len(self.gaps)

    def named(self) -> str:
        """What it is, by identifiers alone: the log must not tell of persons."""
        reserved = [f"{case}/{name}" for case, name in self.reservations]
        ended, ending = [one.id for one in self.ended], [f"{row['kind']} {row['number']}" for row in self.ending]
        gaps = [f"{partner}/{name}" for partner, name in self.gaps]
        return ", ".join([*self.lanes, *self.cases, *self.approvals, *reserved, *ended, *ending, *gaps])

    def each(self) -> Iterator["Due"]:
        """The same one by one, so that what cannot be done keeps nothing else from being done."""
        none: dict[str, Any] = {field.name: [] for field in fields(self)}
        for name in none:
            for one in getattr(self, name):
                yield Due(**none | {name: [one]})


class Deadlines:
    """Looks at what is due; a scheduler calls :meth:`tick`."""

    def __init__(self, walk: Walk, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._walk = walk
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._looked = 0  # when the filings were looked through

    def tick(self) -> int:
        """Act upon what is due; returns how much that was."""
        with self._database.read() as connection:
            due = self._due(connection)
        if due.count and self._failure(due):
            for one in due.each():
                if error := self._failure(one):
                    log.error("deadline-failed", due=one.named(), reason=f"{type(error).__name__}: {error}")
        return due.count

    def _failure(self, due: Due) -> BaseException | None:
        """Act upon ``due``, all or nothing; returns what kept it from being done. Raises what the disk refuses."""
        done = self._walk.change(partial(self._mark, due))
        error = done.exception()
        if isinstance(error, REFUSALS):
            raise error
        if error is None:
            self._walk.go_on(done.result())
        return error

    def _due(self, connection: Connection) -> Due:
        now = self._clock()
        return Due(
            cases.overdue(connection, now, PAGE),
            cases.late(connection, now, PAGE),
            Approvals.due(connection, now, PAGE),
            Balances.due(connection, now, PAGE),
            [one for one in Approvals.untaken(connection, PAGE) if one.subject.startswith("CS-")],
            self._ending(connection, now),
            Sequences.due(connection, now, PAGE),
        )

    def _ending(self, connection: Connection, now: int) -> list[Row]:
        """The filings that end soon: looked through once an hour, for there may be many."""
        if now - self._looked < LOOK:
            return []
        notice = self._walk.world.settings.deadlines.notice
        found = filings.ending(connection, now, now + notice, EXPIRY, PAGE)
        self._looked = now if len(found) < PAGE else 0
        return found

    def _mark(self, due: Due, connection: Connection) -> list[Row]:
        rows = Rows()
        self._expire(due, rows, connection)
        known = Known(numbers=deliveries.numbers(connection))
        known.add_lanes(connection, due.lanes)
        known.add_cases(connection, [*due.cases, *(one.subject for one in due.ended)])
        world = self._walk.world
        lanes = Lanes(world, known, rows, self._clock)
        for lane in due.lanes:
            lanes.overdue(lane)
        for case in due.cases:
            known.touch(case, "")
        for case, name in due.reservations:
            lanes.work(case, EXPIRY, f"what case {case} kept as {name} has expired")
        for filing in due.ending:
            what = f"{filing['kind']} {filing['number']} of {filing['holder']}"
            lanes.work(filing["subject"], EXPIRY, f"{what} ends on {iso(filing['valid_until'])}")
        for approval in due.ended:
            if approval.subject in known.cases:
                known.touch(approval.subject, "", event_of(approval), heard=True)
        planner = Planner(world, known, rows, self._clock)
        Cases(world, known, rows, self._clock, planner, lanes).settle(connection)
        self._complain(due, Numbering(world, known, rows, planner, lanes), known, connection)
        Approvals.take(connection, [one.id for one in due.ended], self._clock())
        rows.save(connection, self._ledger, known.drawn)
        return [row for planned in rows.planned.values() for row in planned]

    def _complain(self, due: Due, numbering: Numbering, known: Known, connection: Connection) -> None:
        """Tell what is missing of sequences."""
        if due.gaps:
            known.sequences = Sequences.load(connection, due.gaps)
            for key in due.gaps:
                numbering.tell(key, self._clock(), connection)
            numbering.conclude()

    def _expire(self, due: Due, rows: Rows, connection: Connection) -> None:
        """End the questions that nobody answered, and the reservations that nobody used."""
        now = self._clock()
        world = self._walk.world
        if due.approvals:
            approvals = Approvals.load(connection, world.settings.people, ids=due.approvals)
            for id_ in due.approvals:
                approvals.expire(id_, now)
            rows.entries += approvals.entries()
            approvals.save(connection)
        if due.reservations:
            balances = Balances.load(connection, world.books, (), {case for case, _ in due.reservations}, now)
            for case, name in due.reservations:
                balances.move(Step.EXPIRE, case, name, now)
            rows.entries += balances.entries()
            balances.save(connection)
