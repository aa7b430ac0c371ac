"""The filings of a batch: loaded with one query, changed in memory, saved with one statement, in the writing
transaction of whoever decides. A version is never altered: the next one closes it."""

import json
from collections.abc import Iterable
from hashlib import sha256
from operator import attrgetter
from typing import NamedTuple

from hub.filings.values import Filing, Record, Recorded, Refused, Why
from hub.ledger.entries import Entry, Fact
from hub.model.filing import FILING_TRANSITIONS, FilingState
from hub.store import filings as store
from hub.store.database import Connection
from hub.store.notebook import Notebook

MANDATE = "mandate"
EVERYTHING = "*"
"""The scope of a mandate for all services."""
MOST_TEXT = 500
MOST_FACTS = 65_536
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

Key = tuple[str, str, str]  # kind, number, holder


class Mark(NamedTuple):
    """A moment of a batch, to go back to."""

    versions: int
    newest: int
    entries: int


class Filings:
    """What is on file under the numbers of a batch: now, or (to be looked at only) at a moment in the past."""

    def __init__(self, *, past: bool = False) -> None:
        self._past = past
        self._versions: Notebook[tuple[str, str, str, int], Filing] = Notebook(attrgetter("kind", "number"))
        self._newest: Notebook[Key, int] = Notebook()
        self._entries: list[Entry] = []

    @classmethod
    def load(cls, connection: Connection, numbers: Iterable[tuple[str, str]], at: int | None = None) -> "Filings":
        """Each (kind, number) of ``numbers``, of all holders: as it is now, or as it was on file at ``at``."""
        found = cls(past=at is not None)
        pairs = list(dict.fromkeys(numbers))
        rows = store.open_versions(connection, pairs) if at is None else store.versions_at(connection, pairs, at)
        filings = [Filing(**{**row, "state": FilingState(row["state"])}) for row in rows]
        found._versions.learn(((*_key(one), one.version), one) for one in filings)
        found._newest.learn((_key(one), one.version) for one in filings)
        return found

    def get(self, kind: str, number: str, holder: str) -> Filing | None:
        """What is on file, whether it counts or not."""
        key = (kind, number, holder)
        version = self._newest.get(key)
        return None if version is None else self._versions.get((*key, version))

    def under(self, kind: str, number: str) -> list[Filing]:
        """What is on file under a number, of all holders, in their order."""
        versions = self._versions.among((kind, number))
        return sorted(one for one in versions if self._newest.get(_key(one)) == one.version)

    def valid(self, kind: str, number: str, at: int, holder: str | None = None) -> Filing | None:
        """The filing that counts at ``at``: of ``holder``, or of whoever has one (the first by name)."""
        mine = [one for one in self.under(kind, number) if one.counts(at) and holder in (None, one.holder)]
        return mine[0] if mine else None

    def mandated(self, agent: str, principal: str, service: str, at: int) -> bool:
        """Whether ``agent`` may act for ``principal`` in ``service`` at ``at``. Load :func:`mandates` for it."""
        return any(self.valid(kind, number, at, principal) for kind, number in mandates(agent, service))

    def record(self, record: Record, at: int) -> Recorded | Refused:
        """File it: a first version, or a new one that closes the former. What is on file word for word stays; what is
        suspended must be resumed or revoked first. Raises ValueError for filings loaded as of the past."""
        facts = _encode(record.facts or {})
        if record.valid_until is not None and record.valid_until <= record.valid_from:
            return Refused(Why.PERIOD)
        texts = (record.kind, record.number, record.holder, record.title, record.source)
        if not all(texts) or max(map(len, texts)) > MOST_TEXT or len(facts) > MOST_FACTS:
            return Refused(Why.SIZE)
        former = self.get(record.kind, record.number, record.holder)
        if former is not None and former.state is FilingState.SUSPENDED:  # else filing anew would lift a suspension
            return Refused(Why.STATE, former.state)
        filing = Filing(
            record.kind, record.number, record.holder, 1, record.title, facts, record.valid_from, record.valid_until,
            FilingState.ACTIVE, record.source, at,
        )  # fmt: skip
        return self._add(former, filing, "")

    def end(
        self, kind: str, number: str, holder: str, state: FilingState, source: str, at: int, why: str = ""
    ) -> Recorded | Refused:
        """Suspend it, revoke it, or let it count again (ACTIVE), in the name of ``source``: a new version says so."""
        former = self.get(kind, number, holder)
        if former is None:
            return Refused(Why.UNKNOWN)
        if state is not former.state and state not in FILING_TRANSITIONS[former.state]:
            return Refused(Why.STATE, former.state)
        return self._add(former, former._replace(state=state, source=source, recorded_at=at), why[:MOST_TEXT])

    def mark(self) -> Mark:
        """This moment, for :meth:`undo`."""
        return Mark(self._versions.mark(), self._newest.mark(), len(self._entries))

    def undo(self, mark: Mark) -> None:
        """Take back everything since ``mark`` (not beyond a save)."""
        self._versions.undo(mark.versions)
        self._newest.undo(mark.newest)
        del self._entries[mark.entries :]

    def entries(self) -> list[Entry]:
        """The ledger's entries of what is not saved yet. They name no holder, but the sha256 of the whole version."""
        return list(self._entries)

    def save(self, connection: Connection) -> None:
        """Write what has changed, in the transaction that it was loaded in."""
        store.save(connection, [row._asdict() for row in self._versions.touched()])
        self._versions.clean()
        self._newest.clean()
        self._entries.clear()

    def _add(self, former: Filing | None, filing: Filing, why: str) -> Recorded | Refused:
        if self._past:
            raise ValueError("what was on file in the past can only be looked at; load it without a moment")
        if former is not None and _content(former) == _content(filing):
            return Recorded(former.version, former.state, repeated=True)
        if former is not None:
            at = max(filing.recorded_at, former.recorded_at)  # also when the machine's clock was set back
            self._versions.put((*_key(former), former.version), former._replace(closed_at=at))
            filing = filing._replace(version=former.version + 1, recorded_at=at)
        self._versions.put((*_key(filing), filing.version), filing)
        self._newest.put(_key(filing), filing.version)
        self._entries.append(_entry(filing, why))
        return Recorded(filing.version, filing.state)


def mandates(agent: str, service: str) -> list[tuple[str, str]]:
    """The filings (kind, number) that could let ``agent`` act in ``service``."""
    return [(MANDATE, mandate(agent, service)), (MANDATE, mandate(agent, EVERYTHING))]


def mandate(agent: str, scope: str) -> str:
    """The number of a mandate: ``agent`` may act in ``scope``, a service or EVERYTHING; its holder is the principal."""
    return f"{agent}/{scope}"


def _key(filing: Filing) -> Key:
    return filing.kind, filing.number, filing.holder


def _content(filing: Filing) -> tuple[object, ...]:
    return filing.title, filing.facts, filing.valid_from, filing.valid_until, filing.state


def _entry(filing: Filing, why: str) -> Entry:
    whole = sha256(_encode([str(part) for part in filing]).encode()).hexdigest()
    facts: dict[str, Fact] = {"kind": filing.kind, "number": filing.number, "version": filing.version}
    facts |= {"state": filing.state.value, "source": filing.source, "sha256": whole}
    case = filing.source if filing.source.startswith("CS-") else None
    return Entry("filing.recorded", filing.recorded_at, case, None, facts | ({"why": why} if why else {}))
