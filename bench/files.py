"""How `hub check` of many files scales to two processes: ``python -m bench.files [FILES]``.

The same orders of about 2 kB, no two alike, checked by one process and by two workers, as ``hub check --json PATH…``
does it. Starting workers and loading schemas is part of what is measured. Beside the wall time, which needs two idle
cores, stands the ratio that the processor time of all processes would allow.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench.peers.inputs import small
from hub.commands.check import Look, check_all, files
from hub.model.finding import Language

ROOT = Path(__file__).parent.parent
ROUNDS = 3
GOAL = 1.7
LOOK = Look(Language.EN, as_json=True)


class Took(NamedTuple):
    """Seconds: on the clock, and of processor time of all processes together."""

    wall: float
    processor: float


def check(folder: str, workers: int) -> None:
    """Check all files below ``folder``; prints the seconds that took."""
    start = time.perf_counter()
    sound = all(one.exit_code == 0 for one in check_all(list(files([Path(folder)])), ROOT / "schemas", LOOK, workers))
    print(time.perf_counter() - start)
    raise SystemExit(not sound)


def timed(folder: str, workers: int) -> Took:
    """The same in a process of its own, which has loaded nothing before."""
    before = os.times()
    command = [sys.executable, "-m", "bench.files", "--workers", str(workers), folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(float(done.stdout), used)


def main() -> None:
    """Print one line for each count of processes, and the ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(small("ORDERS", count).data):
            Path(folder, f"{number:06}.edi").write_bytes(data)
        rounds = [(timed(folder, 1), timed(folder, 2)) for _ in range(ROUNDS)]  # in turns: the machine may be busy
    one, two = (min(each[number] for each in rounds) for number in (0, 1))
    for workers, took in ((1, one), (2, two)):
        used = took.processor / count * 1e6
        print(
            f"{workers} worker(s): {count / took.wall:>7,.0f} files a second, {used:,.0f} µs of processor time a file"
        )
    least = [min(each[number].processor for each in rounds) for number in (0, 1)]
    allowed = 2 * least[0] / least[1]
    print(f"scaling: {one.wall / two.wall:.2f} × (goal {GOAL} ×; the processor time allows {allowed:.2f} ×)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--workers"]:
        check(sys.argv[3], int(sys.argv[2]))
    main()
