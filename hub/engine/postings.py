"""What the events of cases move in balances: all of a case's reservations at once, or none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from hub.balances.batch import Balances
from hub.balances.books import Books
from hub.balances.values import Refused, Reservation
from hub.clock import Clock
from hub.engine.amounts import MAX_ROWS, amounts
from hub.engine.returns import Returns
from hub.engine.rows import Known, Row
from hub.ledger.entries import Entry
from hub.model.balance import ReservationState, Step
from hub.model.case import Objection
from hub.services.service import Posting, Service
from hub.services.vocabulary import Facts
from hub.store.database import Connection

_OPENING = (Step.GRANT, Step.RESERVE)
MAX_TOLD = 100
"""Wrong lines of which a sender hears at once; the rest shows when these are mended."""

_BACK = "back"
"""How the withdrawal is called of what a case was granted under a name: ``stock/1/2/back``."""


class Postings:
    """Moves balances within one batch."""

    def __init__(self, books: Books, known: Known, clock: Clock) -> None:
        self._books, self._known, self._clock = books, known, clock
        self._balances = Balances(books, clock())
        self._returns = Returns(books, known, clock)
        self._connection: Connection | None = None

    def load(self, connection: Connection, touched: Mapping[str, Service]) -> None:
        """Learn the accounts that the ``touched`` cases may move, and remember where to look up any other: an amendment
        that does not stand lets the holder count again whom its case had before."""
        self._connection = connection
        posting = {id_: service for id_, service in touched.items() if service.postings}
        if posting:
            holders = {pair for id_, service in posting.items() for pair in self._holders(id_, service)}
            self._balances = Balances.load(connection, self._books, holders, posting, self._clock())
            self._returns.load(connection, posting)

    def matched(self, case: Row, service: Service, facts: Facts) -> list[Objection]:
        """Move what moves when a case has matched; the objections, and nothing is moved, when there is not enough."""
        if wrong := self._wrong(service, facts, service.match.legs):
            return wrong
        mark = self._balances.mark()
        objections = [*self._give_back(case, service), *self._begin_all(case, service, "matched", facts)]
        if objections:
            self._balances.undo(mark)
        return objections

    def begin(self, case: Row, service: Service, event: str) -> list[Objection]:
        """Move what moves when a leg has followed (``return.joined``); the objections, and then nothing is moved."""
        facts = self._known.facts(case["id"])
        leg = event.partition(".")[0]
        wrong = self._wrong(service, facts, (leg,)) or [*self._returns.wrong(case, service, leg, self._balances)]
        if wrong:
            return wrong
        mark = self._balances.mark()
        objections = [*self._begin_all(case, service, event, facts)]
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
            if event != "matched" and not event.endswith(".joined"):
                objections += self._begin_all(case, service, event, facts)
                objections += self._go_on(case, service, event)
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
            holders = (line.values[0] for line in posting.rows(facts)[:MAX_ROWS])
            yield from ((posting.book, holder) for holder in holders if holder)

    def _begin_all(self, case: Row, service: Service, event: str, facts: Facts) -> Iterator[Objection]:
        """Grant or reserve what ``event`` says."""
        for posting in service.postings:
            step = posting.steps.get(event)
            if step in _OPENING and (posting.when is None or posting.when(facts)):
                yield from self._begin(case, service, posting, Step(step), facts)

    def _begin(self, case: Row, service: Service, posting: Posting, step: Step, facts: Facts) -> Iterator[Objection]:
        name = self._named(case, service, posting)
        for one in amounts(service, posting, self._books[posting.book], facts):
            if isinstance(one, Objection):
                yield one
                continue
            self._learn(posting.book, one.holder)
            own = f"{name}{one.number}"
            done = self._balances.post(step, posting.book, one.holder, one.units, case["id"], own, self._clock())
            if isinstance(done, Refused):
                yield self._short(posting, done)

    def _wrong(self, service: Service, facts: Facts, fresh: Iterable[str]) -> list[Objection]:
        """What is wrong with the lines of the postings of the legs that have come (``fresh``), whenever they are to
        move: better now than when an agency has agreed."""
        here = [one for one in service.postings if one.legs <= facts.keys() and not one.legs.isdisjoint(fresh)]
        wanted = [one for one in here if one.when is None or one.when(facts)]
        told = (one for posting in wanted for one in amounts(service, posting, self._books[posting.book], facts))
        return list(islice((one for one in told if isinstance(one, Objection)), MAX_TOLD))

    def _learn(self, book: str, holder: str) -> None:
        if not self._balances.knows(book, holder):
            assert self._connection is not None, "what moves was loaded"
            self._balances.learn(self._connection, ((book, holder),), ())

    def _short(self, posting: Posting, refused: Refused) -> Objection:
        """What is said when there is not enough."""
        book = self._books[posting.book]
        left, told = book.shown(max(refused.available, 0)), posting.objection
        zh, en = f"{told.zh}（可用 {left} {book.unit}）", f"{told.en} ({left} {book.unit} available)"
        return told._replace(zh=zh, en=en)

    def _named(self, case: Row, service: Service, posting: Posting) -> str:
        """What the names of a posting's reservations begin with: those of a leg that came later are of its revision."""
        leg = self._known.current(case["id"]).get(posting.leg)
        revision = service.revision(case["revision"], leg) if leg else case["revision"]
        return f"{posting.name}/{revision}/"

    def _give_back(self, case: Row, service: Service) -> Iterator[Objection]:
        """An amended case gives back what its earlier revision took, and loses what that was granted."""
        if case["revision"] == 1:
            return
        own = {posting.name: posting for posting in service.postings if posting.leg in service.match.legs}
        for one in self._balances.asked(case["id"]):
            posting = own.get(one.name.partition("/")[0])
            if posting is None:
                continue
            if one.state is ReservationState.RESERVED:
                self._balances.move(Step.RELEASE, case["id"], one.name, self._clock())
            elif one.state is ReservationState.COMMITTED:
                self._balances.move(Step.RESTORE, case["id"], one.name, self._clock())
            elif one.state is ReservationState.GRANTED:
                yield from self._withdraw(posting, one)

    def _go_on(self, case: Row, service: Service, event: str) -> Iterator[Objection]:
        """Commit, release, restore, call or withdraw what the case has reserved as it stands, or was granted."""
        moved = [(posting, Step(step)) for posting in service.postings if (step := posting.steps.get(event))]
        for posting, step in moved:
            if posting.portion and event in posting.portion.events:
                yield from self._returns.move(case, service, posting, posting.portion, step, self._balances)
                continue
            begins = self._begins(case, service, posting, event)
            for one in self._balances.asked(case["id"]):
                if step in _OPENING or not one.name.startswith(begins):
                    continue
                if step is Step.WITHDRAW:
                    yield from self._withdraw(posting, one)
                elif step is Step.COMMIT and one.state is ReservationState.EXPIRED:
                    if one.name.startswith(self._named(case, service, posting)):
                        yield _too_late(posting, one)
                else:
                    self._balances.move(_on(step, one.state), case["id"], one.name, self._clock())

    def _begins(self, case: Row, service: Service, posting: Posting, event: str) -> str:
        """What the names begin with of what ``event`` moves: of any revision, for an amendment has ended what was there
        before it, and a cancellation has nothing of its own; what an agency says of that moves nothing yet."""
        gathered = posting.leg in service.match.legs
        asked = case["cancelling"] and event != "case.cancelled"
        return f"{posting.name}/" if gathered and not asked else self._named(case, service, posting)

    def _withdraw(self, posting: Posting, granted: Reservation) -> Iterator[Objection]:
        """Take back what a case was granted, as long as it is there."""
        if granted.state is not ReservationState.GRANTED:
            return
        done = self._balances.withdraw(granted, f"{granted.name}/{_BACK}", self._clock())
        if isinstance(done, Refused):
            yield self._short(posting, done)


def _too_late(posting: Posting, expired: Reservation) -> Objection:
    """What is said of a case that goes on without what was kept for it."""
    told = posting.objection
    zh, en = f"{told.zh}（{expired.name} 已过期）", f"{told.en}: {expired.name} had expired before it could be used"
    return told._replace(zh=zh, en=en)


def _on(step: Step, state: ReservationState) -> Step:
    """What is given back may have been used already."""
    return Step.RESTORE if step is Step.RELEASE and state is ReservationState.COMMITTED else step
