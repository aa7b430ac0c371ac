"""Worker processes: a job that kills its worker, or raises, fails alone; all else is done."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from hub.engine.pool import JobFailed, Pool
from hub.engine.values import Read, ReadJob
from hub.model.message import Syntax
from tests.unit.engine.hall import paxlst

WAIT = 120.0


class Kills:
    """A job that ends the process that unpacks it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os._exit, (1,))


class Hangs:
    """A job that never ends."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (time.sleep, (3600,))


def job(number: int, partner: str = "oceanair") -> ReadJob:
    return ReadJob(f"TR-{number}", partner, paxlst(str(number)), None, 0)


def names(results: list[Any]) -> list[str]:
    return [one.transmission if isinstance(one, Read) else str(one) for one in results]


@pytest.fixture(scope="module")
def pool(home: Path) -> Iterator[Pool]:
    pool = Pool(home, 2)
    pool.warm()
    yield pool
    pool.close()


def test_jobs_are_done_in_order(pool: Pool) -> None:
    results = pool.run([job(number) for number in range(5)]).result(WAIT)
    assert names(results) == [f"TR-{number}" for number in range(5)]
    assert {one.syntax for one in results} == {Syntax.EDIFACT}
    assert all(message.valid for one in results for message in one.interchanges[0].messages)


def test_a_job_that_raises_fails_alone(pool: Pool) -> None:
    results = pool.run([job(1), job(2, "nobody"), job(3)]).result(WAIT)
    assert names(results) == ["TR-1", "KeyError: 'nobody'", "TR-3"]
    assert isinstance(results[1], JobFailed)


def test_a_job_that_kills_its_worker_fails_alone_and_the_pool_goes_on(pool: Pool) -> None:
    chunks = [[job(1)], [job(2), Kills(), job(3)], [job(4)]]
    futures = [pool.run(chunk) for chunk in chunks]
    assert not wait(futures, WAIT).not_done
    found = [future.result() for future in futures]
    assert [names(results) for results in found] == [
        ["TR-1"],
        ["TR-2", "the worker process died of it", "TR-3"],
        ["TR-4"],
    ]
    assert isinstance(found[1][1], JobFailed)
    assert names(pool.run([job(5)]).result(WAIT)) == ["TR-5"]


def test_a_job_that_hangs_is_ended_and_fails_alone(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(pool.run([job(1)]).result(WAIT)) == ["TR-1"]
    monkeypatch.setattr("hub.engine.pool.LIMIT", 4.0)
    results = pool.run([job(2), Hangs(), job(3)]).result(WAIT)
    assert names(results) == ["TR-2", "it took more than 4 seconds", "TR-3"]


def test_while_the_configuration_is_wrong(home: Path, tmp_path: Path) -> None:
    """The old workers go on; when one dies no job is blamed for it; and the pool can be closed."""
    mine = Path(shutil.copytree(home, tmp_path / "home"))
    toml = mine / "partners" / "oceanair" / "partner.toml"
    good = toml.read_text("utf-8")
    pool = Pool(mine, 1)
    assert names(pool.run([job(1)]).result(WAIT)) == ["TR-1"]
    toml.write_text("not = [ toml", "utf-8")
    with pytest.raises(JobFailed, match="configuration"):
        pool.renew()
    assert names(pool.run([job(2)]).result(WAIT)) == ["TR-2"]
    future = pool.run([Kills(), job(3)])
    assert not wait([future], 2).done, "nobody can do it now"
    toml.write_text(good, "utf-8")
    assert names(future.result(WAIT)) == ["the worker process died of it", "TR-3"]
    toml.write_text("not = [ toml", "utf-8")
    pool.hurry()
    told = threading.Event()
    pool.run([Kills()]).add_done_callback(lambda _: told.set())
    closing = threading.Thread(target=pool.close, daemon=True)
    closing.start()
    closing.join(WAIT)
    assert not closing.is_alive()
    assert told.wait(WAIT), "whoever waits for a job is told"
