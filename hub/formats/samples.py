"""A synthetic message of any type: a Document, or the whole transmission in the type's own format."""

from hub.formats.csv import samples as csv
from hub.formats.edifact import samples as edifact
from hub.formats.edifact.style import STYLE, Style
from hub.formats.write import ENVELOPE, syntax_of, write
from hub.formats.xml import samples as xml
from hub.formats.xml import signature
from hub.model.message import Document, Interchange, Message
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.schema.model import Node, Schema
from hub.schema.sampling import Extent, Sampling
from hub.schema.xsd import XsdSchema


def document(schema: Schema, extent: Extent = Extent.FULL, seed: int | str = 0) -> Document:
    """A Document of ``schema``, always the same for the same ``extent`` and ``seed``. Raises WriteError where no sample
    is possible."""
    return drawn(schema, Sampling(extent, f"{schema.id}:{seed}"))


def drawn(schema: Schema, sampling: Sampling) -> Document:
    """The Document that the choices of ``sampling`` lead to."""
    if isinstance(schema, XsdSchema):
        return xml.document(schema, sampling)
    if isinstance(schema, CsvSchema):
        return csv.document(schema, sampling)
    if schema.id.startswith("edifact:"):
        return edifact.document(schema, sampling)
    return _fields(schema.root, schema, sampling)


def transmission(schema: Schema, extent: Extent = Extent.FULL, seed: int | str = 0) -> Interchange:
    """The Document of :func:`document` in an envelope, as `hub.formats.write` takes it."""
    return around(schema.id, document(schema, extent, seed))


def written(sample: Interchange, catalog: Catalog, style: Style = STYLE) -> bytes:
    """``sample`` in its own format. A message that must be signed bears a signature of the right form that verifies
    nothing, since a Document holds none."""
    data = write(sample, catalog, style)
    schema = catalog.get(sample.messages[0].type)
    return signature.with_sample(data, schema) if isinstance(schema, XsdSchema) else data


def around(schema_id: str, document: Document) -> Interchange:
    """An interchange of that one message, from SENDER to RECIPIENT."""
    message = Message(schema_id, edifact.MESSAGE_REF, document)
    return Interchange(syntax_of(schema_id), ENVELOPE, (message,))


def _fields(node: Node, schema: Schema, sampling: Sampling) -> Document:
    """The hub's own types: nothing but groups and leaves."""
    made: Document = {}
    for child in node.children:
        items = [_value(child, schema, sampling) for _ in range(sampling.times(child.min, child.max))]
        if items:
            made[child.key] = items[0] if child.max == 1 else items
    return made


def _value(node: Node, schema: Schema, sampling: Sampling) -> object:
    if node.children:
        return _fields(node, schema, sampling)
    return sampling.leaf(node, schema.codes.get(node.codes or ""))
