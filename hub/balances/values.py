"""What balances are made of, and what comes of a step. Amounts are integers in the smallest unit of their book."""

from enum import StrEnum
from typing import NamedTuple

from hub.model.balance import ReservationState, Step


class Account(NamedTuple):
    """What one holder has in one period of a book; the row of ``accounts``. Times in µs."""

    id: str
    book: str
    holder: str
    period: str
    line: int
    reserved: int
    used: int
    opened_at: int
    changed_at: int

    @property
    def available(self) -> int:
        """What may still be reserved."""
        return self.line - self.reserved - self.used


class Reservation(NamedTuple):
    """What a case asked for under a name; the row of ``reservations``. Times in µs."""

    case: str
    name: str
    account: str
    amount: int  # asked for at first
    committed: int
    returned: int  # restored or called
    state: ReservationState
    opened_at: int
    changed_at: int
    due_at: int | None = None  # when it expires, if nothing happens


class Posting(NamedTuple):
    """One change of one account; the row of ``postings``. ``available`` is what the account has after it."""

    account: str
    case: str | None
    name: str
    step: Step
    amount: int
    available: int
    at: int
    why: str


class Why(StrEnum):
    """Why a step is refused."""

    AVAILABLE = "available"  # there is not so much
    AMOUNT = "amount"  # below zero, beyond what a posting may hold, or more than was reserved or committed
    STATE = "state"  # it contradicts what happened to the reservation
    UNKNOWN = "unknown"  # there is no such reservation
    BOOK = "book"  # no such book is configured
    HOLDER = "holder"  # no holder is named, or holder or name are too long to be kept


class Posted(NamedTuple):
    """The step is done, or was before (``repeated``: nothing changed now). ``available``: what the account has now;
    ``state``: of the reservation now, which may be past what a repeated step led to."""

    available: int
    amount: int
    state: ReservationState
    repeated: bool = False


class Refused(NamedTuple):
    """The step is not done. ``available``: what the account has; ``state``: of the reservation, if there is one."""

    why: Why
    available: int
    state: ReservationState | None = None
