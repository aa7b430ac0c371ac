"""Classes of dangerous goods as documents and the list of dangerous goods write them.

>>> hazard("1.4S"), hazard("3"), hazard("10")
(Hazard(division='1.4', group='S'), Hazard(division='3', group=''), None)
>>> [one.division for one in hazards("6.1 (8)")]
['6.1', '8']
"""

import re
from typing import NamedTuple

from hub.errors import ConfigError
from hub.rules.rule import ParameterProblem
from hub.schema.codes import Code, CodeTable, CodeTables

TABLE = "dangerous-goods"
"""The table with the list of dangerous goods: a row for each entry, with the columns that are read here."""

DIVISIONS = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "3", "4.1", "4.2", "4.3", "5.1", "5.2",
             "6.1", "6.2", "7", "8", "9")  # fmt: skip
_COLUMNS = ("un", "class", "compatibility", "subsidiary", "provision", "packing-group")
_HAZARD = re.compile(r"([1-9](?:\.[1-6])?)([A-HJ-LNS]?)")
_NUMBER = re.compile(r"(?:UN ?)?([0-9]{4})")
_GROUPS = {"1": "I", "2": "II", "3": "III", "Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III"}
_LONGEST = 100


class Hazard(NamedTuple):
    """A class or division, and for explosives the compatibility group (else empty)."""

    division: str
    group: str

    def covers(self, other: "Hazard") -> bool:
        """Whether ``other`` is the same, as far as both tell: a class covers its divisions."""
        mine, its = self.division, other.division
        same = mine == its or its.startswith(f"{mine}.") or mine.startswith(f"{its}.")
        return same and (self.group == other.group or not (self.group and other.group))


class Entry(NamedTuple):
    """An entry of the list: ``packing`` is I, II, III or empty; ``open`` says that a special provision, and not the
    list, tells the subsidiary risks."""

    hazard: Hazard
    subsidiary: frozenset[str]
    packing: str
    open: bool


def hazard(text: str) -> Hazard | None:
    """A class such as ``3``, ``2.1`` or ``1.4S``; None for what is none."""
    match = _HAZARD.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or not any(division.startswith(match[1]) for division in DIVISIONS):
        return None
    return Hazard(match[1], match[2])


def hazards(text: str) -> list[Hazard]:
    """The classes in a text, whatever stands between them."""
    words = re.split(r"[^0-9A-Z.]+", text[:_LONGEST])
    return [found for word in words if (found := hazard(word))]


def number(text: str) -> str | None:
    """The four digits of a UN number, with or without the letters UN; None for what is none."""
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    return match[1] if match else None


def packing(text: str) -> str:
    """A packing group, written I, 1 or Ⅰ, as I, II or III; anything else as it is."""
    plain = text[:_LONGEST].strip().upper()
    return _GROUPS.get(plain, plain)


class Goods:
    """The list of dangerous goods, by UN number. Raises ParameterProblem when the table is not such a list."""

    def __init__(self, tables: CodeTables, name: str) -> None:
        try:
            self._table: CodeTable = tables.get(name)
        except ConfigError as error:
            raise ParameterProblem(("table",), "; ".join(error.problems)) from error
        missing = [column for column in _COLUMNS if column not in self._table.columns]
        if missing:
            raise ParameterProblem(("table",), f"is no list of dangerous goods: it has no column {', '.join(missing)}")

    def entries(self, un: str) -> list[Entry]:
        """The entries of a UN number of four digits; empty when the list does not have it."""
        return [entry for row in self._table.find("un", un) if (entry := self._entry(row))]

    def _entry(self, row: Code) -> Entry | None:
        says = self._table.text
        main = hazard(says(row, "class"))
        if main is None:
            return None
        risks = frozenset(one.division for one in hazards(says(row, "subsidiary")))
        group = Hazard(main.division, says(row, "compatibility"))
        return Entry(group, risks, says(row, "packing-group"), bool(says(row, "provision")))
