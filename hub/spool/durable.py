"""Durable writes: a file is there whole, fsynced, with its directory fsynced, or it is not there at all.

Every step goes through :class:`Files`, so that a test can make any of them fail or stop the world after it.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.errors import HubError, SpoolFull

TEMPORARY = ".part"
"""The suffix of a file that is being written; :mod:`hub.spool.repair` removes what a crash left behind."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # FAT, some network file systems


class SpoolError(HubError):
    """The disk refused the work (not because it is full). See the message, mend the file system, and try again."""


class NameTaken(HubError):
    """A file of this name is there already, with other bytes; it was left as it is."""


class Files:
    """The steps of a durable write, each one call of the operating system."""

    def create(self, path: Path, mode: int = 0o600) -> int:
        """A new file, as a descriptor for reading and writing; never follows a link, never overwrites."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        """Write some of ``data``; how many bytes it was."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """The file's bytes are on the disk when this returns."""
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Replace ``target`` by ``source`` in one step."""
        os.replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        """Give ``source`` the second name ``target``. Raises FileExistsError when that name is taken."""
        os.link(source, target, follow_symlinks=False)

    def unlink(self, path: Path) -> None:
        """Remove ``path``; it may be gone already."""
        path.unlink(missing_ok=True)

    def fsync_folder(self, folder: Path) -> None:
        """The folder's names are on the disk when this returns."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_all(files: Files, descriptor: int, data: bytes | memoryview) -> None:
    """Write the whole of ``data`` at the descriptor's position."""
    view = memoryview(data)
    while view:
        view = view[files.write(descriptor, view) :]


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turns what the operating system says about ``path`` into SpoolFull or SpoolError."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise SpoolFull from error
        raise SpoolError(f"{path.name}: {error.strerror}; check the spool's disk and its rights") from error


def temporary(folder: Path) -> Path:
    """A fresh name in ``folder`` that no other writer has."""
    return folder / f"{secrets.token_hex(12)}{TEMPORARY}"


def make_folder(folder: Path, files: Files | None = None) -> None:
    """Make ``folder`` and its parents, each durable in its own parent."""
    files = files or Files()
    if folder.is_dir():
        return
    make_folder(folder.parent, files)
    folder.mkdir(mode=0o700, exist_ok=True)
    files.fsync_folder(folder.parent)


def write_file(target: Path, data: bytes, files: Files | None = None) -> None:
    """``target`` holds ``data``, durably, when this returns; a former ``target`` is replaced in one step.

    Raises SpoolFull or SpoolError; then ``target`` is as it was (or, if only the last fsync failed, holds ``data``).
    """
    files = files or Files()
    with plain_errors(target):
        part = _write_part(target.parent, data, files)
        try:
            files.rename(part, target)
        except OSError:
            files.unlink(part)
            raise
        files.fsync_folder(target.parent)


def write_once(target: Path, data: bytes, files: Files | None = None, mode: int = 0o600) -> bool:
    """Like :func:`write_file`, but never replaces: True when written, False when the same bytes were there already.

    ``mode`` is what the umask may narrow. Raises NameTaken when ``target`` is there with other bytes, else SpoolFull
    or SpoolError.
    """
    files = files or Files()
    with plain_errors(target):
        part = _write_part(target.parent, data, files, mode)
        try:
            new = _place(part, target, files)
        finally:
            files.unlink(part)
        if not new and not _same(target, data):
            raise NameTaken(f"{target.name}: there already, with other bytes; remove or rename the one that is there")
        files.fsync_folder(target.parent)
        return new


def _write_part(folder: Path, data: bytes, files: Files, mode: int = 0o600) -> Path:
    part = temporary(folder)
    descriptor = files.create(part, mode)
    try:
        write_all(files, descriptor, data)
        files.fsync(descriptor)
    except OSError:
        files.unlink(part)
        raise
    finally:
        os.close(descriptor)
    return part


def _place(part: Path, target: Path, files: Files) -> bool:
    """Give ``part`` the name ``target`` unless it is taken: a link, unlike a rename, never overwrites."""
    try:
        files.link(part, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS or os.path.lexists(target):
            raise
        files.rename(part, target)
    return True


def _same(target: Path, data: bytes) -> bool:
    """Whether ``target`` is a regular file (not a link) of exactly these bytes."""
    try:
        descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return False
        raise
    with open(descriptor, "rb") as file:
        return os.fstat(descriptor).st_size == len(data) and file.read(len(data) + 1) == data
