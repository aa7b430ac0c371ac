"""What a document tells a book: whose, and how much; or what is wrong with it."""

from collections.abc import Iterator
from typing import NamedTuple

from hub.balances.books import Book
from hub.model.case import Objection
from hub.model.finding import Finding
from hub.services.conduct import at_line, objection
from hub.services.service import Line, Posting, Service
from hub.services.vocabulary import Facts

MAX_ROWS = 1_000
"""Reservations of one posting in one case."""


class Amount(NamedTuple):
    """What one line moves, in smallest units; ``number`` is its 1-based place among the lines of its posting."""

    number: int
    holder: str
    units: int


def amounts(service: Service, posting: Posting, book: Book, facts: Facts) -> Iterator[Amount | Objection]:
    """What each line of ``posting`` moves, or why it cannot: a line that would move nothing is never passed over."""
    lines = posting.rows(facts)
    if not lines:
        yield _objection(service, posting, "amount-missing", posting.objection.path)
    if len(lines) > MAX_ROWS:
        yield _objection(service, posting, "lines-beyond", posting.objection.path, max=str(MAX_ROWS))
        return
    for number, line in enumerate(lines, 1):
        yield _amount(service, posting, book, line, number)


def _amount(service: Service, posting: Posting, book: Book, line: Line, number: int) -> Amount | Objection:
    holder, text = line.values
    if line.missing:
        return _objection(service, posting, "amount-missing", line.missing)
    units = book.scaled(text)
    if units is None:
        path = at_line(posting.objection.path, line.number) if line.number else posting.objection.path
        return _objection(service, posting, "amount-unreadable", path, value=text)
    return Amount(number, holder, units)


def _objection(service: Service, posting: Posting, key: str, path: str, **params: str) -> Objection:
    told = {"book": posting.book, "path": path} | params
    finding = Finding(f"walk.{key}", params=tuple(told.items()))
    return objection(posting.objection.code, finding, service.reasons, posting.leg, path)
