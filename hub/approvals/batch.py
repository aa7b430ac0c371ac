"""The approvals of a batch: loaded with two queries, asked and decided in memory, saved with two statements, all in the
writing transaction of whoever decides."""

import json
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import NamedTuple

from hub.approvals.values import Approval, Asked, Ballot, Decided, Refused, Request, Why
from hub.ledger.entries import Entry, Fact
from hub.model.approval import ApprovalState, Vote
from hub.model.ids import new_id
from hub.model.person import Person
from hub.store import approvals as store
from hub.store.database import Connection
from hub.store.notebook import Notebook

MAX_REASON = 500
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Mark(NamedTuple):
    """A moment of a batch, to go back to."""

    approvals: int
    ballots: int
    entries: int


class Approvals:
    """What a batch may ask and decide. ``people`` are those of hub.toml."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._approvals: Notebook[str, Approval] = Notebook(attrgetter("subject"))
        self._ballots: list[Ballot] = []
        self._cast = 0  # how many ballots are saved already
        self._entries: list[Entry] = []

    @classmethod
    def load(
        cls, connection: Connection, people: Mapping[str, Person], subjects: Iterable[str] = (), ids: Iterable[str] = ()
    ) -> "Approvals":
        """Everything that was asked about ``subjects``, and the approvals ``ids``, with all votes."""
        found = cls(people)
        rows = store.about(connection, list(subjects)) + store.named(connection, list(ids))
        asked = {row["id"]: Approval(**{**row, "state": ApprovalState(row["state"])}) for row in rows}
        found._approvals.learn(asked.items())
        found._ballots = [
            Ballot(**{**row, "verdict": Vote(row["verdict"])}) for row in store.votes_of(connection, asked)
        ]
        found._cast = len(found._ballots)
        return found

    @staticmethod
    def due(connection: Connection, at: int, limit: int) -> list[str]:
        """Approvals that nobody decided by ``at``: load them, then :meth:`expire` them."""
        return store.due(connection, at, limit)

    @staticmethod
    def untaken(connection: Connection, limit: int) -> list[Approval]:
        """Approvals that ended, in whatever way, and that no engine has acted upon; the oldest first."""
        rows = store.untaken(connection, limit)
        return [Approval(**{**row, "state": ApprovalState(row["state"])}) for row in rows]

    @staticmethod
    def take(connection: Connection, ids: Iterable[str], at: int) -> None:
        """The engine has acted upon ``ids``: in the very transaction in which it did."""
        store.take(connection, ids, at)

    def get(self, id_: str) -> Approval | None:
        """One approval as it is now."""
        return self._approvals.get(id_)

    def about(self, subject: str) -> list[Approval]:
        """All that was asked about ``subject``, as it is now, in the order of asking."""
        return sorted(self._approvals.among(subject), key=attrgetter("asked_at", "id"))

    def votes(self, id_: str) -> list[Ballot]:
        """What people said to an approval."""
        return [ballot for ballot in self._ballots if ballot.approval == id_]

    def ask(self, request: Request, at: int) -> Asked:
        """Ask it, unless the same kind was asked about this subject before: then how that stands. Whoever wants to ask
        again names another kind. Raises ValueError for a number of persons that is neither 1 nor 2."""
        if request.persons not in (1, 2):
            raise ValueError(f"{request.persons} persons cannot be asked, only 1 or 2")
        for before in self._approvals.among(request.subject):
            if before.kind == request.kind:
                return Asked(before.id, before.state, repeated=True)
        approval = Approval(
            new_id("AP", at), request.subject, request.kind, request.title.zh, request.title.en, request.persons,
            request.role, _encode(request.facts or {}), request.asked_by, at, request.due_at, ApprovalState.ASKED,
        )  # fmt: skip
        self._approvals.put(approval.id, approval)
        self._tell("asked", approval, at, {"persons": approval.persons, "by": approval.asked_by})
        return Asked(approval.id, ApprovalState.ASKED)

    def decide(self, id_: str, by: str, verdict: Vote, reason: str, at: int) -> Decided | Refused:
        """Count the vote of person ``by``. One rejection ends it; so does the last approval that was needed."""
        approval = self._approvals.get(id_)
        if approval is None:
            return Refused(Why.UNKNOWN)
        why = self._wrong(approval, by, reason, at)
        if why:
            return Refused(why, approval.state)
        self._ballots.append(Ballot(id_, by, verdict, reason[:MAX_REASON], at))
        missing = approval.persons - sum(one.verdict is Vote.APPROVE for one in self.votes(id_))
        state = ApprovalState.REJECTED if verdict is Vote.REJECT else ApprovalState.ASKED
        state = ApprovalState.APPROVED if not missing else state
        if state is not ApprovalState.ASKED:
            self._approvals.put(id_, approval._replace(state=state, decided_at=at))
        facts: dict[str, Fact] = {"by": by, "verdict": verdict.value, "reason": reason[:MAX_REASON]}
        self._tell("voted", approval, at, facts | {"state": state.value})
        return Decided(state, missing)

    def expire(self, id_: str, at: int) -> bool:
        """Its time is over; False when it was decided before, or is not due yet."""
        approval = self._approvals.get(id_)
        if approval is None or approval.state is not ApprovalState.ASKED or at < approval.due_at:
            return False
        self._approvals.put(id_, approval._replace(state=ApprovalState.EXPIRED, decided_at=at))
        self._tell("expired", approval, at, {})
        return True

    def mark(self) -> Mark:
        """This moment, for :meth:`undo`."""
        return Mark(self._approvals.mark(), len(self._ballots), len(self._entries))

    def undo(self, mark: Mark) -> None:
        """Take back everything since ``mark`` (not beyond a save)."""
        self._approvals.undo(mark.approvals)
        del self._ballots[mark.ballots :]
        del self._entries[mark.entries :]

    def entries(self) -> list[Entry]:
        """The ledger's entries of what is not saved yet."""
        return list(self._entries)

    def save(self, connection: Connection) -> None:
        """Write what has changed, in the transaction that it was loaded in."""
        changed = [row._asdict() for row in self._approvals.touched()]
        store.save(connection, changed, [row._asdict() for row in self._ballots[self._cast :]])
        self._approvals.clean()
        self._cast = len(self._ballots)
        self._entries.clear()

    def _wrong(self, approval: Approval, by: str, reason: str, at: int) -> Why | None:
        """Why a vote of ``by`` does not count: what is wrong with the approval first, then with the person."""
        if approval.state is not ApprovalState.ASKED:
            return Why.ENDED
        if at >= approval.due_at:
            return Why.LATE
        person = self._people.get(by)
        if person is None:
            return Why.PERSON
        if by == approval.asked_by:
            return Why.OWN
        if approval.role and approval.role not in person.roles:
            return Why.ROLE
        if any(one.person == by for one in self.votes(approval.id)):
            return Why.TWICE
        return None if reason.strip() else Why.REASON

    def _tell(self, what: str, approval: Approval, at: int, facts: dict[str, Fact]) -> None:
        case = approval.subject if approval.subject.startswith("CS-") else None
        about: dict[str, Fact] = {"approval": approval.id, "subject": approval.subject, "kind": approval.kind}
        self._entries.append(Entry(f"approval.{what}", at, case, None, about | facts))
