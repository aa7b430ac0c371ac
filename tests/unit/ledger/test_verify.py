"""What an intruder may do to the database, and where the verification says that he did it."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ledger.merkle import leaf_hash
from hub.ledger.notes import Signer
from hub.ledger.verdict import MAX_FINDINGS, Verdict
from hub.ledger.verify import STEPS, verify
from hub.model.finding import Language, Severity

from .conftest import ORIGIN, Books, payload


def audit(books: Books, **options: object) -> Verdict:
    return verify(books.database, books.ledger.verifier, **options)  # type: ignore[arg-type]


def errors(verdict: Verdict) -> list[tuple[str, str | None]]:
    """(code, path) of every error; each of them has its texts."""
    for finding in verdict.findings:
        for language in Language:
            assert "–" not in finding.text(language), finding
            assert finding.mend(language)
    found = [(item.code, item.place.path) for item in verdict.findings if item.severity is Severity.ERROR]
    assert verdict.valid == (not found)
    assert verdict.errors == len(found) + verdict.omitted
    return found


def body(books: Books, seq: int) -> str:
    with books.database.read() as connection:
        return str(connection.exec_driver_sql("SELECT body FROM entries WHERE seq = ?", (seq,)).scalar_one())


def test_a_ledger_in_order(full: Books) -> None:
    calls: list[tuple[str, int, int]] = []
    verdict = audit(full, progress=lambda *call: calls.append(call))
    assert errors(verdict) == []
    assert not verdict.findings
    assert (verdict.size, verdict.root) == (900, full.checkpoint().root)
    assert [step.checked for step in verdict.steps] == [900, 900, 4, 5, 5, 0, 600, 300, 300]
    assert [step.title for step in verdict.steps] == list(STEPS)
    assert [step.number for step in verdict.steps] == list(range(1, 10))
    assert calls[-1] == ("deliveries", 300, 300)
    assert ("entries", 900, 900) in calls
    assert verdict.as_json()["valid"] is True


def test_an_altered_body(full: Books) -> None:
    full.alter("UPDATE entries SET body = ? WHERE seq = 499", body(full, 499).replace("passengers", "cargo"))
    assert errors(audit(full)) == [("ledger.body", "entries/499")]


def test_an_altered_body_with_its_leaf(full: Books) -> None:
    altered = body(full, 301).replace("passengers", "passenger")
    full.alter("UPDATE entries SET body = ?, leaf = ? WHERE seq = 301", altered, leaf_hash(altered.encode()))
    found = errors(audit(full))
    roots = [("ledger.root", f"checkpoints/{size}") for size in (513, 813, 900)]
    assert found == [("ledger.tile", "tiles/0/1"), *roots]
    tile = next(finding for finding in audit(full).findings if finding.code == "ledger.tile")
    assert dict(tile.params)["seq"] == "301"
    root = next(finding for finding in audit(full).findings if finding.code == "ledger.root")
    assert dict(root.params) == {"size": "513", "since": "255"}


def test_an_altered_body_with_its_leaf_in_the_last_part(full: Books) -> None:
    altered = body(full, 850).replace("passengers", "passenger")
    full.alter("UPDATE entries SET body = ?, leaf = ? WHERE seq = 850", altered, leaf_hash(altered.encode()))
    assert errors(audit(full)) == [("ledger.root", "checkpoints/900")]


def test_swapped_entries(full: Books) -> None:
    first, second = body(full, 1), body(full, 4)
    full.alter("UPDATE entries SET body = ? WHERE seq = 1", second)
    full.alter("UPDATE entries SET body = ? WHERE seq = 4", first)
    found = errors(audit(full))
    assert [item for item in found if item[0] == "ledger.body"] == [
        ("ledger.body", "entries/1"),
        ("ledger.body", "entries/4"),
    ]
    assert ("ledger.column", "entries/1") in found


def test_swapped_numbers(full: Books) -> None:
    full.alter("UPDATE entries SET seq = -5 WHERE seq = 600")
    full.alter("UPDATE entries SET seq = 600 WHERE seq = 603")
    full.alter("UPDATE entries SET seq = 603 WHERE seq = -5")
    found = errors(audit(full))
    seqs = [dict(finding.params)["seq"] for finding in audit(full).findings if finding.code == "ledger.tile"]
    assert seqs == ["600", "603"]
    assert ("ledger.root", "checkpoints/813") in found


def test_a_deleted_entry(full: Books) -> None:
    full.alter("DELETE FROM entries WHERE seq = 400")
    found = errors(audit(full))
    assert found[0] == ("ledger.gap", "entries/400")
    assert {code for code, _ in found} == {"ledger.gap"}  # entry 400 tells of an opened case: no row depends on it


def test_a_deleted_entry_of_a_transmission(full: Books) -> None:
    full.alter("DELETE FROM entries WHERE seq = 399")
    assert errors(audit(full)) == [("ledger.gap", "entries/399"), ("ledger.entry-missing", "transmissions/TR-000133")]


@pytest.mark.parametrize("seq", [-3, 2**40, 9_000_000_000_000])
def test_a_renumbered_entry(full: Books, seq: int) -> None:
    full.alter("UPDATE entries SET seq = ? WHERE seq = 20", seq)
    assert errors(audit(full))[0][0] == "ledger.gap"


def test_the_last_entries_deleted(full: Books) -> None:
    for seq in range(890, 900):
        full.alter("DELETE FROM entries WHERE seq = ?", seq)
    found = errors(audit(full))
    assert found[0] == ("ledger.beyond", "checkpoints/900")
    assert ("ledger.entry-missing", "deliveries/DL-000299") in found


def test_an_altered_tile(full: Books) -> None:
    full.alter(
        'UPDATE tiles SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 0 AND "index" = 2'
    )
    verdict = audit(full)
    assert errors(verdict)[0] == ("ledger.tile", "tiles/0/2")
    assert dict(verdict.findings[0].params)["seq"] == "512"


def test_an_altered_tile_above(full: Books) -> None:
    full.alter("UPDATE tiles SET hashes = CAST(substr(hashes, 1, 64) || zeroblob(32) AS BLOB) WHERE level = 1")
    verdict = audit(full)
    assert errors(verdict) == [("ledger.tile", "tiles/1/0")]
    assert dict(verdict.findings[0].params) == {"level": "1", "index": "0", "seq": "512", "last": "767"}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('DELETE FROM tiles WHERE level = 0 AND "index" = 1', ("ledger.tile-missing", "tiles/0/1")),
        ("DELETE FROM tiles WHERE level = 1", ("ledger.tile-missing", "tiles/1/0")),
        ("INSERT INTO tiles VALUES (0, 3, zeroblob(8192))", ("ledger.tile-over", "tiles/0/3")),
        ("INSERT INTO tiles VALUES (2, 0, zeroblob(32))", ("ledger.tile-over", "tiles/2/0")),
        ("UPDATE tiles SET hashes = substr(hashes, 1, 95) WHERE level = 1", ("ledger.tile-length", "tiles/1/0")),
        ("UPDATE checkpoints SET root = zeroblob(32) WHERE size = 513", ("ledger.checkpoint", "checkpoints/513")),
        ("UPDATE checkpoints SET size = 514 WHERE size = 513", ("ledger.checkpoint", "checkpoints/514")),
        (
            "UPDATE checkpoints SET note = replace(note, '513', '512') WHERE size = 513",
            ("ledger.checkpoint", "checkpoints/513"),
        ),
        ("UPDATE entries SET \"case\" = 'CS-1' WHERE seq = 7", ("ledger.column", "entries/7")),
        ("UPDATE entries SET transmission = NULL WHERE seq = 7", ("ledger.column", "entries/7")),
        (
            "UPDATE transmissions SET payload = x'00' WHERE id = 'TR-000005'",
            ("ledger.payload", "transmissions/TR-000005"),
        ),
        ("UPDATE deliveries SET payload = x'00' WHERE id = 'DL-000250'", ("ledger.payload", "deliveries/DL-000250")),
        ("UPDATE deliveries SET payload = 'text' WHERE id = 'DL-000250'", ("ledger.payload", "deliveries/DL-000250")),
        ("DELETE FROM deliveries WHERE id = 'DL-000003'", ("ledger.row-missing", "deliveries/DL-000003")),
        ("DELETE FROM transmissions WHERE id = 'TR-000003'", ("ledger.row-missing", "transmissions/TR-000003")),
    ],
)
def test_one_alteration(full: Books, statement: str, expected: tuple[str, str]) -> None:
    full.alter(statement)
    assert errors(audit(full)) == [expected]


def test_a_payload_altered_together_with_its_digest(full: Books) -> None:
    forged = b"UNB+FORGED'"
    for table, subject in (("transmissions", "TR-000005"), ("deliveries", "DL-000006")):
        statement = f"UPDATE {table} SET payload = ?, sha256 = ? WHERE id = ?"
        full.alter(statement, forged, sha256(forged).hexdigest(), subject)
    assert errors(audit(full)) == [
        ("ledger.sha256", "transmissions/TR-000005"),
        ("ledger.sha256", "deliveries/DL-000006"),
    ]


def test_a_row_that_the_ledger_does_not_know(full: Books) -> None:
    columns = "partner, channel, sha256, size, payload, received_at, syntax"
    source = f"SELECT 'TR-X', 'x', 'accepted', {columns} FROM transmissions LIMIT 1"
    full.alter(f"INSERT INTO transmissions (id, name, state, {columns}) {source}")
    assert errors(audit(full)) == [("ledger.entry-missing", "transmissions/TR-X")]


def test_a_payload_in_a_blob(full: Books, tmp_path: Path) -> None:
    full.alter("UPDATE transmissions SET payload = NULL WHERE id = 'TR-000005'")
    verdict = audit(full)
    assert [(item.code, item.severity) for item in verdict.findings] == [("ledger.blobs-unread", Severity.WARNING)]
    assert errors(verdict) == []
    blob = tmp_path / sha256(payload(5)).hexdigest()
    assert errors(audit(full, blob=lambda digest: tmp_path / digest)) == [
        ("ledger.blob-missing", "transmissions/TR-000005")
    ]
    blob.write_bytes(payload(5))
    assert audit(full, blob=lambda digest: tmp_path / digest).findings == ()
    blob.write_bytes(payload(6))
    assert errors(audit(full, blob=lambda digest: tmp_path / digest)) == [("ledger.payload", "transmissions/TR-000005")]


def test_entries_after_the_last_checkpoint(full: Books) -> None:
    full.record(300, 2)
    verdict = audit(full)
    assert errors(verdict) == []
    assert [(item.code, item.place.path) for item in verdict.findings] == [("ledger.uncovered", "entries/900")]


def test_all_checkpoints_deleted(books: Books) -> None:
    books.record(0, 3)
    books.checkpoint()
    books.alter("DELETE FROM checkpoints")
    assert errors(audit(books)) == [("ledger.unsigned", "checkpoints")]


def test_another_key(full: Books) -> None:
    other = Signer(ORIGIN, Ed25519PrivateKey.generate()).verifier
    found = errors(verify(full.database, other))
    assert found[0] == ("ledger.checkpoint", "checkpoints/3")
    assert found[-1] == ("ledger.unsigned", "checkpoints")


class TestAgainst:
    """The checkpoint that was kept elsewhere."""

    def test_the_ledger_went_on(self, full: Books) -> None:
        note = full.checkpoint().note
        full.record(300, 50)
        full.checkpoint()
        verdict = audit(full, against=note)
        assert errors(verdict) == []
        assert verdict.steps[5].checked == 1

    def test_the_database_was_set_back(self, books: Books, copy: Callable[[Books], Books]) -> None:
        books.record(0, 40)
        books.checkpoint()
        backup = copy(books)
        books.record(40, 40)
        note = books.checkpoint().note
        assert errors(audit(backup)) == []  # by itself a backup is without contradiction
        assert errors(audit(backup, against=note)) == [("ledger.cut", "against")]

    def test_the_ledger_was_written_anew(self, books: Books, copy: Callable[[Books], Books]) -> None:
        books.record(0, 40)
        backup = copy(books)
        books.record(40, 40)
        note = books.checkpoint().note
        backup.record(1040, 60)
        backup.checkpoint()
        assert errors(audit(backup)) == []
        assert errors(audit(backup, against=note)) == [("ledger.rewritten", "against")]

    @pytest.mark.parametrize("note", ["", "hub.example/ledger\n1\n", "x" * 200_000])
    def test_what_is_no_checkpoint(self, full: Books, note: str) -> None:
        assert errors(audit(full, against=note)) == [("ledger.remembered", "against")]

    def test_of_another_key(self, full: Books) -> None:
        note = Signer(ORIGIN, Ed25519PrivateKey.generate()).sign(
            "hub.example/ledger\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        )
        assert errors(audit(full, against=note)) == [("ledger.remembered", "against")]


def test_findings_are_bounded(books: Books) -> None:
    books.record(0, 400)
    books.checkpoint()
    with books.database.write() as connection:
        connection.exec_driver_sql("UPDATE entries SET body = '{}'")
    verdict = audit(books)
    assert len(verdict.findings) == MAX_FINDINGS
    assert verdict.omitted == verdict.errors - MAX_FINDINGS > 1000


COLUMNS = st.sampled_from(
    [
        ("entries", "seq"),
        ("entries", "case"),
        ("entries", "transmission"),
        ("entries", "body"),
        ("entries", "leaf"),
        ("tiles", "level"),
        ("tiles", "index"),
        ("tiles", "hashes"),
        ("checkpoints", "size"),
        ("checkpoints", "root"),
        ("checkpoints", "note"),
        ("transmissions", "sha256"),
        ("transmissions", "payload"),
        ("transmissions", "id"),
        ("deliveries", "sha256"),
        ("deliveries", "payload"),
        ("deliveries", "id"),
    ]
)
VALUES = st.binary(max_size=40) | st.text(st.characters(codec="utf-8"), max_size=40) | st.integers(-(2**63), 2**63 - 1)
NUMBERS = {"seq", "size", "level", "index"}


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(column=COLUMNS, value=VALUES, number=st.integers(-(2**63), 2**63 - 1))
def test_any_value_in_any_column_is_found(small: Books, column: tuple[str, str], value: object, number: int) -> None:
    table, name = column
    put: object = number if name in NUMBERS else value
    with small.database.write() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        where = f"rowid = (SELECT max(rowid) FROM {table})"
        before = connection.exec_driver_sql(f'SELECT "{name}" FROM {table} WHERE {where}').scalar_one()
        rowid = connection.exec_driver_sql(f"SELECT max(rowid) FROM {table}").scalar_one()
        connection.exec_driver_sql("SAVEPOINT altered")
        connection.exec_driver_sql(f'UPDATE OR IGNORE {table} SET "{name}" = ? WHERE rowid = ?', (put, rowid))
        same = connection.exec_driver_sql(f'SELECT "{name}" FROM {table} WHERE {where}').scalar_one() == before
        verdict = verify(_Held(connection), small.ledger.verifier)  # type: ignore[arg-type]
        assert verdict.valid == same
        errors(verdict)
        connection.exec_driver_sql("ROLLBACK TO altered")
        connection.exec_driver_sql("RELEASE altered")


class _Held:
    """A database whose reading transaction is the open one."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def read(self) -> "_Held":
        return self

    def __enter__(self) -> object:
        return self._connection

    def __exit__(self, *_: object) -> None:
        pass
