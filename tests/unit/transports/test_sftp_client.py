"""The hub as the client of a partner's server: the client itself, polling, pushing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.errors import StoreError
from hub.model.delivery import Deferred, Delivered, Refused
from hub.sftp.client import SftpConnection
from hub.sftp.wire import SftpError, Status
from hub.spool.blobs import Blobs
from hub.transports.base import Refusal
from hub.transports.sftp_client import PollSettings, Remote, SftpPoll, SftpPush
from tests.unit.transports.fakes import PATIENCE, Intake, content, make_key
from tests.unit.transports.peer import Peer


@dataclass
class World:
    """A partner's server with one folder, and what the hub needs to use it."""

    folder: Path
    peer: Peer
    remote: Remote
    intake: Intake
    blobs: Blobs
    refusals: list[Refusal]

    def poll(self) -> SftpPoll:
        settings = PollSettings("customs", max_bytes=1_000_000)
        return SftpPoll(settings, self.remote, self.intake, self.blobs, self.refusals.append)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    host, ours = make_key(tmp_path / "host"), make_key(tmp_path / "ours")
    folder = tmp_path / "theirs" / "out"
    folder.mkdir(parents=True)
    peer = Peer(tmp_path / "theirs", host.path)
    remote = Remote("127.0.0.1", peer.port, "hub", ours.path, host.line, "/out", PATIENCE)
    yield World(folder, peer, remote, Intake(), Blobs(tmp_path / "spool"), [])
    peer.stop()


@pytest.fixture
def client(world: World) -> Iterator[SftpConnection]:
    with world.remote.connect() as connection:
        yield connection


@pytest.mark.parametrize("size", [0, 1, 32_768, 32_769, 5_000_000])
def test_what_is_put_is_got(world: World, client: SftpConnection, size: int) -> None:
    data = os.urandom(size)
    client.put("/out/订单.edi", data)
    assert (world.folder / "订单.edi").read_bytes() == data
    assert world.left() == ["订单.edi"]
    assert client.get("/out/订单.edi") == data
    assert [(file.name, file.size) for file in client.listdir("/out")] == [("订单.edi", size)]
    client.remove("/out/订单.edi")
    assert world.left() == []


def test_folders_are_not_listed_as_files(world: World, client: SftpConnection) -> None:
    (world.folder / "sub").mkdir()
    assert client.listdir("/out") == []


def test_refusals_name_the_path_and_the_status(client: SftpConnection) -> None:
    for attempt in (client.get, client.remove, client.listdir):
        with pytest.raises(SftpError, match="/out/absent") as refused:
            attempt("/out/absent")
        assert refused.value.status is Status.NO_SUCH_FILE
    assert client.stat("/out/absent") is None


def test_more_than_is_allowed_is_not_fetched(world: World, client: SftpConnection) -> None:
    (world.folder / "big").write_bytes(b"x" * 101)
    with pytest.raises(SftpError, match="more than the 100 allowed"):
        client.get("/out/big", 100)
    assert client.get("/out/big", 101) == b"x" * 101


def test_a_server_that_is_not_there_is_told(world: World) -> None:
    world.peer.stop()
    with pytest.raises(SftpError, match="cannot be reached"):
        world.remote.connect()


def test_a_connection_that_broke_is_told(client: SftpConnection) -> None:
    client.close()
    with pytest.raises(SftpError, match="connect again"):
        client.listdir("/out")


def test_a_push_is_whole_and_again_is_the_same(world: World) -> None:
    push = SftpPush(world.remote)
    assert push.deliver("a.xml", b"<a/>") == Delivered("uploaded")
    assert push.deliver("a.xml", b"<a/>") == Delivered("was there already")
    assert isinstance(push.deliver("a.xml", b"<b/>"), Refused)
    assert isinstance(push.deliver("a.xml", b"longer"), Refused)
    assert isinstance(push.deliver("../a.xml", b""), Refused)
    assert (world.folder / "a.xml").read_bytes() == b"<a/>"
    assert world.left() == ["a.xml"]


def test_a_push_waits_while_the_server_is_away(world: World) -> None:
    world.folder.rmdir()
    assert isinstance(SftpPush(world.remote).deliver("a.xml", b""), Deferred)


def test_a_poll_takes_what_two_polls_saw_the_same(world: World) -> None:
    poll = world.poll()
    (world.folder / "a.edi").write_bytes(b"half")
    (world.folder / "b.edi.tmp").write_bytes(b"")
    assert poll.poll() == 0
    (world.folder / "a.edi").write_bytes(b"whole")
    assert poll.poll() == 0
    assert poll.poll() == 1
    assert world.intake.contents() == [("customs", "a.edi", b"whole")]
    assert world.left() == ["b.edi.tmp"]


def test_a_poll_takes_large_files_as_blobs(world: World) -> None:
    data = os.urandom(300_000)
    (world.folder / "big").write_bytes(data)
    poll = world.poll()
    poll.poll()
    assert poll.poll() == 1
    (arrival,) = world.intake.arrivals
    assert arrival.data is None
    assert content(arrival) == data


def test_what_was_not_recorded_is_polled_again_and_what_was_is_taken_once(world: World) -> None:
    (world.folder / "a.edi").write_bytes(b"1")
    poll = world.poll()
    poll.poll()
    world.intake.error = StoreError()
    with pytest.raises(StoreError):
        poll.poll()
    assert world.left() == ["a.edi"]
    world.intake.error = None
    real = SftpConnection.remove
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SftpConnection, "remove", lambda self, path: self.close() or real(self, path))
        with pytest.raises(SftpError):
            poll.poll()
    assert world.left() == ["a.edi"]
    assert poll.poll() == 1
    assert len(world.intake.arrivals) == 1
    assert world.left() == []


def test_one_file_that_cannot_be_had_does_not_hold_up_the_others(world: World) -> None:
    for name in ("a", "b", "c\\d", "e"):
        (world.folder / name).write_bytes(b"1")
    (world.folder / "huge").write_bytes(bytes(1_000_001))
    world.peer.locked.add("a")
    poll = world.poll()
    poll.poll()
    assert poll.poll() == 2
    assert poll.poll() == 0
    assert sorted(arrival.name for arrival in world.intake.arrivals) == ["b", "e"]
    assert sorted(refusal.finding.code for refusal in world.refusals) == ["transport.too_large", "transport.unreadable"]
