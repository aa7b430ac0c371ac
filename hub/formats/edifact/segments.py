"""The fast path: a segment in which everything is as it should be becomes its part of the Document.

Anything out of the ordinary makes :func:`recognise` give up; :mod:`hub.formats.edifact.scrutiny` then reads the segment
slowly and says what is wrong with it, if anything. Both give the same Document.
"""

from typing import Any

from hub.formats.edifact.moments import fits
from hub.formats.edifact.notes import broken
from hub.formats.edifact.tables import NUMERIC, Element, Leaf, SegmentTable

Values = dict[str, Any]


def recognise(table: SegmentTable, text: str, element_separator: str, component_separator: str) -> Values | None:
    """``text`` (ASCII, nothing released, nothing repeated) read by ``table``, or None when it needs a closer look."""
    parts = text.split(element_separator, table.width)
    if parts[0] != table.tag or len(parts) > table.width or not parts[-1]:
        return None
    values: Values = {}
    value: Any
    row = table.row
    position = owed = 0  # counted by hand: twice as fast here as zip or enumerate
    for part in parts:
        element = row[position]
        position += 1
        leaf = element.leaf
        if leaf is None or not part:  # the tag, or nothing
            continue
        owed += element.required
        if component_separator in part:
            value = _composite(element, part, component_separator)
            if value is None:
                return None
        else:
            codes = leaf.codes
            if codes is not None:
                if part not in codes:
                    return None
            elif not leaf.low <= len(part) <= leaf.high or (leaf.kind and not _typed(leaf, part)):
                return None
            if not element.composite:
                value = part
            elif not element.lone:
                return None
            else:
                value = {leaf.key: [part] if leaf.many else part}
        if not element.many:
            values[element.key] = value
        elif not _listed(values, element.key, element.slot, value):
            return None
    if owed != table.owed:
        return None
    return None if table.notes and broken(table.notes, values) else values


def _composite(element: Element, text: str, separator: str) -> Values | None:
    parts = text.split(separator, element.width)
    if len(parts) > element.width or not parts[-1]:
        return None
    values: Values = {}
    leaves = element.parts
    position = owed = 0
    for part in parts:
        leaf = leaves[position]
        position += 1
        if not part:
            continue
        owed += leaf.required
        codes = leaf.codes
        if codes is not None:
            if part not in codes:
                return None
        elif not leaf.low <= len(part) <= leaf.high or (leaf.kind and not _typed(leaf, part)):
            return None
        if leaf.lists is not None and not _in_its_list(leaf, part, parts):
            return None
        if not leaf.many:
            values[leaf.key] = part
        elif not _listed(values, leaf.key, leaf.slot, part):
            return None
    if owed != element.owed:
        return None
    if element.form_at >= 0 and not dated(element, parts):
        return None
    return None if element.notes and broken(element.notes, values) else values


def dated(element: Element, parts: list[str]) -> bool:
    """Whether the date or time in ``parts`` of a composite has the form that is named beside it, if one is."""
    if len(parts) <= element.form_at or len(parts) <= element.moment_at or element.moment_at < 0:
        return True
    forms = element.parts[element.form_at].codes
    value, form = parts[element.moment_at], parts[element.form_at]
    return not value or forms is None or form not in forms or fits(forms[form], value)


def _in_its_list(leaf: Leaf, value: str, beside: list[str]) -> bool:
    """Whether no installed list that 1131 and 3055 ``beside`` the code name lacks it."""
    assert leaf.lists is not None
    found = leaf.lists.get(leaf.assigned(beside))
    return found is None or found.holds(value)


def _listed(values: Values, key: str, slot: int, value: Any) -> bool:
    """Put ``value`` at ``slot`` of the list ``values[key]``; False when a place before it is still empty."""
    if slot == 0:
        values[key] = [value]
        return True
    items: list[Any] = values.get(key, [])
    items.append(value)
    return len(items) == slot + 1


def _typed(leaf: Leaf, value: str) -> bool:
    """Whether ``value`` is beyond doubt of the leaf's type: a number with one point inside, or letters only."""
    if leaf.kind == NUMERIC:
        if value.isdigit():
            return True
        whole, _, fraction = value.partition(".")
        return whole.isdigit() and fraction.isdigit() and len(value) > leaf.low
    return value.isalpha()
