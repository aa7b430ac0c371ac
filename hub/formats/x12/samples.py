"""A sample Document of any X12 transaction set, laid out along the steps that the reader would take."""

from typing import Any

from hub.formats.x12.steps import Frame, LoopTable, Position, SetTable, Step, attach, fits, set_table
from hub.formats.x12.tables import DATE, INTEGER, TEXT, TIME, Leaf
from hub.model.message import Document
from hub.schema.dependencies import settled
from hub.schema.model import Kind, Node
from hub.schema.sampling import Sampling
from hub.schema.x12 import X12Schema

Values = dict[str, Any]

MESSAGE_REF = "0001"


def document(schema: X12Schema, sampling: Sampling) -> Document:
    """A Document of ``schema`` that is valid when it is written."""
    return _Layout(schema, sampling).document()


class _Layout:
    """Lays one Document out. What the reader would take for something else is left out."""

    def __init__(self, schema: X12Schema, sampling: Sampling) -> None:
        self._schema = schema
        self._sampling = sampling
        self._table: SetTable = set_table(schema)
        self._at: Position = self._table.start

    def document(self) -> Document:
        """The whole set; ST names it."""
        root = self._schema.root
        made: Document = {}
        first = root.children[0]
        made[first.key] = self._values(first, self._table.start) | self._named()
        self._members(self._table.root, root, (made, None))
        return made

    def _named(self) -> Values:
        if self._table.start.tag != "ST":
            return {}
        named = {"ST01": self._schema.number, "ST02": MESSAGE_REF}
        convention = {"ST03": self._schema.version} if len(self._table.start.table.row) > 2 else {}
        return named | convention

    def _members(self, loop: LoopTable, node: Node, frame: Frame) -> Frame:
        """Everything of ``loop`` behind its first segment."""
        for place, inner in list(zip(loop.children, node.children, strict=True))[1:]:
            for _ in range(self._sampling.times(inner.min, inner.max)):
                if not self._put(place, inner, frame):
                    break
        return frame

    def _put(self, place: Position | LoopTable, node: Node, frame: Frame) -> bool:
        first = place if isinstance(place, Position) else place.children[0]
        assert isinstance(first, Position)
        step = self._at.step(first.tag)
        enter = place if isinstance(place, LoopTable) else None
        if step is None or step.to is not first or step.enter is not enter:
            return False
        leaf = Step(first, 0, enter)  # from the loop's own frame, however deep the last segment was
        if not fits(leaf, frame):
            return False
        segment = node if enter is None else node.children[0]
        inside = attach(leaf, frame, self._values(segment, first))
        self._at = first
        if enter is not None:
            self._members(enter, node, inside)
        return True

    def _values(self, holder: Node, position: Position | None, leaves: list[Leaf] | None = None) -> Values:
        """What a segment or composite holds: what must be there, what the extent wants beside it, never nothing."""
        counts = [self._sampling.times(node.min, min(node.max or 2, 2)) for node in holder.children]
        if counts and not any(counts):
            counts[0] = 1
        made: Values = {}
        for at, (node, count) in enumerate(zip(holder.children, settled(holder, counts), strict=True)):
            if not count:
                continue
            if node.kind is Kind.COMPOSITE:
                parts = position.table.row[at].parts if position else []
                items: list[Any] = [self._values(node, None, parts) for _ in range(count)]
            else:
                leaf = position.table.row[at].leaf if position else leaves[at] if leaves else None
                items = [self._value(node, leaf) for _ in range(count)]
            made[node.key] = items[0] if node.max == 1 else items
        return made

    def _value(self, node: Node, leaf: Leaf | None) -> str:
        codes = self._schema.codes.get(node.codes) if node.codes else None
        if leaf is None or codes:
            return self._sampling.leaf(node, codes)
        low, high = leaf.low, leaf.high
        if leaf.kind == TIME:
            return self._sampling.clock()
        if leaf.kind == DATE:
            return self._sampling.day()[8 - min(high, 8) :]
        if leaf.kind == INTEGER:
            return self._sampling.digits(low, high)
        if leaf.kind == TEXT and leaf.type == "ID":
            return self._sampling.letters(low)
        return self._sampling.leaf(node)
