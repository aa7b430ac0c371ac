"""The walk goes on from whatever state it was stopped in: stops at commits, and states made by hand."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.commands import resend
from hub.engine import backlog
from hub.engine.deadlines import Deadlines
from hub.engine.refusals import report_refusal
from hub.engine.seal import Sealing
from hub.engine.values import Unwritable
from hub.engine.walk import Walk
from hub.errors import HubError, StoreError
from hub.model.finding import Finding, Place
from hub.spool.blobs import Blobs
from hub.store import transmissions
from hub.transports.folder import DropSettings, FolderDrop
from tests.unit.engine.hall import WAIT, Hall, HereAndNow, cuscar, paxlst
from tests.unit.engine.mortal import Mortal, Silent, live, settle


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(backlog, "LOOK", 0.05)
    return


def run(hall: Hall, pool: object = None) -> None:
    """A hub's life from its start until it has nothing to do."""
    walk = hall.walk(pool)
    walk.start()
    settle(walk)
    walk.stop()


def whole(hall: Hall, cases: int = 1) -> None:
    """Each of ``cases`` manifests has its one message and its one CONTRL, sealed once."""
    rows = hall.deliveries()
    assert Counter((row["kind"], row["state"]) for row in rows) == {
        ("message", "available"): cases,
        ("acknowledgement", "available"): cases,
    }
    assert Counter(entry.facts["delivery"] for entry in hall.entries("sealed")) == {row["id"]: 1 for row in rows}
    assert len(hall.cases()) == cases
    assert hall.verified()


@pytest.mark.parametrize(("at", "after"), [(1, False), (1, True), (2, True), (3, False), (3, True)])
def test_a_stop_at_a_commit(hall: Hall, at: int, after: bool) -> None:
    assert live(hall, at, after=after)


def test_arrived_and_not_decided(hall: Hall) -> None:
    hall.arrive(cuscar("1"))
    run(hall)
    whole(hall)


def test_decided_and_not_written(hall: Hall) -> None:
    hall.take(cuscar("1"))
    run(hall)
    whole(hall)


def test_written_and_not_sealed(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    hall.write(planned)
    run(hall)
    whole(hall)


def test_sealed_in_part(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    hall.seal(hall.write(planned)[:1])
    before = {row["id"]: row["payload"] for row in hall.deliveries() if row["payload"]}
    run(hall)
    whole(hall)
    assert before.items() <= {row["id"]: row["payload"] for row in hall.deliveries()}.items()


def test_many_that_wait(hall: Hall) -> None:
    for number in range(30):
        hall.arrive(cuscar(f"A{number}"))
        hall.take(cuscar(f"B{number}"))
    run(hall)
    whole(hall, 60)


def test_a_reply_that_was_planned_after_a_lane_could_not_be_written(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    finding = Finding("walk.no-service", Place(path="x"), params=(("type", "x"),))
    hall.seal([Sealing(one.job, one.row, Unwritable(one.job.delivery, (finding,))) for one in hall.write(planned)[:1]])
    run(hall)
    assert {(row["kind"], row["state"]) for row in hall.deliveries()} == {
        ("message", "failed"), ("acknowledgement", "available"), ("answer", "available"),
    }  # fmt: skip


def test_workers_that_took_the_work_and_died(hall: Hall) -> None:
    walk = hall.walk(Silent())
    walk.start()
    walk.accept(hall.arrival(cuscar("1")))
    threading.Thread(target=walk.stop, daemon=True).start()  # it waits for them for ever: as good as killed
    run(hall)
    whole(hall)


def test_a_file_that_was_recorded_but_not_yet_removed_from_its_folder(hall: Hall, tmp_path: Path) -> None:
    folder = tmp_path / "upload"
    folder.mkdir()
    (folder / "one.edi").write_bytes(cuscar("1"))

    class Stopped(Exception):
        pass

    class Dies:
        """An intake whose hub is stopped when all is recorded."""

        def __init__(self, walk: Walk) -> None:
            self.walk = walk

        def accept_many(self, arrivals):
            self.walk.accept_many(arrivals)
            raise Stopped

    walk = hall.walk()
    walk.start()
    drop = DropSettings("oceanair", folder, settled=0)
    with pytest.raises(Stopped):
        FolderDrop(drop, Dies(walk), Blobs(tmp_path / "b"), monotonic=lambda: 1e9).sweep()
    walk.stop()
    assert (folder / "one.edi").exists()
    walk = hall.walk()
    walk.start()
    assert FolderDrop(drop, walk, Blobs(tmp_path / "b"), monotonic=lambda: 1e9).sweep() == 1
    settle(walk)
    walk.stop()
    assert list(folder.iterdir()) == []
    whole(hall)


def test_an_upload_whose_answer_was_lost_is_sent_again(hall: Hall) -> None:
    walk = hall.walk()
    walk.start()
    accepted = [walk.accept(hall.arrival(cuscar("1"))).transmission for _ in range(2)]
    settle(walk)
    walk.stop()
    assert {hall.transmission(id_)["state"] for id_ in accepted} == {"accepted", "duplicate"}
    assert len(hall.cases()) == 1
    assert Counter(row["kind"] for row in hall.deliveries())["message"] == 1


def test_the_same_origin_is_the_same_transmission(hall: Hall) -> None:
    walk = hall.walk()
    walk.start()
    first = walk.accept_many([hall.arrival(cuscar("1"), origin="file-1"), hall.arrival(cuscar("1"), origin="file-1")])
    again = walk.accept(hall.arrival(cuscar("1"), origin="file-1"))
    settle(walk)
    walk.stop()
    assert {one.transmission for one in (*first, again)} == {first[0].transmission}
    whole(hall)


def test_arrivals_recorded_in_one_batch_when_the_next_was_refused_are_decided_all_the_same(hall: Hall) -> None:
    """More arrivals than a batch takes: the caller hears of a failure, what was recorded goes its way."""
    database = Mortal(f"sqlite:///{hall.folder / 'hub.db'}", 2, after=False)
    limit = hall.world.settings.engine.batch_messages
    walk = Walk(hall.world, database, hall.ledger, hall.blobs, HereAndNow(hall.world), 1, hall.clock)  # type: ignore[arg-type]
    walk.start()
    arrivals = [hall.arrival(cuscar(str(number)), origin=str(number)) for number in range(limit + 1)]
    with pytest.raises(StoreError):
        walk.accept_many(arrivals)
    walk.stop()
    database.close()
    with hall.database.read() as connection:
        assert len(transmissions.waiting_ids(connection, 1000)) == limit
    walk = hall.walk()
    walk.start()
    walk.accept_many(arrivals)
    settle(walk)
    walk.stop()
    assert len(hall.cases()) == limit + 1


def test_a_disk_that_was_full_for_a_while(hall: Hall) -> None:
    class Full(Mortal):
        def relieve(self) -> None:
            self.dead.clear()

    database = Full(f"sqlite:///{hall.folder / 'hub.db'}", 2, after=False)
    walk = Walk(hall.world, database, hall.ledger, hall.blobs, HereAndNow(hall.world), 1, hall.clock)  # type: ignore[arg-type]
    walk.start()
    walk.accept(hall.arrival(cuscar("1")))
    assert database.dead.wait(WAIT)
    with pytest.raises(StoreError):
        walk.accept(hall.arrival(cuscar("2")))
    database.relieve()
    while [row for row in hall.deliveries() if row["state"] != "available"] or not hall.deliveries():
        settle(walk)
    walk.stop()
    database.close()
    whole(hall)


def test_what_cannot_be_read_is_set_aside_and_read_again_when_a_person_says_so(
    hall: Hall, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = HereAndNow(hall.world)
    walk = hall.walk(pool)
    walk.start()
    job = hall.arrive(cuscar("1"))
    pool.fails.add(job.transmission)
    while hall.transmission(job.transmission)["state"] == "received":
        settle(walk)
    assert hall.transmission(job.transmission)["state"] == "failed"
    assert [(item["subject"], item["kind"]) for item in hall.work()] == [(job.transmission, "failed")]
    pool.fails.clear()
    with hall.database.write() as connection:
        resend._transmission(connection, hall.ledger, job.transmission)
    while hall.transmission(job.transmission)["state"] != "accepted":  # by the hub that runs, without a restart
        settle(walk)
    settle(walk)
    walk.stop()
    assert hall.work() == []
    whole(hall)


def test_what_cannot_be_written_is_written_when_a_person_says_so(hall: Hall) -> None:
    _, planned = hall.take(paxlst("1"))
    (chosen,) = [row for row in planned if row["plan"].get("signature")]
    pool = HereAndNow(hall.world)
    pool.fails.add(chosen["id"])
    run(hall, pool)
    assert Counter(row["state"] for row in hall.deliveries()) == {"available": 3, "failed": 2}
    with hall.database.write() as connection:
        said = resend._delivery(connection, hall.ledger, chosen["id"])
    assert "written anew" in said
    run(hall)
    assert Counter(row["state"] for row in hall.deliveries()) == {"available": 5}
    assert hall.work() == []
    assert hall.verified()


def test_a_refused_lane_is_not_written_after_all(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    finding = Finding("walk.no-service", Place(path="x"), params=(("type", "x"),))
    sealings = [one for one in hall.write(planned) if one.row["kind"] == "message"]
    hall.seal([Sealing(one.job, one.row, Unwritable(one.job.delivery, (finding,))) for one in sealings])
    with hall.database.write() as connection, pytest.raises(HubError, match="its lane is refused"):
        resend._delivery(connection, hall.ledger, sealings[0].row["id"])


def test_a_partner_that_is_gone_is_set_aside_by_name(hall: Hall) -> None:
    job = hall.arrive(cuscar("1"), partner="gone")
    run(hall)
    assert hall.transmission(job.transmission)["state"] == "failed"
    assert "gone" in hall.work()[0]["reason"]


def test_a_refused_file_is_reported_under_a_name_that_leads_nowhere(hall: Hall) -> None:
    walk = hall.walk()
    walk.start()
    finding = Finding("walk.no-service", Place(offset=0), params=(("type", "x"),))
    for name in ("../../etc/passwd", "a\nb\x1b[31m.edi", "\udcff.edi", "...", "单" * 300 + ".edi"):
        report_refusal(walk, hall.ledger, hall.clock, ("oceanair", "sftp", name), finding)
    walk.change(lambda _: None).result(WAIT)
    settle(walk)
    walk.stop()
    names = [row["name"] for row in hall.deliveries("report")]
    assert len(names) == 5
    assert all(name.isprintable() and not set(name) & set("/\\") and not name.startswith(".") for name in names)
    assert all(len(name.encode()) <= 255 for name in names)
    assert {row["state"] for row in hall.deliveries()} == {"available"}


def test_deadlines_and_answers_go_on_in_threads(hall: Hall) -> None:
    walk = hall.walk()
    walk.start()
    walk.accept(hall.arrival(cuscar("1")))
    settle(walk)
    hall.later(31 * 60)
    assert Deadlines(walk, hall.database, hall.ledger, hall.clock).tick() == 1
    settle(walk)
    walk.stop()
    assert [row["state"] for row in hall.deliveries("answer")] == ["available"]


def test_many_traders_at_once(hall: Hall) -> None:
    walk = hall.walk()
    walk.start()
    traders = [
        threading.Thread(target=lambda n=n: [walk.accept(hall.arrival(cuscar(f"{n}-{i}"))) for i in range(10)])
        for n in range(8)
    ]
    for trader in traders:
        trader.start()
    for trader in traders:
        trader.join(WAIT)
    settle(walk)
    walk.stop()
    whole(hall, 80)


def test_stopping_again_and_again_under_load_loses_nothing(hall: Hall) -> None:
    """Starts and stops look for the wake-up that gets lost and the thread that is waited for in vain."""
    for number in range(15):
        walk = hall.walk()
        walk.start()
        for part in range(3):
            walk.accept(hall.arrival(cuscar(f"{number}-{part}")))
        stopping = threading.Thread(target=walk.stop, daemon=True)
        stopping.start()
        stopping.join(WAIT)
        assert not stopping.is_alive()
    run(hall)
    whole(hall, 45)
