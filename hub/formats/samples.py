"""A synthetic message of any type: a Document, or the whole transmission in the type's own format."""

from hub.formats.edifact.style import STYLE, Style
from hub.formats.table import of
from hub.formats.write import ENVELOPE, write
from hub.model.message import Document, Interchange, Message, Syntax
from hub.schema.catalog import Catalog
from hub.schema.model import Schema
from hub.schema.sampling import Extent, Sampling

MESSAGE_REF = "1"


def document(schema: Schema, extent: Extent = Extent.FULL, seed: int | str = 0) -> Document:
    """A Document of ``schema``, always the same for the same ``extent`` and ``seed``. Raises WriteError where no sample
    is possible."""
    return drawn(schema, Sampling(extent, f"{schema.id}:{seed}"))


def drawn(schema: Schema, sampling: Sampling) -> Document:
    """The Document that the choices of ``sampling`` lead to."""
    return of(schema.id).sample(schema, sampling)


def transmission(schema: Schema, extent: Extent = Extent.FULL, seed: int | str = 0) -> Interchange:
    """The Document of :func:`document` in an envelope, as `hub.formats.write` takes it."""
    return around(schema.id, document(schema, extent, seed))


def around(schema_id: str, document: Document) -> Interchange:
    """An interchange of that one message, from SENDER to RECIPIENT."""
    return Interchange(of(schema_id).syntax, ENVELOPE, (Message(schema_id, MESSAGE_REF, document),))


def written(sample: Interchange, catalog: Catalog, style: Style = STYLE) -> bytes:
    """``sample`` in its own format. A message that must be signed bears a signature of the right form that verifies
    nothing, since a Document holds none."""
    data = write(sample, catalog, style)
    return _signed(data, catalog.get(sample.messages[0].type)) if sample.syntax is Syntax.XML else data


def _signed(data: bytes, schema: Schema) -> bytes:
    from hub.formats.xml import signature
    from hub.schema.xsd import XsdSchema

    assert isinstance(schema, XsdSchema)  # xsd: ids name no others
    return signature.with_sample(data, schema)
