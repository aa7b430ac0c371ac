"""Compiles source paths to closures over the frame of a running mapping.

A frame is a list: slot 0 is the Run, slot 1 the document, slot n the group that the n-th level of the current loops
stands at. A path is compiled to a function of the frame that returns the values (or groups) found, in document order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.mapping.conditions import Operand, Test, Values, condition
from hub.mapping.resolve import Chain, Hop, PathProblem, Route, leaf, route
from hub.mapping.run import Run
from hub.mapping.syntax import Compare, Condition, Path, Start

Value = Callable[[Any], Any]

_EMPTY: dict[str, Any] = {}
CONTEXTS = ("hub", "partner", "lane", "case")


def slot(chain: Chain) -> int:
    """The slot of the frame in which ``chain[-1]`` stands."""
    return len(chain)


def finder(hops: tuple[Hop, ...]) -> Values:
    """A function from the node above ``hops`` to all that they lead to; its list belongs to the caller."""
    alone = lone(hops)
    if alone is not None:
        return lambda node: [value] if (value := alone(node)) else []
    single = next(number for number, hop in enumerate(hops) if hop.repeated)
    reach = getter(hops[:single]) if single else None
    fused = _fused(hops[single], hops[single + 1 :])
    if fused is not None:
        return fused if reach is None else lambda node: fused(above) if (above := reach(node)) else []
    items, spreads = choose(hops[single]), _spreads(hops[single + 1 :])

    def find(node: Any) -> list[Any]:
        if reach is not None:
            node = reach(node)
            if not node:
                return []
        found = items(node)
        for spread in spreads:
            found = spread(found)
        return found

    return find


def lone(hops: tuple[Hop, ...]) -> Value | None:
    """A function to the one value that ``hops`` can lead to; None when they may lead to several."""
    repeated = [number for number, hop in enumerate(hops) if hop.repeated]
    if not repeated:
        return getter(hops)
    hop = hops[repeated[0]]
    if len(repeated) > 1 or len(hop.step.tests) != 1 or not isinstance(hop.step.tests[0], int):
        return None
    return _nth(hops[: repeated[0]], hop.node.key, hop.step.tests[0] - 1, hops[repeated[0] + 1 :])


def _nth(above: tuple[Hop, ...], key: str, number: int, below: tuple[Hop, ...]) -> Value:
    reach = getter(above) if above else None
    tail = getter(below) if below else None

    def get(node: Any) -> Any:
        if reach is not None:
            node = reach(node) or _EMPTY
        items = node.get(key)
        if not items or len(items) <= number:
            return None
        return items[number] if tail is None else tail(items[number])

    return get


def getter(hops: tuple[Hop, ...]) -> Value:
    """A function from the node above ``hops``, none of them repeated, to the one value or None."""
    keys = [hop.node.key for hop in hops]
    if any(hop.step.tests for hop in hops) or len(keys) > 3:
        return _tested(hops)
    if not keys:
        return lambda node: node
    if len(keys) == 1:
        (only,) = keys
        return lambda node: node.get(only)
    if len(keys) == 2:
        upper, lower = keys
        return lambda node: (node.get(upper) or _EMPTY).get(lower)
    top, middle, bottom = keys
    return lambda node: ((node.get(top) or _EMPTY).get(middle) or _EMPTY).get(bottom)


def _tested(hops: tuple[Hop, ...]) -> Value:
    steps = [(hop.node.key, hop_tests(hop)) for hop in hops]

    def get(node: Any) -> Any:
        for key, tests in steps:
            node = node.get(key)
            if not node or not all(test(node) for test in tests):
                return None
        return node

    return get


Spread = Callable[[list[Any]], list[Any]]
"""From the nodes found so far to those one step further down."""


def _spreads(hops: tuple[Hop, ...]) -> list[Spread]:
    spreads: list[Spread] = []
    at = 0
    while at < len(hops):
        single = at
        while single < len(hops) and not hops[single].repeated:
            single += 1
        if single > at:
            spreads.append(_downward(hops[at:single]))
        if single < len(hops):
            spreads.append(_outward(hops[single]))
        at = single + 1
    return spreads if hops and not hops[-1].repeated else [*spreads, lambda items: [item for item in items if item]]


def _downward(hops: tuple[Hop, ...]) -> Spread:
    keys = [hop.node.key for hop in hops]
    if any(hop.step.tests for hop in hops) or len(keys) > 2:
        reach = getter(hops)
        return lambda items: [value for item in items if (value := reach(item))]
    if len(keys) == 1:
        (only,) = keys
        return lambda items: [value for item in items if (value := item.get(only))]
    upper, lower = keys
    return lambda items: [value for item in items if (value := (item.get(upper) or _EMPTY).get(lower))]


def _outward(hop: Hop) -> Spread:
    key = hop.node.key
    if not hop.step.tests:
        return lambda items: [inner for item in items for inner in item.get(key) or ()]
    chosen = choose(hop)
    return lambda items: [inner for item in items for inner in chosen(item)]


def _fused(hop: Hop, below: tuple[Hop, ...]) -> Values | None:
    """The commonest path of all, ``DTM[2005='329']/2380``, in one comprehension: one equality, then one value."""
    test = hop.step.tests[0] if len(hop.step.tests) == 1 else None
    if test is None or isinstance(test, int) or any(part.repeated or part.step.tests for part in below):
        return None
    wanted = _equality(test, hop)
    keys = [part.node.key for part in below]
    if wanted is None or not 1 <= len(keys) <= 2:
        return None
    key, (marks, mark) = hop.node.key, wanted
    last, first, low, high = keys[-1], keys[0], marks[-1], marks[0]
    if len(marks) == 2 and len(keys) == 2:
        return lambda node: [
            value
            for item in node.get(key) or ()
            if (item.get(high) or _EMPTY).get(low) == mark and (value := (item.get(first) or _EMPTY).get(last))
        ]
    if len(marks) == 1 and len(keys) == 2:
        return lambda node: [
            value
            for item in node.get(key) or ()
            if item.get(low) == mark and (value := (item.get(first) or _EMPTY).get(last))
        ]
    if len(marks) == 2:
        return lambda node: [
            value
            for item in node.get(key) or ()
            if (item.get(high) or _EMPTY).get(low) == mark and (value := item.get(last))
        ]
    return lambda node: [value for item in node.get(key) or () if item.get(low) == mark and (value := item.get(last))]


def choose(hop: Hop) -> Callable[[Any], list[Any]]:
    """A function from a node to the repetitions of ``hop`` under it that pass the filters, taken one after another."""
    key = hop.node.key
    if not hop.step.tests:
        return lambda node: node.get(key) or []
    filters = [_filter(test, hop) for test in hop.step.tests]
    if len(filters) == 1:
        (only,) = filters
        return lambda node: only(node.get(key) or [])

    def chosen(node: Any) -> list[Any]:
        found: list[Any] = node.get(key) or []
        for keep in filters:
            found = keep(found)
        return found

    return chosen


def _filter(test: "int | Condition", hop: Hop) -> Callable[[list[Any]], list[Any]]:
    if isinstance(test, int):
        number = test
        return lambda items: items[number - 1 : number]
    equal = _equality(test, hop)
    if equal is None:
        passes = condition(test, _item(hop))
        return lambda items: [item for item in items if passes(item)]
    keys, mark = equal
    low, high = keys[-1], keys[0]
    if len(keys) == 1:
        return lambda items: [item for item in items if item.get(low) == mark]
    return lambda items: [item for item in items if (item.get(high) or _EMPTY).get(low) == mark]


def _equality(test: Condition, hop: Hop) -> tuple[list[str], str] | None:
    """The keys and the value of the commonest filter, ``[1153='BM']``: one element, or one inside a composite."""
    if not (isinstance(test, Compare) and test.operator == "=" and isinstance(test.right, str) and not test.count):
        return None
    found = _relative(test.left, hop, True)
    if any(part.repeated or part.step.tests for part in found.hops) or not 1 <= len(found.hops) <= 2:
        return None
    return [part.node.key for part in found.hops], test.right


def hop_tests(hop: Hop) -> list[Test]:
    """The filters of a hop that is not repeated, as tests of its one node; ``[1]`` is always true, ``[2]`` never."""
    tests: list[Test] = []
    for test in hop.step.tests:
        if isinstance(test, int):
            first = test == 1
            tests.append(lambda node, first=first: first)  # type: ignore[misc]
        else:
            tests.append(condition(test, _item(hop)))
    return tests


def tests_of(hop: Hop) -> list[int | Test]:
    """The filters of a hop, one after another: a number picks the n-th, a test keeps those that meet it."""
    return [test if isinstance(test, int) else condition(test, _item(hop)) for test in hop.step.tests]


def _relative(path: Path, hop: Hop, value: bool) -> Route:
    if path.start is not Start.HERE or path.up:
        raise PathProblem(f"{path.text} stands inside […], where only paths below {hop.node.key} may stand")
    return (leaf if value else route)(path, (hop.node,))


def _item(hop: Hop) -> Operand:
    def operand(path: Path, value: bool) -> Values:
        return finder(_relative(path, hop, value).hops)

    return operand


def here(chain: Chain) -> Operand:
    """Compiles the paths of a block or row condition: functions of the frame."""

    def operand(path: Path, value: bool) -> Values:
        if path.start is Start.CONTEXT:
            return context(path).of
        if path.start is Start.INDEX:
            return index(path).of
        return reading((leaf if value else route)(path, chain), chain).of

    return operand


@dataclass(frozen=True)
class Reading:
    """How a path is read: ``find`` of the node in slot ``at`` (slot 0: the Run) gives its values; ``get``, where there
    is one, the only value or None."""

    at: int
    find: Values
    get: Value | None = None

    @property
    def of(self) -> Values:
        """A function of the frame to the values."""
        at, find = self.at, self.find
        return lambda frame: find(frame[at])


def reading(found: Route, chain: Chain) -> Reading:
    """How a path of a block that stands at ``chain`` is read. What stands outside the loop is looked up once per group
    and charged to the budget, so that a loop over a list cannot read that list again for each of its items."""
    at, find = slot(found.chain), finder(found.hops)
    if at == slot(chain) or not found.many:
        return Reading(at, find, lone(found.hops))
    identity = object()

    def remembered(run: Run) -> list[Any]:
        node = run.frame[at]
        held = run.memory.get(identity)
        if held is None or held[0] is not node:
            held = run.memory[identity] = (node, find(node))
        run.spend(len(held[1]))
        return held[1]

    return Reading(0, remembered)


def context(path: Path, as_text: bool = True) -> Reading:
    """``$partner/customs-id``: what the hub knows beside the document; times are numbers unless ``as_text``."""
    name, *keys = [step.name for step in path.steps]
    if name not in CONTEXTS or not keys:
        raise PathProblem(f"unknown path {path.text}; context paths are ${'/…, $'.join(CONTEXTS)}/…, and $index")

    def get(run: Run) -> Any:
        value: Any = getattr(run.context, name)
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None or isinstance(value, (dict, str)):
            return None if isinstance(value, dict) else value
        return value if isinstance(value, int) and not as_text else str(value)

    return Reading(0, lambda run: [value] if (value := get(run)) else [], get)


def index(path: Path) -> Reading:
    """``$index``: the ordinal of the innermost loop, counted from 1; ``^/$index`` of the loop around it."""
    up = path.up

    def get(run: Run) -> str | None:
        return str(run.ordinals[-1 - up]) if up < len(run.ordinals) else None

    return Reading(0, lambda run: [value] if (value := get(run)) else [], get)
