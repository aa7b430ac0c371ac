"""What the XSD says of a Document that came in another form: the same validation as of XML, each finding led back to
the value that it is about. A signature is not missed: no Document holds one."""

import re
from typing import Any

from lxml import etree

from hub.formats.form.places import Fault, Path
from hub.formats.xml import signature, validator
from hub.model.message import Document
from hub.schema.model import Node, clark
from hub.schema.xmlparser import Parsed
from hub.schema.xsd import XsdSchema

_STEP = re.compile(r"([^\[]+)(?:\[(\d+)\])?")


def check(document: Document, schema: XsdSchema, path: Path) -> list[Fault]:
    """The faults of ``document``, which has the schema's shape and stands at ``path``."""
    root = _element(schema.root, document)
    signature.add(root, schema)
    parsed = Parsed(root, (), etree.tostring(root))
    return [
        Fault(one.code, path + _led_back(one.place.path or "", schema.root), one.params, one.severity, one.place)
        for one in validator.of(schema).findings(parsed)
    ]


def _element(node: Node, value: Any) -> Any:
    """``value`` as an element; what is missing is missing in it too."""
    made: Any = etree.Element(clark(node))
    if isinstance(value, str):
        made.text = value
        return made
    for child in node.children:
        if child.key not in value:
            continue
        held = value[child.key]
        if child.key.startswith("@"):
            made.set(clark(child), held)
        elif child.key == "#text":
            made.text = held
        else:
            made.extend([_element(child, item) for item in ([held] if child.max == 1 else held)])
    return made


def _led_back(xpath: str, root: Node) -> Path:
    """``/Manifest/Consignment[2]/ID`` → ``("Consignment", 1, "ID")``: as far as the schema knows the way."""
    found: list[str | int] = []
    node: Node | None = root
    for step in xpath.split("/")[2:]:
        match = _STEP.fullmatch(step)
        node = node.child(match[1]) if node and match else None
        if node is None or match is None:
            break
        found.append(node.key)
        if node.max != 1:
            found.append(int(match[2] or 1) - 1)
    return tuple(found)
