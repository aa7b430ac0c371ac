"""Where the bytes of a transmission lie: in memory, or in a file of which only a window is in memory at a time."""

import os
from abc import ABC, abstractmethod

_PAGE = 1 << 16


class Source(ABC):
    """Bytes by offset. ``size`` counts them; ``original`` turns an offset here into one of the transmission."""

    def __init__(self, size: int) -> None:
        self.size = size

    @abstractmethod
    def read(self, start: int, end: int) -> bytes:
        """The bytes [start, end), as far as there are any."""

    def text(self, start: int, end: int) -> str:
        """The same with a character for every byte."""
        return self.read(start, end).decode("latin-1")

    def original(self, offset: int) -> int:
        """Where the byte at ``offset`` is in the transmission as it came."""
        return offset


class Memory(Source):
    """Bytes at hand."""

    def __init__(self, data: bytes) -> None:
        super().__init__(len(data))
        self._data = data

    def read(self, start: int, end: int) -> bytes:
        return self._data[start:end]


class File(Source):
    """An open file, read where it is asked for. Not mapped: pages of a map would count as the process's memory."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(os.fstat(descriptor).st_size)
        self._descriptor = descriptor

    def read(self, start: int, end: int) -> bytes:
        """Raises OSError when the file cannot be read, or has become shorter."""
        parts = []
        end = min(end, self.size)
        while start < end:
            part = os.pread(self._descriptor, end - start, start)
            if not part:
                raise OSError(f"the file ends at byte {start}, before its {self.size}; it was cut while it was read")
            parts.append(part)
            start += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


class Lines:
    """Turns an offset into the transmission's own, with line and column.

    For each 64 KiB page it keeps the number of lines before it and where the last of them ended.
    """

    __slots__ = ("_before", "_ended", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._before = [0]
        self._ended = [-1]

    def at(self, offset: int) -> tuple[int, int, int]:
        """The offset in the transmission, the 1-based line, the 1-based column in bytes."""
        page = offset // _PAGE
        while len(self._before) <= page:
            self._turn()
        data = self._source.read(page * _PAGE, offset)
        ended = data.rfind(b"\n")
        ended = self._ended[page] if ended < 0 else page * _PAGE + ended
        line = self._before[page] + data.count(b"\n") + 1
        here = self._source.original(offset)
        return here, line, here - (self._source.original(ended + 1) if ended >= 0 else 0) + 1

    def _turn(self) -> None:
        """Count one more page."""
        start = (len(self._before) - 1) * _PAGE
        data = self._source.read(start, start + _PAGE)
        ended = data.rfind(b"\n")
        self._before.append(self._before[-1] + data.count(b"\n"))
        self._ended.append(self._ended[-1] if ended < 0 else start + ended)
