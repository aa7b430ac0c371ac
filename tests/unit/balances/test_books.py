"""Books are data; whatever is wrong in them is told at once, with its line."""

from pathlib import Path

import pytest

from hub.balances.books import Book, load_books
from hub.errors import ConfigError
from hub.model.balance import Period
from hub.model.partner import Title

TITLE = 'title = { zh = "限值", en = "Limit" }\nunit = "CNY"\n'


def books(folder: Path, text: str) -> Path:
    (folder / "books.toml").write_text(text, "utf-8")
    return folder


def test_a_book_is_read(tmp_path: Path) -> None:
    text = f'[books.limit]\n{TITLE}scale = 2\nperiod = "year"\nline = "26000.00"\nexpires = "24h"\n'
    (book,) = load_books(books(tmp_path, text)).values()
    assert book == Book("limit", Title("限值", "Limit"), "CNY", 2, Period.YEAR, 2_600_000, 24 * 3600 * 1_000_000)


def test_a_folder_without_books_has_none(tmp_path: Path) -> None:
    assert load_books(tmp_path) == {}


def test_the_books_that_come_along_are_right(root: Path) -> None:
    assert load_books(root / "mappings")["personal-yearly"].line == 2_600_000


def test_every_problem_has_its_line(tmp_path: Path) -> None:
    text = f'[books.limit]\n{TITLE}scale = 2\nline = "1.234"\n\n[books.Stock]\n{TITLE}line = "-1"\n'
    with pytest.raises(ConfigError) as caught:
        load_books(books(tmp_path, text))
    assert [problem.removeprefix(f"{tmp_path}/").split(" ")[0] for problem in caught.value.problems] == [
        "books.toml:5:", "books.toml:7:", "books.toml:10:",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ['perod = "year"', 'period = "week"', "scale = 10", 'expires = "0s"'])
def test_what_is_not_known_is_refused_at_its_line(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"books\.toml:4: books\.limit\."):
        load_books(books(tmp_path, f"[books.limit]\n{TITLE}{wrong}\n"))


@pytest.mark.parametrize(
    ("text", "scaled"),
    [
        ("12", 1200), ("12.5", 1250), ("0.01", 1), ("12.500", 1250), ("0", 0), ("10000000000000", 10**15),
        ("0.001", None), ("-1", None), ("+1", None), ("1e3", None), ("", None), ("1,5", None), (" 1", None),
        ("１", None), ("NaN", None), ("10000000000000.01", None), ("9" * 16, None), ("1.", None), (".5", None),
    ],
)  # fmt: skip
def test_amounts(text: str, scaled: int | None) -> None:
    assert Book("b", Title("", ""), "CNY", 2).scaled(text) == scaled


def test_amounts_as_people_write_them() -> None:
    money, pieces = Book("b", Title("", ""), "CNY", 2), Book("b", Title("", ""), "pieces", 0)
    assert [money.shown(amount) for amount in (0, 1, 2_600_000, 10**18)] == [
        "0.00", "0.01", "26000.00", "10000000000000000.00",
    ]  # fmt: skip
    assert pieces.shown(7) == "7"


@pytest.mark.parametrize(
    ("period", "account"), [(Period.NONE, "b||li"), (Period.YEAR, "b|2027|li"), (Period.MONTH, "b|2027-01|li")]
)
def test_the_year_begins_when_it_begins_in_china(period: Period, account: str) -> None:
    """2026-12-31T16:00:00Z is midnight there."""
    book, midnight = Book("b", Title("", ""), "CNY", 2, period), 1_798_732_800_000_000
    assert book.account("li", midnight) == account
    assert (book.account("li", midnight - 1) == account) == (period is Period.NONE)
