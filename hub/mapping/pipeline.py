"""Compiles the ``with`` and ``table`` of a row to stages, each a closure over one value or over all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from hub.mapping.functions import FUNCTIONS, Function
from hub.mapping.resolve import Route
from hub.mapping.run import Frame
from hub.mapping.signatures import complaint
from hub.mapping.syntax import Call
from hub.schema.codes import Translation

_FORMAT = 2  # place of the argument of date and birth that says the format and so makes a neighbour superfluous

_PICKING = ("first", "last")


class Unlisted(ValueError):
    """A code is not in its table, and the row says that this is an error."""


class Ambiguous(Unlisted):
    """A code is in its table more than once, with different translations; the message lists them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: from a value (or, when ``whole``, the list of values) and the frame to the next. None is nothing."""

    call: Callable[[Any, Frame], Any]
    whole: bool = False
    name: str = ""


def named(calls: Sequence[Call]) -> list[Function]:
    """The functions that ``calls`` name. Raises ValueError for an unknown one or arguments that do not fit."""
    functions = []
    for call in calls:
        function = FUNCTIONS.get(call.name)
        if function is None:
            close = get_close_matches(call.name, list(FUNCTIONS), 1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(FUNCTIONS)}"
            raise ValueError(f"unknown function {call.name}; {hint}")
        wrong = complaint(function, call.args)
        if wrong is not None:
            raise ValueError(f"{wrong}; mend the call {call.name}(…)")
        functions.append(function)
    return functions


def opening(calls: Sequence[Call]) -> str:
    """The name of the first function that changes a value (``first`` and ``last`` only pick one), or nothing."""
    return next((call.name for call in calls if call.name not in _PICKING), "")


def neighbour(route: Route, calls: Sequence[Call]) -> bool:
    """Whether the first function reads the neighbour of the route's last element (2379 beside 2380); ``first`` and
    ``last`` may stand before it."""
    call = next((call for call in calls if call.name not in _PICKING), None)
    beside = FUNCTIONS[call.name].beside if call else None
    if call is None or beside is None or not route.hops or route.end.key != beside[0]:
        return False
    if call.name in ("date", "birth") and len(call.args) >= _FORMAT and call.args[1]:
        return False
    return len(route.nodes) > 1 and route.nodes[-2].child(beside[1]) is not None


def beside(route: Route, calls: Sequence[Call]) -> list[str]:
    """The full name of the neighbour that the first function reads, if it reads one."""
    if not neighbour(route, calls):
        return []
    _, other = FUNCTIONS[opening(calls)].beside or ("", "")
    return ["/".join([*route.name.split("/")[:-1], other])]


def stages(calls: Sequence[Call]) -> list[Stage]:
    """``calls`` compiled; :func:`named` has accepted them."""
    return [_stage(FUNCTIONS[call.name], call.args) for call in calls]


def _stage(function: Function, args: tuple[Any, ...]) -> Stage:
    call = function.call
    if function.whole:
        return Stage(lambda values, frame: call(values, *args), True, function.name)
    if function.beside is not None:
        return Stage(_beside(function, args))
    if not args:
        return Stage(lambda value, frame: call(value))
    return Stage(lambda value, frame: call(value, *args))


def _beside(function: Function, args: tuple[Any, ...]) -> Callable[[Any, Frame], Any]:
    """The value may be a composite: then its leaf is the value and its neighbour explains it."""
    call = function.call
    leaf, other = function.beside or ("", "")

    def run(value: Any, frame: Frame) -> Any:
        if not isinstance(value, dict):
            return call(value, *args)
        text = value.get(leaf)
        return call(text, *args, beside=value.get(other) or "") if text else None

    def run_now(value: Any, frame: Frame) -> Any:
        now = frame[0].context.hub.get("now", 0)
        if not isinstance(value, dict):
            return call(value, *args, now=now)
        text = value.get(leaf)
        return call(text, *args, beside=value.get(other) or "", now=now) if text else None

    return run_now if function.now else run


def lookup(translation: Translation, name: str, otherwise: str) -> Stage:
    """A stage that looks a code up; ``otherwise`` says what becomes of one that is not listed."""
    table, ambiguous = translation.values, translation.ambiguous

    def listed(value: Any, frame: Frame) -> Any:
        found = table.get(str(value))
        if found is None:
            several = ambiguous.get(str(value))
            raise Ambiguous(", ".join(text or "–" for text in several)) if several else Unlisted(name)
        return found

    if otherwise == "pass":
        return Stage(lambda value, frame: table.get(str(value), value))
    return Stage(listed)
