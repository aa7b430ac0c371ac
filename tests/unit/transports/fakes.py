"""A hub in memory for the transports: it takes arrivals, keeps mailboxes, knows accounts."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.errors import HubError
from hub.model.arrival import Accepted, Arrival, MailboxEntry
from hub.sftp.client import SftpConnection, connect
from hub.spool.blobs import Blobs
from hub.transports.base import Account, Refusal
from hub.transports.sftp_server import SftpServer, SftpSettings

PATIENCE = 20.0
"""Seconds after which a test that waits for an event has failed."""


@dataclass(frozen=True)
class Key:
    """An SSH key pair: the private key's file and the public key's line."""

    path: Path
    line: str


def make_key(path: Path) -> Key:
    """A new ed25519 key in OpenSSH's format."""
    key = Ed25519PrivateKey.generate()
    form, nothing = serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, nothing))
    path.chmod(0o600)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return Key(path, public.decode())


class Intake:
    """Takes arrivals; ``error`` is raised instead, when set. With ``hold()``, accept waits until it is let go."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.commits = 0
        self.error: HubError | None = None
        self.entered = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._condition = threading.Condition()
        self._by_origin: dict[str, Accepted] = {}

    def hold(self) -> None:
        self._go.clear()

    def let_go(self) -> None:
        self._go.set()

    def accept(self, arrival: Arrival) -> Accepted:
        return self.accept_many([arrival])[0]

    def accept_many(self, arrivals: Sequence[Arrival]) -> list[Accepted]:
        self.entered.set()
        assert self._go.wait(PATIENCE)
        if self.error is not None:
            raise self.error
        with self._condition:
            self.commits += 1
            accepted = [self._accept(arrival) for arrival in arrivals]
            self._condition.notify_all()
        return accepted

    def _accept(self, arrival: Arrival) -> Accepted:
        if arrival.origin in self._by_origin:
            return self._by_origin[arrival.origin]
        self.arrivals.append(arrival)
        accepted = Accepted(f"TR-{len(self.arrivals)}")
        if arrival.origin:
            self._by_origin[arrival.origin] = accepted
        return accepted

    def wait_for(self, count: int) -> None:
        with self._condition:
            assert self._condition.wait_for(lambda: len(self.arrivals) >= count, PATIENCE), self.arrivals

    def contents(self) -> list[tuple[str, str, bytes]]:
        return [(each.partner, each.name, content(each)) for each in self.arrivals]


def content(arrival: Arrival) -> bytes:
    """The bytes of an arrival, wherever they are."""
    if arrival.data is not None:
        return arrival.data
    assert arrival.blob is not None
    return arrival.blob.read_bytes()


class Mailboxes:
    """Mailboxes in a dict: (partner, folder, name) → bytes."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str, str], bytes] = {}
        self.was_fetched: list[tuple[str, str, str]] = []
        self.removed: list[tuple[str, str, str]] = []

    def list(self, partner: str, folder: str) -> list[MailboxEntry]:
        return [
            MailboxEntry(name, len(data), 1_700_000_000_000_000)
            for (owner, box, name), data in sorted(self.files.items())
            if (owner, box) == (partner, folder)
        ]

    def stat(self, partner: str, folder: str, name: str) -> MailboxEntry | None:
        data = self.files.get((partner, folder, name))
        return None if data is None else MailboxEntry(name, len(data), 1_700_000_000_000_000)

    def open(self, partner: str, folder: str, name: str) -> bytes | None:
        return self.files.get((partner, folder, name))

    def fetched(self, partner: str, folder: str, name: str) -> None:
        self.was_fetched.append((partner, folder, name))

    def remove(self, partner: str, folder: str, name: str) -> bool:
        if (partner, folder, name) not in self.files:
            return False
        self.removed.append((partner, folder, name))
        del self.files[partner, folder, name]
        return True


class Accounts:
    """Accounts by login name."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def by_user(self, user: str) -> Account | None:
        return self.accounts.get(user)


@dataclass
class Hub:
    """A running SFTP server with all that it stands on; two partners, each with a key."""

    folder: Path
    intake: Intake = field(default_factory=Intake)
    mailboxes: Mailboxes = field(default_factory=Mailboxes)
    accounts: Accounts = field(default_factory=Accounts)
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host_key = make_key(self.folder / "host")
        self.keys = {name: make_key(self.folder / name) for name in ("oceanair", "customs")}
        for name, key in self.keys.items():
            self.accounts.accounts[name] = Account(name, (key.line,), max_upload_bytes=1_000_000)
        self.blobs = Blobs(self.folder / "spool")
        self.servers: list[SftpServer] = []

    def serve(self, **settings: float) -> SftpServer:
        """Start a server on a free port."""
        server = SftpServer(
            SftpSettings(host_keys=(self.host_key.path,), port=0, **settings),  # type: ignore[arg-type]
            self.accounts,
            self.intake,
            self.mailboxes,
            self.blobs,
            on_refused=self.refusals.append,
        )
        server.start()
        self.servers.append(server)
        return server

    def login(self, user: str = "oceanair", key: Key | None = None, host_key: str | None = None) -> SftpConnection:
        """Connect to the last server as ``user``."""
        host, port = self.servers[-1].address
        path = (key or self.keys[user]).path
        return connect(host, port, user, path, host_key or self.host_key.line, timeout=PATIENCE)

    def unfinished(self) -> list[str]:
        """Files that are still being written."""
        return sorted(path.name for path in (self.folder / "spool" / "tmp").iterdir())
