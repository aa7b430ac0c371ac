"""The sequences of a batch: loaded with two queries, changed in memory, saved together, in the writing transaction of
whoever decides."""

from collections import defaultdict
from collections.abc import Iterable

from hub.ledger.entries import Entry
from hub.sequences.values import Came, Gap, Sequence, shown
from hub.store import sequences as store
from hub.store.database import Connection

Key = tuple[str, str]  # partner, name of the sequence
KIND = "gap"
"""The kind of work that missing numbers are."""


class Sequences:
    """What has come in some sequences, and what is missing."""

    def __init__(self) -> None:
        self._known: defaultdict[Key, Sequence] = defaultdict(Sequence)
        self._before: dict[Key, tuple[int | None, dict[int, Gap]]] = {}
        self._entries: list[Entry] = []
        self._whole: list[Key] = []

    @classmethod
    def load(cls, connection: Connection, keys: Iterable[Key]) -> "Sequences":
        """Those of ``keys``; what the database does not know begins with the first number that comes."""
        found, wanted = cls(), list(keys)
        for key, last in store.last(connection, wanted).items() if wanted else ():
            found._known[key].last = last
        for row in store.missing(connection, wanted) if wanted else ():
            gap = Gap(row["low"], row["high"], row["seen_at"], row["due_at"])
            found._known[(row["partner"], row["name"])].gaps.append(gap)
        for key, sequence in found._known.items():
            sequence.gaps.sort()
            found._before[key] = sequence.last, {gap.low: gap for gap in sequence.gaps}
        return found

    @staticmethod
    def due(connection: Connection, at: int, limit: int) -> list[Key]:
        """The sequences whose senders are to be told ``at`` that time that numbers are missing."""
        return store.due(connection, at, limit)

    def came(self, key: Key, number: int, at: int, grace: int) -> Came:
        """``number`` has come in the sequence ``key``; what it leaves out is told ``grace`` later."""
        sequence = self._known[key]
        complained = sequence.complained
        came = sequence.take(number, at=at, grace=grace)
        if given_up := sequence.give_up():
            self._enter("gap.given-up", key, given_up, at)
        if complained and not sequence.complained:
            self._whole.append(key)
            self._enter("gap.closed", key, [], at)
        return came

    def tell(self, key: Key, at: int) -> str:
        """The missing numbers of which the sender of ``key`` is to be told ``at`` that time, and from now on knows;
        empty when they have come meanwhile."""
        told = self._known[key].tell(at)
        if told:
            self._enter("gap.told", key, told, at)
        return shown(told)

    def whole(self) -> list[Key]:
        """The sequences whose senders were told that numbers are missing, and of which these have come."""
        return list(dict.fromkeys(key for key in self._whole if not self._known[key].complained))

    def entries(self) -> list[Entry]:
        """What the ledger is to record."""
        return list(self._entries)

    def save(self, connection: Connection) -> None:
        """Write what has changed."""
        moved, changed, dropped = [], [], []
        for key, sequence in self._known.items():
            partner, name = key
            last, before = self._before.get(key, (None, {}))
            now = {gap.low: gap for gap in sequence.gaps}
            if sequence.last != last:
                moved.append({"partner": partner, "name": name, "last": sequence.last})
            dropped += [(partner, name, low) for low in before.keys() - now.keys()]
            fresh = (gap for low, gap in now.items() if before.get(low) != gap)
            changed += [{"partner": partner, "name": name, **gap._asdict()} for gap in fresh]
        store.save(connection, moved, changed, dropped)

    def _enter(self, kind: str, key: Key, gaps: list[Gap], at: int) -> None:
        partner, name = key
        facts = {"partner": partner, "sequence": name}
        self._entries.append(Entry(kind, at, None, None, facts | ({"missing": shown(gaps)} if gaps else {})))
