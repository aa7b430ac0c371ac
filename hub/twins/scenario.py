"""A scenario: what goes wrong with an agency, and when. A TOML file with events; docs/twins.md describes it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from hub.config import located
from hub.config.located import Table
from hub.config.units import Duration
from hub.errors import ConfigError, SchemaUnknown
from hub.model.twin import Answer, Verdict
from hub.schema.catalog import Catalog

MAX_TIMES = 10_000


class Do(StrEnum):
    """What happens."""

    DELAY = "delay"  # the answers come later
    OUTAGE = "outage"  # nothing is fetched, answered or sent
    ANSWER = "answer"  # another verdict than the usual one
    CONTRADICT = "contradict"  # the usual answer, and later one that says otherwise
    FLOOD = "flood"  # every answer many times
    HOLD = "hold"  # no answer until so many messages have come; then all of them at once
    REORDER = "reorder"  # answers come in any order
    GARBAGE = "garbage"  # bytes that mean nothing, instead of an answer
    UNASKED = "unasked"  # besides the answer, one to a message that never was
    FORGE = "forge"  # the signature does not verify
    SILENCE = "silence"  # no answer


_NEEDS = {
    Do.DELAY: {"for_"},
    Do.ANSWER: {"verdict"},
    Do.CONTRADICT: {"verdict", "for_"},
    Do.FLOOD: {"times"},
    Do.HOLD: {"times", "for_"},
    Do.REORDER: {"for_"},
}
_MAY = {Do.OUTAGE: {"for_"}, Do.ANSWER: {"code", "text"}, Do.CONTRADICT: {"code", "text"}, Do.FLOOD: {"for_"}}
_PARAMETERS = ("for_", "times", "verdict", "code", "text")
_NUMBER = re.compile(r"every ([1-9]\d{0,5})|([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?")


class EventTable(Table):
    """``[[event]]``: when, and what."""

    do: Do
    number: Annotated[str, Field(pattern=f"^(?:{_NUMBER.pattern})$")] | None = None
    type: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    contains: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    after: Duration | None = None
    until: Duration | None = None
    for_: Duration | None = Field(None, alias="for")
    times: Annotated[int, Field(ge=2, le=MAX_TIMES)] | None = None
    verdict: Verdict | None = None
    code: Annotated[str, Field(max_length=17)] | None = None
    text: Annotated[str, Field(max_length=350)] | None = None

    @model_validator(mode="after")
    def _fitting(self) -> "EventTable":
        needed, given = _NEEDS.get(self.do, set()), {name for name in _PARAMETERS if getattr(self, name) is not None}
        if missing := sorted(needed - given):
            raise ValueError(f"{self.do} needs {_plain(missing)}; add it")
        if extra := sorted(given - needed - _MAY.get(self.do, set())):
            raise ValueError(f"{self.do} has no {_plain(extra)}; remove it")
        if self.do is Do.OUTAGE and {self.number, self.type, self.contains} != {None}:
            raise ValueError("an outage begins at a time; write after, and for or until")
        if self.verdict is Verdict.REFUSE and not self.code:
            raise ValueError('a refusal needs a code; add code = "…"')
        return self

    @property
    def answer(self) -> Answer:
        """What is answered instead."""
        return Answer(self.verdict or Verdict.ACCEPT, self.code or "", self.text or "")

    def meets(self, asked: "Asked") -> bool:
        """Whether this happens to ``asked``."""
        return (
            (self.number is None or _counted(self.number, asked.number))
            and (self.type is None or self.type in asked.types)
            and (self.contains is None or self.contains.encode() in asked.data)
            and (self.after or 0) <= asked.at
            and (self.until is None or asked.at < self.until)
        )


class ScenarioTable(Table):
    """A whole file. ``seed`` decides what is left to chance: the same seed, the same course."""

    seed: int = 0
    event: list[EventTable] = Field(min_length=1, max_length=200)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as events see it: its ordinal (from 1), the types in it, its bytes, and when it came, in microseconds
    since the scenario began."""

    number: int
    types: frozenset[str]
    data: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to each message, and when the agency is away."""

    seed: int
    events: tuple[EventTable, ...]

    def of(self, asked: Asked) -> list[EventTable]:
        """What happens to ``asked``, in the order of the file."""
        return [event for event in self.events if event.do is not Do.OUTAGE and event.meets(asked)]

    def away(self, at: int, back: bool) -> bool:
        """Whether there is an outage ``at`` microseconds after the beginning. One without an end lasts until the agency
        is told that it is ``back``."""
        return any(_lasts(event, at, back) for event in self.events if event.do is Do.OUTAGE)


def load(path: Path, catalog: Catalog) -> Scenario:
    """The scenario in ``path``. Raises ConfigError with every problem as ``file:line: key: what``."""
    toml = located.load(path)
    file = located.validate(ScenarioTable, toml)
    problems = []
    for index, event in enumerate(file.event):
        if event.type is not None:
            try:
                catalog.get(event.type)
            except SchemaUnknown as error:
                problems.append(toml.problem(("event", index, "type"), str(error)))
    if problems:
        raise ConfigError(problems)
    return Scenario(file.seed, tuple(file.event))


def _lasts(event: EventTable, at: int, back: bool) -> bool:
    start = event.after or 0
    if event.for_ is None and event.until is None:
        return start <= at and not back
    ends = [start + event.for_] if event.for_ is not None else []
    return start <= at < min([*ends, *([event.until] if event.until is not None else [])])


def _counted(text: str, number: int) -> bool:
    match = _NUMBER.fullmatch(text)
    assert match is not None  # the table has it so
    every, first, last = match.groups()
    return number % int(every) == 0 if every else int(first) <= number <= int(last or first)


def _plain(names: list[str]) -> str:
    return ", ".join(name.rstrip("_") for name in names)
