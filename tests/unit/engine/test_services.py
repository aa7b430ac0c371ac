"""Cases of several legs, against a real database: they come in every order, agree or not, are corrected, late."""

import itertools
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from hub.clock import now
from hub.commands.story import tell
from hub.engine import read as reading
from hub.engine.rows import Row
from hub.model.partner import SignatureKind
from hub.security import schemes
from hub.security.keys import load_signer
from hub.services.service import Line, Services
from hub.twins.folder import TwinFolder
from tests.unit.engine.ecommerce import inventories, inventory, listing, order, payment, waybill
from tests.unit.engine.hall import Hall, says


@pytest.fixture(autouse=True)
def today(hall: Hall) -> None:
    """The declarant's certificate is as old as its home."""
    hall.at = now()


SENDERS = {"order": ("xiangmai", order), "payment": ("fuda", payment), "waybill": ("sutong", waybill),
           "list": ("xinghai", listing)}  # fmt: skip


def send(hall: Hall, leg: str, number: str = "1", **changes: str) -> str:
    """Let the partner of ``leg`` send it; the transmission."""
    partner, make = SENDERS[leg]
    data = make(number, **changes)
    if partner == "xinghai":
        data = signed(hall, data)
    transmission, _ = hall.take(data, partner)
    return transmission


def signed(hall: Hall, data: bytes) -> bytes:
    """As the declarant signs it."""
    own = TwinFolder(hall.world.settings.paths.twins / "xinghai")
    return schemes.sign(SignatureKind.XMLDSIG, data, load_signer(own.signing_key), canonical=True).data


def customs(hall: Hall, number: str, status: str, code: str) -> None:
    hall.answer("customs", says("ecommerce-import", "customs", f"4301960D04/C{number}", status, code))


def sent(hall: Hall) -> list[Row]:
    """What customs is sent."""
    return [row for row in hall.deliveries("message") if row["partner"] == "customs"]


def replies(hall: Hall, partner: str) -> list[dict[str, object]]:
    return [json.loads(row["plan"])["status"] for row in hall.deliveries("answer") if row["partner"] == partner]


@pytest.mark.parametrize("legs", list(itertools.permutations(SENDERS)), ids="-".join)
def test_legs_in_every_order_make_one_case_and_leave_once(hall: Hall, legs: tuple[str, ...]) -> None:
    for leg in legs:
        assert hall.deliveries("message") == []
        row = hall.transmission(send(hall, leg))
        assert row["state"] == "accepted", (leg, row["findings"])
    (case,) = hall.cases()
    assert (case["service"], case["state"], case["reference"]) == ("ecommerce-import", "open", "C1")
    messages = sent(hall)
    assert sorted(hall.plan(row["id"])["plan"]["type"] for row in messages) == [
        "xsd:ceb:CEB311", "xsd:ceb:CEB411", "xsd:ceb:CEB511", "xsd:ceb:CEB621",
    ]  # fmt: skip
    assert {name: lane["state"] for name, lane in hall.lanes(case["id"]).items()} == {"customs": "sent"}
    customs(hall, "1", "accepted", "800")
    (case,) = hall.cases()
    assert case["state"] == "accepted"
    assert [reply["status"] for reply in replies(hall, "xinghai")] == ["accepted"]
    assert hall.verified()


def complete(hall: Hall, number: str = "1", **changes: str) -> None:
    """All four legs, the list with ``changes``."""
    for leg in ("order", "payment", "waybill"):
        send(hall, leg, number)
    send(hall, "list", number, **changes)


def account(hall: Hall) -> tuple[int, int]:
    """What is reserved and used of the buyer's yearly limit, in fen."""
    with hall.database.read() as connection:
        row = connection.exec_driver_sql("SELECT reserved, used FROM accounts").one_or_none()
    return (0, 0) if row is None else (row[0], row[1])


def test_the_yearly_limit_is_reserved_with_the_match_and_used_with_the_release(hall: Hall) -> None:
    complete(hall)
    assert account(hall) == (12000, 0)
    customs(hall, "1", "received", "120")
    assert account(hall) == (12000, 0)
    customs(hall, "1", "accepted", "800")
    assert account(hall) == (0, 12000)


def test_what_customs_refuses_is_given_back(hall: Hall) -> None:
    complete(hall)
    customs(hall, "1", "refused", "-621004")
    assert account(hall) == (0, 0)
    (reply,) = replies(hall, "xinghai")
    assert reply["status"] == "refused"


def test_a_price_off_by_a_cent_is_refused_with_the_field_and_mended_by_a_new_order(hall: Hall) -> None:
    send(hall, "order", acturalPaid="136.84")
    send(hall, "payment", amountPaid="136.84")
    send(hall, "waybill")
    send(hall, "list")
    (case,) = hall.cases()
    assert case["state"] == "waiting", "the order was refused by itself, and is not there"
    assert hall.deliveries("message") == []
    send(hall, "order")
    (case,) = hall.cases()
    assert case["state"] == "refused", "and now the payment does not agree"
    (reply,) = replies(hall, "xinghai")
    (lane,) = reply["lane"]  # type: ignore[misc]
    assert [item["path"] for item in lane["item"]] == ["Payment/PaymentHead/amountPaid"]
    assert account(hall) == (0, 0)
    send(hall, "payment")
    (case,) = hall.cases()
    assert (case["state"], case["revision"]) == ("open", 2)
    assert len(sent(hall)) == 4
    assert account(hall) == (12000, 0)


def test_what_does_not_come_in_time_is_told(hall: Hall) -> None:
    send(hall, "list")
    send(hall, "order")
    assert hall.tick() == 0
    hall.later(24 * 3600 + 1)
    assert hall.tick() == 1
    (case,) = hall.cases()
    assert case["state"] == "refused"
    (reply,) = replies(hall, "xinghai")
    (lane,) = reply["lane"]  # type: ignore[misc]
    assert (lane["code"], "payment, waybill" in lane["text-en"]) == ("100", True)
    assert hall.tick() == 0
    send(hall, "payment")
    send(hall, "waybill")
    assert hall.cases()[0]["state"] == "open", "what comes late completes it all the same"


def purchase(hall: Hall, number: str, price: str) -> dict[str, str]:
    """The three documents of a purchase of one thing; what its list says."""
    line = {"qty": "1", "price": price, "totalPrice": price}
    total = str(Decimal(price) + Decimal("16.83"))
    send(hall, "order", number, goodsValue=price, acturalPaid=total, **line)
    send(hall, "payment", number, amountPaid=total)
    send(hall, "waybill", number)
    return line


def test_two_cases_that_together_exceed_the_limit(hall: Hall) -> None:
    for number in range(1, 6):
        send(hall, "list", str(number), **purchase(hall, str(number), "5000.00"))
    lines = {number: purchase(hall, number, "600.00") for number in ("6", "7")}
    jobs = [hall.arrive(signed(hall, listing(number, **line)), "xinghai") for number, line in lines.items()]
    hall.decide(*(reading.read(job, hall.world) for job in jobs))
    assert sorted(case["state"] for case in hall.cases()) == ["open"] * 6 + ["refused"]
    assert account(hall) == (2560000, 0)
    (reply,) = replies(hall, "xinghai")
    (lane,) = reply["lane"]  # type: ignore[misc]
    assert (lane["code"], "400.00 CNY available" in lane["text-en"]) == ("-621018", True)


def test_the_same_list_twice_is_refused_and_changes_nothing(hall: Hall) -> None:
    complete(hall)
    second = send(hall, "list", netWeight="1.70")
    assert hall.transmission(second)["state"] == "refused"
    assert len(hall.cases()) == 1
    assert len(sent(hall)) == 4


def test_a_list_of_two_of_which_one_is_known_takes_the_other(hall: Hall) -> None:
    complete(hall, "1")
    both = hall.take(signed(hall, inventories(inventory("1"), inventory("2"))), "xinghai")[0]
    assert hall.transmission(both)["state"] == "accepted"
    found = sorted((case["reference"], case["state"]) for case in hall.cases())
    assert found == [("C1", "open"), ("C2", "waiting")]
    (reply,) = replies(hall, "xinghai")
    assert (reply["status"], reply["reference"]) == ("refused", "C1")


def test_nobody_submits_in_the_name_of_another(hall: Hall) -> None:
    transmission = send(hall, "payment", payCode="4301960X99")
    assert hall.transmission(transmission)["state"] == "refused"
    assert "walk.sender-not-named" in hall.transmission(transmission)["findings"]


def test_an_amendment_goes_out_again_and_the_answer_to_the_first_is_overtaken(hall: Hall) -> None:
    complete(hall)
    customs(hall, "1", "accepted", "800")
    assert account(hall) == (0, 12000)
    first = sent(hall)[0]["id"]
    send(hall, "list", appType="2", netWeight="1.70")
    (case,) = hall.cases()
    assert (case["state"], case["revision"]) == ("open", 2)
    assert len(sent(hall)) == 8
    assert account(hall) == (12000, 0)
    hall.answer("customs", says("ecommerce-import", "customs", first, "refused", "100"))
    assert hall.cases()[0]["state"] == "open", "that was about the first version"
    assert len(hall.entries("answer.overtaken")) == 1
    customs(hall, "1", "accepted", "800")
    assert hall.cases()[0]["state"] == "accepted"
    assert account(hall) == (0, 12000)


def test_an_amendment_that_does_not_pass_leaves_what_customs_has(hall: Hall) -> None:
    complete(hall)
    customs(hall, "1", "accepted", "800")
    send(hall, "list", appType="2", buyerIdNumber="430102199003078524")
    (case,) = hall.cases()
    assert (case["state"], case["revision"]) == ("accepted", 1)
    assert len(sent(hall)) == 4
    assert account(hall) == (0, 12000)
    assert sorted(str(reply["status"]) for reply in replies(hall, "xinghai")) == ["accepted", "refused"]
    assert hall.verified()


def test_an_amendment_for_which_there_is_not_enough_leaves_what_was_used(hall: Hall) -> None:
    complete(hall)
    customs(hall, "1", "accepted", "800")
    service = hall.world.services.by_id["ecommerce-import"]
    (limit, *others) = service.postings
    dear = replace(limit, rows=lambda facts: [Line((one.values[0], "26000.01")) for one in limit.rows(facts)])
    changed = replace(service, postings=(dear, *others))
    hall.world = replace(hall.world, services=Services({**hall.world.services.by_id, service.id: changed}))
    send(hall, "list", appType="2", netWeight="1.70")
    (case,) = hall.cases()
    assert (case["state"], case["revision"]) == ("accepted", 1)
    assert account(hall) == (0, 12000)
    assert len(hall.entries("amendment.refused")) == 1


def test_a_cancelled_list_gives_the_limit_back_when_customs_agrees(hall: Hall) -> None:
    complete(hall)
    send(hall, "list", appType="3")
    (case,) = hall.cases()
    assert case["state"] == "open"
    customs(hall, "1", "accepted", "899")
    (case,) = hall.cases()
    assert case["state"] == "cancelled"
    assert account(hall) == (0, 0)


def test_a_list_that_no_agency_has_is_cancelled_at_once(hall: Hall) -> None:
    send(hall, "list")
    send(hall, "list", appType="3")
    assert hall.cases()[0]["state"] == "cancelled"
    assert [reply["status"] for reply in replies(hall, "xinghai")] == ["cancelled"]


def test_the_story_of_a_case_is_found_by_any_of_its_documents(hall: Hall) -> None:
    complete(hall)
    (case,) = hall.cases()
    with hall.database.read() as connection:
        stories = [tell(connection, word) for word in ("C1", "1", "P1", "W1", case["id"])]
    assert {story.subject for story in stories if story} == {case["id"]}
    assert stories[0] is not None
    told = "\n".join(stories[0].lines())
    assert "payment P1 of fuda: joined" in told
    assert [leg["name"] for leg in stories[0].as_json()["legs"]] == ["order", "payment", "waybill", "list"]
