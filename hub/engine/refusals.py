"""Files that a transport did not take (too large, a bad name, torn): the partner finds the reason in ``rejected/``."""

from concurrent.futures import Future
from functools import partial

import structlog

from hub.clock import Clock
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows
from hub.engine.walk import Walk
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.finding import Finding
from hub.store import deliveries
from hub.store.database import Connection

log = structlog.get_logger()

MAX_NAME = 60


def report_refusal(walk: Walk, ledger: Ledger, clock: Clock, refused: tuple[str, str, str], finding: Finding) -> None:
    """Record that a file was ``refused`` (partner, channel, name) and plan the report; does not wait for it."""
    future = walk.change(partial(_plan, walk, ledger, clock, refused, finding))
    future.add_done_callback(partial(_go_on, walk, refused))


def _go_on(walk: Walk, refused: tuple[str, str, str], done: "Future[list[Row]]") -> None:
    if error := done.exception():
        log.error("refusal-not-reported", partner=refused[0], channel=refused[1], reason=str(error))
    else:
        walk.go_on(done.result())


def _plan(
    walk: Walk, ledger: Ledger, clock: Clock, refused: tuple[str, str, str], finding: Finding, connection: Connection
) -> list[Row]:
    partner, channel, name = refused
    known = Known(numbers=deliveries.numbers(connection))
    rows = Rows()
    shown = _plain(name)
    source: Row = {"id": None, "partner": partner, "name": shown}
    Planner(walk.world, known, rows, clock).report(source, (finding,))
    facts = {"partner": partner, "channel": channel, "name": shown, "code": finding.code}
    rows.entries.append(Entry("refused", clock(), None, None, facts))
    rows.save(connection, ledger, known.drawn)
    return [row for planned in rows.planned.values() for row in planned]


def _plain(name: str) -> str:
    """``name``, which was refused perhaps for what is in it, as part of a file name."""
    shown = "".join(sign if sign.isprintable() and sign not in "/\\" else "_" for sign in name[-MAX_NAME:])
    return shown.lstrip(".") or "_"
