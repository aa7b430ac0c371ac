"""A whole interchange back to bytes: its messages' Documents in the envelope that it has."""

from dataclasses import replace

from hub.errors import WriteError
from hub.formats.edifact.packages import service_schema
from hub.formats.edifact.style import Style
from hub.formats.edifact.writer import Part, write_interchange
from hub.formats.table import document_of
from hub.model.message import Interchange
from hub.schema.catalog import Catalog

_WIDEST = "UNOW"
_SYNTAX_4 = "edifact:S4:"  # these segments are those of syntax version 4


def write(interchange: Interchange, catalog: Catalog, style: Style) -> bytes:
    """``interchange`` as bytes. Raises WriteError, naming the path, when something does not fit.

    The character set that the envelope names gives way to UTF-8 where a value needs it: lower case is everywhere in
    what says UNOA.
    """
    messages = [
        Part(document_of(message), service_schema(message.type, catalog), message.ref or str(number), message.group_ref)
        for number, message in enumerate(interchange.messages, 1)
    ]
    envelope = interchange.envelope
    if not envelope.syntax_version and any(message.type.startswith(_SYNTAX_4) for message in interchange.messages):
        envelope = replace(envelope, syntax_version="4")
    try:
        return write_interchange(messages, envelope, style, interchange.groups)
    except WriteError:
        if envelope.syntax_id == _WIDEST or style.charset:
            raise
    return write_interchange(messages, replace(envelope, syntax_id=_WIDEST), style, interchange.groups)
