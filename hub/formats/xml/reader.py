"""XML → Reading: parse, find the message type by the root element, validate, build the Document.

What the schema does not know (a signature, a wildcard's content) is not in the Document. An element that comes more
often than its schema allows is kept once; validation has already said so. Numbers and dates lose the blanks around
them, as their XSD types say (XML Schema 1.0 part 2 §4.3.6); text keeps every character.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lxml import etree

from hub.formats.xml import generic, validator
from hub.model.finding import Finding, Place
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.schema import xsd
from hub.schema.catalog import Catalog
from hub.schema.memo import per_schema
from hub.schema.model import DataType, Node, Schema
from hub.schema.xmlparser import parse

_Build = Callable[[Any], Any]


def read(data: bytes, catalog: Catalog) -> Reading:
    """The one message in ``data``. Never raises on any bytes; what is wrong is a finding."""
    parsed = parse(data)
    if parsed.root is None:
        return Reading(Syntax.XML, findings=parsed.findings)
    if parsed.root.tag == generic.ROOT:
        return generic.read(parsed, len(data), catalog)
    schema_id = _index(catalog).get(str(parsed.root.tag))
    if schema_id is None:
        return Reading(Syntax.XML, findings=(_unknown(parsed.root),))
    schema = catalog.get(schema_id)
    assert isinstance(schema, xsd.XsdSchema)  # the index names no others
    found = validator.findings(parsed, schema)
    message = Message(schema.id, document=document(parsed.root, schema), findings=found, end=len(data))
    return Reading(Syntax.XML, (Interchange(Syntax.XML, messages=(message,)),))


def document(root: etree._Element, schema: Schema) -> Document:
    """The Document of a parsed message, shaped by ``schema``."""
    built: Document = _builder(schema)(root)
    return built


@lru_cache(maxsize=8)
def _index(catalog: Catalog) -> dict[str, str]:
    """The message types of ``catalog`` by root element; another catalogue is read anew."""
    return xsd.index(catalog.root / "xsd")


def _unknown(root: Any) -> Finding:
    name = etree.QName(root)
    place = Place(line=root.sourceline, tag=name.localname, path=f"/{name.localname}")
    return Finding(
        "xml.unknown-root", place, params=(("element", name.localname), ("namespace", name.namespace or "–"))
    )


@per_schema
def _builder(schema: Schema) -> _Build:
    return _group(schema.root)


def _build(node: Node) -> _Build:
    if node.children:
        return _group(node)
    if node.type is None:  # an element whose content the schema leaves out (recursion cut off, wildcard only)
        return lambda element: {}
    return _text if node.type is DataType.TEXT else _trimmed


def _text(element: Any) -> str:
    return element.text or ""


def _trimmed(element: Any) -> str:
    return (element.text or "").strip()


def _group(node: Node) -> _Build:
    attributes = [(_clark(child), child.key) for child in node.children if child.key.startswith("@")]
    has_text = any(child.key == "#text" for child in node.children)
    elements = {
        _clark(child): (child.key, child.max != 1, _build(child)) for child in node.children if child.key[0] not in "@#"
    }

    def build(element: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, key in attributes:
            value = element.get(name)
            if value is not None:
                out[key] = value
        if has_text:
            out["#text"] = element.text or ""
        for child in element:
            known = elements.get(child.tag)
            if known is None:
                continue
            key, many, of = known
            if not many:
                out.setdefault(key, of(child))
            elif key in out:
                out[key].append(of(child))
            else:
                out[key] = [of(child)]
        return out

    return build


def _clark(node: Node) -> str:
    """The name as lxml writes it: ``{namespace}local``."""
    return f"{{{node.namespace}}}{node.tag}" if node.namespace else node.tag
