"""Dates and times between the format codes of UN/EDIFACT element 2379, ISO 8601 and patterns such as ``%Y%m%d``.

A format is a 2379 code (``102``), a pattern of ``%Y %y %m %d %j %H %M %S %f3 %f6 %z %Z`` or
``iso``; ``%z`` is an offset, ``%Z`` the letters UTC. A date without a time
is at midnight. Two-digit years 69–99 are 1969–1999 and 00–68 are 2000–2068, as in POSIX, unless ``latest`` says more.

>>> convert("2611230815", "%Y-%m-%dT%H:%M:%S", "201")
'2026-11-23T08:15:00'
>>> convert("541016", "%Y-%m-%d", "101", latest=2026)
'1954-10-16'
>>> convert("2026-11-23T00:30:00Z", "102", zone="+08:00")
'20261123'
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

# UN/EDIFACT code list 2379: the formats that stand for one point in time.
CODES = {
    "2": "%d%m%y",
    "3": "%m%d%y",
    "4": "%d%m%Y",
    "101": "%y%m%d",
    "102": "%Y%m%d",
    "105": "%y%j",
    "107": "%j",
    "201": "%y%m%d%H%M",
    "202": "%y%m%d%H%M%S",
    "203": "%Y%m%d%H%M",
    "204": "%Y%m%d%H%M%S",
    "205": "%Y%m%d%H%M%z",
    "301": "%y%m%d%H%M%Z",
    "302": "%y%m%d%H%M%S%Z",
    "303": "%Y%m%d%H%M%Z",
    "304": "%Y%m%d%H%M%S%Z",
    "401": "%H%M",
    "402": "%H%M%S",
    "602": "%Y",
    "609": "%y%m",
    "610": "%Y%m",
}
_BY_LENGTH = {6: "101", 8: "102", 10: "201", 12: "203", 14: "204"}
_DIRECTIVE = re.compile(r"%(f3|f6|[YymdjHMSzZ%])")
_INPUT = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d\d)",
    "m": r"(?P<m>\d\d)",
    "d": r"(?P<d>\d\d)",
    "j": r"(?P<j>\d{3})",
    "H": r"(?P<H>\d\d)",
    "M": r"(?P<M>\d\d)",
    "S": r"(?P<S>\d\d)",
    "f3": r"(?P<f>\d{3})",
    "f6": r"(?P<f>\d{6})",
    "z": r"(?P<z>Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    "Z": r"(?P<z>Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    "%": "%",
}
_ISO = re.compile(
    r"(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
    r"([T ](?P<H>\d\d):(?P<M>\d\d)(:(?P<S>\d\d)([.,](?P<f>\d{1,6})\d*)?)?)?(?P<z>Z|[+-]\d\d:?\d\d)?"
)


def known(fmt: str) -> bool:
    """Whether ``fmt`` is a format of this module; used when a mapping is loaded."""
    return fmt == "iso" or fmt in CODES or ("%" in fmt and "%" not in _DIRECTIVE.sub("", fmt))


def zone(text: str) -> timezone:
    """``+08:00``, ``-0330``, ``Z``, ``UTC`` or ``GMT`` as an offset. Raises ValueError."""
    if text in ("Z", "UTC", "GMT"):
        return UTC
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text)
    if match is None:
        raise ValueError(f"{text} is not an offset such as +08:00")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)


@lru_cache(maxsize=16_384)
def convert(value: str | int, out: str, fmt: str = "", zone: str = "", latest: int = 0) -> str:
    """``value`` in ``fmt`` (empty: ISO or told by its length; an int: microseconds since 1970 UTC) written as ``out``.

    ``zone`` is the offset to show; a value that names no zone is shown as it is. ``latest`` is the last year that two
    digits may mean. Raises ValueError when the value is not of the format or not a date.
    """
    at = _from_microseconds(value) if isinstance(value, int) else _read(value, fmt, latest)
    if zone and at.tzinfo is not None:
        at = _shifted(at, zone)
    return _written(at, out)


def _from_microseconds(value: int) -> datetime:
    try:
        return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{value} is not a time") from error


def _shifted(at: datetime, offset: str) -> datetime:
    try:
        return at.astimezone(zone(offset))
    except OverflowError as error:
        raise ValueError(f"{at} cannot be shown at {offset}") from error


def _read(value: str, fmt: str, latest: int) -> datetime:
    match = _pattern(fmt or _guess(value)).fullmatch(value)
    if match is None or not value.isascii():
        raise ValueError(f"{value} is not of date format {fmt or _guess(value)}")
    part = match.groupdict()
    year = _year(part.get("Y"), part.get("y"), latest)
    fraction = (part.get("f") or "0").ljust(6, "0")
    found = datetime(
        year,
        int(part.get("m") or 1),
        int(part.get("d") or 1),
        int(part.get("H") or 0),
        int(part.get("M") or 0),
        int(part.get("S") or 0),
        int(fraction),
        zone(part["z"]) if part.get("z") else None,
    )
    return found if part.get("j") is None else _day_of_year(found, int(part["j"]))


def _day_of_year(january: datetime, day: int) -> datetime:
    found = january + timedelta(days=day - 1)
    if found.year != january.year:
        raise ValueError(f"the year {january.year} has no day {day}")
    return found


def _year(full: str | None, short: str | None, latest: int) -> int:
    if full is not None:
        return int(full)
    if short is None:
        return 1900  # a time of day alone; its date is never written
    year = int(short)
    if not latest:
        return year + (1900 if year >= 69 else 2000)
    century = latest - latest % 100
    return century + year if century + year <= latest else century - 100 + year


def _guess(value: str) -> str:
    return _BY_LENGTH.get(len(value), "iso") if value.isdecimal() else "iso"


@lru_cache(maxsize=512)
def _pattern(fmt: str) -> re.Pattern[str]:
    if fmt == "iso":
        return _ISO
    text = CODES.get(fmt, fmt)
    if not known(text):
        raise ValueError(f"date format {fmt} is not known")
    at, regex = 0, ""
    for match in _DIRECTIVE.finditer(text):
        regex += re.escape(text[at : match.start()]) + _INPUT[match[1]]
        at = match.end()
    return re.compile(regex + re.escape(text[at:]))


def _letters(at: datetime) -> str:
    if at.tzinfo is None:
        return ""
    if at.utcoffset():
        raise ValueError(f"{at.isoformat()} is not in UTC, and only UTC has letters here; show it in zone UTC")
    return "UTC"


_OUTPUT: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "d": lambda at: f"{at.day:02}",
    "j": lambda at: f"{at.timetuple().tm_yday:03}",
    "H": lambda at: f"{at.hour:02}",
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "f3": lambda at: f"{at.microsecond // 1000:03}",
    "f6": lambda at: f"{at.microsecond:06}",
    "z": lambda at: "" if at.tzinfo is None else at.isoformat()[-6:].replace("+00:00", "Z"),
    "Z": lambda at: _letters(at),
    "%": lambda at: "%",
}


def _written(at: datetime, out: str) -> str:
    if out == "iso":
        return at.isoformat().replace("+00:00", "Z")
    return _DIRECTIVE.sub(lambda match: _OUTPUT[match[1]](at), CODES.get(out, out))
