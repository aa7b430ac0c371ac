"""Identifiers: a two-letter kind and a ULID, sortable by time (26 characters, Crockford base 32).

>>> len(new_id("CS", 0))
29
>>> new_id("CS", 0) < new_id("CS", 1000)
True
"""

import os
from functools import lru_cache, partial

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)  # ten bits at a time


def _base32(number: int, bits: int) -> str:
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(bits - 10, -1, -10)])


_moment = lru_cache(maxsize=2)(partial(_base32, bits=50))  # many ids are made in one millisecond


def new_id(kind: str, at: int) -> str:
    """A fresh identifier of ``kind`` (``TR`` transmission, ``MS`` message, ``CS`` case, ``LN`` lane, ``DL`` delivery,
    ``RC`` receipt, ``WK`` work item, ``AP`` approval, ``AC`` activation of a pack) for the
    moment ``at`` (microseconds since the epoch)."""
    return f"{kind}-{_moment(at // 1000)}{_base32(int.from_bytes(os.urandom(10)), 80)}"
