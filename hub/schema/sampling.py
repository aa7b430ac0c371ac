"""How much of a type a sample shows, and the values of its leaves: synthetic, readable, the same for the same seed.

Nothing here looks at the clock or at real data: a text is the title of its element, a number small, a day in 2026.
"""

import random
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from hub.schema.model import DataType, Node

T = TypeVar("T")

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DAY = "2026{month:02}{day:02}"


class Extent(StrEnum):
    """How much of what is optional a sample has."""

    MINIMAL = "minimal"  # only what must be there
    FULL = "full"  # everything once
    VARIED = "varied"  # some of it, by the dice; what repeats comes up to three times


class Sampling:
    """The choices of one sample. The same ``extent`` and ``seed`` always choose alike; ``dice`` replaces the seed."""

    def __init__(self, extent: Extent, seed: int | str = 0, dice: random.Random | None = None) -> None:
        self.extent = extent
        self.dice = dice or random.Random(f"{extent}:{seed}")

    def times(self, low: int, high: int | None) -> int:
        """How often something that may come ``low`` to ``high`` times (None: without end) comes."""
        most = max(low, 1) if high is None else high
        if self.extent is Extent.MINIMAL:
            return low
        if self.extent is Extent.FULL:
            return max(low, min(1, most))
        if low == 0 and self.dice.randrange(5) < 3:
            return 0
        return min(max(low, 1) + self.dice.choice((0, 0, 0, 1, 2)), 3 if high is None else max(high, low))

    def one(self, values: Sequence[T]) -> T:
        """One of ``values``."""
        return self.dice.choice(values)

    def leaf(self, node: Node, codes: Mapping[str, str] | None = None) -> str:
        """A value that ``node`` may hold; one of ``codes`` that fits it, where there are any."""
        fitting = [code for code in codes or () if _fits(code, node)]
        return self.one(fitting) if fitting else self._plain(node)

    def text(self, title: str, low: int, high: int) -> str:
        """``title`` in capitals, ``low`` to ``high`` characters long, blanks neither first nor last."""
        said = "".join(char if char.isalnum() else " " for char in title.rpartition(" / ")[2] if char.isascii())
        words = f"{' '.join(said.upper().split())} {self.dice.randrange(1, 1000)}".strip()
        words = words[:high].strip() if high > 3 else ""
        return words + self.letters(max(low, 1) - len(words)) if len(words) < max(low, 1) else words

    def letters(self, count: int) -> str:
        """``count`` capital letters; none when it is below 1."""
        return "".join(self.dice.choice(_LETTERS) for _ in range(count))

    def digits(self, low: int, high: int) -> str:
        """A number of ``low`` to ``high`` digits, small where it may be; it does not begin with 0."""
        count = max(low, min(high, 1 + self.dice.randrange(3)), 1)
        return "".join(self.dice.choice("123456789") for _ in range(count))

    def day(self) -> str:
        """A day of 2026 as ``CCYYMMDD``."""
        return _DAY.format(month=self.dice.randrange(1, 13), day=self.dice.randrange(1, 29))

    def clock(self) -> str:
        """A time of day as ``HHMM``."""
        return f"{self.dice.randrange(24):02}{self.dice.randrange(60):02}"

    def _plain(self, node: Node) -> str:
        low, high = node.min_length, node.max_length or max(node.min_length, 20)
        match node.type:
            case DataType.NUMERIC | DataType.INTEGER | DataType.DECIMAL:
                return self.digits(low, high)
            case DataType.ALPHA:
                return self.letters(max(low, min(high, 3)))
            case DataType.DATE:
                day = self.day()
                return f"{day[:4]}-{day[4:6]}-{day[6:]}" if high >= 10 else day
            case DataType.DATETIME:
                day, clock = self.day(), self.clock()
                return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:]}:00" if high >= 19 else day + clock
            case DataType.BOOLEAN:
                return self.one(("true", "false"))
            case _:
                return self.text(node.title or node.tag, low, min(high, 70) if high >= low else low)


def _fits(code: str, node: Node) -> bool:
    """Whether a listed code is of its element's own type and length; some in the directories are not."""
    if not node.min_length <= len(code) <= (node.max_length or len(code)):
        return False
    if node.type is DataType.NUMERIC:
        return code.isdigit()
    return node.type is not DataType.ALPHA or not any(char.isdigit() for char in code)
