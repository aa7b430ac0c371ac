"""A sample Document of any XML message."""

from hub.formats.xml.layout import Layout
from hub.formats.xml.reader import document as build
from hub.model.message import Document
from hub.schema import xsd
from hub.schema.sampling import Sampling


def document(schema: xsd.XsdSchema, sampling: Sampling) -> Document:
    """A Document of ``schema`` that is valid when it is written. Raises WriteError for a type without a sample."""
    return build(Layout(sampling).element(xsd.component(schema)), schema)
