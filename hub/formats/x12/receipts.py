"""TA1 as it comes in: a partner's word on an interchange of ours. It stands outside groups, and has no ST and SE."""

from hub.formats.x12 import names
from hub.formats.x12.scrutiny import Scrutiny
from hub.formats.x12.segments import recognise
from hub.formats.x12.setting import Setting
from hub.formats.x12.steps import set_table
from hub.formats.x12.validator import validator
from hub.model.finding import Severity
from hub.model.message import Message
from hub.schema.catalog import Catalog
from hub.schema.x12 import X12Schema

_VERSIONS = ("004010", "005010")  # either has the same TA1


class ReceiptReader:
    """Reads the TA1 segments of one interchange."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def read(self, index: int) -> Message:
        """Segment ``index``, a TA1, as a message of its own."""
        setting = self._setting
        remarks = setting.remarks()
        schema = _schema(setting.catalog, setting.version)
        offset, end = setting.cut.offset(index), setting.cut.end(index)
        if schema is None:
            version = names.guessed(setting.version)
            remarks.add("set-version", Severity.ERROR, offset, segment=1, tag="TA1", set="TA1", version=version)
            return Message(names.shown(version, "TA1"), findings=remarks.all(), start=offset, end=end, segments=1)
        start = set_table(schema).start
        separators, text = setting.separators, setting.cut.texts[index]
        values = None
        if setting.plain(text):
            parts = text.split(separators.element, start.table.width + 2)
            values = recognise(start.table, parts, separators.component, separators.repetition)
        if values is None:
            values = Scrutiny(setting, remarks, validator(schema)).segment(start, index, 1)
        ref = str(values.get("TA101", ""))
        return Message(schema.id, ref, {"TA1": values}, remarks.all(), offset, end, segments=1)


def _schema(catalog: Catalog, interchange: str) -> X12Schema | None:
    for name in (names.guessed(interchange), *_VERSIONS):
        found = names.schema(catalog, name, "TA1")
        if found is not None:
            return found
    return None
