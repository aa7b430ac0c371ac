"""A signature where a message must bear one and nobody has signed it yet: of the right form and place, but not true.

A sample needs one to be whole, and a Document that came in another form to be judged by its XSD. Real signatures are
made by ``hub/security/xmldsig.py`` from the bytes that are sent.
"""

from copy import deepcopy
from typing import Any

from lxml import etree

from hub.formats.xml.layout import Layout
from hub.schema import xsd
from hub.schema.memo import per_schema
from hub.schema.sampling import Extent, Sampling
from hub.schema.xmlparser import parse
from hub.schema.xsd_tree import children, is_signature


def with_sample(data: bytes, schema: xsd.XsdSchema) -> bytes:
    """``data``, a message of ``schema`` without a signature, with one where the schema demands it."""
    root: Any = parse(data).root
    if schema.signed is not xsd.Signed.MUST or root is None:
        return data
    add(root, schema)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def add(root: Any, schema: xsd.XsdSchema) -> None:
    """Put a signature into ``root``, an unsigned message of ``schema``, where the schema demands one."""
    if schema.signed is xsd.Signed.MUST:
        at = (number for number, child in enumerate(root) if etree.QName(child).localname in schema.behind_signature)
        root.insert(next(at, len(root)), deepcopy(_signature(schema)))


@per_schema
def _signature(schema: xsd.XsdSchema) -> Any:
    declared = next(element for element, *_ in children(xsd.component(schema)) if is_signature(element))
    made: Any = etree.Element(f"{{{xsd.XMLDSIG}}}Signature", nsmap={"ds": xsd.XMLDSIG})
    made.extend(Layout(Sampling(Extent.MINIMAL, schema.id), signed=True).element(declared))
    made.tail = "\n"
    return made
