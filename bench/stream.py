"""How fast, and in how much memory, an interchange of a gigabyte is read and checked: ``python -m bench.stream [MB]``.

It writes an interchange of sound passenger lists of 2 kB into a temporary file and reads it message by message, in a
process of its own whose greatest resident size it reports.
"""

import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from random import Random

from bench.peers.inputs import TYPES, VARIANTS, bodies
from hub.formats.edifact.stream import stream
from hub.model.message import Interchange, Message, Reading
from hub.schema.catalog import Catalog

SIZE = 1000  # megabytes
MEGABYTE = 1_000_000
LIMIT = 200  # megabytes of memory


def write(path: Path, size: int) -> int:
    """An interchange of ``size`` bytes or a little more; how many messages it holds."""
    made = list(islice(bodies("PAXLST", Random(1)), VARIANTS))
    texts = ["'\n".join([f"UNH+@+{TYPES['PAXLST'][1]}", *body, f"UNT+{len(body) + 2}+@'\n"]) for body in made]
    count, written = 0, 0
    with path.open("w", encoding="ascii", newline="") as file:
        file.write("UNB+UNOA:3+OCEANAIR:ZZ+HUBCSX:ZZ+261123:1200+42'\n")
        while written < size:
            count += 1
            written += file.write(texts[count % VARIANTS].replace("@", str(count)))
        file.write(f"UNZ+{count}+42'\n")
    return count


def check(path: Path) -> None:
    """Read it, and print messages, seconds and kilobytes."""
    catalog = Catalog(Path(__file__).parent.parent / "schemas")
    start, count = time.perf_counter(), 0
    for event in stream(path, catalog):
        if isinstance(event, Message):
            count += 1
        if isinstance(event, Message | Interchange | Reading) and event.findings:
            raise SystemExit(f"the generated file is not sound: {event.findings[0]}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(count, time.perf_counter() - start, peak)


def main() -> None:
    """Generate, read, print one line."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.edi")
        count = write(path, size * MEGABYTE)
        code = f"from pathlib import Path; from bench.stream import check; check(Path({str(path)!r}))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        read, seconds, peak = (float(word) for word in done.stdout.split())
        if read != count:
            raise SystemExit(f"{count} messages were written, {read:.0f} read")
        rate, memory = path.stat().st_size / MEGABYTE / seconds, peak * 1024 / MEGABYTE
    print(
        f"stream: {size} MB, {count} messages in {seconds:.0f} s: {rate:.1f} MB and {count / seconds:,.0f} messages a "
        f"second; {memory:.0f} MB of memory at most (bound: {LIMIT})"
    )


if __name__ == "__main__":
    main()
