"""A stranger's client: OpenSSH's own ``sftp`` in batch mode, and lftp where it is installed."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.errors import StoreError
from hub.sftp import wire
from tests.unit.transports.fakes import Hub


@dataclass
class OpenSsh:
    """``sftp -b`` against the hub's server."""

    program: str
    hub: Hub

    def __call__(self, *lines: str, user: str = "oceanair", key: str | None = None, **options: str) -> "Answer":
        host, port = self.hub.servers[-1].address
        known = self.hub.folder / "known_hosts"
        known.write_text(f"[{host}]:{port} {self.hub.host_key.line}\n")
        settings = {
            "UserKnownHostsFile": str(known),
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
            "IdentitiesOnly": "yes",
            "IdentityFile": str(self.hub.keys[key or user].path),
            "Port": str(port),
        } | options
        given = [f"-o{name}={value}" for name, value in settings.items()]
        done = subprocess.run(
            [self.program, "-F", "/dev/null", *given, "-b", "-", f"{user}@{host}"],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=self.hub.folder,
        )
        return Answer(done.returncode, done.stdout, done.stderr)


@dataclass
class Answer:
    """How it ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(tmp_path)
    hub.serve()
    yield hub
    assert hub.servers[0].stop()


@pytest.fixture
def sftp(hub: Hub, needs: Callable[[str], str]) -> OpenSsh:
    return OpenSsh(needs("sftp"), hub)


def test_a_day_at_the_mailbox(sftp: OpenSsh, hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "order.edi").write_bytes(b"UNB+UNOA:1'")
    big = os.urandom(900_000)
    (tmp_path / "big.edi").write_bytes(big)
    hub.mailboxes.files["oceanair", "receipts", "contrl.edi"] = b"UNH+1+CONTRL'"
    hub.mailboxes.files["oceanair", "download", "big.bin"] = big
    answer = sftp(
        "pwd",
        "ls",
        "cd upload",
        "put order.edi",
        "put -p order.edi kept.edi",
        "put -f big.edi",
        "put order.edi late.edi.tmp",
        "rename late.edi.tmp late.edi",
        "ls -l",
        "cd /receipts",
        "ls -l",
        "get contrl.edi",
        "get /download/big.bin",
        "rm contrl.edi",
        "ls -la /receipts",
    )
    assert (answer.code, answer.err) == (0, "")
    assert [(name, len(data)) for _, name, data in hub.intake.contents()] == [
        ("order.edi", 11),
        ("kept.edi", 11),
        ("big.edi", 900_000),
        ("late.edi", 11),
    ]
    assert hub.intake.contents()[2][2] == big
    assert (tmp_path / "contrl.edi").read_bytes() == b"UNH+1+CONTRL'"
    assert (tmp_path / "big.bin").read_bytes() == big
    assert "Remote working directory: /\n" in answer.out
    assert all(folder in answer.out for folder in ("upload", "download", "receipts", "rejected"))
    assert hub.mailboxes.was_fetched == [("oceanair", "receipts", "contrl.edi"), ("oceanair", "download", "big.bin")]
    assert hub.mailboxes.removed == [("oceanair", "receipts", "contrl.edi")]
    assert [line.split()[-1] for line in answer.out.splitlines() if line.startswith("-rw-rw----")] == [
        "big.edi",
        "kept.edi",
        "late.edi",
        "order.edi",
    ]


def test_a_close_that_the_hub_refuses_fails_the_batch(sftp: OpenSsh, hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "order.edi").write_bytes(b"UNB'")
    hub.intake.error = StoreError()
    answer = sftp("put order.edi upload/order.edi")
    assert answer.code != 0
    assert hub.intake.arrivals == []


def test_a_file_that_is_too_large_fails_the_batch(sftp: OpenSsh, hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "huge.edi").write_bytes(bytes(3_000_000))
    assert sftp("put huge.edi upload/huge.edi").code != 0
    assert hub.intake.arrivals == []
    assert [refusal.finding.code for refusal in hub.refusals] == ["transport.too_large"]


@pytest.mark.parametrize(
    "line",
    [
        "put order.edi ../../etc/passwd",
        "put order.edi /etc/passwd",
        "put order.edi order.edi",
        "put order.edi download/order.edi",
        "put order.edi upload/sub/order.edi",
        "put -a order.edi upload/order.edi",
        "get /etc/passwd",
        "get upload/../../etc/passwd",
        "mkdir upload/sub",
        "rmdir upload",
        "rm download",
        "ln -s /etc/passwd upload/link",
        "ln download/a upload/link",
        "rename download/a download/b",
        "cd /etc",
    ],
)
def test_what_is_not_allowed_fails(sftp: OpenSsh, hub: Hub, tmp_path: Path, line: str) -> None:
    (tmp_path / "order.edi").write_bytes(b"UNB'")
    hub.mailboxes.files["oceanair", "download", "a"] = b"1"
    assert sftp(line).code != 0
    assert hub.intake.arrivals == []
    assert hub.mailboxes.removed == []


def test_another_partners_key_does_not_open_the_door(sftp: OpenSsh) -> None:
    answer = sftp("ls", user="oceanair", key="customs")
    assert answer.code != 0
    assert "Permission denied (publickey)" in answer.err


def test_no_command_is_run(sftp: OpenSsh, hub: Hub, needs: Callable[[str], str]) -> None:
    host, port = hub.servers[-1].address
    known = hub.folder / "known_hosts"
    known.write_text(f"[{host}]:{port} {hub.host_key.line}\n")
    common = [needs("ssh"), "-F", "/dev/null", "-p", str(port), "-i", str(hub.keys["oceanair"].path)]
    options = [f"-oUserKnownHostsFile={known}", "-oIdentitiesOnly=yes", "-oBatchMode=yes"]
    done = subprocess.run(
        [*common, *options, f"oceanair@{host}", "id"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert done.stdout == ""


@pytest.mark.parametrize("weak", [{"Ciphers": "aes128-cbc"}, {"MACs": "hmac-sha1", "Ciphers": "aes128-ctr"}])
def test_weak_algorithms_are_not_agreed_on(sftp: OpenSsh, weak: dict[str, str]) -> None:
    answer = sftp("ls", **weak)
    assert answer.code != 0
    assert "no matching" in answer.err.lower()


@pytest.mark.parametrize("cipher", ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"])
def test_strong_ciphers_are(sftp: OpenSsh, cipher: str) -> None:
    assert sftp("ls", Ciphers=cipher).code == 0


def test_a_client_that_is_killed_uploads_nothing(
    sftp: OpenSsh, hub: Hub, tmp_path: Path, needs: Callable[[str], str]
) -> None:
    """``kill -9`` of OpenSSH while a file is on its way through it."""
    host, port = hub.servers[-1].address
    sftp("ls")  # writes known_hosts
    client = subprocess.Popen(
        [
            needs("ssh"),
            *("-F", "/dev/null", "-p", str(port), "-i", str(hub.keys["oceanair"].path)),
            *(f"-oUserKnownHostsFile={tmp_path / 'known_hosts'}", "-oIdentitiesOnly=yes", "-oBatchMode=yes"),
            *(f"oceanair@{host}", "-s", "sftp"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write(wire.greeting(wire.Op.INIT))
    flags = wire.uint32(wire.Open.WRITE | wire.Open.CREATE)
    client.stdin.write(wire.packet(wire.Op.OPEN, 1, wire.string("/upload/a"), flags, wire.Attributes().pack()))
    client.stdin.write(wire.packet(wire.Op.WRITE, 2, wire.string(b"1"), wire.uint64(0), wire.string(b"UNB+")))
    client.stdin.flush()
    packets, answered = wire.Packets(), list[int]()
    while wire.Op.STATUS not in answered:  # the server has the bytes
        packets.feed(os.read(client.stdout.fileno(), 4096))
        answered += [op for op, _ in packets]
    client.kill()
    client.wait(60)
    server = hub.servers[0]
    with server._changed:
        assert server._changed.wait_for(lambda: not server._connections, 60)
    assert hub.intake.arrivals == []


def test_lftp_mirrors_a_mailbox_and_uploads(hub: Hub, tmp_path: Path, needs: Callable[[str], str]) -> None:
    (tmp_path / "order.edi").write_bytes(b"UNB'")
    hub.mailboxes.files["oceanair", "receipts", "a.xml"] = b"<a/>"
    host, port = hub.servers[-1].address
    (tmp_path / "known_hosts").write_text(f"[{host}]:{port} {hub.host_key.line}\n")
    connect = f"ssh -a -x -F /dev/null -oUserKnownHostsFile={tmp_path}/known_hosts -i {hub.keys['oceanair'].path}"
    script = (
        f"set sftp:connect-program '{connect}'; set net:max-retries 1; set xfer:use-temp-file yes; "
        f"open -u oceanair,none -p {port} sftp://{host}; put -O upload order.edi; mirror receipts got; bye"
    )
    done = subprocess.run(
        [needs("lftp"), "--norc", "-c", script], capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert hub.intake.contents() == [("oceanair", "order.edi", b"UNB'")]
    assert (tmp_path / "got" / "a.xml").read_bytes() == b"<a/>"


def test_many_small_files_in_one_session(sftp: OpenSsh, hub: Hub, tmp_path: Path) -> None:
    """OpenSSH waits for each answer, so this is latency; the figure is printed with ``-s``."""
    count = 300
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.edi").write_bytes(b"UNB+UNOA:1'" * 186)
    began = time.perf_counter()
    answer = sftp(*(f"put {folder}/{number:04}.edi upload/" for number in range(count)))
    took = time.perf_counter() - began
    assert answer.code == 0
    assert len(hub.intake.arrivals) == count
    print(f"\nsftp -b, one session: {count / took:.0f} uploads of 2 kB a second, log-in included")
