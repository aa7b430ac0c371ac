"""Receipt files: what they hold, and that no byte of one can change."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import HubError
from hub.ledger import checkpoints, receiptfile, receipts
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.ledger.merkle import leaf_hash, verify_inclusion
from hub.ledger.notes import Signer
from hub.ledger.proofs import Proof
from hub.ledger.receiptfile import FORMAT, Receipt, ReceiptInvalid
from hub.ledger.verdict import Verdict
from hub.model.finding import Language, Severity

from .conftest import AT, KEY, ORIGIN, Books, open_books, payload

VERIFIER = Signer(ORIGIN, KEY).verifier


def errors(verdict: Verdict) -> list[str]:
    for finding in verdict.findings:
        assert all(finding.text(language) and finding.mend(language) for language in Language)
    found = [finding.code for finding in verdict.findings if finding.severity is Severity.ERROR]
    assert verdict.valid == (not found)
    return found


def dumped(data: object) -> bytes:
    """In the exact form of a receipt, so that only what was altered is wrong."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@pytest.fixture(scope="session")
def exported(templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The receipt of case 7 with its payloads."""
    books = open_books(Path(shutil.copy(templates["full"], tmp_path_factory.mktemp("receipt"))))
    data = receipts.export(books.database, books.ledger, case="CS-000007", payloads=True)
    books.database.close()
    return data


def test_a_receipt_of_a_case(exported: bytes) -> None:
    data = json.loads(exported)
    assert (data["format"], data["hub"], data["subject"]) == (FORMAT, ORIGIN, {"case": "CS-000007"})
    assert [item["seq"] for item in data["entries"]] == [21, 22, 23]  # its arrival belongs to no case yet
    digest = sha256(payload(7)).hexdigest()
    assert (
        data["summary"][0] == f"2026-11-23T16:00:00.000007Z received TR-000007 name=旅客-7.edi sha256={digest} size=50"
    )
    assert [item["sha256"] for item in data["payloads"]] == [digest]
    verdict = receipts.verify(exported, VERIFIER)
    assert verdict.findings == ()
    assert verdict.size == 900
    assert [step.checked for step in verdict.steps] == [1, 1, 1, 3, 3, 3, 1, 0]


def test_an_entry_and_the_checkpoint_are_a_tlog_proof(exported: bytes) -> None:
    receipt = Receipt.read(exported)
    item = receipt.entries[0]
    head, _, note = (item.proof + receipt.checkpoint).partition("\n\n")
    checkpoint = checkpoints.read(note, VERIFIER)
    lines = head.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 21"]
    hashes = Proof.parse(head + "\n\n").hashes
    assert len(hashes) == len(lines) - 2
    assert verify_inclusion(leaf_hash(item.body.encode()), 21, checkpoint.size, hashes, checkpoint.root)


def test_a_receipt_of_a_transmission(full: Books) -> None:
    data = receipts.export(full.database, full.ledger, transmission="TR-000100")
    assert errors(receipts.verify(data, VERIFIER)) == []
    assert [item["seq"] for item in json.loads(data)["entries"]] == [300, 301, 302]
    assert json.loads(data)["payloads"] == []


def test_the_checkpoint_covers_what_was_just_recorded(full: Books) -> None:
    full.record(300, 1)
    data = receipts.export(full.database, full.ledger, case="CS-000300")
    assert receipts.verify(data, VERIFIER).size == 903


def test_the_only_entry_of_a_ledger(books: Books) -> None:
    with books.database.write() as connection:
        books.ledger.append(connection, [Entry("opened", AT, "CS-1", None, {"name": "caf\udce9"})])
    data = receipts.export(books.database, books.ledger, case="CS-1")
    assert errors(receipts.verify(data, VERIFIER)) == []


def test_subjects_that_the_ledger_does_not_know(full: Books) -> None:
    with pytest.raises(HubError, match="no entry of CS-999999"):
        receipts.export(full.database, full.ledger, case="CS-999999")
    with pytest.raises(ValueError, match="either a case or a transmission"):
        receipts.export(full.database, full.ledger)


def test_payloads_outside_the_database(full: Books, tmp_path: Path) -> None:
    full.alter("UPDATE transmissions SET payload = NULL WHERE id = 'TR-000007'")
    full.alter("UPDATE deliveries SET payload = NULL WHERE id = 'DL-000007'")
    with pytest.raises(HubError, match="lie outside the database"):
        receipts.export(full.database, full.ledger, case="CS-000007", payloads=True)
    with pytest.raises(HubError, match="cannot be read"):
        receipts.export(
            full.database, full.ledger, case="CS-000007", payloads=True, blob=lambda digest: tmp_path / digest
        )
    (tmp_path / sha256(payload(7)).hexdigest()).write_bytes(payload(7))
    data = receipts.export(
        full.database, full.ledger, case="CS-000007", payloads=True, blob=lambda digest: tmp_path / digest
    )
    assert errors(receipts.verify(data, VERIFIER)) == []


def test_files_that_are_handed_in(exported: bytes, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_bytes(payload(7))
    wrong.write_bytes(payload(8))
    verdict = receipts.verify(exported, VERIFIER, [right])
    assert [(item.code, item.place.path) for item in verdict.findings] == [("receipt.file-matches", str(right))]
    assert errors(receipts.verify(exported, VERIFIER, [right, wrong])) == ["receipt.payload"]
    assert errors(receipts.verify(exported, VERIFIER, [tmp_path / "absent"])) == ["receipt.file"]


def test_without_a_key_a_receipt_vouches_for_itself_only(exported: bytes) -> None:
    verdict = receipts.verify(exported)
    assert [(item.code, item.severity) for item in verdict.findings] == [("receipt.key-unconfirmed", Severity.WARNING)]
    assert verdict.valid


def test_a_forged_ledger_of_the_same_name(books: Books) -> None:
    forger = Ledger(Signer(ORIGIN, Ed25519PrivateKey.generate()), lambda: AT)
    with books.database.write() as connection:
        forger.append(connection, [Entry("released", AT, "CS-1", None, {"code": "1"})])
    data = receipts.export(books.database, forger, case="CS-1")
    assert receipts.verify(data).valid  # only the key tells
    assert errors(receipts.verify(data, VERIFIER)) == ["receipt.key"]


@given(st.data())
def test_no_byte_can_change(exported: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(exported) - 1))
    put = data.draw(st.integers(0, 255).filter(lambda byte: byte != exported[place]))
    altered = exported[:place] + bytes([put]) + exported[place + 1 :]
    assert errors(receipts.verify(altered, VERIFIER))
    assert errors(receipts.verify(altered))


@given(st.data())
def test_nothing_can_be_cut_or_added(exported: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(exported) - 1))
    length = data.draw(st.integers(1, 200))
    assert errors(receipts.verify(exported[:place] + exported[place + length :], VERIFIER))
    assert errors(receipts.verify(exported[:place] + bytes([32]) * length + exported[place:], VERIFIER))


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda item: (
            st.lists(item, max_size=3) | st.dictionaries(st.sampled_from(["format", "entries", "seq", "key"]), item)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_anything_else_is_refused(data: bytes) -> None:
    assert errors(receipts.verify(data)) == ["receipt.form"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "hub-receipt/2"),
        (("hub",), 7),
        (("key",), None),
        (("subject",), {}),
        (("subject",), "CS-000007"),
        (("subject",), {"case": "CS-000007", "transmission": "TR-1"}),
        (("entries",), {}),
        (("entries", 0), []),
        (("entries", 0, "seq"), True),
        (("entries", 0, "seq"), -1),
        (("entries", 0, "seq"), 1.0),
        (("entries", 0, "more"), 1),
        (("entries", 0, "body"), None),
        (("summary",), [1]),
        (("payloads", 0, "data"), "AA"),
        (("payloads", 0, "data"), "AB=="),
        (("payloads", 0, "data"), "!"),
        (("more",), 1),
        (("summary",), ["x"] * 10_001),
        (("checkpoint",), []),
    ],
)
def test_another_form_is_refused(exported: bytes, path: tuple[str | int, ...], value: object) -> None:
    data = json.loads(exported)
    put(data, path, value)
    with pytest.raises(ReceiptInvalid):
        Receipt.read(dumped(data))
    assert errors(receipts.verify(dumped(data), VERIFIER)) == ["receipt.form"]


BODY = Entry("opened", AT + 7, "CS-000007", "TR-000007", {"service": "manifest"}).body()


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("hub",), "other.example/ledger", ["receipt.hub"]),
        (("key",), "hub.example/ledger+00000000+AA==", ["receipt.key"]),
        (("subject",), {"case": "CS-000008"}, ["receipt.subject"]),
        (("subject",), {"transmission": "TR-000008"}, ["receipt.subject"]),
        (("entries", 1, "body"), BODY, ["receipt.proof", "receipt.summary"]),
        (("entries", 1, "body"), "{}", ["receipt.entry", "receipt.summary"]),
        (("entries", 1, "seq"), 21, ["receipt.order", "receipt.proof"]),
        (("entries", 2, "seq"), 900, ["receipt.proof"]),
        (("entries", 0, "proof"), "c2sp.org/tlog-proof@v1\nindex 21\n\n", ["receipt.proof"]),
        (("entries", 0, "proof"), "", ["receipt.entry"]),
        (("entries",), [], ["receipt.subject", "receipt.summary", "receipt.payload"]),
        (("summary", 0), "nothing happened", ["receipt.summary"]),
        (("payloads", 0, "data"), "AAAA", ["receipt.payload"]),
        (("payloads", 0, "sha256"), "0" * 64, ["receipt.payload"]),
        (("checkpoint",), "", ["receipt.checkpoint"]),
    ],
)
def test_each_alteration_has_its_name(
    exported: bytes, path: tuple[str | int, ...], value: object, expected: list[str]
) -> None:
    data = json.loads(exported)
    put(data, path, value)
    assert errors(receipts.verify(dumped(data), VERIFIER)) == expected


def test_entries_of_another_case_do_not_belong(full: Books, exported: bytes) -> None:
    data = json.loads(exported)
    other = json.loads(receipts.export(full.database, full.ledger, case="CS-000008"))
    for name in ("entries", "summary"):
        data[name] += other[name]
    assert errors(receipts.verify(dumped(data), VERIFIER)) == ["receipt.subject"]


def test_a_file_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch, exported: bytes) -> None:
    monkeypatch.setattr(receiptfile, "MAX_BYTES", len(exported) - 1)
    assert errors(receipts.verify(exported, VERIFIER)) == ["receipt.form"]


@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff", b"9" * 10_000, b'"\\ud800"'])
def test_hostile_json(data: bytes) -> None:
    assert errors(receipts.verify(data)) == ["receipt.form"]


def put(data: object, path: tuple[str | int, ...], value: object) -> None:
    for key in path[:-1]:
        data = data[key]  # type: ignore[index]
    data[path[-1]] = value  # type: ignore[index]
