"""What an agency reads in a message: its items, and the named values (facts) of each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.mapping.access import finder
from hub.mapping.resolve import PathProblem, leaf, route
from hub.mapping.syntax import Start, parse_path
from hub.model.message import Document
from hub.schema.model import Node

Facts = dict[str, list[str]]
"""Name → the values found, as texts in document order; a fact without a value is absent."""
Find = Callable[[Document], list[Any]]
MAX_VALUES = 1_000


@dataclass(frozen=True, slots=True)
class View:
    """How a message of one type is read. ``above`` and ``last`` lead to its items; empty: the message is the item."""

    above: tuple[str, ...]
    last: str
    facts: Mapping[str, tuple[Find, ...]]

    def items(self, document: Document) -> Iterator[tuple[Document, Document]]:
        """(the item itself, the whole message with that item only), in order."""
        if not self.last:
            yield document, document
            return
        node: Any = document
        for key in self.above:
            node = node.get(key) or {}
        found = node.get(self.last) or []
        for item in found if isinstance(found, list) else [found]:
            yield item, self._with(document, item)

    def read(self, whole: Document) -> Facts:
        """The facts of the item that ``whole`` holds."""
        found = {}
        for name, finds in self.facts.items():
            values = next((some for find in finds if (some := find(whole))), [])
            if values:
                found[name] = [str(value) for value in values[:MAX_VALUES]]
        return found

    def _with(self, document: Document, item: Any) -> Document:
        whole = dict(document)
        node = whole
        for key in self.above:
            node[key] = dict(node[key])
            node = node[key]
        node[self.last] = [item] if isinstance(node[self.last], list) else item
        return whole


def items(each: str | None, root: Node) -> tuple[tuple[str, ...], str]:
    """The way to the items at the path ``each``. Raises PathProblem and SyntaxProblem."""
    if not each:
        return (), ""
    found = route(parse_path(each), (root,))
    *above, last = found.hops
    if any(hop.repeated for hop in above) or any(hop.step.tests for hop in found.hops):
        raise PathProblem(f"{each} must lead to the first group that repeats, without a filter")
    return tuple(hop.node.key for hop in above), last.node.key


def find(text: str, each: str | None, root: Node) -> Find:
    """What finds the values at the path ``text``, which starts at the item, or with ``/`` at the message. Raises as
    :func:`items`."""
    path = parse_path(text if not each or text.startswith("/") else f"{each}/{text}")
    if path.start not in (Start.HERE, Start.ROOT):
        raise PathProblem(f"{text} asks for more than the message; a fact is a value in it")
    return finder(leaf(path, (root,)).hops)
