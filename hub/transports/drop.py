"""A drop folder read safely: which of its files are whole, their bytes, and their removal once they are recorded.

A file is whole when it was seen under a temporary name and now has a final one, or did not change for the settled time.
Dot files and names that say "in progress" are passed over. Links and other irregular files are refused.
"""

import errno
import os
import re
import secrets
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from hub.spool.blobs import Blobs
from hub.transports.paths import NotTaken, clean_name, is_temporary
from hub.transports.uploads import Content, Upload

_CHUNK = 1 << 20
_ASIDE = re.compile(r"\.hub-taken-(?P<inode>\d{1,20})-(?P<token>[0-9a-f]{12})")
_MAX_SEEN = 200_000  # entries looked at in one scan: what is beyond comes when these are gone


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one file; any change, and any other file of the same name, is another version."""

    inode: int
    size: int
    modified: int  # nanoseconds
    changed: int  # nanoseconds; unlike ``modified`` nobody can set it

    @classmethod
    def of(cls, found: os.stat_result) -> "Version":
        """From what the operating system tells."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is whole: its name on disk, its clean name, its version."""

    raw: str
    name: str
    version: Version


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is not taken, and why."""

    raw: str
    version: Version
    reason: NotTaken


class Drop:
    """One folder. ``settled`` in seconds: 0 takes every final name on sight (for partners that always rename)."""

    def __init__(self, folder: Path, settled: float) -> None:
        self._folder = folder
        self._settled = settled
        self._since: dict[str, tuple[Version, float]] = {}  # final names, and since when they are as they are
        self._renamed: dict[int, tuple[int, int]] = {}  # inode → size and time, as last seen under a temporary name

    def open(self) -> int:
        """The folder as a descriptor; everything else goes through it. Raises OSError."""
        return os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)

    def scan(self, folder: int, at: float) -> tuple[list[Found], list[Rejected]]:
        """The files that are whole at ``at`` (monotonic seconds), oldest first, and those that are refused."""
        since: dict[str, tuple[Version, float]] = {}
        renamed: dict[int, tuple[int, int]] = {}
        found: list[Found] = []
        rejected: list[Rejected] = []
        for entry in _entries(folder):
            version = _version(entry)
            if version is None:
                continue
            if is_temporary(entry.name):
                renamed[version.inode] = (version.size, version.modified)
                continue
            since[entry.name] = self._first_seen(entry.name, version, at)
            was_renamed = self._was_renamed(version)
            if was_renamed:
                renamed[version.inode] = self._renamed[version.inode]
            if was_renamed or at - since[entry.name][1] >= self._settled:
                _sort_out(entry, version, found, rejected)
        self._since, self._renamed = since, renamed
        found.sort(key=lambda each: (each.version.modified, each.name))
        return found, rejected

    def _first_seen(self, name: str, version: Version, at: float) -> tuple[Version, float]:
        former = self._since.get(name)
        return former if former is not None and former[0] == version else (version, at)

    def _was_renamed(self, version: Version) -> bool:
        """A rename keeps inode, size and time; a new file that got the inode of a removed one has another time."""
        return self._renamed.get(version.inode) == (version.size, version.modified)


def read(folder: int, found: Found, blobs: Blobs, limit: int, inline: int) -> Content | None:
    """The bytes of a file; None when it is gone or changed meanwhile. Raises NotTaken, SpoolFull or SpoolError."""
    try:
        descriptor = os.open(found.raw, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise NotTaken("not_regular") from error
        raise NotTaken("unreadable", reason=error.strerror or "") from error
    upload = Upload(blobs, limit, inline)
    try:
        if found.version.size > limit:
            raise NotTaken("too_large", max=limit)
        _pour(descriptor, upload)
        same = Version.of(os.fstat(descriptor)) == found.version and upload.size == found.version.size
        return upload.finish() if same else None
    except OSError as error:
        raise NotTaken("unreadable", reason=error.strerror or "") from error
    finally:
        os.close(descriptor)
        upload.discard()


def remove(folder: int, found: Found) -> None:
    """Remove a file that is recorded. A newer file that took its name meanwhile is left.

    The name is first moved aside: between looking at a name and removing it, another file could come under it.
    """
    aside = f".hub-taken-{found.version.inode}-{secrets.token_hex(6)}"
    try:
        os.rename(found.raw, aside, src_dir_fd=folder, dst_dir_fd=folder)
    except FileNotFoundError:
        return
    _settle(folder, found.version.inode, aside, found.raw)


def recover(folder: int) -> None:
    """After a crash within :func:`remove`: what was moved aside is removed, or put back when it is another file."""
    for name in os.listdir(folder):
        match = _ASIDE.fullmatch(name)
        if match is not None:
            _settle(folder, int(match["inode"]), name, f"recovered-{match['token']}")


def _settle(folder: int, recorded: int, aside: str, name: str) -> None:
    """Remove what was moved aside if it is the file that was recorded; else give it back its name, or a free one."""
    if os.stat(aside, dir_fd=folder, follow_symlinks=False).st_ino == recorded:
        os.unlink(aside, dir_fd=folder)
        return
    if not _free(folder, name):
        name = f"recovered-{secrets.token_hex(6)}"
    os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)


def _free(folder: int, name: str) -> bool:
    """Whether nothing has the name. If something takes it in the next moment, it is the sender's own newer version."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return True
    return False


def _entries(folder: int) -> list[os.DirEntry[str]]:
    entries = []
    with os.scandir(folder) as listing:
        for entry in listing:
            entries.append(entry)
            if len(entries) >= _MAX_SEEN:
                break
    return entries


def _version(entry: os.DirEntry[str]) -> Version | None:
    try:
        return Version.of(entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return None


def _sort_out(entry: os.DirEntry[str], version: Version, found: list[Found], rejected: list[Rejected]) -> None:
    try:
        if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            raise NotTaken("not_regular")
        found.append(Found(entry.name, _name(entry.name), version))
    except NotTaken as reason:
        rejected.append(Rejected(entry.name, version, reason))


def _name(raw: str) -> str:
    """The clean name of a name on disk, which may be any bytes."""
    if any(unicodedata.category(character) == "Cs" for character in raw):
        raise NotTaken("name_encoding")
    return clean_name(raw)


def _pour(descriptor: int, upload: Upload) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise NotTaken("not_regular")
    while chunk := os.read(descriptor, _CHUNK):
        upload.write(upload.size, chunk)
