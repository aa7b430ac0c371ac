"""Texts of strangers as numbers, exactly and without effort: what is too long to be a number of trade is none.

>>> number("12.50"), number("12,5"), number("1e9"), number("NaN")
(Decimal('12.50'), Decimal('12.5'), None, None)
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import reduce

SHOWN = 70
"""Characters of a value that a finding quotes."""

LONGEST = 1_000
"""Characters of a value that a rule looks into; a longer one is not what any rule asks for."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:[.,][0-9]{0,30})?|[.,][0-9]{1,30})")
_EXACT = Context(prec=4_000)  # a product of sixty numbers of sixty digits, and sums of as many as memory holds


def number(text: str) -> Decimal | None:
    """A number with either decimal mark, of up to thirty digits before and behind it; None for what is none. Exponents
    are none: no agency writes a price with one."""
    return Decimal(text.replace(",", ".")) if len(text) <= 62 and _NUMBER.fullmatch(text) else None


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return reduce(_EXACT.add, numbers, Decimal(0))


def product(numbers: Iterable[Decimal]) -> Decimal:
    """The exact product of up to sixty numbers."""
    return reduce(_EXACT.multiply, numbers, Decimal(1))


def difference(one: Decimal, other: Decimal) -> Decimal:
    """One number less another, exactly."""
    return _EXACT.subtract(one, other)


def plain(value: Decimal) -> str:
    """A number as people write it, without an exponent.

    >>> plain(Decimal("1E+3")), plain(Decimal("0.50")), plain(Decimal("-0"))
    ('1000', '0.5', '0')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shown(text: str) -> str:
    """A value as findings quote it: no control characters, and not endless.

    >>> shown("A\\nB"), len(shown("9" * 20_000))
    ('A\\\\nB', 70)
    """
    text = text[: SHOWN + 1]
    text = text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def masked(text: str) -> str:
    """A number that names a person, as findings quote it: its ends only, which its owner recognises.

    >>> masked("11010519491231002X"), masked("L89")
    ('1101**********002X', '***')
    """
    text = shown(text)
    ends = min(4, len(text) // 4)
    return f"{text[:ends]}{'*' * (len(text) - 2 * ends)}{text[len(text) - ends :]}"


def folded(text: str) -> str:
    """A text apart from the case and width of its letters and from runs of blanks; a very long one as it is.

    >>> folded("ＡＢＣ  Trading ") == folded("abc TRADING")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()) if len(text) <= LONGEST else text


def digits(text: str) -> str | None:
    """Only the digits 0–9 of a text; None where there are none, or no end of them.

    >>> digits("+86 (731) 8888-0000")
    '8673188880000'
    """
    return "".join(char for char in text if char in "0123456789") or None if len(text) <= LONGEST else None
