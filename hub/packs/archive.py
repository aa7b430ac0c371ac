"""A folder as one file: POSIX ustar (IEEE 1003.1-1988), with everything in it that could differ left at zero.

What is read must be exactly what :func:`write` makes of its content. So a reader needs no more of the format than that,
and nothing can be hidden in a header, behind the end, or between two files.

>>> sorted(read(write({"b/c.toml": b"2", "a": b"1"})))
['a', 'b/c.toml']
"""

import re
from collections.abc import Mapping

from hub.errors import HubError

MAX_BYTES = 20_000_000  # of a whole archive
MAX_FILES = 500
_BLOCK = 512
_PATH = re.compile(r"(?!.*(?:^|/)\.)[A-Za-z0-9][A-Za-z0-9._+-]*(?:/[A-Za-z0-9._+-]+)*", re.ASCII)
_MOST_NAME, _MOST_PREFIX = 100, 155


class ArchiveRefused(HubError):
    """The archive is not one that the hub wrote: make it anew with `hub map pack`."""


def safe(path: str) -> bool:
    """Whether ``path`` is a name below the folder, of plain characters, with no hidden part and no way out."""
    return _PATH.fullmatch(path) is not None and _parts(path) is not None


def write(files: Mapping[str, bytes]) -> bytes:
    """The archive of ``files``: path → content, in the order of the paths. The same files give the same bytes."""
    blocks = []
    for path in sorted(files):
        content = files[path]
        blocks += [_header(path, len(content)), content, bytes(-len(content) % _BLOCK)]
    return b"".join([*blocks, bytes(2 * _BLOCK)])


def read(data: bytes) -> dict[str, bytes]:
    """The files of an archive. Raises ArchiveRefused for anything that :func:`write` would not have written."""
    if len(data) > MAX_BYTES or len(data) % _BLOCK or len(data) < 2 * _BLOCK:
        raise ArchiveRefused(f"an archive has whole blocks of {_BLOCK} bytes, and at most {MAX_BYTES} bytes")
    files: dict[str, bytes] = {}
    at = 0
    while any(header := data[at : at + _BLOCK]):
        path, size = _file(header)
        if path in files or len(files) == MAX_FILES or at + _BLOCK + size > len(data):
            raise ArchiveRefused(f"{path} comes twice, is cut short, or is more than file {MAX_FILES}")
        files[path] = data[at + _BLOCK : at + _BLOCK + size]
        at += _BLOCK + size + -size % _BLOCK
    if write(files) != data:
        raise ArchiveRefused("the archive is not as the hub writes it: its order, a header or its end differs")
    return files


def _parts(path: str) -> tuple[str, str] | None:
    """Prefix and name as the header holds them; None when it cannot."""
    if len(path) <= _MOST_NAME:
        return "", path
    cuts = [at for at, char in enumerate(path) if char == "/" and at <= _MOST_PREFIX]
    return next(((path[:at], path[at + 1 :]) for at in reversed(cuts) if len(path) - at - 1 <= _MOST_NAME), None)


def _header(path: str, size: int) -> bytes:
    parts = _parts(path) if safe(path) else None
    if parts is None:
        raise ArchiveRefused(f"{path!r} cannot be packed: take letters, digits, . _ - and at most {_MOST_NAME} of them")
    prefix, name = parts
    fields = (
        name.encode().ljust(100, b"\0"),
        b"0000644\0" + b"0000000\0" * 2,  # mode, owner, group
        b"%011o\0" % size,
        b"%011o\0" % 0,  # time
        b" " * 8,  # checksum, see below
        b"0" + bytes(100),  # a file; no link
        b"ustar\x0000" + bytes(64),
        b"0000000\0" * 2,  # device
        prefix.encode().ljust(155, b"\0") + bytes(12),
    )
    header = b"".join(fields)
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]


def _file(header: bytes) -> tuple[str, int]:
    """Path and size in a header, which is as :func:`_header` makes it."""
    try:
        name, prefix = (field.rstrip(b"\0").decode("ascii") for field in (header[:100], header[345:500]))
        size = int(header[124:135], 8)
    except ValueError as error:
        raise ArchiveRefused("a header of the archive cannot be read") from error
    path = f"{prefix}/{name}" if prefix else name
    if not safe(path) or size < 0 or _header(path, size) != header:
        raise ArchiveRefused(f"the header of {path[:80]!r} is not as the hub writes it")
    return path, size
