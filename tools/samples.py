"""Makes samples of the installed message types and reads them again: each must be valid, and read as it was meant.

Usage: ``python -m tools.samples [--all | --every N] [--seed N] [PATTERN]``; exit code 1 when one fails. ``--all`` takes
every type, minimal and full; without it, every 25th. PATTERN is that of ``hub schema list``.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.progress import track

from hub.errors import HubError
from hub.formats import samples
from hub.formats.read import read
from hub.model.message import Reading
from hub.schema.catalog import Catalog
from hub.schema.names import matching
from hub.schema.sampling import Extent

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
EXTENTS = (Extent.MINIMAL, Extent.FULL)
Fault = str


def faults(schema_id: str, catalog: Catalog, seed: int = 0) -> list[Fault]:
    """What is wrong with the samples of ``schema_id``; nothing when all is as it should be."""
    return [
        f"{schema_id} {extent}: {fault}" for extent in EXTENTS for fault in _wrong(schema_id, extent, catalog, seed)
    ]


def _wrong(schema_id: str, extent: Extent, catalog: Catalog, seed: int) -> list[Fault]:
    try:
        sample = samples.transmission(catalog.get(schema_id), extent, seed)
        data = samples.written(sample, catalog)
    except HubError as error:
        return [str(error)]
    if schema_id.startswith("internal:"):  # no partner sends them, so nothing reads them
        return []
    reading = read(data, catalog, expected=(schema_id,))
    found = [f"{finding.code} at {finding.place.path}" for finding in reading.all_findings()[:3]]
    if not found and _document(reading) != sample.messages[0].document:
        found.append("it is read as another Document than was written")
    return found


def _document(reading: Reading) -> object:
    return reading.interchanges[0].messages[0].document if reading.interchanges else None


@cache
def _catalog() -> Catalog:
    return Catalog(SCHEMAS)


def _in_worker(schema_id: str, seed: int) -> list[Fault]:
    return faults(schema_id, _catalog(), seed)


def main() -> int:
    """Make, write and read the samples; print the faults and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--every", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("pattern", nargs="?", default="")
    asked = parser.parse_args()
    ids = matching(asked.pattern, _catalog())[:: 1 if asked.all or asked.pattern else asked.every]
    began, bad = time.perf_counter(), 0
    with ProcessPoolExecutor() as pool:
        results = pool.map(_in_worker, ids, [asked.seed] * len(ids), chunksize=8)
        bar = Console(stderr=True)
        for found in track(results, "sampling", len(ids), console=bar) if sys.stderr.isatty() else results:
            bad += len(found)
            print("\n".join(found), end="\n" if found else "")
    print(f"{len(ids)} types, {len(ids) * len(EXTENTS)} samples, {bad} faults, {time.perf_counter() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
