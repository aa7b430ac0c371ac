"""The functions that a mapping may name in ``with``: an explicit list, each pure, each with its own examples.

A function works on each value, or on the whole list of values that a path found (``whole``). Values are texts; a
number is written plainly, with a point. What a function cannot convert raises ValueError, which becomes a finding;
None or an empty text means "nothing here".
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from hub.clock import moment
from hub.mapping import dates

MAX_WIDTH = 1_000  # characters that pad and fill may reach
MAX_TEXT = 65_536  # characters of any value that a function makes
UNITS = {  # UN/ECE Recommendation 20: unit → base unit and factor
    "KGM": ("KGM", Decimal(1)),
    "GRM": ("KGM", Decimal("0.001")),
    "TNE": ("KGM", Decimal(1000)),
    "LTN": ("KGM", Decimal("1016.0469088")),
    "STN": ("KGM", Decimal("907.18474")),
    "LBR": ("KGM", Decimal("0.45359237")),
    "MTQ": ("MTQ", Decimal(1)),
    "LTR": ("MTQ", Decimal("0.001")),
    "DMQ": ("MTQ", Decimal("0.001")),
    "FTQ": ("MTQ", Decimal("0.028316846592")),
}


# A number as :func:`_plain` writes it: most are, and then need not be turned into a Decimal and back.
_WRITTEN_PLAINLY = re.compile(r"(0|[1-9]\d{0,20})(\.\d{0,8}[1-9])?", re.ASCII)
_WHOLE = re.compile(r"\d{1,30}", re.ASCII).fullmatch
_DIGITS = frozenset("0123456789")


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value.strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(f"{value} is not a number") from error
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(f"{value} is not a number of a sensible size")
    return number


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def trim(value: str) -> str:
    """Without blanks at both ends, and with single blanks inside.

    >>> trim("  OCEAN   AIR ")
    'OCEAN AIR'
    """
    return " ".join(value.split())


def upper(value: str) -> str:
    """In capital letters.

    >>> upper("Müller")
    'MÜLLER'
    """
    return value.upper()


def lower(value: str) -> str:
    """In small letters.

    >>> lower("HNCS")
    'hncs'
    """
    return value.lower()


def limit(value: str, most: int) -> str:
    """At most ``most`` characters; the rest is cut off.

    >>> limit("CHANGSHA", 5)
    'CHANG'
    """
    return value[:most]


def pad(value: str, width: int, with_: str = " ") -> str:
    """Filled up on the right to ``width``.

    >>> pad("A1", 4)
    'A1  '
    """
    return value.ljust(min(width, MAX_WIDTH), with_)


def fill(value: str, width: int, with_: str = "0") -> str:
    """Filled up on the left to ``width``.

    >>> fill("42", 6)
    '000042'
    """
    return value.rjust(min(width, MAX_WIDTH), with_)


def replace(value: str, old: str, new: str) -> str:
    """With ``new`` in the place of ``old``.

    >>> replace("020-1234 5678", "-", "")
    '0201234 5678'
    """
    if len(value) + value.count(old) * len(new) > MAX_TEXT:
        raise ValueError(f"may become longer than {MAX_TEXT} characters")
    return value.replace(old, new)


def prefix(value: str, text: str) -> str:
    """With ``text`` before it.

    >>> prefix("12345", "HB")
    'HB12345'
    """
    return text + value


def suffix(value: str, text: str) -> str:
    """With ``text`` behind it.

    >>> suffix("10", "%")
    '10%'
    """
    return value + text


def part(value: str, start: int, end: int) -> str:
    """The characters from ``start`` to ``end``, both counted from 1 and both included.

    >>> part("CNCSX", 3, 5)
    'CSX'
    """
    return value[start - 1 : end]


def split(value: str, separator: str, number: int) -> str:
    """The ``number``-th piece between separators, counted from 1; nothing when there are fewer.

    >>> split("MU5101/23NOV", "/", 1)
    'MU5101'
    """
    pieces = value.split(separator)
    return pieces[number - 1] if number <= len(pieces) else ""


def digits(value: str) -> str:
    """Only the digits 0–9.

    >>> digits("+86 (731) 8888-0000")
    '8673188880000'
    """
    if value.isascii() and value.isdigit():
        return value
    return "".join([char for char in value if char in _DIGITS])


def ascii_(value: str) -> str:
    """Latin letters without their accents; what then is not ASCII is left out.

    >>> ascii_("Łódź, Müller & Søn")
    'Lodz, Muller & Son'
    """
    plain = value.translate(_LETTERS)
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")


_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})


def date(value: str | int, out: str, fmt: str = "", zone: str = "", *, beside: str = "") -> str:
    """A date or time in another format; see ``hub.mapping.dates``. Element 2379 beside a 2380 is its format.

    >>> date("202611230815", "%Y-%m-%d %H:%M", beside="203")
    '2026-11-23 08:15'
    >>> date(0, "%Y%m%d%H%M%S%f3", "", "+08:00")
    '19700101080000000'
    """
    return dates.convert(value, out, fmt or beside, zone)


def birth(value: str, out: str, fmt: str = "", *, beside: str = "", now: int = 0) -> str:
    """Like ``date``, but two-digit years are in the past of ``$hub/now`` (microseconds since 1970 UTC).

    >>> birth("410502", "%Y-%m-%d", beside="101", now=1_795_000_000_000_000)
    '1941-05-02'
    """
    return dates.convert(value, out, fmt or beside, "", moment(now).year if now else 0)


@lru_cache(maxsize=64)
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def decimal(value: str, places: int) -> str:
    """A number rounded half up to ``places`` decimals.

    >>> decimal("14259,6005", 3)
    '14259.601'
    """
    if places > 0 and _WRITTEN_PLAINLY.fullmatch(value):
        whole, _, fraction = value.partition(".")
        if len(fraction) <= places:
            return f"{whole}.{fraction:0<{places}}"
    try:
        return f"{_number(value).quantize(_unit(places), ROUND_HALF_UP):f}"
    except InvalidOperation as error:
        raise ValueError(f"{value} has too many digits") from error


def times(value: str, factor: int | Decimal) -> str:
    """A number multiplied.

    >>> times("2.5", 1000)
    '2500'
    """
    return _plain(_number(value) * factor)


def quantity(value: str, unit: str, *, beside: str = "") -> str:
    """A measure in ``unit``; element 6411 beside a 6314 is the unit that it is written in (none: taken as ``unit``).

    >>> quantity("2", "KGM", beside="TNE")
    '2000'
    """
    written, factor = UNITS.get(beside or unit, ("", Decimal(0)))
    wanted, divisor = UNITS[unit]
    if written != wanted:
        raise ValueError(f"unit {beside} cannot be turned into {unit}")
    if factor == divisor and _WRITTEN_PLAINLY.fullmatch(value):
        return value
    return _plain(_number(value) * factor / divisor)


def first(values: Sequence[str]) -> str | None:
    """The first value.

    >>> first(["A", "B"])
    'A'
    """
    return values[0] if values else None


def last(values: Sequence[str]) -> str | None:
    """The last value.

    >>> last(["A", "B"])
    'B'
    """
    return values[-1] if values else None


def join(values: Sequence[str], separator: str = "") -> str:
    """All values as one text.

    >>> join(["NO 1", "HARBOUR ROAD"], " ")
    'NO 1 HARBOUR ROAD'
    """
    return separator.join(values)


def distinct(values: Sequence[str]) -> list[str]:
    """Each value once, in the order of first sight.

    >>> distinct(["A", "B", "A"])
    ['A', 'B']
    """
    return list(dict.fromkeys(values))


def count(values: Sequence[str]) -> str:
    """How many there are.

    >>> count(["A", "B"])
    '2'
    """
    return str(len(values))


def total(values: Sequence[str]) -> str | None:
    """The sum of all values; nothing when there is none.

    >>> total(["14182.000", "2,5"])
    '14184.5'
    """
    if len(values) == 1 and _WRITTEN_PLAINLY.fullmatch(values[0]):
        return values[0]
    if all(map(_WHOLE, values)):
        return str(sum(map(int, values))) if values else None
    return _plain(sum(map(_number, values), Decimal(0))) if values else None


def least(values: Sequence[str]) -> str | None:
    """The smallest number.

    >>> least(["10", "9"])
    '9'
    """
    return min(values, key=_number, default=None)


def most(values: Sequence[str]) -> str | None:
    """The greatest number.

    >>> most(["10", "9"])
    '10'
    """
    return max(values, key=_number, default=None)


def default(values: Sequence[str], otherwise: str) -> Sequence[str]:
    """The values, or ``otherwise`` when there are none.

    >>> default([], "ZZ")
    ['ZZ']
    """
    return values or [otherwise]


def chunks(values: Sequence[str], width: int) -> list[str]:
    """Every value in pieces of at most ``width`` characters, for targets that repeat.

    >>> chunks(["ABCDE"], 2)
    ['AB', 'CD', 'E']
    """
    return [value[at : at + width] for value in values for at in range(0, len(value), width)]


@dataclass(frozen=True, slots=True)
class Function:
    """One entry of the list. ``args`` are the kinds of its arguments, the first ``needs`` of them required.

    ``beside`` names a leaf and the neighbour that explains it (2380 and its format 2379): the neighbour's value is
    handed over as ``beside``. ``now`` asks for ``$hub/now``.
    """

    name: str
    call: Callable[..., Any]
    args: tuple[type, ...] = ()
    needs: int = 0
    whole: bool = False
    beside: tuple[str, str] | None = None
    now: bool = False


_STAMP = ("2380", "2379")
_MEASURE = ("6314", "6411")

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("trim", trim),
        Function("upper", upper),
        Function("lower", lower),
        Function("limit", limit, (int,), 1),
        Function("pad", pad, (int, str), 1),
        Function("fill", fill, (int, str), 1),
        Function("replace", replace, (str, str), 2),
        Function("prefix", prefix, (str,), 1),
        Function("suffix", suffix, (str,), 1),
        Function("part", part, (int, int), 2),
        Function("split", split, (str, int), 2),
        Function("digits", digits),
        Function("ascii", ascii_),
        Function("date", date, (str, str, str), 1, beside=_STAMP),
        Function("birth", birth, (str, str), 1, beside=_STAMP, now=True),
        Function("decimal", decimal, (int,), 1),
        Function("times", times, (Decimal,), 1),
        Function("quantity", quantity, (str,), 1, beside=_MEASURE),
        Function("first", first, whole=True),
        Function("last", last, whole=True),
        Function("join", join, (str,), 0, whole=True),
        Function("distinct", distinct, whole=True),
        Function("count", count, whole=True),
        Function("sum", total, whole=True),
        Function("min", least, whole=True),
        Function("max", most, whole=True),
        Function("default", default, (str,), 1, whole=True),
        Function("chunks", chunks, (int,), 1, whole=True),
    )
}
