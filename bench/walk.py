"""How many messages a second the walk carries, durable: folder → validated, mapped, signed → mailbox.

    python -m bench.walk [MESSAGES]

In one run, beside (a) the same walk with one commit and fsync for each message, and (b) raw fsynced atomic writes: what
the disk could do if a message were only a file. Generated messages of about 2 kB; one lane (manifest: XML-DSig) and
three lanes (passengers: relayed EDIFACT, XML-DSig, CSV with CMS). Every message also gets its CONTRL.
"""

import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from hub.config.settings import load_settings
from hub.config.shipped import shipped
from hub.daemon import Daemon
from hub.setup import make_home
from hub.spool.durable import write_once
from hub.store import counts, ledger

LOOK = 0.1  # seconds between looks; a look reads one row, and must not cost what is measured


@dataclass(frozen=True)
class Line:
    """One line of business to measure: its demo file, and what it makes of one message."""

    title: str
    service: str
    sample: str
    lanes: int


LINES = (
    Line("manifest, one lane", "manifest", "cuscar.edi", 1),
    Line("passengers, three lanes", "passengers", "paxlst.edi", 3),
)


def messages(line: Line, mappings: Path, count: int) -> list[bytes]:
    """``count`` messages of about 2 kB, each with numbers of its own."""
    text = (
        (mappings / line.service / "demo" / line.sample)
        .read_text("ascii")
        .replace("@GOODS@", "WOODEN DINING CHAIRS, SIX TO A CARTON")
    )
    text = _grown(text)
    made = []
    for number in range(count):
        made.append(text.replace("@NUMBER@", f"{number:08d}").replace("@CONTROL@", f"{number:012d}").encode())
    return made


def _grown(text: str) -> str:
    """The sample with its repeatable part (a person, a goods item) repeated up to about 2 kB, its count put right."""
    segments = text.split("'\n")[:-1]
    start = next(i for i, one in enumerate(segments) if one.startswith(("NAD+FL", "GID+")))
    end = next(i for i, one in enumerate(segments) if i > start and one.startswith(("NAD+FL", "NAD+FM", "UNT+")))
    block = segments[start:end]
    number = 2
    while len("'\n".join(segments)) < 1900:
        again = [re.sub(r"^GID\+1\+", f"GID+{number}+", one) for one in block]
        segments[end:end] = again
        end += len(again)
        number += 1
    unt = next(i for i, one in enumerate(segments) if one.startswith("UNT+"))
    segments[unt] = f"UNT+{unt}+1"
    return "'\n".join(segments) + "'\n"


def home_of(folder: Path, batch: int) -> Path:
    """A home whose trader drops files into a folder, with ``batch`` messages to a commit."""
    for _ in make_home(folder):
        pass
    toml = folder / "hub.toml"
    kept = re.sub(r"(?m)^#? ?(settle|batch-messages|enabled) *=.*\n", "", toml.read_text("utf-8"))
    for table, line in (
        ("folders", 'settle = "0ms"'),
        ("engine", f"batch-messages = {batch}"),
        ("sftp", "enabled = false"),
    ):
        kept = (
            kept.replace(f"[{table}]\n", f"[{table}]\n{line}\n")
            if f"[{table}]\n" in kept
            else f"{kept}\n[{table}]\n{line}\n"
        )
    toml.write_text(kept, "utf-8")
    for facts in ("schemas", "mappings"):  # copies, so that nobody's editing makes the hub load its configuration anew
        shutil.copytree(shipped(facts), folder / facts)
    toml.write_text(
        toml.read_text("utf-8").replace("[paths]\n", '[paths]\nschemas = "schemas"\nmappings = "mappings"\n'), "utf-8"
    )
    partner = folder / "partners" / "oceanair" / "partner.toml"
    partner.write_text(
        partner.read_text("utf-8").replace('channels = ["sftp"]', 'channels = ["sftp", "folder"]'), "utf-8"
    )
    return folder


def carry(line: Line, count: int, batch: int) -> tuple[float, float]:
    """Messages a second through the whole walk, and CPU milliseconds a message in this and the worker processes."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        home = home_of(Path(name), batch)
        settings = load_settings(home)
        upload = settings.folders.root / "oceanair" / "upload"
        upload.mkdir(parents=True)
        made = messages(line, settings.paths.mappings, count)
        daemon = Daemon(home)
        daemon._pool.renew()  # returns when every worker has loaded its world: that is not to be measured
        for number, data in enumerate(made):
            (upload / f"{number}.edi").write_bytes(data)
        files = line.lanes + (line.lanes == 3) + 1  # messages, the detached signature, the CONTRL
        begun, cpu = time.perf_counter(), cpu_seconds()
        daemon.start()
        while _entries(daemon) < count * (3 + files):  # received, case opened, decided; each file sealed
            time.sleep(LOOK)
        took = time.perf_counter() - begun
        cpu = cpu_seconds() - cpu
        _check(daemon, count, files)
        daemon.stop()
        return count / took, cpu / count * 1000


def _entries(daemon: Daemon) -> int:
    with daemon.database.read() as connection:
        return ledger.size(connection)


def _check(daemon: Daemon, count: int, files: int) -> None:
    """Raises SystemExit unless every message was accepted and every file of it lies in a mailbox."""
    with daemon.database.read() as connection:
        found = counts.by_state(connection, "transmissions"), counts.by_state(connection, "deliveries")
    if found != ({"accepted": count}, {"available": count * files}):
        raise SystemExit(f"not what was to be measured: {found}")


def cpu_seconds() -> float:
    """CPU seconds of this process and of all below it that live: the workers hang below a fork server."""
    parents, spent = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
                spent[int(entry.name)] = int(fields[11]) + int(fields[12])
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent[pid] for pid in ours) / os.sysconf("SC_CLK_TCK")


def raw_writes(size: int, count: int = 1500) -> float:
    """Fsynced atomic file writes a second (tmp, fsync, rename, fsync of the folder)."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        data = os.urandom(size)
        begun = time.perf_counter()
        for number in range(count):
            write_once(Path(name) / str(number), data)
        return count / (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    for line in LINES:
        one, _ = carry(line, max(200, count // 8), 1)
        walk, cpu = carry(line, count, 200)
        raw = raw_writes(2000)
        print(
            f"{line.title}: {walk:,.0f} messages a second; (a) one commit a message {one:,.0f} "
            f"(ratio {walk / one:.1f}); (b) raw fsynced writes {raw:,.0f} (ratio {walk / raw:.2f}); "
            f"CPU {cpu:.2f} ms a message",
            flush=True,
        )


if __name__ == "__main__":
    main()
