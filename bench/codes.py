"""How long the code tables take to load and to look into: ``python -m bench.codes``.

The largest table is read as a process does that has just started, CPU time, the best of several rounds; a look-up by a
column that is not the code is timed with and without its index. The reference is a dict that holds the answers.
"""

import time
from collections.abc import Callable
from pathlib import Path

from hub.schema import codes
from hub.schema.codes import CodeTables

FOLDER = Path(__file__).parent.parent / "schemas" / "codes"
GOAL, ROUNDS, LOOKS = 30.0, 5, 100_000
"""The goal is 30 ms for a table of 3,000 rows."""


def _best(call: Callable[[], object]) -> float:
    """Milliseconds of the best round."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        call()
        times.append(1e3 * (time.process_time() - start))
    return min(times)


def _each(call: Callable[[str], object], value: str) -> float:
    """Microseconds for one of many calls."""
    start = time.process_time()
    for _ in range(LOOKS):
        call(value)
    return 1e6 * (time.process_time() - start) / LOOKS


def main() -> None:
    """Print the largest table, all tables, and what a look-up costs."""
    tables = CodeTables(FOLDER)
    names = tables.names()
    largest = max((tables.get(name) for name in names), key=lambda table: len(table.rows))
    once = _best(lambda: codes.load(FOLDER / f"{largest.name}.tsv"))
    every = _best(lambda: [CodeTables(FOLDER).get(name) for name in names])
    share = once / len(largest.rows) * 3_000
    print(f"{largest.name}, {len(largest.rows)} rows: {once:.1f} ms; all {len(names)} tables: {every:.0f} ms")
    print(f"3,000 rows against the goal of {GOAL:.0f} ms: {GOAL / share:.1f} times as fast")
    index = _best(lambda: codes.load(FOLDER / f"{largest.name}.tsv").find("ciq", "156331")) - once
    countries = tables.get("countries")
    plain = dict(countries.translation("customs", "alpha-3").values)
    found, dict_ = _each(lambda value: countries.find("customs", value), "142"), _each(plain.get, "142")
    got = _each(countries.get, "CHN")
    print(f"the index of a column: {index:.1f} ms; get {got:.2f} µs, find {found:.2f} µs, a dict {dict_:.2f} µs")


if __name__ == "__main__":
    main()
