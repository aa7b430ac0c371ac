"""The tracks of a batch: loaded with one query, added to in memory, saved with one statement, in the writing
transaction of whoever decides. The same event of a subject at the same time and place is one sighting,
whoever tells of it."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from hub.clock import SECOND
from hub.store import tracks as store
from hub.store.database import Connection
from hub.store.notebook import Notebook
from hub.tracks.values import MICRODEGREES, Refused, Seen, Sighting, Why

AHEAD = 24 * 3600 * SECOND
"""How far a sighting may lie ahead: clocks and time zones of others are often wrong by hours, not by days."""
MOST_TEXT = 200

Key = tuple[int, str, str, str, str]
"""at, event, place, kind, subject: in this order they sort by time."""


class Tracks:
    """The last 200 sightings of each subject of a batch."""

    def __init__(self) -> None:
        self._seen: Notebook[Key, Sighting] = Notebook(attrgetter("kind", "subject"))
        self._recorded: dict[Key, int] = {}

    @classmethod
    def load(cls, connection: Connection, subjects: Iterable[tuple[str, str]]) -> "Tracks":
        """What is known of each (kind, subject)."""
        found = cls()
        rows = store.newest(connection, list(dict.fromkeys(subjects)))
        known = [Sighting(**{name: row[name] for name in Sighting._fields}) for row in rows]
        found._seen.learn((_key(sighting), sighting) for sighting in known)
        return found

    def of(self, kind: str, subject: str) -> list[Sighting]:
        """The subject's sightings in the order of their times."""
        return sorted(self._seen.among((kind, subject)), key=_key)

    def last_seen(self, kind: str, subject: str) -> Sighting | None:
        """The newest sighting of the subject."""
        return max(self._seen.among((kind, subject)), key=_key, default=None)

    def add(self, sighting: Sighting, at: int) -> Seen | Refused:
        """Take ``sighting``, which was told of at ``at``. One that was taken before stays as it was then told."""
        why = _wrong(sighting, at)
        if why:
            return Refused(why)
        known = self._seen.get(_key(sighting))
        if known is not None:
            return Seen(known, repeated=True)
        self._seen.put(_key(sighting), sighting)
        self._recorded[_key(sighting)] = at
        return Seen(sighting)

    def mark(self) -> int:
        """This moment, for :meth:`undo`."""
        return self._seen.mark()

    def undo(self, mark: int) -> None:
        """Take back everything since ``mark`` (not beyond a save)."""
        self._seen.undo(mark)

    def save(self, connection: Connection) -> None:
        """Write what was added, in the transaction that it was loaded in."""
        store.save(connection, [self._row(sighting) for sighting in self._seen.touched()])
        self._seen.clean()

    def _row(self, sighting: Sighting) -> dict[str, Any]:
        return sighting._asdict() | {"recorded_at": self._recorded[_key(sighting)]}


def _key(sighting: Sighting) -> Key:
    return sighting.at, sighting.event, sighting.place, sighting.kind, sighting.subject


def _wrong(sighting: Sighting, at: int) -> Why | None:
    texts = (sighting.kind, sighting.subject, sighting.event, sighting.place, sighting.source)
    if not all(texts) or max(map(len, texts)) > MOST_TEXT:
        return Why.SIZE
    if sighting.at > at + AHEAD:
        return Why.FUTURE
    if sighting.latitude is None and sighting.longitude is None:
        return None
    if sighting.latitude is None or sighting.longitude is None:
        return Why.PLACE
    on_earth = abs(sighting.latitude) <= 90 * MICRODEGREES and abs(sighting.longitude) <= 180 * MICRODEGREES
    return None if on_earth else Why.PLACE
