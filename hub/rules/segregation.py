"""Which dangerous goods must be kept apart at sea, and how far: the table of IMDG §7.2.4, with subsidiary risks.

Of two substances the strictest of all pairs of their hazards counts. Substances of the same class may be together
whatever their subsidiary risks are; explosives are told apart by their compatibility groups instead. An X in the table
asks for nothing by itself: petrol (UN 1203, class 3) and lithium ion batteries (UN 3480, class 9) may be together.
Goods that are to be segregated may not share a container at all (IMDG §7.3.4.1); those that are only to be "away from"
one another may with the authority's leave, for which the parameter ``from`` is. That a subsidiary risk of explosion
counts as division 1.3, that the same class may be together, and the groups of explosives are general knowledge. What
single entries of the list ask for besides (segregation groups, their own codes) is not judged, nor are the conditions
under which group G may be with C, D and E.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.hazards import DIVISIONS, TABLE, Entry, Goods, Hazard, hazard, hazards, number
from hub.rules.pairs import uneven
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.schema.codes import CodeTables

_COLUMNS = [
    "1.1,1.2,1.5",
    "1.3,1.6",
    "1.4",
    "2.1",
    "2.2",
    "2.3",
    "3",
    "4.1",
    "4.2",
    "4.3",
    "5.1",
    "5.2",
    "6.1",
    "6.2",
    "7",
    "8",
    "9",
]
_ROWS = (
    "* * * 4 2 2 4 4 4 4 4 4 2 4 2 4 X",
    "* * * 4 2 2 4 3 3 4 4 4 2 4 2 2 X",
    "* * * 2 1 1 2 2 2 2 2 2 X 4 2 2 X",
    "4 4 2 X X X 2 1 2 X 2 2 X 4 2 1 X",
    "2 2 1 X X X 1 X 1 X X 1 X 2 1 X X",
    "2 2 1 X X X 2 X 2 X X 2 X 2 1 X X",
    "4 4 2 2 1 2 X X 2 1 2 2 X 3 2 X X",
    "4 3 2 1 X X X X 1 X 1 2 X 3 2 1 X",
    "4 3 2 2 1 2 2 1 X 1 2 2 1 3 2 1 X",
    "4 4 2 X X X 1 X 1 X 2 2 X 2 2 1 X",
    "4 4 2 2 X X 2 1 2 2 X 2 1 3 1 2 X",
    "4 4 2 2 1 2 2 2 2 2 2 X 1 3 2 2 X",
    "2 2 X X X X X X 1 X 1 1 X 1 X X X",
    "4 4 4 4 2 2 3 3 3 2 3 3 1 X 3 3 X",
    "2 2 2 2 1 1 2 2 2 2 1 2 X 3 X 2 X",
    "4 2 2 1 X X X 1 1 1 2 2 X 3 2 X X",
    "X X X X X X X X X X X X X X X X X",
)
_CODES = {"X": 0, "*": 0, "1": 1, "2": 2, "3": 3, "4": 4}  # * is for the groups of explosives to say
_FRIENDS = {"C": "DEGN", "D": "CEGN", "E": "CDGN", "G": "CDE", "N": "CDE"}
_MOST = 200
"""Kinds of substances in one container, beyond which nobody's list is looked through."""


class Segregation(Table):
    """Which facts tell what is carried together; of the first three at least the number or the class."""

    number: Operand = Field(description="the UN numbers")
    class_: Operand | None = Field(None, alias="class", description="the classes; where not told, those of the list")
    subsidiary: Operand | None = Field(None, description="the subsidiary risks; where not told, those of the list")
    container: Operand | None = Field(None, description="the container of each; without it, all are carried together")
    from_: Literal[1, 2, 3, 4] = Field(1, alias="from", description="the least code of the table that is told")
    table: str = Field(TABLE, description="the code table with the list of dangerous goods")


class Kind(NamedTuple):
    """What counts of a substance: its classes (one, unless the list leaves it open) and its subsidiary risks."""

    main: frozenset[Hazard]
    subsidiary: frozenset[str]


def code(one: str, other: str) -> int:
    """The table's code for two classes or divisions, 0 for X; of a class without its division, the strictest.

    >>> code("3", "5.1"), code("3", "9"), code("1.4", "6.2"), code("2", "3")
    (2, 0, 4, 2)
    """
    return max(_TABLE[first, second] for first in _divisions(one) for second in _divisions(other))


def _divisions(name: str) -> list[str]:
    return [division for division in DIVISIONS if division == name or division.startswith(f"{name}.")]


_TABLE = {
    (one, other): _CODES[mark]
    for ones, row in zip(_COLUMNS, _ROWS, strict=True)
    for others, mark in zip(_COLUMNS, row.split(), strict=True)
    for one in ones.split(",")
    for other in others.split(",")
}
"""The table by pairs of divisions."""


def judge(one: Kind, other: Kind) -> int:
    """How far two substances must be apart: 0 (not by the table) to 4; explosives that may not be together: 4. Where a
    class is left open, what is certain."""
    pairs = ((mine, its) for mine in one.main for its in other.main)
    return min((_apart(mine, one.subsidiary, its, other.subsidiary) for mine, its in pairs), default=0)


def _apart(mine: Hazard, risks: frozenset[str], its: Hazard, others: frozenset[str]) -> int:
    explosives = mine.division[0] == its.division[0] == "1"
    if mine.division == its.division and not explosives:
        return 0
    apart = 4 if explosives and not _friends(mine.group, its.group) else 0
    for first in (mine.division, *map(_risk, risks)):
        for second in (its.division, *map(_risk, others)):
            apart = max(apart, code(first, second))
    return apart


def _risk(division: str) -> str:
    return "1.3" if division == "1" else division


def _friends(one: str, other: str) -> bool:
    """Whether two compatibility groups may be together; groups that are not told are not judged."""
    if not one or not other or one == other:
        return True
    return other in _FRIENDS.get(one, "") or ("S" in (one, other) and not {one, other} & {"A", "L"})


def _segregation(parameters: Segregation, tables: CodeTables) -> Check:
    goods = Goods(tables, parameters.table)

    def check(values: Values) -> Iterator[Remark]:
        numbers = values(parameters.number)
        places = values(parameters.container) if parameters.container else ()
        if places and len(places) not in (1, len(numbers)):
            yield uneven(parameters.container or "", len(places), parameters.number, len(numbers))
            return
        found = [_substance(goods, *line) for line in zip(numbers, _classes(parameters, values, numbers), strict=True)]
        risks = _risks(values(parameters.subsidiary) if parameters.subsidiary else (), found)
        loads: dict[str, dict[Kind, int]] = {}
        for index, (one, more) in enumerate(zip(found, risks, strict=True)):
            if one.main:
                load = loads.setdefault(places[index] if len(places) > 1 else "", {})
                load.setdefault(Kind(one.main, more), index)
        for load in loads.values():
            yield from _conflicts(parameters, load, numbers)

    return check


class _Substance(NamedTuple):
    """What is said to be its class (or those of the list), and the entries of the list that fit it."""

    main: frozenset[Hazard]
    entries: list[Entry]


def _substance(goods: Goods, un: str, told: str) -> _Substance:
    main, digits = hazard(told), number(un)
    entries = goods.entries(digits) if digits else []
    if main is None:
        return _Substance(frozenset(entry.hazard for entry in entries), entries)
    return _Substance(frozenset([main]), [entry for entry in entries if entry.hazard.covers(main)])


def _classes(parameters: Segregation, values: Values, numbers: Sequence[str]) -> Sequence[str]:
    """The class told beside each number; none where not as many are told, since it cannot be said of which."""
    found = values(parameters.class_) if parameters.class_ else ()
    return found if len(found) == len(numbers) else [""] * len(numbers)


def _risks(told: Sequence[str], found: Sequence[_Substance]) -> list[frozenset[str]]:
    """The subsidiary risks of each substance. A substance may have several or none, so that as many values as numbers
    prove nothing: they are taken one to one only where no entry of the list says otherwise. Else each substance has
    those that are certain, and those of its entries that are told at all."""
    if len(found) == 1:
        told = [" ".join(told[:20])]
    aligned = [_divisions_in(text) for text in told] if len(told) == len(found) else []
    if aligned and all(_fits(one, risks) for one, risks in zip(found, aligned, strict=True)):
        return aligned
    anywhere = frozenset().union(*map(_divisions_in, told))
    return [_certain(one).union(*(more for e in one.entries if (more := e.subsidiary) <= anywhere)) for one in found]


def _divisions_in(text: str) -> frozenset[str]:
    return frozenset(one.division for one in hazards(text))


def _fits(one: _Substance, risks: frozenset[str]) -> bool:
    return not one.entries or any(entry.open or entry.subsidiary == risks for entry in one.entries)


def _certain(one: _Substance) -> frozenset[str]:
    known = [entry.subsidiary for entry in one.entries]
    return frozenset.intersection(*known) if known else frozenset()


def _conflicts(parameters: Segregation, load: dict[Kind, int], numbers: Sequence[str]) -> Iterator[Remark]:
    """A remark for each two kinds that may not be together, at the later one."""
    kinds = list(load.items())
    for (one, first), (other, second) in combinations(kinds[:_MOST], 2):
        apart = judge(one, other)
        if apart >= parameters.from_:
            key = f"segregation-{apart}"
            yield remark(
                parameters.number, second, key, value=numbers[second], classes=_told(other), other=numbers[first],
                others=_told(one), line=str(first + 1),
            )  # fmt: skip
    if len(kinds) > _MOST:
        yield remark(parameters.number, kinds[_MOST][1], "segregation-many", count=str(len(kinds)), most=str(_MOST))


def _told(kind: Kind) -> str:
    main = " / ".join(sorted(f"{one.division}{one.group}" for one in kind.main))
    return f"{main} ({', '.join(sorted(kind.subsidiary))})" if kind.subsidiary else main


SEGREGATION = Rule(
    "segregation",
    Title("危险货物隔离（IMDG）", "No goods are carried together that must be segregated at sea (IMDG)"),
    Segregation,
    _segregation,
    (*(f"segregation-{apart}" for apart in (1, 2, 3, 4)), "segregation-many", "uneven"),
    'number = "list.goods.un", class = "list.goods.class", container = "list.goods.container"',
)
