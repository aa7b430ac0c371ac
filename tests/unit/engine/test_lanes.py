"""Lanes: what moves them, what contradicts, what the trader is told, and when a person must look."""

import itertools

import pytest

from hub.engine.deadlines import Deadlines
from hub.engine.values import Acknowledged, ReadMessage
from hub.model.case import LANE_TRANSITIONS, CaseState, LaneState, joint
from hub.model.message import Syntax
from tests.unit.engine.hall import Hall, cuscar, paxlst, says


@pytest.fixture
def lanes(hall: Hall) -> dict[str, str]:
    """A case of passengers; agency → key of its answer."""
    hall.take(paxlst("1"))
    return hall.keys()


def answer(hall: Hall, keys: dict[str, str], agency: str, status: str, code: str = "") -> str:
    return hall.answer(agency, says("passengers", agency, keys[agency], status, code))


def contrl(hall: Hall, agency: str, key: str, *, accepted: bool) -> str:
    message = ReadMessage(
        "edifact:S3:CONTRL", "1", True, acknowledged=Acknowledged(key, accepted, () if accepted else ("12",))
    )
    return hall.answer(agency, message, syntax=Syntax.XML)


def state(hall: Hall) -> str:
    return str(hall.cases()[0]["state"])


def test_when_every_lane_has_spoken_the_trader_hears_it_once(hall: Hall, lanes: dict[str, str]) -> None:
    answer(hall, lanes, "border", "accepted")
    answer(hall, lanes, "customs", "accepted")
    assert (state(hall), hall.deliveries("answer")) == ("open", [])
    answer(hall, lanes, "quarantine", "accepted")
    case = hall.cases()[0]
    assert case["state"] == "accepted"
    assert case["closed_at"]
    (reply,) = hall.deliveries("answer")
    assert (reply["partner"], reply["folder"]) == ("oceanair", "receipts")
    assert hall.work() == []


def test_a_repeated_answer_is_ignored(hall: Hall, lanes: dict[str, str]) -> None:
    for agency in lanes:
        answer(hall, lanes, agency, "accepted")
    answer(hall, lanes, "customs", "accepted")
    assert len(hall.deliveries("answer")) == 1
    assert hall.work() == []


def test_a_contradiction_goes_to_a_person_and_changes_nothing(hall: Hall, lanes: dict[str, str]) -> None:
    answer(hall, lanes, "customs", "accepted")
    answer(hall, lanes, "customs", "refused", "4001")
    assert hall.lanes(hall.cases()[0]["id"])["customs"]["state"] == "accepted"
    (item,) = hall.work()
    assert (item["kind"], item["owner"]) == ("contradiction", "duty-officer")


def test_a_technical_receipt_moves_the_lane_and_a_late_one_does_nothing(hall: Hall, lanes: dict[str, str]) -> None:
    contrl(hall, "border", lanes["border"], accepted=True)
    assert hall.lanes(hall.cases()[0]["id"])["border"]["state"] == "received"
    answer(hall, lanes, "border", "accepted")
    contrl(hall, "border", lanes["border"], accepted=True)
    assert hall.lanes(hall.cases()[0]["id"])["border"]["state"] == "accepted"
    assert hall.work() == []


def test_a_negative_technical_receipt_refuses_the_lane(hall: Hall, lanes: dict[str, str]) -> None:
    contrl(hall, "border", lanes["border"], accepted=False)
    lane = hall.lanes(hall.cases()[0]["id"])["border"]
    assert (lane["state"], lane["code"]) == ("refused", "12")


def test_a_receipt_about_what_is_no_lane_is_accepted(hall: Hall, lanes: dict[str, str]) -> None:
    transmission = contrl(hall, "oceanair", "000000001", accepted=True)
    assert hall.transmission(transmission)["state"] == "accepted"
    assert [message["state"] for message in hall.messages(transmission)] == ["accepted"]
    contrl(hall, "oceanair", "000000002", accepted=False)
    assert [item["kind"] for item in hall.work()] == ["receipt"]


def test_inspection_then_release_gives_a_second_reply(hall: Hall, lanes: dict[str, str]) -> None:
    answer(hall, lanes, "border", "accepted")
    answer(hall, lanes, "quarantine", "accepted")
    answer(hall, lanes, "customs", "inspection")
    assert (state(hall), len(hall.deliveries("answer"))) == ("inspection", 1)
    assert hall.cases()[0]["closed_at"] is None
    answer(hall, lanes, "customs", "accepted")
    assert (state(hall), len(hall.deliveries("answer"))) == ("accepted", 2)
    assert hall.cases()[0]["closed_at"]


@pytest.mark.parametrize("ends", ["in time", "late"])
def test_an_inspection_has_a_deadline_too(hall: Hall, lanes: dict[str, str], ends: str) -> None:
    for agency, said in (("border", "accepted"), ("quarantine", "accepted"), ("customs", "inspection")):
        answer(hall, lanes, agency, said)
    walk = hall.walk()
    walk.start()
    deadlines = Deadlines(walk, hall.database, hall.ledger, hall.clock)
    hall.later(6 * 24 * 3600)
    assert deadlines.tick() == 0
    if ends == "late":
        hall.later(24 * 3600)
        assert deadlines.tick() == 1
        assert deadlines.tick() == 0
        (item,) = hall.work()
        assert (item["kind"], item["subject"]) == ("inspection", hall.lanes(hall.cases()[0]["id"])["customs"]["id"])
    walk.stop()
    assert (state(hall), len(hall.deliveries("answer"))) == ("inspection", 1)
    answer(hall, lanes, "customs", "accepted")
    assert (state(hall), len(hall.deliveries("answer"))) == ("accepted", 2)
    assert hall.work() == []
    hall.later(30 * 24 * 3600)
    assert [lane["due_at"] for lane in hall.lanes(hall.cases()[0]["id"]).values()] == [None] * 3


def test_overdue_then_answered(hall: Hall, lanes: dict[str, str]) -> None:
    answer(hall, lanes, "border", "accepted")
    answer(hall, lanes, "quarantine", "accepted")
    walk = hall.walk()
    walk.start()
    deadlines = Deadlines(walk, hall.database, hall.ledger, hall.clock)
    assert deadlines.tick() == 0
    hall.later(31 * 60)
    assert deadlines.tick() == 1
    assert deadlines.tick() == 0
    walk.stop()
    assert state(hall) == "overdue"
    assert [item["kind"] for item in hall.work()] == ["deadline"]
    assert len(hall.deliveries("answer")) == 1
    answer(hall, lanes, "customs", "accepted")
    assert (state(hall), len(hall.deliveries("answer"))) == ("accepted", 2)
    assert hall.work() == [], "what has settled itself leaves the work list"
    assert hall.verified()


def test_a_deadline_of_a_trader_that_is_gone_does_not_stop_the_others(hall: Hall) -> None:
    hall.take(paxlst("1"))
    with hall.database.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET partner = 'gone'")
    hall.take(cuscar("2"))
    walk = hall.walk()
    walk.start()
    hall.later(31 * 60)
    assert Deadlines(walk, hall.database, hall.ledger, hall.clock).tick() == 4
    walk.stop()
    assert {case["state"] for case in hall.cases()} == {"overdue"}
    assert sorted(item["kind"] for item in hall.work()) == ["deadline"] * 4 + ["reply"]


def test_an_answer_to_nothing_is_refused_and_goes_to_a_person(hall: Hall, lanes: dict[str, str]) -> None:
    transmission = hall.answer("customs", says("passengers", "customs", "DL-NOBODY", "accepted"))
    assert hall.transmission(transmission)["state"] == "refused"
    assert [item["kind"] for item in hall.work()] == ["answer"]


def test_one_agency_cannot_answer_for_another(hall: Hall, lanes: dict[str, str]) -> None:
    transmission = hall.answer("quarantine", says("passengers", "customs", lanes["customs"], "accepted"))
    assert hall.transmission(transmission)["state"] == "refused"
    assert hall.lanes(hall.cases()[0]["id"])["customs"]["state"] == "sent"


def test_an_answer_is_read_as_its_own_service_reads_it(hall: Hall, lanes: dict[str, str]) -> None:
    """Two services may have a lane of the same name, and one message type for the answers."""
    both = (
        says("manifest", "customs", lanes["customs"], "refused").answers
        + says("passengers", "customs", lanes["customs"], "accepted").answers
    )
    hall.answer("customs", ReadMessage("xsd:test", "1", True, answers=both))
    assert hall.lanes(hall.cases()[0]["id"])["customs"]["state"] == "accepted"


@pytest.mark.parametrize("status", ["", "sent", "overdue", "released"])
def test_an_answer_that_nobody_understands_is_refused_and_told(hall: Hall, lanes: dict[str, str], status: str) -> None:
    transmission = answer(hall, lanes, "customs", status)
    assert hall.transmission(transmission)["state"] == "refused"
    assert hall.lanes(hall.cases()[0]["id"])["customs"]["state"] == "sent"
    assert [item["kind"] for item in hall.work()] == ["answer"]


def test_answers_to_many_lanes_in_one_message_batch(hall: Hall) -> None:
    for number in range(20):
        hall.take(cuscar(str(number)))
    with hall.database.read() as connection:
        keys = connection.exec_driver_sql("SELECT key FROM correlations").scalars().all()
    hall.answer("customs", *(says("manifest", "customs", key, "accepted") for key in keys))
    assert {case["state"] for case in hall.cases()} == {"accepted"}
    assert len(hall.deliveries("answer")) == 20


def test_lanes_end_only_as_the_table_says() -> None:
    assert set(LANE_TRANSITIONS) == set(LaneState)
    for present, targets in LANE_TRANSITIONS.items():
        assert present not in targets
        assert LaneState.SENT not in targets, "nothing is unsent"
        assert not (targets and present in (LaneState.ACCEPTED, LaneState.REFUSED))


def test_the_worst_lane_speaks_for_all() -> None:
    order = [
        (LaneState.REFUSED, CaseState.REFUSED),
        (LaneState.OVERDUE, CaseState.OVERDUE),
        (LaneState.INSPECTION, CaseState.INSPECTION),
        (LaneState.SENT, CaseState.OPEN),
        (LaneState.RECEIVED, CaseState.OPEN),
        (LaneState.ACCEPTED, CaseState.ACCEPTED),
        (LaneState.TOLD, CaseState.ACCEPTED),
    ]
    for lanes in itertools.product(LaneState, repeat=3):
        assert joint(list(lanes)) is next(case for lane, case in order if lane in lanes)
    assert joint([]) is CaseState.OPEN
