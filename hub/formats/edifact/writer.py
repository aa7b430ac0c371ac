"""WRITE for EDIFACT: Documents → one interchange, or a message's own bytes under a new envelope."""

from collections.abc import Sequence
from dataclasses import replace

from hub.errors import WriteError
from hub.formats.edifact.heads import REACH, syntax_of
from hub.formats.edifact.names import identifier
from hub.formats.edifact.pen import Pen
from hub.formats.edifact.separators import SEPARATORS, for_version
from hub.formats.edifact.style import IDENTIFIER, STYLE, VERSION, Style
from hub.formats.edifact.transmission import enclosing
from hub.model.message import Document, Envelope, Message
from hub.schema.model import Schema


def write(document: Document, schema: Schema, envelope: Envelope, *, message_ref: str, style: Style = STYLE) -> bytes:
    """An interchange of one message. Raises WriteError, naming the path, when something does not fit."""
    return write_interchange([(document, schema, message_ref)], envelope, style)


def write_interchange(
    messages: Sequence[tuple[Document, Schema, str]], envelope: Envelope, style: Style = STYLE
) -> bytes:
    """An interchange of several messages, each with its schema and message reference (0062).

    Trailing empty elements and components are left out; what the separators mean is released. Raises WriteError.
    """
    version = envelope.syntax_version or VERSION
    pen = Pen(style.separators_for(version), style.charset_for(envelope))
    parts = _head(pen, envelope, style.una)
    for document, schema, ref in messages:
        parts += _message(pen, document, schema, ref)
    parts += _tail(pen, len(messages), envelope)
    return pen.join(parts, style.crlf)


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
    _check("UNB/S002/0004", envelope.sender, 35)
    _check("UNB/S003/0010", envelope.recipient, 35)
    _check("UNB/0020", envelope.control_ref, 14)
    elements = [
        pen.composite([envelope.syntax_id or IDENTIFIER, version], "UNB/S001"),
        pen.composite([envelope.sender, envelope.sender_qualifier], "UNB/S002"),
        pen.composite([envelope.recipient, envelope.recipient_qualifier], "UNB/S003"),
        pen.composite(_moment(envelope.prepared_at, version), "UNB/S004"),
        pen.value(envelope.control_ref, "UNB/0020"),
        "",
        pen.value(envelope.application, "UNB/0026"),
        "",
        "1" if envelope.acknowledge else "",
        "",
        "1" if envelope.test else "",
    ]
    default = for_version(SEPARATORS, version, False)
    advice = [pen.separators.una()[:-1].decode("latin-1")] if una or pen.separators != default else []
    return [*advice, pen.segment("UNB", elements)]


def _tail(pen: Pen, count: int, envelope: Envelope) -> list[str]:
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
