"""Group commit: one thread commits whatever arrived while the last batch was committing.

No timer and no delay when idle; one transaction and one fsync for many items when busy. A batch that fails is taken
apart: each of its items gets a transaction of its own, so that only the item at fault fails.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog

from hub.errors import HubError, SpoolFull, StoreError
from hub.spool.durable import SpoolError
from hub.store.database import Connection, Database

log = structlog.get_logger()

REFUSALS = (StoreError, SpoolError, SpoolFull)
"""What says that the disk or the database refused: no item is at fault, and all may go again."""

Work = Callable[[Connection, Sequence[Any]], Sequence[Any]]
"""Does one kind of item, all of a batch at once, on the batch's connection; returns one result an item, in order."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one batch takes: a number of items and their weight in bytes."""

    items: int = 256
    bytes: int = 16_000_000


class _Parcel:
    """Items that were submitted together: the future resolves when every one has its outcome."""

    __slots__ = ("future", "left", "outcomes")

    def __init__(self, size: int) -> None:
        self.future: Future[list[Any]] = Future()
        self.outcomes: list[Any] = [None] * size
        self.left = size

    def settle(self, index: int, outcome: Any) -> None:
        self.outcomes[index] = outcome
        self.left -= 1
        if not self.left:
            self.future.set_result(self.outcomes)


class _Item(NamedTuple):
    kind: str
    value: Any
    weight: int
    parcel: _Parcel
    place: int


class GroupCommit:
    """The only writer of the database. ``kinds`` is the explicit table of what it can do, in the order of a batch."""

    def __init__(self, database: Database, kinds: dict[str, Work], limits: Limits = Limits()) -> None:
        self._database = database
        self._kinds = kinds
        self._limits = limits
        self._items: deque[_Item] = deque()
        self._ready = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def stop(self) -> None:
        """Commit all that was submitted, then end."""
        with self._ready:
            self._stopping = True
            self._ready.notify()
        self._thread.join()

    def submit(self, kind: str, value: Any, weight: int = 0) -> "Future[Any]":
        """Queue ``value`` for the next batch. The future resolves after the fsync, with the result or the error."""
        alone: Future[Any] = Future()

        def settle(parcel: "Future[list[Any]]") -> None:
            (outcome,) = parcel.result()
            if isinstance(outcome, Exception):
                alone.set_exception(outcome)
            else:
                alone.set_result(outcome)

        self.submit_many(kind, [(value, weight)]).add_done_callback(settle)
        return alone

    def submit_many(self, kind: str, values: Sequence[tuple[Any, int]]) -> "Future[list[Any]]":
        """Queue several ``(value, weight)`` at once. When all are through, the future resolves to their outcomes in
        this order: the result of each, or the Exception that kept it from being done."""
        if kind not in self._kinds:
            raise HubError(f"the engine knows no work called {kind}")
        parcel = _Parcel(len(values))
        items = [_Item(kind, value, weight, parcel, index) for index, (value, weight) in enumerate(values)]
        if not items:
            parcel.future.set_result([])
        with self._ready:
            if self._stopping:
                raise HubError("the hub is stopping; send again when it is back")
            self._items.extend(items)
            self._ready.notify()
        return parcel.future

    def _run(self) -> None:
        while batch := self._next():
            self._commit(batch)

    def _next(self) -> list[_Item]:
        with self._ready:
            while not self._items and not self._stopping:
                self._ready.wait()
            batch: list[_Item] = []
            weight = 0
            while self._items and len(batch) < self._limits.items:
                if batch and weight + self._items[0].weight > self._limits.bytes:
                    break
                weight += self._items[0].weight
                batch.append(self._items.popleft())
            return batch

    def _commit(self, batch: list[_Item]) -> None:
        try:
            results = self._transact(batch)
        except REFUSALS as error:
            self._fail(batch, error)
        except Exception as error:
            if len(batch) > 1:
                for item in batch:
                    self._commit([item])
            else:
                log.exception("work-failed", kind=batch[0].kind)
                self._fail(batch, error)
        else:
            for item, result in results:
                item.parcel.settle(item.place, result)

    def _transact(self, batch: list[_Item]) -> list[tuple[_Item, Any]]:
        results: list[tuple[_Item, Any]] = []
        with self._database.write() as connection:
            for kind, work in self._kinds.items():
                items = [item for item in batch if item.kind == kind]
                if items:
                    results += zip(items, work(connection, [item.value for item in items]), strict=True)
        return results

    def _fail(self, batch: list[_Item], error: Exception) -> None:
        for item in batch:
            item.parcel.settle(item.place, error)
