"""Mailboxes: a partner sees its own files and no others; fetched is said once; what is removed stays in the ledger."""

from collections.abc import Iterator

import pytest

from hub.engine.mailbox import Mailbox
from hub.engine.seal import Sealing
from tests.unit.engine.hall import Hall, cuscar, paxlst, written


@pytest.fixture
def box(hall: Hall) -> Iterator[Mailbox]:
    """The mailboxes after one passenger list."""
    _, planned = hall.take(paxlst("1"))
    hall.seal(hall.write(planned))
    walk = hall.walk()
    walk.start()
    yield Mailbox(walk, hall.database, hall.ledger, hall.blobs, hall.clock)
    walk.stop()


def test_each_partner_sees_its_own(hall: Hall, box: Mailbox) -> None:
    seen = {
        (partner, folder): len(box.list(partner, folder))
        for partner in ("oceanair", "customs", "border", "quarantine", "nobody")
        for folder in ("download", "receipts", "rejected", "upload")
    }
    assert {key: count for key, count in seen.items() if count} == {
        ("customs", "download"): 1,
        ("border", "download"): 1,
        ("quarantine", "download"): 2,
        ("oceanair", "receipts"): 1,
    }


def test_no_partner_reaches_anothers_file(hall: Hall, box: Mailbox) -> None:
    (entry,) = box.list("customs", "download")
    for partner, folder in (("border", "download"), ("customs", "receipts"), ("", "download"), ("%", "download")):
        assert box.stat(partner, folder, entry.name) is None
        assert box.open(partner, folder, entry.name) is None
        assert box.remove(partner, folder, entry.name) is False
        box.fetched(partner, folder, entry.name)
    assert hall.entries("fetched") == hall.entries("removed") == []
    assert box.stat("customs", "download", entry.name) == entry


def test_what_is_fetched_is_delivered_once(hall: Hall, box: Mailbox) -> None:
    (entry,) = box.list("customs", "download")
    content = box.open("customs", "download", entry.name)
    assert isinstance(content, bytes)
    assert len(content) == entry.size
    for _ in range(3):
        box.fetched("customs", "download", entry.name)
    assert len(hall.entries("fetched")) == 1
    (row,) = [row for row in hall.deliveries() if row["name"] == entry.name]
    assert row["state"] == "delivered"
    assert row["delivered_at"]
    assert box.list("customs", "download") == [entry], "it stays until the partner removes it"


def test_what_is_removed_leaves_the_box_and_not_the_ledger(hall: Hall, box: Mailbox) -> None:
    (entry,) = box.list("customs", "download")
    assert box.remove("customs", "download", entry.name)
    assert not box.remove("customs", "download", entry.name)
    assert box.list("customs", "download") == []
    assert box.open("customs", "download", entry.name) is None
    box.fetched("customs", "download", entry.name)
    assert (len(hall.entries("removed")), len(hall.entries("fetched"))) == (1, 0)
    assert hall.verified()


def test_what_is_not_written_yet_is_not_there(hall: Hall, box: Mailbox) -> None:
    _, planned = hall.take(cuscar("2"))
    assert len(box.list("customs", "download")) == 1
    (message,) = [row for row in planned if row["kind"] == "message"]
    assert box.open("customs", "download", message["name"]) is None


def test_a_large_file_is_read_from_its_blob(hall: Hall, box: Mailbox) -> None:
    _, planned = hall.take(cuscar("2"))
    data = b"x" * (hall.world.settings.spool.inline_limit + 1)
    message = [row for row in planned if row["kind"] == "message"]
    hall.seal([Sealing(one.job, one.row, [written(one.job.delivery, data)]) for one in hall.write(message)])
    content = box.open("customs", "download", message[0]["name"])
    assert content is not None
    assert not isinstance(content, bytes)
    with content:
        assert content.read() == data
