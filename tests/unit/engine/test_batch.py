"""Group commit: what arrives while committing is one batch, the item at fault fails alone, a full disk fails all."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hub.engine.batch import GroupCommit, Limits
from hub.errors import HubError, LedgerBroken, SpoolFull, StoreError
from hub.store import deliveries
from hub.store.database import Connection, Database

WAIT = 30.0


class Desk:
    """Does its work by counting into the database; remembers the batches."""

    def __init__(self, database: Database, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self.batches: list[list[Any]] = []
        self.hold = threading.Event()
        self.hold.set()
        self.begun = threading.Event()
        self.commit = GroupCommit(database, {"first": self.work, "second": self.work}, limits)

    def work(self, connection: Connection, values: Sequence[Any]) -> list[Any]:
        self.batches.append(list(values))
        self.begun.set()
        assert self.hold.wait(WAIT)
        for value in values:
            if isinstance(value, Exception):
                raise value
            total = deliveries.numbers(connection).get("total", 0)
            deliveries.set_numbers(connection, {"total": total + value})
        return [f"did {value}" for value in values]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    desk = Desk(database)
    desk.commit.start()
    yield desk
    desk.hold.set()
    desk.commit.stop()


def total(database: Database) -> int:
    with database.read() as connection:
        return deliveries.numbers(connection).get("total", 0)


def test_what_arrives_while_committing_is_one_batch(desk: Desk, database: Database) -> None:
    desk.hold.clear()
    first = desk.commit.submit("first", 1)
    assert desk.begun.wait(WAIT)
    rest = [desk.commit.submit("first", number) for number in (2, 3)] + [desk.commit.submit("second", 4)]
    desk.hold.set()
    assert [future.result(WAIT) for future in (first, *rest)] == ["did 1", "did 2", "did 3", "did 4"]
    assert desk.batches == [[1], [2, 3], [4]]
    assert total(database) == 10


def test_a_result_is_told_only_after_the_commit(desk: Desk, database: Database) -> None:
    seen: list[int] = []
    future = desk.commit.submit("first", 7)
    future.add_done_callback(lambda _: seen.append(total(database)))
    future.result(WAIT)
    desk.commit.submit("first", 0).result(WAIT)
    assert seen == [7]


def test_the_item_at_fault_fails_alone(desk: Desk, database: Database) -> None:
    outcomes = desk.commit.submit_many("first", [(1, 0), (ValueError("poison"), 0), (2, 0)]).result(WAIT)
    assert [str(outcome) for outcome in outcomes] == ["did 1", "poison", "did 2"]
    assert total(database) == 3


@pytest.mark.parametrize("refusal", [SpoolFull(), StoreError("disk I/O error")])
def test_what_the_disk_refuses_fails_all_and_leaves_nothing(desk: Desk, database: Database, refusal: HubError) -> None:
    outcomes = desk.commit.submit_many("first", [(1, 0), (refusal, 0), (2, 0)]).result(WAIT)
    assert outcomes == [refusal] * 3
    assert total(database) == 0
    assert len(desk.batches) == 1, "nobody is tried alone on a full disk"


def test_another_fault_of_the_hub_is_one_items(desk: Desk, database: Database) -> None:
    """A checkpoint that must not be signed shall not keep a trader's file from being taken."""
    outcomes = desk.commit.submit_many("first", [(1, 0), (LedgerBroken("cut back"), 0)]).result(WAIT)
    assert outcomes[0] == "did 1"
    assert isinstance(outcomes[1], LedgerBroken)
    assert total(database) == 1


def test_a_callback_that_raises_harms_nobody(desk: Desk) -> None:
    def raises(_: object) -> None:
        raise RuntimeError("in a callback")

    desk.commit.submit("first", 1).add_done_callback(raises)
    assert desk.commit.submit("first", 2).result(WAIT) == "did 2"


def test_batches_are_bounded_in_items_and_bytes(database: Database) -> None:
    desk = Desk(database, Limits(items=3, bytes=100))
    futures = [
        desk.commit.submit("first", number, weight) for number, weight in enumerate((10, 10, 10, 10, 90, 10, 500))
    ]
    desk.commit.start()
    for future in futures:
        future.result(WAIT)
    desk.commit.stop()
    assert desk.batches == [[0, 1, 2], [3, 4], [5], [6]], "one that is too heavy goes alone"


def test_stop_commits_what_was_submitted_and_takes_no_more(database: Database) -> None:
    desk = Desk(database)
    futures = [desk.commit.submit("first", 1) for _ in range(10)]
    desk.commit.start()
    desk.commit.stop()
    assert [future.result(0) for future in futures] == ["did 1"] * 10
    with pytest.raises(HubError, match="stopping"):
        desk.commit.submit("first", 1)


def test_nothing_submitted_is_done_at_once(desk: Desk) -> None:
    assert desk.commit.submit_many("first", []).result(WAIT) == []


def test_unknown_work_is_refused(desk: Desk) -> None:
    with pytest.raises(HubError, match="no work called third"):
        desk.commit.submit("third", 1)


def test_many_submitters_lose_nothing(desk: Desk, database: Database) -> None:
    done: list[str] = []

    def submit() -> None:
        for _ in range(50):
            done.append(desk.commit.submit("first", 1).result(WAIT))

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert len(done) == total(database) == 400
    assert len(desk.batches) < 400, "many to a commit"
