"""A trader: uploads files over SFTP, and waits for what the hub sends back."""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic

from hub.sftp.client import SftpConnection

RECEIPTS = "receipts"
_PAUSE = 0.1  # seconds between two looks


class Trader:
    """Close it, or use it as a context manager; ``connect`` opens its SFTP session when first needed, ``sign``
    signs what it sends."""

    def __init__(
        self, connect: Callable[[], SftpConnection], sign: Callable[[bytes], bytes] = lambda data: data
    ) -> None:
        self._connect, self._sign = connect, sign
        self._session: SftpConnection | None = None
        self._seen: set[str] = set()

    def __enter__(self) -> "Trader":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def upload(self, name: str, data: bytes) -> None:
        """Put ``data``, signed where it signs, into upload/; when this returns the hub has it. Raises SftpError."""
        self._hub.put(f"upload/{name}", self._sign(data))

    def receipts(self, timeout: float, stop: Event | None = None) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of every receipt not given before, as they come. Ends ``timeout`` seconds after the last one,
        or when ``stop`` is set. The receipts stay in the mailbox."""
        stop = stop or Event()
        until = monotonic() + timeout
        while monotonic() < until and not stop.is_set():
            for name in self.listing(RECEIPTS):
                if name not in self._seen:
                    self._seen.add(name)
                    yield name, self.fetch(f"{RECEIPTS}/{name}")
                    until = monotonic() + timeout
            stop.wait(_PAUSE)

    def listing(self, folder: str) -> list[str]:
        """The names of the files in a folder of its mailbox."""
        return [file.name for file in self._hub.listdir(folder)]

    def fetch(self, path: str) -> bytes:
        """The bytes of a file of its mailbox."""
        return self._hub.get(path)

    @property
    def _hub(self) -> SftpConnection:
        if self._session is None:
            self._session = self._connect()
        return self._session
