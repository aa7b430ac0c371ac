"""`hub balances`: a person changes a line, and everyone can see what became of it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.commands.balances import change_line, show_account, verify_balances
from hub.commands.home import opened
from hub.errors import HubError
from hub.ledger.journal import show
from hub.model.balance import Step
from hub.setup import make_home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for _ in make_home(tmp_path):
        pass
    return tmp_path


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["balances", *words, "--home", str(home)])
    return done.exit_code, done.stdout


def test_a_grant_is_posted_and_recorded(home: Path) -> None:
    assert run(home, "grant", "guarantee", "BANK-1", "1000.50", "--by", "Li", "--note", "deposit")[0] == 0
    assert "available 900.50" in change_line(home, Step.WITHDRAW, "guarantee", "BANK-1", "100", "Wang", "")
    code, text = run(home, "show", "guarantee", "BANK-1", "--json")
    (account,) = json.loads(text)
    assert (code, account["line"], account["available"], account["unit"]) == (0, "900.50", "900.50", "CNY")
    assert [(one["step"], one["amount"], one["why"]) for one in account["postings"]] == [
        ("grant", "1000.50", "Li: deposit"), ("withdraw", "100.00", "Wang"),
    ]  # fmt: skip
    with opened(home) as found:
        entries = [one.entry for one in show(found.database) if one.entry.kind == "balance.changed"]
    assert entries[0].facts == {
        "account": "guarantee||BANK-1", "step": "grant", "amount": 100050, "by": "Li", "note": "deposit",
    }  # fmt: skip
    assert len(entries) == 2


def test_lists_and_stories_are_for_people_too(home: Path) -> None:
    change_line(home, Step.GRANT, "personal-yearly", "430102", "10", "Li", "")
    code, text = run(home, "list", "personal-yearly")
    assert code == 0
    assert "430102" in text
    assert "26010.00" in text
    code, text = run(home, "show", "personal-yearly", "430102")
    assert code == 0
    assert "line of the book" in text
    assert run(home, "list", "guarantee", "--json") == (0, "[]\n")


@pytest.mark.parametrize(
    ("step", "book", "amount", "why"),
    [
        (Step.GRANT, "gold", "1", "no book is called gold; choose from .*guarantee"),
        (Step.GRANT, "guarantee", "1.001", "no amount of guarantee"),
        (Step.GRANT, "guarantee", "0", "above 0"),
        (Step.GRANT, "guarantee", "-5", "above 0"),
        (Step.WITHDRAW, "guarantee", "0.01", "only 0.00 is available"),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(home: Path, step: Step, book: str, amount: str, why: str) -> None:
    with pytest.raises(HubError, match=why):
        change_line(home, step, book, "BANK-1", amount, "Li", "")
    with opened(home) as found:
        assert not [one for one in show(found.database) if one.entry.kind == "balance.changed"]
    with pytest.raises(HubError, match="no account"):
        show_account(home, "guarantee", "BANK-1", 10)


def test_verify_ends_with_1_when_something_was_altered(home: Path) -> None:
    change_line(home, Step.GRANT, "guarantee", "BANK-1", "10", "Li", "")
    assert verify_balances(home) == []
    code, text = run(home, "verify")
    assert (code, text.splitlines()[-1]) == (0, "holds")
    with opened(home) as found, found.database.write() as connection:
        connection.exec_driver_sql("UPDATE accounts SET line = 900")
    code, text = run(home, "verify")
    assert code == 1
    assert "guarantee||BANK-1 (900 0 0, not 1000 0 0)" in text
