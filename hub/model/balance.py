"""Steps of a balance and states of a reservation: which step leads where, and what it does to the account."""

from enum import StrEnum


class Period(StrEnum):
    """How long an account lasts before its holder gets another one."""

    NONE = "none"  # for ever
    YEAR = "year"  # a calendar year
    MONTH = "month"  # a calendar month


class Step(StrEnum):
    """What a posting does."""

    GRANT = "grant"  # the line grows: a deposit, a licence, goods taken in
    WITHDRAW = "withdraw"  # the line shrinks, never below what is reserved and used
    RESERVE = "reserve"  # an amount is kept free for a case
    COMMIT = "commit"  # what was reserved is used; the rest becomes free again
    RELEASE = "release"  # what was reserved becomes free again
    EXPIRE = "expire"  # the same, because its time is over
    RESTORE = "restore"  # what was used comes back: goods returned, a guarantee given back
    CALL = "call"  # what was used is lost for good: a guarantee called in


class ReservationState(StrEnum):
    """Where an amount that a case asked for stands."""

    RESERVED = "reserved"  # kept free; waits for commit, release or its end
    COMMITTED = "committed"  # used
    RELEASED = "released"  # given up before it was used
    EXPIRED = "expired"  # nobody came in time
    RESTORED = "restored"  # used, and come back
    CALLED = "called"  # used, and lost
    GRANTED = "granted"  # a case that made the line grow
    WITHDRAWN = "withdrawn"  # a case that made the line shrink


EFFECT: dict[Step, tuple[int, int, int]] = {
    Step.GRANT: (1, 0, 0),
    Step.WITHDRAW: (-1, 0, 0),
    Step.RESERVE: (0, 1, 0),
    Step.COMMIT: (0, -1, 1),
    Step.RELEASE: (0, -1, 0),
    Step.EXPIRE: (0, -1, 0),
    Step.RESTORE: (0, 0, -1),
    Step.CALL: (-1, 0, -1),
}
"""How often a posting's amount goes into the account's line, reserved and used."""

OPENING: dict[Step, ReservationState] = {
    Step.GRANT: ReservationState.GRANTED,
    Step.WITHDRAW: ReservationState.WITHDRAWN,
    Step.RESERVE: ReservationState.RESERVED,
}
"""The steps that begin something, and the state that they begin in."""

MOVING: dict[Step, tuple[ReservationState, ReservationState]] = {
    Step.COMMIT: (ReservationState.RESERVED, ReservationState.COMMITTED),
    Step.RELEASE: (ReservationState.RESERVED, ReservationState.RELEASED),
    Step.EXPIRE: (ReservationState.RESERVED, ReservationState.EXPIRED),
    Step.RESTORE: (ReservationState.COMMITTED, ReservationState.RESTORED),
    Step.CALL: (ReservationState.COMMITTED, ReservationState.CALLED),
}
"""The steps that go on with it: from which state to which."""
