"""Drop folders: when a file is taken, that it is taken once, and what is refused; and deliveries into folders."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import StoreError
from hub.model.delivery import Deferred, Delivered, Refused
from hub.spool.blobs import Blobs
from hub.transports import drop
from hub.transports.base import Refusal
from hub.transports.folder import DropSettings, FolderDrop, FolderOut
from tests.unit.transports.fakes import PATIENCE, Intake, content


class Desk:
    """A drop folder with a clock that the test turns."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "in"
        self.folder.mkdir()
        self.blobs = Blobs(root / "spool")
        self.intake = Intake()
        self.refusals: list[Refusal] = []
        self.seconds = 100.0
        self.settings = DropSettings("oceanair", self.folder, settled=2.0, rescan=0.1, max_bytes=1_000_000)
        self.drop = self.restart()

    def restart(self, **settings: float) -> FolderDrop:
        """A new hub on the same folder."""
        used = replace(self.settings, **settings)  # type: ignore[arg-type]
        self.drop = FolderDrop(used, self.intake, self.blobs, self.refusals.append, lambda: self.seconds)
        return self.drop

    def put(self, name: str, data: bytes = b"UNB'") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def settle(self) -> int:
        """One look, the settled time, another look; how many files the second took."""
        assert self.drop.sweep() == 0
        self.seconds += 2.0
        return self.drop.sweep()

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_is_taken_when_it_has_not_changed_for_the_settled_time(desk: Desk) -> None:
    desk.put("a.edi", b"UNB+")
    assert desk.drop.sweep() == 0
    desk.seconds += 1.9
    assert desk.drop.sweep() == 0
    desk.put("a.edi", b"UNB+UNOA'")
    desk.seconds += 1.9
    assert desk.drop.sweep() == 0
    desk.seconds += 2.0
    assert desk.drop.sweep() == 1
    assert desk.intake.contents() == [("oceanair", "a.edi", b"UNB+UNOA'")]
    assert desk.left() == []


def test_a_seen_rename_is_taken_at_once(desk: Desk) -> None:
    path = desk.put("a.edi.tmp")
    assert desk.drop.sweep() == 0
    path.rename(desk.folder / "a.edi")
    assert desk.drop.sweep() == 1
    assert desk.left() == []


def test_a_new_file_on_the_inode_of_a_removed_temporary_one_has_to_settle(desk: Desk) -> None:
    path = desk.put("a.edi.tmp", b"UNB'")
    assert desk.drop.sweep() == 0
    path.rename(desk.folder / "a.edi")
    desk.put("a.edi", b"UNH'")  # the same inode and size, written anew
    os.utime(desk.folder / "a.edi", ns=(1, 1))
    assert desk.drop.sweep() == 0


def test_a_second_name_of_a_file_in_progress_is_not_a_rename(desk: Desk) -> None:
    path = desk.put("a.edi.tmp")
    os.link(path, desk.folder / "a.edi")
    assert desk.drop.sweep() == 0


@pytest.mark.parametrize("name", ["a.tmp", "a.PART", "a.filepart", ".a.edi", ".hub-taken-x"])
def test_temporary_names_and_dot_files_are_left(desk: Desk, name: str) -> None:
    desk.put(name)
    assert desk.settle() == 0
    assert desk.left() == [name]
    assert desk.refusals == []


def test_settled_zero_takes_final_names_on_sight(desk: Desk) -> None:
    desk.restart(settled=0.0)
    desk.put("a.edi")
    assert desk.drop.sweep() == 1


def test_a_batch_is_one_commit_oldest_first(desk: Desk) -> None:
    for number in (3, 1, 2):
        os.utime(desk.put(f"{number}.edi"), ns=(number, number))
    assert desk.settle() == 3
    assert desk.intake.commits == 1
    assert [arrival.name for arrival in desk.intake.arrivals] == ["1.edi", "2.edi", "3.edi"]


def test_large_files_come_as_blobs(desk: Desk) -> None:
    data = os.urandom(200_000)
    desk.put("big.edi", data)
    assert desk.settle() == 1
    (arrival,) = desk.intake.arrivals
    assert arrival.data is None
    assert content(arrival) == data
    desk.blobs.verify(arrival.sha256)


def test_nothing_is_removed_when_the_intake_fails(desk: Desk) -> None:
    desk.put("a.edi")
    desk.intake.error = StoreError()
    with pytest.raises(StoreError):
        desk.settle()
    assert desk.left() == ["a.edi"]
    desk.intake.error = None
    assert desk.drop.sweep() == 1


@pytest.mark.parametrize("step", ["remove", "fsync"])
def test_killed_between_record_and_removal_it_is_taken_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    desk.put("a.edi")
    monkeypatch.setattr(*{"remove": (drop, "remove"), "fsync": (os, "fsync")}[step], kill)
    with pytest.raises(Killed):
        desk.settle()
    monkeypatch.undo()
    desk.restart()
    desk.settle()
    assert len(desk.intake.arrivals) == 1
    assert desk.left() == []


@pytest.mark.parametrize("step", ["stat", "unlink"])
def test_killed_within_the_removal_it_is_taken_once(desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    desk.put("a.edi")
    assert desk.drop.sweep() == 0
    desk.seconds += 2.0
    with monkeypatch.context() as patch:
        patch.setattr(os, step, kill)
        with pytest.raises(Killed):
            desk.drop.sweep()
    assert len(desk.left()) == 1
    assert desk.left()[0].startswith(".hub-taken-")
    desk.restart()
    assert desk.settle() == 0
    assert len(desk.intake.arrivals) == 1
    assert desk.left() == []


def test_a_newer_file_under_the_same_name_is_not_removed_with_the_older(desk: Desk) -> None:
    desk.put("a.edi", b"first")
    desk.drop.sweep()
    desk.seconds += 2.0
    real = desk.intake.accept_many

    def replaced_meanwhile(arrivals):  # type: ignore[no-untyped-def]
        newer = desk.put("new.tmp", b"second")
        newer.rename(desk.folder / "a.edi")
        return real(arrivals)

    desk.intake.accept_many = replaced_meanwhile  # type: ignore[method-assign]
    assert desk.drop.sweep() == 1
    desk.intake.accept_many = real  # type: ignore[method-assign]
    assert desk.left() == ["a.edi"]
    assert desk.settle() == 1
    assert [data for _, _, data in desk.intake.contents()] == [b"first", b"second"]


def test_a_newer_file_left_aside_by_a_crash_comes_back(desk: Desk) -> None:
    desk.put(".hub-taken-1-0123456789ab", b"second")  # not the inode that was recorded
    assert desk.settle() == 1
    assert desk.intake.contents() == [("oceanair", "recovered-0123456789ab", b"second")]


def test_the_same_file_dropped_again_is_a_new_arrival(desk: Desk) -> None:
    for _ in range(2):
        os.utime(desk.put("a.edi"), ns=(1, 1))
        assert desk.settle() == 1
    assert len(desk.intake.arrivals) == 2


def _link(desk: Desk) -> None:
    secret = desk.folder.parent / "secret"
    secret.write_text("not for partners")
    (desk.folder / "bad").symlink_to(secret)


REFUSED: dict[str, tuple[Callable[[Desk], object], str]] = {
    "link": (_link, "not_regular"),
    "folder": (lambda desk: (desk.folder / "bad").mkdir(), "not_regular"),
    "pipe": (lambda desk: os.mkfifo(desk.folder / "bad"), "not_regular"),
    "large": (lambda desk: desk.put("bad", b"x" * 1_000_001), "too_large"),
    "control": (lambda desk: desk.put("bad\nname"), "name_character"),
    "backslash": (lambda desk: desk.put("a\\bad"), "name_character"),
    "bytes": (lambda desk: open(os.fsencode(desk.folder) + b"/bad\xff", "wb").close(), "name_encoding"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_stays_and_is_told_once(desk: Desk, kind: str) -> None:
    make, key = REFUSED[kind]
    make(desk)
    desk.put("good.edi")
    assert desk.settle() == 1
    desk.drop.sweep()
    assert [refusal.finding.code for refusal in desk.refusals] == [f"transport.{key}"]
    assert len(desk.left()) == 1
    assert [name for _, name, _ in desk.intake.contents()] == ["good.edi"]


def test_a_link_that_takes_the_place_of_a_file_is_not_followed(desk: Desk) -> None:
    desk.put("a.edi")
    folder = desk.drop._drop.open()
    try:
        desk.drop._drop.scan(folder, 0.0)
        (found,), _ = desk.drop._drop.scan(folder, 10.0)
        (desk.folder / "a.edi").unlink()
        _link(desk)
        (desk.folder / "bad").rename(desk.folder / "a.edi")
        with pytest.raises(drop.NotTaken, match="not a regular file"):
            drop.read(folder, found, desk.blobs, 1000, 1000)
    finally:
        os.close(folder)


def test_a_file_that_changes_while_it_is_read_is_left_for_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("a.edi", b"half")
    real = os.read

    def grows(descriptor: int, count: int) -> bytes:
        data = real(descriptor, count)
        desk.put("a.edi", b"half and more")
        return data

    monkeypatch.setattr(os, "read", grows)
    assert desk.settle() == 0
    monkeypatch.undo()
    assert desk.intake.arrivals == []
    assert desk.left() == ["a.edi"]


def test_the_thread_takes_what_lies_there_and_what_comes(desk: Desk) -> None:
    desk.put("before.edi")
    desk.restart(settled=0.0)
    desk.drop.start()
    try:
        desk.intake.wait_for(1)
        desk.put("after.edi")
        desk.intake.wait_for(2)
    finally:
        assert desk.drop.stop(PATIENCE)


def test_the_thread_survives_a_folder_that_comes_later_and_an_intake_that_fails(desk: Desk) -> None:
    told = threading.Event()

    class Failing(Intake):
        def accept_many(self, arrivals):  # type: ignore[no-untyped-def]
            if not told.is_set():
                told.set()
                raise StoreError
            return super().accept_many(arrivals)

    desk.intake = Failing()
    desk.folder.rmdir()
    desk.restart(settled=0.0, rescan=0.05)
    desk.drop.start()
    try:
        desk.folder.mkdir()
        desk.put("a.edi")
        desk.intake.wait_for(1)
    finally:
        assert desk.drop.stop(PATIENCE)
    assert told.is_set()


def test_a_delivery_is_there_whole_and_again_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef01234567.part").write_bytes(b"left by a crash")
    (tmp_path / "theirs.part").write_bytes(b"")
    out = FolderOut(tmp_path)
    assert out.deliver("订单.xml", b"<a/>") == Delivered("written")
    assert out.deliver("订单.xml", b"<a/>") == Delivered("was there already")
    assert isinstance(out.deliver("订单.xml", b"<b/>"), Refused)
    assert (tmp_path / "订单.xml").read_bytes() == b"<a/>"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["theirs.part", "订单.xml"]


def test_a_delivery_does_not_leave_its_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert isinstance(FolderOut(tmp_path / "out").deliver("../escaped", b""), Refused)
    assert not (tmp_path / "escaped").exists()


def test_a_delivery_waits_while_its_folder_is_away(tmp_path: Path) -> None:
    out = FolderOut(tmp_path / "absent")
    assert isinstance(out.deliver("a", b""), Deferred)
