"""The courier: an attempt is recorded before it is made; deferred, refused, given up; and it outlives any fault."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from hub.engine import deliver
from hub.engine.deliver import Courier, pause
from hub.engine.world import World
from hub.model.delivery import Deferred, Delivered, Outcome, Refused
from hub.model.settings import RetrySettings
from hub.store import deliveries
from tests.unit.engine.hall import WAIT, Hall, cuscar

RETRY = RetrySettings(base=1_000_000, factor=2.0, cap=60_000_000, jitter=0.0, give_up=600_000_000)


class Carrier:
    """Carries as told; remembers every call and the attempts that were on record at that moment."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.calls: list[tuple[str, str, str, bytes]] = []
        self.on_record: list[int] = []
        self.outcomes: list[Outcome | Exception] = []

    def __call__(self, partner: str, folder: str, name: str, data: bytes) -> Outcome:
        self.calls.append((partner, folder, name, data))
        self.on_record.append(len(attempts(self.hall)))
        outcome = self.outcomes.pop(0) if self.outcomes else Delivered()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def attempts(hall: Hall) -> list[dict[str, Any]]:
    with hall.database.read() as connection:
        return deliveries.attempts_of(connection, [row["id"] for row in hall.deliveries()])


@pytest.fixture
def carrier(hall: Hall, world: World, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """One sealed message for customs, which here has its files pushed; and a courier's carrier."""
    monkeypatch.setattr(deliver, "LOOK", 0.002)
    settings = replace(world.settings, retry=RETRY)
    hall.world = replace(world, configuration=replace(world.configuration, settings=settings))
    _, planned = hall.take(cuscar("1"))
    message = [row | {"channel": "folder"} for row in planned if row["kind"] == "message"]
    with hall.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET channel = 'folder' WHERE kind = 'message'")
        connection.exec_driver_sql("UPDATE deliveries SET state = 'cancelled' WHERE kind <> 'message'")
    hall.seal(hall.write(message))
    return Carrier(hall)


Work = Callable[[Callable[[], bool]], None]


@pytest.fixture
def work(hall: Hall, carrier: Carrier) -> Iterator[Work]:
    """``work(until)``: the courier is at work, from the first call on, until that holds."""
    walk = hall.walk()
    couriers: list[Courier] = []

    def until(holds: Callable[[], bool]) -> None:
        if not couriers:
            walk.start()
            couriers.append(Courier(walk, hall.database, hall.ledger, hall.blobs, {"folder": carrier}, hall.clock))
            couriers[0].start()
        pause = threading.Event()
        for _ in range(int(WAIT / 0.01)):
            if holds():
                return
            pause.wait(0.01)
        raise AssertionError("the courier does not come to it")

    yield until
    couriers[0].stop()
    walk.stop()


def state(hall: Hall) -> str:
    return str(hall.deliveries("message")[0]["state"])


def test_the_sealed_bytes_go_and_the_attempt_is_on_record_before(hall: Hall, carrier: Carrier, work: Work) -> None:
    work(lambda: state(hall) == "delivered")
    (row,) = hall.deliveries("message")
    assert carrier.calls == [("customs", "download", row["name"], row["payload"])]
    assert carrier.on_record == [1]
    (attempt,) = attempts(hall)
    assert attempt["outcome"] == "delivered"
    assert attempt["ended_at"] >= attempt["started_at"]
    assert hall.verified()


def test_what_is_deferred_goes_again_later_the_same(hall: Hall, carrier: Carrier, work: Work) -> None:
    carrier.outcomes = [Deferred("disk full there"), Deferred("still")]
    work(lambda: len(attempts(hall)) == 1 and bool(attempts(hall)[0]["ended_at"]))
    (row,) = hall.deliveries("message")
    assert (row["state"], row["tries"]) == ("sealed", 1)
    assert row["due_at"] - attempts(hall)[0]["ended_at"] == pytest.approx(1_000_000, abs=1000)
    hall.later(1.1)
    work(lambda: len(attempts(hall)) == 2 and bool(attempts(hall)[1]["ended_at"]))
    assert hall.deliveries("message")[0]["due_at"] - attempts(hall)[1]["ended_at"] == pytest.approx(2_000_000, abs=1000)
    hall.later(2.1)
    work(lambda: state(hall) == "delivered")
    assert len(set(carrier.calls)) == 1
    assert [attempt["outcome"] for attempt in attempts(hall)] == ["deferred", "deferred", "delivered"]


def test_after_the_time_is_up_a_person_must_look(hall: Hall, carrier: Carrier, work: Work) -> None:
    hall.later(601)
    carrier.outcomes = [Deferred("nobody there")]
    work(lambda: state(hall) == "failed")
    (item,) = hall.work()
    assert (item["kind"], item["subject"]) == ("undelivered", hall.deliveries("message")[0]["id"])
    assert "nobody there" in item["reason"]


def test_what_is_refused_goes_to_a_person_at_once(hall: Hall, carrier: Carrier, work: Work) -> None:
    carrier.outcomes = [Refused("another file has that name")]
    work(lambda: state(hall) == "failed")
    assert [item["kind"] for item in hall.work()] == ["undelivered"]
    assert len(carrier.calls) == 1


def test_a_carrier_that_fails_is_one_deferred_attempt(hall: Hall, carrier: Carrier, work: Work) -> None:
    carrier.outcomes = [KeyError("partner that is gone")]
    work(lambda: len(attempts(hall)) == 1 and attempts(hall)[0]["outcome"] == "deferred")
    hall.later(5)
    work(lambda: state(hall) == "delivered")


def test_a_channel_that_nobody_carries_goes_to_a_person(hall: Hall, carrier: Carrier, work: Work) -> None:
    with hall.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET channel = 'pigeon' WHERE kind = 'message'")
    work(lambda: state(hall) == "failed")
    assert ["pigeon" in item["reason"] for item in hall.work()] == [True]


def test_one_that_cannot_even_be_attempted_does_not_keep_the_others(hall: Hall, carrier: Carrier, work: Work) -> None:
    (good,) = hall.deliveries("message")
    with hall.database.write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'sealed', due_at = 0 WHERE kind = 'acknowledgement'")
    work(lambda: state(hall) == "delivered")
    assert hall.deliveries("message")[0]["payload"] == good["payload"]


@pytest.mark.parametrize(("tries", "seconds"), [(1, 1), (2, 2), (6, 32), (7, 60), (2000, 60)])
def test_pauses_grow_to_their_cap(tries: int, seconds: int) -> None:
    assert pause(tries, RETRY) == seconds * 1_000_000


def test_pauses_never_overflow() -> None:
    assert pause(10**6, replace(RETRY, factor=10.0)) == RETRY.cap


def test_jitter_stays_within_its_part() -> None:
    jittery = replace(RETRY, jitter=0.2)
    assert (pause(1, jittery, lambda: 0.0), pause(1, jittery, lambda: 1.0)) == (800_000, 1_200_000)
