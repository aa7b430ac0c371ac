"""What the X12 reader says of a Document that came in another form: it is written, read, and each finding led back to
the value that it is about."""

from typing import Any

from hub.errors import WriteError
from hub.formats.form.as_edifact import difference, led_back, segments_of
from hub.formats.form.places import Fault, Path, fault
from hub.formats.x12.isa import Separators
from hub.formats.x12.reader import read
from hub.formats.x12.style import Style
from hub.formats.x12.writer import write
from hub.model.finding import Severity
from hub.model.message import Document, Envelope
from hub.schema.catalog import Catalog
from hub.schema.x12 import X12Schema
from hub.schema.x12_maps import ACKNOWLEDGMENT

_ENVELOPE = Envelope("A", "ZZ", "B", "ZZ", "1", "202601011200")
_STYLE = Style(Separators("\x1d", "\x1f", "\x1e", "\x1c"), charset="utf-8")
"""Separators that no value holds, and every letter: which of them a partner takes is asked when it is written to it."""

_LONGEST_REF = 9


def headed(document: Document, schema: X12Schema, ref: str) -> Document:
    """``document`` with a whole ST: its own, and where that is silent, the set's number and ``ref``."""
    if schema.number == ACKNOWLEDGMENT:
        return document
    header: dict[str, Any] = document.get("ST", {})
    number = ref.zfill(4) if ref.isascii() and ref.isdigit() and len(ref) <= _LONGEST_REF else "0001"
    return document | {"ST": {"ST01": schema.number, "ST02": number} | header}


def check(document: Document, schema: X12Schema, catalog: Catalog, path: Path) -> list[Fault]:
    """The faults of ``document``, which has the schema's shape and stands at ``path``."""
    named = document.get("ST", {}).get("ST01", schema.number)
    if named != schema.number:
        return [fault("other-type", (*path, "ST", "ST01"), type=schema.id, named=named)]
    try:
        data = write(document, schema, _ENVELOPE, message_ref="", style=_STYLE)
    except WriteError as error:
        return [fault("unwritable", path, reason=str(error))]
    messages = [one for part in read(data, catalog, charset="utf-8").interchanges for one in part.messages]
    if not messages:
        return [fault("missing", path, name=schema.number)]
    segments = list(segments_of(schema.root, document, path))
    faults = [
        Fault(one.code, led_back(one.place, segments, path), one.params, one.severity, one.place)
        for one in messages[0].findings
    ]
    if messages[0].document != document and all(one.severity is not Severity.ERROR for one in faults):
        there = difference(document, messages[0].document, path)
        faults.append(Fault("form.read-otherwise", there, severity=Severity.WARNING))
    return faults
