"""A small SFTP client: host key pinned, every answer checked (that to CLOSE too), uploads under a temporary name."""

import hmac
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import paramiko

from hub.sftp import wire
from hub.sftp.ssh import StrictTransport, private_key, public_blob
from hub.sftp.wire import Attributes, Fields, Op, SftpError, Status

_BLOCK = 32 * 1024  # what every server takes in one request (§3)
_IN_FLIGHT = 64
_MAX_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A regular file on the server. ``size`` in bytes, ``modified`` in seconds since the epoch (0: not told)."""

    name: str
    size: int
    modified: int


def connect(
    host: str, port: int, user: str, key_path: Path, host_key: str, *, timeout: float = 20.0, keepalive: int = 30
) -> "SftpConnection":
    """Log in with the private key in ``key_path``. ``host_key`` is the server's public key line; no other is accepted.

    ``timeout`` (seconds) bounds every wait. Raises SftpError, or KeyUnusable for a key that cannot be read.
    """
    key, expected = private_key(key_path), public_blob(host_key)
    where = f"{host}:{port}"
    try:
        transport = StrictTransport(socket.create_connection((host, port), timeout))
    except OSError as error:
        raise SftpError(f"{where} cannot be reached ({error}); check the address and that the server runs") from error
    try:
        return SftpConnection(transport, _login(transport, where, user, key, expected, timeout, keepalive))
    except BaseException:
        transport.cut()
        raise


def _login(
    transport: StrictTransport,
    where: str,
    user: str,
    key: paramiko.PKey,
    expected: bytes,
    timeout: float,
    keepalive: int,
) -> paramiko.Channel:
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = timeout
    try:
        transport.start_client(timeout=timeout)
        if not hmac.compare_digest(transport.get_remote_server_key().asbytes(), expected):
            raise SftpError(f"{where} shows another host key than the one on file; ask its operator before trusting it")
        transport.auth_publickey(user, key)
        transport.set_keepalive(keepalive)
        channel = transport.open_session(timeout=timeout)
        channel.settimeout(timeout)
        channel.invoke_subsystem("sftp")
    except paramiko.AuthenticationException as error:
        raise SftpError(f"{where} refused the key of {user}; give its operator the public key") from error
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise SftpError(f"{where}: no SFTP session ({error or type(error).__name__})") from error
    return channel


class SftpConnection:
    """One SFTP session. Paths are as the server sees them; methods raise SftpError. Thread-safe, one call at a time."""

    def __init__(self, transport: StrictTransport, channel: paramiko.Channel) -> None:
        self._transport = transport
        self._channel = channel
        self._packets = wire.Packets()
        self._came: deque[tuple[int, bytes]] = deque()
        self._answers: dict[int, tuple[int, bytes]] = {}
        self._last = 0
        self._lock = threading.RLock()
        self._send(wire.greeting(Op.INIT))
        op, body = self._next()
        self._posix_rename = op == Op.VERSION and b"posix-rename@openssh.com" in body

    def __enter__(self) -> "SftpConnection":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the session and the connection."""
        self._transport.cut()

    def listdir(self, folder: str) -> list[RemoteFile]:
        """The regular files in ``folder``, by name; entries with a name that is no plain file name are left out."""
        with self._lock:
            handle = self._call(folder, Op.OPENDIR, wire.string(folder)).string()
            files: list[RemoteFile] = []
            while (fields := self._answer(folder, self._ask(Op.READDIR, wire.string(handle)))) is not None:
                files += _entries(fields)
                if len(files) > _MAX_ENTRIES:
                    raise SftpError(f"{folder} has more than {_MAX_ENTRIES} files; move old ones away")
            self._call(folder, Op.CLOSE, wire.string(handle))
        return sorted(files, key=lambda file: file.name)

    def stat(self, path: str) -> Attributes | None:
        """The attributes of ``path``, or None when there is no such file."""
        with self._lock:
            try:
                return self._call(path, Op.STAT, wire.string(path)).attributes()
            except SftpError as error:
                if error.status is Status.NO_SUCH_FILE:
                    return None
                raise

    def get(self, path: str, max_bytes: int = 256 * 1024 * 1024) -> bytes:
        """The content of ``path``, which may be up to ``max_bytes`` long."""
        with self._lock:
            read = wire.uint32(wire.Open.READ)
            handle = self._call(path, Op.OPEN, wire.string(path), read, Attributes().pack()).string()
            size = self._call(path, Op.FSTAT, wire.string(handle)).attributes().size or 0
            if size > max_bytes:
                self._call(path, Op.CLOSE, wire.string(handle))
                raise SftpError(f"{path} has {size} bytes, more than the {max_bytes} allowed")
            with self._transfer():
                content = self._read(path, handle, size)
            self._call(path, Op.CLOSE, wire.string(handle))
        return content

    def put(self, path: str, data: bytes) -> None:
        """Upload ``data`` as ``path``: written as ``path.tmp``, closed, then renamed: nobody takes half a file."""
        with self._lock:
            self.write(f"{path}.tmp", data)
            self.rename(f"{path}.tmp", path)

    def write(self, path: str, data: bytes) -> None:
        """Write ``data`` straight to ``path``; it is there when the server has answered CLOSE."""
        flags = wire.uint32(wire.Open.WRITE | wire.Open.CREATE | wire.Open.TRUNCATE)
        with self._lock:
            handle = self._call(path, Op.OPEN, wire.string(path), flags, Attributes().pack()).string()
            with self._transfer():
                self._write(path, handle, data)
            self._call(path, Op.CLOSE, wire.string(handle))

    def rename(self, old: str, new: str) -> None:
        """Give ``old`` the name ``new``."""
        names = wire.string(old), wire.string(new)
        with self._lock:
            if self._posix_rename:
                self._call(old, Op.EXTENDED, wire.string("posix-rename@openssh.com"), *names)
            else:
                self._call(old, Op.RENAME, *names)

    def remove(self, path: str) -> None:
        """Remove ``path``."""
        with self._lock:
            self._call(path, Op.REMOVE, wire.string(path))

    @contextmanager
    def _transfer(self) -> Iterator[None]:
        """A transfer that fails ends the connection: answers to its other requests are still under way."""
        try:
            yield
        except SftpError:
            self.close()
            raise

    def _write(self, path: str, handle: bytes, data: bytes) -> None:
        """Write with several requests under way: one by one a long line carries 30 times less."""
        waiting: deque[int] = deque()
        for at in range(0, len(data), _BLOCK):
            block = data[at : at + _BLOCK]
            waiting.append(self._ask(Op.WRITE, wire.string(handle), wire.uint64(at), wire.string(block)))
            if len(waiting) >= _IN_FLIGHT:
                self._call_done(path, waiting.popleft())
        while waiting:
            self._call_done(path, waiting.popleft())

    def _read(self, path: str, handle: bytes, size: int) -> bytes:
        """``size`` bytes with several requests under way; a server may answer with less than was asked (§6.4)."""
        parts: dict[int, bytes] = {}
        wanted = deque((at, min(_BLOCK, size - at)) for at in range(0, size, _BLOCK))
        waiting: deque[tuple[int, int, int]] = deque()
        while wanted or waiting:
            while wanted and len(waiting) < _IN_FLIGHT:
                at, length = wanted.popleft()
                asked = self._ask(Op.READ, wire.string(handle), wire.uint64(at), wire.uint32(length))
                waiting.append((asked, at, length))
            request, at, length = waiting.popleft()
            fields = self._answer(path, request)
            if fields is None:
                raise SftpError(f"{path} became shorter while it was read; fetch it again")
            parts[at] = block = fields.string()
            if not 0 < len(block) <= length:
                raise SftpError(f"{path}: the server answered {len(block)} bytes where {length} were asked")
            if len(block) < length:
                wanted.appendleft((at + len(block), length - len(block)))
        return b"".join(parts[at] for at in sorted(parts))

    def _call(self, path: str, op: Op, *fields: bytes) -> Fields:
        return self._call_done(path, self._ask(op, *fields))

    def _call_done(self, path: str, request: int) -> Fields:
        fields = self._answer(path, request)
        if fields is None:
            raise SftpError(f"{path}: the server says that the file ended, which makes no sense here")
        return fields

    def _ask(self, op: Op, *fields: bytes) -> int:
        self._last = (self._last + 1) & 0xFFFFFFFF
        self._send(wire.packet(op, self._last, *fields))
        return self._last

    def _answer(self, path: str, request: int) -> Fields | None:
        """What the server answers to ``request``; None when it says that a file or a listing is at its end."""
        while request not in self._answers:  # a server may answer in any order (§6.1)
            op, body = self._next()
            self._answers[int.from_bytes(body[:4], "big")] = (op, body[4:])
            if len(self._answers) > _IN_FLIGHT:
                raise SftpError("the server answers requests that were not made; connect again")
        op, body = self._answers.pop(request)
        fields = Fields(body)
        if op != Op.STATUS:
            return fields
        code, message = fields.uint32(), fields.string().decode("utf-8", "replace")
        if code in (Status.OK, Status.EOF):
            return fields if code == Status.OK else None
        known = Status(code) if code in set(Status) else Status.FAILURE
        raise SftpError(f"{path}: {message or known.name} (SFTP status {code})", known)

    def _send(self, data: bytes) -> None:
        try:
            self._channel.sendall(data)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise SftpError(f"the connection broke ({error or 'closed'}); connect again") from error

    def _next(self) -> tuple[int, bytes]:
        try:
            while not self._came:
                data = self._channel.recv(1 << 16)
                if not data:
                    raise SftpError("the server ended the session; connect again")
                self._packets.feed(data)
                self._came.extend(self._packets)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise SftpError(f"the connection broke ({error or 'no answer in time'}); connect again") from error
        return self._came.popleft()


def _entries(fields: Fields) -> list[RemoteFile]:
    files = []
    for _ in range(fields.uint32()):
        name, _long = fields.string().decode("utf-8", "replace"), fields.string()
        attributes = fields.attributes()
        plain = name not in (".", "..") and not set(name) & {"/", "\\", "\0"}
        if plain and not attributes.folder:
            files.append(RemoteFile(name, attributes.size or 0, attributes.modified or 0))
    return files
