"""The balances of a batch: loaded with two queries, moved in memory, saved with three statements, all in the writing
transaction of whoever decides. Later steps of the batch see earlier ones; none brings an account below zero."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from hub.balances.books import MOST, Book, Books
from hub.balances.values import Account, Posted, Posting, Refused, Reservation, Why
from hub.ledger.entries import Entry
from hub.model.balance import EFFECT, MOVING, OPENING, ReservationState, Step
from hub.store import balances as store
from hub.store.database import Connection
from hub.store.notebook import Notebook

MOST_LINE = 10**18
"""An account holds no more than this: far below what the database's integers do."""
MOST_TEXT, MOST_WHY = 200, 600
BOOK_LINE = "line of the book"


class Mark(NamedTuple):
    """A moment of a batch, to go back to."""

    accounts: int
    reservations: int
    postings: int


class Balances:
    """What a batch may post to. All of it falls in the period of ``at``, the moment (µs) at which it was loaded."""

    def __init__(self, books: Books, at: int) -> None:
        self._books = books
        self._at = at
        self._accounts: Notebook[str, Account] = Notebook()
        self._reservations: Notebook[tuple[str, str], Reservation] = Notebook(attrgetter("case"))
        self._postings: list[Posting] = []
        self._looked_up: set[str] = set()

    @classmethod
    def load(
        cls, connection: Connection, books: Books, holders: Iterable[tuple[str, str]], cases: Iterable[str], at: int
    ) -> "Balances":
        """The accounts of ``holders`` (book id, holder), and all that the known ``cases`` have asked for."""
        found = cls(books, at)
        found.learn(connection, holders, cases)
        return found

    def learn(self, connection: Connection, holders: Iterable[tuple[str, str]], cases: Iterable[str]) -> None:
        """Load more, with two queries again; what the batch has changed meanwhile stays."""
        asked = [_reservation(row) for row in store.reservations_of(connection, list(cases))]
        self._reservations.learn(((one.case, one.name), one) for one in asked)
        ids = {self._books[book].account(holder, self._at) for book, holder in holders if book in self._books}
        self._looked_up |= ids
        ids |= {one.account for one in asked}
        self._accounts.learn((row["id"], Account(**row)) for row in store.accounts_of(connection, ids))

    @staticmethod
    def due(connection: Connection, at: int, limit: int) -> list[tuple[str, str]]:
        """Reservations (case, name) that are to expire at ``at``: load their cases, then ``move(Step.EXPIRE, …)``."""
        return store.due(connection, at, limit)

    def available(self, book: str, holder: str) -> int:
        """What ``holder`` may still reserve in ``book``. Raises KeyError for an account that was not loaded."""
        return self._account(self._books[book], holder).available

    def knows(self, book: str, holder: str) -> bool:
        """Whether the account that ``holder`` has now in ``book`` was looked up."""
        return self._books[book].account(holder, self._at) in self._looked_up

    def asked(self, case: str) -> list[Reservation]:
        """What ``case`` has asked for, in the order of the names, as it is now."""
        return sorted(self._reservations.among(case))

    def post(
        self, step: Step, book: str, holder: str, amount: int, case: str | None, name: str, at: int, why: str = ""
    ) -> Posted | Refused:
        """Do ``step`` with ``amount`` for ``holder``. GRANT, WITHDRAW and RESERVE begin ``name`` of ``case``, the other
        steps go on with it. ``case`` None: a person's grant or withdrawal, which is never taken for a repetition. What
        was begun in an earlier period stays there.

        Raises KeyError for an account that was not loaded.
        """
        if book not in self._books:
            return Refused(Why.BOOK, 0)
        known = self._reservations.get((case, name)) if case is not None else None
        account = self._begun(known, book, holder) or self._account(self._books[book], holder)
        if known is not None and known.account != account.id:
            return Refused(Why.STATE, account.available, known.state)
        if step in MOVING:
            return self._go_on(step, known, amount, at, why) if known else Refused(Why.UNKNOWN, account.available)
        if known is not None:
            return _again(step, known, amount, account.available)
        if case is None and step is Step.RESERVE:
            return Refused(Why.UNKNOWN, account.available)
        return self._begin(step, self._books[book], account, amount, case, name, at, why)

    def withdraw(self, granted: Reservation, name: str, at: int) -> Posted | Refused:
        """Take back, as ``name`` of its case, what was ``granted``: from where it is, whatever the period."""
        account = self._accounts.get(granted.account)
        assert account is not None, "a reservation is loaded with its account"
        if account.book not in self._books:
            return Refused(Why.BOOK, account.available)
        if known := self._reservations.get((granted.case, name)):
            return _again(Step.WITHDRAW, known, granted.amount, account.available)
        book = self._books[account.book]
        return self._begin(Step.WITHDRAW, book, account, granted.amount, granted.case, name, at, "")

    def move(
        self, step: Step, case: str, name: str, at: int, amount: int | None = None, why: str = ""
    ) -> Posted | Refused:
        """Go on with what ``case`` reserved under ``name``, whatever its account: by ``amount`` (of what was reserved
        or committed), or by all of it. The rest becomes free with COMMIT, and stays used with RESTORE and CALL."""
        known = self._reservations.get((case, name))
        return self._go_on(step, known, amount, at, why) if known else Refused(Why.UNKNOWN, 0)

    def give_back(self, known: Reservation, name: str, step: Step, amount: int, at: int) -> Posted | Refused:
        """RESTORE or CALL ``amount`` of what is committed, as ``name`` of its case, which begins with the name of
        ``known`` and a ``/``; the rest stays committed. It never is more than :meth:`left`."""
        account = self._accounts.get(known.account)
        assert account is not None, "a reservation is loaded with its account"
        if done := self._reservations.get((known.case, name)):
            return _again(step, done, amount, account.available)
        if known.state is not ReservationState.COMMITTED:
            return Refused(Why.STATE, account.available, known.state)
        if not 0 <= amount <= self.left(known):
            return Refused(Why.AMOUNT, account.available, known.state)
        available, state = self._change(account.id, step, amount, known.case, name, at, ""), MOVING[step][1]
        part = Reservation(known.case, name, account.id, amount, 0, amount, state, at, at)
        self._reservations.put((known.case, name), part)
        return Posted(available, amount, state)

    def left(self, known: Reservation) -> int:
        """What is reserved or committed of ``known`` and has not come back."""
        if known.state is not ReservationState.COMMITTED:
            return known.amount if known.state is ReservationState.RESERVED else 0
        return known.committed - self._gone(known)

    def release(self, case: str, at: int, why: str = "") -> int:
        """Release whatever ``case`` still keeps free, as it must before it is closed; returns how much that was."""
        waiting = [one.name for one in self.asked(case) if one.state is ReservationState.RESERVED]
        for name in waiting:
            self.move(Step.RELEASE, case, name, at, why=why)
        return len(waiting)

    def mark(self) -> Mark:
        """This moment, for :meth:`undo`."""
        return Mark(self._accounts.mark(), self._reservations.mark(), len(self._postings))

    def undo(self, mark: Mark) -> None:
        """Take back every step since ``mark`` (not beyond a save): all of a case's postings, or none."""
        self._accounts.undo(mark.accounts)
        self._reservations.undo(mark.reservations)
        del self._postings[mark.postings :]

    def entries(self) -> list[Entry]:
        """The ledger's entries of the steps that are not saved yet. They name no holder: it may be a person."""
        return [_entry(posting) for posting in self._postings if posting.why != BOOK_LINE]

    def save(self, connection: Connection) -> None:
        """Write what has changed, in the transaction that it was loaded in."""
        changed = [row._asdict() for row in self._accounts.touched()]
        asked = [row._asdict() for row in self._reservations.touched()]
        store.save(connection, changed, asked, [row._asdict() for row in self._postings])
        self._accounts.clean()
        self._reservations.clean()
        self._postings.clear()

    def _begun(self, known: Reservation | None, book: str, holder: str) -> Account | None:
        """The account in which ``known`` was begun, if it is of ``holder`` in ``book``."""
        account = self._accounts.get(known.account) if known is not None else None
        return account if account is not None and (account.book, account.holder) == (book, holder) else None

    def _account(self, book: Book, holder: str) -> Account:
        """The account as it is, or as it would be opened."""
        id_ = book.account(holder, self._at)
        account = self._accounts.get(id_)
        if account is None and id_ not in self._looked_up:
            # Whose it is may be a person's number, and what is raised may be logged.
            raise KeyError(f"an account of {book.id} was not loaded; name its holder to Balances.load")
        return account or Account(id_, book.id, holder, book.period_at(self._at), book.line, 0, 0, 0, 0)

    def _begin(
        self, step: Step, book: Book, account: Account, amount: int, case: str | None, name: str, at: int, why: str
    ) -> Posted | Refused:
        reason = _unfit(account, step, amount)
        if not account.holder or len(account.holder) > MOST_TEXT or len(name) > MOST_TEXT:
            reason = Why.HOLDER  # else all whose holder is missing would share one account
        if reason:
            return Refused(reason, account.available)
        if self._accounts.get(account.id) is None:
            self._open(book, account, at)
        available = self._change(account.id, step, amount, case, name, at, why)
        state = OPENING[step]
        if case is not None:
            due = at + book.expires if book.expires and step is Step.RESERVE else None
            self._reservations.put((case, name), Reservation(case, name, account.id, amount, 0, 0, state, at, at, due))
        return Posted(available, amount, state)

    def _open(self, book: Book, account: Account, at: int) -> None:
        self._accounts.put(account.id, account._replace(line=0, opened_at=at))
        if book.line:
            self._change(account.id, Step.GRANT, book.line, None, "", at, BOOK_LINE)

    def _go_on(self, step: Step, known: Reservation, amount: int | None, at: int, why: str) -> Posted | Refused:
        account = self._accounts.get(known.account)
        assert account is not None, "a reservation is loaded with its account"
        before, after = MOVING[step]
        whole = known.amount if before is ReservationState.RESERVED else known.committed - self._gone(known)
        part = whole if amount is None else amount
        if known.state is not before:
            return _again(step, known, part, account.available)
        if not 0 <= part <= whole or (step in (Step.RELEASE, Step.EXPIRE) and part != whole):
            return Refused(Why.AMOUNT, account.available, known.state)
        available = self._change(account.id, step, part, known.case, known.name, at, why)
        if step is Step.COMMIT and part < whole:
            available = self._change(account.id, Step.RELEASE, whole - part, known.case, known.name, at, why)
        self._reservations.put((known.case, known.name), _moved_on(known, step, after, part, at))
        return Posted(available, part, after)

    def _gone(self, known: Reservation) -> int:
        """What has come back of ``known`` in parts."""
        parts = (one for one in self._reservations.among(known.case) if one.name.startswith(f"{known.name}/"))
        return sum(one.returned for one in parts)

    def _change(self, id_: str, step: Step, amount: int, case: str | None, name: str, at: int, why: str) -> int:
        account = self._accounts.get(id_)
        assert account is not None, "it was opened"
        line, reserved, used = (sign * amount for sign in EFFECT[step])
        account = account._replace(
            line=account.line + line, reserved=account.reserved + reserved, used=account.used + used, changed_at=at
        )
        self._accounts.put(id_, account)
        self._postings.append(Posting(id_, case, name, step, amount, account.available, at, why[:MOST_WHY]))
        return account.available


def _reservation(row: store.Row) -> Reservation:
    return Reservation(**{**row, "state": ReservationState(row["state"])})


def _unfit(account: Account, step: Step, amount: int) -> Why | None:
    """Why ``account`` cannot take ``step``, which begins something."""
    line, reserved, used = (sign * amount for sign in EFFECT[step])
    if not 0 <= amount <= MOST or account.line + line > MOST_LINE:
        return Why.AMOUNT
    return Why.AVAILABLE if account.available + line - reserved - used < 0 else None


def _moved_on(known: Reservation, step: Step, state: ReservationState, part: int, at: int) -> Reservation:
    moved = known._replace(state=state, changed_at=at, due_at=None)
    if step is Step.COMMIT:
        return moved._replace(committed=part)
    return moved._replace(returned=part) if step in (Step.RESTORE, Step.CALL) else moved


def _again(step: Step, known: Reservation, amount: int, available: int) -> Posted | Refused:
    """``step`` on what is past it: the very same step once more changes nothing; any other contradicts."""
    if _done(step, known) == amount:
        return Posted(available, amount, known.state, repeated=True)
    return Refused(Why.STATE, available, known.state)


def _done(step: Step, known: Reservation) -> int | None:
    """With which amount ``step`` was done before; None when it was not."""
    state = known.state
    if step in OPENING:
        begun = state if state in (ReservationState.GRANTED, ReservationState.WITHDRAWN) else ReservationState.RESERVED
        return known.amount if OPENING[step] is begun else None
    if step is Step.COMMIT:
        return known.committed if state in _COMMITTED else None
    if state is not MOVING[step][1]:
        return None
    return known.returned if step in (Step.RESTORE, Step.CALL) else known.amount


_COMMITTED = (ReservationState.COMMITTED, ReservationState.RESTORED, ReservationState.CALLED)


def _entry(posting: Posting) -> Entry:
    book, period, _ = posting.account.split("|", 2)
    facts: dict[str, str | int | list[str]] = {"book": book, "step": posting.step.value, "amount": posting.amount}
    facts |= {key: value for key, value in (("period", period), ("name", posting.name), ("why", posting.why)) if value}
    return Entry("balance.posted", posting.at, posting.case, None, facts)
