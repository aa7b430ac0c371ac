"""The tables of one EDIFACT directory, turned into Nodes: segments once each, shared by all messages that use them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hub.errors import SchemaUnknown
from hub.schema import edifact_text
from hub.schema.edifact_text import Entry
from hub.schema.model import DataType, Dependency, Kind, Node, Rule

_FORM = re.compile(r"(an|a|n)(\.\.)?(\d+)")
_TYPES = {"a": DataType.ALPHA, "n": DataType.NUMERIC, "an": DataType.ALPHANUMERIC}
Rows = tuple[tuple[int, list[str]], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What all nodes of one segment or composite share."""

    title: str
    children: tuple[Node, ...]
    depends: tuple[Dependency, ...]


class Tables:
    """The batch or the interactive side of one directory: ``folder`` has its segments and composites.

    ``elements`` are the one-line entries of elements.txt, by tag; both sides share them. ``service`` (None for a
    service version itself) gives UNH, UNS, UGH, UGT and UIH to its messages.
    """

    def __init__(self, folder: Path, name: str, elements: Mapping[str, str], service: "Tables | None" = None) -> None:
        self._name, self._service, self._elements = name, service, elements
        self._segments = edifact_text.entries(edifact_text.read(folder / "segments.txt"), name)
        self._composites = edifact_text.entries(edifact_text.read(folder / "composites.txt"), name)
        self._shapes: dict[str, Shape] = {}
        self._nodes: dict[tuple[str, ...], Node] = {}

    def segment(self, tag: str) -> Node:
        """The segment ``tag`` as a mandatory node that occurs once. Raises SchemaUnknown."""
        return self._segment([tag, "M"])

    def message(self, tag: str, entry: Entry) -> Node:
        """The root node of the message ``tag``: UNH or UIH, segments and groups in their order."""
        children = self._level(entry.rows())
        return Node(tag, tag, Kind.MESSAGE, entry.title, min=1, children=children, depends=_depends(entry))

    def _level(self, rows: Rows) -> tuple[Node, ...]:
        """The segments and groups of one depth; the rows deeper than a group's are its own."""
        nodes = []
        for (_, words), inner in _nested(rows):
            if inner:
                least, most = _status(words[1])
                nodes.append(Node(words[0], words[0], Kind.GROUP, "", least, most, self._level(inner)))
            else:
                nodes.append(self._segment(words))
        return _keyed(nodes)

    def _segment(self, words: list[str]) -> Node:
        key = tuple(words)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = self._built(Kind.SEGMENT, words, self._segment_shape(words[0]))
        return node

    def _segment_shape(self, tag: str) -> Shape:
        if tag in self._segments:
            return self._shape(tag, self._segments[tag])
        if self._service:
            return self._service._segment_shape(tag)
        raise SchemaUnknown(f"segment {tag} is not described in {self._name}; it has {', '.join(self._segments)}")

    def _shape(self, tag: str, entry: Entry) -> Shape:
        shape = self._shapes.get(tag)
        if shape is None:
            shape = self._shapes[tag] = Shape(entry.title, self._children(entry.rows()), _depends(entry))
        return shape

    def _children(self, rows: Rows) -> tuple[Node, ...]:
        """Composites and elements; neighbours of one tag become one node with that many slots."""
        nodes: list[Node] = []
        for _, words in rows:
            node = self._field(words)
            last = nodes[-1] if nodes else None
            if last and last.tag == node.tag and node.max == 1 and last.max == last.slots:
                slots = last.slots + 1
                nodes[-1] = replace(last, min=last.min + node.min, max=slots, slots=slots)
            else:
                nodes.append(node)
        return _keyed(nodes)

    def _field(self, words: list[str]) -> Node:
        key = tuple(words)
        node = self._nodes.get(key)
        if node is None:
            tag = words[0]
            if tag in self._composites:
                node = self._built(Kind.COMPOSITE, words, self._shape(tag, self._composites[tag]))
            else:
                node = _element(words, self._elements[tag])
            self._nodes[key] = node
        return node

    @staticmethod
    def _built(kind: Kind, words: list[str], shape: Shape) -> Node:
        least, most = _status(words[1])
        return Node(words[0], words[0], kind, shape.title, least, most, shape.children, depends=shape.depends)


def form(text: str) -> tuple[DataType, int, int]:
    """A representation as type, least and greatest length.

    >>> [(type.value, *lengths) for type, *lengths in map(form, ("an..35", "n8", "a3"))]
    [('an', 0, 35), ('n', 8, 8), ('a', 3, 3)]
    """
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a representation such as an..35")
    length = int(match[3])
    return _TYPES[match[1]], 0 if match[2] else length, length


def _element(words: list[str], described: str) -> Node:
    """``described`` is what elements.txt says: ``an..3 coded NAME``; the row may have a form of its own."""
    shape, coded, title = described.split(" ", 2)
    type, shortest, longest = form(words[2] if len(words) > 2 else shape)
    codes = words[0] if coded == "coded" else None
    least, most = _status(words[1])
    return Node(words[0], words[0], Kind.ELEMENT, title, least, most, (), type, shortest, longest, codes)


def _status(text: str) -> tuple[int, int]:
    """The least and the greatest number of times: ``M`` is once, ``C5`` up to five times."""
    return 1 if text[0] == "M" else 0, int(text[1:] or 1)


def _depends(entry: Entry) -> tuple[Dependency, ...]:
    return tuple(Dependency(Rule(rule), positions) for rule, positions in entry.notes())


def _nested(rows: Rows) -> Iterator[tuple[tuple[int, list[str]], Rows]]:
    """Each row of the first row's depth, with the deeper rows that follow it."""
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and rows[end][0] > rows[at][0]:
            end += 1
        yield rows[at], rows[at + 1 : end]
        at = end


def _keyed(nodes: list[Node]) -> tuple[Node, ...]:
    """Give a tag that comes again among its siblings the key ``TAG~2``, ``TAG~3`` …"""
    seen: dict[str, int] = {}
    keyed = []
    for node in nodes:
        seen[node.tag] = seen.get(node.tag, 0) + 1
        keyed.append(node if seen[node.tag] == 1 else replace(node, key=f"{node.tag}~{seen[node.tag]}"))
    return tuple(keyed)
