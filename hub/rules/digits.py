"""Check digits of the numbers that trade and transport name things by."""

import re
from collections.abc import Callable

_CONTAINER = re.compile(r"[A-Z]{3}[UJZR]\d{7}", re.ASCII)
_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (value for value in range(10, 39) if value % 11), strict=True))


def gs1(number: str) -> bool:
    """GTIN, GLN, SSCC: the last digit makes the others, times three and one in turn, a multiple of ten.

    >>> gs1("4006381333931"), gs1("4006381333930")
    (True, False)
    """
    return _digits(number) and sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(reversed(number))) % 10 == 0


def iso6346(number: str) -> bool:
    """A freight container: owner, category and serial number, each place twice the one before, modulo eleven.

    >>> iso6346("CSQU3054383"), iso6346("CSQU3054384")
    (True, False)
    """
    if not _CONTAINER.fullmatch(number):
        return False
    values = [_LETTERS[char] if char.isalpha() else int(char) for char in number[:10]]
    return sum(value << at for at, value in enumerate(values)) % 11 % 10 == int(number[10])


def imo(number: str) -> bool:
    """A ship's IMO number: seven digits, the first six times seven to two.

    >>> imo("9074729"), imo("9074728")
    (True, False)
    """
    if not _digits(number) or len(number) != 7:
        return False
    return sum(int(digit) * (7 - at) for at, digit in enumerate(number[:6])) % 10 == int(number[6])


def awb(number: str) -> bool:
    """An air waybill: an airline's three digits, a serial number of seven, and its remainder by seven. A hyphen behind
    the airline is passed over.

    >>> awb("125-12345675"), awb("12512345674")
    (True, False)
    """
    plain = number[:3] + number[4:] if number[3:4] == "-" else number
    return _digits(plain) and len(plain) == 11 and int(plain[3:10]) % 7 == int(plain[10])


def _digits(number: str) -> bool:
    return number.isascii() and number.isdigit()


CHECKS: dict[str, Callable[[str], bool]] = {"gs1": gs1, "iso6346": iso6346, "imo": imo, "awb": awb}
"""By the names that a rule gives them."""
