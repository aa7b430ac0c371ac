"""The desk survives a crash at any step without a second effect."""

import os
from pathlib import Path

import pytest

from hub.twins.desk import Desk, Item, Reply, Stage
from hub.twins.folder import TwinFolder


@pytest.fixture
def folder(tmp_path: Path) -> TwinFolder:
    return TwinFolder(tmp_path)


def taken(desk: Desk, name: str = "a.xml", data: bytes = b"<a/>") -> Item:
    desk.take(name, data, None)
    return desk.item(name)


def test_a_message_with_its_signature_is_one_item(folder: TwinFolder) -> None:
    desk = Desk(folder)
    desk.take("a.csv", b"x", b"signature")
    assert desk.waiting() == ["a.csv"]
    assert desk.item("a.csv").signature == b"signature"
    desk.clear(desk.item("a.csv"))
    assert list(folder.inbox.iterdir()) == []


def test_a_signature_whose_message_was_not_kept_is_no_item(folder: TwinFolder) -> None:
    desk = Desk(folder)
    (folder.inbox / "a.csv.p7s").write_bytes(b"signature")
    (folder.inbox / ".a.csv").write_bytes(b"half")
    assert desk.waiting() == []


def test_what_was_done_is_known_after_a_restart(folder: TwinFolder) -> None:
    desk = Desk(folder)
    item = taken(desk)
    desk.reply(item, Stage.RECEIPT, [])
    again = Desk(folder)
    assert again.waiting() == ["a.xml"]
    assert again.done(item, Stage.RECEIPT)
    assert not again.done(item, Stage.ANSWER)


def test_the_same_name_with_other_bytes_is_another_message(folder: TwinFolder) -> None:
    desk = Desk(folder)
    desk.reply(taken(desk), Stage.ANSWER, [])
    assert not desk.done(taken(desk, data=b"<b/>"), Stage.ANSWER)


def test_an_answer_that_waits_to_be_sent_is_never_rewritten(folder: TwinFolder) -> None:
    desk = Desk(folder)
    item = taken(desk)
    desk.reply(item, Stage.ANSWER, [Reply("a.answer.xml", b"first")])
    folder.answered.unlink()  # as if the power had failed between the answer and the note of it
    Desk(folder).reply(item, Stage.ANSWER, [Reply("a.answer.xml", b"second")])
    assert [path.read_bytes() for path in desk.outgoing()] == [b"first"]


def test_what_was_written_first_is_sent_first(folder: TwinFolder) -> None:
    desk = Desk(folder)
    desk.reply(taken(desk), Stage.RECEIPT, [Reply("b.receipt.xml", b"")])
    desk.reply(taken(desk), Stage.ANSWER, [Reply("a.answer.xml", b"")])
    os.utime(folder.outbox / "a.answer.xml", ns=(2, 2))
    os.utime(folder.outbox / "b.receipt.xml", ns=(1, 1))
    assert [path.name for path in desk.outgoing()] == ["b.receipt.xml", "a.answer.xml"]


def test_a_note_cut_by_a_crash_counts_for_nothing_and_harms_no_later_one(folder: TwinFolder) -> None:
    desk = Desk(folder)
    first, second = taken(desk, "1.xml"), taken(desk, "2.xml")
    desk.reply(first, Stage.ANSWER, [])
    with folder.answered.open("a") as log:
        log.write('"answer 12')
    desk = Desk(folder)
    desk.reply(second, Stage.ANSWER, [])
    desk = Desk(folder)
    assert desk.done(first, Stage.ANSWER)
    assert desk.done(second, Stage.ANSWER)


def test_what_is_suspect_is_kept_aside(folder: TwinFolder) -> None:
    desk = Desk(folder)
    desk.take("a.csv", b"x", b"signature")
    desk.clear(desk.item("a.csv"), suspect=True)
    assert desk.waiting() == []
    assert sorted(path.name for path in folder.suspect.iterdir()) == ["a.csv", "a.csv.p7s"]
