"""The numbers of a partner's interchanges, where it agreed to leave none out: what comes is counted, and what is still
missing after a time of grace is told to the partner, to the person on duty and to the ledger."""

import re

from hub.engine.lanes import Lanes
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows, counted, sequence_name
from hub.engine.values import Read
from hub.engine.world import World
from hub.model.finding import Finding, Place, Severity
from hub.sequences.batch import KIND, Key
from hub.store import work
from hub.store.database import Connection

REPORT = "missing-numbers"
"""What the findings report calls the file that is not there."""

_NUMBER = re.compile(r"[0-9]{1,14}", re.ASCII)


class Numbering:
    """Counts the interchanges of one batch."""

    def __init__(self, world: World, known: Known, rows: Rows, planner: Planner, lanes: Lanes) -> None:
        self._world, self._known, self._rows, self._planner, self._lanes = world, known, rows, planner, lanes

    def came(self, row: Row, read: Read, index: int, at: int) -> list[Finding]:
        """Count interchange ``index`` of ``read``, whose sender and recipient are known to be right. Accepted or not,
        its number has come: what became of it its sender is told otherwise."""
        if not counted(self._world.partners[row["partner"]], read.syntax):
            return []
        reference = read.interchanges[index].control_ref
        if reference and not _NUMBER.fullmatch(reference):
            place = Place(segment=0, offset=0)
            return [Finding("walk.number-unusable", place, Severity.WARNING, (("reference", reference),))]
        key = (row["partner"], sequence_name(read, index))
        if not reference:
            return []  # whatever is wrong with the envelope READ has told
        self._known.sequences.came(key, int(reference), at, self._world.settings.deadlines.gap)
        return []

    def conclude(self) -> None:
        """Close the work about sequences that are whole again."""
        for partner, name in self._known.sequences.whole():
            self._lanes.done(f"{partner}/{name}", KIND, partner)
        self._rows.sequences = self._known.sequences
        self._rows.entries += self._known.sequences.entries()

    def tell(self, key: Key, at: int, connection: Connection) -> None:
        """The time of grace is over: tell what is missing to its sender, and to the person on duty unless the sequence
        is on the work list already."""
        partner, name = key
        missing = self._known.sequences.tell(key, at)
        if not missing:
            return
        if partner in self._world.partners:
            params = (("sequence", name), ("numbers", missing))
            told = Finding("walk.numbers-missing", Place(offset=0), Severity.WARNING, params)
            self._planner.report({"id": None, "partner": partner, "name": REPORT}, (told,))
        if not work.about(connection, f"{partner}/{name}", KIND):
            what = f"{partner} has left out numbers of {name}: {missing}; `hub sequences` shows what is missing now"
            self._lanes.work(f"{partner}/{name}", KIND, what)
