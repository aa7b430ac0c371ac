"""Identifiers: a two-letter kind and a ULID, sortable by time (26 characters, Crockford base 32).

>>> len(new_id("CS", 0))
29
>>> new_id("CS", 0) < new_id("CS", 1000)
True
"""

import os

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        digits.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(digits))


def new_id(kind: str, at: int) -> str:
    """A fresh identifier of ``kind`` (``TR`` transmission, ``MS`` message, ``CS`` case, ``LN`` lane, ``DL`` delivery,
    ``RC`` receipt, ``WK`` work item) for the moment ``at`` (microseconds since the epoch)."""
    return f"{kind}-{_base32(at // 1000, 10)}{_base32(int.from_bytes(os.urandom(10)), 16)}"
