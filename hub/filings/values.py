"""What is on file, and what comes of a change. Times in µs."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from hub.model.filing import FilingState


class Record(NamedTuple):
    """What is to be filed. ``kind``: of filing (``company``, ``goods``, ``vehicle``, ``mandate``); ``number``: under
    which; ``holder``: whose; it counts from ``valid_from`` on, before ``valid_until`` (None: for ever); ``source``: the
    case or person that it comes from."""

    kind: str
    number: str
    holder: str
    title: str
    source: str
    valid_from: int
    valid_until: int | None = None
    facts: Mapping[str, Sequence[str]] | None = None


class Filing(NamedTuple):
    """One version of what is on file; the row of ``filings``, ``facts`` as JSON text."""

    kind: str
    number: str
    holder: str
    version: int
    title: str
    facts: str
    valid_from: int
    valid_until: int | None
    state: FilingState
    source: str
    recorded_at: int
    closed_at: int | None = None  # when the next version took its place

    def counts(self, at: int) -> bool:
        """Whether it is active and within its time at ``at``."""
        within = self.valid_from <= at and (self.valid_until is None or at < self.valid_until)
        return within and self.state is FilingState.ACTIVE


class Recorded(NamedTuple):
    """It is on file as ``version``; ``repeated``: it was so before, and nothing changed."""

    version: int
    state: FilingState
    repeated: bool = False


class Why(StrEnum):
    """Why nothing is filed."""

    UNKNOWN = "unknown"  # there is nothing on file to end
    STATE = "state"  # the state that it has does not allow it
    PERIOD = "period"  # it would end before it begins
    SIZE = "size"  # a text is empty, or too long to be kept


class Refused(NamedTuple):
    """Nothing is filed. ``state``: of what is on file, if something is."""

    why: Why
    state: FilingState | None = None
