"""XML → Reading: parse, find the message type by the root element, validate, build the Document.

What the schema does not know (a signature, a wildcard's content) is not in the Document. An element that comes more
often than its schema allows is kept once; validation has already said so. Numbers and dates lose the blanks around
them, as their XSD types say (XML Schema 1.0 part 2 §4.3.6); text keeps every character.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from hub.formats.xml import generic, signature, validator
from hub.model.finding import Finding, Place
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.schema import xsd
from hub.schema.catalog import Catalog
from hub.schema.memo import per_schema
from hub.schema.model import DataType, Node, Schema, clark
from hub.schema.xmlparser import Parsed, misshapen, parse

_Build = Callable[[Any], Any]


class _Type(NamedTuple):
    """A message type, with all that reading it takes."""

    schema: xsd.XsdSchema
    validator: validator.Validator
    build: _Build


def read(data: bytes, catalog: Catalog, *, verified: bool = False) -> Reading:
    """The one message in ``data``. Never raises on any bytes; what is wrong is a finding. ``verified``: these are the
    bytes that its signature covered, so that it is not missed."""
    parsed = parse(data, shape=False)
    root = parsed.root
    if root is None:
        return Reading(Syntax.XML, findings=parsed.findings)
    kind = _types(catalog).get(root.tag)
    if kind is None:
        return _other(parsed, len(data), catalog)
    if verified:
        signature.add(root, kind.schema)
    found = kind.validator.findings(parsed)
    bad = misshapen(parsed) if found else None  # what is valid has the shape that the XSD gives it
    if bad:
        return Reading(Syntax.XML, findings=(bad,))
    message = Message(kind.schema.id, document=kind.build(root), findings=found, end=len(data))
    return Reading(Syntax.XML, (Interchange(Syntax.XML, messages=(message,)),))


class _Types:
    """The message types of a catalogue by root element, each made when the first message of it comes."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._ids = xsd.index(catalog.root / "xsd")
        self._made: dict[str, _Type] = {}

    def get(self, tag: str) -> _Type | None:
        """The type whose root element is ``tag`` (``{namespace}local``), or None."""
        found = self._made.get(tag)
        return found or (self._make(tag) if tag in self._ids else None)

    def _make(self, tag: str) -> _Type:
        schema = self._catalog.get(self._ids[tag])
        assert isinstance(schema, xsd.XsdSchema)  # the index names no others
        self._made[tag] = _Type(schema, validator.of(schema), _builder(schema))
        return self._made[tag]


_types = lru_cache(maxsize=8)(_Types)  # another catalogue is read anew


def _other(parsed: Parsed, size: int, catalog: Catalog) -> Reading:
    """What is no message of an installed type: the generic form of one, or nothing that the hub knows."""
    bad = misshapen(parsed)
    if bad is None and parsed.root is not None and parsed.root.tag == generic.ROOT:
        return generic.read(parsed, size, catalog)
    return Reading(Syntax.XML, findings=(bad or _unknown(parsed.root),))


def document(root: etree._Element, schema: Schema) -> Document:
    """The Document of a parsed message, shaped by ``schema``."""
    built: Document = _builder(schema)(root)
    return built


def _unknown(root: Any) -> Finding:
    name = etree.QName(root)
    place = Place(line=root.sourceline, tag=name.localname, path=f"/{name.localname}")
    if not name.namespace:
        return Finding("xml.unknown-bare-root", place, params=(("element", name.localname),))
    return Finding("xml.unknown-root", place, params=(("element", name.localname), ("namespace", name.namespace)))


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
    attributes = [(clark(child), child.key) for child in node.children if child.key.startswith("@")]
    has_text = any(child.key == "#text" for child in node.children)
    elements = {
        clark(child): (child.key, child.max != 1, _build(child)) for child in node.children if child.key[0] not in "@#"
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
