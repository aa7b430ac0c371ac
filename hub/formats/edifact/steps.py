"""A message's structure as positions and steps: from the segment read last, where does the next one lead?

ISO 9735-1 §8 lets a message be read left to right, top down, a group being entered by its trigger segment. So the
segments that may follow depend only on the position reached; the answer for each (position, tag) is worked out once.
"""

from hub.formats.edifact.tables import NO_LISTS, NOTHING, UNBOUNDED, SegmentTable, segment_table
from hub.schema.edifact_lists import EdifactSchema
from hub.schema.memo import per_schema
from hub.schema.model import Kind, Node, Schema

_REMEMBERED = 500
"""Tags for which a position remembers that they cannot follow: a stranger may send any number of them."""


class GroupTable:
    """A segment group (or the whole message, which has no parent)."""

    __slots__ = ("children", "index", "key", "many", "max", "min", "parent", "path")

    def __init__(self, node: Node, parent: "GroupTable | None", index: int) -> None:
        self.key = node.key
        self.min = node.min
        self.max = UNBOUNDED if node.max is None else node.max
        self.many = node.max != 1
        self.parent = parent
        self.index = index
        self.path: str = f"{parent.path}{node.key}/" if parent is not None else ""
        self.children: list[Position | GroupTable] = []

    @property
    def trigger(self) -> "Position":
        """The segment that opens the group (ISO 9735-1 §8.5: the first, mandatory, once)."""
        first = self.children[0]
        return first if isinstance(first, Position) else first.trigger


class Position:
    """A segment's place in the message's structure."""

    __slots__ = (
        "_ending", "_headless", "_steps", "group", "index", "key", "many", "max", "min", "path", "sure", "table", "tag",
    )  # fmt: skip

    def __init__(self, node: Node, table: SegmentTable, group: GroupTable, index: int) -> None:
        self.tag = node.tag
        self.key = node.key
        self.min = node.min
        self.max = UNBOUNDED if node.max is None else node.max
        self.many = node.max != 1
        self.table = table
        self.group = group
        self.index = index
        self.path = f"{group.path}{node.key}"
        self.sure: dict[str, Step] = {}  # the steps that leave no doubt, of the tags met so far
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._ending: tuple[Position, ...] | None = None
        self._headless: dict[str, tuple[tuple[Step, Step], ...]] = {}

    def find(self, tag: str) -> "tuple[Step, ...]":
        """The steps that a segment ``tag`` may mean here, the likeliest first; () when it cannot follow."""
        known = self._steps.get(tag)
        if known is None:
            known = tuple(sorted(_steps(self, tag), key=lambda step: len(step.missing)))
            if known or len(self._steps) < _REMEMBERED:
                self._steps[tag] = known
        return known

    def simply(self, tag: str) -> "Step | None":
        """The first step for ``tag`` when it passes nothing mandatory by; kept in ``sure``."""
        steps = self.find(tag)
        if not steps or steps[0].missing:
            return None
        self.sure[tag] = steps[0]
        return steps[0]

    def headless(self, tag: str) -> "tuple[tuple[Step, Step], ...]":
        """The ways in which ``tag`` may belong to a group that begins here without its trigger: the step that opens
        the group, and the one within it."""
        known = self._headless.get(tag)
        if known is None:
            known = self._headless[tag] = tuple(_headless(self, tag))
        return known

    def missing_to_end(self) -> "tuple[Position, ...]":
        """The mandatory segments that are still to come when the message ends here."""
        if self._ending is None:
            missing: list[Position] = []
            for group, start in _levels(self):
                missing += [_segment(child) for child in group.children[start:] if child.min > 0]
            self._ending = tuple(missing)
        return self._ending


class Step:
    """Leave ``up`` groups, open ``enter`` (its trigger is ``to``) or not, arrive at ``to``, passing ``missing`` by.

    ``key``, ``many`` and ``max`` are those of the group entered or, without one, of the segment.
    """

    __slots__ = ("enter", "key", "many", "max", "missing", "to", "up")

    def __init__(self, to: Position, up: int, enter: GroupTable | None, missing: tuple[Position, ...]) -> None:
        self.to = to
        self.up = up
        self.enter = enter
        self.missing = missing
        place = to if enter is None else enter
        self.key = place.key
        self.many = place.many
        self.max = place.max


class MessageTable:
    """A compiled message type. ``start`` is the position before the first segment."""

    __slots__ = ("_by_tag", "_lists", "root", "schema", "start")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.root = GroupTable(schema.root, None, 0)
        self._by_tag: dict[str, list[Position]] = {}
        self._lists = schema.lists if isinstance(schema, EdifactSchema) else NO_LISTS
        self._fill(self.root, schema.root, {})
        nothing = Node("", "", Kind.SEGMENT)
        self.start = Position(nothing, NOTHING, self.root, -1)

    def positions(self, tag: str) -> list[Position]:
        """Every place in the message where ``tag`` may stand."""
        return self._by_tag.get(tag, [])

    def _fill(self, group: GroupTable, node: Node, tables: dict[tuple[str, int], SegmentTable]) -> None:
        for index, child in enumerate(node.children):
            if child.kind is Kind.GROUP:
                inner = GroupTable(child, group, index)
                group.children.append(inner)
                self._fill(inner, child, tables)
                continue
            key = (child.tag, id(child.children))
            if key not in tables:
                tables[key] = segment_table(child, self.schema.codes, self._lists)
            position = Position(child, tables[key], group, index)
            group.children.append(position)
            self._by_tag.setdefault(child.tag, []).append(position)


def _levels(position: Position) -> list[tuple[GroupTable, int]]:
    """The groups around ``position`` from the inside, each with the index of the child after the one we are in."""
    group, start = position.group, position.index + 1
    levels = [(group, start)]
    while group.parent is not None:
        group, start = group.parent, group.index + 1
        levels.append((group, start))
    return levels


def _triggers(group: GroupTable, start: int) -> list[Position]:
    """The triggers of the groups from child ``start`` of ``group`` on, and of ``group`` itself."""
    own = [group.trigger] if group.parent is not None else []
    return own + [child.trigger for child in group.children[start:] if isinstance(child, GroupTable)]


def _segment(child: Position | GroupTable) -> Position:
    return child if isinstance(child, Position) else child.trigger


def _steps(position: Position, tag: str) -> list[Step]:
    steps = []
    if position.tag == tag and position.max > 1:
        steps.append(Step(position, 0, None, ()))
    missing: list[Position] = []
    for up, (group, start) in enumerate(_levels(position)):
        for child in group.children[start:]:
            first = _segment(child)
            if first.tag == tag:
                steps.append(Step(first, up, child if isinstance(child, GroupTable) else None, tuple(missing)))
            if child.min > 0:
                missing.append(first)
        if group.parent is not None and group.trigger.tag == tag:
            steps.append(Step(group.trigger, up + 1, group, tuple(missing)))
    return steps


def _headless(position: Position, tag: str) -> list[tuple[Step, Step]]:
    triggers = {trigger.tag for group, start in _levels(position) for trigger in _triggers(group, start)}
    found = []
    openings = [step for trigger in sorted(triggers) for step in position.find(trigger) if step.enter]
    for opening in [step for step in openings if len(step.missing) < 3]:
        found += [(opening, step) for step in opening.to.find(tag) if not step.up and not step.missing]
    return sorted(found, key=lambda pair: (len(pair[0].missing), pair[0].up))


@per_schema
def message_table(schema: Schema) -> MessageTable:
    """``schema`` compiled; those used last are kept."""
    return MessageTable(schema)
