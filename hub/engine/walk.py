"""The walk: a transmission goes read → decide → write as far as it can in one go, and parks only where it must wait.

    transport in ─► accept ─► READ ─► decide ─► WRITE ─► seal ─► mailbox, or deliver
                    commit    pure    commit    pure     commit

The three commits go through one group commit. What the hub was doing when it was killed is found again in the database:
transmissions that are received but not decided, and deliveries that are planned but not sealed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from hub.clock import Clock
from hub.engine.acknowledging import KINDS
from hub.engine.backlog import Backlog, InHand
from hub.engine.batch import REFUSALS, GroupCommit, Limits, Work
from hub.engine.decide import decide
from hub.engine.pool import JobFailed, Pool
from hub.engine.rows import Row
from hub.engine.seal import Sealer, Sealing
from hub.engine.setting_aside import give_up, set_aside
from hub.engine.stage import Stage
from hub.engine.values import Read, ReadJob, WriteJob
from hub.engine.world import World
from hub.ledger.entries import Entry, Fact, Kind
from hub.ledger.journal import Ledger
from hub.model.arrival import Accepted, Arrival
from hub.model.case import TransmissionState
from hub.model.ids import new_id
from hub.spool.blobs import Blobs
from hub.store import transmissions
from hub.store.database import Connection, Database

log = structlog.get_logger()
T = TypeVar("T")


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
        self._reading = Stage("read", pool.run, self._was_read, self._reads_lost, parallel=workers + 1, weigh=_weight)
        self._writing = Stage(
            "write", _writer(pool), self._was_written, self._writes_lost, parallel=workers + 1, weigh=_item_weight
        )
        self._in_hand = InHand()
        self._backlog = Backlog(database, self._in_hand, self._read_again, self._write_again)

    # -- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what the hub was doing when it was last stopped, and begin."""
        self._commit.start()
        self._reading.start()
        self._writing.start()
        self._backlog.start()

    def stop(self) -> None:
        """Finish what is under way; what waits stays in the database."""
        self._reading.stop()
        self._writing.stop()
        self._backlog.stop()
        self._commit.stop()

    # -- in -----------------------------------------------------------------------------------------------------

    def accept(self, arrival: Arrival) -> Accepted:
        """Return when ``arrival`` is durable and recorded. Raises SpoolFull or StoreError: then nothing is accepted."""
        return self.accept_many([arrival])[0]

    def accept_many(self, arrivals: Sequence[Arrival]) -> list[Accepted]:
        """The same for several at once."""
        weights = [(arrival, len(arrival.data or b"")) for arrival in arrivals]
        accepted = self._commit.submit_many("arrive", weights).result()
        if failure := next((outcome for outcome in accepted if isinstance(outcome, Exception)), None):
            self._backlog.ring()  # for those that were recorded all the same, in another batch
            raise failure
        jobs = [
            ReadJob(id_, arrival.partner, arrival.data, str(arrival.blob) if arrival.blob else None, at, arrival.size)
            for arrival, (id_, at) in zip(arrivals, accepted, strict=True)
            if at
        ]
        self._begin(jobs)
        return [Accepted(id_) for id_, _ in accepted]

    def change(self, act: Callable[[Connection], T]) -> "Future[T]":
        """Let ``act`` change the state in the next batch."""
        return self._commit.submit("change", act)

    def go_on(self, planned: Sequence[Row]) -> None:
        """Write the deliveries that a committed change has planned; what needs its source is left to the backlog."""
        alone = [row for row in planned if row["plan"]["do"] not in _SOURCED or row.get("document")]
        self._write([(_alone(row), row) for row in alone])
        if len(alone) < len(planned):
            self._backlog.ring()

    @property
    def idle(self) -> bool:
        """Nothing is being read, decided or written."""
        return not len(self._in_hand) and self._reading.idle and self._writing.idle and self._backlog.quiet

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
        free = self._in_hand.take(job.transmission for job in jobs)
        if not self._reading.offer([job for job in jobs if job.transmission in free]):
            self._in_hand.let_go(free)
            self._backlog.ring()

    def _read_again(self, rows: Sequence[Row]) -> None:
        self._reading.put([self._read_job(row) for row in rows])

    def _reads_lost(self, jobs: Sequence[ReadJob]) -> None:
        self._in_hand.let_go(job.transmission for job in jobs)

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
            if isinstance(outcome, REFUSALS):  # the backlog finds it again
                log.error("decide-deferred", transmission=job.transmission, reason=str(outcome))
            elif isinstance(outcome, Exception):
                self._fail(job, outcome)
                continue
            else:
                mine = [row for row in outcome if row["transmission"] == job.transmission]
                items += _jobs(mine, job, read)
                self.go_on([row for row in outcome if row["transmission"] != job.transmission])
            through.append(job.transmission)
        self._write(items)
        self._in_hand.let_go(through)

    def _fail(self, job: ReadJob, error: BaseException) -> None:
        """The hub itself cannot handle the transmission: a person must look."""
        log.error("transmission-failed", transmission=job.transmission, reason=str(error))
        act = partial(set_aside, job.transmission, str(error), self.world, self._ledger, self._clock)
        self.change(act).add_done_callback(partial(self._settled, job.transmission))

    def _settled(self, subject: str, future: "Future[None]") -> None:
        """``subject`` was set aside; if even that failed, the backlog finds it again."""
        if error := future.exception():
            log.error("setting-aside-failed", subject=subject, reason=str(error))
        self._in_hand.let_go([subject])

    # -- WRITE ------------------------------------------------------------------------------------------------------

    def _write(self, items: Sequence[tuple[WriteJob, Row]]) -> None:
        """A detached signature is written with its document, never alone."""
        chosen = [item for item in items if item[1]["plan"]["do"] != "signature"]
        free = self._in_hand.take(job.delivery for job, _ in chosen)
        self._writing.put([item for item in chosen if item[0].delivery in free])

    def _write_again(self, rows: Sequence[Row], sources: dict[str, Row]) -> None:
        """The same for what the backlog found (and has in hand); its sources are read again."""
        jobs = {id_: self._read_job(source) for id_, source in sources.items()}
        alone = [row["id"] for row in rows if row["plan"]["do"] == "signature"]
        self._in_hand.let_go(alone)
        self._writing.put(
            [
                (_alone(row) if row.get("document") else _sourced(row, jobs), row)
                for row in rows
                if row["plan"]["do"] != "signature"
            ]
        )

    def _writes_lost(self, items: Sequence[tuple[WriteJob, Row]]) -> None:
        self._in_hand.let_go(job.delivery for job, _ in items)

    def _was_written(self, items: Sequence[tuple[WriteJob, Row]], results: Sequence[Any]) -> None:
        sealings = [Sealing(job, row, result) for (job, row), result in zip(items, results, strict=True)]
        weights = [
            (one, sum(len(written.data) for written in one.result) if isinstance(one.result, list) else 0)
            for one in sealings
        ]
        sealed = self._commit.submit_many("seal", weights)
        sealed.add_done_callback(lambda future: self._were_sealed(sealings, future.result()))

    def _were_sealed(self, sealings: Sequence[Sealing], outcomes: Sequence[list[Row] | Exception]) -> None:
        through = []
        for sealing, outcome in zip(sealings, outcomes, strict=True):
            delivery = sealing.job.delivery
            if isinstance(outcome, REFUSALS):  # the backlog finds it again
                log.error("seal-deferred", delivery=delivery, reason=str(outcome))
            elif isinstance(outcome, Exception):
                log.error("seal-failed", delivery=delivery, reason=str(outcome))
                act = partial(give_up, delivery, str(outcome), self.world, self._ledger, self._clock)
                self.change(act).add_done_callback(partial(self._settled, delivery))
                continue
            elif outcome:
                self.go_on(outcome)
            through.append(delivery)
        self._in_hand.let_go(through)

    def _read_job(self, row: Row) -> ReadJob:
        blob: Path | None = None if row["payload"] is not None else self._blobs.path(row["sha256"])
        where = str(blob) if blob else None
        return ReadJob(row["id"], row["partner"], row["payload"], where, row["received_at"], row["size"])


def _writer(pool: Pool) -> Callable[[Sequence[Any]], "Future[list[Any]]"]:
    return lambda items: pool.run([job for job, _ in items])


_SOURCED = (*KINDS, "mapping", "relay", "copy")
"""What is written from the bytes that arrived, unless what READ made of them is at hand."""


def _alone(row: Row) -> WriteJob:
    return WriteJob(row["id"], row["partner"], row["plan"], document=row.get("document") or "")


def _sourced(row: Row, jobs: dict[str, ReadJob]) -> WriteJob:
    return WriteJob(row["id"], row["partner"], row["plan"], jobs.get(row["transmission"]))


def _weight(job: ReadJob) -> int:
    return job.size


def _item_weight(item: tuple[WriteJob, Row]) -> int:
    job, _ = item
    return len(job.packed) + (0 if job.source is None else job.source.size)


def _jobs(rows: Sequence[Row], source: ReadJob, read: Read) -> list[tuple[WriteJob, Row]]:
    """The jobs of the deliveries planned for ``read``, with what READ made of their sources."""
    messages = [message for each in read.interchanges for message in each.messages]
    items = []
    for row in rows:
        plan = row["plan"]
        packed = b""
        if row.get("document"):
            items.append((_alone(row), row))
            continue
        if plan["do"] in ("mapping", "relay"):
            packed = messages[plan["ordinal"]].packed
        elif plan["do"] in KINDS:
            packed = read.interchanges[plan["interchange"]].packed
        needed = None if packed and plan["do"] == "mapping" else source  # what is mapped is packed whole
        items.append((WriteJob(row["id"], row["partner"], plan, needed, packed), row))
    return items


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
