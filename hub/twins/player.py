"""A player plays a scenario: it stands before an agency, passes messages on, and bends what comes of them."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Protocol

from hub.clock import Clock
from hub.twins import journal
from hub.twins.agency import Agency, Handled
from hub.twins.desk import Item, Reply
from hub.twins.scenario import Asked, Do, EventTable, Scenario

_GARBAGE = 400  # bytes
_SIGNATURE = b"SignatureValue>"


class Office(Protocol):
    """What takes messages and answers: an agency, or a player before it."""

    def detached(self, name: str) -> bool:
        """Whether a file of that name is complete only with its detached signature beside it."""

    def handle(self, item: Item) -> Handled:
        """What comes of ``item``."""

    def away(self) -> bool:
        """Whether nobody is there."""


@dataclass(slots=True)
class _Log:
    """When the scenario began, and which message was which; in ``file``, or as long as the object lasts."""

    file: Path | None
    clock: Clock
    numbers: dict[str, int] = field(default_factory=dict)
    began: int = -1

    def __post_init__(self) -> None:
        for entry in journal.entries(self.file) if self.file else ():
            self._apply(entry)
        if self.began < 0:
            self._note({"began": self.clock()})

    def number(self, item: Item) -> int:
        """The ordinal of ``item``, from 1; the same for the same bytes under the same name."""
        if item.key not in self.numbers:
            self._note({"item": item.key})
        return self.numbers[item.key]

    def _note(self, entry: dict[str, object]) -> None:
        if self.file:
            journal.append(self.file, [entry])
        self._apply(entry)

    def _apply(self, entry: dict[str, object]) -> None:
        if isinstance(began := entry.get("began"), int):
            self.began = began
        else:
            self.numbers[str(entry["item"])] = len(self.numbers) + 1


class Player:
    """Plays ``scenario`` with ``agency``. In ``folder`` it keeps what it needs to go on after a kill, and looks for a
    file ``back`` that ends an outage without an end; without a folder it keeps nothing, and ``told`` says so."""

    def __init__(
        self, agency: Agency, scenario: Scenario, clock: Clock, folder: Path | None = None,
        told: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._agency, self._scenario, self._clock = agency, scenario, clock
        self._log = _Log(folder / "scenario.log" if folder else None, clock)
        self._back = (folder / "back").exists if folder else told
        self._came: dict[EventTable, set[int]] = {}

    def detached(self, name: str) -> bool:
        """As the agency's."""
        return self._agency.detached(name)

    def away(self) -> bool:
        """Whether there is an outage now."""
        return self._scenario.away(self._clock() - self._log.began, self._back())

    def handle(self, item: Item) -> Handled:
        """What comes of ``item``, bent by every event that it meets."""
        number = self._log.number(item)
        asked = Asked(number, self._agency.types(item), item.data, item.since - self._log.began)
        events = self._scenario.of(asked)
        if any(self._held(event, number, item) for event in events if event.do is Do.HOLD):
            return Handled(waiting=True)
        forced = next((event.answer for event in events if event.do is Do.ANSWER), None)
        handled = self._agency.handle(item, instead=forced)
        if handled.waiting or handled.suspect:
            return handled
        answers = list(handled.answers)
        chance = Random(f"{self._scenario.seed} {number}")
        for event in events:
            answers = list(self._bent(event, item, answers, chance))
        return replace(handled, answers=tuple(answers))

    def _held(self, event: EventTable, number: int, item: Item) -> bool:
        """Whether ``item`` still waits for others."""
        came = self._came.setdefault(event, set())
        came.add(number)
        return len(came) < (event.times or 0) and self._clock() < item.since + (event.for_ or 0)

    def _bent(self, event: EventTable, item: Item, answers: list[Reply], chance: Random) -> Iterator[Reply]:
        later = event.for_ or 0
        match event.do:
            case Do.DELAY:
                yield from (replace(one, after=one.after + later) for one in answers)
            case Do.SILENCE:
                return
            case Do.FLOOD:
                times = range(event.times or 1)
                yield from (
                    _named(one, f"flood{n}", one.after + later * n // len(times)) for n in times for one in answers
                )
            case Do.REORDER:
                yield from (replace(one, after=chance.randrange(later + 1)) for one in answers)
            case Do.GARBAGE:
                yield from (replace(one, data=chance.randbytes(_GARBAGE)) for one in answers)
            case Do.FORGE:
                yield from (replace(one, data=forged(one.data)) for one in answers)
            case Do.UNASKED:
                yield from (*answers, *self._agency.handle(item, label="unasked", strange=True).answers)
            case Do.CONTRADICT:
                other = self._agency.handle(item, instead=event.answer, label="contradiction").answers
                yield from (*answers, *(replace(one, after=one.after + later) for one in other))
            case _:  # it has had its effect before the agency was asked
                yield from answers


def _named(reply: Reply, label: str, after: int) -> Reply:
    stem, dot, suffix = reply.name.partition(".")
    return replace(reply, name=f"{stem}.{label}{dot}{suffix}", after=after)


def forged(data: bytes) -> bytes:
    """``data`` with a signature that does not verify; without one inside, with its last byte turned."""
    at = data.find(_SIGNATURE)
    if at < 0:
        return data[:-1] + bytes([data[-1] ^ 1])
    start, end = at + len(_SIGNATURE), data.index(b"<", at)
    value = bytearray(base64.b64decode(data[start:end]))
    value[0] ^= 1
    return data[:start] + base64.b64encode(value) + data[end:]
