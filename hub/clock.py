"""Time as the hub keeps it: whole microseconds since 1970-01-01 UTC, handed in as a callable so that tests can turn it.

>>> iso(0)
'1970-01-01T00:00:00.000000Z'
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], int]
"""Returns now, in microseconds since the epoch (UTC)."""

SECOND = 1_000_000


def now() -> int:
    """The machine's time in microseconds since the epoch (UTC)."""
    return time.time_ns() // 1000


def moment(at: int) -> datetime:
    """``at`` (microseconds since the epoch) as an aware datetime in UTC."""
    return datetime.fromtimestamp(at // SECOND, UTC).replace(microsecond=at % SECOND)


def iso(at: int) -> str:
    """``at`` (microseconds since the epoch) in RFC 3339, UTC, microseconds always written."""
    return moment(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
