"""Worker processes for the pure steps. Each loads the world once; work goes to them in chunks and comes back as values.

A worker that dies (killed, out of memory) or hangs takes its chunk with it: the pool starts afresh and does the chunk's
items one by one, so that the item at fault is found and put aside.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from pathlib import Path
from typing import Any

import structlog

from hub.config.logs import configure
from hub.engine import read as reading
from hub.engine import write as writing
from hub.engine.values import ReadJob, WriteJob
from hub.engine.world import World, load_world
from hub.errors import HubError
from hub.formats.read import CODECS

log = structlog.get_logger()

AGAIN = 2.0  # seconds between tries to load a configuration that is wrong
LIMIT = (
    300.0  # seconds that jobs done together, or one done alone, may take: then they hang, and their worker is killed
)

NICE = 5  # workers step back for the hub itself: it commits, and all wait for that

Step = Callable[[Any, World], Any]
_STEPS: dict[type, tuple[Step, ...]] = {ReadJob: (reading.read,), WriteJob: (writing.compose, writing.sign)}
"""What a worker does with each kind of job."""

_world: World | None = None  # the world of this worker process


class JobFailed(HubError):
    """A worker could not do a job; the message says why."""


def _enter(home: Path) -> None:
    global _world
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the hub ends its workers itself
    os.nice(NICE)
    threading.Thread(target=_end_with_the_hub, daemon=True).start()
    _world = load_world(home)
    configure(_world.settings.log)  # nothing is inherited, and the default is the hub's standard output


def _end_with_the_hub() -> None:
    """A hub that is killed cannot end its workers: they see it and go."""
    hub = multiprocessing.parent_process()
    if hub is not None:
        connection.wait([hub.sentinel])
        os._exit(1)


def _work(jobs: Sequence[Any]) -> list[Any]:
    """Each step for all of ``jobs`` before the next: what a step needs stays in the processor's caches meanwhile."""
    assert _world is not None
    values = list(jobs)
    for step in _STEPS[type(jobs[0])] if jobs else ():
        values = [value if isinstance(value, JobFailed) else _guarded(step, value, _world) for value in values]
    return values


def _guarded(step: Step, value: Any, world: World) -> Any:
    try:
        return step(value, world)
    except Exception as error:
        log.exception("job-failed", step=step.__name__)
        return JobFailed(f"{type(error).__name__}: {error}")


class Pool:
    """``workers`` processes that all live in the world of ``home``."""

    def __init__(self, home: Path, workers: int) -> None:
        self._home = home
        self._workers = workers
        self._lock = threading.Lock()
        self._closed = threading.Event()  # nothing is repaired any more
        self._ended = threading.Event()  # nothing is under way any more
        self._executor = self._start(workers)
        self._repairs = ThreadPoolExecutor(1, "pool-repair")  # one repair at a time, all by one lone worker
        self._single: ProcessPoolExecutor | None = None
        self._begun: dict[Future[list[Any]], tuple[float, ProcessPoolExecutor]] = {}
        threading.Thread(target=self._watch, name="pool-watch", daemon=True).start()

    def warm(self) -> None:
        """Let the workers load their world now rather than with the first job."""
        _warm(self._executor, self._workers)

    def run(self, jobs: Sequence[Any]) -> "Future[list[Any]]":
        """Do ``jobs`` in one worker; the result has one item a job, a JobFailed where it could not be done."""
        done: Future[list[Any]] = Future()
        with self._lock:
            executor = self._executor
        self._submit(executor, list(jobs), done)
        return done

    def renew(self) -> None:
        """Start workers in the world as it is now, and use them once they have loaded it; the old ones finish what they
        have. Raises JobFailed when it cannot be loaded (it was changed again meanwhile): then the old ones go on."""
        fresh = self._start(self._workers)
        try:
            for worker in _warm(fresh, self._workers):
                worker.result()
        except BrokenProcessPool as error:
            raise JobFailed("the workers could not load the configuration; it must have changed again") from error
        with self._lock:
            old, self._executor = self._executor, fresh
        old.shutdown(wait=False)

    def hurry(self) -> None:
        """The hub is stopping: finish what is under way, but repair nothing. What is not done then is cancelled."""
        self._closed.set()

    def close(self) -> None:
        """End the workers."""
        self.hurry()
        with self._lock:
            executor = self._executor
        executor.shutdown(wait=True, cancel_futures=True)  # without the lock: the end of its jobs may want it
        self._repairs.shutdown(wait=True, cancel_futures=True)
        if self._single is not None:
            self._single.shutdown(wait=True, cancel_futures=True)
        self._ended.set()

    def _start(self, workers: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["hub.engine.read", "hub.engine.write", *CODECS])
        return ProcessPoolExecutor(workers, context, initializer=_enter, initargs=(self._home,))

    def _submit(self, executor: ProcessPoolExecutor, jobs: list[Any], done: "Future[list[Any]]") -> None:
        try:
            future = executor.submit(_work, jobs)
        except (BrokenProcessPool, RuntimeError):
            self._again(executor, jobs, done)
            return

        def settle(finished: "Future[list[Any]]") -> None:
            self._begun.pop(finished, None)
            if finished.cancelled():
                done.cancel()
            elif isinstance(error := finished.exception(), BrokenProcessPool):
                self._again(executor, jobs, done)
            elif error is not None:  # what one of the jobs came to cannot cross to the hub
                self._one_by_one(jobs, done)
            else:
                done.set_result(finished.result())

        self._begun[future] = (time.monotonic(), executor)
        future.add_done_callback(settle)

    def _again(self, broken: ProcessPoolExecutor, jobs: list[Any], done: "Future[list[Any]]") -> None:
        """After a worker has died: with fresh workers, item by item, and the item that kills again is at fault."""
        log.warning("worker-died", jobs=len(jobs))
        with self._lock:
            if self._executor is broken and not self._closed.is_set():
                self._executor = self._start(self._workers)
        self._one_by_one(jobs, done)

    def _one_by_one(self, jobs: list[Any], done: "Future[list[Any]]") -> None:
        def settle(repair: "Future[None]") -> None:
            if repair.cancelled():
                done.cancel()
            elif error := repair.exception():
                done.set_exception(error)

        try:
            self._repairs.submit(self._alone, jobs, done).add_done_callback(settle)
        except RuntimeError:  # the pool is closed
            done.cancel()

    def _alone(self, jobs: list[Any], done: "Future[list[Any]]") -> None:
        """Do ``jobs`` one by one. Raises what keeps any process from being started: that is no job's fault either."""
        results: list[Any] = []
        for job in jobs:
            single = self._ready()
            if single is None:
                done.cancel()
                return
            try:
                results += single.submit(_work, [job]).result(LIMIT)
            except TimeoutError:
                results.append(JobFailed(f"it took more than {LIMIT:.0f} seconds"))
                _kill(single)
                self._single = None
            except BrokenProcessPool:
                results.append(JobFailed("the worker process died of it"))
                self._single = None
            except Exception as error:  # whatever it is, it is about this job
                log.exception("job-failed", job=type(job).__name__)
                results.append(JobFailed(f"{type(error).__name__}: {error}"))
        done.set_result(results)

    def _ready(self) -> ProcessPoolExecutor | None:
        """A lone worker that has loaded its world; None when the pool is closed.

        While the configuration on disk is wrong no new worker can load it. That is no job's fault: wait until it is
        mended.
        """
        while not self._closed.is_set():
            single = self._single or self._start(1)
            try:
                single.submit(_work, []).result()
            except BrokenProcessPool:
                log.error("workers-cannot-load", reason="the configuration on disk is wrong; mend it")
                self._single = None
                self._closed.wait(AGAIN)
            else:
                self._single = single
                return single
        return None

    def _watch(self) -> None:
        """Kill the workers whose jobs take too long; their chunk is then done one by one."""
        while not self._ended.wait(min(5.0, LIMIT / 4)):
            late = time.monotonic() - LIMIT
            for begun, executor in list(self._begun.values()):
                if begun < late:
                    log.error("workers-hang", seconds=LIMIT)
                    _kill(executor)


def _kill(executor: ProcessPoolExecutor) -> None:
    for process in list((executor._processes or {}).values()):
        process.kill()


def _warm(executor: ProcessPoolExecutor, workers: int) -> "list[Future[list[Any]]]":
    return [executor.submit(_work, []) for _ in range(workers)]
