"""Does a parsed document fit its XSD? libxml2 says so; here its errors become located findings.

libxml2 works out the path of every error by counting siblings, which a hostile file turns into hours (80,000 wrong
siblings: 80 s). So only small documents are validated as a tree; a large one is fed to a validating parser piece by
piece, and reading stops when enough was found.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Any

from lxml import etree

from hub.model.finding import Finding, Place, Severity
from hub.schema import xsd
from hub.schema.memo import per_schema
from hub.schema.xmlparser import Parsed, feeder

MOST_FINDINGS = 100
_SMALL = 2_000  # elements, up to which counting siblings does not matter
_SMALL_EQUALS = 5_000  # equals signs, which bound the attributes
_CHUNK = 64 * 1024
_MOST_PIECES = 20_000  # tags looked at one by one after the first error
_SHOWN = 80  # characters of a value that a finding repeats

_FACETS = {
    "SCHEMAV_CVC_ENUMERATION_VALID": "code",
    "SCHEMAV_CVC_PATTERN_VALID": "pattern",
    "SCHEMAV_CVC_LENGTH_VALID": "length",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "too-long",
    "SCHEMAV_CVC_MINLENGTH_VALID": "too-short",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "too-small",
    "SCHEMAV_CVC_MINEXCLUSIVE_VALID": "too-small",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "too-great",
    "SCHEMAV_CVC_MAXEXCLUSIVE_VALID": "too-great",
    "SCHEMAV_CVC_TOTALDIGITS_VALID": "too-many-digits",
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "too-many-decimals",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "type",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_2": "type",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "type",
    "SCHEMAV_CVC_ELT_5_2_2_2_2": "fixed",
    "SCHEMAV_CVC_AU": "fixed",
}
_STRUCTURE = {
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "unexpected-attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "unexpected-attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "missing-attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "not-empty",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "unexpected-text",
    "SCHEMAV_CVC_ELT_3_1": "nil",
    "SCHEMAV_CVC_TYPE_3_1_2": "unexpected-children",
}
_NAMESPACE = re.compile(r"\{[^{}]*\}(?!\*)")
_ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?([^']+)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_LAST_QUOTED = re.compile(r"'([^']*)'\)?\.?$")
_FACET = {
    "code": re.compile(r"set \{(.*)\}\.?$", re.DOTALL),
    "pattern": re.compile(r"pattern '(.*)'\.?$", re.DOTALL),
    "type": re.compile(r"type '(.*)'\.?$"),
}
_STEP = re.compile(r"([^\[]+)(?:\[(\d+)\])?")


def findings(parsed: Parsed, schema: xsd.XsdSchema) -> tuple[Finding, ...]:
    """What in ``parsed`` does not fit ``schema``: at most MOST_FINDINGS, in the document's order, then ``xml.more``."""
    if parsed.root is None:
        return parsed.findings
    found = tuple(_validator(schema).run(parsed))
    if len(found) <= MOST_FINDINGS:
        return found
    return (*found[:MOST_FINDINGS], Finding("xml.more", Place(), Severity.INFO, (("limit", str(MOST_FINDINGS)),)))


class _Validator:
    """A compiled XSD. Its error log is part of it, hence the lock."""

    def __init__(self, schema: xsd.XsdSchema) -> None:
        self._schema = xsd.validator(schema)
        self._lock = Lock()

    def run(self, parsed: Parsed) -> list[Finding]:
        """Up to MOST_FINDINGS + 1 findings."""
        assert parsed.root is not None  # asked by the only caller
        with self._lock:
            if parsed.elements > _SMALL or parsed.data.count(b"=") > _SMALL_EQUALS:
                return self._fed(parsed.data, parsed.root)
            if self._schema.validate(parsed.root):
                return []
            log: Any = self._schema.error_log  # iterable, though its type stub does not say so
            errors = list(log)[: MOST_FINDINGS + 1]
        return [_finding(error, _element(parsed.root, error.path or "")) for error in errors]

    def _fed(self, data: bytes, root: Any) -> list[Finding]:
        """Feed ``data`` in chunks; from the first chunk with an error on, tag by tag, to know where each error is."""
        pull = feeder(self._schema)
        for start in range(0, len(data), _CHUNK):
            pull.feed(data[start : start + _CHUNK])
            for _ in pull.read_events():
                pass
            if len(pull.feed_error_log):
                return list(self._located(data, start, root))
        return []

    def _located(self, data: bytes, start: int, root: Any) -> Iterator[Finding]:
        pull = feeder(self._schema)
        pull.feed(data[:start])
        current: Any = root
        seen = 0
        for number, piece in enumerate(re.finditer(rb"[^>]*>", data[start:])):
            pull.feed(piece.group())
            current = next((element for _, element in reversed(list(pull.read_events()))), current)
            errors = list(pull.feed_error_log)[seen:]
            yield from (_finding(error, _counterpart(current, root)) for error in errors)
            seen += len(errors)
            if seen > MOST_FINDINGS or number > _MOST_PIECES:
                return


_validator = per_schema(_Validator)


def _counterpart(element: Any, root: Any) -> Any:
    """The element of the whole tree ``root`` that stands where ``element`` stands in a tree still growing."""
    positions = []
    while element.getparent() is not None:
        positions.append(element.getparent().index(element))
        element = element.getparent()
    for position in reversed(positions):
        root = root[position]
    return root


def _finding(error: Any, element: Any) -> Finding:
    """One error of libxml2 (``message``, ``type_name``) about ``element``, as a finding."""
    message: str = error.message
    named = _ATTRIBUTE.search(message)
    place = _place(element)
    key = _FACETS.get(error.type_name)
    if key:
        attribute = named.group(1) if named else None
        params = _value(element, attribute) + _bound(key, message)
        return Finding(f"xml.{key}", _at(place, attribute), params=params)
    if error.type_name == "SCHEMAV_ELEMENT_CONTENT":
        expected = _EXPECTED.search(message)
        names = _plain(expected.group(1)) if expected else "–"
        missing = message.find("Missing child") >= 0
        return _about("missing-element" if missing else "unexpected-element", place, expected=names)
    key = _STRUCTURE.get(error.type_name)
    if key:
        return _about(key, place, **({"attribute": named.group(1)} if named else {}))
    return _about("invalid", place, reason=_plain(message))


def _about(key: str, place: Place, **params: str) -> Finding:
    shown = {"element": place.tag or "", **params}
    return Finding(f"xml.{key}", place, params=tuple((name, value[:1000]) for name, value in shown.items()))


def _value(element: Any, attribute: str | None) -> tuple[tuple[str, str], ...]:
    value = str((element.get(attribute) if attribute else element.text) or "")
    return (("value", value if len(value) <= _SHOWN else value[:_SHOWN] + "…"),)


def _bound(key: str, message: str) -> tuple[tuple[str, str], ...]:
    found = _FACET.get(key, _LAST_QUOTED).search(message)
    bound = found.group(1) if found else "–"
    return (("type", _plain(bound)) if key == "type" else ("facet", bound[:1000]),)


def _plain(text: str) -> str:
    return _NAMESPACE.sub("", text).strip()


def _at(place: Place, attribute: str | None) -> Place:
    return replace(place, path=f"{place.path}/@{attribute}") if attribute else place


def _place(element: Any) -> Place:
    return Place(line=element.sourceline, tag=etree.QName(element).localname, path=path(element))


def path(element: Any) -> str:
    """The XPath of ``element`` by local names, with an index where siblings share the name.

    >>> from hub.schema.xmlparser import parse
    >>> path(parse(b"<a><b/><b><c/></b></a>").root[1][0])
    '/a/b[2]/c'
    """
    steps = []
    while element is not None:
        name, before = element.tag, sum(1 for _ in element.itersiblings(element.tag, preceding=True))
        alone = before == 0 and next(element.itersiblings(name), None) is None
        steps.append(etree.QName(element).localname + ("" if alone else f"[{before + 1}]"))
        element = element.getparent()
    return "/" + "/".join(reversed(steps))


def _element(root: Any, node_path: str) -> Any:
    """The element that libxml2 calls ``node_path``: ``*`` is any element, and an index counts among those."""
    current = root
    for step in node_path.split("/")[2:]:
        found = _STEP.match(step)
        if not found:
            break
        name, number = found.group(1), int(found.group(2) or 1)
        same = (child for child in current.iterchildren(etree.Element) if name in ("*", _written(child)))
        current = next((child for at, child in enumerate(same, 1) if at == number), current)
    return current


def _written(element: Any) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name
