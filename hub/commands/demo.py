"""`hub demo`: services end to end. Hub and twins are processes that meet over real SFTP on loopback; traders drop
their papers and wait for what comes back. It ends with how each case went, counts, and the ledger verified."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.markup import escape

from hub.commands import narration, stock, tally
from hub.commands.acts import ACTS, Dropped, dropped
from hub.commands.home import OpenHome, opened
from hub.config.settings import load_settings
from hub.errors import HubError
from hub.ledger.journal import show
from hub.ledger.receipts import export
from hub.model.case import CaseState, LaneState, TransmissionState
from hub.setup import make_home
from hub.store import cases, transmissions
from hub.twins.start import trader
from hub.twins.trader import Trader

AGENCIES = ("border", "commerce", "customs", "exchange", "maritime", "port", "quarantine", "tax")
PATIENCE = 90.0  # seconds until everything must have ended
LOOK = 0.2  # seconds between looks at the ledger


def play(home: Path, console: Console, *, once: bool) -> int:
    """Set up, carry the acts, verify a receipt offline; 0 when all ended as it must. Stays up unless ``once``."""
    home = home.absolute()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends the demo ends its processes too
    for step in make_home(home):
        if step.made:
            console.print(f"[dim]made {step.name}[/]")
    for line in stock.prepared(home):
        console.print(f"[dim]{line}[/]")
    with ExitStack() as stack:
        where, port = stack.enter_context(_hub(home))
        console.print(f"the hub serves at [bold]{where}[/]")
        for agency in AGENCIES:
            stack.enter_context(_process("twin", agency, "--home", str(home), "--port", str(port)))
        console.print(f"twins of {', '.join(AGENCIES)} are at work, each a process of its own")
        names = {paper.partner for act in ACTS for paper in act.papers}
        traders = {name: stack.enter_context(trader(home, name, port=port)) for name in sorted(names)}
        with opened(home) as found:
            ended = _carry(found, traders, console)
            problems = _problems(found, ended, traders, console)
            problems += tally.counted(found, [one.case for one in ended], len(ended), console)
        problems += _offline(home, ended, console)
        for problem in problems:
            console.print(f"[red]{escape(problem)}[/]")
        console.print("[bold green]all went well[/]" if not problems else "[bold red]not all went well[/]")
        if not once:
            _stay(console, where)
    return 1 if problems else 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How one paper ended, and the case that it is in."""

    dropped: Dropped
    transmission: str
    state: str
    case: str = ""
    case_state: str = ""
    lanes: list[str] = field(default_factory=list)

    @property
    def through(self) -> bool:
        """Whether nothing more is to come of it."""
        if not self.dropped.last or self.state == TransmissionState.REFUSED:
            return True
        asked = (LaneState.SENT, LaneState.RECEIVED)
        if any(lane.endswith(tuple(f" {state}" for state in asked)) for lane in self.lanes):
            return False
        return self.case_state not in ("", CaseState.OPEN, CaseState.WAITING)


def _carry(home: OpenHome, traders: dict[str, Trader], console: Console) -> list[Ended]:
    """Drop all papers, and tell the ledger's story until every one has ended."""
    with home.database.read() as connection:
        seen = sum(1 for _ in show(home.database)) if transmissions.recent(connection, 1) else 0
    papers = [one for act in ACTS for one in dropped(act, home.settings.paths.mappings)]
    names = {one.name: one for one in papers}
    later = [one for one in papers if one.paper.hears]
    for one in papers:
        if one not in later:
            _drop(one, traders, console)
    until = time.monotonic() + PATIENCE
    pause = Event()
    while True:
        for recorded in show(home.database, start=seen):
            seen += 1
            console.print(f"  {escape(narration.tell(recorded.entry))}")
        ended = list(_ended(home, names))
        later = [one for one in later if not _followed(one, ended, traders, console)]
        if (len(ended) == len(names) and all(one.through for one in ended)) or time.monotonic() > until:
            return ended
        pause.wait(LOOK)


def _drop(one: Dropped, traders: dict[str, Trader], console: Console) -> None:
    traders[one.paper.partner].upload(one.name, one.data)
    console.print(f"[cyan]{one.paper.partner}[/] dropped {one.name} [dim]({one.act.title})[/]")


def _followed(one: Dropped, ended: list[Ended], traders: dict[str, Trader], console: Console) -> bool:
    """Drop ``one`` if its partner has heard what it waits for; whether it was dropped."""
    case = next((each.case for each in ended if each.dropped.act is one.act and each.case), "")
    partner = traders[one.paper.partner]
    for name in partner.listing("receipts") if case else ():
        ready = one.heard(partner.fetch(f"receipts/{name}")) if name.startswith(case) else None
        if ready is not None:
            _drop(ready, traders, console)
            return True
    return False


def _ended(home: OpenHome, names: dict[str, Dropped]) -> Iterator[Ended]:
    """What is read and decided so far."""
    with home.database.read() as connection:
        for row in transmissions.recent(connection, 500):
            one = names.get(row["name"])
            if one is None or row["state"] == TransmissionState.RECEIVED:
                continue
            messages = transmissions.messages_of(connection, row["id"])
            id_ = next((message["case"] for message in messages if message["case"]), "") or ""
            case = cases.find(connection, id_)[0]["state"] if id_ else ""
            lanes = [f"{lane['name']} {lane['state']}" for lane in cases.lanes_of(connection, [id_])] if id_ else []
            yield Ended(one, row["id"], row["state"], id_, case, lanes)


def _problems(home: OpenHome, ended: list[Ended], traders: dict[str, Trader], console: Console) -> list[str]:
    """What did not end as it must, after the traders have fetched their receipts."""
    problems = []
    found = {one.dropped.name: one for one in ended}
    rows = []
    for act in ACTS:
        papers = [one for one in found.values() if one.dropped.act is act]
        missing = len(act.papers) - len(papers)
        if missing:
            problems.append(f"{act.title}: {missing} papers not read after {PATIENCE:.0f} seconds")
        for one in papers:
            if one.state != one.dropped.paper.state:
                problems.append(f"{one.dropped.name}: {one.state}, but it must be {one.dropped.paper.state.value}")
        last = next((one for one in papers if one.dropped.last), None)
        if last is not None:
            wanted = act.case.value if act.case else ""
            rows.append((act.title, last.case, last.case_state or last.state, ", ".join(last.lanes) or "–"))
            if last.case_state != wanted:
                problems.append(f"{act.title}: the case is {last.case_state!r}, but it must be {wanted!r}")
            problems += _missing_receipts(last, traders[last.dropped.paper.partner], console)
    tally.table(("act", "case", "state", "lanes"), rows, console)
    return problems


def _missing_receipts(one: Ended, partner: Trader, console: Console) -> list[str]:
    """The receipts that the trader should find and does not: a CONTRL for an EDIFACT file, an answer for a case."""
    pause = Event()
    until = time.monotonic() + 10
    stem, _, suffix = one.dropped.name.rpartition(".")
    wanted = {"contrl": stem} if suffix == "edi" else {}
    wanted |= {"answer": one.case} if one.case else {}
    while True:
        names = partner.listing("receipts")
        found = {kind: name for kind, start in wanted.items() for name in names if name.startswith(start)}
        if len(found) == len(wanted) or time.monotonic() > until:
            break
        pause.wait(LOOK)
    for name in found.values():
        console.print(f"[cyan]{one.dropped.paper.partner}[/] fetched {name}")
        console.print(f"[dim]{escape(partner.fetch(f'receipts/{name}').decode('utf-8', 'replace').strip())}[/]")
    return [f"{one.dropped.name}: no {kind} came back" for kind in wanted if kind not in found]


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
