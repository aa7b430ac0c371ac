"""A sample Document of any EDIFACT message: laid out along the steps that the reader would take, so that it is read as
it is meant.

Neighbours of one tag cannot always be told apart: behind ``RFF`` that may repeat, another ``RFF`` is a repetition, even
if a group that begins with RFF comes next. If that group is optional, it is left out; if it is mandatory, the first RFF
is repeated until it is full.
"""

from collections.abc import Iterator
from typing import Any

from hub.errors import WriteError
from hub.formats.edifact.forms import BATCH, INTERACTIVE, Form
from hub.formats.edifact.names import identifier
from hub.formats.edifact.steps import GroupTable, MessageTable, Position, Step, message_table
from hub.model.message import Document
from hub.schema.dependencies import settled
from hub.schema.model import Kind, Node, Schema
from hub.schema.sampling import Extent, Sampling

Values = dict[str, Any]
Place = Position | GroupTable

MESSAGE_REF = "1"
_MOST_COPIES = 1_000  # to fill what stands in the way of something mandatory
_LEFT_OUT = frozenset(("0057", "0110", "0113"))  # an association's names: they would call for its own code lists
_DAYS = ("102", "203")  # 2379: CCYYMMDD, CCYYMMDDHHMM
_COUNTED = "2"  # 6069: line items


def document(schema: Schema, sampling: Sampling) -> Document:
    """A Document of ``schema`` that is valid when it is written. Raises WriteError when the structure allows none."""
    return _Layout(schema, message_table(schema), sampling).document()


class _Layout:
    """Lays one Document out."""

    def __init__(self, schema: Schema, table: MessageTable, sampling: Sampling) -> None:
        self._schema = schema
        self._table = table
        self._sampling = sampling
        self._at = table.start
        self._frames: list[Values] = [{}]

    def document(self) -> Document:
        """The whole message, from UNH or UIH on."""
        self._inside(self._table.root, self._schema.root)
        made = self._frames[0]
        tag = self._schema.root.children[0].tag
        made[tag] = self._header(made.get(tag, {}), INTERACTIVE if tag == INTERACTIVE.message else BATCH)
        _count_items(made, self._schema.root)
        return made

    def _header(self, header: Values, form: Form) -> Values:
        names = dict(zip(("0065", "0052", "0054", "0051"), identifier(self._schema.id), strict=True))
        return header | {form.reference: MESSAGE_REF, form.identifier: names}

    def _inside(self, group: GroupTable, node: Node) -> None:
        """Everything of ``group`` behind its trigger (of the message: everything)."""
        counts = settled(node, [self._sampling.times(place.min, place.max) for place in group.children])
        first = 0 if group.parent is None else 1
        for place, inner, count in list(zip(group.children, node.children, counts, strict=True))[first:]:
            for _ in range(count):
                if not self._put(place, inner):
                    break

    def _put(self, place: Place, node: Node) -> bool:
        """Put one segment or group in its place; False when it is left out, because it would be read as another."""
        trigger = place if isinstance(place, Position) else place.trigger
        group = place if isinstance(place, GroupTable) else None
        step = self._next(trigger.tag)
        while step is None or step.to is not trigger or step.enter is not group:
            if not place.min or step is None:
                return False
            self._fill(step)
            step = self._next(trigger.tag)
        self._enter(step, node)
        return True

    def _next(self, tag: str) -> Step | None:
        """Where the reader would take a segment ``tag`` now."""
        return next((step for step in self._at.find(tag) if not step.missing and self._room(step)), None)

    def _room(self, step: Step) -> bool:
        held = self._frames[-1 - step.up].get(step.key)
        return held is None or (step.many and len(held) < step.max)

    def _fill(self, step: Step) -> None:
        """Once more what stands in the way of something mandatory."""
        place: Place = step.to if step.enter is None else step.enter
        if step.max > _MOST_COPIES:
            raise WriteError(f"{self._schema.id}: no sample: {place.path} cannot be told from what follows it")
        self._enter(step, _node(self._schema.root, place))

    def _enter(self, step: Step, node: Node) -> None:
        """Take ``step`` to ``node``, and fill the group that it opens."""
        self._take(step, self._values(node if step.enter is None else node.children[0]))
        if step.enter is not None:
            self._inside(step.enter, node)

    def _take(self, step: Step, values: Values) -> None:
        """What the reader does with a segment, see :mod:`hub.formats.edifact.walk`."""
        del self._frames[len(self._frames) - step.up :]
        holder = self._frames[-1]
        if step.enter is not None:
            values = {step.to.key: [values] if step.to.many else values}
        if step.many:
            holder.setdefault(step.key, []).append(values)
        else:
            holder[step.key] = values
        if step.enter is not None:
            self._frames.append(values)
        self._at = step.to

    def _values(self, holder: Node) -> Values:
        """What a segment or composite holds: what must be there, what the extent wants beside it, and never nothing."""
        counts = [self._count(node) for node in holder.children]
        if counts and not any(counts):
            counts[0] = 1
        made: Values = {}
        for node, count in zip(holder.children, settled(holder, counts), strict=True):
            if count:
                items = [self._field(node) for _ in range(count)]
                made[node.key] = items[0] if node.max == 1 else items
        _date(made, holder.children, self._schema, self._sampling)
        return made

    def _count(self, node: Node) -> int:
        """How many repetitions; in fixed positions all of them when the sample is full."""
        if node.key in _LEFT_OUT:
            return 0
        if node.slots > 1 and self._sampling.extent is Extent.FULL:
            return node.slots
        most = node.max if node.slots > 1 else 1
        return self._sampling.times(min(node.min, 1) if node.slots == 1 else node.min, most)

    def _field(self, node: Node) -> Any:
        if node.kind is Kind.COMPOSITE:
            return self._values(node)
        return self._sampling.leaf(node, self._schema.codes.get(node.codes) if node.codes else None)


def _node(root: Node, place: Place) -> Node:
    """The schema's node of ``place``."""
    node = root
    for key in place.path.rstrip("/").split("/"):
        node = next(child for child in node.children if child.key == key)
    return node


def _date(values: Values, nodes: tuple[Node, ...], schema: Schema, sampling: Sampling) -> None:
    """Make 2380 a moment of the form that 2379 beside it names."""
    form = next((node for node in nodes if node.key == "2379"), None)
    if form is None or "2380" not in values:
        return
    listed = schema.codes.get(form.codes or "") or {}
    if "2379" in values:
        values["2379"] = next((code for code in _DAYS if code in listed), values["2379"])
    values["2380"] = sampling.day() + (sampling.clock() if values.get("2379") == "203" else "")


def _count_items(made: Document, root: Node) -> None:
    """Make every control total (CNT) one of line items, and right."""
    lines = str(sum(1 for _ in _segments(made, root, "LIN")))
    for values in _segments(made, root, "CNT"):
        total = values.get("C270", {})
        if "6069" in total:
            total |= {"6069": _COUNTED, "6066": lines}


def _segments(values: Values, node: Node, tag: str) -> Iterator[Values]:
    """Every segment ``tag`` in ``values``, an instance of ``node``."""
    for child in node.children:
        held = values.get(child.key)
        for item in held if isinstance(held, list) else [held] if held is not None else []:
            if child.kind is Kind.GROUP:
                yield from _segments(item, child, tag)
            elif child.tag == tag:
                yield item
