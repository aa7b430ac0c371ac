"""The Schema: one tree for every format; and the shape that it gives to a Document.

A Document mirrors its schema's tree: the root node's children are the keys of the outermost dict; a node with
children is a dict, a leaf is a string (as written on the wire, decoded; numbers keep their text). **A node whose
``max`` is not 1 is always a list**, even of one; a node whose ``max`` is 1 never is. What is absent has no key. Keys
are ``Node.key``.

EDIFACT: group ``SG7``, segment ``NAD``, composite ``C080``, element ``3036``. Neighbouring components or elements of
one tag become one node with ``max`` > 1 (``C080/3036`` is a list of up to five). A tag that comes again later among
the same siblings gets the key ``TAG~2``. UNH is in the Document; UNB, UNG, UNT, UNE and UNZ are not (they are the
Envelope).
XML: elements by local name, attributes ``@name``, the text of an element that also has attributes ``#text``.
CSV: one repeated record node (``max`` None) whose children are the columns.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a node is."""

    MESSAGE = "message"  # the root
    GROUP = "group"  # a segment group, a complex XML element, a CSV record
    SEGMENT = "segment"
    COMPOSITE = "composite"
    ELEMENT = "element"  # a leaf


class DataType(StrEnum):
    """What a leaf may hold."""

    ALPHA = "a"
    NUMERIC = "n"
    ALPHANUMERIC = "an"
    TEXT = "text"  # any characters (XML string, CSV text)
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    BINARY = "binary"


class Rule(StrEnum):
    """What a dependency asks of its entities (ISO 9735-1 §11, dependency notes)."""

    ONE = "D1"  # one and only one
    ALL_OR_NONE = "D2"  # all of them or none
    AT_LEAST_ONE = "D3"  # one or more
    AT_MOST_ONE = "D4"  # one or none
    FIRST_NEEDS_ALL = "D5"  # if the first, then all
    FIRST_NEEDS_ONE = "D6"  # if the first, then at least one more
    FIRST_ALONE = "D7"  # if the first, then none of the others


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency note: ``rule`` between the entities at ``positions`` of a node, in the note's order.

    A position counts from 1 as on the wire: a segment's elements, a composite's components, each slot for itself. In a
    group or message it is the child's number.
    """

    rule: Rule
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a message. ``max`` None means unbounded. ``slots`` > 1 says that the repetitions sit in that many
    fixed positions (neighbouring components of one tag) rather than in one position with a repetition separator.
    ``depends`` holds between the node's own children. ``patterns``: one of each group must match a value wholly."""

    tag: str
    key: str
    kind: Kind
    title: str = ""
    min: int = 0
    max: int | None = 1
    children: tuple["Node", ...] = ()
    type: DataType | None = None  # leaves only
    min_length: int = 0
    max_length: int | None = None
    codes: str | None = None  # name of the code list in Schema.codes
    namespace: str = ""  # XML
    slots: int = 1
    depends: tuple[Dependency, ...] = ()
    patterns: tuple[tuple[re.Pattern[str], ...], ...] = ()  # XSD

    def child(self, key: str) -> "Node | None":
        """The child whose Document key is ``key``."""
        return next((node for node in self.children if node.key == key), None)


@dataclass(frozen=True, slots=True)
class Schema:
    """A message type. ``id`` is ``edifact:D.96A:ORDERS``, ``xsd:manifest:MT1401`` or ``csv:quarantine:passengers``."""

    id: str
    root: Node
    codes: Mapping[str, Mapping[str, str]]  # code list name → code value → short name; may read a list when first asked
    source: str = ""  # where the facts come from


def nodes(node: Node) -> Iterator[Node]:
    """``node`` and all below it, each before what is below it."""
    yield node
    for child in node.children:
        yield from nodes(child)


def clark(node: Node) -> str:
    """The name of an XML element or attribute as lxml writes it: ``{namespace}local``."""
    return f"{{{node.namespace}}}{node.tag}" if node.namespace else node.tag
