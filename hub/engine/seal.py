"""Sealing: what WRITE made is frozen in the outbox. From here on a delivery's bytes never change."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.clock import Clock
from hub.engine.cases import Cases
from hub.engine.compact import compact
from hub.engine.frozen import columns, entry
from hub.engine.lanes import Lanes
from hub.engine.plans import Planner
from hub.engine.pool import JobFailed
from hub.engine.rows import Known, Row, Rows
from hub.engine.values import Unwritable, WriteJob, Written
from hub.engine.world import World
from hub.ledger.journal import Ledger
from hub.spool.blobs import Blobs
from hub.store import deliveries
from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Sealing:
    """A delivery as planned (``row``; a detached signature is named by its job), and what became of it."""

    job: WriteJob
    row: Row
    result: list[Written] | Unwritable | JobFailed


class Sealer:
    """Seals one batch."""

    def __init__(self, connection: Connection, world: World, ledger: Ledger, blobs: Blobs, clock: Clock) -> None:
        self._connection = connection
        self._world = world
        self._ledger = ledger
        self._blobs = blobs
        self._clock = clock
        self._rows = Rows()
        self._known = Known()
        self._lanes = Lanes(world, self._known, self._rows, clock)
        planner = Planner(world, self._known, self._rows, clock)
        self._cases = Cases(world, self._known, self._rows, clock, planner, self._lanes)

    def seal(self, sealings: Sequence[Sealing]) -> list[list[Row]]:
        """Freeze every delivery that could be written; returns what is planned in consequence, with the first. One that
        was sealed before (it may have been written twice, around a stop) keeps its bytes."""
        open_ = set(deliveries.unsealed(self._connection, [sealing.row["id"] for sealing in sealings]))
        unwritable = [one for one in sealings if one.row["id"] in open_ and not isinstance(one.result, list)]
        if unwritable:
            self._known.add_lanes(self._connection, {str(one.row["lane"]) for one in unwritable if one.row["lane"]})
            self._known.numbers = deliveries.numbers(self._connection)
        for sealing in sealings:
            if sealing.row["id"] in open_:
                self._one(sealing)
                open_.discard(sealing.row["id"])
        self._cases.settle(self._connection)
        planned: list[list[Row]] = [[] for _ in sealings]
        for rows in self._rows.planned.values():
            planned[0] += rows
        self._rows.save(self._connection, self._ledger, self._known.drawn)
        return planned

    def _one(self, sealing: Sealing) -> None:
        """Seal or give up one delivery."""
        if isinstance(sealing.result, list):
            for written in sealing.result:
                self._freeze(sealing.row, written)
        else:
            self._give_up(sealing.row, sealing.result)

    def _freeze(self, row: Row, written: Written) -> None:
        now = self._clock()
        inline = len(written.data) <= self._world.settings.spool.inline_limit
        if not inline:
            self._blobs.put(written.data)
        new = columns(row["channel"], written.data, written.sha256, now, inline)
        if written.mapping and written.mapping != row["plan"].get("digest"):  # it changed between plan and writing
            row["plan"]["digest"] = written.mapping
            deliveries.replan(self._connection, written.delivery, compact(row["plan"]))
        self._rows.sealed.append({"row": written.delivery, **{f"new_{name}": value for name, value in new.items()}})
        self._rows.entries.append(entry(row, written.delivery, written.sha256, len(written.data), now))

    def _give_up(self, row: Row, result: Unwritable | JobFailed) -> None:
        """Nothing can be written: the lane is refused with the reasons, or a person must look."""
        deliveries.fail(self._connection, row["id"], row["plan"].get("signature"))
        if isinstance(result, Unwritable) and row["lane"]:
            self._lanes.unwritable(row["lane"], result.findings)
        else:
            reason = str(result) if isinstance(result, JobFailed) else ", ".join(f.code for f in result.findings)
            self._lanes.work(row["id"], "unwritten", f"the {row['kind']} to {row['partner']} was not written: {reason}")
