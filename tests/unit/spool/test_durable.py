"""Durable writes, with every step failing and the world stopping after every step."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import SpoolFull
from hub.spool.blobs import BlobDamaged, BlobMissing, Blobs
from hub.spool.durable import Files, NameTaken, SpoolError, make_folder, write_file, write_once
from hub.spool.repair import clear_unclaimed, clear_unfinished

STEPS = ("create", "write", "fsync", "rename", "link", "fsync_folder")


class Stopped(BaseException):
    """The process was killed."""


class Breaking(Files):
    """Files whose ``step`` raises ``error`` at its ``nth`` call, before or after doing its work; notes all steps."""

    def __init__(self, step: str = "", error: BaseException | None = None, after: bool = False, nth: int = 1) -> None:
        self.done: list[str] = []
        self._step, self._error, self._after, self._left = step, error, after, nth

    def _do(self, step: str, work: Callable[[], object]) -> object:
        self._left -= step == self._step
        breaks = self._error is not None and step == self._step and self._left == 0
        if breaks and not self._after:
            raise self._error  # type: ignore[misc]
        result = work()
        self.done.append(step)
        if breaks:
            raise self._error  # type: ignore[misc]
        return result

    def create(self, path: Path, mode: int = 0o600) -> int:
        return self._do("create", lambda: Files.create(self, path, mode))  # type: ignore[return-value]

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        return self._do("write", lambda: Files.write(self, descriptor, data[:3]))  # type: ignore[return-value]

    def fsync(self, descriptor: int) -> None:
        self._do("fsync", lambda: Files.fsync(self, descriptor))

    def rename(self, source: Path, target: Path) -> None:
        self._do("rename", lambda: Files.rename(self, source, target))

    def link(self, source: Path, target: Path) -> None:
        self._do("link", lambda: Files.link(self, source, target))

    def fsync_folder(self, folder: Path) -> None:
        self._do("fsync_folder", lambda: Files.fsync_folder(self, folder))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_order_is_what_makes_it_durable(tmp_path: Path) -> None:
    files = Breaking()
    write_file(tmp_path / "a", b"12345678", files)
    assert files.done == ["create", "write", "write", "write", "fsync", "rename", "fsync_folder"]
    assert (tmp_path / "a").read_bytes() == b"12345678"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["create", "write", "fsync", "rename"])
@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, SpoolFull), (errno.EIO, SpoolError)])
def test_a_step_that_fails_leaves_the_former_file(
    tmp_path: Path, step: str, number: int, error: type[Exception]
) -> None:
    (tmp_path / "a").write_bytes(b"former")
    with pytest.raises(error):
        write_file(tmp_path / "a", b"new bytes", Breaking(step, OSError(number, "broken")))
    assert (tmp_path / "a").read_bytes() == b"former"
    assert names(tmp_path) == ["a"]


def test_a_folder_that_cannot_be_fsynced_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpoolError):
        write_file(tmp_path / "a", b"new", Breaking("fsync_folder", OSError(errno.EIO, "broken")))


@pytest.mark.parametrize("write", [write_file, write_once])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_step_leaves_all_or_nothing(
    tmp_path: Path, write: Callable[..., object], step: str, after: bool
) -> None:
    files = Breaking(step, Stopped(), after)
    try:
        write(tmp_path / "a", b"new bytes", files)
    except Stopped:
        clear_unfinished(tmp_path)
    assert names(tmp_path) in ([], ["a"])
    if names(tmp_path):
        assert (tmp_path / "a").read_bytes() == b"new bytes"
    write(tmp_path / "a", b"new bytes")
    assert names(tmp_path) == ["a"]


def test_once_is_once(tmp_path: Path) -> None:
    target = tmp_path / "a"
    assert write_once(target, b"1", mode=0o640) is True
    assert target.stat().st_mode & 0o777 & ~0o640 == 0
    assert write_once(target, b"1") is False
    for other in (b"2", b"11", b""):
        with pytest.raises(NameTaken, match="a: there already"):
            write_once(target, other)
    assert target.read_bytes() == b"1"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_once_works_where_there_are_no_links(tmp_path: Path, number: int) -> None:
    def without() -> Breaking:
        return Breaking("link", OSError(number, "no links"))

    assert write_once(tmp_path / "a", b"1", without()) is True
    with pytest.raises((NameTaken, SpoolError)):
        write_once(tmp_path / "a", b"2", without())
    assert (tmp_path / "a").read_bytes() == b"1"
    assert names(tmp_path) == ["a"]


def test_once_does_not_follow_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"1")
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NameTaken):
        write_once(tmp_path / "a", b"1")
    assert (tmp_path / "elsewhere").read_bytes() == b"1"


def test_folders_are_durable_in_their_parents(tmp_path: Path) -> None:
    files = Breaking()
    make_folder(tmp_path / "a" / "b", files)
    assert files.done == ["fsync_folder", "fsync_folder"]
    make_folder(tmp_path / "a" / "b", files)
    assert len(files.done) == 2


# Blobs


def test_a_blob_is_found_by_its_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(b"abc")
    assert sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    assert blobs.path(sha256) == tmp_path / "blobs" / "ba" / "78" / sha256
    with blobs.open(sha256) as file:
        assert file.read() == b"abc"
    assert blobs.put(b"abc") == sha256
    assert list(blobs.digests()) == [sha256]
    assert names(tmp_path / "tmp") == []


def test_a_blob_from_a_file(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(3_000_000))
    with source.open("rb") as file:
        sha256 = Blobs(tmp_path).put(file)
    assert Blobs(tmp_path).path(sha256).read_bytes() == source.read_bytes()


def test_a_damaged_blob_is_found_and_mended_by_the_same_bytes(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(b"abc")
    blobs.path(sha256).write_bytes(b"abd")
    with pytest.raises(BlobDamaged):
        blobs.verify(sha256)
    blobs.put(b"abc")
    blobs.verify(sha256)


def test_a_blob_that_is_not_there(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    assert not blobs.exists("0" * 64)
    for digest in ("0" * 64, "../../etc/passwd", "A" * 64, "0" * 63):
        with pytest.raises(BlobMissing):
            blobs.open(digest)


@pytest.mark.parametrize("step", ["create", "write", "fsync", "rename", "fsync_folder"])
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_while_a_blob_is_written_leaves_all_or_nothing(tmp_path: Path, step: str, after: bool) -> None:
    Blobs(tmp_path)
    with pytest.raises(Stopped):
        Blobs(tmp_path, Breaking(step, Stopped(), after)).put(b"some bytes")
    clear_unfinished(tmp_path / "tmp")
    blobs = Blobs(tmp_path)
    for sha256 in blobs.digests():
        blobs.verify(sha256)
    assert names(tmp_path / "tmp") == []
    blobs.verify(blobs.put(b"some bytes"))


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_no_blob(tmp_path: Path, step: str) -> None:
    blobs = Blobs(tmp_path, Breaking(step, OSError(errno.ENOSPC, "full")))
    with pytest.raises(SpoolFull):
        blobs.put(b"some bytes")
    assert list(blobs.digests()) == []
    assert names(tmp_path / "tmp") == []


def test_blocks_out_of_order_give_the_same_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with blobs.writer() as writer:
        writer.write(b"c", 2)
        writer.write(b"ab", 0)
        assert writer.finish() == blobs.put(b"abc")


def test_a_block_written_twice_counts_as_written_last(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with blobs.writer() as writer:
        writer.write(b"xbc")
        writer.write(b"a", 0)
        assert writer.finish() == blobs.put(b"abc")


# Restart


def test_a_restart_clears_only_what_is_unfinished_and_ours(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    writer = blobs.writer()
    writer.write(b"half")
    (tmp_path / "tmp" / "theirs.part").write_bytes(b"")
    assert clear_unfinished(tmp_path / "tmp") == 1
    assert names(tmp_path / "tmp") == ["theirs.part"]
    assert clear_unfinished(tmp_path / "absent") == 0
    writer.discard()


def test_blobs_that_nothing_refers_to_are_cleared(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    kept, lost = blobs.put(b"recorded"), blobs.put(b"never recorded")
    assert clear_unclaimed(blobs, lambda sha256: sha256 == kept) == 1
    assert (blobs.exists(kept), blobs.exists(lost)) == (True, False)
