"""What a transport hands in: one whole file from a partner, and what it became."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Arrival:
    """One whole file from a partner. Exactly one of ``data`` (small) and ``blob`` (large, already fsynced) is set.

    ``name`` is a clean file name, ``size`` is in bytes, ``sha256`` in hex. ``origin`` names the very file that was
    taken from a place which keeps it until it is removed (a folder, a partner's server): the same origin twice is the
    same arrival, so the intake returns the earlier :class:`Accepted`. Empty where every arrival is new (uploads).
    """

    partner: str
    channel: str
    name: str
    data: bytes | None
    blob: Path | None
    sha256: str
    size: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The transmission that an arrival became: durable, and recorded."""

    transmission: str


@dataclass(frozen=True, slots=True)
class MailboxEntry:
    """One file that waits in a mailbox. ``size`` in bytes, ``modified`` in microseconds since the epoch (UTC)."""

    name: str
    size: int
    modified: int
