"""The items of a message: the group of which it may hold many, each of which is looked at as if it were alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.mapping.resolve import PathProblem, Route, leaf, route
from hub.mapping.syntax import Path, Start, parse_path
from hub.model.message import Document
from hub.schema.model import Node


class TooMany(Exception):
    """There is more at ``path`` than the hub looks at (``most``). Whoever reads the document makes a finding of it."""

    def __init__(self, path: str, most: int) -> None:
        super().__init__(f"more than {most} at {path}")
        self.path, self.most = path, most


@dataclass(frozen=True, slots=True)
class Items:
    """Where the items of a message lie: below ``above``, under the key ``last``; empty: the message is the item."""

    above: tuple[str, ...] = ()
    last: str = ""

    def of(self, document: Document, most: int) -> Iterator[Document]:
        """One document for each item: the whole message, with that one only. Raises TooMany beyond ``most``."""
        if self.last and len(self._list(document)) > most:
            raise TooMany("/".join((*self.above, self.last)), most)
        return (whole for _, whole in self.pairs(document))

    def pairs(self, document: Document) -> Iterator[tuple[Document, Document]]:
        """(the item itself, the whole message with that one only), in order."""
        if not self.last:
            yield document, document
            return
        for item in self._list(document):
            yield item, self._with(document, item)

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


def items(text: str, root: Node, *, repeated: bool = True) -> Items:
    """The items at the path ``text``, which must lead to a group that repeats unless ``repeated`` is False; the message
    itself when it is empty. Raises PathProblem, SyntaxProblem."""
    if not text:
        return Items()
    found = route(parse_path(text), (root,))
    *above, last = found.hops
    filtered = any(hop.step.tests for hop in found.hops)
    if filtered or any(hop.repeated for hop in above) or (repeated and not last.repeated):
        raise PathProblem(f"{text} must lead to the only group that repeats, without a filter")
    return Items(tuple(hop.node.key for hop in above), last.node.key)


def of_item(text: str, each: str, root: Node) -> Route:
    """The value at the path ``text``, which starts at the item (``each``), or with ``/`` at the message. Raises
    PathProblem, SyntaxProblem."""
    return leaf(plain(text if not each or text.startswith("/") else f"{each}/{text}"), (root,))


def plain(text: str) -> Path:
    """The path ``text``, which must stay within the message. Raises PathProblem, SyntaxProblem."""
    path = parse_path(text)
    if path.start not in (Start.HERE, Start.ROOT):
        raise PathProblem(f"{text} asks for more than the message; a fact is a value in it")
    return path
