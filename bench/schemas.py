"""How long the first message type of an EDIFACT directory takes to load: ``python -m bench.schemas``.

Each is loaded by a new catalogue, as a process does that has just started (its modules imported, the files in the
system's cache): first the tree, then every code list that it names, which a reader needs to check codes. CPU time, the
best of several rounds, since the machine may be busy. The goal is 50 ms.
"""

import time
from pathlib import Path
from statistics import median

from hub.schema import edifact
from hub.schema.catalog import Catalog

SCHEMAS = Path(__file__).parent.parent / "schemas"
GOAL, ROUNDS = 50.0, 3
LARGEST = "edifact:D.21B:GOVCBR"
EVERYDAY = ("CUSCAR", "CUSDEC", "DESADV", "INVOIC", "ORDERS", "PAXLST")


def _cold(id: str) -> tuple[float, float]:
    """Milliseconds for the tree, and for the tree with all code lists."""
    edifact.library.cache_clear()
    start = time.process_time()
    schema = Catalog(SCHEMAS).get(id)
    tree = time.process_time()
    for name in schema.codes:
        len(schema.codes[name])
    return 1e3 * (tree - start), 1e3 * (time.process_time() - start)


def _best(id: str) -> tuple[float, float]:
    rounds = [_cold(id) for _ in range(ROUNDS)]
    return min(tree for tree, _ in rounds), min(whole for _, whole in rounds)


def _cached() -> float:
    """Microseconds for a type that was loaded before."""
    catalog = Catalog(SCHEMAS)
    catalog.get(LARGEST)
    start = time.process_time()
    for _ in range(100_000):
        catalog.get(LARGEST)
    return (time.process_time() - start) * 10


def main() -> None:
    """Print the everyday messages of all directories together, the largest of all, and what a second look costs."""
    installed = [id for id in Catalog(SCHEMAS).ids() if id.startswith("edifact:D.") and id.endswith(EVERYDAY)]
    times = [_best(id) for id in installed]
    trees, wholes = zip(*times, strict=True)
    print(
        f"{len(installed)} everyday message types: median {median(trees):.1f} ms, worst {max(trees):.1f} ms; with "
        f"all their code lists {median(wholes):.1f} ms, worst {max(wholes):.1f} ms"
    )
    tree, whole = _best(LARGEST)
    print(f"the largest, {LARGEST}: {tree:.1f} ms, with its code lists {whole:.1f} ms; once loaded {_cached():.2f} µs")
    print(f"worst against the goal of {GOAL:.0f} ms: {GOAL / max(*wholes, whole):.1f} times as fast")


if __name__ == "__main__":
    main()
