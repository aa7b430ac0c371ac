"""Compiles one row of a mapping to one closure: find the value, turn it, look at it, write it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.mapping import targets
from hub.mapping.access import Reading, Value
from hub.mapping.conditions import Test
from hub.mapping.pipeline import Ambiguous, Stage, Unlisted
from hub.mapping.resolve import Chain
from hub.mapping.run import Frame
from hub.mapping.targets import Fault, Put
from hub.model.finding import Finding, Place, Severity

MAX_SHOWN = 35  # characters of a value that a finding shows
_LONG = 1_000  # a value made of several is charged to the budget for every so many characters
_PICKS = {"first": 0, "last": -1}
Call = Callable[[Any, Frame], Any]
RunRow = Callable[[Frame, dict[str, Any]], bool]
"""Writes into the item; True when it wrote something that came from the source."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What one row does, for lineage and for people: its line in the file, and full paths without filters."""

    line: int
    target: str
    sources: tuple[str, ...]
    const: str | None = None
    functions: str = ""
    table: str = ""
    note: str = ""
    when: str = ""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes the findings of one row (or block): ``chain`` is where its path starts, ``below`` the path from there;
    ``source`` is what the row says."""

    chain: Chain
    below: str
    source: str
    target: str
    table: str = ""

    def tell(self, frame: Frame, key: str, severity: Severity = Severity.ERROR, **params: str) -> None:
        """Add the finding ``mapping.<key>`` to the run."""
        given = {"source": self.source, "target": self.target, **params}
        if self.table:
            given["table"] = self.table
        if frame[0].hears(severity):
            place = Place(path=self.place(frame))
            frame[0].findings.append(Finding(f"mapping.{key}", place, severity, tuple(given.items())))

    def place(self, frame: Frame) -> str:
        """Where the loops stand, with ordinals, and the path below: ``SG4[3]/DTM[2005='329']/2380``."""
        parts = []
        for at, node in enumerate(self.chain[1:], 1):
            siblings = frame[at].get(node.key)
            here = frame[at + 1]
            many = isinstance(siblings, list)
            number = next((n for n, item in enumerate(siblings, 1) if item is here), 1) if many else 0
            parts.append(f"{node.key}[{number}]" if many else node.key)
        return "/".join([*parts, self.below] if self.below else parts) or self.source


def shown(value: Any) -> str:
    """A value as a finding shows it: one line, cut short."""
    if isinstance(value, dict):
        value = next((part for part in value.values() if isinstance(part, str)), "")
    text = str(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Plan:
    """A row with everything resolved. ``key`` is the target's when it is in the item itself and does not repeat."""

    teller: Teller
    reading: Reading
    put: Put
    stages: Sequence[Stage] = ()
    key: str = ""
    fault: Fault | None = None
    limit: int = targets.NO_LIMIT
    many: bool = False  # the target repeats
    most: int | None = None  # how often the target may repeat
    default: str | None = None
    otherwise: str = "error"
    required: bool = False


def constant(put: Put, value: str, when: Test | None) -> RunRow:
    """A row that always writes the same."""

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        if when is None or when(frame):
            put(item, value)
        return False

    return row


def guarded(row: RunRow, when: Test) -> RunRow:
    """A row that is written only ``when``."""
    return lambda frame, item: when(frame) and row(frame, item)


def compiled(plan: Plan) -> RunRow:
    """The row of ``plan``: for one value where its functions and its target allow, else for all of them."""
    picks = bool(plan.stages) and plan.stages[0].name in _PICKS
    stages = plan.stages[1:] if picks else plan.stages
    if plan.many or any(stage.whole for stage in stages):
        return _all_of(plan)
    calls = [stage.call for stage in stages]
    if plan.reading.get is not None:
        plain = not calls and plan.fault is None and plan.key and plan.default is None and not plan.required
        return _plain(plan, plan.reading.get) if plain else _lone(plan, plan.reading.get, calls)
    return _one(plan, calls, _PICKS[plan.stages[0].name] if picks else None)


def _plain(plan: Plan, get: Value) -> RunRow:
    """A row that copies one value, if it is there: a short way for the commonest row of all."""
    at, limit, key = plan.reading.at, plan.limit, plan.key

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        value = get(frame[at])
        if not value:
            return False
        if len(value) > limit:
            _tell(plan, frame, ("too-long", str(limit)), value)
        item[key] = value
        return True

    return row


def _lone(plan: Plan, get: Value, calls: list[Call]) -> RunRow:
    """A row for a path that leads to one value."""
    at, put, fault, limit, key = plan.reading.at, plan.put, plan.fault, plan.limit, plan.key
    absent, failed = _absent(plan), _failed(plan)

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        found = value = get(frame[at])
        if not value:
            return absent is not None and absent(frame, item)
        try:
            for call in calls:
                value = call(value, frame)
                if not value:  # a measure without its number, a piece that is not there
                    break
        except ValueError as error:
            return failed(frame, item, found, error)
        if not value:
            return absent is not None and absent(frame, item)
        if fault is not None and (wrong := fault(value)) is not None:
            _tell(plan, frame, wrong, value)
        if len(value) > limit:
            _tell(plan, frame, ("too-long", str(limit)), value)
        if key:
            item[key] = value
        else:
            put(item, value)
        return True

    return row


def _one(plan: Plan, calls: list[Call], pick: int | None) -> RunRow:
    """A row that takes one of several values: the ``pick``, or the first with a remark when there are others."""
    at, find, put, fault = plan.reading.at, plan.reading.find, plan.put, plan.fault
    limit, key = plan.limit, plan.key
    absent, failed, several = _absent(plan), _failed(plan), _several(plan)
    place = pick or 0

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        values = find(frame[at])
        if not values:
            return absent is not None and absent(frame, item)
        if pick is None and len(values) > 1:
            several(frame, values)
        value = values[place]
        try:
            for call in calls:
                value = call(value, frame)
                if not value:  # a measure without its number, a piece that is not there
                    break
        except ValueError as error:
            return failed(frame, item, values[place], error)
        if not value:
            return absent is not None and absent(frame, item)
        if fault is not None and (wrong := fault(value)) is not None:
            _tell(plan, frame, wrong, value)
        if len(value) > limit:
            _tell(plan, frame, ("too-long", str(limit)), value)
        if key:
            item[key] = value
        else:
            put(item, value)
        return True

    return row


def _all_of(plan: Plan) -> RunRow:
    """A row whose functions look at all values, or whose target takes all of them."""
    at, find, put, fault, stages = plan.reading.at, plan.reading.find, plan.put, plan.fault, plan.stages
    limit = plan.limit
    absent, failed = _absent(plan), _failed(plan)

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        found = values = find(frame[at])
        try:
            if stages:
                values = _staged(stages, values, frame)
        except ValueError as error:
            return failed(frame, item, found[0] if found else "", error)
        if not values:
            return absent is not None and absent(frame, item)
        for value in values if len(values) == 1 else _bounded(plan, frame, values):
            if fault is not None and (wrong := fault(value)) is not None:
                _tell(plan, frame, wrong, value)
            if len(value) > limit:
                _tell(plan, frame, ("too-long", str(limit)), value)
            put(item, value)
        return True

    return row


def _bounded(plan: Plan, frame: Frame, values: list[Any]) -> list[Any]:
    """As many of ``values`` as the target takes."""
    if not plan.many:
        _several(plan)(frame, values)
        return values[:1]
    if plan.most is not None and len(values) > plan.most:
        plan.teller.tell(frame, "too-many", bound=str(plan.most))
        return values[: plan.most]
    return values


def _staged(stages: Sequence[Stage], values: list[Any], frame: Frame) -> list[Any]:
    for stage in stages:
        if stage.whole:
            made = stage.call(values, frame)
            values = made if isinstance(made, list) else [made] if made else []
        else:
            call = stage.call
            values = [made for value in values if (made := call(value, frame))]
        if len(values) == 1 and len(values[0]) > _LONG:
            frame[0].spend(len(values[0]) // _LONG)
    return values


def _tell(plan: Plan, frame: Frame, wrong: tuple[str, str], value: str) -> None:
    plan.teller.tell(frame, wrong[0], bound=wrong[1], value=shown(value))


def _absent(plan: Plan) -> RunRow | None:
    """What to do without a value; None when that is nothing."""
    put, default, required, teller = plan.put, plan.default, plan.required, plan.teller

    if default is None and not required:
        return None

    def absent(frame: Frame, item: dict[str, Any]) -> bool:
        if default is not None:
            put(item, default)
        else:
            teller.tell(frame, "missing")
        return False

    return absent


def _failed(plan: Plan) -> Callable[[Frame, dict[str, Any], Any, ValueError], bool]:
    def failed(frame: Frame, item: dict[str, Any], value: Any, error: ValueError) -> bool:
        if not isinstance(error, Unlisted):
            plan.teller.tell(frame, "unconvertible", value=shown(value), reason=str(error))
        elif plan.otherwise == "default" and plan.default is not None:
            plan.teller.tell(frame, "defaulted", Severity.WARNING, value=shown(value))
            plan.put(item, plan.default)
        elif isinstance(error, Ambiguous):
            plan.teller.tell(frame, "ambiguous", value=shown(value), several=str(error))
        else:
            plan.teller.tell(frame, "not-in-table", value=shown(value))
        return False

    return failed


def _several(plan: Plan) -> Callable[[Frame, list[Any]], None]:
    def several(frame: Frame, values: list[Any]) -> None:
        if any(value != values[0] for value in values):
            plan.teller.tell(frame, "several", Severity.WARNING, count=str(len(values)))

    return several
