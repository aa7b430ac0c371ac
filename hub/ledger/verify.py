"""Verification of the whole ledger against its public key, and of the state against the ledger. Nothing is believed
that can be computed: entries are hashed anew, tiles and roots rebuilt. Memory stays bounded whatever the size."""

from hub.errors import LedgerBroken
from hub.ledger import agreement, checkpoints, merkle
from hub.ledger.agreement import Blob, Progress
from hub.ledger.checkpoints import Checkpoint
from hub.ledger.entries import Entry
from hub.ledger.notes import NoteInvalid, Verifier
from hub.ledger.rebuild import Heads, Rebuilt
from hub.ledger.verdict import Minutes, Verdict
from hub.model.finding import Severity
from hub.store import ledger as store
from hub.store.database import Connection, Database

STEPS = (
    "entries stand in order without gaps, in canonical form",
    "every body hashes to its leaf",
    "the tiles hold the recomputed hashes",
    "the checkpoints are signed by the ledger's key",
    "the checkpoints' roots are those of the recomputed tree",
    "the tree continues the remembered checkpoint",
    "what the ledger says was received or sealed is there",
    "every transmission is recorded, with the bytes that it has",
    "every delivery is recorded, with the bytes that it has",
)
_MAX_GAP = 100_000
_BEFORE_ALL = -(2**62)


def verify(
    database: Database,
    verifier: Verifier,
    *,
    against: str | None = None,
    blob: Blob | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Verify the ledger in ``database`` by these steps; each contradiction becomes a located finding:

    1. The entries' numbers run 0, 1, 2 … without gaps; each body is the canonical JSON of an entry, and the columns
       beside it say the same.
    2. Each body hashes to the leaf beside it (RFC 6962 §2.1).
    3. The tiles hold the hashes recomputed from the leaves; none is missing and none is over.
    4. Each checkpoint is a note of this origin, signed by this key, with the size and root of its row.
    5. Each checkpoint's root is that of the recomputed tree at its size; since all are heads of one tree, each
       continues the one before it. No checkpoint is larger than the ledger.
    6. ``against``, a checkpoint kept elsewhere, is signed by this key and a head of the same tree: else the ledger was
       cut back or rewritten since.
    7. Each transmission that the ledger says was received, and each delivery that it says was sealed, has its row.
    8. Each transmission has an entry with the same sha256, and its payload hashes to it.
    9. So has each delivery.

    Payloads outside the database are found by ``blob``; without it they are not looked at, and a warning says so.
    What was appended after the last checkpoint is not signed yet: a warning says how much.
    """
    minutes = Minutes(STEPS)
    with database.read() as connection:
        heads = Heads(store.every_checkpoint(connection), _remembered(against, verifier, minutes), verifier, minutes)
        rebuilt = Rebuilt(connection, heads, minutes)
        _read_entries(connection, rebuilt, minutes, progress)  # steps 1, 2 and 7; on the way 4, 5, 6
        rebuilt.finish()  # step 3, and what is left of 4, 5, 6
        agreement.bytes_match(connection, "transmissions", minutes, 8, blob, progress)
        agreement.bytes_match(connection, "deliveries", minutes, 9, blob, progress)
    _say_what_is_unsigned(rebuilt.size, heads.signed, minutes)
    return minutes.verdict(rebuilt.size, rebuilt.root())


def _remembered(against: str | None, verifier: Verifier, minutes: Minutes) -> Checkpoint | None:
    if against is None:
        return None
    try:
        return checkpoints.read(against, verifier)
    except NoteInvalid as error:
        minutes.error("ledger.remembered", "against", what=error)
        return None


def _read_entries(connection: Connection, rebuilt: Rebuilt, minutes: Minutes, progress: Progress | None) -> None:
    total = store.size(connection)
    for page in store.pages(connection, _BEFORE_ALL):
        read = []
        for row in page:
            if not _in_place(row.seq, rebuilt, minutes):
                return
            entry = _entry(row, minutes)  # step 1
            if entry is not None:
                read.append((row.seq, entry))
            rebuilt.add(_leaf(row, minutes))  # step 2
        minutes.checked(1, len(page))
        minutes.checked(2, len(page))
        agreement.rows_exist(connection, read, minutes, 7)
        if progress:
            progress("entries", rebuilt.size, total)


def _in_place(seq: int, rebuilt: Rebuilt, minutes: Minutes) -> bool:
    """Whether the next entry can be read; over a gap the tree goes on with what the tiles remember."""
    if seq == rebuilt.size:
        return True
    minutes.error("ledger.gap", f"entries/{rebuilt.size}", seq=rebuilt.size, next=seq, count=seq - rebuilt.size)
    if not 0 < seq - rebuilt.size <= _MAX_GAP:
        return False
    while rebuilt.size < seq:
        rebuilt.add(rebuilt.remembered_leaf())
    return True


def _entry(row: store.EntryRow, minutes: Minutes) -> Entry | None:
    where = f"entries/{row.seq}"
    try:
        entry = Entry.parse(row.body)
    except LedgerBroken as error:
        minutes.error("ledger.form", where, seq=row.seq, what=error)
        return None
    for name, column, told in (("case", row.case, entry.case), ("transmission", row.transmission, entry.transmission)):
        if column != told:
            minutes.error("ledger.column", where, seq=row.seq, column=name, found=column, recorded=told)
    return entry


def _leaf(row: store.EntryRow, minutes: Minutes) -> bytes:
    """The leaf to go on with: the stored one, so that an altered body does not hide what else may be wrong."""
    hashed = merkle.leaf_hash(row.body.encode("utf-8", "surrogateescape"))
    if row.leaf == hashed:
        return hashed
    minutes.error("ledger.body", f"entries/{row.seq}", seq=row.seq)
    return row.leaf if len(row.leaf) == merkle.HASH_BYTES else hashed


def _say_what_is_unsigned(size: int, signed: int, minutes: Minutes) -> None:
    if size and not signed:
        minutes.error("ledger.unsigned", "checkpoints", count=size)
    elif size > signed:
        minutes.remark("ledger.uncovered", f"entries/{signed}", Severity.WARNING, count=size - signed, seq=signed)
