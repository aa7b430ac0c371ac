"""Customs answers the messages of cross-border e-commerce with the published codes, by what it has seen before."""

from pathlib import Path
from typing import Any

import pytest

from hub.security import xmldsig
from hub.setup import make_home
from tests.unit.engine.ecommerce import inventories, inventory, listing, order, payment, waybill
from tests.unit.twins.desk_of_customs import Customs


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    list(make_home(home))
    return home


@pytest.fixture
def customs(home: Path) -> Customs:
    return Customs(home)


def codes(items: list[dict[str, Any]]) -> list[str]:
    return [item["returnStatus"] for item in items]


def papers(customs: Customs, number: str = "1") -> None:
    """The three documents of an order, taken in."""
    for make in (order, payment, waybill):
        customs.send(make(number))
    assert codes(customs.said()) == ["120", "120", "120"]


def test_documents_are_answered_by_their_keys(customs: Customs) -> None:
    for make in (order, payment, waybill):
        customs.send(make("1"))
    first, second, third = customs.said()
    assert (first["orderNo"], first["ebpCode"], first["returnStatus"]) == ("1", "4301960A01", "120")
    assert (second["payTransactionId"], second["payCode"]) == ("P1", "4301960B02")
    assert (third["logisticsNo"], third["logisticsCode"]) == ("W1", "4301960C03")
    assert first["returnTime"] == "20261124000000000"
    assert first["returnInfo"] == "海关入库"


def test_a_list_is_stored_at_once_and_then_released_under_the_numbers_it_was_given(customs: Customs) -> None:
    papers(customs)
    customs.send(listing("1"))
    (stored,) = customs.said()
    customs.later(1)
    (released,) = customs.said()
    assert codes([stored, released]) == ["120", "800"]
    assert (released["agentCode"], released["copNo"]) == ("4301960D04", "C1")
    assert stored["preNo"] == released["preNo"]
    assert (len(released["preNo"]), len(released["invtNo"])) == (18, 18)
    assert "invtNo" not in stored
    assert stored["guid"] != released["guid"]


@pytest.mark.parametrize(
    ("missing", "code"), [(order, "-301003"), (payment, "-401001"), (waybill, "-621003")], ids=["order", "pay", "bill"]
)
def test_a_list_that_lacks_a_document_is_refused_when_it_did_not_come_in_time(
    customs: Customs, missing: Any, code: str
) -> None:
    for make in (order, payment, waybill):
        if make is not missing:
            customs.send(make("1"))
    customs.said()
    customs.send(listing("1"))
    assert customs.said() == []
    customs.later(6)
    assert codes(customs.said()) == [code]


def test_documents_may_come_behind_the_list(customs: Customs) -> None:
    for make in (listing, order, payment, waybill):
        customs.send(make("1"))
    customs.later(1)
    assert codes(customs.said()) == ["120", "120", "120", "120", "800"]


def test_what_was_declared_before_is_refused_with_the_code_of_duplicates(customs: Customs) -> None:
    papers(customs)
    for _ in range(2):
        customs.send(listing("1"))
        customs.later(1)
    assert codes(customs.said()) == ["120", "800", "-621004"]
    for make, code in ((order, "-301010"), (payment, "-401007"), (waybill, "-504015")):
        customs.send(make("1"))
        assert codes(customs.said()) == [code]


def test_the_same_delivery_again_is_no_duplicate(customs: Customs) -> None:
    data = xmldsig.sign(order("1"), customs.hub)
    for _ in range(2):
        customs.counter.hand("DL-A.xml", data)
    assert codes(customs.said()) == ["120", "120"]


def test_what_was_refused_may_come_again(customs: Customs) -> None:
    papers(customs)
    bad = inventory("1")
    bad["InventoryList"][0]["gname"] = "禁止进境的商品"
    customs.send(inventories(bad))
    customs.later(1)
    customs.send(listing("1"))
    customs.later(1)
    assert codes(customs.said()) == ["100", "120", "800"]


def test_an_amendment_keeps_the_numbers_and_one_of_nothing_is_refused(customs: Customs) -> None:
    customs.send(order("1", appType="2"))
    assert codes(customs.said()) == ["-301009"]
    papers(customs)
    customs.send(listing("1"))
    customs.later(1)
    customs.send(listing("1", appType="2"))
    customs.later(1)
    first, second = (item for item in customs.said() if item["returnStatus"] == "800")
    assert (first["preNo"], first["invtNo"]) == (second["preNo"], second["invtNo"])


def test_limits_count_what_is_declared_and_not_what_an_amendment_replaced(customs: Customs) -> None:
    for number in ("1", "2", "3", "4", "5", "6", "7"):
        papers(customs, number)
        item = inventory(number)
        item["InventoryList"][0]["totalPrice"] = "4000.00"
        customs.send(inventories(item))
        item["InventoryHead"]["appType"] = "2"
        customs.later(1)
        customs.send(inventories(item))
        customs.later(1)
        customs.said()
    item["InventoryHead"] |= {"appType": "1"}
    customs.send(inventories(item))
    customs.later(1)
    assert codes(customs.said()) == ["-621018"], "six times 4000 is all that one person may buy in a year"


def test_a_released_list_is_billed_and_its_bill_is_summed_up_later(customs: Customs) -> None:
    papers(customs)
    customs.send(listing("1"))
    customs.later(1)
    _, released = customs.said()
    customs.later(600)
    (bill,) = customs.said()
    head, (line,) = bill["TaxHeadRd"], bill["TaxListRd"]
    assert (head["invtNo"], head["status"]) == (released["invtNo"], "1")
    assert (head["valueAddedTax"], line["taxPrice"]) == ("11.83", "130")
    customs.later(3600)
    (status,) = customs.said()
    told = status["TaxHeadStatus"]
    assert (told["taxNo"], told["invtNo"], told["status"]) == (head["taxNo"], head["invtNo"], "2")
    assert told["entDutyNo"].startswith("D4900")


def test_what_is_not_released_is_not_billed(customs: Customs) -> None:
    papers(customs)
    bad = inventory("1")
    bad["InventoryList"][0]["gname"] = "禁止进境的商品"
    customs.send(inventories(bad))
    customs.later(1)
    assert codes(customs.said()) == ["100"]
    customs.later(7200)
    assert customs.said() == []


def test_one_purchase_has_a_limit_too(customs: Customs) -> None:
    papers(customs)
    item = inventory("1")
    item["InventoryList"][0]["totalPrice"] = "5000.01"
    customs.send(inventories(item))
    customs.later(1)
    assert codes(customs.said()) == ["-621005"]


def test_several_lists_in_a_message_have_their_receipts_in_one(customs: Customs) -> None:
    papers(customs, "1")
    papers(customs, "2")
    inspected = inventory("2")
    inspected["InventoryList"][0]["gname"] = "查验样品"
    customs.send(inventories(inventory("1"), inspected, inventory("1")))
    customs.later(1)
    stored, decided = customs.messages()
    assert [item["copNo"] for item in stored] == ["C1", "C2"]
    assert codes(decided) == ["800", "500", "-621004"]
