"""Dates and times (C507): whether 2380 is written in the form that 2379 beside it names.

The directory names a form by its own layout, such as ``CCYYMMDDHHMM``. Layouts of other words, and of quarters,
semesters and time zones, are not judged.

>>> fits("CCYYMMDD", "20260229"), fits("YYMMDD", "280229"), fits("CCYYMMDD-CCYYMMDD", "2026110120261130")
(False, True, True)
>>> fits("CCYYMMDDHHMM", "20261123"), fits("Week", "anything")
(False, True)
"""

import re
from functools import lru_cache

_WORDS = re.compile(r"CC|YY|DDD|DD|MM|HH|SS|WW|-")
_DIGITS = {
    "CC": r"\d\d",
    "YY": r"\d\d",
    "month": r"(?:0[1-9]|1[0-2])",
    "DD": r"(?:0[1-9]|[12]\d|3[01])",
    "DDD": r"(?:[0-2]\d\d|3[0-5]\d|36[0-6])",
    "WW": r"(?:0[1-9]|[1-4]\d|5[0-3])",
    "HH": r"(?:[01]\d|2[0-4])",
    "minute": r"[0-5]\d",
    "SS": r"(?:[0-5]\d|60)",
    "-": "-?",  # the two ends of a period follow each other with a hyphen or without
}
_SHORT = {"02": 29, "04": 30, "06": 30, "09": 30, "11": 30}  # days of the shorter months; of February in a leap year


@lru_cache(maxsize=4096)  # the dates of a day's traffic are few
def fits(layout: str, value: str) -> bool:
    """Whether ``value`` is a date or time of ``layout``; True where that cannot be judged."""
    form = _form(layout)
    if form is None:
        return True
    if form.pattern.fullmatch(value) is None:
        return False
    year, month, day = form.year, form.month, form.day
    return year < 0 or _exists(value[year : year + 2], value[month : month + 2], value[day : day + 2])


class _Form:
    """A layout that is judged: its pattern and, where it has one whole date, where year, month and day begin."""

    __slots__ = ("day", "month", "pattern", "year")

    def __init__(self, pattern: re.Pattern[str], places: tuple[int, int, int]) -> None:
        self.pattern = pattern
        self.year, self.month, self.day = places


@lru_cache(maxsize=200)
def _form(layout: str) -> _Form | None:
    words = _WORDS.findall(layout)
    if not words or "".join(words) != layout:
        return None
    named = [("minute" if _timed(words[:at]) else "month") if word == "MM" else word for at, word in enumerate(words)]
    whole = {"YY", "month", "DD"} <= set(named) and "-" not in named
    places = (layout.find("YY"), layout.find("MM"), layout.find("DD")) if whole else (-1, -1, -1)
    return _Form(re.compile("".join(_DIGITS[word] for word in named), re.ASCII), places)


def _timed(before: list[str]) -> bool:
    """Whether an MM behind those words are minutes: hours stand before them, since the last hyphen."""
    since = before[len(before) - before[::-1].index("-") :] if "-" in before else before
    return "HH" in since


def _exists(year: str, month: str, day: str) -> bool:
    """Whether the month has that day; years of two digits divide by four as those of four do."""
    leap = int(year) % 4 == 0
    return int(day) <= (28 if month == "02" and not leap else _SHORT.get(month, 31))
