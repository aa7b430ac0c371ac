"""Following a path through a Document, and knowing at each end which segment, element and component it came to."""

from collections.abc import Iterator
from typing import Any

from hub.formats.edifact.locator import WHOLE, Part
from hub.mapping.access import tests_of
from hub.mapping.resolve import Hop
from hub.schema.model import Kind, Node

Values = dict[str, Any]


class Hit:
    """One end of a path: its value, and where that is. A group is found at the segment that opens it.

    ``above`` is the hit one step further up; None for the Document itself.
    """

    __slots__ = ("above", "part", "segment", "value")

    def __init__(self, value: Any, segment: Values, part: Part = WHOLE, above: "Hit | None" = None) -> None:
        self.value = value
        self.segment = segment
        self.part = part
        self.above = above

    def line(self) -> list["Hit"]:
        """The hits from the Document down to this one."""
        found: list[Hit] = []
        hit: Hit | None = self
        while hit is not None:
            found.append(hit)
            hit = hit.above
        return found[::-1]


def whole(document: Values) -> Hit:
    """The Document itself, found at its header."""
    header = next(iter(document.values()), None)
    return Hit(document, header if isinstance(header, dict) else {})


class Trail:
    """A path compiled: from one hit to all that it leads to."""

    def __init__(self, hops: tuple[Hop, ...]) -> None:
        self.hops = hops
        self._steps = [_Step(hop) for hop in hops]

    def hits(self, start: Hit) -> Iterator[Hit]:
        """Every end of the path from ``start``, in the order of the Document."""
        found: Iterator[Hit] = iter((start,))
        for step in self._steps:
            found = step.all(found)
        return found

    def nearest(self, start: Hit) -> Hit:
        """Where the end of the path is missing: ``start`` or what of the path is there, and in it the part that it
        would be. Of what repeats, none lacks it more than another."""
        at = start
        for index, (hop, step) in enumerate(zip(self.hops, self._steps, strict=True)):
            further = None if hop.repeated else next(step.all(iter((at,))), None)
            if further is None:
                return _lacking(at, self.hops[index:])
            at = further
        return at


class _Step:
    """One hop: its repetitions that pass the filters."""

    def __init__(self, hop: Hop) -> None:
        self._node = hop.node
        self._opening = hop.node.children[0] if hop.node.kind is Kind.GROUP else None
        self._tests = tests_of(hop)

    def all(self, hits: Iterator[Hit]) -> Iterator[Hit]:
        key, many, tests = self._node.key, self._node.max != 1, self._tests
        for hit in hits:
            held = hit.value.get(key)
            if not held:
                continue
            if not many and not tests:
                yield self._there(hit, 0, held)
                continue
            for index, item in self._kept(list(enumerate(held)) if many else [(0, held)]):
                if item:
                    yield self._there(hit, index, item)

    def _kept(self, items: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        for test in self._tests:
            items = items[test - 1 : test] if isinstance(test, int) else [item for item in items if test(item[1])]
        return items

    def _there(self, hit: Hit, index: int, item: Any) -> Hit:
        node = self._node
        if node.kind is Kind.GROUP:
            return Hit(item, _opened(self._opening, item, hit.segment), WHOLE, hit)
        if node.kind is Kind.SEGMENT:
            return Hit(item, item, WHOLE, hit)
        return Hit(item, hit.segment, below(hit.part, node, index), hit)


def below(part: Part, node: Node, index: int = 0) -> Part:
    """``part`` one step further down: element or composite in a segment, or component in a composite."""
    if part.element:
        return Part(part.element, part.occurrence, node.key, index)
    return Part(node.key, index)


def _lacking(at: Hit, hops: tuple[Hop, ...]) -> Hit:
    """``at`` with the part of its segment that ``hops`` would lead to; a missing segment has none."""
    part = at.part
    for hop in hops:
        if hop.node.kind in (Kind.GROUP, Kind.SEGMENT):
            break
        part = below(part, hop.node)
    return Hit(at.value, at.segment, part, at.above)


def _opened(opening: Node | None, group: Values, around: Values) -> Values:
    """The segment that opens ``group``; where it is missing, that of the group ``around``."""
    held = group.get(opening.key) if opening is not None else None
    if isinstance(held, list):
        held = held[0] if held else None
    return held if isinstance(held, dict) else around
