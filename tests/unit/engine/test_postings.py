"""What cases move in balances, whoever holds them and in whatever year: amendments that are undone, grants and
reservations of a year that is over."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hub.balances.verify import verify
from hub.clock import SECOND, now
from hub.engine import read as reading
from hub.engine.postings import Postings
from hub.engine.rows import Known
from hub.engine.values import AnswerClaim, Read, ReadMessage
from hub.mapping.resolve import PathProblem
from hub.model.case import Objection
from hub.services.effects import _made
from hub.services.service import Line, Posting, Service, Services
from hub.services.vocabulary import LegFacts, Vocabulary
from tests.unit.engine.ecommerce import BUYER, invt, listing, parcel_status, refund
from tests.unit.engine.hall import Hall
from tests.unit.engine.test_services import complete, customs, replies, send, signed

OTHER = "430102199003078524"
AMENDED = listing("1", appType="2", buyerIdNumber=OTHER)
NEW_YEAR = int(datetime(2026, 12, 31, 16, tzinfo=UTC).timestamp()) * SECOND  # midnight in China


@pytest.fixture(autouse=True)
def today(hall: Hall) -> None:
    """The declarant's certificate is as old as its home."""
    hall.at = now()


def service_of(hall: Hall) -> Service:
    return hall.world.services.by_id["ecommerce-import"]


def configure(hall: Hall, *postings: Posting) -> None:
    """Let the service have these ``postings`` instead of its own."""
    service = replace(service_of(hall), postings=postings)
    hall.world = replace(hall.world, services=Services({service.id: service}))


def moving(hall: Hall, name: str, **steps: str) -> Posting:
    """A posting like the service's own that moves at other events: ``matched`` = "reserve"."""
    (own,) = service_of(hall).postings
    events = {event.replace("__", ".").replace("_", "-"): step for event, step in steps.items()}
    return replace(own, name=name, steps=events)


def arrived(hall: Hall, data: bytes) -> Read:
    """What the declarant sends, read and not decided."""
    return reading.read(hall.arrive(signed(hall, data), "xinghai"), hall.world)


def says(hall: Hall, lane: str, key: str, status: str, code: str, number: str = "1") -> None:
    """What customs says in ``lane``, with the number that it gave."""
    claim = AnswerClaim("ecommerce-import", lane, key, status, code, facts=(("invtNo", invt(number)),))
    hall.answer("customs", ReadMessage("xsd:test", "1", True, answers=(claim,)))


def released(hall: Hall, number: str = "1") -> None:
    says(hall, "customs", f"4301960D04/C{number}", "accepted", "800", number)


def accounts(hall: Hall) -> dict[str, tuple[int, int, int]]:
    """Line, reserved and used by period and holder; and the balances agree."""
    with hall.database.read() as connection:
        assert [str(one) for one in verify(connection)] == []
        rows = connection.exec_driver_sql("SELECT period, holder, line, reserved, used FROM accounts").all()
    return {f"{row[0]} {row[1]}": tuple(row[2:]) for row in rows}


# -- whose it is, when an amendment does not stand ---------------------------------------------------------------------


def test_a_report_beside_an_amendment_that_is_undone_moves_what_the_first_holder_has(hall: Hall) -> None:
    configure(hall, moving(hall, "later", parcel_status__joined="grant"))
    complete(hall)
    later = hall.arrive(parcel_status("1"), "sutong")
    hall.decide(arrived(hall, AMENDED), reading.read(later, hall.world))
    assert [case["revision"] for case in hall.cases()] == [1], "the papers name another buyer"
    assert accounts(hall) == {f"2026 {BUYER}": (2612000, 0, 0)}


def test_a_return_beside_an_amendment_that_is_undone_finds_its_case(hall: Hall) -> None:
    complete(hall)
    released(hall)
    hall.decide(arrived(hall, AMENDED), arrived(hall, refund("1")))
    says(hall, "return", "4301960D04/R1", "accepted", "399")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}


@pytest.mark.parametrize(("answer", "ends"), [("accepted", (0, 12000)), ("refused", (0, 0))])
def test_an_amendment_of_the_holder_that_is_undone_leaves_the_first(
    hall: Hall, answer: str, ends: tuple[int, int]
) -> None:
    complete(hall)
    send(hall, "list", appType="2", buyerIdNumber=OTHER)
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 12000, 0)}
    customs(hall, "1", answer, "800")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, *ends)}
    assert hall.verified()


def amended(hall: Hall) -> None:
    """A case whose list names another buyer than before, and may."""
    service = replace(service_of(hall), checks=())
    hall.world = replace(hall.world, services=Services({service.id: service}))
    complete(hall)
    send(hall, "list", appType="2", buyerIdNumber=OTHER)


def test_an_amendment_of_the_holder_gives_back_to_the_first_and_takes_from_the_second(hall: Hall) -> None:
    amended(hall)
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0), f"2026 {OTHER}": (2600000, 12000, 0)}
    released(hall)
    assert accounts(hall)[f"2026 {OTHER}"] == (2600000, 0, 12000)


def test_a_changed_holder_is_given_back_what_the_case_took_when_it_is_cancelled(hall: Hall) -> None:
    amended(hall)
    send(hall, "list", appType="3", buyerIdNumber=BUYER)
    customs(hall, "1", "accepted", "800")
    assert [case["state"] for case in hall.cases()] == ["cancelled"]
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0), f"2026 {OTHER}": (2600000, 0, 0)}


# -- a year that is over -----------------------------------------------------------------------------------------------


def in_december(hall: Hall) -> None:
    hall.at = NEW_YEAR - 600 * SECOND


@pytest.mark.parametrize(("answer", "used"), [("accepted", 12000), ("refused", 0)])
def test_what_was_reserved_in_december_is_used_or_given_back_there_in_january(
    hall: Hall, answer: str, used: int
) -> None:
    in_december(hall)
    complete(hall)
    hall.later(1200)
    customs(hall, "1", answer, "800")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, used)}


def test_a_return_in_january_gives_back_to_the_year_of_the_purchase(hall: Hall) -> None:
    in_december(hall)
    complete(hall)
    released(hall)
    hall.later(1200)
    hall.decide(arrived(hall, refund("1")))
    says(hall, "return", "4301960D04/R1", "accepted", "399")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}


def test_a_grant_of_december_is_withdrawn_from_that_year(hall: Hall) -> None:
    configure(hall, moving(hall, "granted", matched="grant", customs__refused="withdraw"))
    in_december(hall)
    complete(hall)
    assert accounts(hall) == {f"2026 {BUYER}": (2612000, 0, 0)}
    hall.later(1200)
    customs(hall, "1", "refused", "100")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}


def test_a_grant_of_december_that_is_used_cannot_be_withdrawn_in_january(hall: Hall) -> None:
    configure(hall, moving(hall, "granted", matched="grant", customs__refused="withdraw"))
    in_december(hall)
    complete(hall)
    configure(hall, replace(moving(hall, "bought", matched="reserve"), rows=lambda _: [Line((BUYER, "26120.00"))]))
    complete(hall, "2")
    configure(hall, moving(hall, "granted", matched="grant", customs__refused="withdraw"))
    hall.later(1200)
    customs(hall, "1", "refused", "100")
    assert accounts(hall) == {f"2026 {BUYER}": (2612000, 2612000, 0)}
    assert [item["kind"] for item in hall.work()] == ["balance"]


def test_an_amendment_in_january_withdraws_from_the_old_year_and_grants_in_the_new(hall: Hall) -> None:
    configure(hall, moving(hall, "granted", matched="grant"))
    in_december(hall)
    complete(hall)
    hall.later(1200)
    send(hall, "list", appType="2")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0), f"2027 {BUYER}": (2612000, 0, 0)}


def test_what_is_begun_once_more_in_the_new_year_is_a_repetition(hall: Hall) -> None:
    configure(hall, moving(hall, "granted", customs__refused="grant", customs__inspection="grant"))
    in_december(hall)
    complete(hall)
    customs(hall, "1", "inspection", "500")
    hall.later(1200)
    customs(hall, "1", "refused", "100")
    assert accounts(hall) == {f"2026 {BUYER}": (2612000, 0, 0)}
    assert hall.work() == []


def test_what_has_expired_before_it_could_be_used_needs_a_person(hall: Hall) -> None:
    book = replace(hall.world.books["personal-yearly"], expires=3600 * SECOND)
    hall.world = replace(hall.world, books={**hall.world.books, book.id: book})
    complete(hall)
    hall.later(3601)
    hall.tick()
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}
    released(hall)
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}
    told = {item["kind"]: item["reason"] for item in hall.work()}
    assert "yearly-limit/1/1 had expired before it could be used" in told["balance"]


def test_what_expired_before_an_amendment_is_nobodys_concern_any_more(hall: Hall) -> None:
    book = replace(hall.world.books["personal-yearly"], expires=3600 * SECOND)
    hall.world = replace(hall.world, books={**hall.world.books, book.id: book})
    complete(hall)
    hall.later(3601)
    hall.tick()
    send(hall, "list", appType="2")
    released(hall)
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 12000)}
    assert "balance" not in {item["kind"] for item in hall.work()}


# -- lines that tell no holder, or no amount --------------------------------------------------------------------------


def goods(amount: str) -> Posting:
    """A posting for each line of the list, granted when customs has released it."""
    words = Vocabulary({"list": LegFacts({"buyer": "Head/buyer"}, {"goods": {"qty": "qty"}}, {"goods": "Goods"})})
    rows = _made("list.goods", [["list.buyer"], [amount]], words)
    told = Objection("-621018", "没有", "not enough", "list", "Goods/qty")
    legs = frozenset({"list"})
    return Posting("in", "personal-yearly", {"customs.accepted": "grant"}, told, rows, leg="list", legs=legs)


@pytest.mark.parametrize(
    ("facts", "path", "text"),
    [
        ({"goods": [{"qty": ["1"]}]}, "Head/buyer", "Head/buyer is not there, or there more than once"),
        ({"buyer": ["li"], "goods": [{"qty": ["1"]}, {}]}, "Goods[2]/qty", "Goods[2]/qty is not there"),
        ({"buyer": ["li"], "goods": [{"qty": [""]}]}, "Goods[1]/qty", "Goods[1]/qty is not there"),
        ({"buyer": ["li"], "goods": [{"qty": ["1", "2"]}]}, "Goods[1]/qty", "more than once"),
        ({"buyer": ["li"], "goods": [{"qty": ["-1"]}]}, "Goods[1]/qty", "-1 (Goods[1]/qty) is no amount"),
        ({"buyer": ["li"], "goods": [{"qty": ["1"]}, {"qty": ["many"]}]}, "Goods[2]/qty", "many (Goods[2]/qty)"),
        ({"buyer": ["li"], "goods": [{"qty": ["0.001"]}]}, "Goods[1]/qty", "0.001 (Goods[1]/qty) is no amount"),
        ({"buyer": ["li"], "goods": []}, "Goods/qty", "Goods/qty is not there"),
    ],
)
def test_a_line_without_a_holder_or_an_amount_refuses_the_case(
    hall: Hall, facts: dict[str, object], path: str, text: str
) -> None:
    configure(hall, goods("list.goods.qty"))
    postings = Postings(hall.world.books, Known(), hall.clock)
    (told,) = postings.matched({"id": "CS-1", "revision": 1}, service_of(hall), {"list": facts})
    assert (told.code, told.leg, told.path) == ("-621018", "list", path)
    assert text in told.en
    assert "台账“personal-yearly”" in told.zh


def test_lines_that_are_all_well_move_when_their_time_has_come(hall: Hall) -> None:
    configure(hall, goods("list.goods.qty"))
    postings = Postings(hall.world.books, Known(), hall.clock)
    facts = {"list": {"buyer": ["li"], "goods": [{"qty": ["1"]}, {"qty": ["0"]}]}}
    assert postings.matched({"id": "CS-1", "revision": 1}, service_of(hall), facts) == []


def test_a_fact_of_every_line_needs_an_each() -> None:
    words = Vocabulary({"list": LegFacts({}, {"goods": {"qty": "qty"}}, {"goods": "Goods"})})
    with pytest.raises(PathProblem, match='list.goods.qty is in every line; write each = "list.goods"'):
        _made("", [["list.goods.qty"]], words)


def test_a_case_whose_amount_is_missing_is_refused_and_its_sender_hears_where(hall: Hall) -> None:
    (own,) = service_of(hall).postings
    configure(hall, replace(own, rows=lambda _: [Line(("", "1"), 0, "InventoryHead/buyerIdNumber")]))
    complete(hall)
    assert [case["state"] for case in hall.cases()] == ["refused"]
    (reply,) = replies(hall, "xinghai")
    (lane,) = reply["lane"]  # type: ignore[misc]
    assert [(item["code"], item["path"]) for item in lane["item"]] == [("-621018", "InventoryHead/buyerIdNumber")]
    assert accounts(hall) == {}


# -- what comes back in parts -----------------------------------------------------------------------------------------


def bring_back(hall: Hall, number: int, *lines: dict[str, str], answer: str = "accepted") -> None:
    """The return ``number`` of the purchase, and what customs says of it."""
    hall.decide(arrived(hall, refund("1", *lines, copNo=f"R{number}")))
    if answer:
        says(hall, "return", f"4301960D04/R{number}", answer, "399")


def bought(hall: Hall, qty: str, price: str, value: str) -> None:
    """A purchase of one line, released."""
    paid = str(Decimal(value) + Decimal("16.83"))
    for leg in ("order", "payment", "waybill", "list"):
        own = {"qty": qty, "price": price, "totalPrice": value} if leg in ("order", "list") else {}
        head = {"order": {"goodsValue": value, "acturalPaid": paid}, "payment": {"amountPaid": paid}}
        send(hall, leg, **own, **head.get(leg, {}))
    assert used(hall) == Decimal(0)
    released(hall)


def used(hall: Hall) -> Decimal:
    ((_, reserved, spent),) = accounts(hall).values()
    assert spent == 0 or reserved == 0
    return Decimal(spent).scaleb(-2)


def test_a_part_comes_back_once_with_its_worth(hall: Hall) -> None:
    complete(hall)
    released(hall)
    bring_back(hall, 1, {"qty": "1"})
    assert used(hall) == Decimal(60)
    says(hall, "return", "4301960D04/R1", "accepted", "399")
    assert used(hall) == Decimal(60), "the same answer once more"
    assert hall.work() == []


def test_parts_together_are_the_whole_to_the_cent(hall: Hall) -> None:
    bought(hall, "7", "14.29", "100.03")
    left = []
    for number in range(1, 8):
        bring_back(hall, number, {"qty": "1"})
        left.append(used(hall))
    assert left[-1] == Decimal(0)
    assert [one - other for one, other in zip([Decimal("100.03"), *left], left, strict=False)] == [Decimal("14.29")] * 7
    bring_back(hall, 8, {"qty": "0.001"}, answer="")
    (case,) = hall.cases()
    assert "return" in hall.lanes(case["id"])
    assert used(hall) == Decimal(0)


@pytest.mark.parametrize(
    ("lines", "path", "text"),
    [
        ([{"qty": "3"}], "InvtRefund/InvtRefundList[1]/qty", "3 (InvtRefund/InvtRefundList[1]/qty) is more than the 2"),
        ([{"qty": "1"}, {"qty": "1.5"}], "InvtRefund/InvtRefundList[2]/qty", "is more than the 1 that are left of 2"),
        ([{"qty": "0"}], "InvtRefund/InvtRefundList[1]/qty", "0 (InvtRefund/InvtRefundList[1]/qty) is no quantity"),
        ([{"gnum": "9"}], "InvtRefund/InvtRefundList[1]/gnum", "No line of the first document"),
    ],
)
def test_more_than_was_bought_does_not_come_back(hall: Hall, lines: list[dict[str, str]], path: str, text: str) -> None:
    complete(hall)
    released(hall)
    before = len(replies(hall, "xinghai"))
    bring_back(hall, 1, *lines, answer="")
    (reply,) = replies(hall, "xinghai")[before:]
    (lane,) = reply["lane"]  # type: ignore[misc]
    (item,) = lane["item"]
    assert (item["code"], item["path"]) == ("-625001", path)
    assert text in item["text-en"]
    assert used(hall) == Decimal(120)


def test_what_customs_does_not_take_back_can_come_back_later(hall: Hall) -> None:
    complete(hall)
    released(hall)
    bring_back(hall, 1, {"qty": "2"}, answer="refused")
    assert used(hall) == Decimal(120)
    bring_back(hall, 2, {"qty": "1"})
    bring_back(hall, 3, {"qty": "1"})
    assert used(hall) == Decimal(0)


def test_a_cancellation_after_the_release_gives_back_what_was_used(hall: Hall) -> None:
    complete(hall)
    released(hall)
    send(hall, "list", appType="3")
    assert used(hall) == Decimal(120), "until customs agrees"
    customs(hall, "1", "accepted", "800")
    assert used(hall) == Decimal(0)


def test_a_cancellation_that_customs_refuses_leaves_what_was_used(hall: Hall) -> None:
    complete(hall)
    released(hall)
    send(hall, "list", appType="3")
    customs(hall, "1", "refused", "100")
    assert used(hall) == Decimal(120)


def test_a_cancellation_withdraws_what_was_granted_before_it(hall: Hall) -> None:
    configure(hall, moving(hall, "granted", customs__accepted="grant", case__cancelled="withdraw"))
    complete(hall)
    released(hall)
    send(hall, "list", appType="3")
    customs(hall, "1", "accepted", "800")
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}


def test_a_cancellation_after_a_return_gives_back_the_rest(hall: Hall) -> None:
    complete(hall)
    released(hall)
    bring_back(hall, 1, {"qty": "1"})
    send(hall, "list", appType="3")
    customs(hall, "1", "accepted", "800")
    assert [case["state"] for case in hall.cases()] == ["cancelled"]
    assert used(hall) == Decimal(0)


def test_parts_come_back_to_the_year_of_the_purchase(hall: Hall) -> None:
    in_december(hall)
    complete(hall)
    released(hall)
    bring_back(hall, 1, {"qty": "1"})
    hall.later(1200)
    bring_back(hall, 2, {"qty": "1"})
    assert accounts(hall) == {f"2026 {BUYER}": (2600000, 0, 0)}
