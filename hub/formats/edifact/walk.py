"""The walk through one message: each segment to its place in the structure, its content into the Document.

A message in order takes the fast way. At the first segment that cannot follow, the walk begins anew, along the cheapest
explanation of all that is wrong with the order (see :mod:`hub.formats.edifact.repair`).
"""

from collections.abc import Callable, Sequence
from typing import Any

from hub.formats.edifact.repair import Course, Patience, explain
from hub.formats.edifact.scrutiny import Scrutiny
from hub.formats.edifact.segments import Values, recognise
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.steps import MessageTable, Position, Step
from hub.formats.remarks import Remarks
from hub.model.finding import Severity
from hub.model.message import Document

Frame = tuple[Values, Any]
"""One open group: its part of the Document, and the frame around it (None outside the message)."""


class Walk:
    """Reads one message. ``texts`` are its segments from UNH on, without UNT; ``offset`` gives a segment's byte."""

    __slots__ = (
        "_offset",
        "_patience",
        "_remarks",
        "_scrutiny",
        "_separators",
        "_table",
        "_texts",
        "orderly",
        "placed",
    )

    def __init__(
        self,
        table: MessageTable,
        texts: Sequence[str],
        offset: Callable[[int], int],
        separators: Separators,
        scrutiny: Scrutiny,
        remarks: Remarks,
        patience: Patience,
    ) -> None:
        self._table = table
        self._texts = texts
        self._offset = offset
        self._separators = separators
        self._scrutiny = scrutiny
        self._remarks = remarks
        self._patience = patience
        self.orderly = True  # every segment was in its place
        self.placed: dict[int, int] | None = None  # of a message out of order: id() of values → number of the segment

    def read(self) -> Document:
        """The message's content; what is wrong with it has gone to the remarks."""
        mark = self._remarks.mark()
        document = self._straight()
        if document is None:
            self.orderly = False
            self._remarks.forget(mark)
            self._scrutiny.begin()
            document = self._mended()
        return document

    def _straight(self) -> Document | None:
        """The content of a message in order; None as soon as a segment cannot follow."""
        element, component = self._separators.element, self._separators.component
        repetition = self._separators.repetition or "\uffff"
        document: Document = {}
        frame: Frame = (document, None)
        at = self._table.start
        for index, text in enumerate(self._texts):
            step = at.sure.get(text[:3])
            if step is None or not _fits(step, frame):
                step = _regular(at, frame, text[:3])
                if step is None:
                    return None
            to = step.to
            values = None
            if text.isascii() and repetition not in text:
                values = recognise(to.table, text, element, component)
            if values is None:
                values = self._scrutiny.segment(to.table, text, index + 1, self._offset(index), to.path)
            at, frame = to, _attach(step, frame, values)
        return None if at.missing_to_end() else document

    def _mended(self) -> Document:
        """The content of a message out of order, along the cheapest explanation."""
        document: Document = {}
        frame: Frame = (document, None)
        self.placed = {}
        courses = explain(self._table, [text[:3] for text in self._texts], self._patience)
        for index, course in enumerate(courses):
            step = course.step
            if step is None:
                self._passed_over(courses, index)
                continue
            self._missing(course.missed, index)
            self._overfull(course, index)
            if course.opened is not None:
                frame = _attach(course.opened, frame, None)
            values = self._values(step.to, index)
            self.placed[id(values)] = index
            frame = _attach(step, frame, values)
        self._missing(courses[-1].owed(), len(self._texts))
        return document

    def _values(self, position: Position, index: int) -> Values:
        text = self._texts[index]
        return self._scrutiny.segment(position.table, text, index + 1, self._offset(index), position.path)

    def _passed_over(self, courses: list[Course], index: int) -> None:
        """One finding for a run of segments without a place; one that was missed before was only misplaced."""
        tag = self._texts[index][:3]
        if courses[index].recovered:
            self._remarks.retract("segment-missing", tag)
        if courses[index].run > 1:
            return
        count = 1
        while index + count < len(courses) and courses[index + count].run > count:
            count += 1
        key = "segment-unexpected" if self._table.positions(tag) else "segment-unknown"
        shown = tag if tag.isascii() and tag.isprintable() else "???"
        self._remarks.add(
            key,
            Severity.ERROR,
            self._offset(index),
            segment=index + 1,
            tag=shown,
            path=shown,
            count=str(count),
        )

    def _missing(self, positions: Sequence[Position], index: int) -> None:
        """Findings about mandatory segments; one is missing after the last segment processed (ISO 9735-4, 0096)."""
        for position in positions:
            self._remarks.add(
                "segment-missing",
                Severity.ERROR,
                self._offset(index),
                segment=index,
                tag=position.tag,
                path=position.path,
            )

    def _overfull(self, course: Course, index: int) -> None:
        """One finding at the first repetition too many."""
        step = course.overfull()
        if step is None:
            return
        self._remarks.add(
            "group-repeats" if step.enter else "segment-repeats",
            Severity.ERROR,
            self._offset(index),
            segment=index + 1,
            tag=step.to.tag,
            path=step.to.path,
            max=str(step.max),
        )


def _regular(at: Position, frame: Frame, tag: str) -> Step | None:
    """The step that a segment ``tag`` takes when nothing is wrong."""
    step = at.simply(tag)
    if step is not None and _fits(step, frame):
        return step
    for step in at.find(tag):
        if not step.missing and _fits(step, frame):
            return step
    return None


def _fits(step: Step, frame: Frame) -> bool:
    """Whether the repetitions of the step's segment or group leave room for one more."""
    held = (_above(frame, step.up) if step.up else frame)[0].get(step.key)
    return held is None or (step.many and len(held) < step.max)


def _above(frame: Frame, up: int) -> Frame:
    """The frame ``up`` groups further out."""
    while up:
        frame = frame[1]
        up -= 1
    return frame


def _attach(step: Step, frame: Frame, values: Values | None) -> Frame:
    """Put ``values`` into the Document; returns the frame of the group now open. None: the group has no trigger.

    What comes once too often for a node that is no list stays outside the Document.
    """
    if step.up:
        frame = _above(frame, step.up)
    part: Values = {} if values is None else values
    if step.enter is not None and values is not None:
        to = step.to
        part = {to.key: [values] if to.many else values}
    holder, key = frame[0], step.key
    if not step.many:
        holder.setdefault(key, part)
    else:
        held = holder.get(key)
        if held is None:
            holder[key] = [part]
        else:
            held.append(part)
    return frame if step.enter is None else (part, frame)
