"""The walk: a transmission goes read → decide → write as far as it can in one go, and parks only where it must wait.

    transport in ─► accept ─► READ ─► decide ─► WRITE ─► seal ─► mailbox, or deliver
                    commit    pure    commit    pure     commit

The three commits go through one group commit. What the hub was doing when it was killed is found again in the database:
transmissions that are received but not decided, and deliveries that are planned but not sealed.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from hub.clock import Clock
from hub.engine.batch import GroupCommit, Limits, Work
from hub.engine.decide import decide
from hub.engine.pool import JobFailed, Pool
from hub.engine.rows import Row
from hub.engine.seal import Sealer, Sealing
from hub.engine.setting_aside import give_up, set_aside
from hub.engine.stage import Stage
from hub.engine.values import Read, ReadJob, WriteJob
from hub.engine.world import World
from hub.errors import HubError
from hub.ledger.entries import Entry, Fact, Kind
from hub.ledger.journal import Ledger
from hub.model.arrival import Accepted, Arrival
from hub.model.case import TransmissionState
from hub.model.ids import new_id
from hub.spool.blobs import Blobs
from hub.store import deliveries, transmissions
from hub.store.database import Connection, Database

log = structlog.get_logger()
T = TypeVar("T")

AGAIN = 2.0  # seconds after which the walk tries again when the disk or the database refused
PAGE = 512  # transmissions looked up at a time when the walk is behind


class Walk:
    """The engine. ``accept`` is its way in; the rest goes on in threads and worker processes, until ``stop``."""

    def __init__(
        self, world: World, database: Database, ledger: Ledger, blobs: Blobs, pool: Pool, workers: int, clock: Clock
    ) -> None:
        self.world = world
        self._database = database
        self._ledger = ledger
        self._blobs = blobs
        self._clock = clock
        limits = Limits(world.settings.engine.batch_messages, world.settings.engine.batch_bytes)
        kinds: dict[str, Work] = {
            "arrive": self._arrive,
            "decide": self._decide,
            "seal": self._seal,
            "change": self._change,
        }
        self._commit = GroupCommit(database, kinds, limits)
        self._reading = Stage("read", pool.run, self._was_read, parallel=workers + 1)
        self._writing = Stage("write", self._run_writes(pool), self._was_written, parallel=workers + 1)
        self._on_its_way: set[str] = set()
        self._guard = threading.Lock()
        self._behind = threading.Event()
        self._stopping = False
        self._catching_up = threading.Thread(target=self._catch_up, name="catch-up", daemon=True)

    # -- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what the hub was doing when it was last stopped, and begin."""
        self._commit.start()
        self._reading.start()
        self._writing.start()
        self._behind.set()
        self._catching_up.start()
        self._resume_writing()

    def stop(self) -> None:
        """Finish what is under way; what waits stays in the database."""
        self._stopping = True
        self._behind.set()
        self._reading.stop()
        self._writing.stop()
        self._commit.stop()
        self._catching_up.join()

    # -- in -----------------------------------------------------------------------------------------------------

    def accept(self, arrival: Arrival) -> Accepted:
        """Return when ``arrival`` is durable and recorded. Raises SpoolFull or StoreError: then nothing is accepted."""
        return self.accept_many([arrival])[0]

    def accept_many(self, arrivals: Sequence[Arrival]) -> list[Accepted]:
        """The same for several at once."""
        weights = [(arrival, len(arrival.data or b"")) for arrival in arrivals]
        accepted = self._commit.submit_many("arrive", weights).result()
        if failure := next((outcome for outcome in accepted if isinstance(outcome, Exception)), None):
            raise failure
        jobs = [
            ReadJob(id_, arrival.partner, arrival.data, str(arrival.blob) if arrival.blob else None, at)
            for arrival, (id_, at) in zip(arrivals, accepted, strict=True)
            if at
        ]
        self._begin(jobs)
        return [Accepted(id_) for id_, _ in accepted]

    def change(self, act: Callable[[Connection], T]) -> "Future[T]":
        """Let ``act`` change the state in the next batch."""
        return self._commit.submit("change", act)

    def go_on(self, planned: Sequence[Row]) -> None:
        """Write the deliveries that a committed change has planned."""
        self._writing.put([(self._job(row, None, None), row) for row in planned if row["plan"]["do"] != "signature"])

    @property
    def idle(self) -> bool:
        """Nothing is being read, decided or written."""
        with self._guard:
            return not self._on_its_way and self._reading.idle and self._writing.idle and not self._behind.is_set()

    # -- the work of the group commit -------------------------------------------------------------------------------

    def _arrive(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[tuple[str, int]]:
        """Record arrivals; for each its transmission and when it was received, 0 if that was before."""
        now = self._clock()
        known = transmissions.by_origin(connection, [arrival.origin for arrival in arrivals if arrival.origin])
        rows: list[Row] = []
        entries: list[Entry] = []
        results = []
        for arrival in arrivals:
            if arrival.origin in known:
                results.append((known[arrival.origin], 0))
                continue
            id_ = new_id("TR", now)
            if arrival.origin:
                known[arrival.origin] = id_
            rows.append(_transmission(id_, arrival, now))
            facts: dict[str, Fact] = {
                "partner": arrival.partner,
                "channel": arrival.channel,
                "name": arrival.name,
                "sha256": arrival.sha256,
                "size": arrival.size,
            }
            entries.append(Entry(Kind.RECEIVED, now, None, id_, facts))
            results.append((id_, now))
        transmissions.add(connection, rows)
        self._ledger.append(connection, entries)
        return results

    def _decide(self, connection: Connection, reads: Sequence[Read]) -> list[list[Row]]:
        return decide(connection, reads, self.world, self._ledger, self._clock)

    def _seal(self, connection: Connection, sealings: Sequence[Sealing]) -> list[list[Row]]:
        return Sealer(connection, self.world, self._ledger, self._blobs, self._clock).seal(sealings)

    def _change(self, connection: Connection, acts: Sequence[Callable[[Connection], Any]]) -> list[Any]:
        return [act(connection) for act in acts]

    # -- READ -------------------------------------------------------------------------------------------------------

    def _begin(self, jobs: Sequence[ReadJob]) -> None:
        with self._guard:
            self._on_its_way |= {job.transmission for job in jobs}
        if not self._reading.offer(jobs):
            self._let_go([job.transmission for job in jobs])
            self._behind.set()

    def _let_go(self, ids: Sequence[str]) -> None:
        with self._guard:
            self._on_its_way.difference_update(ids)

    def _was_read(self, jobs: Sequence[ReadJob], results: Sequence[Read | JobFailed]) -> None:
        good = [(job, read) for job, read in zip(jobs, results, strict=True) if isinstance(read, Read)]
        decided = self._commit.submit_many("decide", [(read, 0) for _, read in good])
        decided.add_done_callback(lambda future: self._were_decided(good, future.result()))
        for job, result in zip(jobs, results, strict=True):
            if isinstance(result, JobFailed):
                self._fail(job, result)

    def _were_decided(self, reads: Sequence[tuple[ReadJob, Read]], outcomes: Sequence[list[Row] | Exception]) -> None:
        items: list[tuple[WriteJob, Row]] = []
        through = []
        for (job, read), outcome in zip(reads, outcomes, strict=True):
            if isinstance(outcome, HubError):
                log.error("decide-deferred", transmission=job.transmission, reason=str(outcome))
                self._later(self._behind.set)
            elif isinstance(outcome, Exception):
                self._fail(job, outcome)
                continue
            else:
                items += [(self._job(row, job, read), row) for row in outcome if row["plan"]["do"] != "signature"]
            through.append(job.transmission)
        self._writing.put(items)
        self._let_go(through)

    def _fail(self, job: ReadJob, error: BaseException) -> None:
        """The hub itself cannot handle the transmission: a person must look."""
        log.error("transmission-failed", transmission=job.transmission, reason=str(error))
        act = partial(set_aside, job.transmission, str(error), self.world, self._ledger, self._clock)
        self.change(act).add_done_callback(lambda _: self._let_go([job.transmission]))

    # -- WRITE ------------------------------------------------------------------------------------------------------

    def _run_writes(self, pool: Pool) -> Callable[[Sequence[Any]], "Future[list[Any]]"]:
        return lambda items: pool.run([job for job, _ in items])

    def _job(self, row: Row, source: ReadJob | None, read: Read | None) -> WriteJob:
        """The job of a planned delivery, with what READ made of its source if that is at hand."""
        plan = row["plan"]
        packed = b""
        if read is not None and plan["do"] in ("mapping", "relay"):
            messages = [message for each in read.interchanges for message in each.messages]
            packed = messages[plan["ordinal"]].packed
        if read is not None and plan["do"] == "contrl":
            packed = read.interchanges[plan["interchange"]].packed
        return WriteJob(row["id"], row["partner"], plan, source, packed)

    def _was_written(self, items: Sequence[tuple[WriteJob, Row]], results: Sequence[Any]) -> None:
        sealings = [Sealing(job, row, result) for (job, row), result in zip(items, results, strict=True)]
        weights = [
            (one, sum(len(written.data) for written in one.result) if isinstance(one.result, list) else 0)
            for one in sealings
        ]
        sealed = self._commit.submit_many("seal", weights)
        sealed.add_done_callback(lambda future: self._were_sealed(sealings, future.result()))

    def _were_sealed(self, sealings: Sequence[Sealing], outcomes: Sequence[list[Row] | Exception]) -> None:
        for sealing, outcome in zip(sealings, outcomes, strict=True):
            if isinstance(outcome, HubError):
                log.error("seal-deferred", delivery=sealing.job.delivery, reason=str(outcome))
                self._later(partial(self._writing.put, [(sealing.job, sealing.row)]))
            elif isinstance(outcome, Exception):
                log.error("seal-failed", delivery=sealing.job.delivery, reason=str(outcome))
                self.change(partial(give_up, sealing.job.delivery, str(outcome), self.world, self._ledger, self._clock))
            elif outcome:
                self.go_on(outcome)

    # -- after a stop, or when more comes in than the walk can hold ---------------------------------------------------

    def _catch_up(self) -> None:
        while True:
            self._behind.wait()
            if self._stopping:
                return
            self._behind.clear()
            while not self._stopping and (jobs := self._waiting()):
                with self._guard:
                    self._on_its_way |= {job.transmission for job in jobs}
                self._reading.put(jobs)

    def _waiting(self) -> list[ReadJob]:
        with self._guard:
            on_its_way = set(self._on_its_way)
        with self._database.read() as connection:
            rows = transmissions.waiting(connection, PAGE + len(on_its_way))
        return [self._read_job(row) for row in rows if row["id"] not in on_its_way]

    def _resume_writing(self) -> None:
        last = ""
        while rows := self._planned(last):
            last = rows[-1][1]["id"]
            self._writing.put([item for item in rows if item[1]["plan"]["do"] != "signature"])

    def _planned(self, after: str) -> list[tuple[WriteJob, Row]]:
        with self._database.read() as connection:
            rows = [deliveries.with_plan(row) for row in deliveries.planned(connection, PAGE, after)]
            sources = {row["transmission"]: transmissions.get(connection, row["transmission"] or "") for row in rows}
        items = []
        for row in rows:
            source = sources[row["transmission"]]
            items.append((self._job(row, self._read_job(source) if source else None, None), row))
        return items

    def _read_job(self, row: Row) -> ReadJob:
        blob: Path | None = None if row["payload"] is not None else self._blobs.path(row["sha256"])
        return ReadJob(row["id"], row["partner"], row["payload"], str(blob) if blob else None, row["received_at"])

    def _later(self, act: Callable[[], None]) -> None:
        timer = threading.Timer(AGAIN, act)
        timer.daemon = True
        timer.start()


def _transmission(id_: str, arrival: Arrival, now: int) -> Row:
    return {
        "id": id_,
        "partner": arrival.partner,
        "channel": arrival.channel,
        "name": arrival.name,
        "origin": arrival.origin or None,
        "sha256": arrival.sha256,
        "size": arrival.size,
        "payload": arrival.data,
        "received_at": now,
        "state": TransmissionState.RECEIVED,
    }
