"""The packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), as bytes and back; every length is bounded.

>>> Fields(string(b"upload") + struct.pack(">I", 7)).text()
'upload'
"""

import stat
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from hub.errors import HubError

MAX_PACKET = 256 * 1024  # as OpenSSH has it; a longer packet ends the session
VERSION = 3


class Op(IntEnum):
    """What a packet asks or answers (§3)."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    SETSTAT = 9
    FSETSTAT = 10
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RMDIR = 15
    REALPATH = 16
    STAT = 17
    RENAME = 18
    READLINK = 19
    SYMLINK = 20
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Status(IntEnum):
    """How a request ended (§7)."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    OP_UNSUPPORTED = 8


class Open(IntEnum):
    """The flags of OPEN (§6.3)."""

    READ = 1
    WRITE = 2
    APPEND = 4
    CREATE = 8
    TRUNCATE = 16
    EXCLUSIVE = 32


class SftpError(HubError):
    """The SFTP peer was not reached, or refused. ``status`` is the server's code, or None when there is none."""

    def __init__(self, message: str | None = None, status: Status | None = None) -> None:
        super().__init__(message)
        self.status = status


class Malformed(SftpError):
    """The peer does not keep to SFTP version 3. Connect again; if it stays so, use another program."""


_UINT32 = struct.Struct(">I")
_UINT64 = struct.Struct(">Q")
_HEAD = struct.Struct(">IBI")  # length, op, request id
_SIZE, _UIDGID, _MODE, _TIMES, _EXTENDED = 1, 2, 4, 8, 0x80000000


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a listing shows of a file (§5). ``size`` in bytes, ``modified`` in seconds since the epoch."""

    size: int | None = None
    mode: int | None = None
    modified: int | None = None

    @property
    def folder(self) -> bool:
        """Whether it is a directory."""
        return self.mode is not None and stat.S_ISDIR(self.mode)

    def pack(self) -> bytes:
        """The attributes as bytes; what is None is left out."""
        flags, parts = 0, []
        if self.size is not None:
            flags |= _SIZE
            parts.append(_UINT64.pack(self.size))
        if self.mode is not None:
            flags |= _MODE
            parts.append(_UINT32.pack(self.mode))
        if self.modified is not None:
            flags |= _TIMES
            parts.append(_UINT32.pack(self.modified) * 2)
        return _UINT32.pack(flags) + b"".join(parts)

    def long_name(self, name: str) -> str:
        """The line that ``ls -l`` shows (§7), dates in UTC."""
        when = time.strftime("%b %d %Y", time.gmtime(self.modified or 0))
        return f"{stat.filemode(self.mode or 0)}    1 hub      hub      {self.size or 0:>12} {when} {name}"


class Fields:
    """Reads the fields of a packet one after another. Raises Malformed where the packet ends too soon."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def uint32(self) -> int:
        """The next four bytes as a number."""
        return _UINT32.unpack(self._take(4))[0]  # type: ignore[no-any-return]

    def uint64(self) -> int:
        """The next eight bytes as a number."""
        return _UINT64.unpack(self._take(8))[0]  # type: ignore[no-any-return]

    def string(self) -> bytes:
        """The next string."""
        return self._take(self.uint32())

    def text(self) -> str:
        """The next string, which is UTF-8."""
        try:
            return self.string().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("a name is not UTF-8") from error

    def attributes(self) -> Attributes:
        """The next attributes; owner and extended attributes are passed over."""
        flags = self.uint32()
        size = self.uint64() if flags & _SIZE else None
        if flags & _UIDGID:
            self._take(8)
        mode = self.uint32() if flags & _MODE else None
        modified = _UINT32.unpack(self._take(8)[4:])[0] if flags & _TIMES else None
        if flags & _EXTENDED:
            for _ in range(self.uint32()):  # ends with Malformed at the end of the packet, whatever the count says
                self.string()
                self.string()
        return Attributes(size, mode, modified)

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise Malformed("a packet ends too soon")
        taken = self._data[self._at : end]
        self._at = end
        return taken


class Packets:
    """Cuts a stream into packets: feed it what came, and iterate over what is whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add bytes that came."""
        self._buffer += data

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Each whole packet: its op and its body. Raises Malformed for a length that no packet has."""
        buffer = self._buffer
        while len(buffer) >= 4:
            length = _UINT32.unpack_from(buffer)[0]
            if not 1 <= length <= MAX_PACKET:
                raise Malformed(f"a packet of {length} bytes")
            if len(buffer) < 4 + length:
                return
            op, body = buffer[4], bytes(buffer[5 : 4 + length])
            del buffer[: 4 + length]
            yield op, body


def string(value: bytes | str) -> bytes:
    """A string field."""
    raw = value.encode("utf-8") if isinstance(value, str) else value
    return _UINT32.pack(len(raw)) + raw


def uint32(value: int) -> bytes:
    """A four-byte number."""
    return _UINT32.pack(value)


def uint64(value: int) -> bytes:
    """An eight-byte number."""
    return _UINT64.pack(value)


def packet(op: int, request: int, *fields: bytes) -> bytes:
    """A request or an answer."""
    body = b"".join(fields)
    return _HEAD.pack(len(body) + 5, op, request) + body


def greeting(op: int, extensions: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """INIT or VERSION, which have a version in place of a request id (§4)."""
    return packet(op, VERSION, *(string(name) + string(value) for name, value in extensions))


def status(request: int, code: Status, message: str) -> bytes:
    """The STATUS answer, with a message for people."""
    return packet(Op.STATUS, request, uint32(code), string(message), string("en"))


def name_entry(name: str, attributes: Attributes) -> bytes:
    """One entry of a NAME answer."""
    return string(name) + string(attributes.long_name(name)) + attributes.pack()
