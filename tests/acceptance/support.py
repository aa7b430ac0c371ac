"""What the acceptance tests share: a home, a hub and twins as processes of their own, SFTP from outside, patience.

Nothing here reaches into the hub. It is driven by its commands and over SFTP on loopback, and looked at through what it
publishes: mailboxes, `--json`, and the database file.
"""

import atexit
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, Any, TypeVar

from hub.security import keys
from hub.sftp.client import SftpConnection, connect

T = TypeVar("T")
Done = subprocess.CompletedProcess[str]
Row = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds after which something that a test waits for counts as not coming."""
_LOOK = 0.05  # seconds between two looks
_FAST = {"engine": {"workers": "1"}, "ledger": {"checkpoint": '"1s"'}, "sftp": {"port": "0"}}
CARRIER = """
title = {{ zh = "承运人", en = "Carrier" }}
roles = ["carrier"]

[edifact]
ids = [{ids}]
version = "{version}"

[sftp]
keys = ["keys/ssh_ed25519.pub"]
"""
_numbers = count(1)


def until(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """What ``look`` finds as soon as it finds something; a failure that names ``what`` after ``patience`` seconds."""
    end = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, f"after {patience:.0f} s: {what}"
        time.sleep(_LOOK)


def fresh() -> str:
    """A number that no other file of this test process has, eight characters."""
    return f"T{next(_numbers):07d}"


def passenger_list(number: str = "", control: str = "", *changes: tuple[str, str]) -> bytes:
    """The demo's PAXLST under a fresh number; ``changes`` replace text in it (each must be there)."""
    return _sample("passengers/demo/paxlst.edi", number, control, changes)


def manifest(number: str = "", control: str = "", *changes: tuple[str, str]) -> bytes:
    """The demo's CUSCAR under a fresh number; ``changes`` replace text in it."""
    return _sample("manifest/demo/cuscar.edi", number, control, (("@GOODS@", "WOODEN DINING CHAIRS"), *changes))


def _sample(path: str, number: str, control: str, changes: Sequence[tuple[str, str]]) -> bytes:
    number = number or fresh()
    text = (ROOT / "mappings" / path).read_text("ascii")
    for old, new in (*changes, ("@NUMBER@", number), ("@CONTROL@", control or number)):
        assert old in text, f"the sample has no {old}"
        text = text.replace(old, new)
    return text.encode()


def recounted(data: bytes) -> bytes:
    """``data``, one EDIFACT message with newlines, with the segment count in UNT set right after a change."""
    lines = data.decode().splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith("UNH"))
    end = next(n for n, line in enumerate(lines) if line.startswith("UNT"))
    lines[end] = re.sub(r"UNT\+\d+", f"UNT+{end - begin + 1}", lines[end])
    return "".join(f"{line}\n" for line in lines).encode()


def set_toml(file: Path, changes: dict[str, dict[str, str]]) -> None:
    """Set keys of tables in a TOML file that has one key a line; ``changes`` are table → key → value as written."""
    text = file.read_text("utf-8")
    for table, values in changes.items():
        head, found, body = text.partition(f"[{table}]\n")
        assert found, f"{file.name} has no [{table}]"
        own, mark, rest = body.partition("\n[")
        for key, value in values.items():
            own, changed = re.subn(rf"(?m)^{key} *=.*$", f"{key} = {value}", own)
            own = own if changed else f"{key} = {value}\n{own}"
        text = head + found + own + mark + rest
    file.write_text(text, "utf-8")


@dataclass
class Program:
    """A process that a test started; only this test ends it."""

    process: "subprocess.Popen[str]"
    log: Path

    def stop(self) -> int:
        """End it in good order; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def said(self) -> str:
        """What it logged so far."""
        return self.log.read_text("utf-8", "replace")


@dataclass
class Home:
    """A home, and the hub that runs in it once :meth:`serve` has been entered."""

    path: Path
    port: int = 0
    hub: Program | None = None
    _uploaded: Iterator[int] = field(default_factory=lambda: count(1))

    # -- commands ------------------------------------------------------------------------------------------------

    def run(self, *words: object, home: bool = True, cwd: Path | None = None) -> Done:
        """``hub`` with these words, to its end; with ``--home`` unless told otherwise."""
        command = [*_hub(), *map(str, words), *(["--home", str(self.path)] if home else [])]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, cwd=cwd or ROOT, env=_environment()
        )

    def json(self, *words: object) -> Any:
        """What the command prints as JSON."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def serve(self) -> Iterator["Home"]:
        """The hub serves in this home, on a free port, until the block ends."""
        with self._process("run", "--port", "0") as self.hub:
            where = _first_line(self.hub)
            assert where.startswith("hub serves at sftp://"), self.hub.said()[-3000:]
            self.port = int(where.rpartition(":")[2])
            yield self
        assert self.hub.process.returncode == 0, self.hub.said()[-3000:]

    @contextmanager
    def twins(self, *agencies: str) -> Iterator[None]:
        """The twins of ``agencies`` are at work, each a process of its own, until the block ends."""
        with ExitStack() as stack:
            for agency in agencies:
                stack.enter_context(self._process("twin", agency, "--port", str(self.port)))
            yield

    @contextmanager
    def _process(self, *words: str) -> Iterator[Program]:
        log = self.path / "spool" / f"{'-'.join(words[:2])}.log".replace("--", "")
        with log.open("a") as stream:
            process = subprocess.Popen(
                [*_hub(), *words, "--home", str(self.path)],
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                env=_environment(),
                cwd=ROOT,
            )
        program = Program(process, log)
        try:
            yield program
        finally:
            program.stop()
            assert process.stdout is not None
            process.stdout.close()

    # -- from outside ----------------------------------------------------------------------------------------------

    def key(self, partner: str) -> Path:
        """The private SSH key of a partner that a twin plays."""
        return self.path / "twins" / partner / "ssh_ed25519"

    def sftp(self, partner: str) -> SftpConnection:
        """An SFTP session of ``partner``; close it, or use it as a context manager."""
        host_key = (self.path / "public" / "ssh_host_ed25519.pub").read_text("ascii")
        return connect("127.0.0.1", self.port, partner, self.key(partner), host_key)

    def put(self, partner: str, data: bytes, name: str = "") -> str:
        """Upload ``data`` as ``partner``; when this returns the hub has answered the close. Returns the name."""
        name = name or f"{partner}-{next(self._uploaded)}.edi"
        with self.sftp(partner) as session:
            session.put(f"upload/{name}", data)
        return name

    def listing(self, partner: str, folder: str) -> list[str]:
        """The names in a folder of a partner's mailbox."""
        with self.sftp(partner) as session:
            return [file.name for file in session.listdir(folder)]

    def get(self, partner: str, path: str) -> bytes:
        """A file of a partner's mailbox."""
        with self.sftp(partner) as session:
            return session.get(path)

    def awaited(self, partner: str, folder: str, *words: str) -> tuple[str, bytes]:
        """The first file in the folder whose name has all of ``words``, waited for: its name and bytes."""
        with self.sftp(partner) as session:

            def look() -> str | None:
                names = [file.name for file in session.listdir(folder)]
                return next((name for name in names if all(word in name for word in words)), None)

            name = until(look, f"{partner} finds no {' '.join(words)} in {folder}/")
            return name, session.get(f"{folder}/{name}")

    def report(self, partner: str, name: str) -> list[Row]:
        """The findings of the report about the upload ``name``, which is waited for."""
        _, data = self.awaited(partner, "rejected", name.rpartition(".")[0] or name, ".findings.json")
        told = json.loads(data)
        findings: list[Row] = told["findings"]
        assert told["file"] == name
        assert findings
        for finding in findings:
            assert all(finding[language].strip() for language in ("zh", "en")), finding
            assert all(finding["mend"][language].strip() for language in ("zh", "en")), finding
        return findings

    # -- what the database file says -------------------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[Row]:
        """The rows that the query finds in the database file, read as any stranger could."""
        database = sqlite3.connect(f"file:{self.path}/spool/hub.db?mode=ro", uri=True, timeout=30)
        try:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]
        finally:
            database.close()

    def story(self, word: str) -> set[str]:
        """The kinds of the ledger entries that `hub trace` tells about ``word``."""
        return {entry.split()[1] for entry in self.json("trace", word)["entries"]}

    def settled(self, partner: str, name: str) -> Row:
        """The one transmission of the upload ``name``, waited for until it is decided."""

        def look() -> list[Row] | None:
            query = "SELECT * FROM transmissions WHERE partner = ? AND name = ? AND state <> 'received'"
            return self.rows(query, partner, name)

        found = until(look, f"{name} of {partner} is not decided")
        assert len(found) == 1, f"{name} has {len(found)} transmissions"
        return found[0]

    def case_of(self, transmission: str) -> Row:
        """The one case that a transmission opened."""
        query = 'SELECT c.* FROM cases c JOIN messages m ON c.message = m.id WHERE m."transmission" = ?'
        (case,) = self.rows(query, transmission)
        return case

    def lanes(self, case: str) -> dict[str, Row]:
        """The lanes of a case by name."""
        return {row["name"]: row for row in self.rows('SELECT * FROM lanes WHERE "case" = ?', case)}

    def still_serves(self) -> None:
        """The hub lives: a good message passes through it from end to end of its own part, up to the mailboxes."""
        assert self.hub is not None
        assert self.hub.alive
        name = self.put("oceanair", passenger_list())
        row = self.settled("oceanair", name)
        assert row["state"] == "accepted", row
        case = self.case_of(row["id"])
        sealed = 'SELECT id FROM deliveries WHERE "case" = ? AND sha256 IS NOT NULL'
        until(lambda: len(self.rows(sealed, case["id"])) >= 4, "the agencies' messages are not all written")


@cache
def _template() -> Path:
    """A home by `hub init`, made once for the homes of this test process: its RSA key takes seconds."""
    path = Path(tempfile.mkdtemp(prefix="hub-home-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    done = Home(path).run("init", path, home=False)
    assert done.returncode == 0, done.stderr
    return path


def make_home(path: Path, **changes: dict[str, str]) -> Home:
    """A new home as `hub init` makes it, with settings for tests and ``changes`` to its hub.toml (table → key → value).
    The homes of one test process share their keys."""
    shutil.copytree(_template(), path)
    set_toml(path / "hub.toml", {table: dict(values) for table, values in _FAST.items()})
    set_toml(path / "hub.toml", changes)
    return Home(path)


def carrier(*ids: tuple[str, str], version: str = "3") -> str:
    """The partner.toml of a carrier with these EDIFACT identities (id, qualifier)."""
    named = ", ".join(f'{{ id = "{id_}", qualifier = "{qualifier}" }}' for id_, qualifier in ids)
    return CARRIER.format(ids=named, version=version)


def add_partner(home: Home, partner: str, text: str, into: Path | None = None) -> Path:
    """A further partner with an SSH key of its own, described by ``text``; its folder. Written to ``into`` instead of
    the home's partners/ when given, so that a test can move it into place at once."""
    own = home.path / "twins" / partner
    own.mkdir(parents=True, exist_ok=True)
    keys.make_ssh(own / "ssh_ed25519")
    folder = (into or home.path / "partners") / partner
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "ssh_ed25519.pub").write_text(f"{keys.load_ssh_public(own / 'ssh_ed25519')}\n", "ascii")
    (folder / "partner.toml").write_text(text, "utf-8")
    return folder


@dataclass
class OpenSsh:
    """A stranger's client: OpenSSH's ``sftp`` in batch mode, with nothing but a key and the hub's host key."""

    program: str
    home: Home
    folder: Path

    def __call__(self, user: str, *lines: str) -> Done:
        known = self.folder / "known_hosts"
        line = (self.home.path / "public" / "ssh_host_ed25519.pub").read_text("ascii")
        known.write_text(f"[127.0.0.1]:{self.home.port} {line}", "ascii")
        options = {
            "UserKnownHostsFile": known,
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
            "IdentitiesOnly": "yes",
            "IdentityFile": self.home.key(user),
            "Port": self.home.port,
        }
        given = [f"-o{name}={value}" for name, value in options.items()]
        return subprocess.run(
            [self.program, "-F", "/dev/null", *given, "-b", "-", f"{user}@127.0.0.1"],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=self.folder,
        )


def segments(data: bytes) -> list[str]:
    """The segments of an interchange that uses the usual separators, without line breaks."""
    return [part.strip() for part in data.decode("utf-8", "replace").split("'") if part.strip()]


def codes(findings: list[Row]) -> set[str]:
    """The codes of a report's findings; those about a document all say where."""
    for finding in findings:
        assert finding["place"] or finding["code"].startswith("transport."), finding
    return {finding["code"] for finding in findings}


def _hub() -> list[str]:
    return [sys.executable, "-m", "hub"]


def _environment() -> dict[str, str]:
    """The environment without what would lead a command to another home."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | {
        "PYTHONPATH": str(ROOT)
    }


def _first_line(program: Program) -> str:
    stream: IO[str] | None = program.process.stdout
    assert stream is not None
    return stream.readline().strip()
