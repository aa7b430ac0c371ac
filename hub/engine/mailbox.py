"""The mailboxes of the partners, as the SFTP server shows them: deliveries that wait to be fetched."""

from functools import partial
from typing import BinaryIO

from hub.clock import Clock
from hub.engine.walk import Walk
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.arrival import MailboxEntry
from hub.model.delivery import DeliveryState
from hub.spool.blobs import Blobs
from hub.store import deliveries
from hub.store.database import Connection, Database


class Mailbox:
    """Reads from the database; what a partner does is committed by the walk. Thread-safe."""

    def __init__(self, walk: Walk, database: Database, ledger: Ledger, blobs: Blobs, clock: Clock) -> None:
        self._walk = walk
        self._database = database
        self._ledger = ledger
        self._blobs = blobs
        self._clock = clock

    def list(self, partner: str, folder: str) -> list[MailboxEntry]:
        """The files that wait in ``folder``."""
        with self._database.read() as connection:
            rows = deliveries.mailbox(connection, partner, folder)
        return [MailboxEntry(row["name"], row["size"], row["sealed_at"]) for row in rows]

    def stat(self, partner: str, folder: str, name: str) -> MailboxEntry | None:
        """One waiting file, or None."""
        with self._database.read() as connection:
            row = deliveries.mailbox_file(connection, partner, folder, name, payload=False)
        return MailboxEntry(row["name"], row["size"], row["sealed_at"]) if row else None

    def open(self, partner: str, folder: str, name: str) -> bytes | BinaryIO | None:
        """The content of a waiting file; None when it is not there."""
        with self._database.read() as connection:
            row = deliveries.mailbox_file(connection, partner, folder, name, payload=True)
        if row is None:
            return None
        payload: bytes | None = row["payload"]
        return payload if payload is not None else self._blobs.open(row["sha256"])

    def fetched(self, partner: str, folder: str, name: str) -> None:
        """The partner has read the file to its last byte and closed it."""
        self._walk.change(partial(self._fetched, partner, folder, name)).result()

    def remove(self, partner: str, folder: str, name: str) -> bool:
        """The partner removed the file: it leaves the mailbox, never the ledger. False when it was not there."""
        return self._walk.change(partial(self._remove, partner, folder, name)).result()

    def _fetched(self, partner: str, folder: str, name: str, connection: Connection) -> None:
        row = deliveries.mailbox_file(connection, partner, folder, name, payload=False)
        if row is None or row["state"] != DeliveryState.AVAILABLE:
            return
        now = self._clock()
        deliveries.move(connection, row["id"], state=DeliveryState.DELIVERED, delivered_at=now)
        facts = {"delivery": row["id"], "partner": partner}
        self._ledger.append(connection, [Entry("fetched", now, row["case"], row["transmission"], facts)])

    def _remove(self, partner: str, folder: str, name: str, connection: Connection) -> bool:
        row = deliveries.mailbox_file(connection, partner, folder, name, payload=False)
        if row is None:
            return False
        now = self._clock()
        deliveries.move(connection, row["id"], removed_at=now)
        facts = {"delivery": row["id"], "partner": partner}
        self._ledger.append(connection, [Entry("removed", now, row["case"], row["transmission"], facts)])
        return True
