"""A whole interchange in X12, as :mod:`hub.formats.table` writes every format."""

from dataclasses import replace

from hub.formats.table import document_of
from hub.formats.x12.style import STYLE, Style
from hub.formats.x12.writer import write_interchange
from hub.model.message import Interchange
from hub.schema.catalog import Catalog


def write(interchange: Interchange, catalog: Catalog) -> bytes:
    """``interchange`` in X12, by the names and version of its first group. Raises WriteError, naming the path, when
    something does not fit."""
    items = [(document_of(message), catalog.get(message.type), "") for message in interchange.messages]
    return write_interchange(items, replace(interchange.envelope, syntax_version=""), _style(interchange))


def _style(interchange: Interchange) -> Style:
    if not interchange.groups:
        return STYLE
    first = interchange.groups[0]
    return replace(STYLE, sender=first.sender, receiver=first.recipient, version=first.version)
