"""Who gets in, what a client may do, and that a hostile or slow one harms nobody."""

import os
import socket
import struct
import threading

import paramiko
import pytest

from hub.sftp import wire
from hub.sftp.ssh import StrictTransport, private_key
from hub.sftp.wire import Attributes, Op, SftpError, Status
from hub.transports.base import Account, Folder, FolderKind
from hub.transports.sftp_server import AddressTaken, SftpServer, SftpSettings
from tests.unit.transports.fakes import PATIENCE, Hub, make_key


def shell(hub: Hub, user: str = "oceanair", transport_class: type[paramiko.Transport] = StrictTransport):
    """A logged-in SSH connection without an SFTP session."""
    transport = transport_class(socket.create_connection(hub.servers[-1].address, PATIENCE))
    transport.start_client(timeout=PATIENCE)
    transport.auth_publickey(user, private_key(hub.keys[user].path))
    return transport


def closed_by_server(sock: socket.socket) -> bool:
    """Whether the server ends the connection, whatever it says before."""
    sock.settimeout(PATIENCE / 2)  # sooner than the login grace ends
    try:
        while sock.recv(4096):
            pass
    except ConnectionResetError:
        return True
    return True


def wait_until_empty(server: SftpServer) -> None:
    with server._changed:
        assert server._changed.wait_for(lambda: not server._connections, PATIENCE)


# Who gets in


def test_another_key_is_refused(served: Hub) -> None:
    with pytest.raises(SftpError, match="refused the key of oceanair"):
        served.login("oceanair", served.keys["customs"])


def test_an_unknown_user_is_refused_alike(served: Hub) -> None:
    with pytest.raises(SftpError, match="refused the key of nobody"):
        served.login("nobody", served.keys["customs"])


def test_a_key_without_its_private_half_is_refused(served: Hub) -> None:
    transport = StrictTransport(socket.create_connection(served.servers[-1].address, PATIENCE))
    transport.start_client(timeout=PATIENCE)
    thief = private_key(served.keys["customs"].path)
    thief.asbytes = private_key(served.keys["oceanair"].path).asbytes  # shows one key, signs with another
    with pytest.raises(paramiko.AuthenticationException):
        transport.auth_publickey("oceanair", thief)
    transport.cut()


@pytest.mark.parametrize("method", ["password", "none", "keyboard-interactive"])
def test_only_public_keys_are_accepted(served: Hub, method: str) -> None:
    transport = StrictTransport(socket.create_connection(served.servers[-1].address, PATIENCE))
    transport.start_client(timeout=PATIENCE)
    attempts = {
        "password": lambda: transport.auth_password("oceanair", "secret", fallback=False),
        "none": lambda: transport.auth_none("oceanair"),
        "keyboard-interactive": lambda: transport.auth_interactive("oceanair", lambda *_: []),
    }
    with pytest.raises(paramiko.BadAuthenticationType) as refused:
        attempts[method]()
    assert refused.value.allowed_types == ["publickey"]
    transport.cut()


def test_a_short_rsa_key_is_refused(hub: Hub) -> None:
    hub.serve()
    key = paramiko.RSAKey.generate(1024)
    hub.accounts.accounts["oceanair"] = Account("oceanair", (f"ssh-rsa {key.get_base64()}",))
    transport = StrictTransport(socket.create_connection(hub.servers[-1].address, PATIENCE))
    transport.start_client(timeout=PATIENCE)
    with pytest.raises(paramiko.AuthenticationException):
        transport.auth_publickey("oceanair", key)
    transport.cut()


def test_several_keys_and_a_broken_line(hub: Hub) -> None:
    hub.serve()
    second = make_key(hub.folder / "second")
    hub.accounts.accounts["oceanair"] = Account("oceanair", ("ssh-ed25519 !", hub.keys["oceanair"].line, second.line))
    for key in (hub.keys["oceanair"], second):
        with hub.login("oceanair", key) as client:
            assert client.listdir("/upload") == []


def test_the_client_refuses_another_host_key(served: Hub) -> None:
    with pytest.raises(SftpError, match="another host key"):
        served.login(host_key=served.keys["customs"].line)


class WeakTransport(paramiko.Transport):
    """Offers only what it is told to."""

    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()

    @property
    def preferred_ciphers(self) -> tuple[str, ...]:
        return self.ciphers or super().preferred_ciphers

    @property
    def preferred_macs(self) -> tuple[str, ...]:
        return self.macs or super().preferred_macs


@pytest.mark.parametrize("weak", [{"ciphers": ("aes128-cbc", "3des-cbc")}, {"macs": ("hmac-sha1", "hmac-md5")}])
def test_weak_algorithms_are_refused(served: Hub, weak: dict[str, tuple[str, ...]]) -> None:
    if "macs" in weak:
        weak = weak | {"ciphers": ("aes128-ctr",)}  # GCM needs no MAC
    transport = type("Weak", (WeakTransport,), weak)(socket.create_connection(served.servers[-1].address, PATIENCE))
    transport.logger.disabled = True
    with pytest.raises((paramiko.SSHException, EOFError)):
        transport.start_client(timeout=PATIENCE)


# What a client may do


def test_nothing_but_sftp(served: Hub) -> None:
    transport = shell(served)
    for ask in (
        lambda channel: channel.exec_command("id"),
        lambda channel: channel.invoke_shell(),
        lambda channel: channel.get_pty(),
        lambda channel: channel.invoke_subsystem("scp"),
    ):
        channel = transport.open_session(timeout=PATIENCE)
        with pytest.raises(paramiko.SSHException):
            ask(channel)
        channel.close()
    with pytest.raises(paramiko.ChannelException):
        transport.open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 1), timeout=PATIENCE)
    with pytest.raises(paramiko.SSHException):
        transport.request_port_forward("", 0)
    transport.cut()


@pytest.mark.parametrize("op", [Op.MKDIR, Op.RMDIR, Op.READLINK, Op.SYMLINK])
def test_no_folders_and_no_links(served: Hub, op: Op) -> None:
    served.mailboxes.files["oceanair", "download", "a"] = b"1"
    with served.login() as client, pytest.raises(SftpError) as refused:
        client._call("", op, wire.string("/download/a"), wire.string("/upload/b"))
    assert refused.value.status is Status.PERMISSION_DENIED


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "/upload/a/b", "/upload/a\0b", "/upload/\u202ea"])
def test_paths_that_lead_out(served: Hub, path: str) -> None:
    with served.login() as client:
        for attempt in (client.get, client.remove, client.listdir, lambda each: client.write(each, b"x")):
            with pytest.raises(SftpError) as refused:
                attempt(path)
            assert refused.value.status is Status.NO_SUCH_FILE
    assert served.intake.arrivals == []


def test_the_root_shows_the_folders(served: Hub) -> None:
    with served.login() as client:
        handle = client._call("/", Op.OPENDIR, wire.string("/")).string()
        fields = client._call("/", Op.READDIR, wire.string(handle))
        names = []
        for _ in range(fields.uint32()):
            names.append(fields.text())
            assert fields.text().startswith("drwxrwx---")
            assert fields.attributes().folder
        assert names == ["upload", "download", "receipts", "rejected"]
        assert client.stat("/receipts").folder
        assert client.stat("/nowhere") is None


def test_a_mailbox_is_listed_fetched_and_emptied(served: Hub) -> None:
    data = os.urandom(300_000)
    served.mailboxes.files["oceanair", "receipts", "回执.xml"] = data
    served.mailboxes.files["oceanair", "receipts", "empty"] = b""
    with served.login() as client:
        assert [(file.name, file.size) for file in client.listdir("/receipts")] == [("empty", 0), ("回执.xml", 300_000)]
        assert client.get("/receipts/回执.xml") == data
        assert served.mailboxes.was_fetched == [("oceanair", "receipts", "回执.xml")]
        assert client.get("/receipts/empty") == b""
        assert len(served.mailboxes.was_fetched) == 2
        client.remove("/receipts/回执.xml")
        with pytest.raises(SftpError) as gone:
            client.remove("/receipts/回执.xml")
        assert gone.value.status is Status.NO_SUCH_FILE


def test_long_listings_come_in_parts(served: Hub) -> None:
    for number in range(250):
        served.mailboxes.files["oceanair", "download", f"{number:03}"] = b""
    with served.login() as client:
        assert [file.name for file in client.listdir("/download")] == [f"{number:03}" for number in range(250)]


def test_a_file_read_in_part_is_not_fetched(served: Hub) -> None:
    served.mailboxes.files["oceanair", "download", "a"] = b"x" * 1000
    with served.login() as client:
        path, read = wire.string("/download/a"), wire.uint32(wire.Open.READ)
        handle = wire.string(client._call("", Op.OPEN, path, read, Attributes().pack()).string())
        client._call("", Op.READ, handle, wire.uint64(500), wire.uint32(500))
        client._call("", Op.CLOSE, handle)
        assert served.mailboxes.was_fetched == []
        handle = wire.string(client._call("", Op.OPEN, path, read, Attributes().pack()).string())
        client._call("", Op.READ, handle, wire.uint64(500), wire.uint32(500))
        client._call("", Op.READ, handle, wire.uint64(0), wire.uint32(500))
        client._call("", Op.CLOSE, handle)
        assert len(served.mailboxes.was_fetched) == 1


def test_mailboxes_are_not_written_and_not_renamed(served: Hub) -> None:
    served.mailboxes.files["oceanair", "download", "a"] = b"1"
    with served.login() as client:
        for attempt in (
            lambda: client.write("/download/b", b""),
            lambda: client.rename("/download/a", "/download/b"),
            lambda: client.rename("/download/a", "/upload/b"),
            lambda: client.remove("/download"),
        ):
            with pytest.raises(SftpError) as refused:
                attempt()
            assert refused.value.status is Status.PERMISSION_DENIED


def test_partners_do_not_see_each_other(served: Hub) -> None:
    served.mailboxes.files["customs", "download", "secret"] = b"1"
    with served.login("oceanair") as ours, served.login("customs") as theirs:
        ours.write("/upload/ours.tmp", b"1")
        assert ours.listdir("/download") == []
        with pytest.raises(SftpError):
            ours.get("/download/secret")
        with pytest.raises(SftpError):
            ours.remove("/download/secret")
        assert theirs.listdir("/upload") == []
        with pytest.raises(SftpError):
            theirs.rename("/upload/ours.tmp", "/upload/ours.edi")
        assert theirs.get("/download/secret") == b"1"
        theirs.write("/upload/a.edi", b"2")
    assert [partner for partner, _, _ in served.intake.contents()] == ["customs"]


def test_a_partner_may_have_other_folders(hub: Hub) -> None:
    folders = (Folder("OutBox", FolderKind.UPLOAD, "upload"), Folder("InBox", FolderKind.MAILBOX, "receipts"))
    hub.accounts.accounts["oceanair"] = Account("oceanair", (hub.keys["oceanair"].line,), folders)
    hub.mailboxes.files["oceanair", "receipts", "a"] = b"1"
    hub.serve()
    with hub.login() as client:
        client.put("/OutBox/b.xml", b"2")
        assert client.get("/InBox/a") == b"1"
        assert client.stat("/upload") is None
    assert hub.intake.contents() == [("oceanair", "b.xml", b"2")]


# Caps and times


def test_who_does_not_log_in_in_time_is_cut(hub: Hub) -> None:
    server = hub.serve(login_grace=0.1)
    with socket.create_connection(server.address, PATIENCE) as silent:
        assert closed_by_server(silent)
    wait_until_empty(server)


def test_who_logs_in_and_opens_nothing_is_cut(hub: Hub) -> None:
    server = hub.serve(idle=0.2)
    transport = shell(hub)
    transport.join(PATIENCE)
    assert not transport.is_alive()
    wait_until_empty(server)


def test_an_idle_session_is_ended_and_takes_nothing(hub: Hub) -> None:
    server = hub.serve(idle=0.3)
    client = hub.login()
    flags = wire.uint32(wire.Open.WRITE | wire.Open.CREATE)
    client._call("", Op.OPEN, wire.string("/upload/a"), flags, Attributes().pack())
    with pytest.raises(SftpError, match="ended the session"):
        client._next()
    wait_until_empty(server)
    assert hub.intake.arrivals == []


def test_connections_per_partner_are_counted(hub: Hub) -> None:
    hub.accounts.accounts["oceanair"] = Account("oceanair", (hub.keys["oceanair"].line,), max_sessions=2)
    server = hub.serve()
    first, second = hub.login(), hub.login()
    with pytest.raises(SftpError, match="no SFTP session"):
        hub.login()
    with hub.login("customs"):
        pass
    first.close()
    with server._changed:
        assert server._changed.wait_for(lambda: len(server._admitted) == 1, PATIENCE)
    hub.login().close()
    second.close()


@pytest.mark.parametrize(("cap", "value"), [("max_connections", 2), ("max_per_address", 2), ("max_logging_in", 4)])
def test_connections_are_counted(hub: Hub, cap: str, value: int) -> None:
    """Of the places for those who log in, one address has half."""
    server = hub.serve(**{cap: value})
    held = [socket.create_connection(server.address, PATIENCE) for _ in range(2)]
    for each in held:
        assert each.recv(4) == b"SSH-"
    with socket.create_connection(server.address, PATIENCE) as third:
        assert third.recv(4) == b""
    for each in held:
        each.close()
    wait_until_empty(server)
    hub.login().close()


def test_channels_of_a_connection_are_counted(served: Hub) -> None:
    transport = shell(served)
    channels = [transport.open_session(timeout=PATIENCE) for _ in range(2)]
    with pytest.raises(paramiko.ChannelException):
        transport.open_session(timeout=PATIENCE)
    channels[0].close()
    transport.open_session(timeout=PATIENCE)
    channels[1].invoke_subsystem("sftp")
    with pytest.raises(paramiko.SSHException):
        channels[1].invoke_subsystem("sftp")
    transport.cut()


def test_a_withdrawn_account_is_cut(served: Hub) -> None:
    client, other = served.login(), served.login("customs")
    served.servers[-1].cut("oceanair")
    with pytest.raises(SftpError):
        client.listdir("/upload")
    assert other.listdir("/upload") == []
    other.close()


# Stopping


def test_stopping_lets_a_close_finish_and_be_answered(served: Hub) -> None:
    served.intake.hold()
    client = served.login()
    failed: list[Exception] = []

    def upload() -> None:
        try:
            client.write("/upload/a", b"1")
        except SftpError as error:
            failed.append(error)

    uploader = threading.Thread(target=upload)
    uploader.start()
    assert served.intake.entered.wait(PATIENCE)
    stopper = threading.Thread(target=served.servers[-1].stop)
    stopper.start()
    assert served.servers[-1]._stopping.wait(PATIENCE)
    served.intake.let_go()
    uploader.join(PATIENCE)
    stopper.join(PATIENCE)
    assert failed == []
    assert len(served.intake.arrivals) == 1
    assert served.servers[-1].connections == 0


def test_stopping_cuts_an_upload_under_way(served: Hub) -> None:
    client = served.login()
    flags = wire.uint32(wire.Open.WRITE | wire.Open.CREATE)
    handle = wire.string(client._call("", Op.OPEN, wire.string("/upload/a"), flags, Attributes().pack()).string())
    client._call("", Op.WRITE, handle, wire.uint64(0), wire.string(b"x" * 100_000))
    assert served.servers[-1].stop()
    with pytest.raises(SftpError):
        client._call("", Op.CLOSE, handle)
    assert served.intake.arrivals == []
    assert served.unfinished() == []


def test_a_taken_address_is_told(served: Hub) -> None:
    settings = SftpSettings((served.host_key.path,), port=served.servers[-1].address[1])
    other = SftpServer(settings, served.accounts, served.intake, served.mailboxes, served.blobs)
    with pytest.raises(AddressTaken, match="choose another"):
        other.start()
    assert other.stop()


# Hostile packets


@pytest.mark.parametrize("length", [0x7FFFFFFC, 0xFFFFFFFC, 300_004])  # what a block size of 8 admits
def test_a_huge_packet_before_the_login_is_not_awaited(served: Hub, length: int) -> None:
    with socket.create_connection(served.servers[-1].address, PATIENCE) as stranger:
        stranger.sendall(b"SSH-2.0-stranger\r\n" + struct.pack(">IB", length, 4) + bytes(11))
        assert closed_by_server(stranger)
    wait_until_empty(served.servers[-1])


@pytest.mark.parametrize(
    "hello", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + bytes(200), b"SSH-1.5-old\r\n", b"\n" * 500]
)
def test_what_is_not_ssh_is_cut(served: Hub, hello: bytes) -> None:
    with socket.create_connection(served.servers[-1].address, PATIENCE) as stranger:
        stranger.sendall(hello)
        stranger.shutdown(socket.SHUT_WR)
        assert closed_by_server(stranger)
    wait_until_empty(served.servers[-1])


def raw(hub: Hub) -> paramiko.Channel:
    """An SFTP channel without a client on it."""
    transport = shell(hub)
    channel = transport.open_session(timeout=PATIENCE)
    channel.settimeout(PATIENCE)
    channel.invoke_subsystem("sftp")
    channel.hub_transport = transport  # paramiko holds its channels weakly, and they it
    return channel


@pytest.mark.parametrize(
    "garbage",
    [
        struct.pack(">I", 0),
        struct.pack(">IB", 300_000, 3),
        struct.pack(">IB", 0xFFFFFFFF, 6),
        struct.pack(">IB", 1, 3),
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_packet_ends_the_session(served: Hub, garbage: bytes) -> None:
    channel = raw(served)
    channel.sendall(garbage)
    assert channel.recv(100) == b""
    channel.hub_transport.cut()


@pytest.mark.parametrize(
    ("op", "body"),
    [
        (Op.OPEN, b""),
        (Op.OPEN, wire.uint32(0xFFFFFFFF) + b"x"),
        (Op.WRITE, wire.string(b"1") + wire.uint64(0) + wire.uint32(100)),
        (Op.FSETSTAT, wire.string(b"1") + wire.uint32(0x80000000) + wire.uint32(0xFFFFFFFF)),
        (Op.STAT, wire.string(b"\xff\xfe")),
        (Op.EXTENDED, wire.string("check-file")),
        (99, b""),
        (Op.STATUS, b""),
    ],
)
def test_a_broken_request_is_answered_and_the_session_goes_on(served: Hub, op: int, body: bytes) -> None:
    with served.login() as client:
        client._last += 1
        client._send(wire.packet(op, client._last, body))
        with pytest.raises(SftpError) as refused:
            client._call_done("", client._last)
        assert refused.value.status in (Status.BAD_MESSAGE, Status.OP_UNSUPPORTED)
        assert client.listdir("/upload") == []


def test_a_handle_of_another_session_or_kind_is_refused(served: Hub) -> None:
    with served.login() as client:
        folder = wire.string(client._call("", Op.OPENDIR, wire.string("/upload")).string())
        for op, fields in (
            (Op.READ, (folder, wire.uint64(0), wire.uint32(1))),
            (Op.WRITE, (folder, wire.uint64(0), wire.string(b""))),
            (Op.CLOSE, (wire.string(b"77"),)),
        ):
            with pytest.raises(SftpError):
                client._call("", op, *fields)


def test_a_peer_that_ignores_its_window_is_cut(served: Hub) -> None:
    """5 MB without waiting for the window, while the server is held up: more than it will keep for one channel."""
    served.intake.hold()
    client = served.login()
    flags = wire.uint32(wire.Open.WRITE | wire.Open.CREATE)
    handle = wire.string(client._call("", Op.OPEN, wire.string("/upload/a"), flags, Attributes().pack()).string())
    client._ask(Op.CLOSE, handle)
    assert served.intake.entered.wait(PATIENCE)
    client._channel.out_window_size = 1 << 30

    def flood() -> None:
        for _ in range(2_000):
            client._send(bytes(32_000))

    with pytest.raises(SftpError):
        flood()
    served.intake.let_go()
    wait_until_empty(served.servers[-1])
