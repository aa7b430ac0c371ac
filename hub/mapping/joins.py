"""Loops over groups that share a value with the group where the block stands: ``/SG5[EQD/8260 = $here/SG14/SGP/8260]``.

The groups are indexed once by that value, so that looking up each container of each bill stays cheap.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.mapping.access import finder, reading
from hub.mapping.resolve import Chain, Hop, PathProblem, leaf
from hub.mapping.run import Frame, Run
from hub.mapping.syntax import Compare, Path, Start


def joins(hop: Hop) -> bool:
    """Whether a filter of ``hop`` compares with ``$here``."""
    return any(
        isinstance(test, Compare) and isinstance(test.right, Path) and test.right.start is Start.STANDING
        for test in hop.step.tests
    )


def join(hop: Hop, at: int, chain: Chain) -> Callable[[Frame], list[Any]]:
    """A function of the frame to the repetitions of ``hop`` in slot ``at`` that share the value; each of them once, in
    the order in which the values are named. Raises PathProblem."""
    (test, *more) = hop.step.tests
    if more or not isinstance(test, Compare) or test.operator != "=" or not isinstance(test.right, Path):
        raise PathProblem("a filter with $here is one comparison: path = $here/path")
    left = finder(leaf(test.left, (hop.node,)).hops)
    right = reading(leaf(replace(test.right, start=Start.HERE), chain), chain).of
    key, identity = hop.node.key, object()

    def items(frame: Frame) -> list[Any]:
        run: Run = frame[0]
        held = run.memory.get(identity)
        if held is None or held[0] is not frame[at]:
            held = run.memory[identity] = (frame[at], [_index(frame[at].get(key) or [], left)])
        index = held[1][0]
        found = {id(item): item for value in right(frame) for item in index.get(value, ())}
        run.spend(len(found))
        return list(found.values())

    return items


def _index(items: list[Any], left: Callable[[Any], list[Any]]) -> dict[str, list[Any]]:
    index: dict[str, list[Any]] = {}
    for item in items:
        for value in left(item):
            index.setdefault(value, []).append(item)
    return index
