"""Compiles source paths and conditions to closures over the frame of a running mapping.

A frame is a list: slot 0 is the Run, slot 1 the document, slot n the group that the n-th level of the current loops
stands at. A path is compiled to a function of the frame that returns the values (or groups) found, in document order.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.mapping.resolve import Chain, Hop, PathProblem, Route, leaf, route
from hub.mapping.run import Frame, Run
from hub.mapping.syntax import Among, Both, Compare, Condition, Either, Exists, Not, Path, Start

Values = Callable[[Any], list[Any]]
"""From a subject (a frame, or one node) to what a path finds there."""
Value = Callable[[Any], Any]
Test = Callable[[Any], bool]
Operand = Callable[[Path, bool], Values]
"""Compiles a path of a condition; the flag says whether it must end in a value."""

_EMPTY: dict[str, Any] = {}
CONTEXTS = ("hub", "partner", "lane", "case")


def slot(chain: Chain) -> int:
    """The slot of the frame in which ``chain[-1]`` stands."""
    return len(chain)


def finder(hops: tuple[Hop, ...]) -> Values:
    """A function from the node above ``hops`` to all that they lead to."""
    if all(not hop.repeated for hop in hops):
        alone = getter(hops)

        def one(node: Any) -> list[Any]:
            value = alone(node)
            return [value] if value else []

        return one
    walk = _walk(hops)

    def many(node: Any) -> list[Any]:
        found: list[Any] = []
        walk(node, found.append)
        return found

    return many


def getter(hops: tuple[Hop, ...]) -> Value:
    """A function from the node above ``hops``, none of them repeated or filtered, to the one value or None."""
    keys = [hop.node.key for hop in hops]
    tests = [test for hop in hops for test in hop_tests(hop)]
    if tests or len(keys) > 3:
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


Walk = Callable[[Any, Callable[[Any], None]], None]


def _walk(hops: tuple[Hop, ...]) -> Walk:
    single = 0
    while single < len(hops) and not hops[single].repeated:
        single += 1
    reach = getter(hops[:single])
    if single == len(hops):
        return _final(reach)
    items = choose(hops[single])
    rest = hops[single + 1 :]
    return _many(reach if single else None, items, _walk(rest) if rest else None)


def _final(reach: Value) -> Walk:
    def walk(node: Any, emit: Callable[[Any], None]) -> None:
        value = reach(node)
        if value:
            emit(value)

    return walk


def _many(reach: Value | None, items: Callable[[Any], list[Any]], inner: Walk | None) -> Walk:
    def walk(node: Any, emit: Callable[[Any], None]) -> None:
        if reach is not None:
            node = reach(node)
            if not node:
                return
        if inner is None:
            for item in items(node):
                if item:
                    emit(item)
        else:
            for item in items(node):
                inner(item, emit)

    return walk


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
    if equal is not None:
        return equal
    passes = condition(test, _item(hop))
    return lambda items: [item for item in items if passes(item)]


def _equality(test: Condition, hop: Hop) -> Callable[[list[Any]], list[Any]] | None:
    """The commonest filter, ``[1153='BM']`` with one element or one composite, without an inner call."""
    if not (isinstance(test, Compare) and test.operator == "=" and isinstance(test.right, str) and not test.count):
        return None
    found = _relative(test.left, hop, True)
    wanted = test.right
    if any(part.repeated or part.step.tests for part in found.hops) or not 1 <= len(found.hops) <= 2:
        return None
    keys = [part.node.key for part in found.hops]
    if len(keys) == 1:
        (only,) = keys
        return lambda items: [item for item in items if item.get(only) == wanted]
    upper, lower = keys
    return lambda items: [item for item in items if (item.get(upper) or _EMPTY).get(lower) == wanted]


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
            return context(path)
        if path.start is Start.INDEX:
            return index(path, chain)
        return outer((leaf if value else route)(path, chain), chain)

    return operand


def outer(found: Route, chain: Chain) -> Values:
    """A function of the frame. What stands outside the loop is looked up once per group and charged to the budget, so
    that a loop over a list cannot read that list again for each of its items."""
    at, find = slot(found.chain), finder(found.hops)
    if at == slot(chain) or not found.many:
        return lambda frame: find(frame[at])
    identity = object()

    def remembered(frame: Frame) -> list[Any]:
        run: Run = frame[0]
        held = run.memory.get(identity)
        if held is None or held[0] is not frame[at]:
            held = run.memory[identity] = (frame[at], find(frame[at]))
        run.spend(len(held[1]))
        return held[1]

    return remembered


def context(path: Path) -> Values:
    """``$partner/customs-id``: what the hub knows and the document does not say."""
    name, *keys = [step.name for step in path.steps]
    if name not in CONTEXTS or not keys:
        raise PathProblem(f"unknown path {path.text}; context paths are ${'/…, $'.join(CONTEXTS)}/…, and $index")

    def get(frame: Frame) -> list[Any]:
        value: Any = getattr(frame[0].context, name)
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return [] if value is None or value == "" or isinstance(value, dict) else [_scalar(value)]

    return get


def _scalar(value: Any) -> Any:
    """Times stay numbers for ``date``; everything else is text."""
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def index(path: Path, chain: Chain) -> Values:
    """``$index``: the ordinal of the innermost loop, counted from 1; ``^/$index`` of the loop around it."""
    up = path.up

    def get(frame: Frame) -> list[Any]:
        ordinals = frame[0].ordinals
        return [str(ordinals[-1 - up])] if up < len(ordinals) else []

    return get


def condition(test: Condition, operand: Operand) -> Test:
    """``test`` as a function of the subject that ``operand`` compiles paths for. A comparison holds when any value
    meets it; ``!=`` is exactly not ``=``. ``<`` and the like compare numbers, or texts when the right side is text."""
    if isinstance(test, Exists):
        find = operand(test.path, False)
        return lambda subject: bool(find(subject))
    if isinstance(test, Among):
        values, wanted = operand(test.path, True), frozenset(test.values)
        return lambda subject: any(str(value) in wanted for value in values(subject))
    if isinstance(test, Not):
        inner = condition(test.part, operand)
        return lambda subject: not inner(subject)
    if isinstance(test, Both):
        parts = [condition(part, operand) for part in test.parts]
        return lambda subject: all(part(subject) for part in parts)
    if isinstance(test, Either):
        parts = [condition(part, operand) for part in test.parts]
        return lambda subject: any(part(subject) for part in parts)
    return _comparison(test, operand)


def _comparison(test: Compare, operand: Operand) -> Test:
    left = operand(test.left, not test.count)
    if test.count:
        tally = _ORDER[test.operator]
        number = test.right
        return lambda subject: tally(Decimal(len(left(subject))), number)
    if isinstance(test.right, Path):
        return _paths(test.operator, left, operand(test.right, True))
    if isinstance(test.right, Decimal):
        return _numbers(test.operator, left, test.right)
    return _texts(test.operator, left, test.right)


def _texts(operator: str, left: Values, right: str) -> Test:
    if operator == "!=":
        return lambda subject: all(str(value) != right for value in left(subject))
    holds = _ORDER[operator]
    return lambda subject: any(holds(str(value), right) for value in left(subject))


def _numbers(operator: str, left: Values, right: Decimal) -> Test:
    if operator == "!=":
        return lambda subject: all(number != right for number in _decimals(left(subject)))
    holds = _ORDER[operator]
    return lambda subject: any(holds(number, right) for number in _decimals(left(subject)))


def _decimals(values: list[Any]) -> Iterator[Decimal]:
    for value in values:
        try:
            number = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            continue  # a text is neither more nor less than a number
        if number.is_finite():
            yield number


def _paths(operator: str, left: Values, right: Values) -> Test:
    if operator in ("=", "!="):
        equal = operator == "="
        return lambda subject: bool({str(v) for v in left(subject)} & {str(v) for v in right(subject)}) == equal
    holds = _ORDER[operator]
    return lambda subject: any(
        holds(one, other) for one in _decimals(left(subject)[:1]) for other in _decimals(right(subject)[:1])
    )


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: bool(one == other),
    "!=": lambda one, other: bool(one != other),
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}


def texts(find: Values) -> Values:
    """The values of ``find`` as texts."""
    return lambda frame: [str(value) for value in find(frame)]
