"""Runs the harnesses: ``python -m fuzz.run [NAME…]``, each for FUZZ_SECONDS (600), two at a time.

atheris is installed into `build/fuzz`, never beside the hub; where it cannot be, this says so and fails. Inputs that
found new paths are kept in `build/fuzz/NAME/corpus` for the next run. An input that breaks a reader (an exception, more
than 10 seconds, more than 500 MB) is left in `build/fuzz/NAME` under the name that libFuzzer gives it (crash-…,
timeout-…, oom-…) and the exit code is 1; ``python -m fuzz.run --again NAME FILE`` tries it once more.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz.seeds import ROOT, SOURCES, sow

ATHERIS = "atheris==3.0.0"
FOLDER = ROOT / "build" / "fuzz"
LIBRARY = FOLDER / "library"
SECONDS = 600
LIMITS = ("-rss_limit_mb=500", "-timeout=10", "-max_len=8192")
BROKEN = ("crash-*", "timeout-*", "oom-*", "leak-*", "slow-unit-*")


def install() -> None:
    """Get atheris, unless it is there. Raises SystemExit when that is not possible."""
    mark = LIBRARY / "installed"
    if mark.is_file() and mark.read_text("ascii") == ATHERIS:
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(LIBRARY)]
    done = subprocess.run([*command, ATHERIS], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"NOT FUZZED: {ATHERIS} cannot be installed: {done.stderr.strip()}")
    mark.write_text(ATHERIS, "ascii")


def environment() -> dict[str, str]:
    """Pure Python, which is what can be instrumented, and atheris within reach."""
    return os.environ | {"HUB_PURE": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), str(LIBRARY)])}


def run(name: str, seconds: int) -> bool:
    """Run the harness ``name``; whether nothing broke."""
    home = FOLDER / name
    seeds = sow(name, home / "seeds")
    (home / "corpus").mkdir(exist_ok=True)
    before = _broken(home)
    words = ROOT / "fuzz" / f"{name}.dict"
    options = [*LIMITS, f"-max_total_time={seconds}", f"-artifact_prefix={home}{os.sep}", "-print_final_stats=1"]
    options += [f"-dict={words}"] if words.is_file() else []
    command = [sys.executable, "-m", f"fuzz.{name}", str(home / "corpus"), str(home / "seeds"), *options]
    with (home / "log").open("wb") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=log, stderr=log, check=False)
    found = sorted(_broken(home) - before)
    sound = done.returncode == 0 and not found
    print(f"{name}: {_summary(home / 'log')} from {seeds} seeds: {'sound' if sound else 'BROKEN'}", flush=True)
    for path in found:
        print(f"  {path}\n  again: python -m fuzz.run --again {name} {path}")
    if not sound:
        print(f"  see {home / 'log'}")
    return sound


def _broken(home: Path) -> set[Path]:
    return {path for pattern in BROKEN for path in home.glob(pattern)}


def _summary(log: Path) -> str:
    """Executions and peak memory, as libFuzzer tells them at its end."""
    facts = dict.fromkeys(("number_of_executed_units", "peak_rss_mb"), "?")
    for line in log.read_text("utf-8", "replace").splitlines():
        key, _, value = line.removeprefix("stat::").partition(":")
        if key in facts:
            facts[key] = value.strip()
    return f"{facts['number_of_executed_units']} inputs, at most {facts['peak_rss_mb']} MB"


def again(name: str, file: Path) -> int:
    """Hand one file to the harness ``name``; libFuzzer's exit code."""
    command = [sys.executable, "-m", f"fuzz.{name}", *LIMITS, str(file)]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def main() -> int:
    """0 when nothing broke."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run")
    parser.add_argument("names", nargs="*", choices=[*SOURCES, []], help="default: all harnesses")
    parser.add_argument("--again", nargs=2, metavar=("NAME", "FILE"), help="only this input")
    parser.add_argument("--at-once", type=int, default=2, help="harnesses that run side by side")
    arguments = parser.parse_args()
    install()
    if arguments.again:
        return again(arguments.again[0], Path(arguments.again[1]))
    seconds = int(os.environ.get("FUZZ_SECONDS") or SECONDS)
    with ThreadPoolExecutor(arguments.at_once) as pool:
        sound = list(pool.map(lambda name: run(name, seconds), arguments.names or SOURCES))
    return 0 if all(sound) else 1


if __name__ == "__main__":
    raise SystemExit(main())
