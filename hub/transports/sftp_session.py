"""One SFTP session: requests in, answers out, over one SSH channel. Everything else is the virtual root's."""

import threading
from collections.abc import Callable
from typing import Any

import paramiko

from hub.errors import HubError
from hub.sftp import wire
from hub.sftp.wire import Fields, Malformed, Op, Status
from hub.transports.sftp_root import VirtualRoot
from hub.transports.upload_folder import Refused

_RECEIVE = 64 * 1024
_SEND_AT = 64 * 1024  # answers to pipelined requests go out together
_MAX_READ = 255 * 1024
_ENTRIES_AT_ONCE = 100
_EXTENSIONS = (("posix-rename@openssh.com", b"1"), ("fsync@openssh.com", b"1"), ("limits@openssh.com", b"1"))


class Stopping(Exception):
    """The server stops; no further request is served."""


class Turnstile:
    """Passed for every batch of requests. Once shut, nobody enters, and those inside are waited for."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside = 0
        self._shut = False

    def __enter__(self) -> None:
        with self._condition:
            if self._shut:
                raise Stopping
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._condition:
            self._inside -= 1
            self._condition.notify_all()

    def shut(self, timeout: float) -> bool:
        """Let nobody in, and wait up to ``timeout`` seconds for those inside; whether all came out."""
        with self._condition:
            self._shut = True
            return self._condition.wait_for(lambda: self._inside == 0, timeout)


class SftpSession:
    """Serves requests until the client leaves, breaks the protocol, is cut, or is silent for the channel's timeout."""

    def __init__(self, channel: paramiko.Channel, root: VirtualRoot, turn: Turnstile, log: Any) -> None:
        self._channel = channel
        self._root = root
        self._turn = turn
        self._log = log
        self._out = bytearray()
        self._requests: dict[int, Callable[[int, Fields], bytes]] = {
            Op.OPEN: self._open,
            Op.CLOSE: self._close,
            Op.READ: self._read,
            Op.WRITE: self._write,
            Op.LSTAT: self._stat,
            Op.STAT: self._stat,
            Op.FSTAT: self._fstat,
            Op.SETSTAT: self._setstat,
            Op.FSETSTAT: self._fsetstat,
            Op.OPENDIR: self._opendir,
            Op.READDIR: self._readdir,
            Op.REMOVE: self._remove,
            Op.MKDIR: self._refuse,
            Op.RMDIR: self._refuse,
            Op.SYMLINK: self._refuse,
            Op.READLINK: self._refuse,
            Op.REALPATH: self._realpath,
            Op.RENAME: self._rename,
            Op.EXTENDED: self._extended,
        }

    def run(self) -> None:
        """Serve until the end; then discard what was not taken."""
        try:
            self._serve()
        except (Malformed, Stopping, OSError, EOFError, paramiko.SSHException) as error:
            self._log.info("sftp.broken_off", reason=str(error) or type(error).__name__)
        finally:
            self._leave()

    def _leave(self) -> None:
        try:
            self._root.abandon()
        except HubError as error:  # what is left of the uploads is cleared at the next start
            self._log.error("sftp.not_discarded", reason=str(error))
        try:
            self._channel.close()
        except (OSError, EOFError, paramiko.SSHException):
            self._log.debug("sftp.client_gone")

    def _serve(self) -> None:
        packets = wire.Packets()
        while data := self._channel.recv(_RECEIVE):
            packets.feed(data)
            with self._turn:
                for op, body in packets:
                    self._out += self._answer(op, body)
                    if len(self._out) >= _SEND_AT:
                        self._flush()
                self._flush()

    def _flush(self) -> None:
        if self._out:
            self._channel.sendall(bytes(self._out))
            self._out.clear()

    def _answer(self, op: int, body: bytes) -> bytes:
        fields = Fields(body)
        request = fields.uint32()
        if op == Op.INIT:
            return wire.greeting(Op.VERSION, _EXTENSIONS)
        serve = self._requests.get(op)
        if serve is None:
            return wire.status(request, Status.OP_UNSUPPORTED, "this request is not served")
        try:
            return serve(request, fields)
        except Refused as refused:
            return wire.status(request, refused.status, str(refused))
        except Malformed as malformed:
            return wire.status(request, Status.BAD_MESSAGE, str(malformed))
        except HubError as error:
            self._log.error("sftp.failed", op=op, reason=str(error))
            return wire.status(request, Status.FAILURE, str(error))

    def _open(self, request: int, fields: Fields) -> bytes:
        return wire.packet(Op.HANDLE, request, wire.string(self._root.open(fields.text(), fields.uint32())))

    def _close(self, request: int, fields: Fields) -> bytes:
        self._root.close(fields.string())
        return _ok(request)

    def _read(self, request: int, fields: Fields) -> bytes:
        data = self._root.read(fields.string(), fields.uint64(), min(fields.uint32(), _MAX_READ))
        if not data:
            return wire.status(request, Status.EOF, "the end of the file")
        return wire.packet(Op.DATA, request, wire.string(data))

    def _write(self, request: int, fields: Fields) -> bytes:
        self._root.write(fields.string(), fields.uint64(), fields.string())
        return _ok(request)

    def _stat(self, request: int, fields: Fields) -> bytes:
        return wire.packet(Op.ATTRS, request, self._root.stat(fields.text()).pack())

    def _fstat(self, request: int, fields: Fields) -> bytes:
        return wire.packet(Op.ATTRS, request, self._root.attributes(fields.string()).pack())

    def _setstat(self, request: int, fields: Fields) -> bytes:
        self._root.stat(fields.text())  # times and rights have no effect, but what is not there cannot have them
        return _ok(request)

    def _fsetstat(self, request: int, fields: Fields) -> bytes:
        self._root.set_attributes(fields.string(), fields.attributes())
        return _ok(request)

    def _opendir(self, request: int, fields: Fields) -> bytes:
        return wire.packet(Op.HANDLE, request, wire.string(self._root.open_folder(fields.text())))

    def _readdir(self, request: int, fields: Fields) -> bytes:
        entries = self._root.entries(fields.string(), _ENTRIES_AT_ONCE)
        if not entries:
            return wire.status(request, Status.EOF, "the end of the folder")
        return wire.packet(Op.NAME, request, wire.uint32(len(entries)), *(wire.name_entry(*entry) for entry in entries))

    def _remove(self, request: int, fields: Fields) -> bytes:
        self._root.remove(fields.text())
        return _ok(request)

    def _rename(self, request: int, fields: Fields) -> bytes:
        self._root.rename(fields.text(), fields.text())
        return _ok(request)

    def _realpath(self, request: int, fields: Fields) -> bytes:
        path = self._root.realpath(fields.text())
        return wire.packet(Op.NAME, request, wire.uint32(1), wire.name_entry(path, wire.Attributes()))

    def _refuse(self, request: int, fields: Fields) -> bytes:
        self._root.refuse(fields.text())
        return _ok(request)

    def _extended(self, request: int, fields: Fields) -> bytes:
        """What OpenSSH adds (its PROTOCOL file, §4)."""
        kind = fields.string()
        if kind == b"posix-rename@openssh.com":
            return self._rename(request, fields)
        if kind == b"fsync@openssh.com":  # the close is what makes an upload durable
            self._root.attributes(fields.string())
            return _ok(request)
        if kind == b"limits@openssh.com":
            limits = (wire.MAX_PACKET, _MAX_READ, _MAX_READ, 0)
            return wire.packet(Op.EXTENDED_REPLY, request, *(wire.uint64(limit) for limit in limits))
        return wire.status(request, Status.OP_UNSUPPORTED, "this extension is not served")


def _ok(request: int) -> bytes:
    return wire.status(request, Status.OK, "")
