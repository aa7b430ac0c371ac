"""The envelope's own elements, ISA to IEA, and what each may hold. Faults are findings' keys and element numbers."""

import re
from collections.abc import Callable, Iterator
from datetime import date

Fault = tuple[str, int]

QUALIFIERS = frozenset([f"{number:02}" for number in (*range(1, 5), *range(7, 39))] + ["AM", "NR", "SA", "SN", "ZZ"])
"""How a party is named (I05)."""

_REPEATS = "00402"  # from this version on, ISA11 is the repetition separator
_VERSIONS = re.compile(r"00[2-8]\d\d")
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?")


def isa_faults(fields: list[str]) -> Iterator[Fault]:
    """What is wrong with the values of ISA01 to ISA16, given without the blanks behind them."""
    for element, check, key in _ISA:
        if not check(fields[element - 1]):
            yield key, element
    standard, version = fields[10], fields[11]
    if version < _REPEATS and standard != "U":
        yield "isa-standard", 11
    elif version >= _REPEATS and (standard.isalnum() or not standard) and standard != "U":
        yield "isa-repetition", 11


def gs_faults(fields: list[str]) -> Iterator[Fault]:
    """What is wrong with GS01 to GS08, given with the tag in front; what is missing is empty."""
    values = [*fields[1:9], *[""] * (9 - len(fields))]
    for element, check, key in _GS:
        if not check(values[element - 1]):
            yield key, element
    if len(fields) > 9:
        yield "gs-excess", 9


def st_faults(number: str, ref: str) -> Iterator[Fault]:
    """What is wrong with ST02; ST01 is judged by whether there is such a set."""
    if number and not (4 <= len(ref) <= 9 and ref.isascii() and ref.isalnum()):
        yield "st-number", 2


def is_day(text: str) -> bool:
    """YYMMDD or CCYYMMDD."""
    if not (text.isascii() and text.isdigit() and len(text) in (6, 8)):
        return False
    full = text if len(text) == 8 else f"20{text}"
    try:
        date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """HHMM, HHMMSS, or with a part of a second."""
    return _TIME.fullmatch(text) is not None


def _number(most: int, least: int = 1) -> Callable[[str], bool]:
    return lambda text: text.isascii() and text.isdigit() and least <= len(text) <= most


def _among(*values: str) -> Callable[[str], bool]:
    return lambda text: text in values


def _named(text: str) -> bool:
    return bool(text.strip()) and text.isascii() and text.isprintable()


_Row = tuple[int, Callable[[str], bool], str]

_ISA: tuple[_Row, ...] = (
    (1, _among("00", "01", "02", "03", "04", "05", "06"), "isa-authorization"),
    (3, _among("00", "01"), "isa-security"),
    (5, lambda text: text in QUALIFIERS, "isa-sender-qualifier"),
    (6, _named, "isa-sender"),
    (7, lambda text: text in QUALIFIERS, "isa-receiver-qualifier"),
    (8, _named, "isa-receiver"),
    (9, lambda text: len(text) == 6 and is_day(text), "isa-date"),
    (10, lambda text: len(text) == 4 and is_time(text), "isa-time"),
    (12, lambda text: _VERSIONS.fullmatch(text) is not None, "isa-version"),
    (13, _number(9, 9), "isa-number"),
    (14, _among("0", "1"), "isa-acknowledge"),
    (15, _among("P", "T", "I"), "isa-usage"),
)

_GS: tuple[_Row, ...] = (
    (1, lambda text: len(text) == 2 and text.isascii() and text.isalnum(), "gs-element"),
    (2, lambda text: _named(text) and len(text) <= 15, "gs-element"),
    (3, lambda text: _named(text) and len(text) <= 15, "gs-element"),
    (4, is_day, "gs-element"),
    (5, is_time, "gs-element"),
    (6, _number(9), "gs-number"),
    (7, _among("X", "T"), "gs-element"),
    (8, lambda text: 1 <= len(text) <= 12 and text.isascii() and text.isalnum(), "gs-version"),
)
