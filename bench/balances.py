"""How many reservations a second balances post, durably: ``python -m bench.balances [MANY]``.

Every one is of another holder, in an account that it opens (two postings), and is then committed. The reference is the
same with a transaction, and so an fsync, for each.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from hub.balances.batch import Balances
from hub.balances.books import load_books
from hub.balances.verify import verify
from hub.model.balance import Step
from hub.store.database import Database

BOOKS = load_books(Path(__file__).parent.parent / "mappings")
BOOK, AT, BATCH = "personal-yearly", 1_790_000_000_000_000, 200


def _reserve(database: Database, numbers: Sequence[int]) -> None:
    with database.write() as connection:
        balances = Balances.load(connection, BOOKS, [(BOOK, str(number)) for number in numbers], [], AT)
        for number in numbers:
            balances.post(Step.RESERVE, BOOK, str(number), 19_900, f"CS-{number:09d}", "limit", AT)
        balances.save(connection)


def _commit(database: Database, numbers: Sequence[int]) -> None:
    cases = [f"CS-{number:09d}" for number in numbers]
    with database.write() as connection:
        balances = Balances.load(connection, BOOKS, [], cases, AT)
        for case in cases:
            balances.move(Step.COMMIT, case, "limit", AT)
        balances.save(connection)


def _rates(many: int, batch: int) -> tuple[float, float]:
    """Reservations and commits a second, in batches of ``batch``."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        database = Database(f"sqlite:///{folder}/hub.db")
        database.migrate()
        parts = [range(first, min(first + batch, many)) for first in range(0, many, batch)]
        times = [time.perf_counter()]
        for step in (_reserve, _commit):
            for part in parts:
                step(database, part)
            times.append(time.perf_counter())
        with database.read() as connection:
            assert verify(connection) == []
        database.close()
    return many / (times[1] - times[0]), many / (times[2] - times[1])


def main() -> None:
    """Print both, and how many times as fast the batches are."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    batched, single = _rates(many, BATCH), _rates(max(many // 20, 1), 1)
    for what, fast, slow in zip(("reserved", "committed"), batched, single, strict=True):
        print(f"{what}: {fast:,.0f} a second in batches of {BATCH}, {slow:,.0f} one by one: {fast / slow:.1f} times")


if __name__ == "__main__":
    main()
