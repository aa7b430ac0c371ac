"""`make crash`: the hub is killed (SIGKILL) at random moments under load, and started again. Every file whose SFTP
close succeeded has each of its effects exactly once, and the ledger verifies."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hub.commands.home import opened
from hub.ledger import verify
from hub.setup import make_home
from hub.sftp.client import SftpError
from hub.store import cases, deliveries, transmissions
from hub.twins.start import trader

KILLS = int(os.environ.get("HUB_KILLS", "10"))
SEED = int(os.environ.get("HUB_SEED", str(random.SystemRandom().randrange(10**9))))
UPLOADERS = 3


@dataclass
class Load:
    """What the uploaders did: the numbers whose upload was answered with success, and how often each was tried."""

    closed: set[str] = field(default_factory=set)
    tries: Counter[str] = field(default_factory=Counter)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for _ in make_home(tmp_path):
        pass
    toml = tmp_path / "hub.toml"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = toml.read_text("utf-8")
    assert "port = 2222" in text
    toml.write_text(text.replace("port = 2222", f"port = {port}"), "utf-8")
    return tmp_path


_STARTED: list["subprocess.Popen[str]"] = []


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """No hub outlives its test, however that ends."""
    yield
    for hub in _STARTED:
        if hub.poll() is None:
            os.killpg(hub.pid, signal.SIGKILL)
            hub.wait()
    _STARTED.clear()


def start(home: Path) -> "subprocess.Popen[str]":
    log = (home / "spool" / "crash.log").open("a")
    command = [sys.executable, "-m", "hub", "run", "--home", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
    _STARTED.append(process)
    assert process.stdout is not None
    assert "serves at sftp://" in process.stdout.readline(), (home / "spool" / "crash.log").read_text()[-3000:]
    return process


def killed(home: Path, hub: "subprocess.Popen[str]", draw: random.Random) -> "subprocess.Popen[str]":
    """The hub that is left when it was killed and started again KILLS times."""
    for _ in range(KILLS):
        time.sleep(draw.uniform(0.3, 2.5))  # the random moment is the point of this test
        os.killpg(hub.pid, signal.SIGKILL)
        hub.wait()
        hub = start(home)
    time.sleep(1)
    return hub


def upload(home: Path, template: str, load: Load, stop: threading.Event, prefix: str) -> None:
    """Upload file after file; one that failed is sent again, the same bytes under the same name, as a partner would."""
    number = 0
    pending: str | None = None
    while not stop.is_set():
        try:
            with trader(home, "oceanair") as partner:
                while not stop.is_set():
                    if pending is None:
                        number += 1
                        pending = f"{prefix}{number:06d}"
                    load.tries[pending] += 1
                    data = template.replace("@NUMBER@", pending).replace("@CONTROL@", pending).encode()
                    partner.upload(f"{pending}.edi", data)
                    load.closed.add(pending)
                    pending = None
        except (SftpError, OSError, EOFError):
            stop.wait(0.1)


def test_every_closed_upload_has_each_effect_exactly_once(home: Path, root: Path) -> None:
    draw = random.Random(SEED)
    template = (root / "mappings" / "passengers" / "demo" / "paxlst.edi").read_text("ascii")
    load, stop = Load(), threading.Event()
    hub = start(home)
    uploaders = [
        threading.Thread(target=upload, args=(home, template, load, stop, f"K{SEED % 1000:03d}{n}"), daemon=True)
        for n in range(UPLOADERS)
    ]
    for uploader in uploaders:
        uploader.start()
    hub = killed(home, hub, draw)
    stop.set()
    for uploader in uploaders:
        uploader.join(30)
    drain(home)
    hub.send_signal(signal.SIGTERM)
    assert hub.wait(60) == 0
    retried = sum(1 for tries in load.tries.values() if tries > 1)
    print(f"seed {SEED}: {KILLS} kills, {len(load.closed)} uploads closed, {retried} sent again")
    assert len(load.closed) > KILLS
    account(home, load)


def drain(home: Path) -> None:
    """Until nothing is undecided and nothing planned."""
    until = time.monotonic() + 180
    with opened(home) as found:
        while True:
            with found.database.read() as connection:
                if not transmissions.waiting(connection, 1) and not deliveries.planned(connection, 1):
                    return
            assert time.monotonic() < until, "the walk does not come to its end"
            time.sleep(0.2)


def account(home: Path, load: Load) -> None:
    """Each effect of each closed upload, counted."""
    wrong = []
    with opened(home) as found:
        with found.database.read() as connection:
            effects = {number: effect(connection, number) for number in sorted(load.tries)}
        for number, effect_ in effects.items():
            if effect_ != ONCE and (number in load.closed or effect_ != NEVER):
                wrong.append((number, load.tries[number], effect_))
        assert not wrong, json.dumps(wrong[:5], indent=1)
        verdict = verify.verify(found.database, found.ledger.verifier, blob=found.blobs.path)
    assert verdict.valid, [finding.as_json() for finding in verdict.findings[:5]]


ONCE = {"cases": 1, "lanes": ["border", "customs", "quarantine"], "sealed": ["acknowledgement", "message", "message",
        "message", "signature"]}  # fmt: skip
NEVER = {"cases": 0, "lanes": [], "sealed": []}


def effect(connection: object, number: str) -> dict[str, object]:
    """What the hub made of the upload: cases, lanes, and everything that was sealed for its accepted transmission."""
    found = cases.find(connection, f"OA0886-{number}")  # type: ignore[arg-type]
    lanes = cases.lanes_of(connection, [case["id"] for case in found]) if found else []  # type: ignore[arg-type]
    sealed: list[str] = []
    for case in found:
        mine = deliveries.of_case(connection, case["id"])  # type: ignore[arg-type]
        source = mine[0]["transmission"]
        every = deliveries.of_transmission(connection, source)  # type: ignore[arg-type]
        sealed += [row["kind"] for row in every if row["sha256"]]
    return {"cases": len(found), "lanes": sorted(lane["name"] for lane in lanes), "sealed": sorted(sealed)}
