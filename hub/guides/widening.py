"""A message type widened: new nodes along the paths that a guideline names, the rest shared with the directory's."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hub.guides.table import Widening
from hub.mapping.access import tests_of
from hub.mapping.conditions import Test
from hub.mapping.resolve import Hop, PathProblem, Route, route
from hub.mapping.syntax import Step, parse_condition, parse_path
from hub.schema.model import Kind, Node, Schema, nodes

Keys = tuple[str, ...]
Listed = tuple[Keys, Test | None]
"""A place that became a list, and what the repetition meets that a Document keeps (None: the first)."""


class WidenedCodes(Mapping[str, Mapping[str, str]]):
    """The code lists of a schema, with a guideline's own codes added to some."""

    def __init__(self, base: Mapping[str, Mapping[str, str]]) -> None:
        self._base = base
        self._added: dict[str, tuple[str, dict[str, str]]] = {}  # list → the list that it adds to, and what
        self._merged: dict[str, Mapping[str, str]] = {}

    def add(self, name: str, to: str, codes: Mapping[str, str]) -> None:
        """The list ``name`` is the list ``to`` and ``codes``; both names may be the same."""
        to, known = self._added.get(name, (to, {}))
        self._added[name] = (to, {**known, **codes})
        self._merged.clear()

    def __getitem__(self, key: str) -> Mapping[str, str]:
        if key not in self._added:
            return self._base[key]
        if key not in self._merged:
            to, codes = self._added[key]
            self._merged[key] = {**(self[to] if to != key else self._base[to]), **codes}
        return self._merged[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._base), **dict.fromkeys(self._added)})

    def __len__(self) -> int:
        return len({*self._base, *self._added})


class Widener:
    """Widens one schema, step by step; ``schema`` is what came of it, ``listed`` the places that became lists although
    the schema had one value there."""

    def __init__(self, schema: Schema) -> None:
        self._base = schema
        self._codes = WidenedCodes(schema.codes)
        self.schema = schema
        self.listed: list[Listed] = []

    def everywhere(self, tag: str, codes: Mapping[str, str]) -> bool:
        """Add ``codes`` to the list of element ``tag``; whether the message has it. Raises PathProblem."""
        found = next((node for node in nodes(self.schema.root) if node.tag == tag), None)
        if found is None:
            return False
        if not found.codes:
            raise PathProblem(f"{tag} is not coded: every value fits already")
        self._codes.add(found.codes, found.codes, codes)
        self.schema = replace(self.schema, codes=self._codes)
        return True

    def at(self, text: str, widening: Widening) -> bool:
        """Widen the place ``text``; whether that changed anything. Raises PathProblem or SyntaxProblem."""
        path = parse_path(text)
        if any(step.tests for step in path.steps) or path.up:
            raise PathProblem(f"{text}: what is widened is named without filters and without ^")
        found = route(path, (self.schema.root,))
        node = found.end
        if not found.hops:
            raise PathProblem(f"{text} is the whole message; name a part of it")
        changed = self._wider(node, found, widening)
        if changed == node:
            return False
        keys = tuple(hop.node.key for hop in found.hops)
        if node.max == 1 and changed.max != 1:
            self.listed.append((keys, _kept(node, widening.keep)))
        root = _replaced(self.schema.root, keys, changed)
        self.schema = replace(self.schema, root=root, codes=self._codes)
        return True

    def _wider(self, node: Node, found: Route, widening: Widening) -> Node:
        if (widening.optional or widening.repeat) and _opens(found):
            raise PathProblem(f"{found.path.text} opens its group; widen the group")
        if widening.optional:
            node = replace(node, min=0)
        if widening.repeat and node.max is not None and widening.repeat > node.max:
            if node.slots > 1:
                raise PathProblem(f"{found.path.text} repeats in {node.slots} fixed positions; no more can be added")
            node = replace(node, max=widening.repeat)
        if (widening.max_length or widening.codes) and node.children:
            raise PathProblem(f"{found.path.text} is no value; max-length and codes are for elements")
        if widening.max_length and node.max_length is not None and widening.max_length > node.max_length:
            node = replace(node, max_length=widening.max_length)
        return self._coded(node, found, widening) if widening.codes or widening.open else node

    def _coded(self, node: Node, found: Route, widening: Widening) -> Node:
        if not node.codes:
            raise PathProblem(f"{found.path.text} is not coded: every value fits already")
        if widening.open:
            return replace(node, codes=None)
        name = node.codes if "@" in node.codes else f"{node.codes}@{found.name}"
        self._codes.add(name, node.codes, {code: texts.en for code, texts in widening.codes.items()})
        return replace(node, codes=name)


def _opens(found: Route) -> bool:
    above = found.nodes[-2]
    return above.kind is Kind.GROUP and above.children[0].key == found.end.key


def _kept(node: Node, text: str | None) -> Test | None:
    """The condition ``text`` about one repetition of ``node``. Raises PathProblem or SyntaxProblem."""
    if text is None:
        return None
    (test,) = tests_of(Hop(node, Step(node.key, (parse_condition(text),))))
    return None if isinstance(test, int) else test


def _replaced(node: Node, keys: Keys, changed: Node) -> Node:
    """``node`` with ``changed`` at ``keys`` below it."""
    if not keys:
        return changed
    children = tuple(_replaced(child, keys[1:], changed) if child.key == keys[0] else child for child in node.children)
    return replace(node, children=children)


def settler(listed: list[Listed]) -> Callable[[dict[str, Any]], None]:
    """A function that gives a Document the directory's shape again: of what became a list, one stays, the first that
    meets what is said about it, or the first of all."""
    deepest = sorted(listed, key=lambda one: len(one[0]), reverse=True)

    def settle(document: dict[str, Any]) -> None:
        for keys, test in deepest:
            for holder in _holders(document, keys[:-1]):
                held = holder.get(keys[-1])
                if isinstance(held, list):
                    fitting = held if test is None else filter(test, held)
                    holder[keys[-1]] = next(iter(fitting), held[0])

    return settle


def _holders(document: dict[str, Any], keys: Keys) -> list[dict[str, Any]]:
    found = [document]
    for key in keys:
        below: list[dict[str, Any]] = []
        for one in found:
            held = one.get(key)
            below += held if isinstance(held, list) else [held] if held else []
        found = below
    return found
