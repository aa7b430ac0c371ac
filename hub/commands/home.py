"""Opening a home from a command: its database for reading or changing, its ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.config.settings import load_settings
from hub.errors import HubError
from hub.ledger.journal import Ledger
from hub.ledger.notes import Signer
from hub.model.settings import Settings
from hub.security.keys import load_ed25519, passphrase
from hub.spool.blobs import Blobs
from hub.store.database import Connection, Database


@dataclass(frozen=True, slots=True)
class OpenHome:
    """A home that is open: what its hub.toml says, its database, ledger and blobs."""

    settings: Settings
    database: Database
    ledger: Ledger
    blobs: Blobs


@contextmanager
def opened(home: Path) -> Iterator[OpenHome]:
    """The home, until the block ends. A running hub is not disturbed: the database keeps the two apart."""
    settings = load_settings(home)
    if not Path(settings.database.url.removeprefix("sqlite:///")).exists():
        raise HubError(f"{home} has no database yet; run `hub init {home}`")
    signer = Signer(settings.ledger.origin, load_ed25519(settings.paths.ledger_key, passphrase()))
    database = Database(settings.database.url)
    try:
        yield OpenHome(settings, database, Ledger(signer), Blobs(settings.spool.path))
    finally:
        database.close()


@contextmanager
def reading(home: Path) -> Iterator[Connection]:
    """A reading transaction on the home's database."""
    with opened(home) as found, found.database.read() as connection:
        yield connection
