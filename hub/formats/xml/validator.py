"""Does a parsed document fit its XSD? libxml2 says so; here its errors become located findings.

libxml2 works out the path of every error by counting siblings, which a hostile file turns into hours (80,000 wrong
siblings: 80 s). It gives up an element at the first child that the XSD does not expect, so wrong siblings come in
numbers only where elements may repeat. A document in which all of that is bearable is validated as a tree; any other is
fed to a validating parser piece by piece, and reading stops when enough was found.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from math import isqrt
from threading import Lock
from typing import Any

from hub.formats.xml.faults import finding
from hub.formats.xml.places import Places, counterpart, element
from hub.model.finding import Finding, Place, Severity
from hub.schema import xsd
from hub.schema.memo import per_schema
from hub.schema.model import Node, clark, nodes
from hub.schema.xmlparser import Parsed, feeder, misshapen

MOST_FINDINGS = 100
_MOST_FAULTS = 100_000  # elements and attributes that may be wrong, at some 10 µs each
_MOST_STEPS = 400_000_000  # siblings that may be counted, in twos at some 5 ns
_SHORTEST = 4  # bytes of an element: ``<a/>``
_WIDE = 1_000  # an element that may come so often is counted
_CHUNK = 64 * 1024
_MOST_PIECES = 20_000  # tags looked at one by one after the first error

_SIGNATURE = f"{{{xsd.XMLDSIG}}}Signature"


class Validator:
    """A compiled XSD. Its error log is part of it, hence the lock."""

    def __init__(self, schema: xsd.XsdSchema) -> None:
        self._schema = xsd.validator(schema)
        self._lock = Lock()
        self._width, self._wide = _widths(schema.root)
        self._open = schema.open
        self._may_be_signed = schema.signed is not xsd.Signed.NEVER
        fixed = not (self._wide or self._open or self._may_be_signed)
        steps = _MOST_STEPS // self._width if fixed else isqrt(_MOST_STEPS)
        self._harmless = _SHORTEST * min(_MOST_FAULTS, steps)  # bytes that hold too few elements to do harm

    def findings(self, parsed: Parsed) -> tuple[Finding, ...]:
        """What in ``parsed`` does not fit: at most MOST_FINDINGS, in the document's order, then ``xml.more``."""
        root = parsed.root
        if root is None:
            return parsed.findings
        with self._lock:
            if len(parsed.data) > self._harmless and not self._bearable(parsed):
                bad = misshapen(parsed)
                found = [bad] if bad else self._fed(parsed.data, root)
            elif self._schema.validate(root):
                return ()
            else:
                log: Any = self._schema.error_log  # iterable, though its type stub does not say so
                found = self._told(islice(log, MOST_FINDINGS + 1), root)
        if len(found) <= MOST_FINDINGS:
            return tuple(found)
        return (*found[:MOST_FINDINGS], Finding("xml.more", Place(), Severity.INFO, (("limit", str(MOST_FINDINGS)),)))

    @staticmethod
    def _told(errors: Iterable[Any], root: Any) -> list[Finding]:
        places = Places()
        return [finding(error, element(root, error.path or ""), places) for error in errors]

    def _bearable(self, parsed: Parsed) -> bool:
        """Whether every fault that there can be would be told soon: how many, times how many siblings to count."""
        faults = parsed.data.count(b"<") + _equals(parsed.data)
        return faults <= _MOST_FAULTS and faults * (faults if self._open else self._siblings(parsed)) <= _MOST_STEPS

    def _siblings(self, parsed: Parsed) -> int:
        """How many elements may stand side by side in this document, where the XSD lets them repeat."""
        root: Any = parsed.root
        repeated = sum(1 for _ in root.iter(*self._wide)) if self._wide else 0
        signature = root.find(_SIGNATURE) if self._may_be_signed else None
        return self._width + repeated + (sum(1 for _ in signature.iter()) if signature is not None else 0)

    def _fed(self, data: bytes, root: Any) -> list[Finding]:
        """Feed ``data`` in chunks; from the first chunk with an error on, tag by tag, to know where each error is."""
        pull = feeder(self._schema, telling=False)
        for start in range(0, len(data), _CHUNK):
            pull.feed(data[start : start + _CHUNK])
            if len(pull.feed_error_log):
                return list(self._located(data, start, root))
        return []

    def _located(self, data: bytes, start: int, root: Any) -> Iterator[Finding]:
        pull = feeder(self._schema, telling=True)
        pull.feed(data[:start])
        current, places = root, Places()
        seen = 0
        for number, piece in enumerate(re.finditer(rb"[^>]*>", data[start:])):
            pull.feed(piece.group())
            current = next((element for _, element in reversed(list(pull.read_events()))), current)
            errors = list(pull.feed_error_log)[seen:]
            yield from (finding(error, counterpart(current, root), places) for error in errors)
            seen += len(errors)
            if seen > MOST_FINDINGS or number > _MOST_PIECES:
                return


of = per_schema(Validator)
"""The Validator of a schema."""


def _widths(root: Node) -> tuple[int, tuple[str, ...]]:
    """The most children that an element may have, but for those that may come _WIDE times or more; and their tags."""
    width, wide = 1, set[str]()
    for node in nodes(root):
        bounds = [child.max for child in node.children]
        width = max(width, sum(most for most in bounds if most is not None and most < _WIDE))
        wide |= {clark(child) for child in node.children if child.max is None or child.max >= _WIDE}
    return width, tuple(sorted(wide))


def _equals(data: bytes) -> int:
    """How many equals signs there are, which is as many as attributes at least; mostly few, so each is looked for."""
    count = at = 0
    while (at := data.find(b"=", at) + 1) > 0:
        count += 1
        if count > _WIDE:
            return data.count(b"=")
    return count
