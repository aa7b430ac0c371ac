"""One sequence of numbers, and the ranges that are missing in it. Pure; times in µs."""

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

MAX_GAPS = 200
"""Ranges of one sequence that are kept; of more the lowest is given up, so that no sender fills the database."""

MAX_SHOWN = 50
"""Ranges that one text names."""


class Gap(NamedTuple):
    """The numbers from ``low`` to ``high`` have not come. ``due_at``: when their sender is to be told; None: it was."""

    low: int
    high: int
    seen_at: int
    due_at: int | None

    @property
    def told(self) -> bool:
        """Whether the sender knows."""
        return self.due_at is None


class Came(StrEnum):
    """What a number means for its sequence."""

    FIRST = "first"  # nothing was known of the sequence
    NEXT = "next"  # the one that was expected
    AHEAD = "ahead"  # others are missing before it
    LATE = "late"  # it was missing
    KNOWN = "known"  # it came before, or before the hub began to count


@dataclass(slots=True)
class Sequence:
    """How far a sequence has come. ``gaps`` are apart from one another, in order.

    >>> one = Sequence()
    >>> [one.take(number, at=0, grace=9).value for number in (7, 8, 12, 10, 10)]
    ['first', 'next', 'ahead', 'late', 'known']
    >>> shown(one.gaps)
    '9, 11'
    """

    last: int | None = None
    gaps: list[Gap] = field(default_factory=list)

    def take(self, number: int, *, at: int, grace: int) -> Came:
        """``number`` has come ``at`` that time; what it leaves out is due ``grace`` later."""
        if self.last is not None and number <= self.last:
            return self._fill(number)
        came = Came.FIRST if self.last is None else Came.NEXT if number == self.last + 1 else Came.AHEAD
        if came is Came.AHEAD and self.last is not None:
            self.gaps.append(Gap(self.last + 1, number - 1, at, at + grace))
        self.last = number
        return came

    def tell(self, at: int) -> list[Gap]:
        """The ranges of which the sender is to be told by ``at``; from now on it knows."""
        due = [gap for gap in self.gaps if gap.due_at is not None and gap.due_at <= at]
        self.gaps = [gap._replace(due_at=None) if gap in due else gap for gap in self.gaps]
        return due

    def give_up(self) -> list[Gap]:
        """Forget the lowest ranges that are too many; returns them."""
        excess = max(len(self.gaps) - MAX_GAPS, 0)
        given_up, self.gaps = self.gaps[:excess], self.gaps[excess:]
        return given_up

    @property
    def complained(self) -> bool:
        """Whether numbers are missing of which the sender knows."""
        return any(gap.told for gap in self.gaps)

    def _fill(self, number: int) -> Came:
        index = bisect_right(self.gaps, number, key=lambda gap: gap.low) - 1
        if index < 0 or number > self.gaps[index].high:
            return Came.KNOWN
        gap = self.gaps[index]
        parts = (gap._replace(high=number - 1), gap._replace(low=number + 1))
        self.gaps[index : index + 1] = [part for part in parts if part.low <= part.high]
        return Came.LATE


def shown(gaps: list[Gap]) -> str:
    """The missing numbers as people write them.

    >>> shown([Gap(3, 3, 0, 0), Gap(5, 9, 0, 0)])
    '3, 5–9'
    """
    texts = [str(gap.low) if gap.low == gap.high else f"{gap.low}–{gap.high}" for gap in gaps[:MAX_SHOWN]]
    return ", ".join(texts + ["…"] * (len(gaps) > MAX_SHOWN))
