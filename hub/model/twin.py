"""How an agency's twin (its simulator) behaves: the ``[twin]`` table of its ``partner.toml``."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum


class Verdict(StrEnum):
    """What an agency makes of a message."""

    ACCEPT = "accept"  # accepted, released
    INSPECT = "inspect"  # inspection ordered
    REFUSE = "refuse"  # refused, with a code
    SILENT = "silent"  # no answer at all


@dataclass(frozen=True, slots=True)
class Answer:
    """What the twin says. ``delay`` is in microseconds, counted from when it has fetched the message; ``place`` is the
    path of the field that a refusal is about."""

    verdict: Verdict = Verdict.ACCEPT
    code: str = ""
    text: str = ""
    place: str = ""
    delay: int = 0


@dataclass(frozen=True, slots=True)
class TwinRule:
    """``answer`` applies when a value at ``path`` equals or contains the text given, or is a number above the one given
    (exactly one of them is set)."""

    path: str
    answer: Answer
    equals: str | None = None
    contains: str | None = None
    above: Decimal | None = None

    def holds(self, value: str) -> bool:
        """Whether ``value`` meets the condition."""
        if self.above is not None:
            number = decimal(value)
            return number is not None and number > self.above
        return value == self.equals if self.equals is not None else (self.contains or "") in value


def decimal(text: str) -> Decimal | None:
    """``text`` as a finite number; None when it is none.

    >>> decimal("12.50"), decimal("many"), decimal("NaN")
    (Decimal('12.50'), None, None)
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass(frozen=True, slots=True)
class Conduct:
    """The first rule that holds decides; otherwise ``default``. ``poll`` is the time between looks, in microseconds."""

    poll: int
    default: Answer = Answer()
    rules: tuple[TwinRule, ...] = ()
    receipts: bool = True  # send a technical receipt before the answer where the format has one
