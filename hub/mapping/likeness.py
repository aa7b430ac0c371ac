"""How two values, or the names of two places, may belong together: what `hub map new` guesses by.

>>> list(ways("20261123", "2026-11-23", "102"))
["date('%Y-%m-%d')", "birth('%Y-%m-%d')"]
>>> list(ways("12.5", "12.500", ""))
['decimal(3)']
>>> list(ways("oceanair", "OCEANAIR", ""))
['upper']
>>> list(ways("A", "B", ""))
[]
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from hub.mapping import dates
from hub.mapping.functions import ascii_, decimal, digits, lower, trim, upper
from hub.schema.model import Node

_DATES = (
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y%m%d%H%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y%m%d%H%M%S%f3",
    "%y%m%d",
    "%y%m%d%H%M",
)
_SIMPLE = (("trim", trim), ("upper", upper), ("lower", lower), ("digits", digits), ("ascii", ascii_))
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_EMPTY_WORDS = frozenset({"of", "the", "and", "or", "to", "a", "in", "for", "by", "code", "identifier", "id", "number"})
_SHORT = 3  # letters of a word that names are compared by begin alike


def ways(value: str, wanted: str, fmt: str) -> Iterator[str]:
    """The functions that make ``wanted`` of ``value`` (empty: they are equal). ``fmt``: the 2379 beside it, by which a
    date is read without being told."""
    if value == wanted:
        yield ""
        return
    yield from (name for name, function in _SIMPLE if function(value) == wanted)
    yield from _numbers(value, wanted)
    yield from _dates(value, wanted, fmt)


def joined(values: Sequence[str], wanted: str) -> str | None:
    """The function that makes ``wanted`` of several values."""
    return next((f"join('{by}')" for by in (" ", "", ",", "-") if by.join(values) == wanted), None)


def alike(first: Sequence[Node], second: Sequence[Node]) -> float:
    """How much the names of two places say the same, 0 to 1: their last nodes count most."""
    one, other = _words(first), _words(second)
    if not one or not other:
        return 0.0
    shared = sum(min(weight, other.get(word, 0.0)) for word, weight in one.items())
    return shared / min(sum(one.values()), sum(other.values()))


def _words(nodes: Sequence[Node]) -> dict[str, float]:
    found: dict[str, float] = {}
    for depth, node in enumerate(reversed(nodes[-3:])):
        title = node.title.rpartition(" / ")[2]
        for word in _of(f"{title} {node.tag}"):
            found.setdefault(word, 1.0 / (1 + depth))
    return found


@lru_cache(maxsize=4096)
def _of(text: str) -> tuple[str, ...]:
    words = (word.lower() for word in _WORD.findall(text))
    return tuple(dict.fromkeys(word for word in words if len(word) >= _SHORT and word not in _EMPTY_WORDS))


def _numbers(value: str, wanted: str) -> Iterator[str]:
    places = len(wanted.partition(".")[2])
    with suppress(ValueError):
        if places <= 9 and decimal(value, places) == wanted:
            yield f"decimal({places})"


def _dates(value: str, wanted: str, fmt: str) -> Iterator[str]:
    year = _YEAR.search(wanted)
    for function, latest in (("date", 0), ("birth", int(year.group()) if year else 0)):
        for out in _DATES if function == "date" or latest else ():
            for given in (fmt,) if fmt else ("102", "203", "204", "101", ""):
                with suppress(ValueError):
                    if dates.convert(value, out, given, "", latest) == wanted:
                        yield f"{function}('{out}')" if given == fmt else f"{function}('{out}', '{given}')"
