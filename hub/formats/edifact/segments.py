"""The fast path: a segment in which everything is as it should be becomes its part of the Document.

Anything out of the ordinary makes :func:`recognise` give up; :mod:`hub.formats.edifact.scrutiny` then reads the segment
slowly and says what is wrong with it, if anything. Both give the same Document.
"""

from typing import Any

from hub.formats.edifact.tables import NUMERIC, Element, Leaf, SegmentTable

Values = dict[str, Any]


def recognise(table: SegmentTable, text: str, element_separator: str, component_separator: str) -> Values | None:
    """``text`` (ASCII, nothing released, nothing repeated) read by ``table``, or None when it needs a closer look."""
    parts = text.split(element_separator)
    elements = table.elements
    if parts[0] != table.tag or len(parts) > len(elements) + 1 or not parts[-1]:
        return None
    del parts[0]
    values: Values = {}
    for part, element in zip(parts, elements, strict=False):
        if not part:
            continue
        leaf = element.leaf
        value: Any = part
        if leaf is None:
            value = _composite(element, part, component_separator)
            if value is None:
                return None
        elif component_separator in part or not plain(leaf, part):
            return None
        if not element.many:
            values[element.key] = value
        elif element.slot == 0:
            values[element.key] = [value]
        elif len(values.get(element.key, ())) == element.slot:
            values[element.key].append(value)
        else:
            return None
    for key in table.needed:
        if key not in values:
            return None
    return values


def _composite(element: Element, text: str, separator: str) -> Values | None:
    parts = text.split(separator)
    leaves = element.parts
    if len(parts) > len(leaves) or not parts[-1]:
        return None
    values: Values = {}
    for part, leaf in zip(parts, leaves, strict=False):
        if not part:
            continue
        codes = leaf.codes
        if codes is not None:
            if part not in codes:
                return None
        elif (leaf.kind or not leaf.low <= len(part) <= leaf.high) and not plain(leaf, part):
            return None
        if not leaf.many:
            values[leaf.key] = part
        elif leaf.slot == 0:
            values[leaf.key] = [part]
        elif len(values.get(leaf.key, ())) == leaf.slot:
            values[leaf.key].append(part)
        else:
            return None
    for key in element.needed:
        if key not in values:
            return None
    return values


def plain(leaf: Leaf, value: str) -> bool:
    """Whether ``value`` is beyond doubt what ``leaf`` may hold."""
    if leaf.codes is not None:
        return value in leaf.codes
    if not leaf.low <= len(value) <= leaf.high:
        return False
    if leaf.kind == 0:
        return True
    return value.isdigit() if leaf.kind == NUMERIC else value.isalpha()
