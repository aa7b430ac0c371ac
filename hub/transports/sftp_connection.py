"""One SSH connection to the SFTP server: who it is, and what it may open. Public keys only; the sftp subsystem only."""

import base64
import hashlib
import hmac
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import paramiko
import structlog
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_FAILED_RESOURCE_SHORTAGE,
    OPEN_SUCCEEDED,
)

from hub.sftp.ssh import KeyUnusable, StrictTransport, public_blob, strong_enough
from hub.transports.base import Account, Accounts
from hub.transports.sftp_root import VirtualRoot
from hub.transports.sftp_session import SftpSession, Turnstile
from hub.transports.upload_folder import Services

_MAX_CHANNELS = 2  # at a time; each costs a thread
_MAX_CHANNELS_EVER = 10_000


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """Where the server listens and what it bears. Times in seconds; ``host_keys`` are private keys, OpenSSH or PEM."""

    host_keys: tuple[Path, ...]
    host: str = "127.0.0.1"
    port: int = 2222
    login_grace: float = 20.0
    idle: float = 300.0
    max_connections: int = 128
    max_per_address: int = 32
    max_logging_in: int = 32


class Door(Protocol):
    """What a connection asks of its server."""

    settings: SftpSettings
    accounts: Accounts
    services: Services
    turn: Turnstile

    def admit(self, connection: "Connection", account: Account) -> bool:
        """Whether the partner may have one more connection; the answer for one connection stays the same."""
        ...

    def gone(self, connection: "Connection") -> None:
        """The connection and all its sessions are over."""
        ...


class ServerTransport(StrictTransport):
    """The server's side of SSH; tells when it is over."""

    def __init__(self, sock: socket.socket, connection: "Connection") -> None:
        super().__init__(sock)
        self.local_version = "SSH-2.0-Hub"
        self._connection = connection

    def run(self) -> None:
        """The transport's thread."""
        try:
            super().run()
        finally:
            self._connection.transport_ended()

    def _queue_incoming_channel(self, channel: paramiko.Channel) -> None:
        """Paramiko keeps only weak references to channels, and drops one that nobody holds."""
        self._connection.hold(channel)


class Connection(paramiko.ServerInterface):
    """One client. Its methods are called by the transport's thread; ``cut`` and ``overdue`` by anyone."""

    def __init__(self, door: Door, sock: socket.socket, address: str) -> None:
        self.address = address
        self.id = secrets.token_hex(4)
        self.log: Any = structlog.get_logger().bind(session=self.id, address=address)
        self.account: Account | None = None
        self._door = door
        self._lock = threading.Lock()
        self._began = self._quiet_since = time.monotonic()
        self._sessions = 0
        self._over = False
        self._channels: list[paramiko.Channel] = []
        self._served: set[int] = set()
        self._key = ""
        self._transport = ServerTransport(sock, self)

    def begin(self, host_keys: list[paramiko.PKey]) -> None:
        """Start the handshake in a thread of its own."""
        for key in host_keys:
            self._transport.add_server_key(key)
        self._transport.start_server(event=threading.Event(), server=self)

    @property
    def logged_in(self) -> bool:
        """Whether the client has proved who it is."""
        return bool(self._transport.is_authenticated())

    def overdue(self) -> str | None:
        """Why the connection should be cut now, or None."""
        now = time.monotonic()
        if not self.logged_in:
            return "not logged in in time" if now - self._began > self._door.settings.login_grace else None
        with self._lock:
            idle = self._sessions == 0 and now - self._quiet_since > self._door.settings.idle
        return "idle" if idle else None

    def cut(self, reason: str) -> None:
        """End the connection; uploads under way are discarded by their sessions."""
        self.log.info("sftp.cut", reason=reason)
        self._transport.cut()

    def transport_ended(self) -> None:
        """The transport's thread is over; sessions may still be at work on what they had read."""
        with self._lock:
            self._over = True
            gone = self._sessions == 0
        if gone:
            self._door.gone(self)

    def hold(self, channel: paramiko.Channel) -> None:
        """Keep an open channel alive; those that were closed are let go."""
        self._channels = [*self._open_channels(), channel]

    def _open_channels(self) -> list[paramiko.Channel]:
        return [channel for channel in self._channels if not channel.closed]

    # What paramiko asks

    def get_allowed_auths(self, username: str) -> str:
        """Public keys only."""
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Whether ``key`` is one of the account's. The signature is checked after this, so nothing is counted here."""
        account = self._door.accounts.by_user(username)
        offered = key.asbytes()
        known = [hmac.compare_digest(offered, blob) for blob in _blobs(account)]
        if account is None or not any(known) or not strong_enough(key):
            self.log.warning("sftp.key_refused", user=ascii(username)[:80], key=_fingerprint(offered))
            return AUTH_FAILED
        self.account, self._key = account, _fingerprint(offered)
        return AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:
        """Sessions only, a few at a time, for a partner that has not too many connections."""
        if kind != "session" or self.account is None:
            return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        crowded = len(self._open_channels()) >= _MAX_CHANNELS or chanid >= _MAX_CHANNELS_EVER
        if crowded or not self._door.admit(self, self.account):
            self.log.warning("sftp.too_many_sessions", partner=self.account.partner)
            return OPEN_FAILED_RESOURCE_SHORTAGE
        return OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        """Start an SFTP session on the channel, once."""
        if name != "sftp" or self.account is None or channel.get_id() in self._served:
            return False
        self._served.add(channel.get_id())
        channel.settimeout(self._door.settings.idle)
        log = self.log.bind(partner=self.account.partner)
        log.info("sftp.session", key=self._key)
        root = VirtualRoot(self.account, self._door.services, log)
        session = SftpSession(channel, root, self._door.turn, log)
        with self._lock:
            self._sessions += 1
        threading.Thread(target=self._serve, args=(session,), name=f"sftp-{self.id}", daemon=True).start()
        return True

    def _serve(self, session: SftpSession) -> None:
        try:
            session.run()
        finally:
            with self._lock:
                self._sessions -= 1
                self._quiet_since = time.monotonic()
                gone = self._over and self._sessions == 0
            if gone:
                self._door.gone(self)


def _blobs(account: Account | None) -> list[bytes]:
    """The account's keys; a line that is no key is passed over, as the configuration's check has told of it."""
    blobs = []
    for line in account.keys if account is not None else ():
        try:
            blobs.append(public_blob(line))
        except KeyUnusable as error:
            structlog.get_logger().warning("sftp.key_unusable", reason=str(error))
    return blobs


def _fingerprint(blob: bytes) -> str:
    """As OpenSSH writes it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
