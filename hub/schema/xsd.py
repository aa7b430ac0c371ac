"""A Schema from an XSD (``<family>/<name>.xsd``), by xmlschema's component model.

The root is the only global element of the file, or the one that is called as the file. What the tree holds and leaves
out is told in ``hub/schema/xsd_tree.py``. An XSD is our own file, so its parser is xmlschema's, reading local files
only. Nothing is loaded before it is asked for, not even xmlschema: the index reads no more than each file's own
elements.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from hub.errors import ConfigError, SchemaUnknown
from hub.schema.memo import per_schema
from hub.schema.model import Schema
from hub.schema.xmlparser import parse

if TYPE_CHECKING:
    from xmlschema.validators import XsdElement

XS = "{http://www.w3.org/2001/XMLSchema}"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"


class Signed(StrEnum):
    """Whether a message bears a signature (XML-DSig), which is no part of its Document: the bytes are signed."""

    NEVER = "never"
    MAY = "may"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class XsdSchema(Schema):
    """A Schema that came from ``file``, by which lxml validates. A signature stands among the root's children, before
    the first of ``behind_signature`` (their tags), or last."""

    file: Path = Path()
    signed: Signed = Signed.NEVER
    behind_signature: tuple[str, ...] = ()
    open: bool = False  # a wildcard lets in what the XSD then looks into


def load(root: Path, family: str, name: str) -> XsdSchema:
    """The message ``name`` of ``family`` below ``root`` (``schemas/xsd``). Raises SchemaUnknown, ConfigError."""
    file = root / family / f"{name}.xsd"
    if not file.is_file():
        raise SchemaUnknown(f"xsd:{family}:{name} is not installed: there is no {file}")
    if _root_key(file) is None:
        raise SchemaUnknown(f"{file} declares no element {name}: it is a file of types, not a message")
    from hub.schema import xsd_tree

    declared, builder = xsd_tree.root(file, name), xsd_tree.Builder(file)
    tree = builder.element(declared, (), top=True)
    said = xsd_tree.facts(declared.schema) or str(file.name)
    signature = xsd_tree.signature(declared)
    return XsdSchema(f"xsd:{family}:{name}", tree, builder.codes, said, file, *signature, builder.open)


@per_schema
def component(schema: XsdSchema) -> "XsdElement":
    """The root element of ``schema`` in xmlschema's component model, which knows choices, patterns and bounds."""
    from hub.schema import xsd_tree

    return xsd_tree.root(schema.file, schema.file.stem)


@per_schema
def validator(schema: XsdSchema) -> etree.XMLSchema:
    """The compiled XSD of ``schema``. lxml keeps its errors in the object: use it under a lock."""
    return compiled(schema.file)


def compiled(file: Path) -> etree.XMLSchema:
    """The XSD in ``file`` as libxml2 has it. Raises ConfigError for one that is unsound."""
    parsed = parse(file.read_bytes())
    if parsed.root is None:
        raise ConfigError([f"{file}:1: (file): not well-formed XML"])
    parsed.root.base = file.resolve().as_uri()
    try:
        return etree.XMLSchema(parsed.root)
    except etree.XMLSchemaParseError as error:
        raise ConfigError([f"{file}:1: (file): not an XSD that can be used: {error}"]) from error


def index(root: Path) -> dict[str, str]:
    """Root element (``{namespace}local``) → schema id, of every XSD below ``root``. A clash raises ConfigError."""
    found: dict[str, str] = {}
    for file in sorted(root.glob("*/*.xsd")):
        key, schema_id = _root_key(file), f"xsd:{file.parent.name}:{file.stem}"
        if key is None:
            continue
        if key in found:
            raise ConfigError([f"{file}:1: (file): root element {key} is also that of {found[key]}; rename one"])
        found[key] = schema_id
    return found


def _root_key(file: Path) -> str | None:
    """The root element that ``file`` declares, or None for a file of types."""
    parsed = parse(file.read_bytes())
    if parsed.root is None:
        raise ConfigError([f"{file}:1: (file): not well-formed XML"])
    names = [element.get("name", "") for element in parsed.root.iterchildren(f"{XS}element")]
    name = names[0] if len(names) == 1 else next((name for name in names if name == file.stem), None)
    namespace = parsed.root.get("targetNamespace", "")
    return None if name is None else f"{{{namespace}}}{name}" if namespace else name
