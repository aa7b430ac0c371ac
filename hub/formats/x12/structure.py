"""A transaction set whose segments do not simply follow one another: pyx12 walks it through its map, and each lapse
becomes one located finding. Segments that have no place are passed over; a run of them is one finding."""

from hub.formats.x12 import names
from hub.formats.x12.remarks import Remarks
from hub.formats.x12.scrutiny import Scrutiny
from hub.formats.x12.segments import recognise
from hub.formats.x12.setting import Setting
from hub.formats.x12.steps import Frame, Position, SetTable, arriving, attach
from hub.formats.x12.validator import UNJUDGED, Lapse, Walk, validator
from hub.model.finding import Severity
from hub.model.message import Document

ERROR = Severity.ERROR

_KEYS = {"2": "segment-order", "3": "segment-missing", "4": "loop-repeats", "5": "segment-repeats"}


class Structure:
    """Reads one set. ``indices`` are its segments from ST on, without SE."""

    def __init__(self, setting: Setting, table: SetTable, indices: range | list[int], remarks: Remarks) -> None:
        self._setting = setting
        self._table = table
        self._indices = indices
        self._remarks = remarks
        self._known = {position.tag for position in table.by_path.values()}
        self._lost = ("", 0, 0)  # the finding of the run of segments that have no place: key, first number, length
        self._over: set[tuple[str, str]] = set()  # places of which it was said that they come too often

    def read(self) -> Document:
        """The content of all segments that have a place."""
        setting = self._setting
        made = validator(self._table.schema)
        walk, scrutiny = Walk(made), Scrutiny(setting, self._remarks, made)
        document: Document = {}
        frame: Frame = (document, None)
        at = self._table.start
        number = 0
        for number, index in enumerate(self._indices, 1):
            if self._exhausted(index, number):
                return document
            parts = setting.cut.texts[index].split(setting.separators.element, setting.limits.elements + 1)
            path, lapses = walk.step(parts[0], number)
            to = self._table.by_path.get(path or "")
            for lapse in lapses:
                self._lapse(lapse, index, number, parts[0])
            if to is None:
                continue
            self._found()
            values = self._values(to, parts, index)
            if values is None:
                values = scrutiny.segment(to, index, number)
            if number == 1:
                document[to.key] = values
            else:
                frame = attach(arriving(at, to), frame, values)
            at = to
        self._found()
        for lapse in walk.step("SE", number + 1)[1]:
            self._lapse(lapse, self._indices[-1], number + 1, "SE")
        return document

    def _values(self, to: Position, parts: list[str], index: int) -> dict[str, object] | None:
        separators = self._setting.separators
        if not self._setting.plain(self._setting.cut.texts[index]):
            return None
        return recognise(to.table, parts, separators.component, separators.repetition)

    def _exhausted(self, index: int, number: int) -> bool:
        """Whether pyx12 has been asked often enough: what it takes for one segment, no sender may multiply at will."""
        setting = self._setting
        setting.judged += 1
        if setting.judged <= setting.limits.judged:
            return False
        self._found()
        self._remarks.add(
            "limit-judged", ERROR, setting.offset(index), segment=number, tag="ST", limit=str(setting.limits.judged)
        )
        return True

    def _lapse(self, lapse: Lapse, index: int, number: int, tag: str) -> None:
        if lapse.code in ("1", UNJUDGED):
            self._lose(number, tag, lapse.code)
            return
        key = _KEYS.get(lapse.code, "unjudged")
        last = lapse.path.rpartition("/")[2].partition("~")[0]
        if key != "segment-missing":
            if (key, lapse.path) in self._over:
                return
            self._over.add((key, lapse.path))
        self._found()
        missing = key == "segment-missing"
        offset = self._setting.cut.end(index) if tag == "SE" and missing else self._setting.offset(index)
        self._remarks.add(
            key, ERROR, offset, segment=number, tag=last or tag, path=lapse.path or tag, max=self._most(lapse)
        )

    def _most(self, lapse: Lapse) -> str:
        position = self._table.by_path.get(lapse.path)
        if position is None:
            return ""
        return str(position.loop.max if lapse.code == "4" else position.max)

    def _lose(self, number: int, tag: str, code: str) -> None:
        """One more segment that has no place."""
        key = "unjudged" if code == UNJUDGED else self._stranger(tag)
        known, first, length = self._lost
        if known == key:
            self._lost = (key, first, length + 1)
            return
        self._found()
        self._lost = (key, number, 1)

    def _stranger(self, tag: str) -> str:
        if tag in self._known:
            return "segment-order"
        schema = self._table.schema
        foreign = tag in names.tags(self._setting.catalog, schema.version)
        return "segment-foreign" if foreign else "segment-unknown"

    def _found(self) -> None:
        """Back on track: the finding about the segments passed over, if any."""
        key, first, length = self._lost
        if length:
            index = self._indices[first - 1]
            tag = self._setting.cut.texts[index].split(self._setting.separators.element, 1)[0]
            self._remarks.add(
                key, ERROR, self._setting.offset(index), segment=first, tag=tag, path=tag[:3], count=str(length),
                value="", number="",
            )  # fmt: skip
        self._lost = ("", 0, 0)
