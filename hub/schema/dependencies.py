"""Dependency notes, seen from whoever fills a node in: how often each child must come so that its notes are kept.

>>> from hub.schema.model import Dependency, Kind, Node, Rule
>>> pair = (Node("1", "1", Kind.ELEMENT), Node("2", "2", Kind.ELEMENT))
>>> segment = Node("X", "X", Kind.SEGMENT, children=pair, depends=(Dependency(Rule.FIRST_NEEDS_ALL, (2, 1)),))
>>> settled(segment, [0, 1])
[1, 1]
"""

from collections.abc import Callable

from hub.schema.model import Node, Rule

_MOST_ROUNDS = 20  # notes may answer each other; those of the directories settle in a few

Flags = list[bool]


def settled(node: Node, counts: list[int]) -> list[int]:
    """``counts`` (for each child of ``node``, how often it shall come), changed as little as its notes ask for.

    What a note has taken away does not come again: another note that asks for it takes its own away instead.
    """
    if not node.depends:
        return counts
    places = [(at, slot) for at, child in enumerate(node.children) for slot in range(max(child.slots, 1))]
    barred: set[tuple[int, int]] = set()
    for _ in range(_MOST_ROUNDS):
        before = list(counts)
        for note in node.depends:
            known = [places[position - 1] for position in note.positions if position <= len(places)]
            free = [place not in barred for place in known]
            wanted = _WAYS[note.rule]([counts[at] > slot for at, slot in known], free)
            for (at, slot), present in zip(known, wanted, strict=True):
                if present:
                    counts[at] = max(counts[at], slot + 1)
                elif counts[at] > slot:
                    counts[at] = max(slot, node.children[at].min)
                    barred.add((at, slot))
        if counts == before:
            break
    return counts


def _only(present: Flags, free: Flags) -> Flags:
    """The first of those that are there, or of those that may be."""
    chosen = present if any(present) else free
    first = chosen.index(True) if any(chosen) else 0
    return [at == first for at in range(len(present))]


def _all(present: Flags, free: Flags) -> Flags:
    return [any(present) and all(free)] * len(present)


def _needs_all(present: Flags, free: Flags) -> Flags:
    if not present[0]:
        return present
    return [True] * len(present) if all(free) else [False, *present[1:]]


def _needs_one(present: Flags, free: Flags) -> Flags:
    if not present[0] or any(present[1:]):
        return present
    return [True, *_only(present[1:], free[1:])] if any(free[1:]) else [False, *present[1:]]


_WAYS: dict[Rule, Callable[[Flags, Flags], Flags]] = {
    Rule.ONE: _only,
    Rule.ALL_OR_NONE: _all,
    Rule.AT_LEAST_ONE: lambda present, free: present if any(present) else _only(present, free),
    Rule.AT_MOST_ONE: lambda present, free: _only(present, free) if any(present) else present,
    Rule.FIRST_NEEDS_ALL: _needs_all,
    Rule.FIRST_NEEDS_ONE: _needs_one,
    Rule.FIRST_ALONE: lambda present, _: [True] + [False] * (len(present) - 1) if present[0] else present,
}
