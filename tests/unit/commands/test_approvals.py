"""`hub approve` and `hub reject`: a person decides, and the ledger keeps who and why."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.approvals.batch import Approvals
from hub.approvals.values import Request
from hub.cli import app
from hub.clock import now
from hub.commands.approvals import decide
from hub.commands.home import opened
from hub.errors import HubError
from hub.ledger.journal import show
from hub.model.approval import ApprovalState, Vote
from hub.model.partner import Title
from hub.setup import make_home

PEOPLE = "".join(
    f'[people.{name}]\ntitle = {{ zh = "{name}", en = "{name}" }}\nroles = ["officer"]\n' for name in ("li", "wang")
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for _ in make_home(tmp_path):
        pass
    with (tmp_path / "hub.toml").open("a") as toml:
        toml.write(PEOPLE)
    return tmp_path


@pytest.fixture
def asked(home: Path) -> str:
    with opened(home) as found, found.database.write() as connection:
        approvals = Approvals.load(connection, {})
        request = Request("CS-1", "release", Title("放行", "Release"), 2, now() + 10**9, "anna", "officer")
        told = approvals.ask(request, now())
        approvals.save(connection)
    return told.id


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*words, "--home", str(home)])
    return done.exit_code, done.stdout


def test_two_people_approve_and_the_engine_can_notice(home: Path, asked: str) -> None:
    assert run(home, "approve", asked, "--by", "li", "--reason", "seen") == (
        0,
        f"{asked} is asked, 1 more must approve\n",
    )
    code, text = run(home, "approvals", "list")
    assert (code, "1/2" in text, "Release" in text, "li: approve, seen" in text) == (0, True, True, True)
    assert run(home, "approve", asked, "--by", "wang", "--reason", "seen too") == (0, f"{asked} is approved\n")
    with opened(home) as found, found.database.read() as connection:
        assert [(one.id, one.state) for one in Approvals.untaken(connection, 9)] == [(asked, ApprovalState.APPROVED)]
        entries = [one.entry for one in show(found.database) if one.entry.kind == "approval.voted"]
    assert [(entry.facts["by"], entry.facts["reason"], entry.case) for entry in entries] == [
        ("li", "seen", "CS-1"), ("wang", "seen too", "CS-1"),
    ]  # fmt: skip
    assert run(home, "approvals", "list", "--json") == (0, "[]\n")
    (told,) = json.loads(run(home, "approvals", "list", "--all", "--json")[1])
    assert (told["state"], told["votes"], told["title"]["zh"]) == ("approved", "2/2", "放行")


def test_one_rejects(home: Path, asked: str) -> None:
    assert run(home, "reject", asked, "--by", "li", "--reason", "no") == (0, f"{asked} is rejected\n")
    assert run(home, "approvals", "verify") == (0, "holds\n")
    with opened(home) as found, found.database.write() as connection:
        connection.exec_driver_sql("UPDATE approvals SET state = 'approved'")
    assert run(home, "approvals", "verify") == (1, f"{asked} is approved with 0 approvals, 1 rejections\n")


@pytest.mark.parametrize(
    ("by", "reason", "why"), [("zhao", "r", "no such person"), ("li", " ", "give a reason")], ids=["stranger", "reason"]
)
def test_what_does_not_count_is_told_and_leaves_nothing(home: Path, asked: str, by: str, reason: str, why: str) -> None:
    with pytest.raises(HubError, match=why):
        decide(home, asked, by, Vote.APPROVE, reason)
    with pytest.raises(HubError, match="no such approval"):
        decide(home, "AP-9", "li", Vote.APPROVE, "r")
    with opened(home) as found:
        assert not [one for one in show(found.database) if one.entry.kind == "approval.voted"]
