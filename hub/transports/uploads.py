"""One upload in progress: small ones in memory, large ones in the spool; whole only when every byte was written."""

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from hub.errors import HubError
from hub.spool.blobs import Blobs, BlobWriter
from hub.transports.paths import NotTaken

INLINE_BYTES = 64 * 1024
"""Up to this size a payload is handed on in memory (and lives in the database); above, it is a blob."""

_MAX_PIECES = 1024


@dataclass(frozen=True, slots=True)
class Content:
    """The whole bytes of a file: ``data``, or ``blob`` that is already fsynced. ``size`` in bytes."""

    data: bytes | None
    blob: Path | None
    sha256: str
    size: int


class Extents:
    """Which bytes of a file were touched: sorted, disjoint, merged ranges."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Note ``[start, end)``. Raises NotTaken when there are too many ranges."""
        if start >= end:
            return
        first = bisect_left(self._ends, start)
        last = first
        while last < len(self._starts) and self._starts[last] <= end:
            start, end = min(start, self._starts[last]), max(end, self._ends[last])
            last += 1
        self._starts[first:last], self._ends[first:last] = [start], [end]
        if len(self._starts) > _MAX_PIECES:
            raise NotTaken("too_scattered")

    def gap(self, size: int) -> int | None:
        """The first byte under ``size`` that was not touched, or None."""
        covered = self._ends[0] if self._starts and self._starts[0] == 0 else 0
        return covered if covered < size else None


class Upload:
    """Bytes on their way in; ``limit`` and ``inline`` in bytes. Not thread-safe: a session asks one by one."""

    def __init__(self, blobs: Blobs, limit: int, inline: int = INLINE_BYTES) -> None:
        self._blobs = blobs
        self._limit = limit
        self._inline = inline
        self._memory: bytearray | None = bytearray()
        self._writer: BlobWriter | None = None
        self._extents = Extents()
        self._failed: NotTaken | HubError | None = None
        self._content: Content | None = None
        self.size = 0

    def write(self, offset: int, data: bytes) -> None:
        """Write ``data`` at ``offset``. Raises NotTaken, SpoolFull or SpoolError; then the upload can only fail."""
        if self._failed is not None:
            raise self._failed
        try:
            self._write(offset, data)
        except (NotTaken, HubError) as error:
            self._failed = error
            self.discard()
            raise

    def finish(self) -> Content:
        """The whole content, durable where it is a blob. Raises NotTaken, or what an earlier write raised."""
        if self._failed is not None:
            raise self._failed
        if self._content is None:
            gap = self._extents.gap(self.size)
            if gap is not None:
                raise NotTaken("incomplete", offset=gap)
            self._content = self._sealed()
        return self._content

    def discard(self) -> None:
        """Forget what was written."""
        self._memory = None
        if self._writer is not None:
            self._writer.discard()
            self._writer = None

    def _write(self, offset: int, data: bytes) -> None:
        if offset + len(data) > self._limit:
            raise NotTaken("too_large", max=self._limit)
        self._extents.add(offset, offset + len(data))
        if self._memory is not None and offset + len(data) > self._inline:
            self._spill()
        if self._memory is not None:
            self._memory.extend(bytes(max(0, offset - len(self._memory))))
            self._memory[offset : offset + len(data)] = data
        elif self._writer is not None:
            self._writer.write(data, offset)
        self.size = max(self.size, offset + len(data))

    def _sealed(self) -> Content:
        if self._memory is not None:
            data = bytes(self._memory)
            return Content(data, None, hashlib.sha256(data).hexdigest(), len(data))
        if self._writer is None:
            raise NotTaken("incomplete", offset=0)
        sha256 = self._writer.finish()
        return Content(None, self._blobs.path(sha256), sha256, self.size)

    def _spill(self) -> None:
        """From memory into the spool, once the upload is no longer small."""
        self._writer = self._blobs.writer()
        self._writer.write(bytes(self._memory or b""), 0)
        self._memory = None
