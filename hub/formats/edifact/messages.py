"""One message, UNH to UNT or UIH to UIT: which schema it follows, what it says, whether its trailer agrees."""

from dataclasses import dataclass, replace

from hub.errors import SchemaUnknown
from hub.formats.edifact.forms import BATCH, Form, frame_table
from hub.formats.edifact.guided import Fault, Guide, Names
from hub.formats.edifact.locator import Locator
from hub.formats.edifact.names import malformed_id, schema_id
from hub.formats.edifact.repair import Patience
from hub.formats.edifact.setting import Setting
from hub.formats.edifact.steps import MessageTable, message_table
from hub.formats.edifact.totals import tell, wrong
from hub.formats.edifact.walk import Walk
from hub.formats.remarks import Remarks, differs
from hub.model.finding import Finding, Severity
from hub.model.message import Document, Message

ERROR, INFO = Severity.ERROR, Severity.INFO


@dataclass(slots=True)
class Opened:
    """A message whose header was read: its names, and what is known of it so far."""

    names: list[str]  # the components of S009 or S306
    type: str | None  # the schema id, None when the names are not well-formed
    table: MessageTable | None  # None when no such schema is installed
    guide: Guide | None
    ref: str
    group_ref: str
    start: int
    remarks: Remarks
    segments: int = 0


class Known:
    """What the names in a message's header mean; see Opened."""

    __slots__ = ("guide", "names", "table", "type")

    def __init__(self, names: list[str], type: str | None, table: MessageTable | None, guide: Guide | None) -> None:
        self.names = names
        self.type = type
        self.table = table
        self.guide = guide


class MessageReader:
    """Reads the messages of one interchange; remembers the schemas and the references it has met."""

    def __init__(self, setting: Setting, form: Form) -> None:
        self._setting = setting
        self._form = form
        self._types: dict[str, Known] = {}
        self._refs: set[str] = set()
        self._patience = Patience()

    def read(self, first: int, last: int, closed: bool, group_ref: str) -> Message:
        """Segments [first, last) of the cut: the header first and, when ``closed``, the trailer last."""
        setting = self._setting
        opened = self._open(first, group_ref)
        indices = self._indices(first, last - closed, opened.remarks)
        document = self._document(opened, indices)
        self._named(opened, first)
        opened.segments = len(indices) + closed
        self._trailer(opened, last, closed)
        setting.characters(first, last, 1, opened.remarks)
        return self._message(opened, document, last)

    def begin(self, last: int, group_ref: str) -> Opened:
        """A message that is too long to be read, segments [0, last) of the cut being its beginning."""
        opened = self._open(0, group_ref)
        opened.remarks.add(
            "limit-message",
            ERROR,
            opened.start,
            segment=1,
            tag=self._form.message,
            limit=str(self._setting.limits.message),
        )
        self._named(opened, 0)
        self.skip(opened, last)
        return opened

    def skip(self, opened: Opened, last: int) -> None:
        """Go on with it: segments [0, last) of the next cut are more of it."""
        self._setting.characters(0, last, opened.segments + 1, opened.remarks)
        opened.segments += last - self._setting.cut.texts[:last].count("")

    def finish(self, opened: Opened, last: int, closed: bool) -> Message:
        """The end of it: segments [0, last) of the cut, the last one its trailer when ``closed``."""
        self.skip(opened, last)
        self._trailer(opened, last, closed)
        return self._message(opened, None, last)

    def _open(self, first: int, group_ref: str) -> Opened:
        setting, form = self._setting, self._form
        parts = setting.cut.texts[first].split(setting.separators.element, 3)
        ref = setting.clean(parts[form.reference_at]) if len(parts) > form.reference_at else ""
        text = parts[form.identifier_at] if len(parts) > form.identifier_at else ""
        known = self._type(text, "" if setting.guides is None else self._profile(parts))
        begin, remarks = setting.cut.offset(first), setting.remarks()
        return Opened(known.names, known.type, known.table, known.guide, ref, group_ref, begin, remarks)

    def _named(self, opened: Opened, first: int) -> None:
        """Findings about the header: its names, its reference."""
        if opened.table is None:
            table = frame_table(self._form.message, self._setting.catalog)
            self._setting.service(table, first, 1, opened.remarks)
            self._nameless(opened)
        self._ref(opened)

    def _message(self, opened: Opened, document: Document | None, last: int) -> Message:
        form, names, setting = self._form, opened.names, self._setting
        end = setting.cut.end(last - 1) if last else setting.cut.begin(0)
        return Message(
            type=opened.type or malformed_id(names),
            ref=opened.ref,
            document=document,
            findings=opened.remarks.all(),
            start=setting.original(opened.start),
            end=setting.original(end),
            group_ref=opened.group_ref,
            association=names[form.association_at] if len(names) > form.association_at else "",
            agency=names[form.agency_at] if len(names) > form.agency_at else "",
            segments=opened.segments,
        )

    def _profile(self, parts: list[str]) -> str:
        """Subset and guideline as UNH names them (S016 and S017 in syntax version 4), where it does."""
        if self._form is not BATCH or len(parts) < 4:
            return ""
        component = self._setting.separators.component
        further = [*parts[3].split(self._setting.separators.element, 4), "", "", "", ""][2:4]
        return "\0".join(element.partition(component)[0] for element in further)

    def _type(self, text: str, profile: str) -> Known:
        """What S009, and the ``profile`` besides, say."""
        known = self._types.get(text + profile)
        if known is not None:
            return known
        s009 = [self._setting.clean(part) for part in text.split(self._setting.separators.component)]
        type_ = schema_id(s009)
        table, guide = None, None
        if type_ is not None:
            try:
                table = message_table(self._setting.catalog.get(type_))
                guide = self._guide(type_, s009, profile)
            except SchemaUnknown:
                table = None
        known = Known(s009, type_, table if guide is None else guide.table, guide)
        if len(self._types) < 1000:
            self._types[text + profile] = known
        return known

    def _guide(self, type_: str, s009: list[str], profile: str) -> Guide | None:
        choose = self._setting.guides
        if choose is None:
            return None
        form = self._form
        named = [*s009, *[""] * form.association_at]
        subset, _, guideline = profile.partition("\0")
        clean = self._setting.clean
        return choose(type_, Names(named[form.association_at], named[form.agency_at], clean(subset), clean(guideline)))

    def _indices(self, first: int, last: int, remarks: Remarks) -> range | list[int]:
        """The message's segments without the empty ones."""
        texts = self._setting.cut.texts
        if "" not in texts[first:last]:
            return range(first, last)
        empty = texts.index("", first)
        count = texts[first:last].count("")
        remarks.add("segment-empty", INFO, self._setting.cut.offset(empty), segment=empty - first + 1, count=str(count))
        return [index for index in range(first, last) if texts[index]]

    def _document(self, opened: Opened, indices: range | list[int]) -> Document | None:
        setting, table, remarks = self._setting, opened.table, opened.remarks
        if table is None:
            return None
        if len(indices) > setting.limits.segments:
            remarks.add(
                "limit-segments",
                ERROR,
                setting.cut.offset(indices[setting.limits.segments]),
                segment=setting.limits.segments + 1,
                tag=self._form.message,
                limit=str(setting.limits.segments),
            )
            return None
        whole = setting.cut.texts
        texts = whole[indices.start : indices.stop] if isinstance(indices, range) else [whole[one] for one in indices]

        def offset(number: int) -> int:
            return setting.cut.offset(indices[number]) if number < len(indices) else setting.cut.end(indices[-1])

        scrutiny = setting.scrutiny(remarks, self._own_codes(opened))
        walk = Walk(table, texts, offset, setting.separators, scrutiny, remarks, self._patience)
        document = walk.read()
        differing = wrong(document, table) if walk.orderly and "CNT" in document else []
        faults = opened.guide.faults(document) if opened.guide is not None else []
        if differing or faults:
            real = setting.cut.real if setting.cut.broken else None
            locator = Locator(table.root, document, texts, offset, setting.separators, walk.placed, real)
            tell(differing, locator, remarks)
            _blame(faults, locator, remarks)
        if opened.guide is not None:
            opened.guide.settle(document)
        return document

    def _own_codes(self, opened: Opened) -> bool:
        """Whether codes that no list has are to be expected."""
        if opened.guide is not None:
            return not opened.guide.closed
        at = self._form.association_at
        return len(opened.names) > at and bool(opened.names[at])

    def _nameless(self, opened: Opened) -> None:
        form = self._form
        key = "message-unknown" if opened.type else "message-untyped"
        opened.remarks.add(
            key,
            ERROR,
            opened.start,
            segment=1,
            tag=form.message,
            element=form.identifier_at,
            path=f"{form.message}/{form.identifier}",
            type=_shown(opened.names),
        )

    def _ref(self, opened: Opened) -> None:
        """ISO 9735-1 annex C, 0062: a reference is used once in its interchange (before version 4: in its group)."""
        form, ref = self._form, opened.ref
        key = f"{opened.group_ref}\0{ref}" if opened.group_ref else ref
        if ref and key in self._refs:
            path = f"{form.message}/{form.reference}"
            opened.remarks.add(
                "message-duplicate",
                ERROR,
                opened.start,
                segment=1,
                tag=form.message,
                element=form.reference_at,
                path=path,
                ref=ref,
            )
        self._refs.add(key)

    def _trailer(self, opened: Opened, last: int, closed: bool) -> None:
        setting, form, remarks, segments = self._setting, self._form, opened.remarks, opened.segments
        tag, key = form.end, form.end.lower()
        if not closed:
            end = setting.cut.end(last - 1) if last else setting.cut.begin(0)
            remarks.add(f"{key}-missing", ERROR, end, segment=segments, tag=tag, path=tag)
            return
        values = setting.service(frame_table(tag, setting.catalog), last - 1, segments, remarks)
        offset = setting.cut.offset(last - 1)
        count = values.get("0074", "")
        if differs(count, segments):
            remarks.add(
                f"{key}-count", ERROR, offset, segment=segments, tag=tag, element=form.end_count_at, path=f"{tag}/0074",
                declared=count, counted=str(segments),
            )  # fmt: skip
        written = values.get(form.reference, opened.ref)
        if written != opened.ref:
            path = f"{tag}/{form.reference}"
            remarks.add(
                f"{key}-ref", ERROR, offset, segment=segments, tag=tag, element=form.end_reference_at, path=path,
                declared=written, expected=opened.ref,
            )  # fmt: skip


def _blame(faults: list[Fault], locator: Locator, remarks: Remarks) -> None:
    """The findings of a guideline, each in its place and in the order of their places."""
    placed = [(locator.place(fault.segment, fault.part), fault) for fault in faults]
    for (offset, place), fault in sorted(placed, key=lambda one: one[0][0]):
        if fault.path:
            place = replace(place, path=fault.path)
        remarks.put(Finding(fault.code, place, fault.severity, tuple(fault.params.items()), fault.words), offset)


def _shown(s009: list[str]) -> str:
    """S009 as findings and the console name it: ``PAXLST:D:02B:UN``, whatever was sent."""
    text = ":".join(s009)[:40]
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
