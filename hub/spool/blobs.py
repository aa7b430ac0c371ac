"""The blob store: large payloads under ``blobs/ab/cd/<sha256>``, each written once, fsynced, and never changed."""

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hub.errors import HubError
from hub.spool.durable import Files, make_folder, plain_errors, temporary, write_all

_CHUNK = 1 << 20


class BlobMissing(HubError):
    """The spool has no blob of this digest. Restore the spool from its backup."""


class BlobDamaged(HubError):
    """A blob's bytes do not match its digest. Restore it from the backup."""


class Blobs:
    """The store under ``root`` (``spool/``): ``root/blobs`` and, for what is being written, ``root/tmp``."""

    def __init__(self, root: Path, files: Files | None = None) -> None:
        self._blobs = root / "blobs"
        self._tmp = root / "tmp"
        self._files = files or Files()
        self._making = threading.Lock()
        with plain_errors(root):
            make_folder(self._blobs, self._files)
            make_folder(self._tmp, self._files)

    def path(self, sha256: str) -> Path:
        """Where the blob of this digest (64 hex digits) is, or would be."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise BlobMissing(f"{sha256[:80]!r} is not a SHA-256 digest in lower-case hex")
        return self._blobs / sha256[:2] / sha256[2:4] / sha256

    def writer(self) -> "BlobWriter":
        """A new unfinished blob to write into. Raises SpoolFull or SpoolError."""
        return BlobWriter(self, temporary(self._tmp), self._files)

    def put(self, source: bytes | BinaryIO) -> str:
        """Store ``source`` durably; its digest. The same bytes again are the same blob."""
        with self.writer() as writer:
            if isinstance(source, bytes):
                writer.write(source)
            else:
                while chunk := source.read(_CHUNK):
                    writer.write(chunk)
            return writer.finish()

    def open(self, sha256: str) -> BinaryIO:
        """The blob, for reading. Raises BlobMissing."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing(f"no blob {sha256}; restore the spool from its backup") from error

    def exists(self, sha256: str) -> bool:
        """Whether the blob is there."""
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> None:
        """Read the blob and compare. Raises BlobMissing or BlobDamaged."""
        with self.open(sha256) as file:
            found = _digest(file)
        if found != sha256:
            raise BlobDamaged(f"blob {sha256} now hashes to {found}; restore it from the backup")

    def remove(self, sha256: str) -> None:
        """Remove a blob that nothing refers to any longer."""
        self._files.unlink(self.path(sha256))

    def digests(self) -> Iterator[str]:
        """Every blob's digest, in order."""
        for path in sorted(self._blobs.glob("??/??/*")):
            if len(path.name) == 64:
                yield path.name

    def adopt(self, part: Path, sha256: str) -> None:
        """Give the fsynced file ``part`` its place, also when the blob is there: that mends a damaged one, and whoever
        wrote it first may not have come as far as the folder's fsync."""
        target = self.path(sha256)
        with plain_errors(target):
            with self._making:  # who finds a folder there may rely on its being durable
                make_folder(target.parent, self._files)
            self._files.rename(part, target)
            self._files.fsync_folder(target.parent)


class BlobWriter:
    """A blob that is being written, hashed on the way. :meth:`finish` makes it exist, :meth:`discard` does not."""

    def __init__(self, blobs: Blobs, part: Path, files: Files) -> None:
        self._blobs = blobs
        self._part = part
        self._files = files
        with plain_errors(part):
            self._descriptor: int | None = files.create(part)
        self._hash = hashlib.sha256()
        self._hashed = 0  # bytes in the running hash; -1 once a write went back behind them
        self.size = 0

    def __enter__(self) -> "BlobWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def write(self, data: bytes, offset: int | None = None) -> None:
        """Write at ``offset`` (default: at the end). Raises SpoolFull or SpoolError."""
        at = self.size if offset is None else offset
        with plain_errors(self._part):
            os.lseek(self._open(), at, os.SEEK_SET)
            write_all(self._files, self._open(), data)
        if at == self._hashed:
            self._hash.update(data)
            self._hashed += len(data)
        else:
            self._hashed = -1
        self.size = max(self.size, at + len(data))

    def finish(self) -> str:
        """Make the blob durable; its digest. Raises SpoolFull or SpoolError, and then the blob does not exist."""
        descriptor = self._open()
        with plain_errors(self._part):
            self._files.fsync(descriptor)
            sha256 = self._digest(descriptor)
        self._blobs.adopt(self._part, sha256)
        self._close()
        return sha256

    def discard(self) -> None:
        """Forget what was written; after :meth:`finish` this does nothing."""
        if self._descriptor is not None:
            self._close()
            with plain_errors(self._part):
                self._files.unlink(self._part)

    def _digest(self, descriptor: int) -> str:
        if self._hashed == self.size:
            return self._hash.hexdigest()
        os.lseek(descriptor, 0, os.SEEK_SET)
        with open(os.dup(descriptor), "rb") as file:
            return _digest(file)

    def _open(self) -> int:
        if self._descriptor is None:
            raise ValueError("this blob is finished or discarded")
        return self._descriptor

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
