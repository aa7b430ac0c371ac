"""Long lists of keys, cut into parts that one statement can bind: SQLite takes 32,766 variables, and one interchange
may hold ten thousand messages.

>>> [len(part) for part in parts(range(1201))]
[500, 500, 201]
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

PART = 500


def parts(keys: Iterable[T], size: int = PART) -> Iterator[list[T]]:
    """``keys`` in lists of at most ``size``."""
    rest = iter(keys)
    while part := list(islice(rest, size)):
        yield part
