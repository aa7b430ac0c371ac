"""Books for tests, and a batch in a transaction of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.balances.batch import Balances
from hub.balances.books import Book
from hub.model.balance import Period
from hub.model.partner import Title
from hub.store.database import Database

HOUR = 3_600_000_000
NOW = 1_790_000_000_000_000  # in September 2026
BOOKS = {
    "limit": Book("limit", Title("限值", "Limit"), "CNY", 2, Period.YEAR, line=2_600_000),
    "stock": Book("stock", Title("库存", "Stock"), "pieces", 0, expires=HOUR),
}


@contextmanager
def batch(database: Database, *cases: str, holder: str = "li", at: int = NOW) -> Iterator[Balances]:
    """The balances of ``holder`` in every book, saved when the block ends."""
    with database.write() as connection:
        balances = Balances.load(connection, BOOKS, [(book, holder) for book in BOOKS], cases, at)
        yield balances
        balances.save(connection)
