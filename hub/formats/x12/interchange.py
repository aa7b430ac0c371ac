"""One interchange: ISA to IEA, its groups and transaction sets, and whether counts and control numbers agree."""

from dataclasses import dataclass, field

from hub.formats.remarks import differs
from hub.formats.source import Lines
from hub.formats.x12 import names
from hub.formats.x12.envelope import gs_faults, isa_faults
from hub.formats.x12.frames import Cut, Span, masked
from hub.formats.x12.isa import Header
from hub.formats.x12.limits import Limits
from hub.formats.x12.names import Version
from hub.formats.x12.receipts import ReceiptReader
from hub.formats.x12.remarks import Remarks, quoted
from hub.formats.x12.sets import Around, SetReader
from hub.formats.x12.setting import Setting
from hub.model.finding import Severity
from hub.model.message import Envelope, Group, Interchange, Message, Syntax
from hub.schema.catalog import Catalog

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_MARKS = frozenset(("GS", "ST", "SE", "GE", "IEA", "TA1"))
_SERVICES = frozenset(("ISB", "ISE", "TA3"))  # interchange services: nothing that a hub acts on
_BLANKS = " \u00a0"  # what pads ISA; some take the blank that does not break
_WRAPPED = ("isa-wrapped", "terminator-missing")


@dataclass(slots=True)
class _OpenGroup:
    """A group whose GE has not come yet. ``installed`` is what its version has, None when that is unknown."""

    around: Around
    sender: str
    recipient: str
    start: int
    remarks: Remarks
    messages: int = 0
    numbers: set[str] = field(default_factory=set)


class InterchangeReader:
    """Reads the interchange at ``span``; ``text`` is the transmission with a character for every byte."""

    def __init__(
        self, text: str, span: Span, header: Header, lines: Lines, limits: Limits, catalog: Catalog, charset: str | None
    ) -> None:
        separators = header.separators
        body = masked(text[: span.end], header.end - len(separators.terminator), separators)[header.end :]
        cut = Cut(body, header.end, separators.terminator, limits.all_segments)
        self._setting = Setting(cut, separators, charset, lines, limits, catalog, header.fields[11])
        self._span = span
        self._isa = header
        self._remarks = self._setting.remarks()
        self._messages: list[Message] = []
        self._groups: list[Group] = []
        self._group: _OpenGroup | None = None
        self._opened = 0
        self._numbers: set[str] = set()
        self._versions: dict[str, Version | None] = {}
        self._reader = SetReader(self._setting)

    def read(self) -> Interchange:
        """The interchange as a value."""
        envelope = self._envelope()
        self._header()
        self._layout()
        self._body()
        if not (self._messages or self._groups):
            self._isa_remark("interchange-empty", ERROR, None)
        return Interchange(Syntax.X12, envelope, tuple(self._messages), tuple(self._groups), self._remarks.all())

    def _envelope(self) -> Envelope:
        """ISA as the envelope of every format (X12.5)."""
        fields = [self._setting.value(one) for one in self._isa.fields]
        return Envelope(
            sender=fields[5].strip(_BLANKS),
            sender_qualifier=fields[4].strip(_BLANKS),
            recipient=fields[7].strip(_BLANKS),
            recipient_qualifier=fields[6].strip(_BLANKS),
            control_ref=fields[12].strip(_BLANKS),
            prepared_at=f"{fields[8]}{fields[9]}",
            acknowledge=fields[13] == "1",
            test=fields[14] == "T",
            syntax_version=fields[11],
        )

    def _header(self) -> None:
        for key, element in self._isa.faults:
            self._isa_remark(key, WARNING if key in _WRAPPED else ERROR, element)
        wrong_width = {element for key, element in self._isa.faults if key == "isa-width"}
        for key, element in isa_faults([self._setting.value(one).rstrip(_BLANKS) for one in self._isa.fields]):
            if element not in wrong_width or key not in ("isa-date", "isa-time", "isa-number", "isa-version"):
                self._isa_remark(key, ERROR, element)

    def _isa_remark(self, key: str, severity: Severity, element: int | None) -> None:
        offset = self._isa.marks[element - 1] if element else self._span.start
        value = self._setting.value(self._isa.fields[element - 1]) if element else ""
        self._remarks.add(
            key, severity, offset, segment=0, tag="ISA", element=element,
            path=f"ISA/ISA{element:02}" if element else "ISA", value=quoted(value),
        )  # fmt: skip

    def _layout(self) -> None:
        """What real files do with blanks and line breaks."""
        cut = self._setting.cut
        if cut.indented >= 0:
            self._add("segment-indented", INFO, cut.indented)
        if cut.broken:
            self._add("segment-broken", WARNING, cut.broken[0], count=str(len(cut.broken)))
        if cut.overlong:
            self._add("limit-interchange", ERROR, len(cut.texts) - 1, limit=str(self._setting.limits.all_segments))
        if cut.open_end:
            self._add("end-open", WARNING, len(cut.texts) - 1)
        if not self._isa.separators.terminator.isascii():
            self._isa_remark("terminator-odd", WARNING, None)

    def _body(self) -> None:
        """Everything from ISA's successor to IEA, control segment by control segment."""
        texts, element = self._setting.cut.texts, self._setting.separators.element
        at, open_, ended = 0, -1, False  # the next segment to account for; where the open set began
        for index, text in enumerate(texts):
            tag = text.partition(element)[0] if text[:2] in ("GS", "ST", "SE", "GE", "IE", "TA") else ""
            if tag not in _MARKS or (tag == "TA1" and open_ >= 0):
                continue
            if tag == "SE" and open_ >= 0:
                self._set(open_, index + 1, True)
                at, open_ = index + 1, -1
                continue
            if open_ >= 0:
                self._set(open_, index, False)
                at, open_ = index, -1
            if tag == "SE":
                continue
            self._outside(at, index)
            at = index + 1
            if tag == "ST":
                open_ = index
            elif tag == "IEA":
                ended = True
                self._trailer(index)
            else:
                self._control(tag, index)
        if open_ >= 0:
            self._set(open_, len(texts), False)
        else:
            self._outside(at, len(texts))
        self._close_open(len(texts) - 1)
        if not ended:
            end = self._setting.cut.end(len(texts) - 1) if texts else self._isa.end
            self._remarks.add("iea-missing", ERROR, end, segment=0, tag="IEA", path="IEA")

    def _control(self, tag: str, index: int) -> None:
        if tag == "GS":
            self._group_opens(index)
        elif tag == "GE":
            self._group_closes(index)
        else:
            self._messages.append(ReceiptReader(self._setting).read(index))

    def _set(self, first: int, last: int, closed: bool) -> None:
        limit = self._setting.limits.messages
        if len(self._messages) >= limit:
            if len(self._messages) == limit:
                self._add("limit-messages", ERROR, first, limit=str(limit))
            return
        group = self._group
        if group is None:
            self._add("set-outside", ERROR, first)
            guess = names.guessed(self._setting.version)
            around = Around("", "", guess, self._version(guess))
        else:
            group.messages += 1
            around = group.around
        self._messages.append(self._reader.read(first, last, closed, around, len(self._groups)))

    def _outside(self, first: int, last: int) -> None:
        """Segments [first, last) stand outside any set: one finding for the run."""
        texts, element = self._setting.cut.texts, self._setting.separators.element
        present = [index for index in range(first, last) if texts[index]]
        if len(present) < last - first:
            empty = next(index for index in range(first, last) if not texts[index])
            self._add("segment-empty", INFO, empty, count=str(last - first - len(present)))
        services = [index for index in present if texts[index].partition(element)[0] in _SERVICES]
        strangers = [index for index in present if index not in services]
        if services:
            self._add("service-ignored", INFO, services[0], count=str(len(services)))
        if strangers:
            self._add("segment-outside", ERROR, strangers[0], count=str(len(strangers)))

    def _version(self, name: str) -> Version | None:
        if name not in self._versions:
            self._versions[name] = names.version(self._setting.catalog, name)
        return self._versions[name]

    def _group_opens(self, index: int) -> None:
        self._close_open(index)
        if self._opened > self._setting.limits.groups:
            return
        self._opened += 1
        if self._opened > self._setting.limits.groups:
            self._add("limit-groups", ERROR, index, limit=str(self._setting.limits.groups))
            return
        remarks = self._setting.remarks()
        fields = [self._setting.value(part) for part in self._parts(index, 10)]
        faults = list(gs_faults(fields))
        fields += [""] * (10 - len(fields))
        group, sender, recipient, _, _, ref, _, version = fields[1:9]
        for key, element in faults:
            self._remark(remarks, key, ERROR, index, "GS", element, value=quoted(fields[element]))
        if ref and ref in self._numbers:
            self._remark(remarks, "gs-duplicate", ERROR, index, "GS", 6, ref=quoted(ref))
        self._numbers.add(ref)
        installed = self._version(version)
        if installed is None and all(element != 8 for _, element in faults):
            self._remark(remarks, "version-unknown", ERROR, index, "GS", 8, version=quoted(version))
        elif installed is not None and not installed.knows_group(group):
            self._remark(remarks, "group-unknown", ERROR, index, "GS", 1, group=quoted(group), version=quoted(version))
        around = Around(ref, group, version, installed)
        self._group = _OpenGroup(around, sender, recipient, self._setting.offset(index), remarks)

    def _group_closes(self, index: int) -> None:
        """GE: count of sets and control number (GE01, GE02)."""
        group = self._group
        if group is None:
            if self._opened <= self._setting.limits.groups:
                self._add("segment-outside", ERROR, index, count="1")
            return
        fields = [*(self._setting.value(part) for part in self._parts(index, 4)), "", ""]
        count, ref = fields[1], fields[2]
        if not (count.isascii() and count.isdigit()) or differs(count, group.messages):
            self._remark(
                group.remarks, "ge-count", ERROR, index, "GE", 1, declared=quoted(count), counted=str(group.messages)
            )
        if ref != group.around.ref:
            self._remark(
                group.remarks, "ge-ref", ERROR, index, "GE", 2, declared=quoted(ref), expected=quoted(group.around.ref)
            )
        self._close(group, self._setting.cut.end(index))

    def _close_open(self, index: int) -> None:
        """A group that has no GE."""
        group = self._group
        if group is not None:
            end = self._setting.cut.end(index)
            group.remarks.add("ge-missing", ERROR, end, segment=0, tag="GE", path="GE")
            self._close(group, end)

    def _close(self, group: _OpenGroup, end: int) -> None:
        if not group.messages:
            group.remarks.add("group-empty", ERROR, group.start, segment=0, tag="GS", path="GS")
        around = group.around
        found = group.remarks.all()
        self._groups.append(
            Group(
                around.ref,
                around.group,
                group.sender,
                group.recipient,
                found,
                version=around.version,
                start=group.start,
                end=end,
            )  # fmt: skip
        )
        self._group = None

    def _trailer(self, index: int) -> None:
        """IEA: count of groups and control number (X12.5)."""
        self._close_open(index)
        fields = [*(self._setting.value(part) for part in self._parts(index, 4)), "", ""]
        count, ref, own = fields[1], fields[2], self._isa.fields[12]
        numeric = count.isascii() and count.isdigit()
        if not numeric or (differs(count, len(self._groups)) and not self._only_receipts()):
            self._add("iea-count", ERROR, index, 1, declared=quoted(count), counted=str(len(self._groups)))
        if ref != own:
            self._add("iea-ref", ERROR, index, 2, declared=quoted(ref), expected=quoted(own))

    def _only_receipts(self) -> bool:
        """Some systems count TA1 in IEA01, others do not."""
        return not self._groups and bool(self._messages) and all(one.type.endswith(":TA1") for one in self._messages)

    def _parts(self, index: int, most: int) -> list[str]:
        return self._setting.cut.texts[index].split(self._setting.separators.element, most)

    def _add(self, key: str, severity: Severity, index: int, element: int | None = None, **params: str) -> None:
        """A finding about the interchange, at segment ``index`` of it."""
        tag = self._setting.cut.texts[index].partition(self._setting.separators.element)[0]
        self._remark(self._remarks, key, severity, index, tag, element, **params)

    def _remark(
        self, remarks: Remarks, key: str, severity: Severity, index: int, tag: str, element: int | None, **params: str
    ) -> None:
        """A finding about the interchange or a group of it, at its segment ``index``, which is ``tag``."""
        offset = self._setting.offset(index, element)
        path = f"{tag[:3]}/{tag[:3]}{element:02}" if element else None
        remarks.add(
            key, severity, offset, segment=0, tag=tag, element=element, component=None, repetition=None, path=path,
            **params,
        )  # fmt: skip
