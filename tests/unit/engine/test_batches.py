"""Cases whose messages come in one batch, or in one message: it ends as they would one by one, and what one of them
gets wrong does not spoil what another got right."""

import pytest

from hub.clock import now
from hub.engine import read as reading
from hub.engine.values import Read, ReadInterchange
from hub.model.message import Syntax
from tests.unit.engine.ecommerce import inventories, inventory, listing, order
from tests.unit.engine.hall import Hall, says
from tests.unit.engine.test_services import account, complete, send, signed


@pytest.fixture(autouse=True)
def today(hall: Hall) -> None:
    """The declarant's certificate is as old as its home."""
    hall.at = now()


def released(hall: Hall) -> Read:
    """What customs says of the first message that it has, read and not yet decided."""
    job = hall.arrive(b"released", "customs")
    said = says("ecommerce-import", "customs", hall.deliveries("message")[0]["id"], "accepted", "800")
    return Read(job.transmission, Syntax.XML, (), (ReadInterchange(messages=(said,)),))


def lists(hall: Hall, data: bytes) -> Read:
    """What the declarant sends, read and not yet decided."""
    return reading.read(hall.arrive(signed(hall, data), "xinghai"), hall.world)


def test_a_release_does_not_use_what_an_amendment_behind_it_reserves(hall: Hall) -> None:
    complete(hall)
    hall.decide(released(hall), lists(hall, listing("1", appType="2", netWeight="1.70")))
    (case,) = hall.cases()
    assert (case["state"], case["revision"]) == ("open", 2)
    assert account(hall) == (12000, 0)


def test_an_answer_behind_an_amendment_is_about_the_first_version(hall: Hall) -> None:
    complete(hall)
    hall.decide(lists(hall, listing("1", appType="2", netWeight="1.70")), released(hall))
    assert hall.cases()[0]["state"] == "open"
    assert account(hall) == (12000, 0)


def test_a_double_in_the_same_batch_is_told_so(hall: Hall) -> None:
    for leg in ("order", "payment", "waybill"):
        send(hall, leg)
    hall.decide(lists(hall, listing("1")), lists(hall, listing("1", netWeight="1.70")))
    assert hall.cases()[0]["revision"] == 1
    assert len(hall.deliveries("message")) == 4


def test_of_two_amendments_in_one_message_that_fail_neither_stands(hall: Hall) -> None:
    complete(hall)
    wrong = [inventory("1", appType="2", buyerIdNumber=buyer) for buyer in ("430102199003078524", "430102199003078532")]
    hall.decide(lists(hall, inventories(*wrong)))
    with hall.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT revision, state FROM legs WHERE name = 'list' ORDER BY id").all()
    assert [tuple(row) for row in rows] == [(1, "joined"), (2, "replaced"), (3, "refused")]
    assert (hall.cases()[0]["state"], hall.cases()[0]["revision"]) == ("open", 1)


def test_an_order_that_a_corrected_list_names_is_a_double_in_the_same_batch_too(hall: Hall) -> None:
    for leg in ("order", "payment", "waybill"):
        send(hall, leg)
    twice = lists(hall, inventories(inventory("1"), inventory("1", orderNo="2")))
    other = reading.read(hall.arrive(order("2"), "xiangmai"), hall.world)
    hall.decide(twice, other)
    assert hall.transmission(other.transmission)["state"] == "refused"
    assert hall.cases()[0]["revision"] == 2


def test_a_leg_for_a_cancelled_case_waits_for_the_next(hall: Hall) -> None:
    send(hall, "list")
    send(hall, "list", appType="3")
    complete(hall, copNo="C2")
    assert [case["state"] for case in hall.cases()] == ["cancelled", "open"]


def test_a_leg_that_fails_its_own_checks_does_not_take_the_place_of_one_that_waits(hall: Hall) -> None:
    send(hall, "order")
    send(hall, "order", acturalPaid="136.84")
    for leg in ("payment", "waybill", "list"):
        send(hall, leg)
    assert hall.cases()[0]["state"] == "open"


def test_of_several_answers_in_one_message_those_to_nobody_need_a_person(hall: Hall) -> None:
    complete(hall)
    claims = [
        says("ecommerce-import", "customs", f"4301960D04/{number}", "accepted").answers[0] for number in ("C1", "C9")
    ]
    hall.answer("customs", says("ecommerce-import", "customs", "", "")._replace(answers=tuple(claims)))
    assert hall.cases()[0]["state"] == "accepted"
    assert [item["reason"] for item in hall.work()] == ["an answer of customs to 4301960D04/C9 belongs to no lane"]
