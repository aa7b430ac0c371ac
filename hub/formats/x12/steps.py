"""A transaction set's structure as positions and steps: from the segment read last, where does the next one lead?

A loop is entered by its first segment, and what may follow depends only on the position reached; the answer for each
(position, tag) is worked out once. It is pyx12's own way through a map (in each loop, from the inside, the first place
that is not behind us), so that both agree on every set that is as it should be.
"""

from typing import Any

from hub.formats.x12.tables import UNBOUNDED, SegmentTable
from hub.schema.memo import per_schema
from hub.schema.model import Kind, Node
from hub.schema.x12 import X12Schema

Values = dict[str, Any]
Frame = tuple[Values, Any]
"""One open loop: its part of the Document, and the frame around it (None outside the set)."""


class LoopTable:
    """A loop, or the whole set, which has no parent."""

    __slots__ = ("children", "index", "key", "many", "max", "parent", "path", "required", "tag")

    def __init__(self, node: Node, parent: "LoopTable | None", index: int) -> None:
        self.tag = node.tag
        self.key = node.key
        self.required = node.min > 0
        self.max: int = UNBOUNDED if node.max is None else node.max
        self.many = node.max != 1
        self.parent = parent
        self.index = index
        self.path: str = f"{parent.path}{node.key}/" if parent is not None else ""
        self.children: list[Position | LoopTable] = []


class Position:
    """A segment's place in the set's structure."""

    __slots__ = ("_steps", "index", "key", "loop", "many", "max", "path", "required", "table", "tag")

    def __init__(self, node: Node, table: SegmentTable, loop: LoopTable, index: int) -> None:
        self.tag = node.tag
        self.key = node.key
        self.required = node.min > 0
        self.max: int = UNBOUNDED if node.max is None else node.max
        self.many = node.max != 1
        self.table = table
        self.loop = loop
        self.index = index
        self.path = f"{loop.path}{node.key}"
        self._steps: dict[str, Step | None] = {}

    def step(self, tag: str) -> "Step | None":
        """Where a segment ``tag`` leads from here without passing anything mandatory by; None when it does not."""
        if tag in self._steps:
            return self._steps[tag]
        found = _step(self, tag)
        if found is not None:  # so that no stranger fills the memory with tags
            self._steps[tag] = found
        return found

    def complete(self) -> bool:
        """Whether the set may end here."""
        loop, start = self.loop, self.index + 1
        while True:
            if any(child.required for child in loop.children[start:]):
                return False
            if loop.parent is None:
                return True
            loop, start = loop.parent, loop.index + 1


class Step:
    """Leave ``up`` loops, open ``enter`` (its first segment is ``to``) or not, arrive at ``to``. ``key``, ``many`` and
    ``max`` are those of the loop entered or, without one, of the segment."""

    __slots__ = ("enter", "key", "many", "max", "to", "up")

    def __init__(self, to: Position, up: int, enter: LoopTable | None) -> None:
        self.to = to
        self.up = up
        self.enter = enter
        self.key = to.key if enter is None else enter.key
        self.many = to.many if enter is None else enter.many
        self.max = to.max if enter is None else enter.max


class SetTable:
    """A compiled transaction set. ``start`` is ST; ``by_path`` has every position."""

    __slots__ = ("by_path", "root", "schema", "start")

    def __init__(self, schema: X12Schema) -> None:
        self.schema = schema
        self.root = LoopTable(schema.root, None, 0)
        self.by_path: dict[str, Position] = {}
        self._fill(self.root, schema.root)
        first = self.root.children[0]
        assert isinstance(first, Position)  # the maps' reader has seen to it
        self.start = first

    def _fill(self, loop: LoopTable, node: Node) -> None:
        for index, child in enumerate(node.children):
            if child.kind is Kind.GROUP:
                inner = LoopTable(child, loop, index)
                loop.children.append(inner)
                self._fill(inner, child)
                continue
            position = Position(child, SegmentTable(child, self.schema), loop, index)
            loop.children.append(position)
            self.by_path[position.path] = position


def set_table(schema: X12Schema) -> SetTable:
    """``schema`` compiled, once for each."""
    return _compiled(schema)


@per_schema
def _compiled(schema: X12Schema) -> SetTable:
    return SetTable(schema)


def fits(step: Step, frame: Frame) -> bool:
    """Whether the repetitions of the step's segment or loop leave room for one more."""
    up = step.up
    while up:
        frame = frame[1]
        up -= 1
    held = frame[0].get(step.key)
    return held is None or (step.many and len(held) < step.max)


def attach(step: Step, frame: Frame, values: Values) -> Frame:
    """Put ``values`` into the Document; returns the frame of the loop now open.

    What comes once too often for a node that is no list stays outside the Document.
    """
    up = step.up
    while up:
        frame = frame[1]
        up -= 1
    if step.enter is not None:
        to = step.to
        values = {to.key: [values] if to.many else values}
    holder = frame[0]
    if not step.many:
        holder.setdefault(step.key, values)
    elif step.key in holder:
        holder[step.key].append(values)
    else:
        holder[step.key] = [values]
    return frame if step.enter is None else (values, frame)


def arriving(at: Position, to: Position) -> Step:
    """The step from ``at`` to ``to`` whatever lies between: into a new instance of its loop when ``to`` opens one."""
    loop, enter = to.loop, None
    if loop.parent is not None and to.index == 0:
        loop, enter = loop.parent, to.loop
    up, here = 0, at.loop
    while here is not loop and here.parent is not None:
        up, here = up + 1, here.parent
    return Step(to, up, enter)


def _first(child: Position | LoopTable) -> Position:
    if isinstance(child, Position):
        return child
    first = child.children[0]
    assert isinstance(first, Position)
    return first


def _step(at: Position, tag: str) -> Step | None:
    """The first place for ``tag`` that is not behind ``at``, looked for from the inside out; None when something
    mandatory would be passed by."""
    opens = at.index == 0 and at.loop.parent is not None
    if at.tag == tag and not opens:
        return Step(at, 0, None)
    up, loop, start = 0, at.loop, at.index + 1
    while True:
        for child in loop.children[start:]:
            first = _first(child)
            if first.tag == tag:
                return Step(first, up, child if isinstance(child, LoopTable) else None)
            if child.required:
                return None
        parent = loop.parent
        if parent is None:
            return None
        first = _first(loop)
        if first.tag == tag:
            return Step(first, up + 1, loop)
        up, loop, start = up + 1, parent, loop.index + 1
