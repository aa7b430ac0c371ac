"""Whether the state agrees with the ledger: what was received and sealed is there, and its bytes are those recorded."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import file_digest, sha256
from pathlib import Path

from hub.errors import LedgerBroken
from hub.ledger.entries import Entry, Kind
from hub.ledger.verdict import Minutes
from hub.model.finding import Severity
from hub.store import ledger as store
from hub.store.database import Connection

Blob = Callable[[str], Path]
"""SHA-256 in hex → where the blob of these bytes lies."""

Progress = Callable[[str, int, int], None]
"""Called with what is read (``entries``, ``transmissions``, ``deliveries``), how many are done, and of how many."""

_ROWS = 200  # payloads that lie in rows are held a page at a time


def claim(entry: Entry) -> tuple[str, str, str] | None:
    """(table, id, sha256) of the bytes for which an entry vouches."""
    digest = entry.facts.get("sha256")
    if entry.kind == Kind.RECEIVED:
        table, subject = "transmissions", entry.transmission
    elif entry.kind == Kind.SEALED:
        table, subject = "deliveries", entry.facts.get("delivery")  # type: ignore[assignment]
    else:
        return None
    return (table, subject, digest) if isinstance(subject, str) and isinstance(digest, str) else None


def rows_exist(connection: Connection, entries: Sequence[tuple[int, Entry]], minutes: Minutes, step: int) -> None:
    """What the ``entries`` (with their seq) say was received or sealed has its row."""
    claims: dict[str, dict[str, int]] = {"transmissions": {}, "deliveries": {}}
    for seq, entry in entries:
        if claimed := claim(entry):
            claims[claimed[0]][claimed[1]] = seq
        elif entry.kind in (Kind.RECEIVED, Kind.SEALED):
            minutes.error("ledger.form", f"entries/{seq}", what=f"{entry.kind} without its id or sha256")
    for table, wanted in claims.items():
        minutes.checked(step, len(wanted))
        there = store.present(connection, table, list(wanted)) if wanted else set()
        for subject, seq in wanted.items():
            if subject not in there:
                minutes.error("ledger.row-missing", f"{table}/{subject}", seq=seq)


def bytes_match(
    connection: Connection, table: str, minutes: Minutes, step: int, blob: Blob | None, progress: Progress | None
) -> None:
    """Each row of ``table`` has its entry with the same sha256, and its payload hashes to it."""
    done, total, unread = 0, store.count(connection, table), 0
    for page in store.vouched_pages(connection, table, _ROWS):
        recorded = _recorded(connection, table, page)
        for row in page:
            _compare(row, table, recorded[row.id], minutes)
            unread += not _payload_matches(row, table, minutes, blob)
        done += len(page)
        minutes.checked(step, len(page))
        if progress:
            progress(table, done, total)
    if unread:
        minutes.remark("ledger.blobs-unread", table, Severity.WARNING, count=unread)


def _recorded(connection: Connection, table: str, page: list[store.Vouched]) -> dict[str, set[str]]:
    """id → the sha256 that the ledger has for it, found by transmission or case: an entry carries those of its row."""
    ids = {row.id for row in page}
    linked = {row.transmission for row in page if row.transmission}
    cases = {row.case for row in page if row.case}
    recorded: dict[str, set[str]] = defaultdict(set)
    for body in store.mentions(connection, list(ids | linked), list(cases)):
        try:
            claimed = claim(Entry.parse(body))
        except LedgerBroken:  # reported where the entries are read
            continue
        if claimed and claimed[0] == table and claimed[1] in ids:
            recorded[claimed[1]].add(claimed[2])
    return recorded


def _compare(row: store.Vouched, table: str, recorded: set[str], minutes: Minutes) -> None:
    if not recorded:
        minutes.error("ledger.entry-missing", f"{table}/{row.id}", sha256=row.sha256)
    elif recorded != {row.sha256}:
        minutes.error("ledger.sha256", f"{table}/{row.id}", sha256=row.sha256, recorded=", ".join(sorted(recorded)))


def _payload_matches(row: store.Vouched, table: str, minutes: Minutes, blob: Blob | None) -> bool:
    """False when the payload is a blob that could not be looked at for want of ``blob``."""
    where = f"{table}/{row.id}"
    if row.payload is None:
        if blob is None:
            return False
        try:
            with blob(row.sha256).open("rb") as file:
                found = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            minutes.error("ledger.blob-missing", where, sha256=row.sha256, reason=error.strerror)
            return True
    else:
        found = sha256(row.payload).hexdigest()
    if found != row.sha256:
        minutes.error("ledger.payload", where, sha256=row.sha256, found=found)
    return True
