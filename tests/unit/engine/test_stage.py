"""Stages: chunks of whatever waits, a bound on what is under way, blocking for room, nothing lost unsaid."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import pytest

from hub.engine.stage import Stage

WAIT = 30.0


class Works:
    """Runs of a stage that a test ends one by one."""

    def __init__(self, **limits: Any) -> None:
        self.runs: list[tuple[list[Any], Future[list[Any]]]] = []
        self.done: list[tuple[Any, Any]] = []
        self.lost: list[Any] = []
        self.changed = threading.Condition()
        self.explode: Exception | None = None
        self.stage = Stage("test", self.run, self.tell, self.lose, **({"parallel": 2} | limits))

    def run(self, items: Sequence[Any]) -> "Future[list[Any]]":
        if self.explode:
            error, self.explode = self.explode, None
            raise error
        future: Future[list[Any]] = Future()
        with self.changed:
            self.runs.append((list(items), future))
            self.changed.notify_all()
        return future

    def tell(self, items: Sequence[Any], results: Sequence[Any]) -> None:
        if "raise" in results:
            raise ValueError("a fault in what comes after")
        self.done += zip(items, results, strict=True)

    def lose(self, items: Sequence[Any]) -> None:
        with self.changed:
            self.lost += items
            self.changed.notify_all()

    def until(self, count: int) -> None:
        """Until ``count`` runs have begun."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.runs) >= count, WAIT)

    def finish(self, index: int) -> None:
        items, future = self.runs[index]
        future.set_result([f"did {item}" for item in items])


@pytest.fixture
def works() -> Iterator[Works]:
    works = Works(chunk=3, room=6)
    works.stage.start()
    yield works
    for _, future in works.runs:
        future.cancel()
    works.stage.stop()


def test_items_come_through_in_order_with_their_results(works: Works) -> None:
    works.stage.put([1, 2])
    works.until(2)
    works.finish(1)
    works.finish(0)
    assert sorted(works.done) == [(1, "did 1"), (2, "did 2")]
    assert works.stage.idle


def test_chunks_and_parallel_runs_are_bounded(works: Works) -> None:
    works.stage.put(list(range(14)))
    works.until(2)
    assert [len(items) for items, _ in works.runs] == [3, 3]
    assert not works.stage.idle
    works.finish(0)
    works.until(3)
    assert [item for items, _ in works.runs for item in items] == list(range(9)), "in the order in which they came"
    assert len(works.runs) == 3


def test_what_waits_is_shared_among_the_workers(works: Works) -> None:
    works.stage.put([1, 2, 3])
    works.until(2)
    assert [items for items, _ in works.runs] == [[1, 2], [3]]


def test_heavy_items_do_not_go_together() -> None:
    works = Works(parallel=1, chunk=10, bytes=100, weigh=int)
    works.stage.put([60, 40, 1, 500, 99, 2])
    works.stage.start()
    for run in range(5):
        works.until(run + 1)
        works.finish(run)
    works.stage.stop()
    assert [items for items, _ in works.runs] == [[60, 40], [1], [500], [99], [2]]


def test_an_offer_beyond_the_room_is_declined(works: Works) -> None:
    works.stage.put([1, 2])
    works.until(2)
    assert works.stage.offer(list(range(6)))
    assert not works.stage.offer([9])
    works.finish(0)
    works.until(3)
    assert works.stage.offer([9])


def test_put_waits_for_room_and_goes_on(works: Works) -> None:
    works.stage.put([1, 2])
    works.until(2)
    works.stage.put(list(range(10, 16)))
    entered = threading.Thread(target=works.stage.put, args=([20, 21],), daemon=True)
    entered.start()
    entered.join(0.05)
    assert entered.is_alive(), "there is no room"
    works.finish(0)
    entered.join(WAIT)
    assert not entered.is_alive()


def test_a_put_larger_than_the_room_is_taken_when_nothing_waits(works: Works) -> None:
    works.stage.put(list(range(50)))
    works.until(2)
    assert not works.stage.idle


def test_stop_waits_for_what_is_under_way_and_frees_who_waits_for_room(works: Works) -> None:
    works.stage.put([1, 2])
    works.until(2)
    works.stage.put(list(range(6)))
    blocked = threading.Thread(target=works.stage.put, args=([7],), daemon=True)
    blocked.start()
    stopping = threading.Thread(target=works.stage.stop, daemon=True)
    stopping.start()
    blocked.join(WAIT)
    assert not blocked.is_alive()
    assert stopping.is_alive(), "two runs are under way"
    works.finish(0)
    works.finish(1)
    stopping.join(WAIT)
    assert not stopping.is_alive()
    assert len(works.runs) == 2, "nothing new begins"
    assert not works.stage.offer([1])


@pytest.mark.parametrize("how", ["error", "cancelled", "told"])
def test_items_that_come_to_nothing_are_told_as_lost(works: Works, how: str) -> None:
    works.stage.put([1])
    works.until(1)
    future = works.runs[0][1]
    if how == "error":
        future.set_exception(OSError("no memory"))
    elif how == "cancelled":
        future.cancel()
    else:
        future.set_result(["raise"])
    assert works.lost == [1]
    works.stage.put([2])
    works.until(2)
    works.finish(1)
    assert works.done == [(2, "did 2")]


def test_a_run_that_cannot_begin_does_not_end_the_stage(works: Works) -> None:
    works.explode = OSError("cannot fork")
    works.stage.put([1])
    with works.changed:
        assert works.changed.wait_for(lambda: works.lost == [1], WAIT)
    works.stage.put([2])
    works.until(1)
    works.finish(0)
    assert works.done == [(2, "did 2")]
