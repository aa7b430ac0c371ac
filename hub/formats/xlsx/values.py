"""What stands in a cell, as the text that a CSV file would have: days and numbers as a person sees them, or a finding.

>>> number("46349", Style(timed=True), DataType.DATE, from_1904=False), number("7", Style(digits=3), None)
('2026-11-23', '007')
>>> number("0.30000000000000004", Style(), None), number("1E-3", Style(), None)
('0.3', '0.001')
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from hub.formats.xlsx.book import Style
from hub.schema.model import DataType

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DIGITS = 15  # that a spreadsheet keeps of a number (29500-1 §18.3.1.96 is a double)
_MOST = 10.0**_DIGITS
_DAYS = 2_958_466  # from 1900 to the end of 9999
_SECONDS = 24 * 60 * 60
_NO_SUCH_DAY = 60  # the calendar of 1900 has a 29 February that never was (§18.17.4.1)


class Doubtful(Exception):
    """A value that cannot be what its sender wrote; its argument is the key of the finding."""


def number(value: str, style: Style, kind: DataType | None, *, from_1904: bool = False) -> str:
    """A number in a column of type ``kind``. Raises Doubtful, ValueError for what is no number."""
    if not _NUMBER.fullmatch(value):
        raise ValueError(value)
    amount = float(value)
    if style.timed and 0 <= amount < _DAYS:
        return moment(amount, kind, from_1904=from_1904)
    if abs(amount) >= _MOST:
        raise Doubtful("precision")
    plain = format(Decimal(format(amount, f".{_DIGITS}g")), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    plain = "0" if plain == "-0" else plain
    return plain.zfill(style.digits) if plain.isdecimal() else plain


def moment(serial: float, kind: DataType | None, *, from_1904: bool) -> str:
    """A count of days as a day, a day and time, or a time. Raises Doubtful where the column wants text: a spreadsheet
    makes days of much that was none (``1-2``, ``MAR1``)."""
    if kind in (DataType.TEXT, DataType.ALPHA):
        raise Doubtful("day-for-text")
    days, seconds = divmod(round(serial * _SECONDS), _SECONDS)
    if not from_1904 and days == _NO_SUCH_DAY:
        return "1900-02-29"
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if days > _NO_SUCH_DAY else 31)  # noqa: DTZ001
    try:
        at = start + timedelta(days=days, seconds=seconds)
    except OverflowError:
        raise ValueError(serial) from None
    if days == 0 and seconds:
        return at.strftime("%H:%M:%S")
    day = f"{at.year:04}-{at.month:02}-{at.day:02}"
    return day if not seconds and kind is not DataType.DATETIME else f"{day}T{at:%H:%M:%S}"
