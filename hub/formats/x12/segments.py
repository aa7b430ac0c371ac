"""The fast path: a segment in which everything is as it should be becomes its part of the Document.

Anything out of the ordinary makes :func:`recognise` give up; :mod:`hub.formats.x12.scrutiny` then has pyx12 judge the
segment. What is recognised here, pyx12 finds nothing wrong with; a test draws thousands of segments to hold it to that.
"""

from typing import Any

from hub.formats.x12.tables import DATE, DECIMAL, INTEGER, TEXT, TIME, Element, Leaf, SegmentTable

Values = dict[str, Any]

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def recognise(table: SegmentTable, parts: list[str], component: str, repetition: str) -> Values | None:
    """The segment whose elements are ``parts`` (``parts[0]`` its tag; plain characters only), or None when it needs a
    closer look. An empty ``component`` or ``repetition``: there is no such separator."""
    count = len(parts)
    if count > table.width + 1 or not parts[count - 1]:
        return None
    values: Values = {}
    present = 0
    position = 1  # counted by hand: twice as fast here as zip or enumerate
    value: Any
    while position < count:
        part = parts[position]
        if part:
            element = table.row[position - 1]
            present |= 1 << position
            if repetition and repetition in part:
                return None
            leaf = element.leaf
            if leaf is None:
                value = _composite(element, part, component)
                if value is None:
                    return None
            else:
                if (component and component in part) or not _sound(leaf, part):
                    return None
                value = part
            values[element.key] = [value] if element.many else value
        position += 1
    if table.needed & ~present:
        return None
    for note in table.notes:
        if not note.holds(present):
            return None
    return values


def _composite(element: Element, text: str, separator: str) -> Values | None:
    components = text.split(separator) if separator else [text]
    if len(components) > len(element.parts) or not components[-1]:
        return None
    values: Values = {}
    for position, leaf in enumerate(element.parts):
        part = components[position] if position < len(components) else ""
        if part:
            if not _sound(leaf, part):
                return None
            values[leaf.key] = part
        elif leaf.required:
            return None
    return values


def _sound(leaf: Leaf, value: str) -> bool:
    """Whether ``value`` is beyond doubt what the leaf may hold."""
    kind = leaf.kind
    if kind == TEXT:
        if not leaf.low <= len(value) <= leaf.high or value[-1] == " ":
            return False
    elif kind == INTEGER:
        if not value.isdigit() or not leaf.low <= len(value) <= leaf.high:
            return False
    elif kind == DECIMAL:
        if not _decimal(value, leaf.low, leaf.high):
            return False
    elif kind == DATE:
        if not leaf.low <= len(value) <= leaf.high or not _date(value):
            return False
    elif kind != TIME or not leaf.low <= len(value) <= leaf.high or not _time(value):
        return False
    return leaf.codes is None or value in leaf.codes


def _decimal(value: str, low: int, high: int) -> bool:
    if value.isdigit():
        return low <= len(value) <= high
    whole, _, fraction = value.partition(".")
    return whole.isdigit() and fraction.isdigit() and low <= len(value) - 1 <= high


def _date(value: str) -> bool:
    """CCYYMMDD or YYMMDD; the 29th of February is left to the closer look."""
    length = len(value)
    if length not in (6, 8) or not value.isdigit() or (length == 8 and value < "1800"):
        return False
    month = int(value[length - 4 : length - 2])
    return 1 <= month <= 12 and 1 <= int(value[length - 2 :]) <= _DAYS[month]


def _time(value: str) -> bool:
    """HHMM, HHMMSS, or with tenths or hundredths of a second."""
    length = len(value)
    if not value.isdigit() or length < 4 or length > 8 or length == 5:
        return False
    return value[:2] < "24" and value[2:4] < "60" and (length == 4 or value[4:6] < "60")
