"""A twin's desk: what it took from the hub, what it is about to send, what it answered.

Every step is durable, and may be repeated after a crash without a second effect: an answer's bytes are final before it
is sent for the first time.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hub.twins import journal
from hub.twins.folder import TwinFolder

SIGNATURE = ".p7s"


class Stage(StrEnum):
    """What has been done about a message."""

    RECEIPT = "receipt"  # its technical receipt is written
    ANSWER = "answer"  # its business answer is written, or there is none


@dataclass(frozen=True, slots=True)
class Reply:
    """A file for the hub, to be sent ``after`` microseconds have passed since the message came."""

    name: str
    data: bytes
    after: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A message on the desk. ``signature`` is its detached one, ``since`` when it came (microseconds)."""

    name: str
    data: bytes
    signature: bytes | None
    since: int

    @property
    def key(self) -> str:
        """What tells it from every other: its name and its bytes."""
        return f"{hashlib.sha256(self.data).hexdigest()} {self.name}"


class Desk:
    """The desk in ``folder``; one process works at it."""

    def __init__(self, folder: TwinFolder) -> None:
        self._folder = folder
        for part in (folder.inbox, folder.outbox, folder.suspect):
            part.mkdir(parents=True, exist_ok=True)
        self._done = set(journal.entries(folder.answered))

    def take(self, name: str, data: bytes, signature: bytes | None) -> None:
        """Keep a message, durably."""
        if signature is not None:
            _write(self._folder.inbox / f"{name}{SIGNATURE}", signature)
        _write(self._folder.inbox / name, data)

    def waiting(self) -> list[str]:
        """The names of the messages on the desk."""
        names = [path.name for path in self._folder.inbox.iterdir()]
        return sorted(name for name in names if not name.startswith(".") and not name.endswith(SIGNATURE))

    def item(self, name: str) -> Item:
        """The message of that name."""
        path = self._folder.inbox / name
        signature = path.with_name(f"{name}{SIGNATURE}")
        return Item(
            name,
            path.read_bytes(),
            signature.read_bytes() if signature.exists() else None,
            path.stat().st_mtime_ns // 1000,
        )

    def done(self, item: Item, stage: Stage, part: int = 0) -> bool:
        """Whether ``stage`` has been reached for these very bytes under this name, now or before. ``part`` counts the
        answers from 1; 0: all of them."""
        return _line(item, stage, part) in self._done

    def reply(self, item: Item, stage: Stage, replies: Iterable[Reply], part: int = 0) -> None:
        """Put ``replies`` into the outbox and note that ``stage`` is reached."""
        for reply in replies:
            path = self._folder.outbox / reply.name
            if not path.exists():
                _write(path, reply.data)
        line = _line(item, stage, part)
        journal.append(self._folder.answered, [line])
        self._done.add(line)

    def clear(self, item: Item, *, suspect: bool = False) -> None:
        """Take ``item`` off the desk; keep it aside when it is suspect."""
        for path in (self._folder.inbox / f"{item.name}{SIGNATURE}", self._folder.inbox / item.name):
            if suspect and path.exists():
                os.replace(path, self._folder.suspect / path.name)
            path.unlink(missing_ok=True)

    def outgoing(self) -> list[Path]:
        """What lies in the outbox, oldest first: a receipt goes before the answer."""
        found = [path for path in self._folder.outbox.iterdir() if not path.name.startswith(".")]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _line(item: Item, stage: Stage, part: int) -> str:
    return f"{stage} {item.key}" if not part else f"{stage} {part} {item.key}"


def _write(path: Path, data: bytes) -> None:
    """``path`` holds ``data``, durably, or is not there."""
    part = path.with_name(f".{path.name}")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
