"""Values beside the values that they are measured by."""

from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

from hub.rules.rule import Remark, Values, remark


class Pair(NamedTuple):
    """A value, its index among those of its operand, and what it is measured by, with the index of that."""

    at: int
    value: str
    measure: str
    beside: int

    @property
    def first(self) -> bool:
        """Whether no pair before has the same measure."""
        return self.at == self.beside


class Pairs(NamedTuple):
    """The pairs, or what is wrong where the values cannot be paired."""

    pairs: Sequence[Pair]
    wrong: Sequence[Remark] = ()


def pairs(values: Values, operand: str, bound: str) -> Pairs:
    """Each value of ``operand`` beside ``bound``: a number, the only value of a fact, or as many values, one to one."""
    found = values(operand)
    measures = [bound] if bound[:1] in "-0123456789" else values(bound)
    if len(measures) == 1:
        return Pairs([Pair(index, value, measures[0], 0) for index, value in enumerate(found)])
    if not found or not measures:
        return Pairs(())
    if len(measures) != len(found):
        return Pairs((), [uneven(bound, len(measures), operand, len(found))])
    places = range(len(found))
    return Pairs([Pair(*both) for both in zip(places, found, measures, places, strict=True)])


def rows(values: Values, operands: Sequence[str]) -> tuple[list[tuple[str, ...]], list[Remark]]:
    """The values of several operands side by side, row by row; none when one has no value. And what is wrong where they
    are not equally many. One that has a single value has it in every row."""
    found = [values(operand) for operand in operands]
    most = max(map(len, found))
    if not all(found):
        return [], []
    wrong = [
        uneven(operand, len(one), operands[0], most)
        for operand, one in zip(operands, found, strict=True)
        if len(one) not in (1, most)
    ]
    level = [one if len(one) == most else list(repeat(one[0], most)) for one in found]
    return ([], wrong) if wrong else (list(zip(*level, strict=True)), [])


def uneven(operand: str, count: int, other: str, wanted: int) -> Remark:
    """What is said when values belong together and are not equally many."""
    return remark(operand, 0, "uneven", count=str(count), other=other, wanted=str(wanted))
