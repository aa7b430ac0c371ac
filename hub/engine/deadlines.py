"""Deadlines: no lane waits for ever. What is overdue goes to a named person and the trader is told."""

from functools import partial

from hub.clock import Clock
from hub.engine.lanes import Lanes
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows
from hub.engine.walk import Walk
from hub.ledger.journal import Ledger
from hub.store import cases, deliveries
from hub.store.database import Connection, Database

PAGE = 200


class Deadlines:
    """Looks at what is due; a scheduler calls :meth:`tick`."""

    def __init__(self, walk: Walk, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._walk = walk
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def tick(self) -> int:
        """Mark the lanes whose time is up; returns how many."""
        with self._database.read() as connection:
            due = cases.overdue(connection, self._clock(), PAGE)
        if due:
            self._walk.go_on(self._walk.change(partial(self._mark, due)).result())
        return len(due)

    def _mark(self, lane_ids: list[str], connection: Connection) -> list[Row]:
        known = Known(numbers=deliveries.numbers(connection))
        known.add_lanes(connection, lane_ids)
        rows = Rows()
        lanes = Lanes(self._walk.world, known, rows, self._clock, Planner(self._walk.world, known, rows, self._clock))
        for lane in lane_ids:
            lanes.overdue(lane)
        rows.save(connection, self._ledger, known.drawn)
        return [row for planned in rows.planned.values() for row in planned]
