"""Dates and times as documents write them, read strictly and without guessing more than the century of two digits.

Read are CCYYMMDD, CCYYMMDDHHMM, CCYYMMDDHHMMSS, YYMMDD and YYMMDDHHMM (UN/EDIFACT 2379: 102, 203, 204, 101, 201), and
the extended form of ISO 8601 with or without a time, a fraction and a zone. Two digits of a year are 2000 to 2069 or
1970 to 1999, as in POSIX.

>>> read("20261124"), read("2026-11-24T09:30+08:00").day
(Instant(day=datetime.date(2026, 11, 24), at=None), datetime.date(2026, 11, 24))
>>> read("20260230"), read("next week")
(None, None)
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BASIC = re.compile(r"(?P<year>(?:\d\d)?\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d))?", re.A)
_SECONDS = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)", re.A
)
_EXTENDED = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.A,
)
_LONGEST = 40
CHINA = "+08:00"
"""The zone of a time that does not say its own: China has one."""


class Instant(NamedTuple):
    """A day, and the time in it in µs since the epoch (UTC); None where only the day is given."""

    day: date
    at: int | None


def read(text: str, zone: str = CHINA) -> Instant | None:
    """What ``text`` says; None when it is no date of those forms, or a day or time that does not exist. A time without
    a zone of its own is in ``zone``."""
    match = _BASIC.fullmatch(text) or _SECONDS.fullmatch(text) or _EXTENDED.fullmatch(text) if _short(text) else None
    if match is None:
        return None
    told = match.groupdict()
    try:
        day = date(_year(told["year"]), int(told["month"]), int(told["day"]))
        return Instant(day, _at(day, told, zone) if told.get("hour") else None)
    except (ValueError, OverflowError):  # no such day or time
        return None


def offset(zone: str) -> timedelta:
    """A zone (``Z``, ``+08:00``, ``-0330``, ``+08``) as its distance from UTC. Raises ValueError for what is none."""
    if zone == "Z":
        return timedelta(0)
    if not re.fullmatch(r"[+-]\d\d(:?\d\d)?", zone, re.A):
        raise ValueError('is no zone; write it as "+08:00" or "Z"')
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 15 or minutes > 59:
        raise ValueError("is no zone: no place is so far from UTC")
    far = timedelta(hours=hours, minutes=minutes)
    return -far if zone[0] == "-" else far


def distance(one: Instant, other: Instant, zone: str = CHINA) -> int:
    """How much later ``one`` is than ``other``, in µs; whole days, as people count them in ``zone``, when one of both
    is only a day."""
    if one.at is not None and other.at is not None:
        return one.at - other.at
    return (day(one, zone) - day(other, zone)).days * _DAY


def day(instant: Instant, zone: str = CHINA) -> date:
    """The day, as people count it in ``zone``."""
    if instant.at is None:
        return instant.day
    try:
        return (_EPOCH + timedelta(microseconds=instant.at) + offset(zone)).date()
    except OverflowError:  # the first or the last day of the calendar
        return instant.day


def _short(text: str) -> bool:
    return len(text) <= _LONGEST


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _at(day: date, told: dict[str, str | None], zone: str) -> int:
    hour, minute, second = (int(told.get(name) or 0) for name in ("hour", "minute", "second"))
    part = int((told.get("part") or "").ljust(6, "0")[:6])
    moment = datetime.combine(day, time(hour, minute, second, part), timezone(offset(told.get("zone") or zone)))
    return (moment - _EPOCH) // timedelta(microseconds=1)
