"""A stage of the walk: a queue whose items go to the worker processes in chunks of whatever is waiting."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

import structlog

log = structlog.get_logger()


class Stage:
    """``run`` does a chunk of items; ``done`` is told of each item and its result, in order; ``lost`` is told of the
    items of a chunk that came to nothing.

    At most ``chunk`` items go together, and no more of them than ``bytes`` as ``weigh`` tells them (one item may weigh
    more); ``parallel`` chunks are under way. ``put`` blocks while ``room`` items wait.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[Sequence[Any]], "Future[list[Any]]"],
        done: Callable[[Sequence[Any], Sequence[Any]], None],
        lost: Callable[[Sequence[Any]], None],
        *,
        parallel: int,
        weigh: Callable[[Any], int] = lambda item: 0,
        chunk: int = 32,
        bytes: int = 32_000_000,
        room: int = 4096,
    ) -> None:
        self._name = name
        self._run_chunk = run
        self._done = done
        self._lost = lost
        self._parallel = parallel
        self._weigh = weigh
        self._chunk = chunk
        self._bytes = bytes
        self._room = room
        self._items: deque[Any] = deque()
        self._under_way = 0
        self._change = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Start nothing new, wait for what is under way. What still waits is in the database and found again."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join()

    def offer(self, items: Sequence[Any]) -> bool:
        """Take ``items`` if there is room; False when there is none (then they stay in the database for later)."""
        with self._change:
            if self._stopping or len(self._items) + len(items) > self._room:
                return False
            self._items.extend(items)
            self._change.notify_all()
            return True

    def put(self, items: Sequence[Any]) -> None:
        """Take ``items``, waiting for room."""
        with self._change:
            while not self._stopping and self._items and len(self._items) + len(items) > self._room:
                self._change.wait()
            self._items.extend(items)
            self._change.notify_all()

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is under way."""
        with self._change:
            return not self._items and not self._under_way

    def _run(self) -> None:
        while chunk := self._next():
            self._begin(chunk).add_done_callback(partial(self._finish, chunk))
        with self._change:
            while self._under_way:
                self._change.wait()

    def _next(self) -> list[Any]:
        with self._change:
            while not self._stopping and (not self._items or self._under_way >= self._parallel):
                self._change.wait()
            if self._stopping:
                return []
            # Share what waits among the workers rather than give all of it to one.
            size = min(self._chunk, max(1, -(-len(self._items) // self._parallel)))
            chunk = [self._items.popleft()]
            weight = self._weigh(chunk[0])
            while self._items and len(chunk) < size and (weight := weight + self._weigh(self._items[0])) <= self._bytes:
                chunk.append(self._items.popleft())
            self._under_way += 1
            self._change.notify_all()
            return chunk

    def _begin(self, chunk: list[Any]) -> "Future[list[Any]]":
        try:
            return self._run_chunk(chunk)
        except (OSError, RuntimeError) as error:  # no process could be started: this thread must live on
            failed: Future[list[Any]] = Future()
            failed.set_exception(error)
            return failed

    def _finish(self, chunk: list[Any], future: "Future[list[Any]]") -> None:
        try:
            self._done(chunk, future.result())
        except CancelledError:
            log.info("stage-cancelled", stage=self._name, items=len(chunk))
            self._lost(chunk)
        except Exception:  # a done callback has no caller that could be told
            log.exception("stage-failed", stage=self._name, items=len(chunk))
            self._lost(chunk)
        finally:
            with self._change:
                self._under_way -= 1
                self._change.notify_all()
