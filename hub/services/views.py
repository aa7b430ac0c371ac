"""How a leg is seen in a message of one type: its items, the facts of each, and the trader's own number."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.mapping.access import finder, getter
from hub.mapping.resolve import PathProblem, Route, leaf, route
from hub.mapping.syntax import Path, Start, parse_path
from hub.model.message import Document
from hub.schema.model import Node
from hub.services.vocabulary import Facts

Values = Callable[[Document], list[Any]]
MAX_VALUES = 10_000
"""Values of one fact, and lines of one group; what is beyond them no rule sees."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A group of lines: where they are, and the facts of each."""

    rows: Values
    facts: Mapping[str, Values]

    def read(self, document: Document) -> list[Facts]:
        """The facts of each line."""
        return [_present(self.facts, row) for row in self.rows(document)[:MAX_VALUES]]


@dataclass(frozen=True, slots=True)
class Items:
    """Where the items of a message lie: below ``above`` the list ``last``."""

    above: tuple[str, ...] = ()
    last: str = ""

    def of(self, document: Document) -> Iterator[Document]:
        """One document for each item: the whole message, with that one only."""
        if not self.last:
            yield document
            return
        for item in self._list(document):
            yield self._with(document, item)

    def _list(self, document: Document) -> list[Any]:
        node: Any = document
        for key in self.above:
            node = node.get(key) or {}
        found = node.get(self.last) or []
        return found if isinstance(found, list) else [found]

    def _with(self, document: Document, item: Any) -> Document:
        whole = dict(document)
        node = whole
        for key in self.above:
            node[key] = dict(node[key])
            node = node[key]
        node[self.last] = [item] if isinstance(node[self.last], list) else item
        return whole


@dataclass(frozen=True, slots=True)
class View:
    """A leg in one message type."""

    items: Items = Items()
    reference: Values = lambda _: []
    facts: Mapping[str, Values] = field(default_factory=dict)
    lines: Mapping[str, Lines] = field(default_factory=dict)

    def read(self, item: Document) -> Facts:
        """The facts of one item."""
        found = _present(self.facts, item)
        return found | {name: lines.read(item) for name, lines in self.lines.items()} if self.lines else found

    def number(self, item: Document) -> str:
        """The trader's own number of the submission, or the empty string."""
        return str(next(iter(self.reference(item)), ""))


def items(text: str, root: Node) -> Items:
    """The items at the path ``text``; empty for a message that is one. Raises PathProblem, SyntaxProblem."""
    if not text:
        return Items()
    found = route(parse_path(text), (root,))
    *above, last = found.hops
    if not last.repeated or any(hop.repeated for hop in above) or any(hop.step.tests for hop in found.hops):
        raise PathProblem(f"{text} must lead to the only group that repeats, without a filter")
    return Items(tuple(hop.node.key for hop in above), last.node.key)


def values(paths: list[str], each: str, root: Node) -> Values:
    """What finds a fact's values: those of the first of ``paths`` that has any. A path starts at the item (``each``),
    or with ``/`` at the message. Raises PathProblem, SyntaxProblem."""
    found = [finder(_from_root(path, each, root).hops) for path in paths]
    if len(found) == 1:
        return found[0]
    return lambda document: next((some for find in found if (some := find(document))), [])


def lines(each: str, inside: Mapping[str, str], above: str, root: Node) -> Lines:
    """A group of lines at the path ``each`` (below the item, ``above``). Raises PathProblem, SyntaxProblem."""
    where = f"{above}/{each}" if above else each
    group = route(parse_path(where), (root,))
    if group.end.type is not None and not group.end.children:
        raise PathProblem(f"{each} is a value; lines are a group that repeats")
    facts = {name: _below(text, group) for name, text in inside.items()}
    return Lines(finder(group.hops), facts)


def _below(text: str, group: Route) -> Values:
    path = _plain(text)
    if path.start is not Start.HERE or path.up:
        raise PathProblem(f"{text} leads out of the line; make it a fact of the leg")
    hops = leaf(path, group.nodes).hops
    return finder(hops) if any(hop.repeated for hop in hops) else _one(hops)


def _one(hops: Any) -> Values:
    get = getter(hops)
    return lambda row: [value] if (value := get(row)) else []


def _from_root(text: str, each: str, root: Node) -> Route:
    path = text if not each or text.startswith("/") else f"{each}/{text}"
    return leaf(_plain(path), (root,))


def _plain(text: str) -> Path:
    path = parse_path(text)
    if path.start not in (Start.HERE, Start.ROOT):
        raise PathProblem(f"{text} asks for more than the message; a fact is a value in it")
    return path


def _present(facts: Mapping[str, Values], node: Any) -> Facts:
    found = {}
    for name, find in facts.items():
        if values := find(node):
            found[name] = [str(value) for value in values[:MAX_VALUES]]
    return found
