"""What the hub can do with each format, by what its schema ids begin with: one table, in which a new format is a row.

A codec is imported when it is first used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.errors import WriteError
from hub.model.message import Document, Interchange, Message, Syntax
from hub.schema.catalog import Catalog
from hub.schema.model import Schema

if TYPE_CHECKING:
    from hub.formats.edifact.style import Style
    from hub.formats.form.places import Fault, Path
    from hub.schema.sampling import Sampling


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``barred`` is a class of characters that its values cannot hold, as a regular expression has it."""

    syntax: Syntax
    barred: str
    write: "Callable[[Interchange, Catalog, Style], bytes]"
    """A transmission. Raises WriteError, naming the path."""
    sample: "Callable[[Schema, Sampling], Document]"
    """A Document that is valid when it is written. Raises WriteError where none is possible."""
    check: "Callable[[Document, Schema, Catalog, Path], list[Fault]]"
    """The faults of a Document that has its schema's shape, stands at a path and came in another form."""
    headed: Callable[[Document, Schema, str], Document] = lambda document, schema, ref: document
    """The Document with what its type and reference (the last argument) say of its header."""


def of(schema_id: str) -> Format:
    """The format of a type. Raises WriteError for an id that belongs to none."""
    found = FORMATS.get(schema_id.partition(":")[0])
    if found is None:
        raise WriteError(f"{schema_id}: nothing writes this; formats are {', '.join(FORMATS)}")
    return found


def document_of(message: Message) -> Document:
    """The content of ``message``. Raises WriteError when it could not be read."""
    if message.document is None:
        raise WriteError(f"{message.type} {message.ref}: its content cannot be read; see `hub check`")
    return message.document


def _alone(write: Callable[[Document, Schema], bytes]) -> "Callable[[Interchange, Catalog, Style], bytes]":
    """A writer of formats that hold one message in a file."""

    def whole(interchange: Interchange, catalog: Catalog, style: "Style") -> bytes:
        if len(interchange.messages) != 1:
            syntax = of(interchange.messages[0].type).syntax
            raise WriteError(
                f"{syntax} holds one message in a file, not {len(interchange.messages)}; write them singly"
            )
        (message,) = interchange.messages
        return write(document_of(message), catalog.get(message.type))

    return whole


def _edifact_write(interchange: Interchange, catalog: Catalog, style: "Style") -> bytes:
    from hub.formats.edifact import whole

    return whole.write(interchange, catalog, style)


def _edifact_sample(schema: Schema, sampling: "Sampling") -> Document:
    from hub.formats.edifact import samples

    return samples.document(schema, sampling)


def _edifact_check(document: Document, schema: Schema, catalog: Catalog, path: "Path") -> "list[Fault]":
    from hub.formats.form import as_edifact

    return as_edifact.check(document, schema, catalog, path)


def _edifact_headed(document: Document, schema: Schema, ref: str) -> Document:
    from hub.formats.form import as_edifact

    return as_edifact.headed(document, schema, ref)


def _x12_write(interchange: Interchange, catalog: Catalog, style: "Style") -> bytes:
    from hub.formats.x12 import whole

    return whole.write(interchange, catalog)


def _x12_sample(schema: Any, sampling: "Sampling") -> Document:
    from hub.formats.x12 import samples

    return samples.document(schema, sampling)


def _x12_check(document: Document, schema: Any, catalog: Catalog, path: "Path") -> "list[Fault]":
    from hub.formats.form import as_x12

    return as_x12.check(document, schema, catalog, path)


def _x12_headed(document: Document, schema: Any, ref: str) -> Document:
    from hub.formats.form import as_x12

    return as_x12.headed(document, schema, ref)


def _xml_write(document: Document, schema: Schema) -> bytes:
    from hub.formats.xml import writer

    return writer.write(document, schema)


def _xml_sample(schema: Any, sampling: "Sampling") -> Document:
    from hub.formats.xml import samples

    return samples.document(schema, sampling)


def _xml_check(document: Document, schema: Any, catalog: Catalog, path: "Path") -> "list[Fault]":
    from hub.formats.form import as_xml

    return as_xml.check(document, schema, path)


def _csv_write(document: Document, schema: Any) -> bytes:
    from hub.formats.csv import writer

    return writer.write(document, schema)


def _csv_sample(schema: Any, sampling: "Sampling") -> Document:
    from hub.formats.csv import samples

    return samples.document(schema, sampling)


def _own_write(document: Document, schema: Schema) -> bytes:
    from hub.formats.json import writer

    return writer.dump(document, indent=1) + b"\n"


def _own_sample(schema: Schema, sampling: "Sampling") -> Document:
    from hub.formats.form import samples

    return samples.document(schema, sampling)


def _cells_check(document: Document, schema: Schema, catalog: Catalog, path: "Path") -> "list[Fault]":
    from hub.formats.form import as_cells

    return as_cells.check(document, schema, path)


_CONTROLS = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
_NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"  # XML 1.0 §2.2
_NOT_TEXT = r"[\x00\ud800-\udfff]"

FORMATS = {
    "edifact": Format(
        Syntax.EDIFACT, _CONTROLS, _edifact_write, _edifact_sample, _edifact_check, _edifact_headed
    ),
    "x12": Format(Syntax.X12, _CONTROLS, _x12_write, _x12_sample, _x12_check, _x12_headed),
    "xsd": Format(Syntax.XML, _NOT_IN_XML, _alone(_xml_write), _xml_sample, _xml_check),
    "csv": Format(Syntax.CSV, _NOT_TEXT, _alone(_csv_write), _csv_sample, _cells_check),
    "internal": Format(Syntax.JSON, _NOT_TEXT, _alone(_own_write), _own_sample, _cells_check),
}  # fmt: skip
"""By the first part of a schema id."""
