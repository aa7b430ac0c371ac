"""The disk is full: an upload's close fails, nothing is half taken, the hub lives, and works again when there is room.

The spool lies on a small file system of its own, which takes root to mount."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.sftp.wire import SftpError, Status
from tests.acceptance.support import Home, fresh, make_home, passenger_list, until

SIZE = "24m"


@pytest.fixture
def spool(tmp_path: Path, needs: Callable[[str], str]) -> Iterator[Path]:
    """An empty file system of 24 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a full disk is tested on a file system of its own, and only root can mount one")
    command = [needs("mount"), "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if mounted.returncode != 0:
        pytest.skip(f"a full disk is tested on a file system of its own, which cannot be mounted: {mounted.stderr}")
    yield folder
    unmount = [needs("umount"), str(folder)]
    until(lambda: subprocess.run(unmount, check=False, timeout=60).returncode == 0, "a process of the hub lives on", 20)


@pytest.fixture
def home(tmp_path: Path, spool: Path) -> Iterator[Home]:
    home = make_home(tmp_path / "home")
    shutil.copytree(home.path / "spool", spool, dirs_exist_ok=True)
    shutil.rmtree(home.path / "spool")
    (home.path / "spool").symlink_to(spool)
    with home.serve():
        yield home


def fill(spool: Path) -> Path:
    """A file that takes the last byte."""
    ballast = spool / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def attempt(home: Home, name: str, data: bytes, straight: bool) -> Status | None:
    """Upload; the status with which that was refused, or None."""
    with home.sftp("oceanair") as session:
        try:
            (session.write if straight else session.put)(f"upload/{name}", data)
        except SftpError as error:
            return error.status or Status.EOF
    return None


def until_refused(home: Home, size: int, straight: bool) -> tuple[str, bytes]:
    """Upload lists that are longer by ``size`` bytes until one is refused, and that one: a few may still fit."""
    for _ in range(200):
        name, data = f"{fresh()}.edi", passenger_list() + b"\n" * size
        told = attempt(home, name, data, straight)
        if told is not None:
            assert told is Status.FAILURE  # said, not merely cut off
            return name, data
    raise AssertionError("a full disk takes every upload")


def test_a_full_disk_refuses_and_recovers(home: Home, spool: Path) -> None:
    home.still_serves()
    ballast = fill(spool)
    # Large and small, straight and with a rename: none is taken, and the sender knows.
    refused = [until_refused(home, size, straight) for size in (300_000, 0) for straight in (True, False)]
    assert home.hub is not None
    assert home.hub.alive
    for name, _ in refused:
        assert not home.rows("SELECT id FROM transmissions WHERE name = ?", name)
    assert home.listing("oceanair", "upload") == []  # and it still answers

    ballast.unlink()
    for name, data in refused:  # the sender sends again, as it was told to
        home.put("oceanair", data, name)
        assert home.settled("oceanair", name)["state"] in ("accepted", "refused")
    home.still_serves()
    waiting = "SELECT id FROM transmissions WHERE state = 'received'"
    until(lambda: not home.rows(waiting), "what was taken before the disk was full is not decided")
    until(lambda: not home.rows("SELECT id FROM deliveries WHERE state = 'planned'"), "not all is written")
    assert not home.rows("SELECT id FROM transmissions WHERE state = 'failed'")
    assert not home.rows("SELECT id FROM deliveries WHERE state = 'failed'")
    assert home.run("ledger", "verify").returncode == 0
    assert not list((spool / "tmp").iterdir())
