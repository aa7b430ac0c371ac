"""A signature for the sample of a message that must bear one: of the right form and in the right place, but not true.

Real signatures are made by ``hub/security/xmldsig.py`` from the bytes that are sent.
"""

from typing import Any

from lxml import etree

from hub.formats.xml.samples import Layout
from hub.schema import xsd
from hub.schema.sampling import Extent, Sampling
from hub.schema.xmlparser import parse
from hub.schema.xsd_tree import XMLDSIG, children, is_signature


def with_sample(data: bytes, schema: xsd.XsdSchema) -> bytes:
    """``data``, a message of ``schema`` without a signature, with one where the schema demands it."""
    root: Any = parse(data).root
    if schema.signed is not xsd.Signed.MUST or root is None:
        return data
    declared = next(element for element, *_ in children(xsd.component(schema)) if is_signature(element))
    made = Layout(Sampling(Extent.MINIMAL, schema.id), signed=True).element(declared)
    signature: Any = etree.Element(f"{{{XMLDSIG}}}Signature", nsmap={"ds": XMLDSIG})
    signature.extend(made)
    at = (number for number, child in enumerate(root) if etree.QName(child).localname in schema.behind_signature)
    signature.tail = "\n"
    root.insert(next(at, len(root)), signature)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
