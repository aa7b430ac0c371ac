"""Plans and seals: control numbers and names, frozen bytes, what cannot be written, what was told to fail."""

from collections import Counter

import pytest

from hub.engine import read as reading
from hub.engine.decide import decide
from hub.engine.pool import JobFailed
from hub.engine.seal import Sealing
from hub.engine.setting_aside import give_up, set_aside
from hub.engine.values import Unwritable
from hub.model.finding import Finding, Place
from hub.store import deliveries
from tests.unit.engine.hall import Hall, cuscar, paxlst, written


def unwritable(sealing: Sealing) -> Sealing:
    finding = Finding("walk.no-service", Place(path="SG4/NAD"), params=(("type", "x"),))
    return Sealing(sealing.job, sealing.row, Unwritable(sealing.job.delivery, (finding,)))


def states(hall: Hall, kind: str = "") -> Counter[str]:
    return Counter(row["state"] for row in hall.deliveries(kind))


def test_control_numbers_are_consecutive_for_each_partner_and_names_unique(hall: Hall) -> None:
    for number in range(5):
        hall.take(paxlst(str(number)))
        hall.take(b"nonsense %d" % number)
    plans = [hall.plan(row["id"]) for row in hall.deliveries()]
    for partner in ("oceanair", "border"):
        given = sorted(
            row["plan"]["number"] if "number" in row["plan"] else int(row["payload"].rstrip(b"'\r\n")[-9:])
            for row in plans
            if row["partner"] == partner and row["folder"] != "rejected"
        )
        assert given == list(range(1, 6))
    assert max(Counter((row["partner"], row["folder"], row["name"]) for row in plans).values()) == 1


def test_names_of_answers_fit_whatever_the_traders_file_is_called(hall: Hall) -> None:
    hall.take(b"nonsense")
    job = hall.arrive(b"more nonsense")
    with hall.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE transmissions SET name = ? WHERE id = ?", ("单" * 84 + ".e", job.transmission)
        )
    hall.decide(reading.read(job, hall.world))
    names = [row["name"] for row in hall.deliveries("report")]
    assert len(names) == 2
    assert all(len(name.encode()) <= 255 for name in names)


def test_sealed_bytes_are_those_that_were_written(hall: Hall) -> None:
    _, planned = hall.take(paxlst("1"))
    sealings = hall.write(planned)
    assert hall.seal(sealings) == [[]] * len(sealings)
    made = {one.delivery: one.data for sealing in sealings for one in sealing.result}
    assert len(made) == 4, "three messages and a signature; the CONTRL was sealed when it was planned"
    for row in hall.deliveries():
        assert (row["state"], row["payload"]) == ("available", made.get(row["id"], row["payload"]))
    assert hall.verified()


def test_a_second_seal_has_no_effect(hall: Hall) -> None:
    _, planned = hall.take(paxlst("1"))
    hall.seal(hall.write(planned))
    before, entries = hall.deliveries(), len(hall.entries("sealed"))
    again = hall.write(planned)
    other = [
        Sealing(one.job, one.row, [written(each.delivery, b"other bytes") for each in one.result]) for one in again
    ]
    assert hall.seal(other) == [[]] * len(other)
    assert hall.seal([unwritable(one) for one in again]) == [[]] * len(again)
    assert hall.deliveries() == before
    assert len(hall.entries("sealed")) == entries
    assert hall.work() == []


def test_a_delivery_twice_in_one_batch_is_sealed_once(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    twice = [*hall.write(planned), *hall.write(planned)]
    hall.seal(twice)
    assert len(hall.entries("sealed")) == len(hall.deliveries()) == 2
    assert hall.verified()


def test_a_large_payload_is_a_blob(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    data = bytes(hall.world.settings.spool.inline_limit + 1)
    sealings = [Sealing(one.job, one.row, [written(one.job.delivery, data)]) for one in hall.write(planned)]
    hall.seal(sealings)
    for row in hall.deliveries("message"):
        assert (row["payload"], row["size"]) == (None, len(data))
        with hall.blobs.open(row["sha256"]) as file:
            assert file.read() == data
    assert hall.verified()


def test_what_the_agencys_format_cannot_say_refuses_the_lane_and_the_trader_hears_it_at_once(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    sealings = hall.write(planned)
    outcome = hall.seal([unwritable(one) if one.row["kind"] == "message" else one for one in sealings])
    (case,) = hall.cases()
    lane = hall.lanes(case["id"])["customs"]
    assert (case["state"], lane["state"], lane["code"]) == ("refused", "refused", "HUB1")
    assert states(hall, "message") == {"failed": 1}
    (reply,) = hall.deliveries("answer")
    assert [row["id"] for rows in outcome for row in rows] == [reply["id"]], "the walk goes on with it"


def test_when_no_lane_can_be_written_there_is_one_reply(hall: Hall) -> None:
    _, planned = hall.take(paxlst("1"))
    hall.seal([unwritable(one) if one.row["kind"] == "message" else one for one in hall.write(planned)])
    assert len(hall.deliveries("answer")) == 1
    assert states(hall, "signature") == {"failed": 1}, "a signature does not wait for a document that never comes"


def test_a_job_that_failed_goes_to_a_person(hall: Hall) -> None:
    _, planned = hall.take(paxlst("1"))
    sealings = hall.write(planned)
    hall.seal(
        [Sealing(one.job, one.row, JobFailed("out of memory")) for one in sealings if one.row["kind"] == "message"]
    )
    items = hall.work()
    assert {item["kind"] for item in items} == {"unwritten"}
    assert {item["subject"] for item in items} == {row["id"] for row in hall.deliveries("message")}
    assert all("out of memory" in item["reason"] for item in items)
    assert {lane["state"] for lane in hall.lanes(hall.cases()[0]["id"]).values()} == {"sent"}, "its deadline runs"


@pytest.mark.parametrize("sealed_before", [False, True])
def test_giving_up_a_delivery(hall: Hall, sealed_before: bool) -> None:
    _, planned = hall.take(paxlst("1"))
    if sealed_before:
        hall.seal(hall.write(planned))
    chosen = next(row for row in planned if row["plan"].get("signature"))
    with hall.database.write() as connection:
        give_up(chosen["id"], "no room", hall.world, hall.ledger, hall.clock, connection)
    with hall.database.read() as connection:
        both = deliveries.get(connection, [chosen["id"], chosen["plan"]["signature"]]).values()
    assert {row["state"] for row in both} == ({"available"} if sealed_before else {"failed"})
    assert len(hall.work()) == (0 if sealed_before else 1)


def test_setting_aside_an_undecided_transmission(hall: Hall) -> None:
    job = hall.arrive(paxlst("1"))
    for _ in range(2):
        with hall.database.write() as connection:
            set_aside(job.transmission, "KeyError: 'x'", hall.world, hall.ledger, hall.clock, connection)
    assert hall.transmission(job.transmission)["state"] == "failed"
    (item,) = hall.work()
    assert (item["subject"], item["kind"]) == (job.transmission, "failed")
    assert hall.verified()


def test_what_is_decided_is_not_set_aside(hall: Hall) -> None:
    transmission, _ = hall.take(paxlst("1"))
    with hall.database.write() as connection:
        set_aside(transmission, "late", hall.world, hall.ledger, hall.clock, connection)
    assert hall.transmission(transmission)["state"] == "accepted"
    assert hall.work() == []


def test_numbers_go_on_after_a_batch_that_was_rolled_back(hall: Hall) -> None:
    job = hall.arrive(paxlst("1"))
    read = reading.read(job, hall.world)

    def undone() -> None:
        with hall.database.write() as connection:
            decide(connection, [read], hall.world, hall.ledger, hall.clock)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    hall.decide(read)
    (receipt,) = hall.deliveries("acknowledgement")
    assert receipt["payload"].endswith(b"UNZ+1+000000001'\r\n")
    assert hall.work() == []
