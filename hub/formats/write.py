"""WRITE for every format: an interchange in its types' own format, with an envelope where the format has one."""

from hub.errors import WriteError
from hub.formats.edifact.style import STYLE, Style
from hub.formats.table import of
from hub.model.message import Envelope, Interchange, Syntax
from hub.schema.catalog import Catalog

ENVELOPE = Envelope("SENDER", "ZZ", "RECIPIENT", "ZZ", "1", "202601011200", test=True)
"""What stands around a message of which nobody knows where it came from: marked as a test."""


def syntax_of(schema_id: str) -> Syntax:
    """The syntax in which messages of that type are written. Raises WriteError for an id that belongs to no format."""
    return of(schema_id).syntax


def write(interchange: Interchange, catalog: Catalog, style: Style = STYLE) -> bytes:
    """``interchange`` as a transmission, its messages' Documents by their types. Raises WriteError, naming the path,
    when something does not fit, or when the syntax cannot hold these messages together."""
    formats = {message.type.partition(":")[0]: of(message.type) for message in interchange.messages}
    if len(formats) != 1:
        names = ", ".join(sorted(formats)) or "nothing"
        raise WriteError(f"one transmission holds messages of one format, not {names}; write them one by one")
    (format,) = formats.values()
    return format.write(interchange, catalog, style)
