"""Where in the bytes a part of the Document came from: asked only when there is something to say about it."""

from collections.abc import Callable, Sequence
from typing import Any

from hub.formats.edifact.separators import Separators
from hub.formats.edifact.steps import GroupTable, Position
from hub.formats.edifact.tables import Element, Leaf
from hub.formats.remarks import Remarks
from hub.model.finding import Place, Severity

Values = dict[str, Any]


class Part:
    """A part of a segment: the element ``element`` (its key) and of it the component ``component``, each with the index
    in its list where there is one. Empty keys: the whole segment, the whole element."""

    __slots__ = ("component", "element", "occurrence", "slot")

    def __init__(self, element: str = "", occurrence: int = 0, component: str = "", slot: int = 0) -> None:
        self.element = element
        self.occurrence = occurrence
        self.component = component
        self.slot = slot


WHOLE = Part()


class Locator:
    """Finds the segments of one message again. ``texts`` are its segments from UNH on, ``offset`` gives their bytes.

    Segments lie in the Document in the order in which they were sent; what was passed over is not in it.
    """

    __slots__ = ("_found", "_next", "_offset", "_placed", "_real_offset", "_separators", "_texts")

    def __init__(
        self,
        root: GroupTable,
        document: Values,
        texts: Sequence[str],
        offset: Callable[[int], int],
        separators: Separators,
        placed: dict[int, int] | None = None,
        real: Callable[[int], int] | None = None,
    ) -> None:
        """``placed``, for a message out of order, says which segment the values of each ``id()`` came from; ``real``
        gives the offset of a place in a segment from which line breaks were taken away."""
        self._texts = texts
        self._placed = placed
        self._real_offset = real
        self._offset = offset
        self._separators = separators
        self._next = 0
        self._found: dict[int, tuple[int, Position]] = {}
        self._align(root, document)

    def add(
        self,
        remarks: Remarks,
        code: str,
        severity: Severity,
        segment: Values,
        part: Part = WHOLE,
        below: str = "",
        **params: str,
    ) -> None:
        """A finding ``code`` about ``part`` of ``segment``, a segment's values in the Document. ``below`` is the path
        of what is missing below it."""
        offset, place = self.place(segment, part)
        remarks.add(
            code,
            severity,
            offset,
            segment=place.segment,
            tag=place.tag,
            element=place.element,
            component=place.component,
            repetition=place.repetition,
            path=f"{place.path}/{below}".strip("/") if below else place.path,
            **params,
        )

    def place(self, segment: Values, part: Part = WHOLE) -> tuple[int, Place]:
        """Where ``part`` of ``segment`` is: its byte offset, and its place without line and column."""
        index, position = self._found.get(id(segment), (0, None))
        if position is None:
            return self._offset(index), Place(segment=index + 1, tag="UNH", path="")
        path, offset, element, component, repetition = position.path, self._offset(index), None, None, None
        if part.element:
            path = f"{path}/{part.element}" + (f"/{part.component}" if part.component else "")
            offset, element, component, repetition = self._within(index, position, part)
            if self._real_offset is not None:
                offset = self._real_offset(offset)
        return offset, Place(None, None, None, index + 1, position.tag, element, component, repetition, path)

    def _align(self, group: GroupTable, values: Values) -> None:
        for child in group.children:
            held = values.get(child.key)
            if held is None:
                continue
            items: list[Values] = held if child.many else [held]
            for item in items:
                if isinstance(child, GroupTable):
                    self._align(child, item)
                else:
                    index = self._index(child.tag) if self._placed is None else self._placed.get(id(item), 0)
                    self._found[id(item)] = (index, child)

    def _index(self, tag: str) -> int:
        """The next segment with that tag."""
        for index in range(self._next, len(self._texts)):
            if self._texts[index][:3] == tag:
                self._next = index + 1
                return index
        return max(self._next - 1, 0)

    def _within(self, index: int, position: Position, part: Part) -> tuple[int, int | None, int | None, int | None]:
        """Byte offset, element, component and repetition of ``part``; those of what it would follow when it is not
        there."""
        elements = position.table.elements
        number = _number_of_element(elements, part)
        if number is None:
            return self._offset(index), None, None, None
        element = elements[min(number, len(elements)) - 1]
        component = _number_of_leaf(element.parts, part)
        pieces = self._texts[index].split(self._separators.element)
        at = self._offset(index) + sum(len(piece) + 1 for piece in pieces[:number])
        if number >= len(pieces):
            return self._offset(index), number, component, None
        repetition = None
        text = pieces[number]
        separator = self._separators.repetition
        if element.many and element.repeats > 1 and separator and separator in text:
            repeated = text.split(separator)
            at += sum(len(piece) + 1 for piece in repeated[: part.occurrence])
            repetition, text = part.occurrence + 1, repeated[min(part.occurrence, len(repeated) - 1)]
        if component is not None:
            at += sum(len(piece) + 1 for piece in text.split(self._separators.component)[: component - 1])
        return at, number, component, repetition


def _number_of_element(elements: tuple[Element, ...], part: Part) -> int | None:
    """Where on the wire: 1 for the first position."""
    for number, element in enumerate(elements, 1):
        if element.key == part.element and (element.repeats > 1 or element.slot == part.occurrence):
            return number
    return None


def _number_of_leaf(leaves: tuple[Leaf, ...], part: Part) -> int | None:
    for number, leaf in enumerate(leaves, 1):
        if leaf.key == part.component and leaf.slot == part.slot:
            return number
    return None
