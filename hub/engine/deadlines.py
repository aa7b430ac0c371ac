"""Deadlines: no lane waits for ever. What is overdue goes to a named person and the trader is told."""

from functools import partial
from typing import NamedTuple

from hub.clock import Clock
from hub.engine.cases import Cases
from hub.engine.lanes import Lanes
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows
from hub.engine.walk import Walk
from hub.ledger.journal import Ledger
from hub.store import cases, deliveries
from hub.store.database import Connection, Database

PAGE = 200


class Due(NamedTuple):
    """What is past its deadline: lanes without an answer, cases without their legs."""

    lanes: list[str]
    cases: list[str]


class Deadlines:
    """Looks at what is due; a scheduler calls :meth:`tick`."""

    def __init__(self, walk: Walk, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._walk = walk
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def tick(self) -> int:
        """Mark the lanes and the cases whose time is up; returns how many."""
        with self._database.read() as connection:
            due = Due(
                cases.overdue(connection, self._clock(), PAGE),
                cases.late(connection, self._clock(), PAGE),
            )
        if any(due):
            self._walk.go_on(self._walk.change(partial(self._mark, due)).result())
        return sum(map(len, due))

    def _mark(self, due: Due, connection: Connection) -> list[Row]:
        known = Known(numbers=deliveries.numbers(connection))
        known.add_lanes(connection, due.lanes)
        known.add_cases(connection, due.cases)
        rows = Rows()
        world = self._walk.world
        lanes = Lanes(world, known, rows, self._clock)
        settling = Cases(world, known, rows, self._clock, Planner(world, known, rows, self._clock), lanes)
        for lane in due.lanes:
            lanes.overdue(lane)
        for case in due.cases:
            settling.late(case)
        settling.settle(connection)
        rows.save(connection, self._ledger, known.drawn)
        return [row for planned in rows.planned.values() for row in planned]
