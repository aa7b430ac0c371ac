"""SFTP with the hub as the client: polling a partner's server for files, and pushing deliveries to it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from hub.model.arrival import Arrival
from hub.model.delivery import Deferred, Delivered, Outcome, Refused
from hub.sftp.client import RemoteFile, SftpConnection, connect
from hub.sftp.ssh import KeyUnusable
from hub.sftp.wire import SftpError
from hub.spool.blobs import Blobs
from hub.transports.base import Intake, OnRefused, Refusal, unheard
from hub.transports.paths import NotTaken, clean_name, is_temporary
from hub.transports.uploads import INLINE_BYTES

_BATCH_FILES = 64
_BATCH_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Remote:
    """A partner's SFTP server, and the folder there. ``host_key`` is its public key line; ``timeout`` in seconds."""

    host: str
    port: int
    user: str
    key_path: Path
    host_key: str
    folder: str
    timeout: float = 20.0

    def connect(self) -> SftpConnection:
        """Log in. Raises SftpError or KeyUnusable."""
        return connect(self.host, self.port, self.user, self.key_path, self.host_key, timeout=self.timeout)

    def path(self, name: str) -> str:
        """Where a file of this name is."""
        return f"{self.folder.rstrip('/')}/{name}"


class SftpPush:
    """Delivers into a folder on a partner's server."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def deliver(self, name: str, data: bytes) -> Outcome:
        """Upload ``data`` as ``name``. After a crash the same bytes may be there already: then they are delivered."""
        try:
            path = self._remote.path(clean_name(name))
            with self._remote.connect() as connection:
                there = connection.stat(path)
                if there is None:
                    connection.put(path, data)
                    return Delivered("uploaded")
                if there.size == len(data) and connection.get(path, len(data)) == data:
                    return Delivered("was there already")
        except NotTaken as error:
            return Refused(str(error))
        except (SftpError, KeyUnusable) as error:
            return Deferred(str(error))
        return Refused(f"{name}: a file of this name with other bytes is on the partner's server; ask the partner")


@dataclass(frozen=True, slots=True)
class PollSettings:
    """What :class:`SftpPoll` takes. ``max_bytes`` and ``inline`` in bytes."""

    partner: str
    channel: str = "sftp-poll"
    max_bytes: int = 64 * 1024 * 1024
    inline: int = INLINE_BYTES


class SftpPoll:
    """Takes files from a folder on a partner's server. A file is whole when two polls saw it the same."""

    def __init__(
        self, settings: PollSettings, remote: Remote, intake: Intake, blobs: Blobs, on_refused: OnRefused = unheard
    ) -> None:
        self._settings = settings
        self._remote = remote
        self._intake = intake
        self._blobs = blobs
        self._on_refused = on_refused
        self._seen: set[RemoteFile] = set()
        self._passed: set[RemoteFile] = set()  # refused, or recorded but not removable: not looked at again
        self._log: Any = structlog.get_logger().bind(partner=settings.partner, channel=settings.channel)

    def poll(self) -> int:
        """Take the files that are whole, and remove them there once they are recorded; how many.

        Raises SftpError, KeyUnusable, or what the spool and the intake raise; what was not recorded comes again.
        """
        with self._remote.connect() as connection:
            listed = {each for each in connection.listdir(self._remote.folder) if not is_temporary(each.name)}
            whole = sorted(listed & self._seen, key=lambda each: (each.modified, each.name))
            self._seen = listed
            self._passed &= listed
            return self._take(connection, [each for each in whole if each not in self._passed])

    def _take(self, connection: SftpConnection, whole: list[RemoteFile]) -> int:
        count, batch, size = 0, list[tuple[RemoteFile, Arrival]](), 0
        for file in whole:
            try:
                arrival = self._arrival(connection, file)
            except NotTaken as reason:
                self._tell(file, reason)
                continue
            batch.append((file, arrival))
            size += len(arrival.data or b"")
            if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
                count += self._hand_over(connection, batch)
                batch, size = [], 0
        return count + self._hand_over(connection, batch)

    def _arrival(self, connection: SftpConnection, file: RemoteFile) -> Arrival:
        name = clean_name(file.name)
        if file.size > self._settings.max_bytes:
            raise NotTaken("too_large", max=self._settings.max_bytes)
        data = self._get(connection, file)
        sha256, small = hashlib.sha256(data).hexdigest(), len(data) <= self._settings.inline
        where = f"{self._remote.user}@{self._remote.host}:{self._remote.port}:{self._remote.path(file.name)}"
        return Arrival(
            self._settings.partner,
            self._settings.channel,
            name,
            data if small else None,
            None if small else self._blobs.path(self._blobs.put(data)),
            sha256,
            len(data),
            f"sftp:{where}:{file.modified}:{file.size}:{sha256}",
        )

    def _get(self, connection: SftpConnection, file: RemoteFile) -> bytes:
        try:
            return connection.get(self._remote.path(file.name), self._settings.max_bytes)
        except SftpError as error:
            if error.status is None:
                raise
            raise NotTaken("unreadable", reason=str(error)) from error

    def _hand_over(self, connection: SftpConnection, batch: list[tuple[RemoteFile, Arrival]]) -> int:
        if not batch:
            return 0
        accepted = self._intake.accept_many([arrival for _, arrival in batch])
        for (file, arrival), each in zip(batch, accepted, strict=True):
            self._remove(connection, file)
            self._log.info("poll.accepted", name=arrival.name, size=arrival.size, transmission=each.transmission)
        return len(batch)

    def _remove(self, connection: SftpConnection, file: RemoteFile) -> None:
        try:
            connection.remove(self._remote.path(file.name))
        except SftpError as error:
            if error.status is None:
                raise
            self._passed.add(file)
            self._log.error("poll.not_removed", name=ascii(file.name)[1:-1], reason=str(error))

    def _tell(self, file: RemoteFile, reason: NotTaken) -> None:
        self._passed.add(file)
        name = ascii(file.name)[1:-1]
        self._log.warning("poll.refused", name=name, finding=reason.finding.code)
        self._on_refused(Refusal(self._settings.partner, self._settings.channel, name, reason.finding))
