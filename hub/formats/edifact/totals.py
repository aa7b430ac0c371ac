"""Control totals (CNT): what a message says of its own content, held against it where no doubt is possible.

6069 names what is counted, but guides differ about much of it: some count the crew among the passengers (42), some do
not. So only whole segments are counted; the quantities of line items are added up only where every line has one and all
are of one kind; a CNT inside a group is left alone, as is every CNT of a message that is one of several (UNH, S010).
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from hub.formats.edifact.locator import Locator, Part
from hub.formats.edifact.steps import GroupTable, MessageTable, Position
from hub.formats.remarks import Remarks
from hub.model.finding import Severity

Values = dict[str, Any]

_SEGMENTS = {"2": "LIN", "3": "LIN", "4": "LIN", "10": "CNI", "16": "EQD", "51": "GID", "55": "ERC"}
"""6069 → the segment that it counts: line items, lines and sublines, invoice lines, consignments, equipment, goods
items, errors."""

_ALL_LINES = "3"
_QUANTITIES = "1"
_SUBLINE = "1"  # 5495


class Total:
    """One CNT that is wrong: its values, and what was counted."""

    __slots__ = ("counted", "declared", "qualifier", "segment")

    def __init__(self, segment: Values, qualifier: str, declared: str, counted: str) -> None:
        self.segment = segment
        self.qualifier = qualifier
        self.declared = declared
        self.counted = counted


def wrong(document: Values, table: MessageTable) -> list[Total]:
    """The control totals of ``document`` that are beyond doubt not what it holds."""
    found: list[Total] = []
    if "S010" in document.get("UNH", {}):
        return found
    for segment in _items(document, "CNT"):
        total = segment.get("C270")
        if total is None:
            continue
        qualifier: str = total.get("6069", "")
        declared: str = total.get("6066", "")
        counted = _counted(document, table, qualifier, declared)
        if counted is not None and declared != counted and _number(declared) not in (None, _number(counted)):
            found.append(Total(segment, qualifier, declared, counted))
    return found


def tell(totals: list[Total], locator: Locator, remarks: Remarks) -> None:
    """A finding for each of ``totals``, at its value."""
    for one in totals:
        place = Part("C270", 0, "6066")
        params = {"qualifier": one.qualifier, "declared": one.declared, "counted": one.counted}
        locator.add(remarks, "total-differs", Severity.ERROR, one.segment, place, **params)


def _counted(document: Values, table: MessageTable, qualifier: str, declared: str) -> str | None:
    """What ``qualifier`` counts in ``document``, ``declared`` being what it should be; None where that is not beyond
    doubt."""
    if qualifier == _QUANTITIES:
        return _quantities(document, table)
    tag = _SEGMENTS.get(qualifier, "")
    places = table.positions(tag)
    if not places or (len(places) > 1 and tag != "LIN"):
        return None
    segments = _all(document, table, tag)
    if declared == str(len(segments)):
        return declared
    if tag == "LIN" and qualifier != _ALL_LINES and any(_subline(line) for line in segments):
        return None
    if tag == "EQD" and (len({one.get("8053") for one in segments}) > 1 or _all(document, table, "EQN")):
        return None
    return str(len(segments))


def _quantities(document: Values, table: MessageTable) -> str | None:
    """The sum of the quantities of all lines, when each line has one and all have the same qualifier and unit."""
    places = table.positions("LIN")
    if len(places) != 1 or places[0].group.parent is None:
        return None
    lines = _groups(document, places[0])
    details: list[Any] = [line.get("QTY") for line in lines]
    if not lines or any(_subline(line.get("LIN", {})) for line in lines):
        return None
    if any(not isinstance(held, list) or len(held) != 1 for held in details):
        return None
    quantities = [held[0].get("C186", {}) for held in details]
    if len({(one.get("6063"), one.get("6411")) for one in quantities}) > 1:
        return None
    numbers = [_number(one.get("6060", "")) for one in quantities]
    return None if None in numbers else f"{sum((one for one in numbers if one is not None), Decimal(0)):f}"


def _all(document: Values, table: MessageTable, tag: str) -> list[Values]:
    """Every segment ``tag`` of the message."""
    found: list[Values] = []
    for place in table.positions(tag):
        groups, key = _groups(document, place), place.key
        if place.many:
            for group in groups:
                found += group.get(key, [])
        else:
            found += [group[key] for group in groups if key in group]
    return found


def _groups(document: Values, place: Position) -> list[Values]:
    """Every instance of the group that ``place`` is in."""
    group: GroupTable | None = place.group
    keys: list[str] = []
    while group is not None and group.parent is not None:
        keys.append(group.key)
        group = group.parent
    found = [document]
    for key in reversed(keys):
        found = _items(found[0], key) if len(found) == 1 else [inner for one in found for inner in _items(one, key)]
    return found


def _items(values: Values, key: str) -> list[Values]:
    """What ``values`` hold under ``key``, as a list."""
    held: Any = values.get(key)
    return held if isinstance(held, list) else [] if held is None else [held]


def _subline(line: Values) -> bool:
    """Whether a LIN is part of another one: it says so (5495), or at which level (1222)."""
    return _SUBLINE in (line.get("C829", {}).get("5495"), line.get("5495")) or "1222" in line


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
