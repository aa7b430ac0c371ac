"""Kills while balances move: a process that posts is killed (SIGKILL) at random moments and started again. Nothing that
was committed is lost, nothing is posted twice, and the end is that of a run that nobody disturbed."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from hub.balances.verify import verify
from hub.store.database import Database
from tests.crash import posting

KILLS = int(os.environ.get("HUB_KILLS", "10"))
SEED = int(os.environ.get("HUB_SEED", str(random.SystemRandom().randrange(10**9))))


def live(url: str, root: Path, seconds: float) -> list[int]:
    """Let the process post for a while from its first commit on, then kill it; the batches that it said were done."""
    command = [sys.executable, "-m", "tests.crash.posting", url, str(SEED)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        assert first, process.stderr.read()[-3000:]
        time.sleep(seconds)  # the random moment is the point of this test
        process.kill()
        rest = process.stdout.read()
    return [int(line) for line in (first + rest).split()]


def test_balances_are_right_whenever_they_are_cut_off(tmp_path: Path, root: Path) -> None:
    draw = random.Random(SEED)
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    database = Database(url)
    database.migrate()
    done = 0
    for _ in range(KILLS):
        told = live(url, root, draw.uniform(0.0, 0.5))
        with database.read() as connection:
            assert verify(connection) == [], f"seed {SEED}"
            newest = posting.newest(connection)
        assert told[0] == done + 1, "it goes on where the database ends"
        assert newest in (told[-1], told[-1] + 1), "what was told is there, and at most one more batch"
        done = newest
    assert tables(database) == tables(undisturbed(tmp_path, done)), f"seed {SEED}"
    print(f"seed {SEED}: {KILLS} kills, {done} batches, {len(tables(database)[2])} postings")


def undisturbed(folder: Path, batches: int) -> Database:
    """The same batches in one process that nobody kills, in one transaction."""
    database = Database(f"sqlite:///{folder / 'undisturbed.db'}")
    database.migrate()
    with database.write() as connection:
        for number in range(1, batches + 1):
            posting.post(connection, SEED, number)
    return database


def tables(database: Database) -> list[list[tuple[object, ...]]]:
    """Every row of the three tables, without the postings' numbers."""
    queries = (
        "SELECT * FROM accounts ORDER BY id",
        'SELECT * FROM reservations ORDER BY "case", name',
        'SELECT account, "case", name, step, amount, available, at FROM postings ORDER BY id',
    )
    with database.read() as connection:
        return [[tuple(row) for row in connection.exec_driver_sql(query)] for query in queries]
