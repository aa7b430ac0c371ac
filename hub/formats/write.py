"""WRITE for every format: an interchange in its types' own format, with an envelope where the format has one."""

from collections.abc import Callable
from dataclasses import replace

from hub.errors import WriteError
from hub.formats.csv import writer as csv
from hub.formats.edifact import writer as edifact
from hub.formats.edifact.style import STYLE, Style
from hub.formats.json import writer as json
from hub.formats.xml import writer as xml
from hub.model.message import Document, Envelope, Interchange, Message, Syntax
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.schema.model import Schema

ENVELOPE = Envelope("SENDER", "ZZ", "RECIPIENT", "ZZ", "1", "202601011200", test=True)
"""What stands around a message of which nobody knows where it came from: marked as a test."""

SYNTAXES = {"edifact": Syntax.EDIFACT, "xsd": Syntax.XML, "csv": Syntax.CSV, "internal": Syntax.JSON}
"""The own syntax of a type, by what its schema id begins with."""

_WIDEST = "UNOW"
_SYNTAX_4 = "edifact:S4:"  # these segments are those of syntax version 4


def syntax_of(schema_id: str) -> Syntax:
    """The syntax in which messages of that type are written."""
    return SYNTAXES.get(schema_id.partition(":")[0], Syntax.UNKNOWN)


def write(interchange: Interchange, catalog: Catalog, style: Style = STYLE) -> bytes:
    """``interchange`` as a transmission, its messages' Documents by their types. Raises WriteError, naming the path,
    when something does not fit, or when the syntax cannot hold these messages together."""
    syntaxes = {syntax_of(message.type) for message in interchange.messages}
    if len(syntaxes) != 1:
        names = ", ".join(sorted(syntaxes)) or "nothing"
        raise WriteError(f"one transmission holds messages of one syntax, not {names}; write them one by one")
    (syntax,) = syntaxes
    if syntax is Syntax.EDIFACT:
        return _edifact(interchange, catalog, style)
    if len(interchange.messages) > 1:
        raise WriteError(f"{syntax} holds one message in a file, not {len(interchange.messages)}; write them singly")
    (message,) = interchange.messages
    return _SINGLE[syntax](_document(message), catalog.get(message.type))


def _edifact(interchange: Interchange, catalog: Catalog, style: Style) -> bytes:
    messages = [
        (_document(message), catalog.get(message.type), message.ref or str(number))
        for number, message in enumerate(interchange.messages, 1)
    ]
    envelope = interchange.envelope
    if not envelope.syntax_version and any(message.type.startswith(_SYNTAX_4) for message in interchange.messages):
        envelope = replace(envelope, syntax_version="4")
    try:
        return edifact.write_interchange(messages, envelope, style)
    except WriteError:
        if envelope.syntax_id == _WIDEST or style.charset:
            raise
    # Characters that its set lacks: lower case in UNOA is everywhere.
    return edifact.write_interchange(messages, replace(envelope, syntax_id=_WIDEST), style)


def _document(message: Message) -> Document:
    if message.document is None:
        raise WriteError(f"{message.type} {message.ref}: its content cannot be read; mend it first")
    return message.document


def _csv(document: Document, schema: Schema) -> bytes:
    assert isinstance(schema, CsvSchema)  # csv: ids name no others
    return csv.write(document, schema)


_SINGLE: dict[Syntax, Callable[[Document, Schema], bytes]] = {
    Syntax.XML: xml.write,
    Syntax.CSV: _csv,
    Syntax.JSON: lambda document, schema: json.dump(document, indent=1) + b"\n",
}
