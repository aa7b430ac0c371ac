"""The tree rebuilt leaf by leaf for verification: its tiles and its heads held against those that are stored."""

from collections.abc import Iterator

from hub.ledger import checkpoints
from hub.ledger.checkpoints import Checkpoint
from hub.ledger.merkle import HASH_BYTES, Frontier, fold
from hub.ledger.notes import NoteInvalid, Verifier
from hub.ledger.tiles import WIDTH, split
from hub.ledger.verdict import Minutes
from hub.store import ledger as store
from hub.store.database import Connection


class Heads:
    """The stored checkpoints and the remembered one, compared as the tree reaches their sizes (steps 4, 5 and 6)."""

    def __init__(
        self,
        stored: Iterator[store.CheckpointRow],
        remembered: Checkpoint | None,
        verifier: Verifier,
        minutes: Minutes,
    ) -> None:
        self.signed = 0  # the size of the largest checkpoint that holds
        self._stored = stored
        self._row = next(stored, None)
        self._remembered = remembered
        self._verifier = verifier
        self._minutes = minutes

    def wanted(self, size: int) -> bool:
        """Whether something is to be compared at this size."""
        row, remembered = self._row, self._remembered
        return (row is not None and row.size <= size) or (remembered is not None and remembered.size == size)

    def compare(self, size: int, root: bytes) -> None:
        """The rebuilt tree has this head."""
        while self._row is not None and self._row.size <= size:
            self._checkpoint(self._row, size, root)
            self._row = next(self._stored, None)
        if self._remembered is not None and self._remembered.size == size:
            self._minutes.checked(6)
            if self._remembered.root != root:
                self._minutes.error("ledger.rewritten", "against", size=size)
            self._remembered = None

    def finish(self, size: int) -> None:
        """The tree has no more leaves: what is left is larger than it."""
        while self._row is not None:
            self._minutes.error("ledger.beyond", f"checkpoints/{self._row.size}", size=self._row.size, entries=size)
            self._row = next(self._stored, None)
        if self._remembered is not None:
            self._minutes.checked(6)
            self._minutes.error("ledger.cut", "against", size=self._remembered.size, entries=size)

    def _checkpoint(self, row: store.CheckpointRow, size: int, root: bytes) -> None:
        where = f"checkpoints/{row.size}"
        self._minutes.checked(4)
        self._minutes.checked(5)
        try:
            signed = checkpoints.read(row.note, self._verifier)  # step 4
        except NoteInvalid as error:
            self._minutes.error("ledger.checkpoint", where, size=row.size, what=error)
            return
        if (signed.size, signed.root) != (row.size, row.root):
            what = f"the note says {signed.size} {signed.root.hex()}, its row does not"
            self._minutes.error("ledger.checkpoint", where, size=row.size, what=what)
        elif (row.size, row.root) != (size, root):  # step 5
            self._minutes.error("ledger.root", where, size=row.size, since=self.signed)
        else:
            self.signed = size


class Rebuilt:
    """The tree so far. Tiles are compared as they fill (step 3); a wrong one is reported once, and the tiles above it
    are held against what it says, so that each finding names the place that was altered."""

    def __init__(self, connection: Connection, heads: Heads, minutes: Minutes) -> None:
        self._connection = connection
        self._heads = heads
        self._minutes = minutes
        self._frontier = Frontier()
        self._open: list[list[bytes]] = [[]]  # the hashes of the unfinished tile of each level
        self._full: list[int] = [0]  # how many tiles of each level are full
        heads.compare(0, self.root())

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return self._frontier.size

    def root(self) -> bytes:
        """Its head."""
        return self._frontier.root()

    def add(self, leaf: bytes) -> None:
        """The next leaf."""
        self._frontier.push(leaf)
        self._open[0].append(leaf)
        if len(self._open[0]) == WIDTH:
            self._close(0)
        if self._heads.wanted(self.size):
            self._heads.compare(self.size, self.root())

    def remembered_leaf(self) -> bytes:
        """The next leaf as a tile remembers it; zeros where none does."""
        index, place = divmod(self.size, WIDTH)
        hashes = store.tile(self._connection, 0, index)
        found = split(hashes or b"")[place : place + 1]
        return found[0] if found and len(found[0]) == HASH_BYTES else bytes(HASH_BYTES)

    def finish(self) -> None:
        """No more leaves: compare the unfinished tiles and look for those that should not be."""
        for level in range(1, len(self._open)):
            if self._open[level]:
                self._compare(level)
        for level, index in store.tile_keys(self._connection):
            if level >= len(self._full) or level < 0 or not 0 <= index < self._stored(level):
                self._minutes.error("ledger.tile-over", f"tiles/{level}/{index}", level=level, index=index)
        self._heads.finish(self.size)

    def _stored(self, level: int) -> int:
        """How many tiles of ``level`` there should be: of leaf hashes only full ones are stored."""
        return self._full[level] + (level > 0 and bool(self._open[level]))

    def _close(self, level: int) -> None:
        hashes = self._compare(level)
        self._open[level] = []
        self._full[level] += 1
        if level + 1 == len(self._open):
            self._open.append([])
            self._full.append(0)
        self._open[level + 1].append(fold(hashes))
        if len(self._open[level + 1]) == WIDTH:
            self._close(level + 1)

    def _compare(self, level: int) -> list[bytes]:
        """Compare the unfinished tile of ``level`` with the stored one; the hashes to go on with."""
        index, hashes = self._full[level], self._open[level]
        where = f"tiles/{level}/{index}"
        self._minutes.checked(3)
        stored = store.tile(self._connection, level, index)
        if stored is None:
            self._minutes.error("ledger.tile-missing", where, level=level, index=index)
            return hashes
        found = split(stored)
        if len(found) != len(hashes) or any(len(hashed) != HASH_BYTES for hashed in found):
            self._minutes.error("ledger.tile-length", where, level=level, index=index)
            return hashes
        for place, (hashed, other) in enumerate(zip(hashes, found, strict=True)):
            if hashed != other:
                first = (index * WIDTH + place) << 8 * level
                last = first + (1 << 8 * level) - 1
                self._minutes.error("ledger.tile", where, level=level, index=index, seq=first, last=last)
        return found
