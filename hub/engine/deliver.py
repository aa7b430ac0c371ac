"""Deliver: sealed bytes on their way to partners that do not fetch them. An attempt is recorded before it is made; what
fails is tried again with growing pauses, the same bytes under the same name, until a person must look."""

import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from hub.clock import Clock
from hub.engine.walk import Walk
from hub.errors import HubError
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.delivery import Deferred, Delivered, DeliveryState, Outcome, Refused
from hub.model.ids import new_id
from hub.model.settings import RetrySettings
from hub.spool.blobs import Blobs
from hub.store import deliveries, work
from hub.store.database import Connection, Database

log = structlog.get_logger()
Row = dict[str, Any]

Carrier = Callable[[str, str, str, bytes], Outcome]
"""Carries one file: (partner, folder, name, bytes) → what became of it."""

PAGE = 64
LOOK = 0.5  # seconds between looks at the outbox
MAX_GROWTH = 30  # a pause grows no more after so many attempts: it is at its cap, and the power must not overflow


def pause(tries: int, retry: RetrySettings, draw: Callable[[], float] = random.random) -> int:
    """How long to wait after attempt ``tries`` (from 1), in microseconds: exponential, capped, with jitter.

    >>> pause(3, RetrySettings(base=1_000_000, factor=2.0, cap=60_000_000, jitter=0.0, give_up=0))
    4000000
    """
    plain = min(retry.cap, retry.base * retry.factor ** min(tries - 1, MAX_GROWTH))
    return int(plain * (1 + retry.jitter * (2 * draw() - 1)))


class Courier:
    """One thread that attempts what is due. ``carriers`` is the explicit table of channels that push."""

    def __init__(
        self,
        walk: Walk,
        database: Database,
        ledger: Ledger,
        blobs: Blobs,
        carriers: Mapping[str, Carrier],
        clock: Clock,
    ) -> None:
        self._walk = walk
        self._database = database
        self._ledger = ledger
        self._blobs = blobs
        self._carriers = carriers
        self._clock = clock
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the attempt under way, then end."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(LOOK):
            try:
                while self._round() == PAGE:
                    pass
            except HubError as error:
                log.error("courier-waits", reason=str(error))

    def _round(self) -> int:
        """Attempt what is due now; returns how many attempts were made."""
        with self._database.read() as connection:
            rows = deliveries.due(connection, self._clock(), PAGE)
        made = 0
        for row in rows:
            if self._stopped.is_set():
                break
            try:
                self._attempt(row)
                made += 1
            except Exception:  # whatever it is, the other deliveries must go
                log.exception("attempt-failed", delivery=row["id"])
        return made

    def _attempt(self, row: Row) -> None:
        begun = self._clock()
        attempt = self._walk.change(lambda c: deliveries.begin_attempt(c, row["id"], begun)).result()
        outcome = self._carry(row)
        self._walk.change(lambda c: self._record(c, row, attempt, outcome)).result()

    def _carry(self, row: Row) -> Outcome:
        carrier = self._carriers.get(row["channel"])
        if carrier is None:
            return Refused(f"nothing carries by the channel {row['channel']}")
        try:
            return carrier(row["partner"], row["folder"], row["name"], self._bytes(row))
        except Exception as error:  # a fault of the carrier's must not keep the others waiting
            log.exception("carrier-failed", delivery=row["id"], channel=row["channel"])
            return Deferred(f"{type(error).__name__}: {error}")

    def _bytes(self, row: Row) -> bytes:
        if row["payload"] is not None:
            payload: bytes = row["payload"]
            return payload
        with self._blobs.open(row["sha256"]) as file:
            return file.read()

    def _record(self, connection: Connection, row: Row, attempt: int, outcome: Outcome) -> None:
        now = self._clock()
        facts: dict[str, str | int] = {"delivery": row["id"], "partner": row["partner"], "attempt": attempt}
        match outcome:
            case Delivered(note):
                deliveries.end_attempt(connection, attempt, now, "delivered", note)
                deliveries.move(connection, row["id"], state=DeliveryState.DELIVERED, delivered_at=now)
                self._note(connection, "delivered", row, facts)
            case Deferred(reason) if now - row["sealed_at"] < self._walk.world.settings.retry.give_up:
                deliveries.end_attempt(connection, attempt, now, "deferred", reason)
                later = now + pause(row["tries"] + 1, self._walk.world.settings.retry)
                deliveries.move(connection, row["id"], due_at=later)
            case Deferred(reason) | Refused(reason):
                deliveries.end_attempt(connection, attempt, now, "refused", reason)
                deliveries.move(connection, row["id"], state=DeliveryState.FAILED)
                self._give_up(connection, row, reason)
                self._note(connection, "undelivered", row, facts)

    def _give_up(self, connection: Connection, row: Row, reason: str) -> None:
        owner = self._walk.world.settings.hub.duty_officer
        now = self._clock()
        item = {"id": new_id("WK", now), "subject": row["id"], "kind": "undelivered", "opened_at": now}
        work.add(connection, [item | {"owner": owner, "reason": f"not delivered to {row['partner']}: {reason}"}])

    def _note(self, connection: Connection, kind: str, row: Row, facts: dict[str, str | int]) -> None:
        self._ledger.append(connection, [Entry(kind, self._clock(), row["case"], row["transmission"], facts)])
