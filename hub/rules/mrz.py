"""The machine-readable zone of travel documents, ICAO Doc 9303: its check digits, and what else tells the same.

Parts 4 (TD3: two lines of 44), 5 (TD1: three of 30), 6 (TD2: two of 36) and 7 (visas: two of 44 or 36, without a
composite digit). A check digit is the sum of the places times 7, 3, 1 in turn, modulo ten, letters from 10 on, ``<`` as
nought (part 3). In a TD1 or TD2 a number of more than nine characters goes on in the optional data.

>>> digit("D23145890734"), digit("340712")
('9', '7')
"""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import NamedTuple

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.rules.values import LONGEST, masked
from hub.schema.codes import CodeTables

_CHARS = re.compile(r"[A-Z0-9<]+")
_VALUES = {char: at for at, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_LINES = {90: 30, 72: 36, 88: 44}  # characters of the zone → of a line


class Mrz(Table):
    """Which fact, and which others tell the same."""

    fact: Operand = Field(description="the lines, as values one after the other, or all in one value")
    number: Operand | None = Field(None, description="the document's number, where it is told besides")
    birth: Operand | None = Field(None, description="the day of birth, where it is told besides")
    expiry: Operand | None = Field(None, description="the last day of validity, where it is told besides")


class Zone(NamedTuple):
    """What a zone says; ``checked`` are pairs of a text and the check digit behind it, by the key of its remark."""

    number: str
    birth: str
    expiry: str
    checked: tuple[tuple[str, str, str], ...]


def digit(text: str) -> str:
    """The check digit of ``text``."""
    return str(sum(_VALUES[char] * weight for char, weight in zip(text, cycle((7, 3, 1)), strict=False)) % 10)


def zone(lines: Sequence[str]) -> Zone | None:
    """What the lines of a zone say; None when they have no form that the standard knows."""
    text = "".join(line.strip() for line in lines) if 1 <= len(lines) <= 3 and all(map(_short, lines)) else ""
    width = _LINES.get(len(text))
    if width is None or not _CHARS.fullmatch(text):
        return None
    split = [text[at : at + width] for at in range(0, len(text), width)]
    return _three(*split) if width == 30 else _two(*split)


def _short(line: str) -> bool:
    return len(line) <= 100


def _three(upper: str, middle: str, names: str) -> Zone:
    """TD1 (part 5): the composite digit covers all of the data of the first two lines that is checked or optional."""
    number, check = _number(upper[5:14], upper[14], upper[15:30])
    composite = upper[5:30] + middle[0:7] + middle[8:15] + middle[18:29]
    return _zone(number, check, middle[0:7], middle[8:15], ("mrz-composite", composite, middle[29]))


def _two(names: str, lower: str) -> Zone:
    """TD3 and TD2 (parts 4 and 6), and visas (part 7), whose last digits are optional data."""
    passport, visa = len(lower) == 44, names[0] == "V"
    optional = lower[28:42] if passport or visa else lower[28:35]
    number, check = (lower[0:9], lower[9]) if passport or visa else _number(lower[0:9], lower[9], optional)
    more = []
    if passport and not visa and not (optional.strip("<") == "" and lower[42] == "<"):
        more.append(("mrz-personal", optional, lower[42]))
    if not visa:
        more.append(("mrz-composite", lower[0:10] + lower[13:20] + lower[21:-1], lower[-1]))
    return _zone(number, check, lower[13:20], lower[21:28], *more)


def _number(number: str, check: str, optional: str) -> tuple[str, str]:
    """The document's number and its check digit, which stand in the optional data where the number is long."""
    rest = optional.partition("<")[0]
    return (number + rest[:-1], rest[-1]) if check == "<" and rest else (number, check)


def _zone(number: str, check: str, birth: str, expiry: str, *more: tuple[str, str, str]) -> Zone:
    checked = (("mrz-number", number, check), ("mrz-birth", birth[:6], birth[6]), ("mrz-expiry", expiry[:6], expiry[6]))
    return Zone(number.strip("<"), birth[:6], expiry[:6], (*checked, *more))


def _mrz(parameters: Mrz, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        lines = values(parameters.fact)
        found = zone(lines)
        if found is None:
            if lines:
                yield remark(parameters.fact, 0, "mrz-form", count=str(len(lines)))
            return
        for key, text, told in found.checked:
            if digit(text) != told:
                yield remark(parameters.fact, len(lines) - 1, key, value=masked(text), wanted=digit(text), digit=told)
        yield from _others(parameters, found, values)

    return check


def _others(parameters: Mrz, found: Zone, values: Values) -> Iterator[Remark]:
    """What other facts tell differently: numbers without signs between, days by their last six digits. Of a day that
    the zone knows in part only, nothing is said."""
    told = (
        (parameters.number, found.number, LONGEST),
        (parameters.birth, found.birth, 6),
        (parameters.expiry, found.expiry, 6),
    )
    for operand, wanted, last in told:
        if operand is None or "<" in wanted:
            continue
        for index, value in enumerate(values(operand)):
            if "".join(char for char in value[:LONGEST].upper() if char.isalnum())[-last:] != wanted:
                yield remark(operand, index, "mrz-differs", value=masked(value), other=parameters.fact)


MRZ = Rule(
    "mrz",
    Title("机读码（ICAO 9303）", "The machine-readable zone of a travel document, with its check digits"),
    Mrz,
    _mrz,
    ("mrz-form", "mrz-number", "mrz-birth", "mrz-expiry", "mrz-personal", "mrz-composite", "mrz-differs"),
    'fact = "list.person.mrz", number = "list.person.document", expiry = "list.person.expiry"',
)
