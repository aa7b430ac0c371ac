"""What a rule may demand of the values and groups that its path leads to, one function a kind of demand.

Each is made once and then looks at one place at a time: what the path found there, and the frame to read more from.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from hub.guides.trails import Hit
from hub.mapping.conditions import Test, Values
from hub.mapping.run import Frame
from hub.rules.digits import CHECKS
from hub.rules.values import shown as quoted
from hub.schema.edifact_tables import form
from hub.schema.model import DataType

_LISTED = 12
_DIGITS = 60  # before or behind the decimal mark: a few bytes may name numbers that no memory holds


class Trouble(NamedTuple):
    """One thing that is wrong: at ``hit`` (None: something is missing), and what the text may name."""

    hit: Hit | None
    params: dict[str, str]


Look = Callable[[list[Hit], Frame], Iterator[Trouble]]


class Demand(NamedTuple):
    """``kind`` is the key of the text that tells it when the rule has none of its own."""

    kind: str
    look: Look


def shown(value: Any) -> str:
    """A value as findings quote it; a group or segment is not quoted."""
    return quoted(value) if isinstance(value, str) else ""


def number(text: str) -> Decimal | None:
    """A number as EDIFACT writes it, with either decimal mark; None for what is none, or is beyond all measure."""
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) <= _DIGITS else None


def required() -> Demand:
    """At least one."""
    return Demand("required", lambda hits, frame: iter(() if hits else (Trouble(None, {}),)))


def forbidden() -> Demand:
    """None at all."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        for hit in hits:
            yield Trouble(hit, {"value": shown(hit.value)})

    return Demand("forbidden", look)


def among(codes: list[str]) -> Demand:
    """Every value is one of ``codes``."""
    allowed = frozenset(codes)
    listed = ", ".join(codes[:_LISTED]) + (" …" if len(codes) > _LISTED else "")
    return _each("codes", lambda value: value in allowed, listed)


def not_shorter(length: int, type: DataType | None) -> Demand:
    """Every value has at least so many characters, a number so many digits."""
    return _each("min-length", lambda value: _length(value, type) >= length, str(length))


def not_longer(length: int, type: DataType | None) -> Demand:
    """Every value has at most so many characters, a number so many digits."""
    return _each("max-length", lambda value: _length(value, type) <= length, str(length))


def of_form(text: str) -> Demand:
    """Every value is of the representation ``text``: ``n13``, ``an..35``, ``a3``."""
    type, least, most = form(text)

    def fits(value: str) -> bool:
        if type is DataType.NUMERIC and not (value.isascii() and number(value) is not None):
            return False
        if type is DataType.ALPHA and any(char.isdigit() for char in value):
            return False
        return least <= _length(value, type) <= most

    return _each("form", fits, text)


def with_check_digit(name: str) -> Demand:
    """Every value has the check digit that numbers of this kind have; see :mod:`hub.rules.digits`."""
    return _each("check-digit", CHECKS[name], name)


def at_least(count: int) -> Demand:
    """So many, or more."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        if len(hits) < count:
            yield Trouble(hits[-1] if hits else None, {"count": str(len(hits)), "wanted": str(count)})

    return Demand("least", look)


def at_most(count: int) -> Demand:
    """So many, or fewer; what is told is the first one too many."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        if len(hits) > count:
            yield Trouble(hits[count], {"count": str(len(hits)), "wanted": str(count)})

    return Demand("most", look)


def equal(others: Values) -> Demand:
    """Every value is one of those that ``others`` finds; nothing is said where it finds none."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        wanted = others(frame)
        known = frozenset(wanted)
        for hit in hits if wanted else ():
            if hit.value not in known:
                yield Trouble(hit, {"value": shown(hit.value), "wanted": shown(", ".join(wanted[:_LISTED]))})

    return Demand("equals", look)


def counted(others: Values) -> Demand:
    """Every value is the number of what ``others`` finds."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        count = len(others(frame))
        for hit in hits:
            if number(hit.value) != count:
                yield Trouble(hit, {"value": shown(hit.value), "wanted": str(count), "count": str(count)})

    return Demand("counts", look)


def summed(others: Values, tolerance: Decimal) -> Demand:
    """Every value is the sum of what ``others`` finds, give or take ``tolerance``; what is no number adds nothing."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        total = sum((number(value) or Decimal(0) for value in others(frame)), Decimal(0))
        for hit in hits:
            value = number(hit.value)
            if value is None or abs(value - total) > tolerance:
                yield Trouble(hit, {"value": shown(hit.value), "wanted": shown(f"{total:f}")})

    return Demand("sums", look)


def holding(test: Test) -> Demand:
    """``test`` holds here; where it does not, the first end of the path is told, or that it is missing."""

    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        if not test(frame):
            first = hits[0] if hits else None
            yield Trouble(first, {"value": shown(first.value)} if first else {})

    return Demand("holds", look)


def _each(kind: str, fits: Callable[[str], bool], wanted: str) -> Demand:
    def look(hits: list[Hit], frame: Frame) -> Iterator[Trouble]:
        for hit in hits:
            if not fits(hit.value):
                yield Trouble(hit, {"value": shown(hit.value), "wanted": wanted})

    return Demand(kind, look)


def _length(value: str, type: DataType | None) -> int:
    """The length that counts: for a number its digits alone (ISO 9735-1 §10)."""
    return sum(char.isdigit() for char in value) if type is DataType.NUMERIC else len(value)
