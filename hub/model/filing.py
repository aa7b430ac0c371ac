"""States of a filing, and which may follow which."""

from enum import StrEnum


class FilingState(StrEnum):
    """Whether what is on file counts."""

    ACTIVE = "active"  # it counts, within its time
    SUSPENDED = "suspended"  # it does not count for now
    REVOKED = "revoked"  # it never counts again; only a new version of it may


FILING_TRANSITIONS: dict[FilingState, frozenset[FilingState]] = {
    FilingState.ACTIVE: frozenset({FilingState.SUSPENDED, FilingState.REVOKED}),
    FilingState.SUSPENDED: frozenset({FilingState.ACTIVE, FilingState.REVOKED}),
    FilingState.REVOKED: frozenset(),
}
