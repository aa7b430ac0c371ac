"""An agency's rounds: look into the mailbox, take what is new to the desk, answer what is due, send what is ready."""

from collections.abc import Callable, Sequence
from threading import Event

import structlog

from hub.clock import SECOND, Clock
from hub.sftp.client import SftpConnection
from hub.sftp.wire import SftpError
from hub.twins.agency import Handled
from hub.twins.desk import SIGNATURE, Desk, Item, Reply, Stage
from hub.twins.player import Office

DOWNLOAD = "download"
UPLOAD = "upload"

log = structlog.get_logger()


class Rounds:
    """Goes round until told to stop. ``connect`` opens an SFTP session. ``poll`` is in microseconds; ``patience``, in
    seconds, is the time between two attempts to connect."""

    def __init__(
        self,
        agency: Office,
        desk: Desk,
        connect: Callable[[], SftpConnection],
        poll: int,
        clock: Clock,
        *,
        patience: float = 1.0,
    ) -> None:
        self._agency, self._desk, self._connect, self._clock = agency, desk, connect, clock
        self._pause, self._patience = poll / SECOND, patience
        self._handled: dict[str, Handled] = {}

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set; a broken connection is opened again."""
        while not stop.is_set():
            try:
                with self._connect() as hub:
                    while not stop.is_set():
                        self.turn(hub)
                        stop.wait(self._pause)
            except SftpError as error:
                log.warning("the hub is not reached", reason=str(error))
                stop.wait(self._patience)

    def turn(self, hub: SftpConnection) -> int:
        """One round; how many files were sent."""
        if self._agency.away():
            return 0
        self._take(hub)
        for name in self._desk.waiting():
            self._work(self._desk.item(name))
        return self._send(hub)

    def _take(self, hub: SftpConnection) -> None:
        """Fetch every complete message, keep it, and only then remove it from the mailbox."""
        names = [file.name for file in hub.listdir(DOWNLOAD)]
        for name in names:
            signature = f"{name}{SIGNATURE}"
            if name.endswith(SIGNATURE) or (self._agency.detached(name) and signature not in names):
                continue
            data = hub.get(f"{DOWNLOAD}/{name}")
            self._desk.take(name, data, hub.get(f"{DOWNLOAD}/{signature}") if signature in names else None)
            log.info("taken", file=name, size=len(data))
            for taken in (name, *([signature] if signature in names else [])):
                hub.remove(f"{DOWNLOAD}/{taken}")

    def _work(self, item: Item) -> None:
        """Bring ``item`` as far as it can go now."""
        if self._desk.done(item, Stage.ANSWER):
            log.info("answered before", file=item.name)
            self._finish(item)
            return
        handled = self._handled.get(item.key) or self._agency.handle(item)
        if not self._desk.done(item, Stage.RECEIPT):
            self._desk.reply(item, Stage.RECEIPT, handled.receipts)
        if handled.waiting:
            return
        self._handled[item.key] = handled
        if handled.suspect:
            log.error("not answered", file=item.name, reason=handled.suspect)
        if self._answer(item, handled.answers):
            self._finish(item, suspect=bool(handled.suspect))

    def _answer(self, item: Item, answers: Sequence[Reply]) -> bool:
        """Give the answers that are due; whether these were the last."""
        waited = self._clock() - item.since
        parts = [(part, one) for part, one in enumerate(answers, 1) if not self._desk.done(item, Stage.ANSWER, part)]
        if all(one.after <= waited for _, one in parts):
            self._desk.reply(item, Stage.ANSWER, [one for _, one in parts])
            return True
        for part, one in parts:
            if one.after <= waited:
                self._desk.reply(item, Stage.ANSWER, [one], part)
        return False

    def _finish(self, item: Item, *, suspect: bool = False) -> None:
        self._handled.pop(item.key, None)
        self._desk.clear(item, suspect=suspect)

    def _send(self, hub: SftpConnection) -> int:
        ready = self._desk.outgoing()
        for path in ready:
            hub.put(f"{UPLOAD}/{path.name}", path.read_bytes())
            path.unlink()
            log.info("sent", file=path.name)
        return len(ready)
