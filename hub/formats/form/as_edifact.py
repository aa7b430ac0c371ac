"""What the EDIFACT reader says of a Document that came in another form: it is written, read, and each finding led back
to the value that it is about."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hub.errors import WriteError
from hub.formats.edifact.forms import BATCH, INTERACTIVE, form_of
from hub.formats.edifact.names import identifier, schema_id
from hub.formats.edifact.reader import read
from hub.formats.edifact.writer import write
from hub.formats.form.places import Fault, Path, fault
from hub.model.finding import Place, Severity
from hub.model.message import Document, Envelope, Message
from hub.schema.catalog import Catalog
from hub.schema.model import Kind, Node, Schema

_ENVELOPE = Envelope("A", "", "B", "", "1", "202601011200", syntax_id="UNOW", syntax_version="4")
_NAMES = ("0065", "0052", "0054", "0051")


def headed(document: Document, schema: Schema, ref: str) -> Document:
    """``document`` with a whole header: its own, and where that is silent, the names of its type and ``ref``; a batch
    message has a reference always (UNH 0062)."""
    form = form_of(schema)
    header: dict[str, Any] = document.get(form.message, {})
    needed = _NAMES if form is BATCH else _NAMES[:3]
    names = dict(zip(needed, identifier(schema.id), strict=False)) | header.get(form.identifier, {})
    ref = ref or ("1" if form is BATCH else "")
    return document | {form.message: ({form.reference: ref} if ref else {}) | header | {form.identifier: names}}


def named(message: Message, document: Document, schema: Schema) -> Message:
    """``message`` with what the header of its ``document`` says."""
    form = form_of(schema)
    header = document.get(form.message, {})
    names = header.get(form.identifier, {})
    ref = header.get(form.reference, message.ref)
    return replace(message, ref=ref, association=names.get("0057", ""), agency=names.get("0051", ""))


def check(document: Document, schema: Schema, catalog: Catalog, path: Path) -> list[Fault]:
    """The faults of ``document``, which has the schema's shape and stands at ``path``."""
    form = form_of(schema)
    header = document[form.message]
    names = [header[form.identifier].get(name, "") for name in _NAMES]
    if schema_id(names) != schema.id:
        return [fault("other-type", (*path, form.message, form.identifier), type=schema.id, named=":".join(names))]
    ref = header.get(form.reference, "")
    if len(ref) > form.longest_reference or not (ref or form is INTERACTIVE):
        ref = "1"
    try:
        data = write(document, schema, _ENVELOPE, message_ref=ref)
    except WriteError as error:
        return [fault("unwritable", path, reason=str(error))]
    message = read(data, catalog).interchanges[0].messages[0]
    segments = list(segments_of(schema.root, document, path))
    faults = [
        Fault(one.code, led_back(one.place, segments, path), one.params, one.severity, one.place)
        for one in message.findings
    ]
    if message.document != document and all(one.severity is not Severity.ERROR for one in faults):
        there = difference(document, message.document, path)
        faults.append(Fault("form.read-otherwise", there, severity=Severity.WARNING))
    return faults


def difference(first: Any, second: Any, path: Path) -> Path:
    """Where two unequal Documents first differ."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in (*first, *second):
            if first.get(key) != second.get(key):
                return difference(first.get(key), second.get(key), (*path, key))
    if isinstance(first, list) and isinstance(second, list):
        for at, (one, other) in enumerate(zip(first, second, strict=False)):
            if one != other:
                return difference(one, other, (*path, at))
    return path


def segments_of(node: Node, values: Document, path: Path) -> Iterator[tuple[Path, Node]]:
    """The path and node of every segment, in the order in which they are written."""
    for child in node.children:
        if child.key not in values:
            continue
        here = (*path, child.key)
        held = values[child.key]
        items = [(here, held)] if child.max == 1 else [((*here, at), item) for at, item in enumerate(held)]
        for there, item in items:
            if child.kind is Kind.GROUP:
                yield from segments_of(child, item, there)
            else:
                yield there, child


def led_back(place: Place, segments: list[tuple[Path, Node]], path: Path) -> Path:
    """The path of what ``place`` is about: the segment by its number, the rest by positions."""
    if place.segment is None or not 0 < place.segment <= len(segments):
        return path
    here, node = segments[place.segment - 1]
    for position in (place.element, place.component):
        if position is None:
            break
        step = _at(node, position, place.repetition if position is place.element else None)
        if step is None:
            break
        node, keys = step
        here = (*here, *keys)
    return here


def _at(node: Node, position: int, repetition: int | None) -> tuple[Node, Path] | None:
    """The child at ``position`` of ``node`` (each slot counts), and the keys that lead to it."""
    start = 1
    for child in node.children:
        width = max(child.slots, 1)
        if position < start + width:
            at = position - start if child.slots > 1 else (repetition or 1) - 1
            return child, (child.key,) if child.max == 1 else (child.key, at)
        start += width
    return None
