"""`hub demo`: two services end to end. Hub and the agencies' twins are separate processes that meet over real SFTP on
loopback; the trader drops four files and waits for what comes back."""

import json
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.markup import escape

from hub.commands import narration
from hub.commands.columns import columns
from hub.commands.home import OpenHome, opened
from hub.config.settings import load_settings
from hub.errors import HubError
from hub.ledger.journal import show
from hub.ledger.receipts import export
from hub.model.case import CaseState, TransmissionState
from hub.setup import make_home
from hub.store import cases, transmissions
from hub.twins.start import trader
from hub.twins.trader import Trader

TRADER = "oceanair"
AGENCIES = ("border", "customs", "quarantine")
PATIENCE = 90.0  # seconds until everything must have ended
LOOK = 0.2  # seconds between looks at the ledger


@dataclass(frozen=True, slots=True)
class Sample:
    """One file that the trader drops, and how it must end: the transmission's state, and the case's (None: no case)."""

    title: str
    service: str
    file: str
    goods: str
    transmission: TransmissionState
    case: CaseState | None

    def text(self, mappings: Path, number: str, control: str) -> bytes:
        """The file with fresh numbers, so that the demo can be run again."""
        text = (mappings / self.service / "demo" / self.file).read_text("ascii")
        return text.replace("@NUMBER@", number).replace("@CONTROL@", control).replace("@GOODS@", self.goods).encode()


SAMPLES = (
    Sample("passengers", "passengers", "paxlst.edi", "", TransmissionState.ACCEPTED, CaseState.ACCEPTED),
    Sample(
        "manifest", "manifest", "cuscar.edi", "WOODEN DINING CHAIRS", TransmissionState.ACCEPTED, CaseState.ACCEPTED
    ),
    Sample(
        "refused manifest", "manifest", "cuscar.edi", "GENERAL CARGO", TransmissionState.ACCEPTED, CaseState.REFUSED
    ),
    Sample("broken interchange", "manifest", "broken.edi", "", TransmissionState.REFUSED, None),
)


def play(home: Path, console: Console, *, once: bool) -> int:
    """Set up, carry the samples, verify a receipt offline; 0 when all ended as it must. Stays up unless ``once``."""
    home = home.absolute()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends the demo ends its processes too
    for step in make_home(home):
        if step.made:
            console.print(f"[dim]made {step.name}[/]")
    with ExitStack() as stack:
        where, port = stack.enter_context(_hub(home))
        console.print(f"the hub serves at [bold]{where}[/]")
        for agency in AGENCIES:
            stack.enter_context(_process("twin", agency, "--home", str(home), "--port", str(port)))
        console.print(f"twins of {', '.join(AGENCIES)} are at work, each a process of its own")
        with opened(home) as found, trader(home, TRADER, port=port) as partner:
            ended = _carry(found, partner, console)
            problems = _problems(found, ended, partner, console)
        problems += _offline(home, ended, console)
        for problem in problems:
            console.print(f"[red]{escape(problem)}[/]")
        console.print("[bold green]all went well[/]" if not problems else "[bold red]not all went well[/]")
        if not once:
            _stay(console, where)
    return 1 if problems else 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How one sample ended."""

    sample: Sample
    name: str
    transmission: str
    state: str
    case: str
    case_state: str


def _carry(home: OpenHome, partner: Trader, console: Console) -> list[Ended]:
    """Drop all samples, and tell the ledger's story until every one has ended."""
    with home.database.read() as connection:
        seen = sum(1 for _ in show(home.database)) if transmissions.recent(connection, 1) else 0
    names = {}
    for sample in SAMPLES:
        number = secrets.token_hex(4).upper()
        name = f"{sample.file.removesuffix('.edi')}-{number}.edi"
        partner.upload(name, sample.text(home.settings.paths.mappings, number, secrets.token_hex(6).upper()))
        names[name] = sample
        console.print(f"[cyan]{TRADER}[/] dropped {name} [dim]({sample.title})[/]")
    until = time.monotonic() + PATIENCE
    pause = Event()
    while True:
        for recorded in show(home.database, start=seen):
            seen += 1
            console.print(f"  {escape(narration.tell(recorded.entry))}")
        ended = _ended(home, names)
        if len(ended) == len(names) or time.monotonic() > until:
            return ended
        pause.wait(LOOK)


def _ended(home: OpenHome, names: dict[str, Sample]) -> list[Ended]:
    """The samples that are through: refused, or their case has spoken and the answer lies in the mailbox."""
    found = []
    with home.database.read() as connection:
        for row in transmissions.recent(connection, 500):
            sample = names.get(row["name"])
            if sample is None or row["state"] == TransmissionState.RECEIVED:
                continue
            messages = transmissions.messages_of(connection, row["id"])
            case = next((message["case"] for message in messages if message["case"]), "")
            state = cases.find(connection, case)[0]["state"] if case else ""
            if state != CaseState.OPEN:
                found.append(Ended(sample, row["name"], row["id"], row["state"], case, state))
    return found


def _problems(home: OpenHome, ended: list[Ended], partner: Trader, console: Console) -> list[str]:
    """What did not end as it must, after the trader has fetched its receipts."""
    problems = []
    rows = []
    for sample in SAMPLES:
        one = next((each for each in ended if each.sample is sample), None)
        wanted = (sample.transmission.value, sample.case.value if sample.case else "")
        if one is None:
            problems.append(f"{sample.title}: not ended after {PATIENCE:.0f} seconds")
            continue
        rows.append((one.name, one.state, one.case, one.case_state, " ".join(wanted)))
        if (one.state, one.case_state) != wanted:
            problems.append(f"{sample.title}: {one.state} {one.case_state}, but it must be {' '.join(wanted)}")
        problems += _missing_receipts(one, partner, console)
    for line in columns(("file", "transmission", "case", "state", "must be"), rows):
        console.print(line, markup=False)
    return problems


def _missing_receipts(one: Ended, partner: Trader, console: Console) -> list[str]:
    """The receipts that the trader should find and does not: a CONTRL for each file, a CUSRES for each case."""
    pause = Event()
    until = time.monotonic() + 10
    wanted = {"contrl": one.name.removesuffix(".edi")} | ({"cusres": one.case} if one.case else {})
    while True:
        names = partner.listing("receipts")
        found = {
            kind: name for kind, stem in wanted.items() for name in names if name.startswith(stem) and kind in name
        }
        if len(found) == len(wanted) or time.monotonic() > until:
            break
        pause.wait(LOOK)
    for name in found.values():
        console.print(f"[cyan]{TRADER}[/] fetched {name}")
        console.print(f"[dim]{escape(partner.fetch(f'receipts/{name}').decode('utf-8', 'replace').strip())}[/]")
    return [f"{one.name}: no {kind} came back" for kind in wanted if kind not in found]


def _offline(home: Path, ended: list[Ended], console: Console) -> list[str]:
    """Export the receipt of the first case and let a process that has no home verify it."""
    case = next((one.case for one in ended if one.case), "")
    if not case:
        return ["there is no case whose receipt could be verified"]
    with opened(home) as found:
        file = home / "spool" / f"{case}.receipt.json"
        file.write_bytes(export(found.database, found.ledger, case=case, payloads=True, blob=found.blobs.path))
        key = found.ledger.verifier.text()
    command = [*_command("receipt", "verify", str(file), "--key", key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=120)
    entries = len(json.loads(file.read_text("utf-8"))["entries"])
    console.print(f"receipt of {case}: {entries} entries, verified offline:\n{escape(done.stdout.strip())}")
    return [] if done.returncode == 0 else [f"the receipt does not verify: {done.stdout}{done.stderr}"]


def _stay(console: Console, where: str) -> None:
    console.print(f"the hub stays up at {where}; end it with Ctrl-C")
    try:
        Event().wait()
    except KeyboardInterrupt:
        console.print("stopping")


@contextmanager
def _hub(home: Path) -> Iterator[tuple[str, int]]:
    """`hub run` as a process; its address once it serves."""
    with _process("run", "--home", str(home), "--port", str(_free_port(home))) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        where = line.rpartition(" ")[2].strip()
        if not where.startswith("sftp://"):
            raise HubError(f"the hub did not come up; see {home / 'spool' / 'demo.log'}")
        yield where, int(where.rpartition(":")[2])


def _free_port(home: Path) -> int:
    """The SFTP port of hub.toml, or 0 (any) when another program has it."""
    sftp = load_settings(home).sftp
    try:
        socket.create_server((sftp.host, sftp.port)).close()
    except OSError:
        return 0
    return sftp.port


@contextmanager
def _process(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A `hub` process that is ended with the block; its log goes to spool/demo.log of the home."""
    home = Path(arguments[arguments.index("--home") + 1])
    with (home / "spool" / "demo.log").open("a") as log:
        process = subprocess.Popen(
            _command(*arguments), stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hub", *arguments]
