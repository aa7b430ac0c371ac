"""One transmission in another form: JSON, generic XML, or its types' own format."""

from collections.abc import Sequence
from dataclasses import replace

from hub.errors import WriteError
from hub.formats.edifact.style import STYLE, Style
from hub.formats.json import writer as json
from hub.formats.table import document_of
from hub.formats.write import ENVELOPE, syntax_of, write
from hub.formats.xml import generic
from hub.model.form import Form
from hub.model.message import Envelope, Interchange, Syntax
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema

_NEEDED = ("sender", "recipient", "control_ref", "prepared_at")


def convert(interchanges: Sequence[Interchange], form: Form, catalog: Catalog, style: Style = STYLE) -> bytes:
    """``interchanges`` in ``form``. Raises WriteError when ``form`` cannot hold them, saying why.

    Where the own format has an envelope and ``interchanges`` have none, it names SENDER, RECIPIENT and a test.
    """
    if form is Form.JSON:
        return json.write(interchanges)
    if form is Form.XML and not all(syntax is Syntax.XML for syntax in _syntaxes(interchanges)):
        return generic.write(interchanges, catalog)
    if form is Form.XLSX:
        return _workbook(interchanges, catalog)
    for syntax in _syntaxes(interchanges):
        if syntax.value != form.value:
            raise WriteError(f"{form} does not hold {syntax} messages; take json or xml, which hold every type")
    if form not in (Form.EDIFACT, Form.X12) and len(interchanges) > 1:
        raise WriteError(f"{form} holds one transmission in a file, not {len(interchanges)}; take json or xml")
    return b"".join(write(_enveloped(one), catalog, style) for one in interchanges)


def _workbook(interchanges: Sequence[Interchange], catalog: Catalog) -> bytes:
    """A workbook is another form of what CSV holds, so it has no types of its own."""
    from hub.formats.xlsx import writer

    messages = [message for one in interchanges for message in one.messages]
    for syntax in _syntaxes(interchanges):
        if syntax is not Syntax.CSV:
            raise WriteError(f"xlsx does not hold {syntax} messages; take json or xml, which hold every type")
    if len(messages) != 1:
        raise WriteError(f"xlsx holds one message in a file, not {len(messages)}; take json or xml")
    schema = catalog.get(messages[0].type)
    assert isinstance(schema, CsvSchema)  # what its syntax says
    return writer.write(document_of(messages[0]), schema)


def _syntaxes(interchanges: Sequence[Interchange]) -> list[Syntax]:
    return [syntax_of(message.type) for one in interchanges for message in one.messages]


def _enveloped(interchange: Interchange) -> Interchange:
    """``interchange`` with what a whole envelope needs and its own lacks."""
    own = interchange.envelope
    if own == Envelope():
        return replace(interchange, envelope=ENVELOPE)
    needed = {name: getattr(own, name) or getattr(ENVELOPE, name) for name in _NEEDED}
    return replace(interchange, envelope=replace(own, **needed))
