"""Files that a transport did not take (too large, a bad name, torn): the partner finds the reason in ``rejected/``."""

from functools import partial

from hub.clock import Clock
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows
from hub.engine.walk import Walk
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.finding import Finding
from hub.store import deliveries
from hub.store.database import Connection

MAX_NAME = 120


def report_refusal(walk: Walk, ledger: Ledger, clock: Clock, refused: tuple[str, str, str], finding: Finding) -> None:
    """Record that a file was ``refused`` (partner, channel, name) and plan the report; does not wait for it."""
    future = walk.change(partial(_plan, walk, ledger, clock, refused, finding))
    future.add_done_callback(lambda done: None if done.exception() else walk.go_on(done.result()))


def _plan(
    walk: Walk, ledger: Ledger, clock: Clock, refused: tuple[str, str, str], finding: Finding, connection: Connection
) -> list[Row]:
    partner, channel, name = refused
    known = Known(numbers=deliveries.numbers(connection))
    rows = Rows()
    shown = name.encode("utf-8", "replace").decode()[:MAX_NAME]
    source: Row = {"id": None, "partner": partner, "name": shown}
    Planner(walk.world, known, rows, clock).report(source, (finding,))
    facts = {"partner": partner, "channel": channel, "name": shown, "code": finding.code}
    rows.entries.append(Entry("refused", clock(), None, None, facts))
    rows.save(connection, ledger, known.numbers)
    return [row for planned in rows.planned.values() for row in planned]
