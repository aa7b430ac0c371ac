"""WRITE for EDIFACT: Documents → one interchange, or a message's own bytes under a new envelope."""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from hub.errors import WriteError
from hub.formats.edifact.forms import INTERACTIVE, form_of
from hub.formats.edifact.headings import UIB, UNB, UNG, heading
from hub.formats.edifact.heads import REACH, syntax_of
from hub.formats.edifact.names import identifier
from hub.formats.edifact.packages import PACKAGE, STATUS
from hub.formats.edifact.pen import Pen
from hub.formats.edifact.separators import SEPARATORS, for_version
from hub.formats.edifact.style import IDENTIFIER, STYLE, VERSION, Style
from hub.formats.edifact.transmission import enclosing
from hub.model.message import Document, Envelope, Group, Message
from hub.schema.model import Schema


class Part(NamedTuple):
    """One message to be written: its Document and Schema, its reference, and that of its group (empty: none)."""

    document: Document
    schema: Schema
    ref: str
    group_ref: str = ""


def write(document: Document, schema: Schema, envelope: Envelope, *, message_ref: str, style: Style = STYLE) -> bytes:
    """An interchange of one message. Raises WriteError, naming the path, when something does not fit."""
    return write_interchange([(document, schema, message_ref)], envelope, style)


def write_interchange(
    messages: Sequence[tuple[Document, Schema, str] | Part],
    envelope: Envelope,
    style: Style = STYLE,
    groups: Sequence[Group] = (),
) -> bytes:
    """An interchange of several messages, each with its schema and message reference (0062).

    Neighbours of one group reference stand in a group (UNG to UNE) whose header is that of ``groups`` or, when there is
    none, names the type and the parties of ``envelope``. Packages (``edifact:S4:PACKAGE``) are written with their
    objects; interactive messages, and an ``interactive`` envelope, are framed with UIB and UIZ. Trailing empty elements
    and components are left out; what the separators mean is released. Raises WriteError.
    """
    every = [Part(*message) for message in messages]
    if any(form_of(part.schema) is INTERACTIVE for part in every):
        envelope = replace(envelope, interactive=True, syntax_version=max(envelope.syntax_version, "4"))
    version = envelope.syntax_version or VERSION
    pen = Pen(style.separators_for(version), style.charset_for(envelope))
    parts = _head(pen, envelope, style.una)
    known = {group.ref: group for group in groups}
    count = 0
    for ref, together in groupby(every, attrgetter("group_ref")):
        members = list(together)
        written = [text for part in members for text in _part(pen, part, envelope.interactive)]
        if ref:
            group = known.get(ref) or Group(ref, members[0].schema.root.tag, envelope.sender, envelope.recipient)
            written = [_group(pen, group, envelope, members[0]), *written, _group_end(pen, ref, len(members))]
        parts += written
        count += 1 if ref else sum(part.schema.id != STATUS for part in members)
    parts += _tail(pen, count, envelope)
    return pen.join(parts, style.crlf)


def _group(pen: Pen, group: Group, envelope: Envelope, first: Part) -> str:
    """UNG; before version 4 what it must hold and does not is taken from the interchange and the message."""
    version = envelope.syntax_version or VERSION
    date, time = _moment(envelope.prepared_at, version)
    own = [("0038", group.type), ("S006/0040", group.sender), ("S007/0044", group.recipient), ("0048", group.ref)]
    names = [("S004/0017", date), ("S004/0019", time), ("0051", "UN")]
    names += list(zip(("S008/0052", "S008/0054"), identifier(first.schema.id)[1:3], strict=False))
    said = {path for path, _ in group.rest}
    lacking = [(path, value) for path, value in names if path not in said] if version < "4" else []
    return heading(pen, "UNG", UNG, [*own, *lacking, *group.rest])


def _group_end(pen: Pen, ref: str, count: int) -> str:
    return pen.segment("UNE", [str(count), pen.value(ref, "UNE/0048")])


def _part(pen: Pen, part: Part, interactive: bool) -> list[str]:
    if part.schema.id == PACKAGE:
        return [_package(pen, part)]
    if part.schema.id == STATUS:
        segments: list[str] = []
        pen.document(part.schema.root, part.document, "", segments)
        return segments
    if interactive:
        return _dialogue(pen, part)
    return _message(pen, part.document, part.schema, part.ref)


def _dialogue(pen: Pen, part: Part) -> list[str]:
    """UIH to UIT (ISO 9735-3): as UNH to UNT, the names in S306."""
    header = part.document.get("UIH", {})
    names = dict(zip(("0065", "0052", "0054"), identifier(part.schema.id), strict=False))
    ref = {"0340": part.ref} if part.ref else {}
    segments: list[str] = []
    document = part.document | {"UIH": header | ref | {"S306": header.get("S306", {}) | names}}
    pen.document(part.schema.root, document, "", segments)
    segments.append(pen.segment("UIT", [pen.value(part.ref, "UIT/0340"), str(len(segments) + 1)]))
    return segments


def _package(pen: Pen, part: Part) -> str:
    """UNO, the object's bytes as they are, UNP (ISO 9735-8); as one text, for nothing may come between."""
    try:
        content = b64decode(part.document.get("object", ""), validate=True).decode("latin-1")
    except (TypeError, ValueError) as error:
        raise WriteError(f"object: not base64: {error}") from error
    around = {key: list(_security(pen, part, key)) for key in ("before", "after")}
    before = {"0814": str(len(around["before"]))} if around["before"] else {}
    header = part.document.get("UNO", {})
    status = {key: value for key, value in header.get("S022", {}).items() if key != "0814"}
    header = header | {"0800": part.ref, "S022": status | {"0810": str(len(content))} | before}
    node = part.schema.root.child("UNO")
    assert node is not None
    end = pen.separators.terminator
    head = [pen.segment("UNO", pen.elements(node, header, "UNO")), *around["before"]]
    trailer = pen.segment("UNP", [str(len(content)), pen.value(part.ref, "UNP/0800")])
    after = "".join(f"{text}{end}" for text in around["after"])
    return "".join(f"{text}{end}" for text in head) + content + after + trailer


def _security(pen: Pen, part: Part, key: str) -> Iterator[str]:
    group = part.schema.root.child(key)
    for item in part.document.get(key, ()):
        for tag, values in item.items():
            node = group.child(tag) if group is not None else None
            if node is None:
                raise WriteError(f"{key}: {tag!r} is no security segment")
            yield pen.segment(tag, pen.elements(node, values, f"{key}/{tag}"))


def rewrap(data: bytes, message: Message, envelope: Envelope, *, crlf: bool = False) -> bytes:
    """``message`` of the transmission ``data``, byte for byte, under a new UNB and UNZ.

    Separators, syntax identifier and version stay those of the interchange that it came in (its UNA too, when it had
    one); all else in the envelope is ``envelope``'s. Raises WriteError when ``data`` is not the message's transmission.
    """
    text = data.decode("latin-1")
    head = enclosing(data, message.start)
    if head is None or not data.startswith(b"UNH", message.start):
        raise WriteError("The message is not in these bytes; hand over the transmission that it was read from")
    raw = text[message.start : message.end]
    if not raw.endswith(head.separators.terminator):
        raise WriteError(f"Message {message.ref} has no end; a broken message is not sent on")
    s001 = syntax_of(text[head.header : head.header + REACH], head)
    version = s001[1] if len(s001) > 1 else VERSION
    style = Style(head.separators, una=head.advised, crlf=crlf)
    own = replace(envelope, syntax_id=s001[0], syntax_version=version)
    separators = head.separators if head.advised else for_version(head.separators, version, False)
    pen = Pen(separators, style.charset_for(own))
    before, after = _head(pen, own, style.una), _tail(pen, 1, own)
    return pen.join(before, crlf) + raw.encode("latin-1") + (b"\r\n" if crlf else b"") + pen.join(after, crlf)


def _message(pen: Pen, document: Document, schema: Schema, ref: str) -> list[str]:
    """UNH to UNT (ISO 9735-1 annex C). UNH names the schema's type; agency and association are the Document's."""
    header = document.get("UNH", {})
    s009 = header.get("S009", {})
    names = identifier(schema.id, s009.get("0057", ""), s009.get("0051", ""))
    named = dict(zip(("0065", "0052", "0054", "0051", "0057"), names, strict=False))
    _check("UNH/0062", ref, 14)
    segments: list[str] = []
    pen.document(schema.root, document | {"UNH": header | {"0062": ref, "S009": s009 | named}}, "", segments)
    segments.append(pen.segment("UNT", [str(len(segments) + 1), pen.value(ref, "UNT/0062")]))
    return segments


def _head(pen: Pen, envelope: Envelope, una: bool) -> list[str]:
    """UNA, when wanted or needed, and UNB."""
    version = envelope.syntax_version or VERSION
    if not envelope.interactive:
        _check("UNB/S002/0004", envelope.sender, 35)
        _check("UNB/S003/0010", envelope.recipient, 35)
        _check("UNB/0020", envelope.control_ref, 14)
    date, time = _moment(envelope.prepared_at, version)
    values = [
        ("S001/0001", envelope.syntax_id or IDENTIFIER), ("S001/0002", version),
        ("S002/0004", envelope.sender), ("S002/0007", envelope.sender_qualifier),
        ("S003/0010", envelope.recipient), ("S003/0007", envelope.recipient_qualifier),
        ("S004/0017", date), ("S004/0019", time), ("S300/0338", date), ("S300/0314", time),
        ("0020", envelope.control_ref), ("S302/0300", envelope.control_ref), ("0026", envelope.application),
        ("0031", "1" if envelope.acknowledge else ""), ("0035", "1" if envelope.test else ""), *envelope.rest,
    ]  # fmt: skip
    tag, places = ("UIB", UIB) if envelope.interactive else ("UNB", UNB)
    default = for_version(SEPARATORS, version, False)
    advice = [pen.separators.una()[:-1].decode("latin-1")] if una or pen.separators != default else []
    return [*advice, heading(pen, tag, places, values)]


def _tail(pen: Pen, count: int, envelope: Envelope) -> list[str]:
    if envelope.interactive:
        return [pen.segment("UIZ", [pen.value(envelope.control_ref, "UIZ/S302/0300"), str(count)])]
    return [pen.segment("UNZ", [str(count), pen.value(envelope.control_ref, "UNZ/0020")])]


def _moment(prepared_at: str, version: str) -> list[str]:
    """S004: ``YYMMDD`` and ``HHMM`` before version 4, ``CCYYMMDD`` and ``HHMM`` from then on."""
    if not (prepared_at.isascii() and prepared_at.isdigit() and len(prepared_at) in (10, 12)):
        raise WriteError(f"UNB/S004: {prepared_at!r} is not YYMMDDHHMM or CCYYMMDDHHMM")
    date, time = prepared_at[:-4], prepared_at[-4:]
    long = date if len(date) == 8 else f"20{date}"
    return [long[2:] if version < "4" else long, time]


def _check(path: str, value: str, most: int) -> None:
    if not 0 < len(value) <= most:
        raise WriteError(f"{path}: {value!r} must have 1 to {most} characters")
