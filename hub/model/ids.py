"""Identifiers: a two-letter kind and a ULID, sortable by time (26 characters, Crockford base 32).

>>> len(new_id("CS", 0))
29
>>> new_id("CS", 0) < new_id("CS", 0) < new_id("CS", 1000)
True
"""

import os
import threading
from functools import lru_cache, partial

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)  # ten bits at a time


def _base32(number: int, bits: int) -> str:
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(bits - 10, -1, -10)])


_moment = lru_cache(maxsize=2)(partial(_base32, bits=50))  # many ids are made in one millisecond


class _Draw:
    """Draws the lower 80 bits. Within one millisecond they grow, so that ids sort as they were made (ULID, monotonic):
    a partner finds its messages in the order in which they were written."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._moment = -1
        self._number = 0

    def __call__(self, moment: int) -> int:
        with self._guard:
            if moment == self._moment:
                self._number += 1 + os.urandom(1)[0]
            else:
                self._moment, self._number = moment, int.from_bytes(os.urandom(10)) >> 1  # with room to grow
            return self._number


_draw = _Draw()


def new_id(kind: str, at: int) -> str:
    """A fresh identifier of ``kind`` (``TR`` transmission, ``MS`` message, ``CS`` case, ``LN`` lane, ``DL`` delivery,
    ``RC`` receipt, ``WK`` work item, ``AP`` approval, ``AC`` activation of a pack) for the
    moment ``at`` (microseconds since the epoch)."""
    return f"{kind}-{_moment(at // 1000)}{_base32(_draw(at // 1000), 80)}"
