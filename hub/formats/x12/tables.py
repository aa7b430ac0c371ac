"""A segment's node compiled to a table in wire order: what stands at which position, and what may stand in it."""

from hub.schema.model import Dependency, Kind, Node, Rule
from hub.schema.x12 import X12Schema

TEXT, INTEGER, DECIMAL, DATE, TIME, OTHER = 0, 1, 2, 3, 4, 5
"""How a value is looked at; small numbers because they are compared for every value read."""

UNBOUNDED = 1 << 60
"""More than anything is; still a machine word for the compiler."""

_KINDS = {"AN": TEXT, "ID": TEXT, "R": DECIMAL, "DT": DATE, "TM": TIME, "B": OTHER}
_UNSURE = ("1251",)
"""Elements whose form another element names: only pyx12 looks at them."""


class Leaf:
    """One position for a value: a stand-alone element or a component."""

    __slots__ = ("codes", "high", "key", "kind", "low", "number", "required", "type")

    def __init__(self, node: Node, schema: X12Schema) -> None:
        known = schema.elements.get(node.tag)
        self.number = node.tag
        self.key = node.key
        self.type: str = known.type if known else "AN"
        self.kind: int = OTHER if node.tag in _UNSURE else _KINDS.get(self.type, INTEGER)
        self.low = node.min_length
        self.high = UNBOUNDED if node.max_length is None else node.max_length
        self.codes: frozenset[str] | None = frozenset(schema.codes[node.codes]) if node.codes else None
        self.required = node.min > 0


class Element:
    """One element position of a segment. ``leaf`` is the element itself; None for a composite, which has ``parts``."""

    __slots__ = ("key", "leaf", "many", "most", "number", "parts", "required")

    def __init__(self, node: Node, schema: X12Schema) -> None:
        composite = node.kind is Kind.COMPOSITE
        self.number = node.tag
        self.key = node.key
        self.leaf: Leaf | None = None if composite else Leaf(node, schema)
        self.parts: list[Leaf] = [Leaf(child, schema) for child in node.children] if composite else []
        self.required = node.min > 0
        self.many = node.max != 1
        self.most: int = UNBOUNDED if node.max is None else node.max


class SegmentTable:
    """A segment: its elements (``row[0]`` is element 1), the positions that must be filled and the syntax notes, both
    as bit masks (bit n: element n)."""

    __slots__ = ("needed", "notes", "row", "tag", "width")

    def __init__(self, node: Node, schema: X12Schema) -> None:
        self.tag = node.tag
        self.row: list[Element] = [Element(child, schema) for child in node.children]
        self.width = len(self.row)
        self.needed: int = sum(1 << at for at, element in enumerate(self.row, 1) if element.required)
        self.notes: list[Note] = [Note(note) for note in node.depends]


class Note:
    """A syntax note: which of the positions in ``mask`` may stand without the others."""

    __slots__ = ("exclusive", "first", "mask", "rest", "rule")

    def __init__(self, note: Dependency) -> None:
        self.rule: str = note.rule.value
        self.exclusive = note.rule is Rule.AT_MOST_ONE
        self.first: int = 1 << note.positions[0]
        self.rest: int = sum(1 << position for position in set(note.positions[1:]))
        self.mask: int = self.first | self.rest

    def holds(self, present: int) -> bool:
        """Whether elements ``present`` (a mask) keep it."""
        rule = self.rule
        if rule == _ALL_OR_NONE:
            return present & self.mask in (0, self.mask)
        if rule == _FIRST_NEEDS_ALL:
            return not present & self.first or present & self.rest == self.rest
        if rule == _AT_LEAST_ONE:
            return present & self.mask != 0
        if rule == _FIRST_NEEDS_ONE:
            return not present & self.first or present & self.rest != 0
        return (present & self.mask).bit_count() <= 1


_ALL_OR_NONE = Rule.ALL_OR_NONE.value
_FIRST_NEEDS_ALL = Rule.FIRST_NEEDS_ALL.value
_AT_LEAST_ONE = Rule.AT_LEAST_ONE.value
_FIRST_NEEDS_ONE = Rule.FIRST_NEEDS_ONE.value
