"""Compiles target paths to closures that write into the Document being made, and checks what is written.

A step that may repeat is written in its first repetition (a block with ``into`` makes new ones); a filter such as
``RFF[1153='BM']`` writes in the repetition that has this value, and makes it when there is none yet.
"""

import re
from collections.abc import Callable
from typing import Any

from hub.mapping.resolve import Hop, PathProblem, leaf
from hub.mapping.syntax import Both, Compare, Condition, Path, Start
from hub.schema.model import DataType, Node, Schema
from hub.schema.patterns import written

Put = Callable[[dict[str, Any], str], None]
Reach = Callable[[dict[str, Any]], dict[str, Any]]
Fault = Callable[[str], tuple[str, str] | None]
"""What is wrong with a value for its place: a key of the finding texts and the bound, or None."""

_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_INTEGER = re.compile(r"[+-]?\d+")
_COUNTS_DIGITS = (DataType.NUMERIC, DataType.DECIMAL)
NO_LIMIT = 1 << 60
_MAX_POSITION = 99  # positions that [n] may ask for in a list of values


def put(hops: tuple[Hop, ...]) -> Put:
    """A function that writes one value; in a leaf that repeats it is added behind those already there."""
    last = hops[-1]
    write = _leaf(last)
    if len(hops) == 1:
        return write
    into = reach(hops[:-1])
    return lambda item, value: write(into(item), value)


def _leaf(hop: Hop) -> Put:
    key = hop.node.key
    if not hop.repeated:
        if hop.step.tests:
            raise PathProblem(f"{key} does not repeat; write it without […]")
        return lambda item, value: item.__setitem__(key, value)
    if not hop.step.tests:
        return lambda item, value: item.setdefault(key, []).append(value)
    if len(hop.step.tests) != 1 or not isinstance(hop.step.tests[0], int) or hop.step.tests[0] > _MAX_POSITION:
        raise PathProblem(f"behind {key} may stand one position from [1] to [{_MAX_POSITION}]")
    return _position(key, hop.step.tests[0])


def _position(key: str, number: int) -> Put:
    def write(item: dict[str, Any], value: str) -> None:
        values = item.setdefault(key, [])
        values.extend([""] * (number - len(values)))
        values[number - 1] = value

    return write


def reach(hops: tuple[Hop, ...]) -> Reach:
    """A function from the item above ``hops`` to the dict that they lead to, made where it is not there yet."""
    steps = [_step(hop) for hop in hops]
    if len(steps) == 1:
        return steps[0]

    def into(item: dict[str, Any]) -> dict[str, Any]:
        for step in steps:
            item = step(item)
        return item

    return into


def _step(hop: Hop) -> Reach:
    key = hop.node.key
    if hop.repeated:
        return _matching(hop) if hop.step.tests else _first(key)
    if hop.step.tests:
        raise PathProblem(f"{key} does not repeat; write it without […]")

    def one(item: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] | None = item.get(key)
        if found is None:
            found = item[key] = {}
        return found

    return one


def _first(key: str) -> Reach:
    def first(item: dict[str, Any]) -> dict[str, Any]:
        found = item.get(key)
        if not found:
            found = item[key] = [{}]
        made: dict[str, Any] = found[0]
        return made

    return first


def _matching(hop: Hop) -> Reach:
    wanted = [(path, value) for test in hop.step.tests for path, value in _equalities(test)]
    marks = [(_hops(path, hop), value) for path, value in wanted]
    writes = [(put(hops), value) for hops, value in marks]
    keys = [([part.node.key for part in hops], value) for hops, value in marks]
    key = hop.node.key

    def matching(item: dict[str, Any]) -> dict[str, Any]:
        items: list[dict[str, Any]] = item.setdefault(key, [])
        for found in items:
            if all(_holds(found, steps, value) for steps, value in keys):
                return found
        made: dict[str, Any] = {}
        for write, value in writes:
            write(made, value)
        items.append(made)
        return made

    return matching


def _holds(item: Any, keys: list[str], value: str) -> bool:
    for key in keys:
        item = item.get(key) if isinstance(item, dict) else None
    return bool(item == value)


def _hops(path: Path, hop: Hop) -> tuple[Hop, ...]:
    found = leaf(path, (hop.node,))
    if path.start is not Start.HERE or path.up or found.many:
        raise PathProblem(f"{path.text} in a target filter must be one value below {hop.node.key}")
    return found.hops


def _equalities(test: "int | Condition") -> list[tuple[Path, str]]:
    if isinstance(test, Both):
        return [pair for part in test.parts for pair in _equalities(part)]
    if isinstance(test, Compare) and test.operator == "=" and isinstance(test.right, str) and not test.count:
        return [(test.left, test.right)]
    raise PathProblem("a target filter says which values mark the repetition, as in RFF[1153='BM']")


def marks(hops: tuple[Hop, ...]) -> list[tuple[int, tuple[Hop, ...]]]:
    """The values that the filters among ``hops`` write: how many hops lead to each, and the hops below."""
    return [
        (number, _hops(path, hop))
        for number, hop in enumerate(hops, 1)
        for test in hop.step.tests
        if not isinstance(test, int)
        for path, _ in _equalities(test)
    ]


def fault(node: Node, schema: Schema) -> Fault | None:
    """What to look at before a value is written to ``node``, beside its length; None when anything goes."""
    checks = [
        check for check in (_type(node), _length(node), _patterns(node), _codes(node, schema)) if check is not None
    ]
    if len(checks) <= 1:
        return checks[0] if checks else None

    def all_of(value: str) -> tuple[str, str] | None:
        for check in checks:
            wrong = check(value)
            if wrong is not None:
                return wrong
        return None

    return all_of


def _type(node: Node) -> Fault | None:
    if node.type in (DataType.NUMERIC, DataType.DECIMAL):
        return lambda value: None if _NUMBER.fullmatch(value) else ("not-a-number", node.key)
    if node.type is DataType.INTEGER:
        return lambda value: None if _INTEGER.fullmatch(value) else ("not-a-number", node.key)
    return None


def limit(node: Node) -> int:
    """How many characters ``node`` takes; for numbers :func:`fault` counts the digits."""
    return NO_LIMIT if node.max_length is None or node.type in _COUNTS_DIGITS else node.max_length


def _length(node: Node) -> Fault | None:
    most, least = node.max_length, node.min_length
    if node.type in _COUNTS_DIGITS and most is not None:
        return lambda value: _bounds(len(value.lstrip("-").replace(".", "").replace(",", "")), least, most)
    return (lambda value: _bounds(len(value), least, None)) if least > 1 else None


def _bounds(length: int, least: int, most: int | None) -> tuple[str, str] | None:
    if most is not None and length > most:
        return "too-long", str(most)
    return ("too-short", str(least)) if length < least else None


def _patterns(node: Node) -> Fault | None:
    if not node.patterns:
        return None
    groups, shown = node.patterns, written(node.patterns[0][0])
    return lambda value: (
        None if all(any(one.match(value) for one in group) for group in groups) else ("not-of-pattern", shown)
    )


def _codes(node: Node, schema: Schema) -> Fault | None:
    codes = schema.codes.get(node.codes) if node.codes else None
    if not codes:
        return None
    name = node.codes or ""
    return lambda value: None if value in codes else ("not-in-list", name)
