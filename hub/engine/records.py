"""What the events of cases put on file and tell the tracks; and what must be on file before a case goes on."""

from collections.abc import Iterator, Mapping, Sequence

from hub.clock import Clock
from hub.engine.rows import Known, Row
from hub.filings.batch import Filings
from hub.filings.values import Record
from hub.filings.values import Refused as Unfiled
from hub.ledger.entries import Entry
from hub.model.case import Objection
from hub.model.finding import Finding
from hub.services.conduct import objection
from hub.services.service import Line, Requirement, Service
from hub.services.vocabulary import Facts
from hub.store.database import Connection
from hub.tracks.batch import Tracks
from hub.tracks.values import Refused as Unseen
from hub.tracks.values import Sighting

MAX_ROWS = 1_000
"""Filings, or sightings, of one case and one rule of its service."""


class Records:
    """Filings and tracks within one batch."""

    def __init__(self, known: Known, clock: Clock) -> None:
        self._known, self._clock = known, clock
        self._filings = Filings()
        self._tracks = Tracks()

    def load(self, connection: Connection, touched: Mapping[str, Service]) -> None:
        """Learn what is on file, and where things were seen, as far as the ``touched`` cases ask for it."""
        facts = {id_: self._known.facts(id_) for id_, one in touched.items() if not one.simple}
        numbers = {pair for id_, own in facts.items() for pair in _numbers(touched[id_], own)}
        subjects = {pair for id_, own in facts.items() for pair in _subjects(touched[id_], own)}
        if numbers:
            self._filings = Filings.load(connection, numbers)
        if subjects:
            self._tracks = Tracks.load(connection, subjects)

    def lacking(self, service: Service, facts: Facts, leg: str = "") -> Iterator[Objection]:
        """What must be on file and is not: of all requirements, or of those about the number in ``leg``."""
        now = self._clock()
        for needed in service.requirements:
            if leg in ("", needed.objection.leg) and (needed.when is None or needed.when(facts)):
                yield from self._lacking(service, needed, needed.rows(facts), now)

    def _lacking(self, service: Service, needed: Requirement, lines: Sequence[Line], now: int) -> Iterator[Objection]:
        if len(lines) > MAX_ROWS:
            yield _about(service, needed, "lines-beyond", needed.objection.path, max=str(MAX_ROWS))
        for line in lines[:MAX_ROWS]:
            number, *holder = line.values
            if line.missing:
                yield _about(service, needed, "number-missing", line.missing, kind=needed.kind)
            elif self._filings.valid(needed.kind, number, now, next(iter(holder), "") or None) is None:
                yield needed.objection

    def note(self, case: Row, service: Service, events: Sequence[str]) -> list[str]:
        """File and track what the ``events`` of a case call for; returns what could not be."""
        if service.simple:
            return []
        facts = self._known.facts(case["id"])
        return [*self._file(case, service, events, facts), *self._track(case, service, events, facts)]

    def save(self, connection: Connection) -> list[Entry]:
        """Write what has changed; returns the ledger's entries."""
        entries = self._filings.entries()
        if entries:
            self._filings.save(connection)
        self._tracks.save(connection)
        return entries

    def _file(self, case: Row, service: Service, events: Sequence[str], facts: Facts) -> Iterator[str]:
        now = self._clock()
        for one in service.recordings:
            if not one.on.isdisjoint(events) and (one.when is None or one.when(facts)):
                until = now + one.within if one.within else None
                lines = one.rows(facts)
                yield from _unfit(f"nothing of {one.kind} was put on file", lines)
                for number, holder in _fit(lines):
                    record = Record(one.kind, number, holder, one.title.zh, case["id"], now, until)
                    done = self._filings.record(record, now)
                    if isinstance(done, Unfiled):
                        yield f"{one.kind} {number} was not put on file: {done.why}"

    def _track(self, case: Row, service: Service, events: Sequence[str], facts: Facts) -> Iterator[str]:
        now = self._clock()
        for one in service.footprints:
            if not one.on.isdisjoint(events) and (one.when is None or one.when(facts)):
                lines = one.rows(facts)
                yield from _unfit(f"nothing of {one.kind} was tracked", lines)
                for subject, place in _fit(lines):
                    sighting = Sighting(one.kind, subject, now, one.event, place, case["id"])
                    done = self._tracks.add(sighting, now)
                    if isinstance(done, Unseen):
                        yield f"{one.kind} {subject} was not tracked: {done.why}"


def _fit(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """The lines that tell all that is asked."""
    return [line.values for line in lines[:MAX_ROWS] if not line.missing]


def _unfit(what: str, lines: Sequence[Line]) -> Iterator[str]:
    """That of ``what`` for the others; they are not few enough, or a fact is not there."""
    if len(lines) > MAX_ROWS:
        yield f"{what} of line {MAX_ROWS + 1} and those after it: there are {len(lines)}"
    lacking = [line.missing for line in lines[:MAX_ROWS] if line.missing]
    if lacking:
        more = f", and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        yield f"{what} for want of {lacking[0]}{more}"


def _about(service: Service, needed: Requirement, key: str, path: str, **params: str) -> Objection:
    finding = Finding(f"walk.{key}", params=tuple((params | {"path": path}).items()))
    return objection(needed.objection.code, finding, service.reasons, needed.objection.leg, path)


def _numbers(service: Service, facts: Facts) -> Iterator[tuple[str, str]]:
    ways = [(one.kind, one.rows) for one in service.requirements]
    ways += [(one.kind, one.rows) for one in service.recordings]
    for kind, rows in ways:
        yield from ((kind, values[0]) for values in _fit(rows(facts)))


def _subjects(service: Service, facts: Facts) -> Iterator[tuple[str, str]]:
    for one in service.footprints:
        yield from ((one.kind, values[0]) for values in _fit(one.rows(facts)))
