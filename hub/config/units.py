"""Durations and sizes as people write them: ``"500ms"``, ``"20s"``, ``"5m"``, ``"24h"``, ``"7d"``; ``"32 kB"``.

>>> microseconds("1.5s")
1500000
>>> octets("64 MiB")
67108864
"""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

_TIMES = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_SIZES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?([A-Za-z]{1,3})")


def microseconds(text: Any) -> int:
    """A duration such as ``"20s"`` in microseconds. Raises ValueError when it is none."""
    return _amount(text, _TIMES, 'write a duration such as "500ms", "20s", "5m", "24h" or "7d"')


def octets(text: Any) -> int:
    """A size such as ``"64 MiB"`` in bytes. Raises ValueError when it is none."""
    return _amount(text, _SIZES, 'write a size such as "32 kB" or "64 MiB"')


def _amount(text: Any, units: dict[str, int], mend: str) -> int:
    match = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[2] not in units:
        raise ValueError(mend)
    return int(Decimal(match[1]) * units[match[2]])


Duration = Annotated[int, BeforeValidator(microseconds)]
"""A field written as a duration, held in microseconds."""

Size = Annotated[int, BeforeValidator(octets)]
"""A field written as a size, held in bytes."""
