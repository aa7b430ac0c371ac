"""The facts of a service by name: ``order.acturalPaid``, ``list.goods.qty``. What rules, conditions, keys and postings
speak of; where each was read from is known here and nowhere else.

A case's facts are ``{leg: facts}``; a leg's ``{name: [text, …]}``, and for a group of lines ``{name: [facts, …]}``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.mapping.access import finder
from hub.mapping.conditions import Test, condition
from hub.mapping.resolve import PathProblem, route
from hub.mapping.syntax import Path, SyntaxProblem, parse_condition, parse_path
from hub.schema.model import Kind, Node

Facts = dict[str, Any]
Find = Callable[[Facts], list[Any]]


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What a leg's facts are called: name → the path it is read from, and line group → the same for each of its facts;
    ``groups`` is where each group repeats."""

    facts: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


class Vocabulary:
    """The facts of all legs of a service."""

    def __init__(self, legs: Mapping[str, LegFacts]) -> None:
        self._legs = legs
        nodes = tuple(_group(name, _leaves(leg)) for name, leg in legs.items())
        self._root = Node("case", "case", Kind.MESSAGE, "", 1, 1, nodes)

    def find(self, operand: str) -> Find:
        """All values of ``operand`` in a case's facts. Raises PathProblem for one that the service does not have."""
        return finder(self._value(operand, (self._root,)))

    def rows(self, group: str) -> Find:
        """The lines of ``group`` (``order.goods``), those too that tell none of its facts. Raises PathProblem."""
        leg, _, name = group.partition(".")
        if name not in self._lines(leg):
            raise PathProblem(f"{group} is no group of lines{_among(self._groups())}")
        return lambda facts: (facts.get(leg) or {}).get(name) or []

    def in_row(self, group: str, operand: str) -> Find | None:
        """All values of ``operand`` in one line of ``group``; None when it is none of the group's facts."""
        if not operand.startswith(f"{group}."):
            return None
        leg, name, fact = operand.split(".", 2)
        if fact not in self._lines(leg)[name]:
            raise PathProblem(f"{group} has no {fact}{_among(self._lines(leg)[name])}")
        return finder(route(_path(fact), (_group(name, _elements(self._lines(leg)[name])),)).hops)

    def condition(self, text: str) -> Test:
        """``text`` as a test of a case's facts: ``list.tradeMode = '1210' and exists(list.emsNo)``. Raises PathProblem,
        SyntaxProblem."""
        return condition(parse_condition(text), self._operand)

    def legs_of(self, text: str) -> frozenset[str]:
        """The legs whose facts a condition asks for."""
        asked: list[str] = []

        def operand(path: Path, value: bool) -> Find:
            asked.append(path.steps[0].name.partition(".")[0] if path.steps else "")
            return self._operand(path, value)

        condition(parse_condition(text), operand)
        return frozenset(asked)

    def path(self, operand: str) -> str:
        """The path in the leg's message that ``operand`` is read from."""
        leg, _, name = operand.partition(".")
        group, _, fact = name.partition(".")
        facts = self._legs.get(leg, LegFacts())
        if fact:
            return f"{facts.groups.get(group, group)}/{facts.lines.get(group, {}).get(fact, fact)}"
        return facts.facts.get(name, name)

    def __iter__(self) -> Iterator[str]:
        """Every operand that there is."""
        for leg, facts in self._legs.items():
            yield from (f"{leg}.{name}" for name in facts.facts)
            yield from (f"{leg}.{group}.{name}" for group, names in facts.lines.items() for name in names)

    def _lines(self, leg: str) -> Mapping[str, Mapping[str, str]]:
        return self._legs[leg].lines if leg in self._legs else {}

    def _groups(self) -> list[str]:
        return [f"{leg}.{group}" for leg, facts in self._legs.items() for group in facts.lines]

    def _operand(self, path: Path, value: bool) -> Find:
        if path.up or not path.steps or any(step.tests for step in path.steps):
            raise SyntaxProblem(f"{path.text}: name a fact as leg.fact")
        text = ".".join(step.name for step in path.steps)
        return finder(self._value(text, (self._root,)) if value else route(_path(text), (self._root,)).hops)

    def _value(self, operand: str, chain: tuple[Node, ...]) -> Any:
        if operand not in set(self):
            raise PathProblem(f"no fact is called {operand}{_among(self)}")
        return route(_path(operand), chain).hops


def joined(values: Sequence[str]) -> str:
    """Values that make one key, with ``/`` between them; what they hold of that is set apart, so that no two keys look
    the same.

    >>> joined(["a/b", "c"]), joined(["a", "b/c"]), joined(["a/b"])
    ('a%2Fb/c', 'a/b%2Fc', 'a/b')
    """
    if len(values) == 1:
        return values[0]
    return "/".join(value.replace("%", "%25").replace("/", "%2F") if "/" in value else value for value in values)


def _path(dotted: str) -> Path:
    return parse_path(dotted.replace(".", "/"))


def _among(names: Any) -> str:
    listed = sorted(names)
    return f"; there are {', '.join(listed[:20])}" if listed else "; there are none"


def _group(name: str, children: tuple[Node, ...]) -> Node:
    return Node(name, name, Kind.GROUP, "", 0, 1, children)


def _elements(names: Mapping[str, str]) -> tuple[Node, ...]:
    return tuple(Node(name, name, Kind.ELEMENT, "", 0, None) for name in names)


def _leaves(leg: LegFacts) -> tuple[Node, ...]:
    groups = (Node(name, name, Kind.GROUP, "", 0, None, _elements(facts)) for name, facts in leg.lines.items())
    return (*_elements(leg.facts), *groups)
