"""The SFTP server: listens, counts who is there, cuts who stays too long, and stops without breaking off a close."""

import socket
import threading
from collections import Counter
from typing import Any

import paramiko
import structlog

from hub.clock import Clock, now
from hub.errors import HubError
from hub.sftp.ssh import private_key
from hub.spool.blobs import Blobs
from hub.transports.base import Account, Accounts, Intake, Mailboxes, OnRefused, unheard
from hub.transports.sftp_connection import Connection, SftpSettings
from hub.transports.sftp_session import Turnstile
from hub.transports.upload_folder import Services
from hub.transports.uploads import INLINE_BYTES

__all__ = ["AddressTaken", "SftpServer", "SftpSettings"]


class AddressTaken(HubError):
    """The SFTP server cannot listen there. Choose another address or port, or stop the program that has it."""


class SftpServer:
    """Serves every account's virtual root over SFTP, from :meth:`start` to :meth:`stop`. Thread-safe."""

    def __init__(
        self,
        settings: SftpSettings,
        accounts: Accounts,
        intake: Intake,
        mailboxes: Mailboxes,
        blobs: Blobs,
        clock: Clock = now,
        on_refused: OnRefused = unheard,
        inline: int = INLINE_BYTES,
    ) -> None:
        self.settings = settings
        self.accounts = accounts
        self.services = Services(intake, mailboxes, blobs, clock, on_refused, inline)
        self.turn = Turnstile()
        self._log: Any = structlog.get_logger()
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._connections: set[Connection] = set()
        self._admitted: dict[Connection, str] = {}
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self._host_keys: list[paramiko.PKey] = []

    @property
    def address(self) -> tuple[str, int]:
        """Host and port on which the server listens; the port is the real one where 0 was asked for."""
        if self._listener is None:
            return self.settings.host, self.settings.port
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Listen. Raises KeyUnusable for a host key, AddressTaken for the address."""
        self._host_keys = [private_key(path) for path in self.settings.host_keys]
        family = socket.AF_INET6 if ":" in self.settings.host else socket.AF_INET
        where = (self.settings.host, self.settings.port)
        try:
            self._listener = socket.create_server(where, family=family, backlog=128)
        except OSError as error:
            raise AddressTaken(f"{where[0]}:{where[1]}: {error.strerror}; choose another address or port") from error
        for work in (self._accept, self._watch):
            thread = threading.Thread(target=work, name=f"sftp{work.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._log.info("sftp.listening", host=self.address[0], port=self.address[1])

    def stop(self, timeout: float = 10.0) -> bool:
        """Take no more clients and requests, let requests under way end and be answered, then cut all connections.

        Whether everything came to its end within ``timeout`` seconds (twice that at the worst).
        """
        self._stopping.set()
        if self._listener is not None:
            _wake(self._listener)
        ended = self.turn.shut(timeout)
        for connection in self._present():
            connection.cut("the server stops")
        with self._changed:
            ended &= self._changed.wait_for(lambda: not self._connections, timeout)
        for thread in self._threads:
            thread.join(timeout)
        self._log.info("sftp.stopped", clean=ended)
        return ended

    def cut(self, partner: str) -> None:
        """End a partner's connections, as when its key is withdrawn."""
        for connection in self._present():
            if connection.account is not None and connection.account.partner == partner:
                connection.cut("the account was changed")

    @property
    def connections(self) -> int:
        """How many connections there are."""
        with self._changed:
            return len(self._connections)

    # What a connection asks (hub.transports.sftp_connection.Door)

    def admit(self, connection: Connection, account: Account) -> bool:
        """Whether the partner may have one more connection; the answer for one connection stays the same."""
        with self._changed:
            if connection not in self._admitted:
                if sum(partner == account.partner for partner in self._admitted.values()) >= account.max_sessions:
                    return False
                self._admitted[connection] = account.partner
            return True

    def gone(self, connection: Connection) -> None:
        """The connection and all its sessions are over."""
        connection.log.info("sftp.gone")
        with self._changed:
            self._connections.discard(connection)
            self._admitted.pop(connection, None)
            self._changed.notify_all()

    # Threads

    def _accept(self) -> None:
        listener = self._listener
        while listener is not None and not self._stopping.is_set():
            try:
                sock, address = listener.accept()
            except OSError as error:  # out of descriptors, or the client left at once: the next one may do better
                if not self._stopping.wait(0.05):
                    self._log.warning("sftp.accept_failed", reason=str(error))
                continue
            self._receive(sock, str(address[0]))
        if listener is not None:
            listener.close()

    def _receive(self, sock: socket.socket, address: str) -> None:
        crowded = self._crowded(address)
        if crowded is not None:
            self._log.warning("sftp.turned_away", address=address, reason=crowded)
            sock.close()
            return
        connection = Connection(self, sock, address)
        with self._changed:
            self._connections.add(connection)
        connection.log.info("sftp.connected")
        try:
            connection.begin(self._host_keys)
        except (paramiko.SSHException, OSError, RuntimeError) as error:  # RuntimeError: no more threads
            connection.cut(str(error))
            self.gone(connection)

    def _crowded(self, address: str) -> str | None:
        present = self._present()
        if len(present) >= self.settings.max_connections:
            return "too many connections"
        if Counter(connection.address for connection in present)[address] >= self.settings.max_per_address:
            return "too many connections from this address"
        logging_in = Counter(connection.address for connection in present if not connection.logged_in)
        if logging_in.total() >= self.settings.max_logging_in:
            return "too many connections that are not logged in"
        if logging_in[address] >= max(1, self.settings.max_logging_in // 2):  # one address does not shut out all others
            return "too many connections from this address that are not logged in"
        return None

    def _watch(self) -> None:
        """Login grace and idle time: paramiko has neither."""
        tick = max(0.01, min(1.0, self.settings.login_grace / 4, self.settings.idle / 4))
        while not self._stopping.wait(tick):
            for connection in self._present():
                reason = connection.overdue()
                if reason is not None:
                    connection.cut(reason)

    def _present(self) -> list[Connection]:
        with self._changed:
            return list(self._connections)


def _wake(listener: socket.socket) -> None:
    """Make a blocked accept() return; the listener is closed by the thread that uses it."""
    try:
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        listener.close()
