"""One message, UNH to UNT: which schema it follows, what it says, whether its trailer agrees."""

from hub.errors import SchemaUnknown
from hub.formats.edifact.names import malformed_id, schema_id
from hub.formats.edifact.remarks import Remarks, differs
from hub.formats.edifact.repair import Patience
from hub.formats.edifact.service import unh, unt
from hub.formats.edifact.setting import Setting
from hub.formats.edifact.steps import MessageTable, message_table
from hub.formats.edifact.walk import Walk
from hub.model.finding import Severity
from hub.model.message import Document, Message

ERROR, INFO = Severity.ERROR, Severity.INFO


class MessageReader:
    """Reads the messages of one interchange; remembers the schemas and the references it has met."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._types: dict[str, tuple[list[str], str | None, MessageTable | None]] = {}
        self._refs: set[tuple[str, str]] = set()
        self._patience = Patience()

    def read(self, first: int, last: int, closed: bool, group_ref: str) -> Message:
        """Segments [first, last) of the interchange: UNH first and, when ``closed``, UNT last."""
        setting = self._setting
        remarks = setting.remarks()
        parts = setting.cut.texts[first].split(setting.separators.element, 3)
        ref = setting.clean(parts[1]) if len(parts) > 1 else ""
        s009, type_, table = self._type(parts[2] if len(parts) > 2 else "")
        indices = self._indices(first, last - closed, remarks)
        document = self._document(table, indices, s009, remarks)
        if table is None:
            setting.service(unh(), first, 1, remarks)
            self._nameless(s009, type_, setting.cut.offset(first), remarks)
        self._ref(ref, group_ref, setting.cut.offset(first), remarks)
        segments = len(indices) + closed
        self._trailer(last, closed, ref, segments, remarks)
        setting.characters(first, last, 1, remarks)
        return Message(
            type=type_ or malformed_id(s009),
            ref=ref,
            document=document,
            findings=remarks.all(),
            start=setting.cut.offset(first),
            end=setting.cut.end(last - 1),
            group_ref=group_ref,
            association=s009[4] if len(s009) > 4 else "",
            agency=s009[3] if len(s009) > 3 else "",
            segments=segments,
        )

    def _type(self, text: str) -> tuple[list[str], str | None, MessageTable | None]:
        """S009 as (components, schema id or None when it is not well-formed, compiled schema or None when unknown)."""
        known = self._types.get(text)
        if known is not None:
            return known
        s009 = [self._setting.clean(part) for part in text.split(self._setting.separators.component)]
        type_ = schema_id(s009)
        table = None
        if type_ is not None:
            try:
                table = message_table(self._setting.catalog.get(type_))
            except SchemaUnknown:
                table = None
        if len(self._types) < 1000:
            self._types[text] = (s009, type_, table)
        return s009, type_, table

    def _indices(self, first: int, last: int, remarks: Remarks) -> range | list[int]:
        """The message's segments without the empty ones."""
        texts = self._setting.cut.texts
        if "" not in texts[first:last]:
            return range(first, last)
        empty = texts.index("", first)
        count = texts[first:last].count("")
        remarks.add("segment-empty", INFO, self._setting.cut.offset(empty), segment=empty - first + 1, count=str(count))
        return [index for index in range(first, last) if texts[index]]

    def _document(
        self, table: MessageTable | None, indices: range | list[int], s009: list[str], remarks: Remarks
    ) -> Document | None:
        setting = self._setting
        if table is None:
            return None
        if len(indices) > setting.limits.segments:
            offset = setting.cut.offset(indices[setting.limits.segments])
            remarks.add(
                "limit-segments",
                ERROR,
                offset,
                segment=setting.limits.segments + 1,
                tag="UNH",
                limit=str(setting.limits.segments),
            )
            return None
        texts = setting.cut.texts
        own_codes = len(s009) > 4 and bool(s009[4])
        walk = Walk(
            table,
            texts[indices.start : indices.stop] if isinstance(indices, range) else [texts[index] for index in indices],
            lambda number: (
                setting.cut.offset(indices[number]) if number < len(indices) else setting.cut.end(indices[-1])
            ),
            setting.separators,
            setting.scrutiny(remarks, own_codes),
            remarks,
            self._patience,
        )
        return walk.read()

    def _nameless(self, s009: list[str], type_: str | None, offset: int, remarks: Remarks) -> None:
        key = "message-unknown" if type_ else "message-untyped"
        remarks.add(key, ERROR, offset, segment=1, tag="UNH", element=2, path="UNH/S009", type=_shown(s009))

    def _ref(self, ref: str, group_ref: str, offset: int, remarks: Remarks) -> None:
        """ISO 9735-1 annex C, 0062: a reference is used once in its interchange (before version 4: in its group)."""
        key = (group_ref, ref)
        if ref and key in self._refs:
            remarks.add("message-duplicate", ERROR, offset, segment=1, tag="UNH", element=1, path="UNH/0062", ref=ref)
        self._refs.add(key)

    def _trailer(self, last: int, closed: bool, ref: str, segments: int, remarks: Remarks) -> None:
        setting = self._setting
        if not closed:
            remarks.add("unt-missing", ERROR, setting.cut.end(last - 1), segment=segments, tag="UNT", path="UNT")
            return
        values = setting.service(unt(), last - 1, segments, remarks)
        offset = setting.cut.offset(last - 1)
        count = values.get("0074", "")
        if differs(count, segments):
            remarks.add(
                "unt-count", ERROR, offset, segment=segments, tag="UNT", element=1, path="UNT/0074",
                declared=count, counted=str(segments),
            )  # fmt: skip
        if values.get("0062", ref) != ref:
            remarks.add(
                "unt-ref", ERROR, offset, segment=segments, tag="UNT", element=2, path="UNT/0062",
                declared=values["0062"], expected=ref,
            )  # fmt: skip


def _shown(s009: list[str]) -> str:
    """S009 as findings and the console name it: ``PAXLST:D:02B:UN``, whatever was sent."""
    text = ":".join(s009)[:40]
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
