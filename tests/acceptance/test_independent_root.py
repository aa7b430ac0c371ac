"""A script that shares nothing with the hub recomputes the ledger's root from the database file."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.ledger.notes import Signer
from hub.store.database import Database

SCRIPT = Path(__file__).with_name("independent_root.py")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A ledger of 700 entries, the last 100 of them after its newest checkpoint, closed."""
    path = tmp_path / "hub.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    ledger = Ledger(Signer("hub.example/ledger", Ed25519PrivateKey.generate()))
    for first in range(0, 700, 100):
        with database.write() as connection:
            facts = [{"name": f"旅客-{number}.edi", "size": number} for number in range(first, first + 100)]
            ledger.append(connection, [Entry("received", 0, None, f"TR-{first}", fact) for fact in facts])
            if first < 600:
                ledger.checkpoint(connection)
    database.close()
    return path


def run(path: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", str(SCRIPT), str(path)]  # -I: not even the project's folder is on the path
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_root_is_recomputed(database: Path) -> None:
    done = run(database)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hub.example/ledger: 600 entries of the kinds received make the signed root ")


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE entries SET body = replace(body, '\"size\":300', '\"size\":301')",
        "DELETE FROM entries WHERE seq = 599",
        "UPDATE checkpoints SET note = replace(note, '600', '500') WHERE size = 600",
    ],
)
def test_an_altered_ledger_is_noticed(database: Path, alteration: str) -> None:
    opened = Database(f"sqlite:///{database}")
    with opened.write() as connection:
        connection.exec_driver_sql(alteration)
    opened.close()
    assert run(database).returncode != 0


def test_it_is_short_and_uses_only_the_standard_library() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) <= 30
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert [line.split("  #")[0] for line in imports] == ["import base64, hashlib, json, sqlite3, sys"]
