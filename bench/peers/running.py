"""What every runner written in Python does: read the job from standard input, print what it measured.

The job is a JSON object: ``inputs`` (name → paths), ``faults`` (name → path), ``seconds`` to spend on each input. The
answer: ``rates`` (name → interchanges a second, or a sentence that says why none could be read) and ``notices``
(fault → whether it was noticed). `bench/peers/running.cjs` does the same for Node.js.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Read = Callable[[bytes], str]
"""Reads and checks one interchange; returns what is wrong with it, or nothing. May raise instead."""


def rate(read: Read, batch: list[bytes], seconds: float) -> float | str:
    """Interchanges a second in the best round, by processor time (the machine may be busy)."""
    for data in batch:  # once, to load what has to be loaded
        problem = _problem(read, data)
        if problem:
            return problem
    best, until = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.process_time()
        for data in batch:
            read(data)
        best = max(best, len(batch) / max(time.process_time() - start, 1e-9))
    return best


def _problem(read: Read, data: bytes) -> str:
    try:
        return read(data)
    except Exception as error:  # noqa: BLE001 -- whatever a stranger's parser raises is its verdict
        return f"{type(error).__name__}: {error}"


def serve(read: Read) -> None:
    """Do the job."""
    job = json.load(sys.stdin)
    rates = {
        name: rate(read, [Path(path).read_bytes() for path in paths], job["seconds"])
        for name, paths in job["inputs"].items()
    }
    notices = {name: bool(_problem(read, Path(path).read_bytes())) for name, path in job["faults"].items()}
    print(json.dumps({"rates": rates, "notices": notices}))
