"""Posts batch after batch to balances until it is killed: ``python -m tests.crash.posting DATABASE SEED [LAST]``.

Batch ``n`` follows from the seed and from what the database holds, so that a run without kills comes to the same rows.
After each commit its number is printed. At its start the last batch is posted once more, and must change nothing.
"""

import random
import sys

from sqlalchemy import func, select

from hub.balances.batch import Balances
from hub.balances.books import Book
from hub.balances.values import Posted
from hub.model.balance import Period, Step
from hub.model.partner import Title
from hub.store.database import Connection, Database
from hub.store.tables import postings

BOOKS = {
    "stock": Book("stock", Title("库存", "Stock"), "pieces", 0),
    "limit": Book("limit", Title("限值", "Limit"), "CNY", 2, Period.NONE, line=500),
}
ACCOUNTS = [(book, holder) for book in BOOKS for holder in ("li", "wang", "zhao")]
ONWARD = (Step.COMMIT, Step.RELEASE, Step.EXPIRE, Step.RESTORE, Step.CALL)
BACK = 6  # a batch moves what the last so many cases reserved


def case(number: int) -> str:
    return f"CS-{number:06d}"


def newest(connection: Connection) -> int:
    """The last batch that the database holds; 0: none."""
    return connection.execute(select(func.max(postings.c.at))).scalar_one() or 0


def post(connection: Connection, seed: int, number: int) -> None:
    """One batch: a case of its own, and moves of earlier ones; its time is its number."""
    draw = random.Random(f"{seed}/{number}")
    earlier = [case(number - back) for back in range(1, BACK)]
    balances = Balances.load(connection, BOOKS, ACCOUNTS, earlier, number)
    balances.post(Step.GRANT, *draw.choice(ACCOUNTS), draw.randint(1, 50), case(number), "in", number)
    for name in ("a", "b"):
        balances.post(Step.RESERVE, *draw.choice(ACCOUNTS), draw.randint(1, 90), case(number), name, number)
    for one in earlier:
        mark = balances.mark()
        for name in ("a", "b"):
            balances.move(draw.choice(ONWARD), one, name, number)
        if draw.random() < 0.1:
            balances.undo(mark)
    balances.save(connection)


def repeat(connection: Connection, number: int) -> int:
    """Post what batch ``number`` posted once more; returns how much of it was told as a repetition: all of it."""
    done = [row._asdict() for row in connection.execute(select(postings).where(postings.c.at == number))]
    committed = {(row["case"], row["name"]) for row in done if row["step"] == Step.COMMIT}
    balances = Balances.load(connection, BOOKS, ACCOUNTS, {row["case"] for row in done}, number)
    for row in done:
        key = (row["case"], row["name"])
        if row["case"] is None or (row["step"] == Step.RELEASE and key in committed):
            continue  # the line of a book; the rest of a commit
        book, _, holder = row["account"].split("|")
        told = balances.post(Step(row["step"]), book, holder, row["amount"], *key, number)
        assert isinstance(told, Posted), (row, told)
        assert told.repeated, (row, told)
    balances.save(connection)
    return len(done)


def main(url: str, seed: int, last: int) -> None:
    database = Database(url)
    with database.write() as connection:
        number = newest(connection)
        if number:
            repeat(connection, number)
    while number < last:
        number += 1
        with database.write() as connection:
            post(connection, seed, number)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 10**9)
