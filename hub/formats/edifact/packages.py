"""Objects in an interchange (ISO 9735-8): UNO, bytes of any kind, UNP. What is between the two is no segment.

A package is read as a Message of type ``edifact:S4:PACKAGE``. Its Document holds the segment ``UNO``, the ``object`` in
base64, and the text of the segments (of security) that stand ``before`` and ``after`` it.
"""

import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

from hub.errors import SchemaUnknown
from hub.formats.edifact.blocks import Blocks
from hub.formats.edifact.forms import service_table
from hub.formats.edifact.frames import Cut
from hub.formats.edifact.segments import Values
from hub.formats.edifact.separators import BLANKS
from hub.formats.edifact.setting import Setting
from hub.formats.remarks import Remarks, differs
from hub.model.finding import Severity
from hub.model.message import Document, Message
from hub.schema import edifact
from hub.schema.catalog import Catalog
from hub.schema.model import DataType, Kind, Node, Schema

ERROR = Severity.ERROR

PACKAGE = "edifact:S4:PACKAGE"
STATUS = "edifact:S4:UIR"
"""The interactive status, a Document of the one segment UIR."""

_AROUND = 99  # segments before or behind an object at most
_BREAKS = ("", "\r\n", "\n")
"""What may stand between the header's terminator and the object: nothing, or a line break that nobody counted."""


class PackageReader:
    """Reads the packages of one interchange."""

    def __init__(self, setting: Setting, blocks: Blocks) -> None:
        self._setting = setting
        self._blocks = blocks
        self._refs: set[str] = set()
        element = re.escape(setting.separators.element)
        self._behind = re.compile(rf"[\r\n]*U(?:NP|S[A-Z]){element}")
        self._trailer = re.compile(rf"UNP{element}\d{{1,18}}{element}")
        self._segments = 0
        self.end = 0

    def read(self, at: int, group_ref: str) -> Message:
        """The package whose UNO is at byte ``at``; ``end`` is then the offset behind it."""
        setting, remarks = self._setting, self._setting.remarks()
        self.end, self._segments = at, 0
        document: Document = {"UNO": self._segment("UNO", remarks)}
        ref, status = document["UNO"].get("0800", ""), document["UNO"].get("S022", {})
        self._unique(ref, at, remarks)
        ahead = status.get("0814", "0")
        self._security(document, "before", int(ahead) if ahead.isdecimal() and len(ahead) < 4 else 0, remarks)
        start, length = self._object(status.get("0810", ""), remarks)
        if length <= setting.limits.message:
            document["object"] = b64encode(setting.source.read(start, start + length)).decode("ascii")
        else:
            limit = str(setting.limits.message)
            remarks.add("limit-object", ERROR, start, segment=1, tag="UNO", path="object", limit=limit)
        self.end = start + length
        self._security(document, "after", _AROUND, remarks)
        self._close(ref, length, remarks)
        begin, end, count = setting.original(at), setting.original(self.end), self._segments
        return Message(PACKAGE, ref, document, remarks.all(), begin, end, group_ref, segments=count)

    def _unique(self, ref: str, at: int, remarks: Remarks) -> None:
        if ref and ref in self._refs:
            remarks.add("message-duplicate", ERROR, at, segment=1, tag="UNO", element=1, path="UNO/0800", ref=ref)
        self._refs.add(ref)

    def _segment(self, tag: str, remarks: Remarks) -> Values:
        """The segment ``tag`` at ``end``, which is then behind it."""
        setting, at = self._setting, self.end
        text = self._blocks.segment(at, setting.limits.message)
        setting.lay(Cut(text, at, setting.separators, 2), setting.source.read(at, at + len(text)), at)
        self.end += len(text)
        self._segments += 1
        values = setting.service(service_table(tag, setting.catalog), 0, self._segments, remarks)
        setting.characters(0, 1, self._segments, remarks)
        return values

    def _security(self, document: Document, key: str, most: int, remarks: Remarks) -> None:
        """Up to ``most`` security segments (ISO 9735-5) that stand at ``end``."""
        found: list[Values] = []
        while len(found) < most and (tag := self._tag()).startswith("US"):
            try:
                found.append({tag: self._segment(tag, remarks)})
            except SchemaUnknown:
                break
        if found:
            document[key] = found

    def _tag(self) -> str:
        """The tag of the segment at ``end``, which blanks before it move on."""
        text = self._setting.source.text(self.end, self.end + 200)
        self.end += len(text) - len(text.lstrip(BLANKS))
        return text.lstrip(BLANKS)[:3]

    def _object(self, declared: str, remarks: Remarks) -> tuple[int, int]:
        """Where the object begins, and its length: as ``declared`` (0810), if a trailer stands behind that; else up to
        the first trailer that there is; else nothing, or all that is left of a file that was cut."""
        source, start, length = self._setting.source, self.end, -1
        if declared.isdecimal() and len(declared) <= 18:
            length = int(declared)
            for feed in _BREAKS:
                begin = start + len(feed)
                if source.text(start, begin) == feed and self._behind.match(
                    source.text(begin + length, begin + length + 20)
                ):
                    return begin, length
        trailer = self._trailer.search(source.text(start, start + self._setting.limits.message))
        if trailer is None:
            return start, source.size - start if start + length > source.size else 0
        params = {"declared": declared, "counted": str(trailer.start())}
        self._add(remarks, "object-length", start, 1, "UNO", "UNO/S022/0810", **params)
        return start, trailer.start()

    def _close(self, ref: str, length: int, remarks: Remarks) -> None:
        """UNP repeats length and reference."""
        at = self.end
        if self._tag() != "UNP":
            remarks.add("unp-missing", ERROR, at, segment=self._segments, tag="UNP", path="UNP")
            self.end = at
            return
        values = self._segment("UNP", remarks)
        if differs(values.get("0810", ""), length):
            params = {"declared": values["0810"], "counted": str(length)}
            self._add(remarks, "object-length", at, self._segments, "UNP", "UNP/0810", **params)
        if values.get("0800", ref) != ref:
            params = {"declared": values["0800"], "expected": ref}
            self._add(remarks, "unp-ref", at, self._segments, "UNP", "UNP/0800", **params)

    def _add(self, remarks: Remarks, key: str, at: int, segment: int, tag: str, path: str, **params: str) -> None:
        element = {"UNO/S022/0810": 4, "UNP/0810": 1}.get(path, 2)
        remarks.add(
            key, ERROR, at, segment=segment, tag=tag, element=element, component=None, repetition=None, path=path,
            **params,
        )  # fmt: skip


def service_schema(schema_id: str, catalog: Catalog) -> Schema:
    """The Schema of ``schema_id``: also of a package, and of the interactive status. Raises SchemaUnknown."""
    if schema_id not in (PACKAGE, STATUS):
        return catalog.get(schema_id)
    root = catalog.root / "edifact"
    if schema_id == STATUS:
        children: tuple[Node, ...] = (edifact.segment(root, "S4", "UIR"),)
    else:
        children = _package(root)
    kind = schema_id.rpartition(":")[2]
    return Schema(schema_id, Node(kind, kind, Kind.MESSAGE, min=1, children=children), {}, "ISO 9735, syntax version 4")


def _package(root: Path) -> tuple[Node, ...]:
    security = tuple(replace(edifact.segment(root, "S4", tag), min=0) for tag in _SECURITY)
    before, after = (Node(key, key, Kind.GROUP, max=_AROUND, children=security) for key in ("before", "after"))
    content = Node("object", "object", Kind.ELEMENT, min=1, type=DataType.BINARY)
    return edifact.segment(root, "S4", "UNO"), before, content, after


_SECURITY = ("USH", "USA", "USC", "USR", "UST", "USB", "USD", "USE", "USF", "USL", "USU", "USX", "USY")
