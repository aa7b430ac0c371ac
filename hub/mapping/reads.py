"""Which elements of the source a mapping reads, wherever a path stands: in rows, conditions, filters and joins."""

from collections.abc import Iterator

from hub.mapping.resolve import Chain, Hop, Route, route
from hub.mapping.syntax import Among, Both, Compare, Condition, Either, Exists, Not, Path, Start
from hub.schema.model import Node


def of_route(found: Route, standing: Chain = ()) -> Iterator[str]:
    """The full names of what ``found`` reads: its end, when that is a value, and what its filters look at. ``standing``
    is where ``$here`` in them is."""
    end = found.end.child("#text") or found.end
    if not end.children:
        yield found.name if end is found.end else f"{found.name}/{end.key}"
    above = found.chain
    for hop in found.hops:
        above = (*above, hop.node)
        yield from _filters(hop, above, standing)


def of_condition(test: Condition, chain: Chain, standing: Chain = ()) -> Iterator[str]:
    """The same for every path of a condition that is asked at ``chain``."""
    for path in paths(test):
        if path.start in (Start.CONTEXT, Start.INDEX):
            continue
        at, start = (standing, Start.HERE) if path.start is Start.STANDING else (chain, path.start)
        if at:
            yield from of_route(route(Path(path.text, start, path.up, path.steps), at))


def leaves(node: Node, name: str = "") -> Iterator[tuple[str, Node]]:
    """The full names of all values below ``node``, with their nodes."""
    if not node.children:
        yield name, node
    for child in node.children:
        yield from leaves(child, f"{name}/{child.key}" if name else child.key)


def _filters(hop: Hop, above: Chain, standing: Chain) -> Iterator[str]:
    for test in hop.step.tests:
        if not isinstance(test, int):
            yield from of_condition(test, above, standing)


def paths(test: Condition) -> Iterator[Path]:
    """The paths of a condition, without those in their filters."""
    if isinstance(test, (Exists, Among)):
        yield test.path
    elif isinstance(test, Compare):
        yield test.left
        if isinstance(test.right, Path):
            yield test.right
    elif isinstance(test, Not):
        yield from paths(test.part)
    elif isinstance(test, (Both, Either)):
        for part in test.parts:
            yield from paths(part)
