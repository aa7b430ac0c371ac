"""How a leg is seen in a message of one type: its items, the facts of each, and the trader's own number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.mapping.access import finder, getter
from hub.mapping.items import Items, TooMany, of_item, plain
from hub.mapping.resolve import PathProblem, Route, leaf, route
from hub.mapping.syntax import Start, parse_path
from hub.model.message import Document
from hub.schema.model import Node
from hub.services.vocabulary import Facts

Values = Callable[[Document], list[Any]]
MAX_VALUES = 10_000
"""Values of one fact, and lines of one group; a message with more is refused, for no rule would see the rest."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A group of lines: where they are, and the facts of each."""

    rows: Values
    facts: Mapping[str, Values]
    places: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    def read(self, document: Document) -> list[Facts]:
        """The facts of each line. Raises TooMany."""
        rows = self.rows(document)
        if len(rows) > MAX_VALUES:
            raise TooMany(self.path, MAX_VALUES)
        return [_present(self.facts, row, self.places) for row in rows]


@dataclass(frozen=True, slots=True)
class View:
    """A leg in one message type. ``places`` says where each fact is read."""

    items: Items = Items()
    reference: Values = lambda _: []
    facts: Mapping[str, Values] = field(default_factory=dict)
    lines: Mapping[str, Lines] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def read(self, item: Document) -> Facts:
        """The facts of one item. Raises TooMany."""
        found = _present(self.facts, item, self.places)
        return found | {name: lines.read(item) for name, lines in self.lines.items()} if self.lines else found

    def number(self, item: Document) -> str:
        """The trader's own number of the submission, or the empty string."""
        return str(next(iter(self.reference(item)), ""))


def values(paths: list[str], each: str, root: Node) -> Values:
    """What finds a fact's values: those of the first of ``paths`` that has any. A path starts at the item (``each``),
    or with ``/`` at the message. Raises PathProblem, SyntaxProblem."""
    found = [finder(of_item(path, each, root).hops) for path in paths]
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
    places = {name: f"{where}/{text}" for name, text in inside.items()}
    return Lines(finder(group.hops), facts, places, where)


def _below(text: str, group: Route) -> Values:
    path = plain(text)
    if path.start is not Start.HERE or path.up:
        raise PathProblem(f"{text} leads out of the line; make it a fact of the leg")
    hops = leaf(path, group.nodes).hops
    return finder(hops) if any(hop.repeated for hop in hops) else _one(hops)


def _one(hops: Any) -> Values:
    get = getter(hops)
    return lambda row: [value] if (value := get(row)) else []


def _present(facts: Mapping[str, Values], node: Any, places: Mapping[str, str]) -> Facts:
    found = {}
    for name, find in facts.items():
        if values := find(node):
            if len(values) > MAX_VALUES:
                raise TooMany(places.get(name, name), MAX_VALUES)
            found[name] = [str(value) for value in values]
    return found
