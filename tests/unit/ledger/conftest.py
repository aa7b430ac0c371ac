"""A small ledger with the state that it vouches for."""

import sqlite3
from collections.abc import Iterator
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
            deliveries.add(connection, [_delivery(number) for number in numbers])
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
    }  # fmt: skip


def _delivery(number: int) -> dict[str, Any]:
    data = payload(number)
    return {
        "id": f"DL-{number:06}", "partner": "border", "kind": "message", "transmission": f"TR-{number:06}",
        "case": f"CS-{number:06}", "channel": "mailbox", "folder": "download", "name": f"{number}.edi", "plan": "{}",
        "state": "available", "sha256": sha256(data).hexdigest(), "size": len(data), "payload": data, "planned_at": AT,
    }  # fmt: skip


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """An empty ledger."""
    path = tmp_path / "hub.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    yield Books(path, database, Ledger(Signer(ORIGIN, KEY), lambda: AT))
    database.close()


@pytest.fixture
def full(books: Books) -> Books:
    """900 entries in uneven batches (three full tiles and a part), each batch under its checkpoint."""
    for first, count in ((0, 1), (1, 84), (85, 86), (171, 100), (271, 29)):
        books.record(first, count)
        books.checkpoint()
    return books
