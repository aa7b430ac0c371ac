"""`hub ledger checkpoint`: what is published is what was signed."""

from pathlib import Path

from typer.testing import CliRunner

from hub.cli import app
from hub.clock import now
from hub.commands.home import opened
from hub.errors import HubError
from hub.ledger.entries import Entry
from hub.setup import make_home


def test_the_newest_checkpoint_verifies_against_the_ledger(tmp_path: Path) -> None:
    for _ in make_home(tmp_path):
        pass
    before = CliRunner().invoke(app, ["ledger", "checkpoint", "--home", str(tmp_path)])
    assert isinstance(before.exception, HubError)
    with opened(tmp_path) as home, home.database.write() as connection:
        home.ledger.append(connection, [Entry("work.opened", now(), None, None, {"subject": "TR-X", "kind": "test"})])
        home.ledger.checkpoint(connection)
    shown = CliRunner().invoke(app, ["ledger", "checkpoint", "--home", str(tmp_path)])
    assert shown.exit_code == 0
    note = tmp_path / "note"
    note.write_text(shown.stdout, "utf-8")
    verified = CliRunner().invoke(app, ["ledger", "verify", "--home", str(tmp_path), "--against", str(note)])
    assert verified.exit_code == 0, verified.output
    note.write_text(shown.stdout.replace("\n1\n", "\n2\n"), "utf-8")
    refused = CliRunner().invoke(app, ["ledger", "verify", "--home", str(tmp_path), "--against", str(note)])
    assert refused.exit_code == 1
