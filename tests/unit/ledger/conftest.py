"""A small ledger with the state that it vouches for."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.ledger.entries import Entry, Kind
from hub.ledger.journal import Ledger
from hub.ledger.notes import Signer
from hub.store import deliveries, transmissions
from hub.store.database import Database

AT = 1_795_449_600_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "hub.example/ledger"


def payload(number: int) -> bytes:
    return f"UNB+UNOA:2+OCEANAIR:ZZ+HUBCSX:ZZ+261123:1600+{number}'".encode()


@dataclass
class Books:
    """A database file and its ledger; ``alter`` does what an intruder would do."""

    path: Path
    database: Database
    ledger: Ledger

    def record(self, first: int, count: int) -> None:
        """One batch of ``count`` walks: a transmission received, a case opened, a delivery sealed."""
        numbers = range(first, first + count)
        with self.database.write() as connection:
            transmissions.add(connection, [_transmission(number) for number in numbers])
            deliveries.add_sealed(connection, [_delivery(number) for number in numbers])
            self.ledger.append(connection, [entry for number in numbers for entry in walk(number)])

    def checkpoint(self) -> Any:
        with self.database.write() as connection:
            return self.ledger.checkpoint(connection)

    def alter(self, statement: str, *values: object) -> None:
        connection = sqlite3.connect(self.path)
        with connection:
            assert connection.execute(statement, values).rowcount == 1, "the alteration must alter something"
        connection.close()


def walk(number: int) -> list[Entry]:
    """Three entries."""
    transmission, case, delivery = f"TR-{number:06}", f"CS-{number:06}", f"DL-{number:06}"
    digest = sha256(payload(number)).hexdigest()
    name = f"旅客-{number}.edi"
    return [
        Entry(Kind.RECEIVED, AT + number, None, transmission, {"name": name, "sha256": digest, "size": 50}),
        Entry("opened", AT + number, case, transmission, {"service": "passengers", "lanes": ["border", "customs"]}),
        Entry(Kind.SEALED, AT + number, case, transmission, {"delivery": delivery, "sha256": digest}),
    ]


def _transmission(number: int) -> dict[str, Any]:
    data = payload(number)
    return {
        "id": f"TR-{number:06}", "partner": "oceanair", "channel": "folder", "name": f"{number}.edi",
        "sha256": sha256(data).hexdigest(), "size": len(data), "payload": data, "received_at": AT, "state": "accepted",
        "origin": None,
    }  # fmt: skip


def _delivery(number: int) -> dict[str, Any]:
    data = payload(number)
    return {
        "id": f"DL-{number:06}", "partner": "border", "kind": "message", "transmission": f"TR-{number:06}",
        "case": f"CS-{number:06}", "channel": "mailbox", "folder": "download", "name": f"{number}.edi", "plan": "{}",
        "state": "available", "sha256": sha256(data).hexdigest(), "size": len(data), "payload": data, "planned_at": AT,
        "lane": None, "sealed_at": AT, "due_at": AT,
    }  # fmt: skip


def open_books(path: Path) -> Books:
    return Books(path, Database(f"sqlite:///{path}"), Ledger(Signer(ORIGIN, KEY), lambda: AT))


def _template(folder: Path, batches: tuple[tuple[int, int], ...]) -> Path:
    books = open_books(folder / "hub.db")
    books.database.migrate()
    for first, count in batches:
        books.record(first, count)
        books.checkpoint()
    books.database.close()
    return books.path


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Databases to copy: making one takes longer than most tests."""
    batches = {"empty": (), "small": ((0, 90),), "full": ((0, 1), (1, 84), (85, 86), (171, 100), (271, 29))}
    return {name: _template(tmp_path_factory.mktemp(name), of) for name, of in batches.items()}


@pytest.fixture
def books(templates: dict[str, Path], tmp_path: Path) -> Iterator[Books]:
    """An empty ledger."""
    books = open_books(Path(shutil.copy(templates["empty"], tmp_path)))
    yield books
    books.database.close()


@pytest.fixture
def small(templates: dict[str, Path], tmp_path: Path) -> Iterator[Books]:
    """270 entries, one tile and a part, under a checkpoint."""
    books = open_books(Path(shutil.copy(templates["small"], tmp_path)))
    yield books
    books.database.close()


@pytest.fixture
def full(templates: dict[str, Path], tmp_path: Path) -> Iterator[Books]:
    """900 entries in uneven batches (three full tiles and a part), each batch under its checkpoint."""
    books = open_books(Path(shutil.copy(templates["full"], tmp_path)))
    yield books
    books.database.close()


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Callable[[Books], Books]]:
    """Makes a copy of a ledger's database, as a backup does."""
    opened: list[Database] = []

    def make(books: Books) -> Books:
        path = tmp_path / f"backup-{len(opened)}.db"
        with sqlite3.connect(books.path) as source, sqlite3.connect(path) as target:
            source.backup(target)
        backup = open_books(path)
        opened.append(backup.database)
        return backup

    yield make
    for database in opened:
        database.close()
