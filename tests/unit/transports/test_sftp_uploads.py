"""When an upload is taken, and when it is not."""

import hashlib
import os

import pytest

from hub.errors import SpoolFull, StoreError
from hub.sftp import wire
from hub.sftp.wire import Attributes, Op, SftpError, Status
from hub.transports.base import Account
from tests.unit.transports.fakes import PATIENCE, Hub, content

WRITE = wire.uint32(wire.Open.WRITE | wire.Open.CREATE | wire.Open.TRUNCATE)


def opened(client, path, flags=WRITE):
    """Open ``path`` for writing; the handle."""
    return client._call(path, Op.OPEN, wire.string(path), flags, Attributes().pack()).string()


def write(client, handle, offset, data):
    client._call("write", Op.WRITE, wire.string(handle), wire.uint64(offset), wire.string(data))


def close(client, handle):
    client._call("close", Op.CLOSE, wire.string(handle))


def test_an_upload_is_recorded_before_its_close_is_answered(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/order.edi", b"UNB+UNOA:1'")
        assert served.intake.contents() == [("oceanair", "order.edi", b"UNB+UNOA:1'")]
    (arrival,) = served.intake.arrivals
    assert (arrival.channel, arrival.origin, arrival.size) == ("sftp", "", 11)
    assert arrival.sha256 == hashlib.sha256(b"UNB+UNOA:1'").hexdigest()


def test_close_waits_for_the_intake(served: Hub) -> None:
    served.intake.hold()
    with served.login() as client:
        request = client._ask(Op.CLOSE, wire.string(opened(client, "/upload/a")))
        assert served.intake.entered.wait(PATIENCE)
        assert not client._channel.recv_ready()
        served.intake.let_go()
        client._call_done("/upload/a", request)
    assert len(served.intake.arrivals) == 1


def test_an_empty_file_is_an_upload_too(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/empty.edi", b"")
    assert served.intake.contents() == [("oceanair", "empty.edi", b"")]


@pytest.mark.parametrize("size", [65_536, 65_537, 700_001])
def test_large_uploads_are_blobs_that_are_durable_before_they_are_recorded(served: Hub, size: int) -> None:
    data = os.urandom(size)
    with served.login() as client:
        client.write("/upload/big.edi", data)
    (arrival,) = served.intake.arrivals
    assert content(arrival) == data
    assert (arrival.data is None) == (size > 65_536)
    assert arrival.sha256 == hashlib.sha256(data).hexdigest()
    if arrival.data is None:
        served.blobs.verify(arrival.sha256)
    assert served.unfinished() == []


@pytest.mark.parametrize("size", [30_000, 300_000])
def test_blocks_may_come_in_any_order(served: Hub, size: int) -> None:
    data = os.urandom(size)
    half = size // 2
    with served.login() as client:
        handle = opened(client, "/upload/mixed.edi")
        for at in range(half, size, 32_000):
            write(client, handle, at, data[at : at + 32_000])
        for at in range(0, half, 32_000):
            write(client, handle, at, data[at : min(half, at + 32_000)])
        close(client, handle)
    (arrival,) = served.intake.arrivals
    assert content(arrival) == data
    assert arrival.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("size", [10, 300_000])
def test_an_upload_with_a_hole_is_refused_at_close(served: Hub, size: int) -> None:
    with served.login() as client:
        handle = opened(client, "/upload/resumed.edi")
        write(client, handle, size, b"the rest")
        with pytest.raises(SftpError, match="nothing was written at byte 0") as failure:
            close(client, handle)
    assert failure.value.status is Status.FAILURE
    assert served.intake.arrivals == []
    assert [(refusal.name, refusal.finding.code) for refusal in served.refusals] == [
        ("resumed.edi", "transport.incomplete")
    ]
    assert served.unfinished() == []


def test_too_large_is_refused_while_it_is_written_and_cannot_be_closed(served: Hub) -> None:
    with served.login() as client:
        handle = opened(client, "/upload/huge.edi")
        write(client, handle, 0, b"x" * 32_768)
        with pytest.raises(SftpError, match="larger than the 1000000 bytes allowed"):
            write(client, handle, 990_000, b"x" * 32_768)
        with pytest.raises(SftpError, match="larger than"):
            close(client, handle)
        client.write("/upload/small.edi", b"the session goes on")
    assert [name for _, name, _ in served.intake.contents()] == ["small.edi"]
    assert [refusal.finding.code for refusal in served.refusals] == ["transport.too_large"]


def test_a_far_offset_allocates_nothing(served: Hub) -> None:
    with served.login() as client:
        handle = opened(client, "/upload/far.edi")
        with pytest.raises(SftpError, match="larger than"):
            write(client, handle, 1 << 62, b"x")


@pytest.mark.parametrize("size", [100, 300_000])
def test_a_cut_connection_takes_nothing(served: Hub, size: int) -> None:
    client = served.login()
    handle = opened(client, "/upload/half.edi")
    for at in range(0, size, 32_000):
        write(client, handle, at, b"x" * min(32_000, size - at))
    client.close()
    server = served.servers[-1]
    with server._changed:
        assert server._changed.wait_for(lambda: server.connections == 0, PATIENCE)
    assert served.intake.arrivals == []
    assert served.unfinished() == []


def test_a_channel_closed_without_closing_the_file_takes_nothing(served: Hub) -> None:
    client = served.login()
    write(client, opened(client, "/upload/half.edi"), 0, b"UNB+")
    client._channel.close()
    client.close()
    server = served.servers[-1]
    with server._changed:
        assert server._changed.wait_for(lambda: server.connections == 0, PATIENCE)
    assert served.intake.arrivals == []


@pytest.mark.parametrize("error", [SpoolFull(), StoreError()])
def test_the_client_is_told_when_the_intake_fails(served: Hub, error: StoreError) -> None:
    served.intake.error = error
    with served.login() as client:
        with pytest.raises(SftpError, match=str(error)[:20]) as failure:
            client.write("/upload/order.edi", b"UNB'")
        assert failure.value.status is Status.FAILURE
        assert client.stat("/upload/order.edi") is None
        served.intake.error = None
        client.write("/upload/order.edi", b"UNB'")
    assert len(served.intake.arrivals) == 1


def test_the_same_name_again_is_a_new_transmission(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/order.edi", b"first")
        client.write("/upload/order.edi", b"second")
    assert [data for _, _, data in served.intake.contents()] == [b"first", b"second"]


@pytest.mark.parametrize("temporary", ["a.edi.tmp", "a.part", "a.edi.filepart", "a.PARTIAL", ".a.edi.Xy1"])
@pytest.mark.parametrize("posix", [True, False])
def test_a_temporary_name_is_taken_when_it_is_renamed(served: Hub, temporary: str, posix: bool) -> None:
    with served.login() as client:
        client.write(f"/upload/{temporary}", b"UNB'")
        assert served.intake.arrivals == []
        assert client.stat(f"/upload/{temporary}").size == 4
        client._posix_rename = posix
        client.rename(f"/upload/{temporary}", "/upload/a.edi")
        assert served.intake.contents() == [("oceanair", "a.edi", b"UNB'")]
        assert [file.name for file in client.listdir("/upload")] == ["a.edi"]


def test_a_rename_that_the_intake_refuses_can_be_tried_again(served: Hub) -> None:
    served.intake.error = StoreError()
    with served.login() as client:
        client.write("/upload/a.tmp", b"x" * 100_000)
        with pytest.raises(SftpError, match="database"):
            client.rename("/upload/a.tmp", "/upload/a.edi")
        served.intake.error = None
        client.rename("/upload/a.tmp", "/upload/a.edi")
    assert [len(data) for _, _, data in served.intake.contents()] == [100_000]


def test_from_one_temporary_name_to_another_takes_nothing_yet(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/a.tmp", b"1")
        client.rename("/upload/a.tmp", "/upload/b.part")
        assert served.intake.arrivals == []
        client.rename("/upload/b.part", "/upload/b.edi")
    assert served.intake.contents() == [("oceanair", "b.edi", b"1")]


def test_a_temporary_name_lives_in_its_session_only(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/a.tmp", b"x" * 100_000)
    server = served.servers[-1]
    with server._changed:
        assert server._changed.wait_for(lambda: server.connections == 0, PATIENCE)
    with served.login() as client, pytest.raises(SftpError, match="no a.tmp") as failure:
        client.rename("/upload/a.tmp", "/upload/a.edi")
    assert failure.value.status is Status.NO_SUCH_FILE
    assert served.intake.arrivals == []
    assert [refusal.finding.code for refusal in served.refusals] == ["transport.never_renamed"]
    assert served.unfinished() == []


def test_what_was_taken_is_not_renamed_removed_or_read_back(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/a.edi", b"1")
        attempts = (
            lambda: client.rename("/upload/a.edi", "/upload/b.edi"),
            lambda: client.remove("/upload/a.edi"),
            lambda: client.get("/upload/a.edi"),
            lambda: client.rename("/upload/a.edi", "/download/a.edi"),
        )
        for attempt in attempts:
            with pytest.raises(SftpError) as failure:
                attempt()
            assert failure.value.status is Status.PERMISSION_DENIED


def test_an_upload_not_yet_renamed_can_be_removed(served: Hub) -> None:
    with served.login() as client:
        client.write("/upload/a.tmp", b"1")
        client.remove("/upload/a.tmp")
        assert client.stat("/upload/a.tmp") is None


def test_appending_is_refused_at_open(served: Hub) -> None:
    with served.login() as client, pytest.raises(SftpError, match="not resumed") as failure:
        opened(client, "/upload/a.edi", wire.uint32(wire.Open.WRITE | wire.Open.APPEND))
    assert failure.value.status is Status.OP_UNSUPPORTED


def test_times_and_rights_are_accepted_without_effect_but_cutting_is_not(served: Hub) -> None:
    with served.login() as client:
        handle = opened(client, "/upload/a.edi")
        write(client, handle, 0, b"12345")
        client._call("", Op.FSETSTAT, wire.string(handle), Attributes(mode=0o100600, modified=1).pack())
        with pytest.raises(SftpError, match="cut shorter"):
            client._call("", Op.FSETSTAT, wire.string(handle), Attributes(size=2).pack())
        close(client, handle)
        client._call("", Op.SETSTAT, wire.string("/upload/a.edi"), Attributes(modified=1).pack())
    assert served.intake.contents() == [("oceanair", "a.edi", b"12345")]


def test_files_under_temporary_names_and_open_files_are_counted(served: Hub) -> None:
    with served.login() as client:
        handles = [opened(client, f"/upload/{number}.edi") for number in range(64)]
        with pytest.raises(SftpError, match="more than 64 open files"):
            opened(client, "/upload/65.edi")
        for handle in handles:
            close(client, handle)
        for number in range(256):
            client.write(f"/upload/{number}.tmp", b"")
        with pytest.raises(SftpError, match="too many files under temporary names"):
            client.write("/upload/256.tmp", b"")


def test_a_write_that_the_disk_refuses_fails_the_upload(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.serve()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with hub.login() as client:
        handle = opened(client, "/upload/big.edi")
        write(client, handle, 0, b"x" * 60_000)
        monkeypatch.setattr(hub.blobs._files, "write", full)
        with pytest.raises(SftpError, match="disk is full"):
            write(client, handle, 60_000, b"x" * 30_000)
        monkeypatch.undo()
        with pytest.raises(SftpError, match="disk is full"):
            close(client, handle)
    assert hub.intake.arrivals == []
    assert hub.unfinished() == []


def test_another_limit_for_another_partner(hub: Hub) -> None:
    hub.accounts.accounts["customs"] = Account("customs", (hub.keys["customs"].line,), max_upload_bytes=3)
    hub.serve()
    with hub.login("customs") as client, pytest.raises(SftpError, match="larger than the 3 bytes"):
        client.write("/upload/a", b"1234")
