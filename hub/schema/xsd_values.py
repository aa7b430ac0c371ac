"""A value of an XSD simple type, for samples: what its enumeration, patterns, lengths and bounds allow.

Candidates are tried in turn, those of its own facets first; each must be valid for the type itself.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hub.errors import WriteError
from hub.schema.patterns import example
from hub.schema.sampling import Sampling

XS = "{http://www.w3.org/2001/XMLSchema}"
_TRIES = 60
_LONGEST = 40  # characters of a text, where it may be longer
_FIXED = {
    "boolean": ("true", "false"),
    "base64Binary": ("U2FtcGxl",),
    "hexBinary": ("CAFE",),
    "anyURI": ("urn:sample",),
    "duration": ("P1D",),
    "gYear": ("2026",),
    "gYearMonth": ("2026-01",),
    "gMonthDay": ("--01-31",),
    "gMonth": ("--01",),
    "gDay": ("---31",),
    "float": ("1.5",),
    "double": ("1.5",),
}
"""Values by primitive type, where nothing about them need vary."""


def value(kind: Any, title: str, sampling: Sampling) -> str:
    """A value of the simple type ``kind``. Raises WriteError when none is found that satisfies all of its facets."""
    members = _members(kind)
    if members:
        return value(members[0], title, sampling)
    for candidate in _candidates(kind, title, sampling):
        if kind.is_valid(candidate):
            return candidate
    raise WriteError(f"no sample for the type {kind.local_name or ''} of {title}: its facets are too narrow")


def _members(kind: Any) -> list[Any]:
    """The types of which ``kind``, a union or a list, is made up; none for an atomic type."""
    while kind is not None:
        if hasattr(kind, "member_types"):
            return list(kind.member_types)
        if hasattr(kind, "item_type"):
            return [kind.item_type]
        kind = kind.base_type
    return []


def _candidates(kind: Any, title: str, sampling: Sampling) -> Iterator[str]:
    listed = [str(one) for one in kind.enumeration or () if one is not None]
    if listed:
        start = sampling.dice.randrange(len(listed))
        yield from listed[start:] + listed[:start]
        return
    patterns = list(_patterns(kind))
    for _ in range(_TRIES if patterns else 0):
        yield from (example(pattern, sampling.dice) for pattern in patterns)
    for _ in range(_TRIES):
        yield from _plain(kind, title, sampling)


def _patterns(kind: Any) -> Iterator[str]:
    """The patterns of ``kind`` and of what it restricts, its own first."""
    while kind is not None:
        if kind.patterns is not None:
            yield from kind.patterns.regexps
        kind = kind.base_type


def _plain(kind: Any, title: str, sampling: Sampling) -> Iterator[str]:
    name = kind.primitive_type.local_name
    day, clock = sampling.day(), sampling.clock()
    date, time = f"{day[:4]}-{day[4:6]}-{day[6:]}", f"{clock[:2]}:{clock[2:]}:00"
    moments = {"date": date, "time": time, "dateTime": f"{date}T{time}"}
    if name in moments:
        yield moments[name]
    elif name in _FIXED:
        yield from _FIXED[name]
    elif name == "decimal":
        yield from _numbers(kind, sampling)
    else:
        low, high = kind.min_length or 0, kind.max_length
        yield sampling.text(title, low, min(high, max(low, _LONGEST)) if high is not None else max(low, _LONGEST))
        yield sampling.letters(max(low, 1))
        yield ""


def _numbers(kind: Any, sampling: Sampling) -> Iterator[str]:
    yield sampling.digits(1, 2)
    yield f"{sampling.digits(1, 1)}.{sampling.digits(1, 1)}"
    for bound, step in ((kind.min_value, 1), (kind.max_value, -1)):
        if bound is not None:
            yield from (f"{Decimal(bound):f}", f"{Decimal(bound) + step:f}", f"{Decimal(bound) + step / Decimal(10):f}")
