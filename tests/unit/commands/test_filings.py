"""`hub filings`: a person files, suspends and revokes; the former versions stay."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.commands.filings import end, facts, midnight
from hub.commands.home import opened
from hub.errors import HubError
from hub.ledger.journal import show
from hub.model.filing import FilingState
from hub.setup import make_home

NEW = (
    "record",
    "company",
    "91430100MA4L0000X1",
    "anna",
    "--by",
    "li",
    "--title",
    "Anna Trading",
    "--from",
    "2026-01-01",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for _ in make_home(tmp_path):
        pass
    return tmp_path


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["filings", *words, "--home", str(home)])
    return done.exit_code, done.stdout


def test_the_life_of_a_filing(home: Path) -> None:
    which = NEW[1:4]
    assert run(home, *NEW, "--until", "2026-12-31", "--fact", "code=430196")[1].endswith("is active, version 1\n")
    assert run(home, *NEW, "--until", "2026-12-31", "--fact", "code=430196")[1].endswith("version 1, as it was\n")
    for command, state in (("suspend", "suspended"), ("resume", "active"), ("revoke", "revoked")):
        code, text = run(home, command, *which, "--by", "li", "--reason", "why")
        assert (code, f"is {state}" in text) == (0, True)
    (told,) = json.loads(run(home, "list", "company", "--holder", "anna", "--json")[1])
    assert (told["state"], told["version"], told["facts"]) == ("revoked", 4, {"code": ["430196"]})
    assert (told["from"], told["until"]) == ("2025-12-31T16:00:00.000000Z", "2026-12-31T16:00:00.000000Z")
    assert len(run(home, "show", *which[:2])[1].splitlines()) == 5
    assert run(home, "verify") == (0, "holds\n")
    with opened(home) as found:
        entries = [one.entry.facts["state"] for one in show(found.database) if one.entry.kind == "filing.recorded"]
    assert entries == ["active", "suspended", "active", "revoked"]
    with pytest.raises(HubError, match="it is revoked"):
        end(home, *which, FilingState.SUSPENDED, "li", "r")


def test_what_is_not_there_is_told(home: Path) -> None:
    assert run(home, "list", "--json") == (0, "[]\n")
    with pytest.raises(HubError, match="nothing is on file"):
        end(home, "company", "1", "anna", FilingState.REVOKED, "li", "r")
    assert run(home, "show", "company", "1")[0] != 0


def test_verify_ends_with_1_when_something_was_altered(home: Path) -> None:
    run(home, *NEW)
    with opened(home) as found, found.database.write() as connection:
        connection.exec_driver_sql("UPDATE filings SET version = 2")
    code, text = run(home, "verify")
    assert (code, "version 2 is out of order" in text) == (1, True)


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "", "9999-12-31"])
def test_a_day_that_is_none(day: str) -> None:
    with pytest.raises(HubError, match="is no day"):
        midnight(day, after=True)


@pytest.mark.parametrize("word", ["a", "=a", ""])
def test_a_fact_that_is_none(word: str) -> None:
    with pytest.raises(HubError, match="is no fact"):
        facts([word])
