"""What the events of cases move in balances: all of a case's reservations at once, or none."""

from collections.abc import Iterator, Mapping, Sequence

from hub.balances.batch import Balances
from hub.balances.books import Books
from hub.balances.values import Refused
from hub.clock import Clock
from hub.engine.rows import Known, Row
from hub.ledger.entries import Entry
from hub.model.balance import ReservationState, Step
from hub.model.case import Objection
from hub.services.service import Posting, Service
from hub.services.vocabulary import Facts
from hub.store.database import Connection

_OPENING = (Step.GRANT, Step.RESERVE)
MAX_ROWS = 1_000
"""Reservations of one posting in one case."""


class Postings:
    """Moves balances within one batch."""

    def __init__(self, books: Books, known: Known, clock: Clock) -> None:
        self._books, self._known, self._clock = books, known, clock
        self._balances = Balances(books, clock())

    def load(self, connection: Connection, touched: Mapping[str, Service]) -> None:
        """Learn the accounts that the ``touched`` cases may move."""
        posting = {id_: service for id_, service in touched.items() if service.postings}
        if posting:
            holders = {pair for id_, service in posting.items() for pair in self._holders(id_, service)}
            self._balances = Balances.load(connection, self._books, holders, posting, self._clock())

    def matched(self, case: Row, service: Service, facts: Facts) -> list[Objection]:
        """Move what moves when a case has matched; the objections, and nothing is moved, when there is not enough."""
        mark = self._balances.mark()
        self._give_back(case, service)
        objections = [*self._begin_all(case, service, "matched", facts)]
        if objections:
            self._balances.undo(mark)
        return objections

    def move(self, case: Row, service: Service, events: Sequence[str]) -> list[Objection]:
        """Move what the other ``events`` move; what cannot be begun for want of balance is told. To go on with what was
        never begun, or has ended, is nothing."""
        if not service.postings:
            return []
        facts = self._known.facts(case["id"])
        objections: list[Objection] = []
        for event in events:
            if event != "matched":
                objections += self._begin_all(case, service, event, facts)
                self._go_on(case, service, event)
        return objections

    def close(self, case: Row) -> None:
        """A case that has ended keeps nothing reserved."""
        self._balances.release(case["id"], self._clock())

    def save(self, connection: Connection) -> list[Entry]:
        """Write what has changed; returns the ledger's entries."""
        entries = self._balances.entries()
        if entries:
            self._balances.save(connection)
        return entries

    def _holders(self, id_: str, service: Service) -> Iterator[tuple[str, str]]:
        facts = self._known.facts(id_)
        for posting in service.postings:
            yield from ((posting.book, holder) for holder, _ in posting.rows(facts)[:MAX_ROWS])

    def _begin_all(self, case: Row, service: Service, event: str, facts: Facts) -> Iterator[Objection]:
        """Grant or reserve what ``event`` says."""
        for posting in service.postings:
            step = posting.steps.get(event)
            if step in _OPENING and (posting.when is None or posting.when(facts)):
                yield from self._begin(case, posting, Step(step), facts)

    def _begin(self, case: Row, posting: Posting, step: Step, facts: Facts) -> Iterator[Objection]:
        book = self._books[posting.book]
        for number, (holder, text) in enumerate(posting.rows(facts)[:MAX_ROWS], 1):
            amount = book.scaled(text)
            name = f"{posting.name}/{case['revision']}/{number}"
            if amount is None:
                yield posting.objection
                continue
            done = self._balances.post(step, book.id, holder, amount, case["id"], name, self._clock())
            if isinstance(done, Refused):
                left = book.shown(max(done.available, 0))
                told = posting.objection
                zh, en = f"{told.zh}（可用 {left} {book.unit}）", f"{told.en} ({left} {book.unit} available)"
                yield told._replace(zh=zh, en=en)

    def _give_back(self, case: Row, service: Service) -> None:
        """An amended case gives back what its earlier revision took."""
        if case["revision"] == 1:
            return
        for one in self._balances.asked(case["id"]):
            if one.state is ReservationState.RESERVED:
                self._balances.move(Step.RELEASE, case["id"], one.name, self._clock())
            elif one.state is ReservationState.COMMITTED:
                self._balances.move(Step.RESTORE, case["id"], one.name, self._clock())

    def _go_on(self, case: Row, service: Service, event: str) -> None:
        """Commit, release, restore or call what the case has reserved."""
        steps = {posting.name: Step(step) for posting in service.postings if (step := posting.steps.get(event))}
        for one in self._balances.asked(case["id"]):
            step = steps.get(one.name.partition("/")[0])
            if step is Step.RELEASE and one.state is ReservationState.COMMITTED:
                step = Step.RESTORE  # what is given back may have been used already
            if step is not None and step not in _OPENING:
                self._balances.move(step, case["id"], one.name, self._clock())
