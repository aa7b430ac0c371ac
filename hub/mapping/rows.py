"""Compiles one row of a mapping to one closure: find the value, turn it, look at it, write it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.mapping.access import Test, Values
from hub.mapping.pipeline import Stage, Unlisted
from hub.mapping.resolve import Chain
from hub.mapping.run import Frame
from hub.mapping.targets import Fault, Put
from hub.model.finding import Finding, Place, Severity

MAX_SHOWN = 35  # characters of a value that a finding shows
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


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes the findings of one row (or block): ``chain`` is where it stands, ``source`` the path as written."""

    chain: Chain
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
        return "/".join([*parts, self.source] if self.source not in ("", ".") else parts)


def shown(value: Any) -> str:
    """A value as a finding shows it: one line, cut short."""
    if isinstance(value, dict):
        value = next((part for part in value.values() if isinstance(part, str)), "")
    text = str(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Plan:
    """A row with everything resolved."""

    teller: Teller
    find: Values
    put: Put
    stages: Sequence[Stage] = ()
    fault: Fault | None = None
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


def one(plan: Plan) -> RunRow:
    """A row for one value, each of its functions working on one: the commonest kind."""
    find, put, fault, stages = plan.find, plan.put, plan.fault, [stage.call for stage in plan.stages]
    absent, failed = _absent(plan), _failed(plan)
    several = _several(plan)

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        values = find(frame)
        if not values:
            return absent(frame, item)
        value = values[0]
        if len(values) > 1:
            several(frame, values)
        try:
            for stage in stages:
                value = stage(value, frame)
        except ValueError as error:
            return failed(frame, item, values[0], error)
        if not value:
            return absent(frame, item)
        if fault is not None:
            _look(plan, fault, frame, value)
        put(item, value)
        return True

    return row


def all_of(plan: Plan) -> RunRow:
    """A row whose functions look at all values, or whose target takes all of them."""
    find, put = plan.find, plan.put
    absent, failed, several = _absent(plan), _failed(plan), _several(plan)

    def row(frame: Frame, item: dict[str, Any]) -> bool:
        found = find(frame)
        try:
            values = _staged(plan.stages, found, frame)
        except ValueError as error:
            return failed(frame, item, found[0] if found else "", error)
        if not values:
            return absent(frame, item)
        if not plan.many and len(values) > 1:
            several(frame, values)
            values = values[:1]
        elif plan.most is not None and len(values) > plan.most:
            plan.teller.tell(frame, "too-many", bound=str(plan.most))
            values = values[: plan.most]
        for value in values:
            if plan.fault is not None:
                _look(plan, plan.fault, frame, value)
            put(item, value)
        return True

    return row


def _staged(stages: Sequence[Stage], values: list[Any], frame: Frame) -> list[Any]:
    for stage in stages:
        if stage.whole:
            made = stage.call(values, frame)
            values = list(made) if isinstance(made, list) else [made] if made else []
        else:
            values = [made for made in (stage.call(value, frame) for value in values) if made]
    frame[0].spend(sum(map(len, values)) // 1000)
    return values


def _look(plan: Plan, fault: Fault, frame: Frame, value: str) -> None:
    wrong = fault(value)
    if wrong is not None:
        plan.teller.tell(frame, wrong[0], bound=wrong[1], value=shown(value))


def _absent(plan: Plan) -> RunRow:
    put, default, required, teller = plan.put, plan.default, plan.required, plan.teller

    def absent(frame: Frame, item: dict[str, Any]) -> bool:
        if default is not None:
            put(item, default)
        elif required:
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
        else:
            plan.teller.tell(frame, "not-in-table", value=shown(value))
        return False

    return failed


def _several(plan: Plan) -> Callable[[Frame, list[Any]], None]:
    def several(frame: Frame, values: list[Any]) -> None:
        if any(value != values[0] for value in values):
            plan.teller.tell(frame, "several", Severity.WARNING, count=str(len(values)))

    return several
