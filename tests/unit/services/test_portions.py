"""[posting.portion] of a service file, and what parts of lines are worth: to the cent, whoever tries."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.balances.books import load_books
from hub.errors import ConfigError
from hub.mapping.loader import Mappings
from hub.schema.catalog import Catalog
from hub.services.loader import load_services
from hub.services.portions import Portion
from hub.services.vocabulary import LegFacts, Vocabulary
from tests.unit.services.test_loader import PARTNERS

NAMES = ("no", "qty", "cost")
WORDS = Vocabulary({
    "list": LegFacts({}, {"goods": {name: name for name in NAMES}}, {"goods": "Goods"}),
    "back": LegFacts({}, {"goods": {"no": "no", "qty": "qty"}}, {"goods": "Back"}),
})  # fmt: skip
PORTION = Portion(
    "back", WORDS.rows("back.goods"), WORDS.rows("list.goods"), (("no", "no"),), ("qty", "qty"), "cost",
    paths={"no": "Back/no", "qty": "Back/qty"},
)  # fmt: skip


def case(bought: list[tuple[str, str]], *back: tuple[int, str]) -> dict[str, object]:
    """(quantity, cost) of each line that was bought; (line, quantity) of what comes back."""
    goods = [{"no": [str(number)], "qty": [qty], "cost": [cost]} for number, (qty, cost) in enumerate(bought, 1)]
    return {"list": {"goods": goods}, "back": {"goods": [{"no": [str(no)], "qty": [qty]} for no, qty in back]}}


def told(facts: dict[str, object], *earlier: dict[str, object]) -> tuple[int, list[tuple[str, str]]]:
    units, wrong = PORTION.worth(facts, [one["back"] for one in earlier], 2)  # type: ignore[misc]
    return units, [(one.finding.code, one.path) for one in wrong]


def test_as_much_of_the_cost_comes_back_as_of_the_quantity() -> None:
    assert told(case([("3", "100.00"), ("2", "10.00")], (1, "1"), (2, "2"))) == (3333 + 1000, [])


def test_two_lines_about_one_are_added_up() -> None:
    assert told(case([("3", "100.00")], (1, "1"), (1, "2"))) == (10000, [])
    assert told(case([("3", "100.00")], (1, "2"), (1, "2"))) == (10000, [("walk.portion-beyond", "Back[2]/qty")])


@pytest.mark.parametrize(
    ("bought", "back", "wrong"),
    [
        ([("3", "1")], [(2, "1")], ("walk.portion-unknown", "Back[1]/no")),
        ([("3", "1")], [(1, "-1")], ("walk.portion-unreadable", "Back[1]/qty")),
        ([("3", "1")], [(1, "x")], ("walk.portion-unreadable", "Back[1]/qty")),
        ([("3", "1")], [(1, "9" * 70)], ("walk.portion-unreadable", "Back[1]/qty")),
        ([("x", "1")], [(1, "1")], ("walk.portion-unreadable", "Back[1]/qty")),
        ([("0", "1")], [(1, "1")], ("walk.portion-beyond", "Back[1]/qty")),
        ([("3", "1")], [], ("walk.portion-unreadable", "Back[1]/qty")),
    ],
)
def test_what_cannot_come_back_is_told_with_its_line(
    bought: list[tuple[str, str]], back: list[tuple[int, str]], wrong: tuple[str, str]
) -> None:
    assert told(case(bought, *back)) == (0, [wrong])


@given(
    cost=st.decimals("0", "9999999.99", places=2),
    parts=st.lists(st.decimals("0.00001", "1000", places=5), min_size=1, max_size=12),
)
def test_parts_in_any_number_end_as_the_whole_and_none_is_worth_less_than_nothing(
    cost: Decimal, parts: list[Decimal]
) -> None:
    bought = [(str(sum(parts)), str(cost))]
    before: list[dict[str, object]] = []
    worth = [0]
    for part in parts:
        facts = case(bought, (1, str(part)))
        units, wrong = told(facts, *before)
        assert wrong == []
        worth.append(units)
        before.append(facts)
    assert worth == sorted(worth)
    assert worth[-1] == int(cost * 100)
    assert told(case(bought, (1, "0.00001")), *before)[1] == [("walk.portion-beyond", "Back[1]/qty")]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("list.goods.qty > back.goods.qty", True),
        ("list.goods.qty < back.goods.qty", True),
        ("list.goods.qty >= list.goods.cost", False),
        ("list.goods.cost >= list.goods.qty", True),
        ("back.goods.no > list.goods.no", False),
        ("back.goods.no <= list.goods.no", True),
    ],
)
def test_a_comparison_of_two_facts_looks_at_every_value(condition: str, holds: bool) -> None:
    facts = case([("1", "10"), ("x", "-"), ("5", "10")], (1, "3"), (2, "2"))
    facts["back"]["goods"][1]["no"] = ["1"]  # type: ignore[index]
    assert WORDS.condition(condition)(facts) is holds


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('restore = ["return.accepted"]', "", "nothing comes back when a lane of return has spoken; add its event to"),
        ('amount  = "order.goodsValue"', 'amount = "list.goods.qty"\neach = "list.goods"', "comes back line by line"),
        ('"list.goods.qty"]\nof', '"order.goods.qty"]\nof', "order.goods.qty is no fact of list.goods"),
        ('"return.goods.gnum", "list', '"return.goods.colour", "list', "return.goods has no colour"),
        ('"list.goods.totalPrice"\nrefuse = "-625001"', '"list.copNo"\nrefuse = "-1"', "list is no group of lines"),
        ('each   = "return.goods"', 'each = "return.copNo"', "return.copNo is no group of lines"),
    ],
)
def test_a_portion_that_cannot_be_is_refused(
    root: Path, catalog: Catalog, tmp_path: Path, old: str, new: str, problem: str
) -> None:
    shutil.copytree(root / "mappings", tmp_path / "m")
    file = tmp_path / "m" / "ecommerce-import" / "service.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_services(tmp_path / "m", catalog, Mappings(tmp_path / "m", catalog), PARTNERS, load_books(tmp_path / "m"))
    assert any(problem in one and "posting.0.portion" in one for one in caught.value.problems), caught.value.problems
