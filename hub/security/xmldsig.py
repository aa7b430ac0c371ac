"""Enveloped XML signatures (W3C "XML Signature Syntax and Processing 1.1"), in one narrow profile both ways.

One signature over the whole document: a ``ds:Signature`` that is the last child of the root when we write, any child of
the root when we read; one reference with an empty URI; C14N 1.0 without comments; SHA-256; ECDSA P-256 or RSA PKCS #1.
Anything else is refused rather than interpreted, which leaves no room for wrapping attacks. Why no library does this:
docs/decisions/004-xml-signatures.md.
"""

import base64
import binascii
import hashlib
import hmac
import re

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from lxml import etree

from hub.errors import SignatureInvalid
from hub.model.finding import Language
from hub.schema.xmlparser import parse
from hub.security.certificates import Certificate, PublicKey
from hub.security.signer import CannotSign, Signer, verified

NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = f"{NAMESPACE}enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

XML = "{http://www.w3.org/XML/1998/namespace}"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_UNSAFE = frozenset('&<"\t\n\r')
_START = re.compile(rb'<[^\s<>]+((?: xmlns(?::[^\s=]+)?="[^"]*")*)(?!.*? xml:[^>]*>)[^>]*>')
_PREFIX = re.compile(r' xmlns:?([^\s=]*)="')
HALF = 32  # bytes of r and of s on P-256

Refusal = type[CannotSign] | type[SignatureInvalid]

_BODY = (
    f'<ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod><ds:Reference URI=""><ds:Transforms>'
    f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform><ds:Transform Algorithm="{C14N}"></ds:Transform>'
    f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
    "<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
)
_REST = (
    "<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:KeyName>{serial}</ds:KeyName><ds:X509Data>"
    "<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
)


def sign(data: bytes | etree._Element, signer: Signer) -> bytes:
    """The document, as bytes or as the root element of its tree, in canonical form with its signature as last child.

    Comments are left out: they would not be signed. Raises CannotSign when the document is no XML that the hub reads,
    is signed already, ends in a processing instruction, or has a namespace that cannot be written canonically.
    """
    root = _readable(data, CannotSign) if isinstance(data, bytes) else data
    if next(root.iter(f"{{{NAMESPACE}}}Signature"), None) is not None:
        raise CannotSign("the document bears a signature already; sign the original")
    content = _canonical(root, CannotSign)
    _plain_namespaces(root, content)
    if content.endswith(b"?>"):
        raise CannotSign("a processing instruction follows the root element; remove it")
    end = content.rindex(b"</")
    return b"".join((DECLARATION, content[:end], _signature(_apex(root), content, signer), content[end:], b"\n"))


def sign_canonical(data: bytes, signer: Signer) -> bytes:
    """Like :func:`sign` for ``data`` of which the caller knows that, behind the XML declaration, it is in canonical
    form: nothing is parsed. Raises CannotSign when it bears a signature already, or ``xml:`` attributes on its root."""
    content = data.removeprefix(DECLARATION).rstrip(b"\n")
    start = _START.match(content)
    if start is None or NAMESPACE.encode() in content:
        raise CannotSign("the document bears a signature already, or is not as the hub writes it; sign the original")
    declared = start[1].decode()
    split = next((mark.start() for mark in _PREFIX.finditer(declared) if mark[1] > "ds"), len(declared))
    apex = f'<ds:SignedInfo{declared[:split]} xmlns:ds="{NAMESPACE}"{declared[split:]}>'
    end = content.rindex(b"</")
    return b"".join((DECLARATION, content[:end], _signature(apex, content, signer), content[end:], b"\n"))


def verify(data: bytes, certificate: Certificate) -> bytes:
    """The content that ``certificate`` signed: the canonical bytes of ``data`` without its signature. Read only these:
    comments, for one, are not signed, and anyone may add some to ``data``.

    Raises SignatureInvalid, saying which step failed.
    """
    # 1. One signature in the whole document, directly under its root.
    root = _readable(data, SignatureInvalid)
    signature = _only_signature(root)
    # 2. Only the algorithms and transforms of the profile.
    info = _child(signature, 0, "SignedInfo")
    digest = _profile(info, certificate.key)
    # 3. A certificate, if the signature bears one, is the pinned one; nothing else in it is believed.
    _same_certificate(signature, certificate)
    # 4. The partner's key signed SignedInfo.
    value = _raw_value(_decoded(_child(signature, 1, "SignatureValue")), certificate.key)
    if not verified(certificate.key, value, _canonical(_apart(info), SignatureInvalid)):
        raise SignatureInvalid("the signature was not made with the key of the partner's certificate, or was altered")
    # 5. SignedInfo holds the digest of the document without the signature (XMLDSIG §6.6.4).
    _cut(signature)
    content = _canonical(root, SignatureInvalid)
    if not hmac.compare_digest(hashlib.sha256(content).digest(), digest):
        raise SignatureInvalid("the document was altered after it was signed: its digest differs")
    return content


def _canonical(root: etree._Element, refusal: Refusal) -> bytes:
    """The document of ``root`` in C14N 1.0, without comments."""
    try:
        return etree.tostring(root.getroottree(), method="c14n", with_comments=False)
    except etree.C14NError as error:
        raise refusal("the document has no canonical form; write namespaces as absolute URIs") from error


def _readable(data: bytes, refusal: Refusal) -> etree._Element:
    parsed = parse(data, keep_comments=True)
    if parsed.root is None:
        what = "; ".join(finding.text(Language.EN) for finding in parsed.findings)
        raise refusal(f"the document is no XML that the hub reads: {what}")
    return parsed.root


def _plain_namespaces(root: etree._Element, content: bytes) -> None:
    """Refuse what libxml2 writes without escaping it, in canonical form as well as in no other."""
    elsewhere = content.count(b" xmlns") > len(root.nsmap)  # most documents declare all of theirs on the root
    for element in root.iter("*") if elsewhere else (root,):
        for uri in element.nsmap.values():
            if not _UNSAFE.isdisjoint(uri):
                raise CannotSign(f"the namespace {uri!r} holds a character that XML must escape; use a plain URI")


def _signature(apex: str, content: bytes, signer: Signer) -> bytes:
    """``ds:Signature``, written so that its SignedInfo is in canonical form already; ``apex`` is its start tag."""
    method = ECDSA_SHA256 if isinstance(signer.certificate.key, ec.EllipticCurvePublicKey) else RSA_SHA256
    body = _BODY.format(method=method, digest=_base64(hashlib.sha256(content).digest()))
    value = signer.sign(f"{apex}{body}".encode())
    if method == ECDSA_SHA256:
        r, s = decode_dss_signature(value)
        value = r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")
    rest = _REST.format(
        value=_base64(value), serial=signer.certificate.serial, certificate=_base64(signer.certificate.der)
    )
    return f'<ds:Signature xmlns:ds="{NAMESPACE}"><ds:SignedInfo>{body}{rest}'.encode()


def _apex(root: etree._Element) -> str:
    """SignedInfo's start tag as C14N writes it for a subset of nodes: with every namespace in scope and every ``xml:``
    attribute of its ancestors (C14N §2.4), though in the document it bears none."""
    scope = {prefix or "": uri for prefix, uri in root.nsmap.items()} | {"ds": NAMESPACE}
    names = [f' xmlns{prefix and ":"}{prefix}="{uri}"' for prefix, uri in sorted(scope.items())]
    attributes = sorted((str(name), str(value)) for name, value in root.attrib.items() if str(name).startswith(XML))
    names += [f' xml:{name.removeprefix(XML)}="{_escaped(value)}"' for name, value in attributes]
    return f"<ds:SignedInfo{''.join(names)}>"


def _escaped(value: str) -> str:
    """``value`` as C14N writes it in an attribute (C14N §2.3)."""
    for raw, entity in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        ('"', "&quot;"),
        ("\t", "&#x9;"),
        ("\n", "&#xA;"),
        ("\r", "&#xD;"),
    ):
        value = value.replace(raw, entity)
    return value


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _only_signature(root: etree._Element) -> etree._Element:
    found = list(root.iter(f"{{{NAMESPACE}}}Signature"))
    if not found:
        raise SignatureInvalid("the document bears no XML signature; sign it, enveloped")
    if len(found) > 1:
        raise SignatureInvalid(f"the document bears {len(found)} XML signatures; exactly one is accepted")
    if found[0].getparent() is not root:
        raise SignatureInvalid("the signature is not a direct child of the root element; put it there")
    return found[0]


def _child(parent: etree._Element, index: int, name: str) -> etree._Element:
    """The ``index``-th child, which must be ``ds:name``; comments count, so that none can hide in between."""
    if len(parent) <= index or parent[index].tag != f"{{{NAMESPACE}}}{name}":
        raise SignatureInvalid(f"{_name(parent)} has no {name} where it must be")
    return parent[index]


def _profile(info: etree._Element, key: PublicKey) -> bytes:
    """The digest that SignedInfo states, once every algorithm in it is one that the profile knows (XMLDSIG §4.4)."""
    reference = _child(info, 2, "Reference")
    _leaves(info, 3)
    _leaves(reference, 3)
    transforms = _child(reference, 0, "Transforms")
    method = ECDSA_SHA256 if isinstance(key, ec.EllipticCurvePublicKey) else RSA_SHA256
    _algorithm(_child(info, 0, "CanonicalizationMethod"), C14N)
    _algorithm(_child(info, 1, "SignatureMethod"), method)
    if reference.get("URI") != "" or reference.get("Type") is not None:
        raise SignatureInvalid('the reference does not cover the whole document; write URI=""')
    _algorithm(_child(transforms, 0, "Transform"), ENVELOPED)
    if len(transforms) > 1:  # without it C14N 1.0 is what applies all the same (XMLDSIG §4.4.3.2)
        _algorithm(_child(transforms, 1, "Transform"), C14N)
        _leaves(transforms, 2)
    _algorithm(_child(reference, 1, "DigestMethod"), SHA256)
    return _decoded(_child(reference, 2, "DigestValue"))


def _leaves(parent: etree._Element, count: int) -> None:
    if len(parent) != count:
        raise SignatureInvalid(f"{_name(parent)} has {len(parent)} children, {count} are expected")


def _algorithm(element: etree._Element, expected: str) -> None:
    """``element`` names ``expected`` and takes no parameters: an HMAC length or an XPath would be a child."""
    if element.get("Algorithm") != expected or len(element):
        raise SignatureInvalid(f"{_name(element)} is {element.get('Algorithm')}; use {expected}, without parameters")


def _same_certificate(signature: etree._Element, certificate: Certificate) -> None:
    for element in signature.iter(f"{{{NAMESPACE}}}X509Certificate"):
        if _decoded(element) != certificate.der:
            raise SignatureInvalid("the signature bears another certificate than the one on file for the partner")


def _decoded(element: etree._Element) -> bytes:
    """The base64 in ``element``, which must hold nothing else: a comment, never signed, could cut the text short."""
    if len(element):
        raise SignatureInvalid(f"{_name(element)} holds more than text")
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureInvalid(f"{_name(element)} is not base64") from error


def _raw_value(value: bytes, key: PublicKey) -> bytes:
    """``value`` in the form that `verified` takes; for ECDSA it is r and s side by side (XMLDSIG §6.4.3)."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return value
    if len(value) != 2 * HALF:
        raise SignatureInvalid(f"SignatureValue has {len(value)} bytes; on P-256 it has {2 * HALF}")
    return encode_dss_signature(int.from_bytes(value[:HALF], "big"), int.from_bytes(value[HALF:], "big"))


def _apart(info: etree._Element) -> etree._Element:
    """``info`` as the root of a document of its own, with what C14N of a part takes over from its ancestors: every
    namespace in scope, which lxml writes, and the nearest ``xml:`` attributes (C14N §2.4)."""
    apart = _readable(etree.tostring(info, with_tail=False), SignatureInvalid)
    for ancestor in info.iterancestors():
        for name, value in ancestor.attrib.items():
            if str(name).startswith(XML) and name not in apart.attrib:
                apart.set(name, value)
    return apart


def _cut(element: etree._Element) -> None:
    """Take ``element`` out and leave the text that follows it where it is."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
