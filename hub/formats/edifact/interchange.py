"""One interchange: UNB to UNZ, its groups and messages, and whether counts and references agree."""

from dataclasses import dataclass, field

from hub.formats.edifact.charsets import Charset, named
from hub.formats.edifact.charsets import charset as charset_of
from hub.formats.edifact.frames import Cut, Span
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.messages import MessageReader
from hub.formats.edifact.remarks import Lines, Remarks, differs
from hub.formats.edifact.segments import Values
from hub.formats.edifact.separators import for_version, unprotect
from hub.formats.edifact.service import unb, une, ung, unz
from hub.formats.edifact.setting import Setting, service_bytes
from hub.model.finding import Severity
from hub.model.message import Envelope, Group, Interchange, Message, Syntax
from hub.schema.catalog import Catalog

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_MARKS = ("UNG", "UNH", "UNT", "UNE", "UNZ")


@dataclass(slots=True)
class _OpenGroup:
    """A group whose UNE has not come yet."""

    ref: str
    type: str
    sender: str
    recipient: str
    remarks: Remarks
    messages: int = 0
    kinds: set[str] = field(default_factory=set)


class InterchangeReader:
    """Reads the interchange at ``span`` of ``data``; ``text`` is ``data`` with a character for every byte."""

    def __init__(
        self, data: bytes, text: str, span: Span, lines: Lines, limits: Limits, catalog: Catalog, charset: str | None
    ) -> None:
        cut = Cut(text[span.header : span.end], span.header, span.separators, limits.all_segments)
        s001 = _first_element(cut.texts[0], span)
        version = s001[1] if len(s001) > 1 else ""
        separators = for_version(span.separators, version, span.advised)
        characters: Charset = named(charset) if charset else charset_of(s001[0])
        release = separators.release
        self._setting = Setting(
            data,
            cut,
            separators,
            span.advised,
            characters,
            lambda piece: characters.decode(unprotect(piece, release)),
            characters.clean(data[span.header : span.end], service_bytes(separators)),
            version,
            lines,
            limits,
            catalog,
        )
        self._span = span
        self._remarks = self._setting.remarks()
        self._messages: list[Message] = []
        self._groups: list[Group] = []
        self._group: _OpenGroup | None = None
        self._reader = MessageReader(self._setting)

    def read(self) -> Interchange:
        """The interchange as a value."""
        envelope = self._header()
        self._layout()
        self._body(envelope)
        if not (self._messages or self._groups):
            self._add("interchange-empty", ERROR, 0, "UNB")
        return Interchange(Syntax.EDIFACT, envelope, tuple(self._messages), tuple(self._groups), self._remarks.all())

    def _header(self) -> Envelope:
        """UNB (ISO 9735-1 annex C)."""
        values = self._setting.service(unb(), 0, 0, self._remarks)
        envelope = _envelope(values)
        if self._span.fault:
            self._add(self._span.fault, ERROR, 0, "UNA" if self._span.advised else "UNB")
        if envelope.syntax_version not in ("", "1", "2", "3", "4"):
            self._add(
                "syntax-version", ERROR, 0, "UNB", 1, "UNB/S001/0002", component=2, version=envelope.syntax_version
            )
        if envelope.syntax_id and not self._setting.charset.known:
            self._add("charset-unknown", WARNING, 0, "UNB", 1, "UNB/S001/0001", component=1, id=envelope.syntax_id)
        if not (envelope.sender and envelope.control_ref):
            self._add("contrl-impossible", WARNING, 0, "UNB")
        return envelope

    def _layout(self) -> None:
        """What real files do with blanks and line breaks."""
        cut = self._setting.cut
        if cut.indented >= 0:
            self._add("segment-indented", INFO, cut.indented, cut.texts[cut.indented][:3])
        if cut.broken:
            self._add(
                "segment-broken", WARNING, cut.broken[0], cut.texts[cut.broken[0]][:3], count=str(len(cut.broken))
            )
        if cut.overlong:
            last = len(cut.texts) - 1
            self._add("limit-interchange", ERROR, last, "UNB", end=True, limit=str(self._setting.limits.all_segments))
        if cut.open_end:
            self._add("terminator-missing", WARNING, len(cut.texts) - 1, cut.texts[-1][:3])

    def _body(self, envelope: Envelope) -> None:
        """Everything from UNB's successor to UNZ, service segment by service segment."""
        texts = self._setting.cut.texts
        marks = [index for index, text in enumerate(texts) if text[:2] == "UN" and _tag(text) in _MARKS]
        at, message, ended = 1, -1, False  # the next segment to account for; where the open message began
        for index in marks:
            tag = _tag(texts[index])
            if tag == "UNT" and message >= 0:
                self._message(message, index + 1, True)
                at, message = index + 1, -1
                continue
            if message >= 0:
                self._message(message, index, False)
                at, message = index, -1
            if tag == "UNT":
                continue
            self._outside(at, index)
            at = index + 1
            if tag == "UNH":
                message = index
            elif tag == "UNG":
                self._group_opens(index)
            elif tag == "UNE":
                self._group_closes(index)
            else:
                ended = True
                self._trailer(index, envelope)
        if message >= 0:
            self._message(message, len(texts), False)
        else:
            self._outside(at, len(texts))
        if self._group is not None:
            self._group_unclosed(len(texts) - 1)
        if not ended:
            self._add("unz-missing", ERROR, len(texts) - 1, "UNZ", end=True)
        self._edges(marks)

    def _message(self, first: int, last: int, closed: bool) -> None:
        if len(self._messages) >= self._setting.limits.messages:
            if len(self._messages) == self._setting.limits.messages:
                self._add("limit-messages", ERROR, first, "UNH", limit=str(self._setting.limits.messages))
            return
        group = self._group
        if group is None and self._groups:
            self._add("groups-mixed", ERROR, first, "UNH")
        message = self._reader.read(first, last, closed, group.ref if group else "")
        self._messages.append(message)
        if group is not None:
            group.messages += 1
            group.kinds.add(message.type)

    def _outside(self, first: int, last: int) -> None:
        """Segments [first, last) stand outside any message (ISO 9735-1 §8.1): one finding for the run."""
        texts = self._setting.cut.texts
        present = [index for index in range(first, last) if texts[index]]
        if len(present) < last - first:
            self._add("segment-empty", INFO, texts.index("", first), "", count=str(last - first - len(present)))
        if present:
            self._add("segment-outside", ERROR, present[0], texts[present[0]][:3], count=str(len(present)))
            self._setting.characters(first, last, 0, self._remarks)

    def _group_opens(self, index: int) -> None:
        if self._group is not None:
            self._group_unclosed(index)
        elif self._messages and not self._groups:
            self._add("groups-mixed", ERROR, index, "UNG")
        remarks = self._setting.remarks()
        values = self._setting.service(ung(self._setting.version), index, 0, remarks)
        self._setting.characters(index, index + 1, 0, remarks)
        sender, recipient = values.get("S006", {}), values.get("S007", {})
        self._group = _OpenGroup(
            values.get("0048", ""), values.get("0038", ""), sender.get("0040", ""), recipient.get("0044", ""), remarks
        )

    def _group_closes(self, index: int) -> None:
        """UNE: count of messages and reference (ISO 9735-1 annex C, 0060 and 0048)."""
        group = self._group
        if group is None:
            self._add("segment-outside", ERROR, index, "UNE", count="1")
            return
        values = self._setting.service(une(), index, 0, group.remarks)
        _counts(group.remarks, "une", self._setting.cut.offset(index), values.get("0060", ""), group.messages, "0060")
        if values.get("0048", group.ref) != group.ref:
            _reference(group.remarks, "une", self._setting.cut.offset(index), values["0048"], group.ref, "0048")
        self._close(group, index)

    def _group_unclosed(self, index: int) -> None:
        group = self._group
        if group is not None:
            group.remarks.add("une-missing", ERROR, self._setting.cut.offset(index), segment=0, tag="UNE", path="UNE")
            self._close(group, index)

    def _close(self, group: _OpenGroup, index: int) -> None:
        offset = self._setting.cut.offset(index)
        if not group.messages:
            group.remarks.add("group-empty", ERROR, offset, segment=0, tag="UNE", path="UNE")
        if len(group.kinds) > 1:
            kinds = ", ".join(sorted(group.kinds)[:5])
            group.remarks.add("group-kinds", ERROR, offset, segment=0, tag="UNG", path="UNG", types=kinds)
        self._groups.append(Group(group.ref, group.type, group.sender, group.recipient, group.remarks.all()))
        self._group = None

    def _trailer(self, index: int, envelope: Envelope) -> None:
        """UNZ: count of groups, or of messages when there are no groups, and the control reference."""
        if self._group is not None:
            self._group_unclosed(index)
        values = self._setting.service(unz(), index, 0, self._remarks)
        offset = self._setting.cut.offset(index)
        _counts(self._remarks, "unz", offset, values.get("0036", ""), len(self._groups) or len(self._messages), "0036")
        if values.get("0020", envelope.control_ref) != envelope.control_ref:
            _reference(self._remarks, "unz", offset, values["0020"], envelope.control_ref, "0020")

    def _edges(self, marks: list[int]) -> None:
        """The characters of UNB, UNE and UNZ; those of the other segments belong to their message or group."""
        texts = self._setting.cut.texts
        for index in [0, *(mark for mark in marks if _tag(texts[mark]) in ("UNE", "UNZ"))]:
            self._setting.characters(index, index + 1, 0, self._remarks)

    def _add(
        self,
        key: str,
        severity: Severity,
        index: int,
        tag: str,
        element: int | None = None,
        path: str | None = None,
        component: int | None = None,
        end: bool = False,
        **params: str,
    ) -> None:
        cut = self._setting.cut
        offset = cut.end(index) if end else cut.offset(index)
        shown = tag if tag.isascii() and tag.isprintable() else "???"
        self._remarks.add(
            key,
            severity,
            offset,
            segment=0,
            tag=shown,
            element=element,
            component=component,
            repetition=None,
            path=path or shown,
            **params,
        )


def _counts(remarks: Remarks, key: str, offset: int, declared: str, counted: int, element: str) -> None:
    tag = key.upper()
    if differs(declared, counted):
        remarks.add(
            f"{key}-count", ERROR, offset, segment=0, tag=tag, element=1, path=f"{tag}/{element}",
            declared=declared, counted=str(counted),
        )  # fmt: skip


def _reference(remarks: Remarks, key: str, offset: int, declared: str, expected: str, element: str) -> None:
    tag = key.upper()
    remarks.add(
        f"{key}-ref", ERROR, offset, segment=0, tag=tag, element=2, path=f"{tag}/{element}",
        declared=declared, expected=expected,
    )  # fmt: skip


def _tag(text: str) -> str:
    """The first three characters when they are a tag of their own, else nothing."""
    return "" if text[3:4].isalnum() else text[:3]


def _first_element(text: str, span: Span) -> list[str]:
    """UNB's S001 as components, before anything is known about the syntax."""
    parts = text.split(span.separators.element, 2)
    return parts[1].split(span.separators.component) if len(parts) > 1 else [""]


def _envelope(values: Values) -> Envelope:
    syntax, moment = values.get("S001", {}), values.get("S004", {})
    sender, recipient = values.get("S002", {}), values.get("S003", {})
    return Envelope(
        sender=sender.get("0004", ""),
        sender_qualifier=sender.get("0007", ""),
        recipient=recipient.get("0010", ""),
        recipient_qualifier=recipient.get("0007", ""),
        control_ref=values.get("0020", ""),
        prepared_at=moment.get("0017", "") + moment.get("0019", ""),
        application=values.get("0026", ""),
        acknowledge=values.get("0031") == "1",
        test=values.get("0035") == "1",
        syntax_id=syntax.get("0001", ""),
        syntax_version=syntax.get("0002", ""),
    )
