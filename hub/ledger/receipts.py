"""Receipts: the record of one case or transmission in a file that anyone can verify offline, without the hub.

What a receipt proves: each of its entries was in the ledger, word for word, when its checkpoint was signed. What it
cannot prove: that it holds every entry of the case; who doubts it compares with the other partners' receipts.
"""

import json
from collections.abc import Sequence
from hashlib import file_digest, sha256
from pathlib import Path

from hub.clock import iso
from hub.errors import HubError, LedgerBroken
from hub.ledger import checkpoints, merkle
from hub.ledger.agreement import Blob, claim
from hub.ledger.checkpoints import Checkpoint
from hub.ledger.entries import Entry, Fact
from hub.ledger.journal import Ledger
from hub.ledger.notes import NoteInvalid, Verifier
from hub.ledger.proofs import Proof
from hub.ledger.receiptfile import MAX_BYTES, MAX_ENTRIES, Item, Receipt, ReceiptInvalid
from hub.ledger.tiles import Tree
from hub.ledger.verdict import Minutes, Verdict
from hub.model.finding import Severity
from hub.store import ledger as store
from hub.store.database import Connection, Database

STEPS = (
    "the file is in the exact form of a receipt",
    "its key is the one expected",
    "its checkpoint is signed by that key",
    "every entry is proven to be in the signed tree",
    "every entry belongs to the subject",
    "the summary says what the entries say",
    "the payloads inside are bytes that an entry names",
    "the files handed in are bytes that an entry names",
)


def export(
    database: Database,
    ledger: Ledger,
    *,
    case: str | None = None,
    transmission: str | None = None,
    payloads: bool = False,
    blob: Blob | None = None,
) -> bytes:
    """The receipt file of a case or of a transmission, proven under a checkpoint of now.

    A case's receipt holds the case's entries and those entries of its transmissions that belong to no case (their
    arrival, their acknowledgement). With ``payloads`` the bytes received and sealed are in it, those outside the
    database read by ``blob``. Raises HubError when the ledger does not know the subject or the file would be too large.
    """
    if (case is None) == (transmission is None):
        raise ValueError("a receipt is about either a case or a transmission")
    with database.write() as connection:
        checkpoint = ledger.checkpoint(connection)
    with database.read() as connection:
        rows = _rows(connection, case, transmission, checkpoint.size)
        entries = [Entry.parse(row.body) for row in rows]
        receipt = Receipt(
            hub=ledger.verifier.name,
            key=ledger.verifier.text(),
            case=case,
            transmission=transmission,
            checkpoint=checkpoint.note,
            entries=_items(connection, rows, checkpoint),
            summary=tuple(map(summary, entries)),
            payloads=_payloads(connection, entries, blob) if payloads else (),
        )
    data = receipt.write()
    if len(data) > MAX_BYTES:
        raise HubError(f"the receipt would be {len(data)} bytes, {MAX_BYTES} at most; export it without payloads")
    return data


def verify(data: bytes, expected: Verifier | None = None, payloads: Sequence[Path] = ()) -> Verdict:
    """Verify a receipt file offline by these steps:

    1. The file is in the exact form that :func:`export` writes.
    2. Its key is the ``expected`` one; without one a warning says that the receipt vouches for itself only.
    3. Its checkpoint is a note of the hub's origin, signed by that key.
    4. Each entry is canonical, and its proof leads from the hash of its body to the root of the checkpoint; the entries
       stand in the order of the ledger.
    5. Each entry is of the subject case, or is of no case and of a transmission of that case; or is of the subject
       transmission.
    6. The summary is the one that these entries make.
    7. Each payload in the file hashes to a sha256 that an entry names.
    8. Each file of ``payloads`` does so too; a remark says which entry.
    """
    minutes = Minutes(STEPS)
    try:
        receipt = Receipt.read(data)
    except ReceiptInvalid as error:
        minutes.error("receipt.form", "(file)", what=error)
        return minutes.verdict(0, b"")
    minutes.checked(1)
    checkpoint = _checkpoint(receipt, expected, minutes)  # steps 2 and 3
    if checkpoint is None:
        return minutes.verdict(0, b"")
    entries = _proven(receipt, checkpoint, minutes)  # step 4
    _belong(receipt, entries, minutes)  # step 5
    minutes.checked(6, len(receipt.summary))
    if receipt.summary != tuple(map(summary, entries)):
        minutes.error("receipt.summary", "summary")
    _match(receipt, entries, payloads, minutes)  # steps 7 and 8
    return minutes.verdict(checkpoint.size, checkpoint.root)


def summary(entry: Entry) -> str:
    """An entry on one line for people: when, what, and its facts.

    >>> summary(Entry("received", 0, None, "TR-1", {"name": "a.edi", "size": 9}))
    '1970-01-01T00:00:00.000000Z received TR-1 name=a.edi size=9'
    """
    subjects = [subject for subject in (entry.case, entry.transmission) if subject]
    facts = [f"{name}={_shown(value)}" for name, value in sorted(entry.facts.items())]
    line = " ".join([iso(entry.at), entry.kind, *subjects, *facts])
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def _shown(value: Fact) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def _rows(connection: Connection, case: str | None, transmission: str | None, size: int) -> list[store.EntryRow]:
    limit = MAX_ENTRIES + 1
    if case is not None:
        own = store.of_case(connection, case, limit)
        linked = sorted({row.transmission for row in own if row.transmission})
        rows = sorted(
            [*own, *store.of_transmissions(connection, linked, limit, caseless=True)], key=lambda row: row.seq
        )
    else:
        rows = store.of_transmissions(connection, [str(transmission)], limit, caseless=False)
    rows = [row for row in rows if row.seq < size]  # what was appended after the checkpoint is for the next receipt
    if not rows:
        raise HubError(f"the ledger has no entry of {case or transmission}; `hub status` lists what there is")
    if len(rows) > MAX_ENTRIES:
        raise HubError(
            f"{case or transmission} has more than {MAX_ENTRIES} entries; export its transmissions one by one"
        )
    return rows


def _items(connection: Connection, rows: list[store.EntryRow], checkpoint: Checkpoint) -> tuple[Item, ...]:
    tree = Tree(connection, checkpoint.size)
    items = []
    for row in rows:
        proof = Proof(row.seq, tuple(merkle.inclusion(row.seq, checkpoint.size, tree.node)))
        items.append(Item(row.seq, row.body, proof.text()))
    return tuple(items)


def _payloads(connection: Connection, entries: list[Entry], blob: Blob | None) -> tuple[tuple[str, bytes], ...]:
    claims = [claimed for entry in entries if (claimed := claim(entry))]
    found: dict[str, bytes] = {}
    for table in ("transmissions", "deliveries"):
        ids = [subject for owner, subject, _ in claims if owner == table]
        for row in store.vouched(connection, table, ids):
            found[row.sha256] = _bytes(row, blob)
            if sum(map(len, found.values())) > MAX_BYTES:
                raise HubError(f"the payloads exceed {MAX_BYTES} bytes; export the receipt without them")
    return tuple(sorted(found.items()))


def _bytes(row: store.Vouched, blob: Blob | None) -> bytes:
    if row.payload is not None:
        return row.payload
    if blob is None:
        raise HubError(f"the bytes of {row.id} lie outside the database; name the spool, or export without payloads")
    path = blob(row.sha256)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise HubError(f"{row.id} is larger than {MAX_BYTES} bytes; export the receipt without payloads")
        return path.read_bytes()
    except OSError as error:
        raise HubError(
            f"the bytes of {row.id} cannot be read ({error.strerror}); restore the blob {row.sha256}"
        ) from error


def _checkpoint(receipt: Receipt, expected: Verifier | None, minutes: Minutes) -> Checkpoint | None:
    try:
        own = Verifier.parse(receipt.key)
    except NoteInvalid as error:
        minutes.error("receipt.key", "key", what=error)
        return None
    minutes.checked(2)
    if expected is None:
        minutes.remark("receipt.key-unconfirmed", "key", Severity.WARNING, key=receipt.key)
    elif own.text() != expected.text():
        minutes.error("receipt.key", "key", what=f"signed by {own.text()}, expected {expected.text()}")
        return None
    if receipt.hub != own.name:
        minutes.error("receipt.hub", "hub", hub=receipt.hub, name=own.name)
    try:
        checkpoint = checkpoints.read(receipt.checkpoint, own)
    except NoteInvalid as error:
        minutes.error("receipt.checkpoint", "checkpoint", what=error)
        return None
    minutes.checked(3)
    return checkpoint


def _proven(receipt: Receipt, checkpoint: Checkpoint, minutes: Minutes) -> list[Entry]:
    """The entries that can be read; each contradiction is noted."""
    entries = []
    last = -1
    for item in receipt.entries:
        where = f"entries/{item.seq}"
        if item.seq <= last:
            minutes.error("receipt.order", where, seq=item.seq)
        last = item.seq
        try:
            entries.append(Entry.parse(item.body))
            proof = Proof.parse(item.proof)
        except (LedgerBroken, NoteInvalid) as error:
            minutes.error("receipt.entry", where, seq=item.seq, what=error)
            continue
        leaf = merkle.leaf_hash(item.body.encode("utf-8", "surrogatepass"))
        led = merkle.verify_inclusion(leaf, item.seq, checkpoint.size, proof.hashes, checkpoint.root)
        if proof.index != item.seq or not led:
            minutes.error("receipt.proof", where, seq=item.seq)
        minutes.checked(4)
    return entries


def _belong(receipt: Receipt, entries: list[Entry], minutes: Minutes) -> None:
    minutes.checked(5, len(entries))
    if receipt.case is None:
        own = [entry for entry in entries if entry.transmission == receipt.transmission]
        foreign = len(entries) - len(own)
    else:
        own = [entry for entry in entries if entry.case == receipt.case]
        linked = {entry.transmission for entry in own if entry.transmission}
        foreign = sum(1 for entry in entries if entry.case != receipt.case
                      and (entry.case is not None or entry.transmission not in linked))  # fmt: skip
    if foreign or not own:
        minutes.error("receipt.subject", "subject", subject=receipt.case or receipt.transmission, count=foreign)


def _match(receipt: Receipt, entries: list[Entry], files: Sequence[Path], minutes: Minutes) -> None:
    named = {entry.facts["sha256"]: entry for entry in entries if isinstance(entry.facts.get("sha256"), str)}
    for number, (digest, payload) in enumerate(receipt.payloads, 1):
        minutes.checked(7)
        if sha256(payload).hexdigest() != digest or digest not in named:
            minutes.error("receipt.payload", f"payloads/{number}", sha256=digest)
    for path in files:
        minutes.checked(8)
        try:
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            minutes.error("receipt.file", str(path), reason=error.strerror)
            continue
        if digest in named:
            minutes.remark("receipt.file-matches", str(path), Severity.INFO, what=summary(named[digest]))
        else:
            minutes.error("receipt.payload", str(path), sha256=digest)
