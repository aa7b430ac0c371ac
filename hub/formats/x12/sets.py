"""One transaction set, ST to SE: which schema it follows, what it says, whether its trailer agrees."""

from dataclasses import dataclass

from hub.formats.remarks import differs
from hub.formats.x12 import names
from hub.formats.x12.envelope import st_faults
from hub.formats.x12.names import Version
from hub.formats.x12.remarks import Remarks, quoted
from hub.formats.x12.scrutiny import Scrutiny
from hub.formats.x12.segments import recognise
from hub.formats.x12.setting import Setting
from hub.formats.x12.steps import Frame, Position, SetTable, Values, attach, fits, set_table
from hub.formats.x12.structure import Structure
from hub.formats.x12.validator import validator
from hub.model.finding import Severity
from hub.model.message import Document, Message

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_Slow = tuple[Position, int, int, Values]  # a segment's place, its index, its number in the set, where its values go
_WIDEST = 256  # elements; more than any segment has
_CONVENTIONS = "005010"  # the first version whose ST names an implementation convention (ST03)


@dataclass(slots=True)
class Around:
    """The functional group that a set is in: GS06, GS01, GS08 and what is installed of it (None: nothing)."""

    ref: str
    group: str
    version: str
    installed: Version | None


class SetReader:
    """Reads the transaction sets of one interchange; remembers the control numbers met in each group."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._refs: set[tuple[int, str]] = set()

    def read(self, first: int, last: int, closed: bool, around: Around, group: int) -> Message:
        """Segments [first, last) of the interchange, in group ``group`` of it: ST first and, if ``closed``, SE last."""
        setting = self._setting
        remarks = setting.remarks()
        header = [setting.value(part) for part in setting.cut.texts[first].split(setting.separators.element, 4)]
        header += [""] * (4 - len(header))
        number, ref = header[1], header[2]
        indices = self._indices(first, last - closed, remarks)
        table = self._table(number, around, first, remarks)
        document = self._document(table, indices, remarks) if table is not None else None
        self._header(header, around, group, first, remarks)
        segments = len(indices) + closed
        self._trailer(last, closed, ref, segments, remarks)
        return Message(
            type=table.schema.id if table is not None else names.shown(around.version, number),
            ref=ref,
            document=document,
            findings=remarks.all(),
            start=setting.cut.offset(first),
            end=setting.cut.end(last - 1),
            group_ref=around.ref,
            association=header[3],
            segments=segments,
        )

    def _indices(self, first: int, last: int, remarks: Remarks) -> range | list[int]:
        """The set's segments without the empty ones."""
        texts = self._setting.cut.texts
        if "" not in texts[first:last]:
            return range(first, last)
        found = [index for index in range(first, last) if texts[index]]
        offset = self._setting.offset(texts.index("", first))
        remarks.add("segment-empty", INFO, offset, tag="", count=str(last - first - len(found)))
        return found

    def _table(self, number: str, around: Around, first: int, remarks: Remarks) -> SetTable | None:
        """The compiled schema; findings when there is none, or when the set does not belong into its group."""
        offset = self._setting.offset(first, 1)
        if not (len(number) == 3 and number.isascii() and number.isalnum()):
            remarks.add(
                "set-untyped", ERROR, offset, segment=1, tag="ST", element=1, path="ST/ST01", set=quoted(number)
            )
            return None
        if around.installed is None:
            if around.group:  # the group says already that its version is unknown
                remarks.add(
                    "set-version", ERROR, offset, segment=1, tag="ST", element=1, path="ST/ST01", set=number,
                    version=quoted(around.version),
                )  # fmt: skip
            return None
        found = names.schema(self._setting.catalog, around.installed.name, number)
        if found is None or number == "TA1":
            remarks.add(
                "set-unknown", ERROR, offset, segment=1, tag="ST", element=1, path="ST/ST01", set=number,
                version=around.installed.name, installed=", ".join(around.installed.sets),
            )  # fmt: skip
            return None
        if around.group and around.group not in found.groups:
            remarks.add(
                "set-misplaced", ERROR, offset, segment=1, tag="ST", element=1, path="ST/ST01", set=number,
                group=quoted(around.group), groups=", ".join(found.groups),
            )  # fmt: skip
        return set_table(found)

    def _document(self, table: SetTable, indices: range | list[int], remarks: Remarks) -> Document | None:
        setting = self._setting
        limit = setting.limits.segments
        if len(indices) > limit:
            remarks.add(
                "limit-segments", ERROR, setting.offset(indices[limit]), segment=limit + 1, tag="ST", limit=str(limit)
            )
            return None
        binary = next((index for index in indices if setting.cut.texts[index][:3] in ("BIN", "BDS")), None)
        if binary is not None:
            number = indices.index(binary) + 1
            remarks.add("binary", ERROR, setting.offset(binary), segment=number, tag=setting.cut.texts[binary][:3])
            return None
        document = self._straight(table, indices, remarks)
        if document is None:
            document = Structure(setting, table, indices, remarks).read()
        return document

    def _straight(self, table: SetTable, indices: range | list[int], remarks: Remarks) -> Document | None:
        """The Document of a set whose every segment follows the one before it; None when one does not. No remark is
        made before that is known: the slow segments wait until the end of the set."""
        setting = self._setting
        texts, element = setting.cut.texts, setting.separators.element
        component, repetition = setting.separators.component, setting.separators.repetition
        at = table.start
        opening: Values = {}
        document: Document = {at.key: opening}
        frame: Frame = (document, None)
        slow: list[_Slow] = []
        for number, index in enumerate(indices, 1):
            text = texts[index]
            parts = text.split(element, _WIDEST)
            step = at.step(parts[0]) if number > 1 else None
            if step is not None:
                if not fits(step, frame):
                    return None
                at = step.to
            elif number > 1:
                return None
            values = recognise(at.table, parts, component, repetition) if setting.plain(text) else None
            if values is None:
                values = {}
                slow.append((at, index, number, values if step is not None else opening))
            if step is not None:
                frame = attach(step, frame, values)
            else:
                opening |= values
        if not at.complete():
            return None
        if slow:
            self._slowly(table, slow, remarks)
        return document

    def _slowly(self, table: SetTable, slow: "list[_Slow]", remarks: Remarks) -> None:
        """Have the segments judged that were not recognised, and complete the Document with what they hold."""
        scrutiny = Scrutiny(self._setting, remarks, validator(table.schema))
        for position, index, number, values in slow:
            values |= scrutiny.segment(position, index, number)

    def _header(self, header: list[str], around: Around, group: int, first: int, remarks: Remarks) -> None:
        """ST02 and ST03: a control number is used once in its group; ST03 names the convention that GS08 names."""
        setting, ref, convention = self._setting, header[2], header[3]
        for key, element in st_faults(header[1], ref):
            remarks.add(
                key, ERROR, setting.offset(first, element), segment=1, tag="ST", element=element,
                path=f"ST/ST{element:02}", value=quoted(ref),
            )  # fmt: skip
        if ref and (group, ref) in self._refs:
            remarks.add(
                "set-duplicate", ERROR, setting.offset(first, 2), segment=1, tag="ST", element=2, path="ST/ST02",
                ref=quoted(ref),
            )  # fmt: skip
        self._refs.add((group, ref))
        if names.base(around.version) < _CONVENTIONS or around.installed is None:
            return
        named = len(around.version) > 6
        if not convention:
            remarks.add(
                "convention-missing", WARNING if named else INFO, setting.offset(first), segment=1, tag="ST", element=3,
                path="ST/ST03", version=quoted(around.version),
            )  # fmt: skip
        elif named and convention != around.version:
            remarks.add(
                "convention-differs", WARNING, setting.offset(first, 3), segment=1, tag="ST", element=3, path="ST/ST03",
                declared=quoted(convention), expected=quoted(around.version),
            )  # fmt: skip

    def _trailer(self, last: int, closed: bool, ref: str, segments: int, remarks: Remarks) -> None:
        setting = self._setting
        if not closed:
            remarks.add("se-missing", ERROR, setting.cut.end(last - 1), segment=segments, tag="SE", path="SE")
            return
        parts = [setting.value(part) for part in setting.cut.texts[last - 1].split(setting.separators.element, 4)]
        count, own = [*parts, "", ""][1:3]
        if not (count.isascii() and count.isdigit()) or differs(count, segments):
            remarks.add(
                "se-count", ERROR, setting.offset(last - 1, 1), segment=segments, tag="SE", element=1, path="SE/SE01",
                declared=quoted(count), counted=str(segments),
            )  # fmt: skip
        if own != ref:
            remarks.add(
                "se-ref", ERROR, setting.offset(last - 1, 2), segment=segments, tag="SE", element=2, path="SE/SE02",
                declared=quoted(own), expected=quoted(ref),
            )  # fmt: skip
        if len(parts) > 3:
            remarks.add(
                "element-excess", ERROR, setting.offset(last - 1, 3), segment=segments, tag="SE", element=3, path="SE",
                max="2", value=quoted(parts[3]), number="",
            )  # fmt: skip
