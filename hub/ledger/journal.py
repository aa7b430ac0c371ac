"""The ledger as the hub writes it: entries in the transaction of the state they tell of, checkpoints about each second.

Nothing is kept in memory between calls: what a rolled-back transaction appended was never there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.clock import Clock, now
from hub.errors import LedgerBroken
from hub.ledger import checkpoints, merkle, tiles
from hub.ledger.checkpoints import Checkpoint
from hub.ledger.entries import Entry
from hub.ledger.notes import Signer, Verifier
from hub.store import ledger as store
from hub.store.database import Connection, Database


class Ledger:
    """The append-only record. ``signer`` names it (its origin) and signs its checkpoints."""

    def __init__(self, signer: Signer, clock: Clock = now) -> None:
        self._signer = signer
        self._clock = clock

    @property
    def verifier(self) -> Verifier:
        """The public key by which others verify it."""
        return self._signer.verifier

    def append(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Record ``entries`` in this order, in the writing transaction of ``connection`` and as durable as it."""
        if not entries:
            return
        size = store.size(connection)
        bodies = [entry.body() for entry in entries]
        leaves = [merkle.leaf_hash(body.encode()) for body in bodies]
        rows = [
            {"seq": seq, "case": entry.case, "transmission": entry.transmission, "body": body, "leaf": leaf}
            for seq, (entry, body, leaf) in enumerate(zip(entries, bodies, leaves, strict=True), size)
        ]
        store.add_entries(connection, rows)
        tiles.grow(connection, size, leaves)

    def checkpoint(self, connection: Connection) -> Checkpoint:
        """Sign the tree as it is, in the writing transaction ``connection``; if it has not grown: the last checkpoint.

        Raises LedgerBroken, and signs nothing, when the tree does not continue the one that was signed last.
        """
        size = store.size(connection)
        last = store.newest_checkpoint(connection)
        if last is not None and last.size == size:
            return Checkpoint(last.size, last.root, last.note)
        tree = tiles.Tree(connection, size)
        root = merkle.root(size, tree.node)
        if last is not None:
            _continues(last, tree, root)
        signed = checkpoints.sign(size, root, self._signer)
        store.add_checkpoint(connection, store.CheckpointRow(size, root, signed.note, self._clock()))
        return signed


def _continues(last: store.CheckpointRow, tree: tiles.Tree, root: bytes) -> None:
    """C2SP tlog-checkpoint, Signatures: a log must not sign what is inconsistent with what it signed before."""
    if last.size <= tree.size:
        proof = merkle.consistency(last.size, tree.size, tree.node)
        if merkle.verify_consistency(last.size, last.root, tree.size, root, proof):
            return
    raise LedgerBroken(
        f"the ledger of {tree.size} entries does not continue the one of {last.size} that was signed last: "
        "nothing was signed; run `hub ledger verify`"
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry in its place; ``body`` is the leaf of the tree word for word."""

    seq: int
    body: str
    entry: Entry


def show(
    database: Database, *, case: str | None = None, transmission: str | None = None, start: int = 0, limit: int = 1000
) -> Iterator[Recorded]:
    """The entries of a case, of a transmission, or all from ``start`` on; at most ``limit``. Raises LedgerBroken at one
    that cannot be read."""
    with database.read() as connection:
        for row in _selected(connection, case, transmission, start, limit):
            yield Recorded(row.seq, row.body, Entry.parse(row.body))


def _selected(
    connection: Connection, case: str | None, transmission: str | None, start: int, limit: int
) -> Iterator[store.EntryRow]:
    if case is not None:
        yield from store.of_case(connection, case, limit)
    elif transmission is not None:
        yield from store.of_transmissions(connection, [transmission], limit, caseless=False)
    else:
        for page in store.pages(connection, start):
            yield from page[:limit]
            limit -= len(page)
            if limit <= 0:
                return
