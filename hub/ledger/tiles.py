"""Tiles (C2SP tlog-tiles): the tree's hashes in blocks of 256, so that a proof in a tree of millions reads a few rows.

A tile on level ``l`` holds the roots of 256 neighbouring subtrees of 256^l leaves. Tiles of leaf hashes are stored once
full (until then the hashes are those of the entries); a tile of a higher level grows each time one below it is full.
"""

from collections.abc import Sequence

from hub.errors import LedgerBroken
from hub.ledger.merkle import HASH_BYTES, fold
from hub.store import ledger as store
from hub.store.database import Connection

WIDTH = 256
_HEIGHT = 8  # levels of the tree in one tile


def grow(connection: Connection, size: int, leaves: Sequence[bytes]) -> None:
    """Store the tiles that ``leaves`` complete, added to a tree of ``size``; their entries are inserted already."""
    start = size - size % WIDTH
    if size + len(leaves) < start + WIDTH:
        return
    pending = store.leaves(connection, start, size)
    _same(len(pending), size - start, 0, start // WIDTH)
    roots = []
    hashes = [*pending, *leaves]
    for first in range(0, len(hashes) - WIDTH + 1, WIDTH):
        whole = hashes[first : first + WIDTH]
        store.put_tile(connection, 0, (start + first) // WIDTH, b"".join(whole), grown=False)
        roots.append(fold(whole))
    _raise(connection, 1, start // WIDTH, roots)


def split(hashes: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def _raise(connection: Connection, level: int, size: int, new: list[bytes]) -> None:
    """Add the roots ``new`` of full tiles below to the tiles of ``level``, which hold ``size`` hashes so far."""
    while new:
        index, width = divmod(size, WIDTH)
        stored = store.tile(connection, level, index) if width else b""
        _same(len(stored or b""), width * HASH_BYTES, level, index)
        taken, new = new[: WIDTH - width], new[WIDTH - width :]
        hashes = (stored or b"") + b"".join(taken)
        store.put_tile(connection, level, index, hashes, grown=width > 0)
        if len(hashes) == WIDTH * HASH_BYTES:
            _raise(connection, level + 1, index, [fold(split(hashes))])
        size += len(taken)


def _same(found: int, expected: int, level: int, index: int) -> None:
    if found != expected:
        raise LedgerBroken(f"tile {level}/{index} of the ledger is incomplete: run `hub ledger verify`")


class Tree:
    """The tree of the first ``size`` entries as the database holds it. ``node`` is a :data:`hub.ledger.merkle.Node`.

    Valid within the transaction of ``connection``; a tile is read once.
    """

    def __init__(self, connection: Connection, size: int) -> None:
        self.size = size
        self._connection = connection
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash over the 2^level leaves from ``index << level`` on. Raises LedgerBroken if a tile is amiss."""
        block, rest = divmod(level, _HEIGHT)
        tile, first = divmod(index << rest, WIDTH)
        hashes = self._tile(block, tile)[first : first + (1 << rest)]
        _same(len(hashes), 1 << rest, block, tile)
        return fold(hashes)

    def _tile(self, level: int, index: int) -> list[bytes]:
        key = (level, index)
        if key not in self._tiles:
            self._tiles[key] = self._read(level, index)
        return self._tiles[key]

    def _read(self, level: int, index: int) -> list[bytes]:
        if level == 0 and index == self.size // WIDTH:
            return store.leaves(self._connection, index * WIDTH, self.size)
        return split(store.tile(self._connection, level, index) or b"")
