"""One interchange: UNB to UNZ (or UIB to UIZ), its groups and messages, and whether counts and references agree.

It is read in blocks, and what was read is handed on at once, so that a file of any size needs little memory.
"""

from collections.abc import Iterator

from hub.formats.edifact.blocks import FIRST, Block, Blocks, Follows
from hub.formats.edifact.charsets import charset as charset_of
from hub.formats.edifact.charsets import named
from hub.formats.edifact.forms import BATCH, INTERACTIVE, frame_table, service_table
from hub.formats.edifact.frames import Cut
from hub.formats.edifact.groups import Groups
from hub.formats.edifact.guided import Choose
from hub.formats.edifact.heads import REACH, Head, syntax_of
from hub.formats.edifact.layout import Layout, shown
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.messages import MessageReader, Opened
from hub.formats.edifact.opening import opened
from hub.formats.edifact.packages import PACKAGE, STATUS, PackageReader
from hub.formats.edifact.recoding import Recoded
from hub.formats.edifact.separators import for_version
from hub.formats.edifact.setting import Setting, service_bytes
from hub.formats.edifact.trailers import counts, refers
from hub.formats.edifact.wrapping import Wrap
from hub.formats.source import Lines, Source
from hub.model.finding import Severity
from hub.model.message import Envelope, Group, Interchange, Message, Syntax
from hub.schema.catalog import Catalog

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

Event = Envelope | Message | Group | Interchange
"""What an interchange is read as, piece by piece: its Envelope first; Messages and, behind theirs, each Group; at last
the Interchange itself, with all findings about it but without messages and groups."""


class InterchangeReader:
    """Reads the interchange that begins with ``head``; ``opening`` is the text from its first segment on.

    ``end`` is the offset behind it, once all events were taken.
    """

    def __init__(
        self,
        source: Source,
        head: Head,
        opening: str,
        lines: Lines,
        limits: Limits,
        catalog: Catalog,
        charset: str | None,
        guides: Choose | None = None,
    ) -> None:
        s001 = syntax_of(opening, head)
        version = s001[1] if len(s001) > 1 else ""
        separators = for_version(head.separators, version, head.advised)
        unicode = type(source) is Recoded
        characters = named("utf-8") if unicode else named(charset) if charset else charset_of(s001[0])
        self._setting = Setting(separators, head.advised, characters, version, source, lines, limits, catalog, guides)
        self._blocks = Blocks(source, head, separators, version >= "4", characters.veil(service_bytes(separators)))
        self._head = head
        self._form = INTERACTIVE if head.interactive else BATCH
        self._remarks = self._setting.remarks()
        self._layout = Layout()
        self._wrap: Wrap | None = None
        if head.width:
            self._wrap = Wrap(separators.terminator, separators.element, separators.component, head.width)
        self._reader = MessageReader(self._setting, self._form)
        self._packages = PackageReader(self._setting, self._blocks)
        self._envelope = Envelope()
        self._mark = 0  # findings about the header
        self._taken = 0  # segments of the cut that are accounted for
        self._segments = 0  # in all cuts
        self._messages = 0
        self._groups = Groups(self._setting)
        self._long: Opened | None = None
        self._ended = False
        self._lost = False
        self._last = head.header  # the offset of the last segment accounted for
        self.end = head.header

    def events(self) -> Iterator[Event]:
        """The interchange, piece by piece."""
        limits = self._setting.limits
        most = limits.message + REACH
        at, length, first, follows = self._head.header, min(FIRST, most), True, Follows.MORE
        while follows is Follows.MORE:
            block = self._blocks.at(at, length)
            endless = not block.text and block.follows is Follows.MORE
            if endless and length < most:
                length = min(2 * length, most)
                continue
            if endless:
                block = self._endless(at)
            self._lay(block)
            if first:
                yield self._opened()
            yield from self._feed(self._taken if first else 0, block.follows is not Follows.MORE)
            first = False
            if not (self._taken or self._lost) and block.follows is Follows.MORE:
                if length < most:
                    length = min(2 * length, most)
                    continue
                self._overlong()
            at, follows = self._next(block)
            length = min(max(2 * length, FIRST), max(limits.block, REACH + 1), most)
            if self._lost:
                at, follows = self._skipped(at, follows)
            elif follows is Follows.OBJECT:
                yield self._package(at)
                at, follows = self._packages.end, Follows.MORE
        self.end = at
        yield from self._closed()

    def _lay(self, block: Block) -> None:
        """Put a block on the desk."""
        setting = self._setting
        left = setting.limits.all_segments - self._segments
        cut = Cut(block.text, block.start, setting.separators, left, self._wrap, self._column(block.start))
        setting.lay(cut, setting.source.read(block.start, block.start + len(block.text)), block.start)
        if cut.overlong:
            self._lost = True

    def _column(self, start: int) -> int:
        """In which column of its line, from 0, the byte ``start`` is; in a file of records only."""
        width = self._head.width
        if not width:
            return 0
        before = self._setting.source.text(max(start - width - 1, 0), start)
        return len(before) - before.rfind("\n") - 1

    def _endless(self, at: int) -> Block:
        """A segment without an end: its beginning is all of the interchange that is still read."""
        self._lost = True
        limit = str(self._setting.limits.message)
        self._remarks.add("limit-segment", ERROR, at, segment=0, tag="???", path="???", limit=limit)
        return Block(self._setting.source.text(at, at + FIRST), at, Follows.MORE)

    def _next(self, block: Block) -> tuple[int, Follows]:
        """Where to go on, and whether there is more."""
        cut = self._setting.cut
        self._layout.note(cut, self._taken, self._lost)
        self._segments += self._taken
        if self._taken:
            self._last = cut.offset(self._taken - 1)
        if cut.overlong:
            self._layout.stop(cut.end(self._taken - 1), self._setting.limits.all_segments)
        if self._taken < len(cut.texts):
            return cut.begin(self._taken), Follows.MORE
        return block.start + len(block.text), block.follows

    def _skipped(self, at: int, follows: Follows) -> tuple[int, Follows]:
        """Where the interchange ends whose rest is not read."""
        while follows in (Follows.MORE, Follows.OBJECT):
            at, follows = self._blocks.beyond(at, self._setting.limits.block + REACH)
        return at, follows

    def _opened(self) -> Envelope:
        """The first segment, when it is the header of the interchange."""
        self._taken = 0 if self._head.bare else 1
        self._envelope = opened(self._setting, self._head, self._form, self._remarks)
        self._mark = self._remarks.mark()
        return self._envelope

    def _feed(self, begin: int, closing: bool) -> Iterator[Event]:
        """The segments of the cut from number ``begin`` on. Unless ``closing``, what is not complete is left for the
        next cut; ``_taken`` counts the others."""
        texts = self._setting.cut.texts
        kind, tags = self._form.marks[0][:2], self._form.marks
        marks = [index for index, text in enumerate(texts) if text.startswith(kind) and _tag(text) in tags]
        at, message = begin, -1  # the next segment to account for; where the open message begins
        if self._long is not None:
            at = self._passed(marks)
            if at < len(texts) or marks or closing:
                yield self._finished(self._long, at, closed=bool(marks) and at > marks[0])
            else:
                self._reader.skip(self._long, at)
        for index in marks:
            if index < at:
                continue
            tag = _tag(texts[index])
            if tag == self._form.end and message >= 0:
                yield from self._message(message, index + 1, True)
                at, message = index + 1, -1
                continue
            if message >= 0:
                yield from self._message(message, index, False)
                at, message = index, -1
            if tag == self._form.end:
                continue
            self._outside(at, index)
            at = index + 1
            if tag == self._form.message:
                message = index
            else:
                yield from self._service(tag, index)
        yield from self._rest(message, at, closing or self._lost)

    def _rest(self, message: int, at: int, closing: bool) -> Iterator[Event]:
        """What is left of the cut behind its last mark: the open message from segment ``message`` on, or segments from
        ``at`` on that stand outside."""
        count = len(self._setting.cut.texts)
        if not closing:
            self._taken = message if message >= 0 else at
            return
        if message >= 0:
            yield from self._message(message, count, False)
        else:
            self._outside(at, count)
        self._taken = count

    def _overlong(self) -> None:
        """No message is so long as the cut, and yet it ends no message: it is passed over."""
        texts = self._setting.cut.texts
        if _tag(texts[0]) == self._form.message:
            self._long = self._reader.begin(len(texts), self._groups.ref)
        else:
            self._outside(0, len(texts))
        self._taken = len(texts)

    def _passed(self, marks: list[int]) -> int:
        """How many segments of the cut belong to the message that is passed over."""
        texts = self._setting.cut.texts
        if not marks:
            return len(texts)
        return marks[0] + (_tag(texts[marks[0]]) == self._form.end)

    def _package(self, at: int) -> Message:
        """The object whose header is at byte ``at``; its package counts as a message does."""
        self._last = at
        return self._counted(self._packages.read(at, self._groups.ref))

    def _finished(self, opened: Opened, last: int, closed: bool) -> Message:
        self._long = None
        return self._counted(self._reader.finish(opened, last, closed))

    def _message(self, first: int, last: int, closed: bool) -> Iterator[Event]:
        """The message of segments [first, last) of the cut."""
        most = self._setting.limits.messages
        if self._messages >= most:
            if self._messages == most:
                self._add("limit-messages", ERROR, first, self._form.message, limit=str(most))
            self._messages += 1
            return
        if not self._groups.open and self._groups.count:
            self._add("groups-mixed", ERROR, first, self._form.message)
        yield self._counted(self._reader.read(first, last, closed, self._groups.ref))

    def _counted(self, message: Message) -> Message:
        self._messages += 1
        self._groups.holds(message.type if message.type != PACKAGE else "")
        return message

    def _outside(self, first: int, last: int) -> None:
        """Segments [first, last) stand outside any message (ISO 9735-1 §8.1): one finding for the run."""
        if first >= last:
            return
        texts = self._setting.cut.texts
        present = [index for index in range(first, last) if texts[index]]
        if len(present) < last - first:
            self._add("segment-empty", INFO, texts.index("", first), "", count=str(last - first - len(present)))
        if present:
            self._add("segment-outside", ERROR, present[0], texts[present[0]][:3], count=str(len(present)))
            self._setting.characters(first, last, 0, self._remarks)

    def _service(self, tag: str, index: int) -> Iterator[Event]:
        """A service segment that is in no message: UNG, UNE, UIR or the interchange's trailer."""
        groups = self._groups
        if tag == "UNE" and not groups.open:
            self._add("segment-outside", ERROR, index, "UNE", count="1")
        elif tag == "UNE":
            yield groups.closes(index)
        elif tag == "UIR":
            yield self._status(index)
        else:
            if groups.open:
                yield groups.unclosed(self._setting.cut.offset(index))
            elif tag == "UNG" and self._messages and not groups.count:
                self._add("groups-mixed", ERROR, index, "UNG")
            if tag == "UNG":
                groups.opens(index)
            else:
                self._trailer(index)

    def _status(self, index: int) -> Message:
        """UIR, the interactive status (ISO 9735-3): a Document of this one segment."""
        setting = self._setting
        remarks = setting.remarks()
        values = setting.service(service_table("UIR", setting.catalog), index, 1, remarks)
        setting.characters(index, index + 1, 1, remarks)
        return Message(
            STATUS,
            values.get("0340", ""),
            {"UIR": values},
            remarks.all(),
            setting.original(setting.cut.offset(index)),
            setting.original(setting.cut.end(index)),
            segments=1,
        )

    def _trailer(self, index: int) -> None:
        """UNZ or UIZ: count of groups, or of messages when there are no groups, and the control reference."""
        self._ended = True
        form, setting, remarks = self._form, self._setting, self._remarks
        values = setting.service(frame_table(form.trailer, setting.catalog), index, 0, remarks)
        setting.characters(index, index + 1, 0, remarks)
        offset, count = setting.cut.offset(index), self._groups.count or self._messages
        counts(remarks, form.trailer, offset, values.get("0036", ""), count, form.count_at, "0036")
        if not self._head.bare:
            written = values.get("S302", {}).get("0300") if self._envelope.interactive else values.get("0020")
            expected = self._envelope.control_ref
            refers(remarks, form.trailer, offset, written or expected, expected, form.control_at, form.control)

    def _closed(self) -> Iterator[Event]:
        """The end, with what can only now be said."""
        remarks, form = self._remarks, self._form
        if self._groups.open:
            yield self._groups.unclosed(self._last)
        if not self._ended and not self._head.bare:
            self._say(f"{form.trailer.lower()}-missing", ERROR, self.end, form.trailer)
        if not (self._messages or self._groups.count):
            self._say("interchange-empty", ERROR, self._head.header, self._head.opening)
        layout = self._setting.remarks()
        self._layout.remark(layout)
        found, habits = remarks.all(), layout.all()
        findings = found[: self._mark] + habits + found[self._mark :] if habits else found
        yield Interchange(Syntax.EDIFACT, self._envelope, findings=findings)

    def _add(
        self,
        key: str,
        severity: Severity,
        index: int,
        tag: str,
        element: int | None = None,
        path: str | None = None,
        component: int | None = None,
        **params: str,
    ) -> None:
        """A finding about segment ``index`` of the cut."""
        self._say(key, severity, self._setting.cut.offset(index), tag, element, path, component, **params)

    def _say(
        self,
        key: str,
        severity: Severity,
        offset: int,
        tag: str,
        element: int | None = None,
        path: str | None = None,
        component: int | None = None,
        **params: str,
    ) -> None:
        name = shown(tag)
        self._remarks.add(
            key,
            severity,
            offset,
            segment=0,
            tag=name,
            element=element,
            component=component,
            repetition=None,
            path=path or name,
            **params,
        )


def _tag(text: str) -> str:
    """The first three characters when they are a tag of their own, else nothing."""
    return "" if text[3:4].isalnum() else text[:3]
