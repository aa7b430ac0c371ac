"""The adapter to pyx12, the only module that imports it: one transaction set's map, kept, and asked about segments.

pyx12 validates against the very map files that the Schemas are made of. What bites, and is dealt with here: it loads a
map anew for each group (82 % of its time), so each is loaded once; it counts repetitions by path, so that two places
of one tag in one loop share a count, hence a counter of our own; and it raises on what its authors did not think of
(too many components, a date range with two hyphens), which becomes the fault :data:`UNJUDGED`.
"""

import logging
import re
from typing import Any, NamedTuple

from pyx12.errors import EngineError, IsValidError, X12Error, X12PathError
from pyx12.map_if import load_map_file
from pyx12.map_walker import walk_tree
from pyx12.params import ParamsBase
from pyx12.segment import Segment

from hub.schema.memo import per_schema
from hub.schema.x12 import X12Schema
from hub.schema.x12_maps import ACKNOWLEDGMENT

UNJUDGED = "unjudged"
"""A fault's code when pyx12 could not say what is wrong."""

_RAISED = (
    EngineError, IsValidError, X12Error, X12PathError, AssertionError, AttributeError, IndexError, KeyError, TypeError,
    ValueError, RecursionError,
)  # fmt: skip
_PLACE = re.compile(r"(?:[A-Z0-9]{2,3}?)?(\d\d)(?:-(\d+))?")
_ELEMENT, _COMPONENT, _TERMINATOR = "*", ":", "~"


class Fault(NamedTuple):
    """What is wrong with an element: pyx12's code (AK403), and where. ``element`` 0: the whole segment."""

    code: str
    element: int
    component: int = 0


class Lapse(NamedTuple):
    """What is wrong with the structure: pyx12's code (AK304), and the path of the segment that it is about."""

    code: str
    path: str


class Validator:
    """The map of one transaction set (or of the control segments) as pyx12 has it."""

    def __init__(self, schema: X12Schema) -> None:
        logging.getLogger("pyx12").addHandler(logging.NullHandler())
        self.map: Any = load_map_file(schema.map.name, ParamsBase(), str(schema.map.parent))
        self.nodes: dict[str, Any] = {}
        self.paths: dict[int, str] = {}
        loop = self.map.getnodebypath("/ISA_LOOP")
        _number(self.map, loop)
        if schema.number != ACKNOWLEDGMENT:
            loop = self.map.getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP")
        self._pair(loop, "")

    def _pair(self, loop: Any, path: str) -> None:
        """Give each node the path that it has in the Schema."""
        seen: dict[str, int] = {}
        for node in loop.childIterator():
            seen[node.id] = seen.get(node.id, 0) + 1
            key = path + (node.id if seen[node.id] == 1 else f"{node.id}~{seen[node.id]}")
            if node.is_loop():
                self._pair(node, f"{key}/")
            else:
                self.nodes[key] = node
                self.paths[id(node)] = key

    def segment(self, path: str, elements: list[str], components: list[list[str]]) -> list[Fault]:
        """What is wrong with a segment at ``path``: the values of its elements, or of their components where
        ``components`` has some."""
        try:
            _, errors = self.nodes[path].is_valid_errors(_segment(path, elements, components))
            return [Fault(error.err_cde, *_position(error)) for error in errors]
        except _RAISED:
            return [Fault(UNJUDGED, 0)]


class Walk:
    """pyx12's way through one transaction set, segment by segment from ST on."""

    def __init__(self, validator: Validator) -> None:
        self._validator = validator
        self._walker: Any = walk_tree()
        self._walker.counter = _Counter()
        self._node: Any = validator.map.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
        for loop in ("/ISA_LOOP", "/ISA_LOOP/GS_LOOP"):
            self._walker.counter.increment(validator.map.getnodebypath(loop).x12path)
        self._walker.counter.increment(self._node.x12path)

    def step(self, tag: str, number: int) -> tuple[str | None, list[Lapse]]:
        """The path that a segment ``tag``, the ``number``-th of its set, has its place at (None: nowhere), and what is
        wrong with the structure up to it. ``SE`` ends the set."""
        segment = Segment(tag, _TERMINATOR, _ELEMENT, _COMPONENT)
        try:
            node, _, _, errors = self._walker.walk_errors(self._node, segment, number, number, None)
        except _RAISED:
            return None, [Lapse(UNJUDGED, tag)]
        lapses = [Lapse(error.err_cde, self._path(error.map_node, node)) for error in errors]
        if node is None:
            return None, lapses
        self._node = node
        return self._validator.paths.get(id(node)), lapses

    def _path(self, found: Any, node: Any) -> str:
        """The path of the segment that an error is about; of a loop, that is its first."""
        about = found if found is not None else node
        if about is not None and about.is_loop():
            about = about.get_first_seg()
        return self._validator.paths.get(id(about), "")


class _Place:
    """What pyx12 counts by: a node's own place in its map, instead of its path."""

    __slots__ = ("below",)

    def __init__(self) -> None:
        self.below: list[_Place] = []


class _Counter:
    """pyx12's NodeCounter, by place: how often each segment and loop has come in its loop."""

    def __init__(self) -> None:
        self._counts: dict[_Place, int] = {}

    def reset_to_node(self, place: _Place) -> None:
        """Forget what is below ``place``."""
        for one in place.below:
            self._counts.pop(one, None)

    def increment(self, place: _Place) -> None:
        """One more."""
        self._counts[place] = self._counts.get(place, 0) + 1

    def get_count(self, place: _Place) -> int:
        """How often."""
        return self._counts.get(place, 0)


def _number(root: Any, loop: Any) -> list[_Place]:
    """Give ``loop`` and all below it their places; pyx12 takes ``_x12path`` where it is set."""
    place = _Place()
    loop._x12path = place
    for child in loop.childIterator():
        if child.is_loop():
            place.below += _number(root, child)
        else:
            child._x12path = _Place()
            place.below.append(child._x12path)
    return [place, *place.below]


def _segment(path: str, elements: list[str], components: list[list[str]]) -> Any:
    """A segment as pyx12 has it, whatever its separators were on the wire."""
    tag = path.rpartition("/")[2].partition("~")[0]
    made: Any = Segment(tag, _TERMINATOR, _ELEMENT, _COMPONENT)
    for value, parts in zip(elements, components, strict=True):
        made.append("")
        composite = made.elements[-1]
        composite.elements = [type(composite.elements[0])(part) for part in parts or [value]]
    return made


def _position(error: Any) -> tuple[int, int]:
    """Element and component that an error is about, from its reference designator (``N104``, ``MEA04-01``, ``02``)."""
    match = _PLACE.fullmatch(str(error.refdes or "").zfill(2))
    return (int(match[1]), int(match[2] or 0)) if match else (0, 0)


def validator(schema: X12Schema) -> Validator:
    """The Validator of ``schema``, made once for each. Raises OSError when its map is gone."""
    return _made(schema)


@per_schema
def _made(schema: X12Schema) -> Validator:
    return Validator(schema)
