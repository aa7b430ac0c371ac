"""Queries about balances: accounts, reservations, postings; and whether they agree."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, case, func, or_, select

from hub.model.balance import EFFECT, MOVING, OPENING, ReservationState
from hub.store.bulk import adding, storing
from hub.store.keys import by_key, keyed
from hub.store.tables import accounts, cases, postings, reservations

Row = dict[str, Any]

# The statements of a batch are made once: making one costs more than running it.
_ACCOUNTS = by_key(accounts.c.id, accounts)
_RESERVATIONS = by_key(reservations.c.case, reservations)
_SAVE_ACCOUNTS = storing(accounts, "line", "reserved", "used", "changed_at")
_SAVE_RESERVATIONS = storing(reservations, "committed", "returned", "state", "changed_at", "due_at")
_ADD_POSTINGS = adding(postings, "account", "case", "name", "step", "amount", "available", "at", "why")


def accounts_of(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """Those of the accounts ``ids`` that are open."""
    return [dict(row) for row in keyed(connection, _ACCOUNTS, ids).mappings()]


def reservations_of(connection: Connection, case_ids: Iterable[str]) -> list[Row]:
    """What the cases ``case_ids`` asked for."""
    return [dict(row) for row in keyed(connection, _RESERVATIONS, case_ids).mappings()]


def save(connection: Connection, changed: list[Row], asked: list[Row], posted: list[Row]) -> None:
    """Write accounts and reservations as they are now, and the new postings."""
    _SAVE_ACCOUNTS.run(connection, changed)
    _SAVE_RESERVATIONS.run(connection, asked)
    _ADD_POSTINGS.run(connection, posted)


def due(connection: Connection, at: int, limit: int) -> list[tuple[str, str]]:
    """Reservations (case, name) whose time is over at ``at``, the longest waiting first."""
    late = (reservations.c.state == ReservationState.RESERVED, reservations.c.due_at <= at)
    query = select(reservations.c.case, reservations.c.name).where(*late, reservations.c.due_at.is_not(None))
    found = connection.execute(query.order_by(reservations.c.due_at).limit(limit))
    return [(case_, name) for case_, name in found]


def listed(connection: Connection, book: str, limit: int) -> list[Row]:
    """Accounts of ``book`` (empty: of all), those that moved last first."""
    query = select(accounts).where(accounts.c.book == book) if book else select(accounts)
    return _rows(connection, query.order_by(accounts.c.changed_at.desc(), accounts.c.id).limit(limit))


def held(connection: Connection, book: str, holder: str) -> list[Row]:
    """All accounts of one holder in a book, the newest period first."""
    query = select(accounts).where(accounts.c.book == book, accounts.c.holder == holder)
    return _rows(connection, query.order_by(accounts.c.period.desc()))


def history(connection: Connection, account: str, limit: int) -> list[Row]:
    """The newest postings of an account, oldest first."""
    newest = select(postings).where(postings.c.account == account).order_by(postings.c.id.desc()).limit(limit)
    return _rows(connection, newest)[::-1]


def of_case(connection: Connection, case_id: str) -> list[Row]:
    """What one case asked for, by name."""
    return _rows(connection, select(reservations).where(reservations.c.case == case_id).order_by(reservations.c.name))


# Whether they agree: each query finds what does not, as subject, what is there, and what should be.


def _sum(place: int) -> Any:
    """The postings' sum of what goes into line (0), reserved (1) or used (2)."""
    signs = {step: effect[place] for step, effect in EFFECT.items() if effect[place]}
    return func.coalesce(func.sum(case(signs, value=postings.c.step, else_=0) * postings.c.amount), 0)


_PARTS = (accounts.c.line, accounts.c.reserved, accounts.c.used)


def sums(connection: Connection) -> list[Row]:
    """Accounts that are not the sum of their postings."""
    wanted = [_sum(place) for place in range(3)]
    query = select(accounts.c.id.label("subject"), _told(*_PARTS, "found"), _told(*wanted, "wanted"))
    query = query.select_from(accounts.outerjoin(postings)).group_by(accounts.c.id)
    return _rows(connection, query.having(or_(*(part != sum_ for part, sum_ in zip(_PARTS, wanted, strict=True)))))


def negative(connection: Connection) -> list[Row]:
    """Accounts of which more is reserved and used than there is, or less than nothing."""
    wrong = or_(accounts.c.line < accounts.c.reserved + accounts.c.used, accounts.c.reserved < 0, accounts.c.used < 0)
    return _rows(connection, select(accounts.c.id.label("subject"), _told(*_PARTS, "found")).where(wrong))


def asked(connection: Connection) -> list[Row]:
    """Accounts whose reserved and used are not those of their reservations."""
    waiting = case((reservations.c.state == ReservationState.RESERVED, reservations.c.amount), else_=0)
    wanted = [func.coalesce(func.sum(waiting), 0)]
    wanted.append(func.coalesce(func.sum(reservations.c.committed - reservations.c.returned), 0))
    query = select(accounts.c.id.label("subject"), _told(*_PARTS[1:], "found"), _told(*wanted, "wanted"))
    query = query.select_from(accounts.outerjoin(reservations)).group_by(accounts.c.id)
    return _rows(connection, query.having(or_(_PARTS[1] != wanted[0], _PARTS[2] != wanted[1])))


def running(connection: Connection) -> list[Row]:
    """Postings after which the account did not hold what they say: one is missing, doubled or altered."""
    signs = {step: line - reserved - used for step, (line, reserved, used) in EFFECT.items()}
    change = case(signs, value=postings.c.step, else_=0) * postings.c.amount
    after = func.sum(change).over(partition_by=postings.c.account, order_by=postings.c.id)
    each = select(postings.c.id, postings.c.account, postings.c.available, after.label("after")).subquery()
    found = func.printf("%d", each.c.available).label("found")
    query = select((each.c.account + " posting " + func.printf("%d", each.c.id)).label("subject"), found)
    query = query.add_columns(func.printf("%d", each.c.after).label("wanted"))
    return _rows(connection, query.where(or_(each.c.available != each.c.after, each.c.after < 0)))


def unended(connection: Connection) -> list[Row]:
    """Reservations that still wait though their case is closed."""
    subject = (reservations.c.case + " " + reservations.c.name).label("subject")
    query = select(subject, reservations.c.state.label("found")).join(cases, cases.c.id == reservations.c.case)
    waiting = reservations.c.state == ReservationState.RESERVED
    return _rows(connection, query.where(waiting, cases.c.closed_at.is_not(None)))


def unposted(connection: Connection) -> list[Row]:
    """Reservations without the posting that their state tells of."""
    told = {state: step for step, state in OPENING.items()} | {state: step for step, (_, state) in MOVING.items()}
    step = case(told, value=reservations.c.state)
    own = (postings.c.case == reservations.c.case, postings.c.name == reservations.c.name, postings.c.step == step)
    subject = (reservations.c.case + " " + reservations.c.name).label("subject")
    query = select(subject, reservations.c.state.label("found"))
    return _rows(connection, query.where(~select(postings.c.id).where(*own).exists()))


def _told(*parts: Any) -> Any:
    """Numbers as ``line reserved used`` in one column, which the last of ``parts`` names."""
    *numbers, name = parts
    return func.printf(" ".join(["%d"] * len(numbers)), *numbers).label(name)


def _rows(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
