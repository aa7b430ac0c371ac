"""The walk through one message: each segment to its place in the structure, and back on track after one that has none.

When a segment cannot follow, these are tried in turn: (1) its place is full: one finding, and its content is kept where
the Document can hold it; (2) it follows the segment *before* the last one: the last one was the intruder; (3) the last
one had no tag of this message and must have been the trigger of the group that this one belongs to; (4) it is passed
over, together with the neighbours that have no place either or belong to its group: one finding for the run.
"""

from collections.abc import Callable, Sequence
from typing import Any

from hub.formats.edifact.remarks import Remarks
from hub.formats.edifact.scrutiny import Scrutiny
from hub.formats.edifact.segments import Values, recognise
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.steps import MessageTable, Position, Step
from hub.model.finding import Severity
from hub.model.message import Document

Frame = tuple[Values, Any]
"""One open group: its part of the Document, and the frame around it (None outside the message)."""


class Walk:
    """Reads one message. ``texts`` are its segments from UNH on, without UNT; ``offset`` gives a segment's byte."""

    __slots__ = (
        "_at", "_from", "_frame", "_from_frame", "_lost", "_lost_at", "_mark", "_offset", "_remarks",
        "_scrutiny", "_separators", "_shadows", "_step", "_table", "_texts",
    )  # fmt: skip

    def __init__(
        self,
        table: MessageTable,
        texts: Sequence[str],
        offset: Callable[[int], int],
        separators: Separators,
        scrutiny: Scrutiny,
        remarks: Remarks,
    ) -> None:
        self._table = table
        self._texts = texts
        self._offset = offset
        self._separators = separators
        self._scrutiny = scrutiny
        self._remarks = remarks
        self._at: Position = table.start
        self._frame: Frame = ({}, None)
        self._step: Step | None = None  # the last one taken, from ``_from`` in ``_from_frame``
        self._from: Position = self._at
        self._from_frame: Frame = self._frame
        self._lost = 0  # segments in a row that had no place, the first being number ``_lost_at``
        self._lost_at = 0
        self._shadows: list[Position] = []  # where the lost segments would stand
        self._mark = (-1, 0)  # the segment that findings were last made for, and how many there were before it

    def read(self) -> Document:
        """The message's content; what is wrong with it has gone to the remarks."""
        document = self._frame[0]
        element, component = self._separators.element, self._separators.component
        repetition = self._separators.repetition or "\uffff"
        at, frame = self._at, self._frame
        last, before, around = self._step, at, frame
        for index, text in enumerate(self._texts):
            step = at.sure.get(text[:3])
            if step is None or self._lost or not _fits(step, frame):
                self._at, self._frame, self._step, self._from, self._from_frame = at, frame, last, before, around
                step = self._decide(index, text[:3])
                at, frame, last = self._at, self._frame, self._step
                if step is None:
                    continue
            to = step.to
            values = None
            if text.isascii() and repetition not in text:
                values = recognise(to.table, text, element, component)
            if values is None:
                self._note(index)
                values = self._scrutiny.segment(to.table, text, index + 1, self._offset(index), to.path)
            last, before, around = step, at, frame
            at, frame = to, _attach(step, frame, values)
        self._at = at
        self._end()
        return document

    def _decide(self, index: int, tag: str) -> Step | None:
        """The step for a segment that does not simply follow; None when it is passed over."""
        if not self._lost:
            step = self._at.simply(tag)
            if step is not None and _fits(step, self._frame):
                return step
        self._note(index)
        if self._shadowed(tag):
            self._lost += 1
            return None
        step = self._choose(self._at, self._frame, tag)
        if step is None and (self._intruder(index, tag) or self._garbled(tag)):
            step = self._choose(self._at, self._frame, tag)
        if step is None:
            self._lose(index, tag)
            return None
        self._found()
        self._passed_by(step.missing, index)
        if not _fits(step, self._frame):
            self._overfull(step, index)
        return step

    def _choose(self, at: Position, frame: Frame, tag: str) -> Step | None:
        """The best step for ``tag``: one that fits, else one that is full, else one more of the segment just read."""
        steps = at.find(tag)
        fitting = next((step for step in steps if _fits(step, frame)), None)
        if fitting is not None and not fitting.missing:
            return fitting
        if steps and not steps[0].missing:
            return steps[0]
        if at.tag == tag and at.group.children[0] is not at:
            return Step(at, 0, None, ())
        return fitting or (steps[0] if steps else None)

    def _intruder(self, index: int, tag: str) -> bool:
        """Whether the last segment led astray: ``tag`` follows the one before it, and what comes next does not follow
        the last one either. If so, the last one is undone."""
        last, before = self._step, self._from
        if last is None or self._lost or last.to is before or before.index < 0:
            return False
        step = next((step for step in before.find(tag) if not step.missing and _fits(step, self._from_frame)), None)
        if step is None or self._follows(index + 1):
            return False
        if self._mark[0] == index - 1:
            self._remarks.forget(self._mark[1])
        _detach(last, self._from_frame)
        self._at, self._frame, self._step = before, self._from_frame, None
        self._unexpected(index - 1, last.to.tag, 1)
        return True

    def _garbled(self, tag: str) -> bool:
        """Whether the segment just passed over must have been the trigger of a group, its tag being no tag at all: the
        group that ``tag`` belongs to may open here. If so, that group is opened."""
        if self._lost != 1 or self._table.positions(self._texts[self._lost_at][:3]):
            return False
        for opening in self._at.openings():
            inside = [step for step in opening.to.find(tag) if not step.up and not step.missing]
            if inside and _fits(opening, self._frame):
                self._frame = _attach(opening, self._frame, {})
                self._at = opening.to
                return True
        return False

    def _follows(self, index: int) -> bool:
        """Whether segment ``index`` follows the position reached."""
        steps = self._at.find(self._texts[index][:3]) if index < len(self._texts) else ()
        return any(not step.missing and _fits(step, self._frame) for step in steps)

    def _lose(self, index: int, tag: str) -> None:
        if not self._lost:
            self._lost_at = index
        self._lost += 1
        self._shadows = [place for place in self._table.positions(tag) if place.group.children[0] is place]

    def _shadowed(self, tag: str) -> bool:
        """Whether ``tag`` belongs to the group whose trigger was passed over."""
        if not self._shadows:
            return False
        self._shadows = [step.to for place in self._shadows for step in place.find(tag) if not step.up]
        return bool(self._shadows)

    def _found(self) -> None:
        """Back on track: the finding about the segments passed over, if any."""
        if self._lost:
            self._unexpected(self._lost_at, self._texts[self._lost_at][:3], self._lost)
        self._lost = 0
        self._shadows = []

    def _unexpected(self, index: int, tag: str, count: int) -> None:
        key = "segment-unexpected" if self._table.positions(tag) else "segment-unknown"
        self._remarks.retract("segment-missing", tag)
        shown = tag if tag.isascii() and tag.isprintable() else "???"
        self._remarks.add(
            key, Severity.ERROR, self._offset(index), segment=index + 1, tag=shown, path=shown, count=str(count)
        )

    def _passed_by(self, missing: tuple[Position, ...], index: int) -> None:
        """Findings about mandatory segments; one is missing after the last segment processed (ISO 9735-4, 0096)."""
        for position in missing:
            self._remarks.add(
                "segment-missing",
                Severity.ERROR,
                self._offset(index),
                segment=index,
                tag=position.tag,
                path=position.path,
            )

    def _overfull(self, step: Step, index: int) -> None:
        """One finding at the first repetition too many."""
        holder = _up(step, self._frame)[0]
        if step.many and len(holder[step.key]) > step.max:
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

    def _end(self) -> None:
        self._note(len(self._texts))
        self._found()
        self._passed_by(self._at.missing_to_end(), len(self._texts))

    def _note(self, index: int) -> None:
        if self._mark[0] != index:
            self._mark = (index, self._remarks.mark())


def _up(step: Step, frame: Frame) -> Frame:
    for _ in range(step.up):
        frame = frame[1]
    return frame


def _fits(step: Step, frame: Frame) -> bool:
    """Whether the repetitions of the step's segment or group leave room for one more."""
    up = step.up
    while up:
        frame = frame[1]
        up -= 1
    held = frame[0].get(step.key)
    return held is None or (step.many and len(held) < step.max)


def _attach(step: Step, frame: Frame, values: Values) -> Frame:
    """Put ``values`` into the Document; returns the frame of the group now open.

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


def _detach(step: Step, frame: Frame) -> None:
    """The inverse of :func:`_attach`, ``frame`` being the one from before it."""
    holder = _up(step, frame)[0]
    if step.many and len(holder[step.key]) > 1:
        holder[step.key].pop()
    else:
        holder.pop(step.key)
