"""A segment's node compiled to a table in wire order: what stands at which position, and what may stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.formats.edifact.notes import Note, notes_of
from hub.schema.edifact_lists import CodeList
from hub.schema.model import DataType, Kind, Node

ALPHANUMERIC, NUMERIC, ALPHABETIC = 0, 1, 2
"""The three representations of ISO 9735-1 §4; small numbers because they are compared for every value read."""

UNBOUNDED = 1 << 60
"""More than anything is; still a machine word for the compiler."""

_OPEN = ("0051", "1131")
"""Names of agencies and of code lists: the UN's list of them is open by nature, so a name is not held against it."""

Codes = Mapping[str, Mapping[str, str]]
Lists = Mapping[str, Mapping[str, CodeList]]
NO_LISTS: Lists = {}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One position for a value: a stand-alone element or a component."""

    tag: str
    key: str
    kind: int
    low: int
    high: int
    codes: Mapping[str, str] | None
    required: bool
    many: bool  # the Document holds a list, this position being number ``slot`` of it
    slot: int
    list_at: int = -1  # position in the composite of the 1131 that may assign the code to another list, or -1
    agency_at: int = -1  # the same for 3055
    lists: Mapping[str, CodeList] | None = None  # the installed ones that they may assign it to, by "1131:3055"

    def assigned(self, beside: list[str]) -> str:
        """``1131:3055`` as the composite ``beside`` the code has them."""
        name = beside[self.list_at] if 0 <= self.list_at < len(beside) else ""
        return f"{name}:{beside[self.agency_at] if 0 <= self.agency_at < len(beside) else ''}"


@dataclass(frozen=True, slots=True)
class Element:
    """One element position of a segment. ``leaf`` is the element itself or, in a composite, the first of ``parts``."""

    tag: str
    key: str
    leaf: Leaf | None  # None only for the position of the segment tag
    composite: bool
    parts: tuple[Leaf, ...]
    width: int  # how many parts
    owed: int  # how many of its parts must be there when it is used
    lone: bool  # the first part alone is enough
    required: bool
    many: bool
    slot: int
    repeats: int  # how often it may come with the repetition separator
    notes: tuple[Note, ...] = ()
    moment_at: int = -1  # of a date or time: which part is its value (2380)
    form_at: int = -1  # … and which names its form (2379)


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """A segment: its element positions, and the keys that it must have. ``row`` begins with the tag's own position."""

    tag: str
    elements: tuple[Element, ...]
    owed: int  # how many of its element positions must be filled
    row: tuple[Element, ...]
    width: int
    notes: tuple[Note, ...] = ()


_TAG = Element("", "", None, False, (), 0, 0, False, False, False, 0, 1)
NOTHING = SegmentTable("", (), 0, (_TAG,), 1)
"""A segment without elements."""


def segment_table(node: Node, codes: Codes, lists: Lists = NO_LISTS) -> SegmentTable:
    """The table of ``node``, a segment."""
    elements = tuple(
        _element(child, slot, codes, lists) for child in node.children for slot in range(max(child.slots, 1))
    )
    owed = sum(element.required for element in elements)
    return SegmentTable(node.tag, elements, owed, (_TAG, *elements), len(elements) + 1, notes_of(node))


def _element(node: Node, slot: int, codes: Codes, lists: Lists) -> Element:
    composite = node.kind is Kind.COMPOSITE
    parts = _parts(node, codes, lists) if composite else ()
    owed = sum(part.required for part in parts)
    return Element(
        tag=node.tag,
        key=node.key,
        leaf=parts[0] if parts else None if composite else _leaf(node, slot, codes),
        composite=composite,
        parts=parts,
        width=len(parts),
        owed=owed,
        lone=not composite or owed == int(parts[0].required),
        required=node.min > slot,
        many=node.max != 1,
        slot=slot,
        repeats=1 if node.slots > 1 else node.max or UNBOUNDED,
        notes=notes_of(node) if composite else (),
        moment_at=_place(parts, "2380"),
        form_at=_place(parts, "2379"),
    )


def _place(parts: tuple[Leaf, ...], tag: str) -> int:
    """Which of ``parts`` is the element ``tag``, from 0; -1 for none."""
    return next((at for at, part in enumerate(parts) if part.tag == tag), -1)


def _parts(node: Node, codes: Codes, lists: Lists) -> tuple[Leaf, ...]:
    places = [(child, slot) for child in node.children for slot in range(max(child.slots, 1))]
    tags = [child.tag for child, _ in places]
    return tuple(
        _leaf(child, slot, codes, *_assigners(tags, position), lists.get(child.tag))
        for position, (child, slot) in enumerate(places)
    )


def _assigners(tags: list[str], position: int) -> tuple[int, int]:
    """Where, right behind ``position``, a code list (1131) and an agency (3055) are named; -1 where not."""
    after = tags[position + 1 : position + 3]
    list_at = position + 1 + after.index("1131") if "1131" in after else -1
    agency_at = position + 1 + after.index("3055") if "3055" in after else -1
    return list_at, agency_at


def _leaf(
    node: Node,
    slot: int,
    codes: Codes,
    list_at: int = -1,
    agency_at: int = -1,
    lists: Mapping[str, CodeList] | None = None,
) -> Leaf:
    kinds = {DataType.NUMERIC: NUMERIC, DataType.ALPHA: ALPHABETIC}
    return Leaf(
        tag=node.tag,
        key=node.key,
        kind=kinds.get(node.type or DataType.ALPHANUMERIC, ALPHANUMERIC),
        low=node.min_length,
        high=node.max_length or UNBOUNDED,
        codes=codes.get(node.codes) if node.codes and node.tag not in _OPEN else None,
        required=node.min > slot,
        many=node.max != 1,
        slot=slot,
        list_at=list_at,
        agency_at=agency_at,
        lists=lists if list_at >= 0 or agency_at >= 0 else None,
    )
