"""The one place where the hub parses XML from outside: no DTD, no entities, no network, everything bounded.

A DOCTYPE can stand only before the root element (XML 1.0 §2.8), so a short scan of the prolog refuses it before libxml2
sees a byte of it; with no DTD there is nothing that an entity could expand to. Size and counts are checked on the
bytes, before a tree is built.

>>> parse(b"<a>1</a>").root.text
'1'
>>> parse(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>").findings[0].code
'xml.doctype'
"""

import re
import threading
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from lxml import etree

from hub.model.finding import Finding, Place

ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii", "gb18030", "gbk", "gb2312", "iso-8859-1"})
"""What an XML declaration may name (beside UTF-16 with a byte order mark): each is ASCII wherever markup may stand."""

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DECLARATION = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_ORDINARY = re.compile(  # nothing to look into: no byte order mark, no other encoding, no comment, no DOCTYPE
    rb"""(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\?>)?[ \t\r\n]*<[A-Za-z_]"""
)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_RESOURCE_LIMIT = 114  # libxml2 XML_ERR_RESOURCE_LIMIT
_ENCODING_ERRORS = {31, 32, 81, 6003}  # unknown, unsupported, invalid encoding; conversion failed
_UNDECLARED_ENTITY = {26, 27, 28, 29}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be. ``elements`` are start tags in the raw bytes, so also those inside CDATA; they are
    counted where there are bytes enough for so many."""

    size: int = 64 * 1024 * 1024  # bytes
    depth: int = 100
    elements: int = 500_000
    attributes: int = 256  # of one element


LIMITS = Limits()
_SHORTEST = 4  # bytes of an element: ``<a/>``


class Parsed(NamedTuple):
    """What came of parsing: a ``root``, or else at least one finding. ``data`` is what was parsed (UTF-16 as UTF-8)."""

    root: etree._Element | None = None
    findings: tuple[Finding, ...] = ()
    data: bytes = b""


def parse(data: bytes, *, limits: Limits = LIMITS, keep_comments: bool = False, shape: bool = True) -> Parsed:
    """``data`` as a tree, or located findings; never raises on any bytes.

    ``keep_comments`` keeps comments and processing instructions, as canonicalisation for signatures needs them; without
    it the text around a comment is one string, so that nobody reads half of a value. Without ``shape`` depth and
    attributes are not looked at: for who validates next, and asks `misshapen` only about what is not valid.
    """
    if len(data) > limits.size:
        return _refused("too-large", Place(offset=limits.size), limit=limits.size)
    if not _ORDINARY.match(data):
        data, problem = _ascii_compatible(data)
        finding = problem or _doctype(data)
        if finding:
            return Parsed(findings=(finding,))
    if len(data) > _SHORTEST * limits.elements and _start_tags(data) > limits.elements:
        return _refused("too-many-elements", Place(line=1, offset=0), limit=limits.elements)
    try:
        parsed = Parsed(etree.fromstring(data, _PARSERS.keeping if keep_comments else _PARSERS.plain), (), data)
    except etree.XMLSyntaxError as error:
        return Parsed(findings=(_syntax(error),))
    except (ValueError, LookupError) as error:  # an encoding that Python knows and libxml2 does not
        return _refused("malformed", Place(line=1, column=1, offset=0), reason=error)
    finding = misshapen(parsed, limits) if shape else None
    return Parsed(findings=(finding,)) if finding else parsed


def misshapen(parsed: Parsed, limits: Limits = LIMITS) -> Finding | None:
    """Whether ``parsed`` is too deep, or one of its elements bears too many attributes."""
    assert parsed.root is not None  # asked about trees only
    return _too_deep(parsed.root, parsed.data, limits) or _too_many_attributes(parsed.root, parsed.data, limits)


def feeder(schema: etree.XMLSchema, *, telling: bool) -> etree.XMLPullParser:
    """A pull parser with the same locks that validates as it is fed; only for data that `parse` let pass. When it is
    ``telling``, it has an event for each tag."""
    events: tuple[Literal["start", "end"], ...] = ("start", "end") if telling else ()
    return etree.XMLPullParser(events=events, schema=schema, remove_comments=True, remove_pis=True, **_LOCKED)


_LOCKED: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
}


class _Parsers(threading.local):
    """The parsers of one thread: making one takes as long as parsing a kilobyte."""

    def __init__(self) -> None:
        self.plain = etree.XMLParser(remove_comments=True, remove_pis=True, **_LOCKED)
        self.keeping = etree.XMLParser(remove_comments=False, remove_pis=False, **_LOCKED)


_PARSERS = _Parsers()


def _refused(key: str, place: Place, **params: object) -> Parsed:
    return Parsed(findings=(_finding(key, place, **params),))


def _finding(key: str, place: Place, **params: object) -> Finding:
    return Finding(f"xml.{key}", place, params=tuple((name, str(value)) for name, value in params.items()))


def _ascii_compatible(data: bytes) -> tuple[bytes, Finding | None]:
    """``data`` in an encoding whose markup is ASCII: UTF-16 is rewritten as UTF-8, what is not known is refused."""
    charset = _UTF16.get(data[:2])
    if charset and data[2:4] != b"\0\0":
        try:
            text = data[2:].decode(charset)
        except UnicodeDecodeError as error:
            return data, _finding("encoding", Place(offset=error.start + 2), encoding="UTF-16")
        return re.sub(r"^<\?xml[^>]{0,200}\?>", "", text).encode("utf-8"), None
    if b"\0" in data[:4]:  # UTF-32, or UTF-16 without a byte order mark
        return data, _finding("encoding", Place(line=1, column=1, offset=0), encoding="UTF-16/UTF-32")
    declared = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf")[:300])
    name = declared.group(1).decode("ascii", "replace") if declared else "utf-8"
    if name.lower() not in ENCODINGS:
        return data, _finding("encoding", Place(line=1, column=1, offset=0), encoding=name)
    return data, None


def _doctype(data: bytes) -> Finding | None:
    """Pass declaration, comments, instructions and blanks (XML 1.0 §2.8, production 22); a DOCTYPE there is refused."""
    prolog = _PROLOG.match(data)
    at = prolog.end() if prolog else 0
    if data[at : at + 9].upper() != b"<!DOCTYPE":
        return None
    line = data.count(b"\n", 0, at) + 1
    return _finding("doctype", Place(line=line, column=at - data.rfind(b"\n", 0, at), offset=at))


def _start_tags(data: bytes) -> int:
    return data.count(b"<") - data.count(b"</") - data.count(b"<!") - data.count(b"<?")


def _syntax(error: etree.XMLSyntaxError) -> Finding:
    line, column = error.position
    code: int = getattr(error, "code", 0)  # libxml2's xmlParserErrors
    place = Place(line=max(line or 1, 1), column=max(column or 1, 1))
    reason = (error.msg or "").split(", line ")[0].strip()
    if code == _RESOURCE_LIMIT:
        return _finding("too-deep" if "depth" in reason else "limit", place, limit="256", reason=reason)
    if code in _UNDECLARED_ENTITY:
        return _finding("entity", place, reason=reason)
    if code in _ENCODING_ERRORS:
        return _finding("encoding", place, encoding=reason)
    return _finding("malformed", place, reason=reason)


def _too_deep(root: etree._Element, data: bytes, limits: Limits) -> Finding | None:
    if data.count(b"</") < limits.depth:  # every open element but the innermost needs an end tag
        return None
    deep: Any = root.xpath("/*" * (limits.depth + 1))
    return _finding("too-deep", _place(deep[0]), limit=limits.depth) if deep else None


def _too_many_attributes(root: etree._Element, data: bytes, limits: Limits) -> Finding | None:
    if data.count(b"=") <= limits.attributes:
        return None
    for element in root.iter(etree.Element):
        if len(element.attrib) > limits.attributes:
            return _finding("too-many-attributes", _place(element), limit=limits.attributes)
    return None


def _place(element: Any) -> Place:
    return Place(line=element.sourceline, tag=etree.QName(element).localname)
