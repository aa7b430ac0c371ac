"""Compiles conditions to closures, over whatever the paths inside are compiled for: the frame, or one group."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.mapping.syntax import Among, Both, Compare, Condition, Either, Exists, Not, Path

Values = Callable[[Any], list[Any]]
"""From a subject (a frame, or one node) to what a path finds there."""
Test = Callable[[Any], bool]
Operand = Callable[[Path, bool], Values]
"""Compiles a path of a condition; the flag says whether it must end in a value."""


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
    holds, (first, second) = _ORDER[operator], (min, max) if operator.startswith("<") else (max, min)

    def some(subject: Any) -> bool:
        """Whether any value on the left stands so to any on the right: then the two that are furthest apart do."""
        these, those = list(_decimals(left(subject))), list(_decimals(right(subject)))
        return bool(these and those) and holds(first(these), second(those))

    return some


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: bool(one == other),
    "!=": lambda one, other: bool(one != other),
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}
