"""Looks up the names of a path in a Schema, so that an unknown one is refused when the mapping is loaded.

Composites may be left out where only one of them can be meant: ``RFF/1154`` is found as ``RFF/C506/1154``.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from hub.mapping.syntax import Path, Start, Step
from hub.schema.model import Kind, Node

Chain = tuple[Node, ...]
"""The nodes from the root of a schema down to where a block stands; at run time each has its slot in the frame."""


class PathProblem(ValueError):
    """A path does not fit its schema; the message says which name, and what it may be."""


@dataclass(frozen=True)
class Hop:
    """One step down: ``node`` under its parent, with the filters still as written."""

    node: Node
    step: Step

    @cached_property
    def repeated(self) -> bool:
        """Whether the Document holds a list here."""
        return self.node.max != 1

    @property
    def picks(self) -> bool:
        """Whether a ``[n]`` leaves at most one."""
        return any(isinstance(test, int) for test in self.step.tests)


@dataclass(frozen=True)
class Route:
    """A path that was found: from the node ``chain[-1]`` down the ``hops``."""

    path: Path
    chain: Chain
    hops: tuple[Hop, ...]

    @property
    def end(self) -> Node:
        """The node that the path leads to."""
        return self.hops[-1].node if self.hops else self.chain[-1]

    @property
    def many(self) -> bool:
        """Whether it may lead to more than one value."""
        return any(hop.repeated and not hop.picks for hop in self.hops)

    @property
    def nodes(self) -> Chain:
        """Every node from the root to the end."""
        return self.chain + tuple(hop.node for hop in self.hops)

    @property
    def name(self) -> str:
        """The keys from the root to the end, without filters: the same for every way to write it."""
        return "/".join(node.key for node in self.nodes[1:])


def route(path: Path, chain: Chain) -> Route:
    """``path`` as seen from ``chain[-1]``. Raises PathProblem; not for context paths or $index."""
    if path.start is Start.STANDING:
        raise PathProblem(f"{path.text}: $here has a meaning only behind = in a filter of `each`")
    base = chain[:1] if path.start is Start.ROOT else _outward(path, chain)
    steps = path.steps
    if steps and len(base) == 1 and _names_root(steps[0], base[0]):
        steps = steps[1:]
    hops: list[Hop] = []
    node = base[-1]
    for step in steps:
        found = _under(node, step, path)
        hops += found
        node = found[-1].node
    return Route(path, base, tuple(hops))


def leaf(path: Path, chain: Chain) -> Route:
    """Like :func:`route`, and it must end in a value (for an XML element with attributes, its text)."""
    found = route(path, chain)
    text = found.end.child("#text")
    if text is not None:
        return Route(path, found.chain, (*found.hops, Hop(text, Step(text.key))))
    if found.end.children:
        inside = ", ".join(node.key for node in found.end.children[:12])
        raise PathProblem(f"{path.text} is a group, not a value; go on to one of {inside}")
    return found


def _outward(path: Path, chain: Chain) -> Chain:
    if path.up >= len(chain):
        raise PathProblem(f"{path.text} steps out of the message; there are {len(chain) - 1} levels above")
    return chain[: len(chain) - path.up]


def _names_root(step: Step, root: Node) -> bool:
    return step.name == root.tag and not step.tests and root.child(step.name) is None


def _under(node: Node, step: Step, path: Path) -> list[Hop]:
    child = node.child(step.name)
    if child is not None:
        return [Hop(child, step)]
    inside = [part for part in node.children if part.kind is Kind.COMPOSITE and part.child(step.name) is not None]
    if len(inside) == 1:
        element = inside[0].child(step.name)
        assert element is not None
        return [Hop(inside[0], Step(inside[0].key)), Hop(element, step)]
    if inside:
        ways = " or ".join(f"{part.key}/{step.name}" for part in inside)
        raise PathProblem(f"{step.name} in {path.text} may be {ways}; write which")
    raise PathProblem(f"unknown path {path.text}: {_where(node)} has no {step.name}{_hint(node, step.name)}")


def _where(node: Node) -> str:
    return "the message" if node.kind is Kind.MESSAGE else node.key


def _hint(node: Node, name: str) -> str:
    below = {child.key: child.key for child in node.children}
    for child in node.children:
        below = {inner.key: f"{child.key}/{inner.key}" for inner in child.children} | below
    if name in below:
        return f"; did you mean {below[name]}?"
    close = get_close_matches(name, list(below), 3, 0.6) or get_close_matches(name.upper(), list(below), 3, 0.6)
    if close:
        swapped = [key for key in close if sorted(key) == sorted(name)]  # 1135 for 1153 is the commonest slip
        return f"; did you mean {below[(swapped or close)[0]]}?"
    return f"; it has {', '.join(child.key for child in node.children[:12])}" if node.children else "; it is a value"
