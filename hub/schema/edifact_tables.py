"""The tables of one EDIFACT directory, turned into Nodes: segments once each, shared by all messages that use them."""

import re
from collections.abc import Iterator
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
class _Element:
    form: str
    coded: bool
    title: str


class Tables:
    """One directory. ``service`` (None for a service version itself) gives UNH, UNS, UGH and UGT to its messages."""

    def __init__(self, folder: Path, name: str, service: "Tables | None" = None) -> None:
        self._name, self._service = name, service
        self._segments = edifact_text.entries(edifact_text.read(folder / "segments.txt"), name)
        self._composites = edifact_text.entries(edifact_text.read(folder / "composites.txt"), name)
        self._elements = dict(_elements(folder / "elements.txt", name))
        self._fields: dict[str, tuple[Node, ...]] = {}

    def segment(self, tag: str) -> Node:
        """The segment ``tag`` as a mandatory node that occurs once. Raises SchemaUnknown."""
        entry = self._segments.get(tag)
        if entry is None and self._service:
            return self._service.segment(tag)
        if entry is None:
            raise SchemaUnknown(f"segment {tag} is not described in {self._name}; it has {', '.join(self._segments)}")
        if tag not in self._fields:
            self._fields[tag] = self._children(entry.rows)
        return Node(tag, tag, Kind.SEGMENT, entry.title, min=1, children=self._fields[tag], depends=_depends(entry))

    def message(self, tag: str, entry: Entry) -> Node:
        """The root node of the message ``tag``: UNH, segments and groups in their order."""
        children = self._level(entry.rows)
        return Node(tag, tag, Kind.MESSAGE, entry.title, min=1, children=children, depends=_depends(entry))

    def _level(self, rows: Rows) -> tuple[Node, ...]:
        """The segments and groups of one depth; the rows deeper than a group's are its own."""
        nodes = []
        for (_, words), inner in _nested(rows):
            if inner:
                node = Node(words[0], words[0], Kind.GROUP, children=self._level(inner))
            else:
                node = self.segment(words[0])
            nodes.append(_with_status(node, words[1]))
        return _keyed(nodes)

    def _children(self, rows: Rows) -> tuple[Node, ...]:
        """Composites and elements; neighbours of one tag become one node with that many slots."""
        nodes: list[Node] = []
        for _, words in rows:
            node = _with_status(self._field(words), words[1])
            last = nodes[-1] if nodes else None
            if last and last.tag == node.tag and node.max == 1 and last.max == last.slots:
                slots = last.slots + 1
                nodes[-1] = replace(last, min=last.min + node.min, max=slots, slots=slots)
            else:
                nodes.append(node)
        return _keyed(nodes)

    def _field(self, words: list[str]) -> Node:
        tag = words[0]
        element = self._elements.get(tag)
        if element is None:
            entry = self._composites[tag]
            if tag not in self._fields:
                self._fields[tag] = self._children(entry.rows)
            return Node(tag, tag, Kind.COMPOSITE, entry.title, children=self._fields[tag], depends=_depends(entry))
        type, shortest, longest = form(words[2] if len(words) > 2 else element.form)
        return Node(
            tag,
            tag,
            Kind.ELEMENT,
            element.title,
            type=type,
            min_length=shortest,
            max_length=longest,
            codes=tag if element.coded else None,
        )


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


def _with_status(node: Node, text: str) -> Node:
    """``M``: once, mandatory; ``C5``: up to five times, conditional."""
    return replace(node, min=1 if text[0] == "M" else 0, max=int(text[1:] or 1))


def _depends(entry: Entry) -> tuple[Dependency, ...]:
    return tuple(Dependency(Rule(rule), positions) for rule, positions in entry.notes)


def _elements(path: Path, name: str) -> Iterator[tuple[str, _Element]]:
    for tag, rest in edifact_text.lines(edifact_text.read(path), name):
        shape, coded, title = rest.split(" ", 2)
        yield tag, _Element(shape, coded == "coded", title)


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
