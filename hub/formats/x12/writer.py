"""WRITE for X12: Documents → one interchange. Segments, sets and groups are counted, control numbers repeated."""

from collections.abc import Sequence
from itertools import groupby

from hub.errors import WriteError
from hub.formats.x12.isa import Separators
from hub.formats.x12.pen import Pen
from hub.formats.x12.style import STYLE, VERSION, Style
from hub.model.message import Document, Envelope
from hub.schema.model import Schema
from hub.schema.x12 import X12Schema
from hub.schema.x12_maps import ACKNOWLEDGMENT

Item = tuple[Document, Schema, str]
"""A Document, its schema and its control number (ST02; empty: the Document's own)."""

_NO_INFORMATION = ["00", " " * 10, "00", " " * 10]  # ISA01 to ISA04


def write(document: Document, schema: Schema, envelope: Envelope, *, message_ref: str, style: Style = STYLE) -> bytes:
    """An interchange of one transaction set. Raises WriteError, naming the path, when something does not fit."""
    return write_interchange([(document, schema, message_ref)], envelope, style)


def write_interchange(items: Sequence[Item], envelope: Envelope, style: Style = STYLE) -> bytes:
    """An interchange of several transaction sets; neighbours of one functional group and version share a group, TA1
    come first. Empty elements at the end of a segment are left out. Raises WriteError."""
    schemas = [_own(schema) for _, schema, _ in items]
    version = schemas[0].version if schemas else VERSION
    interchange = envelope.syntax_version or version[:5]
    pen = Pen(style.separators_for(interchange), style.charset)
    receipts = [item for item in items if _own(item[1]).number == ACKNOWLEDGMENT]
    sets = [item for item in items if _own(item[1]).number != ACKNOWLEDGMENT]
    segments = [_isa(pen, envelope, interchange)]
    for document, schema, _ in receipts:
        pen.document(schema.root, document, "", segments)
    groups = [list(group) for _, group in groupby(sets, _kind)]
    for number, group in enumerate(groups):
        segments += _group(pen, group, envelope, style, number)
    segments.append(pen.segment("IEA", [str(len(groups)), _control(envelope)]))
    return pen.join(segments, style.newline)


def _own(schema: Schema) -> X12Schema:
    if not isinstance(schema, X12Schema):
        raise WriteError(f"{schema.id} is no X12 type; write it in its own format")
    return schema


def _kind(item: Item) -> tuple[str, str]:
    schema = _own(item[1])
    return (schema.groups[0] if schema.groups else "", schema.version)


def _isa(pen: Pen, envelope: Envelope, interchange: str) -> str:
    """ISA, every element padded to its width (X12.5)."""
    moment = _moment(envelope)
    separators = pen.separators
    fields = [
        *_NO_INFORMATION,
        _padded(pen, envelope.sender_qualifier or "ZZ", 2, "ISA/ISA05"),
        _padded(pen, envelope.sender, 15, "ISA/ISA06"),
        _padded(pen, envelope.recipient_qualifier or "ZZ", 2, "ISA/ISA07"),
        _padded(pen, envelope.recipient, 15, "ISA/ISA08"),
        moment[2:8],
        moment[8:12],
        separators.repetition or "U",
        _padded(pen, interchange, 5, "ISA/ISA12"),
        _control(envelope),
        "1" if envelope.acknowledge else "0",
        "T" if envelope.test else "P",
        _component(separators),
    ]
    return separators.element.join(["ISA", *fields])


def _component(separators: Separators) -> str:
    if len(separators.component) != 1:
        raise WriteError("ISA/ISA16: there must be a component separator, even if nothing has components")
    return separators.component


def _padded(pen: Pen, value: str, width: int, path: str) -> str:
    if not 0 < len(value) <= width or not value.isascii():
        raise WriteError(f"{path}: {value!r} must have 1 to {width} ASCII characters")
    return pen.value(value, path).ljust(width)


def _control(envelope: Envelope) -> str:
    ref = envelope.control_ref
    if not (ref.isascii() and ref.isdigit() and len(ref) <= 9):
        raise WriteError(f"ISA/ISA13: {ref!r} must be a number of at most 9 digits")
    return ref.zfill(9)


def _moment(envelope: Envelope) -> str:
    """The envelope's date and time as ``CCYYMMDDHHMM``."""
    at = envelope.prepared_at
    if not (at.isascii() and at.isdigit() and len(at) in (10, 12)):
        raise WriteError(f"ISA/ISA09: {at!r} is not YYMMDDHHMM or CCYYMMDDHHMM")
    return at if len(at) == 12 else f"20{at}"


def _group(pen: Pen, items: list[Item], envelope: Envelope, style: Style, number: int) -> list[str]:
    """GS to GE. The groups of an interchange are numbered on from its first."""
    first = int(_control(envelope)) if style.group_ref is None else style.group_ref
    ref = str(first + number)
    moment = _moment(envelope)
    code, version = _kind(items[0])
    sender, receiver = style.sender or envelope.sender, style.receiver or envelope.recipient
    header = [
        code,
        pen.value(sender, "GS/GS02"),
        pen.value(receiver, "GS/GS03"),
        moment[:8],
        moment[8:12],
        ref,
        "X",
        pen.value(style.version or version, "GS/GS08"),
    ]
    segments = [pen.segment("GS", header)]
    for at, item in enumerate(items, 1):
        segments += _set(pen, item, at)
    return [*segments, pen.segment("GE", [str(len(items)), ref])]


def _set(pen: Pen, item: Item, at: int) -> list[str]:
    """ST to SE. ST01 is the schema's; ST02 is given, or the Document's own, or counted."""
    document, schema, given = item
    header = document.get("ST", {})
    if not isinstance(header, dict):
        raise WriteError(f"ST: {type(header).__name__} where segment ST belongs")
    ref = str(given or header.get("ST02") or at)
    ref = ref.zfill(4) if ref.isascii() and ref.isdigit() else ref
    if not 4 <= len(ref) <= 9:
        raise WriteError(f"ST/ST02: {ref!r} must have 4 to 9 characters")
    segments: list[str] = []
    named = {"ST": header | {"ST01": _own(schema).number, "ST02": ref}}
    pen.document(schema.root, document | named, "", segments)
    return [*segments, pen.segment("SE", [str(len(segments) + 1), pen.value(ref, "SE/SE02")])]
