"""What the EDIFACT reader says of a Document that came in another form: it is written, read, and each finding led back
to the value that it is about."""

from collections.abc import Iterator
from typing import Any

from hub.errors import WriteError
from hub.formats.edifact.names import identifier, schema_id
from hub.formats.edifact.reader import read
from hub.formats.edifact.writer import write
from hub.formats.form.places import Fault, Path, fault
from hub.model.finding import Place, Severity
from hub.model.message import Document, Envelope
from hub.schema.catalog import Catalog
from hub.schema.model import Kind, Node, Schema

_ENVELOPE = Envelope("A", "", "B", "", "1", "202601011200", syntax_id="UNOW", syntax_version="4")
_NAMES = ("0065", "0052", "0054", "0051")
_LONGEST_REF = 14


def headed(document: Document, schema: Schema, ref: str) -> Document:
    """``document`` with a whole UNH: its own, and where that is silent, the names of its type and ``ref``."""
    header: dict[str, Any] = document.get("UNH", {})
    names = dict(zip(_NAMES, identifier(schema.id), strict=True))
    return document | {"UNH": {"0062": ref or "1"} | header | {"S009": names | header.get("S009", {})}}


def check(document: Document, schema: Schema, catalog: Catalog, path: Path) -> list[Fault]:
    """The faults of ``document``, which has the schema's shape and stands at ``path``."""
    header = document["UNH"]
    if schema_id([header["S009"].get(name, "") for name in _NAMES]) != schema.id:
        named = ":".join(header["S009"].get(name, "") for name in _NAMES)
        return [fault("other-type", (*path, "UNH", "S009"), type=schema.id, named=named)]
    ref = header["0062"]
    try:
        data = write(document, schema, _ENVELOPE, message_ref=ref if 0 < len(ref) <= _LONGEST_REF else "1")
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
