"""Folder channels: a drop folder that the hub empties, and a folder into which it writes deliveries."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from watchfiles import watch

from hub.errors import HubError, SpoolFull
from hub.model.arrival import Arrival
from hub.model.delivery import Deferred, Delivered, Outcome, Refused
from hub.spool.blobs import Blobs
from hub.spool.durable import NameTaken, SpoolError, write_once
from hub.spool.repair import clear_unfinished
from hub.transports import drop
from hub.transports.base import Intake, OnRefused, Refusal, unheard
from hub.transports.drop import Drop, Found, Rejected, Version
from hub.transports.paths import NotTaken, clean_name
from hub.transports.uploads import INLINE_BYTES, Content

_BATCH_FILES = 256
_BATCH_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DropSettings:
    """One partner's drop folder. Times in seconds. ``settled`` 0: a final name is whole on sight (the partner renames).

    ``rescan`` bounds how long a file waits that the watcher did not report (network file systems report nothing).
    """

    partner: str
    folder: Path
    channel: str = "folder"
    settled: float = 2.0
    rescan: float = 5.0
    max_bytes: int = 64 * 1024 * 1024
    inline: int = INLINE_BYTES


class FolderDrop:
    """Empties one drop folder, from :meth:`start` to :meth:`stop`, in a thread of its own; :meth:`sweep` is one round.

    A file is removed only after the intake has recorded it. When the hub dies in between, the file arrives again with
    the same origin, the intake knows it, and the file is removed then. A refused file stays there, and is told once.
    """

    def __init__(
        self,
        settings: DropSettings,
        intake: Intake,
        blobs: Blobs,
        on_refused: OnRefused = unheard,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._intake = intake
        self._blobs = blobs
        self._on_refused = on_refused
        self._monotonic = monotonic
        self._drop = Drop(settings.folder, settings.settled)
        self._told: dict[str, Version] = {}
        self._log: Any = structlog.get_logger().bind(partner=settings.partner, channel=settings.channel)
        self._recovered = False  # whether nothing can be left from a removal that was broken off
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch; what lies in the folder is taken first."""
        self._thread = threading.Thread(target=self._run, name=f"folder-{self._settings.partner}", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> bool:
        """Stop after the batch under way; whether the thread ended in time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
            return not self._thread.is_alive()
        return True

    def sweep(self) -> int:
        """Take all files that are whole now; how many. Raises OSError for the folder, HubError of spool or intake."""
        folder = self._drop.open()
        try:
            if not self._recovered:
                drop.recover(folder)
            self._recovered = False
            count = self._sweep(folder)
            self._recovered = True
            return count
        finally:
            os.close(folder)

    def _sweep(self, folder: int) -> int:
        whole, rejected = self._drop.scan(folder, self._monotonic())
        told = {each.raw: each.version for each in rejected}
        for each in rejected:
            self._tell(each)
        count, batch, size = 0, list[tuple[Found, Arrival]](), 0
        for found in whole:
            arrival = self._arrival(folder, found, told)
            if arrival is None:
                continue
            batch.append((found, arrival))
            size += len(arrival.data or b"")
            if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
                count += self._hand_over(folder, batch)
                batch, size = [], 0
            if self._stopping.is_set():
                break
        count += self._hand_over(folder, batch)
        self._told = told
        return count

    def _arrival(self, folder: int, found: Found, told: dict[str, Version]) -> Arrival | None:
        if self._told.get(found.raw) == found.version:
            told[found.raw] = found.version
            return None
        try:
            content = drop.read(folder, found, self._blobs, self._settings.max_bytes, self._settings.inline)
        except NotTaken as reason:
            self._tell(Rejected(found.raw, found.version, reason))
            told[found.raw] = found.version
            return None
        return None if content is None else self._arrive(found, content)

    def _arrive(self, found: Found, content: Content) -> Arrival:
        partner, channel, version = self._settings.partner, self._settings.channel, found.version
        which = f"{version.inode}:{version.modified}:{version.changed}:{version.size}:{found.name}"
        origin = f"folder:{partner}:{channel}:{which}"
        return Arrival(partner, channel, found.name, content.data, content.blob, content.sha256, content.size, origin)

    def _hand_over(self, folder: int, batch: list[tuple[Found, Arrival]]) -> int:
        """Record the batch in one commit, then remove its files, then make the removals durable."""
        if not batch:
            return 0
        accepted = self._intake.accept_many([arrival for _, arrival in batch])
        for (found, arrival), each in zip(batch, accepted, strict=True):
            drop.remove(folder, found)
            self._log.info("folder.accepted", name=arrival.name, size=arrival.size, transmission=each.transmission)
        os.fsync(folder)
        return len(batch)

    def _tell(self, rejected: Rejected) -> None:
        if self._told.get(rejected.raw) == rejected.version:
            return
        finding, name = rejected.reason.finding, ascii(rejected.raw)[1:-1]
        self._log.warning("folder.refused", name=name, finding=finding.code, params=dict(finding.params))
        self._on_refused(Refusal(self._settings.partner, self._settings.channel, name, finding))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._watch()
            except (
                OSError,
                HubError,
            ) as error:  # the folder is gone, or the hub cannot take: try again, losing nothing
                self._log.error("folder.failed", folder=self._settings.folder.name, reason=str(error))
                self._stopping.wait(self._settings.rescan)

    def _watch(self) -> None:
        """Sweep at once, whenever something changes, and now and then."""
        tick = max(0.05, min(self._settings.rescan, self._settings.settled / 2 or self._settings.rescan))
        self.sweep()
        for _ in watch(
            self._settings.folder,
            stop_event=self._stopping,
            debounce=50,
            step=10,
            rust_timeout=int(tick * 1000),
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
        ):
            self.sweep()


class FolderOut:
    """Writes deliveries into a partner's folder: whole and durable, or not at all."""

    def __init__(self, folder: Path, mode: int = 0o640) -> None:
        self._folder = folder
        self._mode = mode
        clear_unfinished(folder)

    def deliver(self, name: str, data: bytes) -> Outcome:
        """Put ``data`` there as ``name``. The same bytes under that name are delivered already; others are refused."""
        try:
            new = write_once(self._folder / clean_name(name), data, mode=self._mode)
        except (NotTaken, NameTaken) as error:
            return Refused(str(error))
        except (SpoolFull, SpoolError) as error:
            return Deferred(str(error))
        return Delivered("written" if new else "was there already")
