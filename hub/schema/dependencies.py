"""Dependency notes, seen from whoever fills a node in: how often each child must come so that its notes are kept.

>>> from hub.schema.model import Dependency, Kind, Node, Rule
>>> pair = (Node("1", "1", Kind.ELEMENT), Node("2", "2", Kind.ELEMENT))
>>> segment = Node("X", "X", Kind.SEGMENT, children=pair, depends=(Dependency(Rule.FIRST_NEEDS_ALL, (2, 1)),))
>>> settled(segment, [0, 1])
[1, 1]
"""

from collections.abc import Callable

from hub.schema.model import Node, Rule

_MOST_ROUNDS = 10  # notes may answer each other; those of the directories settle in two

Present = list[bool]


def settled(node: Node, counts: list[int]) -> list[int]:
    """``counts`` (for each child of ``node``, how often it shall come), changed as little as its notes ask for."""
    if not node.depends:
        return counts
    places = [(at, slot) for at, child in enumerate(node.children) for slot in range(max(child.slots, 1))]
    barred: set[tuple[int, int]] = set()  # what a note has left out stays out, and so does what calls for it
    for _ in range(_MOST_ROUNDS):
        before = list(counts)
        for note in node.depends:
            known = [places[position - 1] for position in note.positions if position <= len(places)]
            present = [counts[at] > slot for at, slot in known]
            wanted = _WAYS[note.rule](present)
            if any(want and place in barred for want, place in zip(wanted, known, strict=True)):
                wanted = [note.rule is not Rule.ALL_OR_NONE and at > 0 and was for at, was in enumerate(present)]
            barred |= {place for place, was, want in zip(known, present, wanted, strict=True) if was and not want}
            for (at, slot), want in zip(known, wanted, strict=True):
                counts[at] = max(counts[at], slot + 1) if want else min(counts[at], max(slot, node.children[at].min))
        if counts == before:
            break
    return counts


def _only(present: Present) -> Present:
    """The first of those that are there, or of all."""
    first = present.index(True) if True in present else 0
    return [at == first for at in range(len(present))]


def _pair(present: Present) -> Present:
    return [True, True, *present[2:]] if present[0] and not any(present[1:]) else present


_WAYS: dict[Rule, Callable[[Present], Present]] = {
    Rule.ONE: _only,
    Rule.ALL_OR_NONE: lambda present: [any(present)] * len(present),
    Rule.AT_LEAST_ONE: lambda present: present if any(present) else _only(present),
    Rule.AT_MOST_ONE: lambda present: _only(present) if any(present) else present,
    Rule.FIRST_NEEDS_ALL: lambda present: [True] * len(present) if present[0] else present,
    Rule.FIRST_NEEDS_ONE: _pair,
    Rule.FIRST_ALONE: lambda present: [True] + [False] * (len(present) - 1) if present[0] else present,
}
