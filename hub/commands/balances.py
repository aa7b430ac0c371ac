"""`hub balances`: look at accounts, let their lines grow or shrink in a person's name, verify them."""

from pathlib import Path
from typing import Any

from hub.balances.batch import Balances
from hub.balances.books import Book, Books, load_books
from hub.balances.values import Refused, Why
from hub.balances.verify import CHECKS, verify
from hub.clock import iso, now
from hub.commands.columns import columns
from hub.commands.home import opened
from hub.errors import HubError
from hub.ledger.entries import Entry
from hub.model.balance import Step
from hub.store import balances as store

MAX_NOTE = 500
_WORDS = {Step.GRANT: "granted to", Step.WITHDRAW: "withdrawn from"}
_PARTS = ("line", "reserved", "used")


def list_accounts(home: Path, book: str, limit: int) -> list[dict[str, Any]]:
    """The accounts that moved last, amounts as people write them. Raises HubError for a book that is unknown."""
    with opened(home) as found, found.database.read() as connection:
        books = load_books(found.settings.paths.mappings)
        if book:
            _book(books, book)
        return [_account(row, books) for row in store.listed(connection, book, limit)]


def show_account(home: Path, book: str, holder: str, limit: int) -> list[dict[str, Any]]:
    """All accounts of a holder in a book, the newest period first, each with its last ``limit`` postings."""
    with opened(home) as found, found.database.read() as connection:
        books = load_books(found.settings.paths.mappings)
        rows = store.held(connection, book, holder)
        if not rows:
            raise HubError(f"{holder} has no account in {book}; `hub balances list` shows those that are open")
        return [
            _account(row, books) | {"postings": [_posting(each, row["book"], books) for each in history]}
            for row in rows
            for history in [store.history(connection, row["id"], limit)]
        ]


def change_line(home: Path, step: Step, book: str, holder: str, amount: str, by: str, note: str) -> str:
    """Let the line of an account grow (GRANT) or shrink (WITHDRAW); the ledger records who and why. Raises HubError."""
    at = now()
    with opened(home) as found, found.database.write() as connection:
        books = load_books(found.settings.paths.mappings)
        own = _book(books, book)
        scaled = own.scaled(amount)
        if not scaled:
            raise HubError(f"{amount} is no amount of {book}: write a number above 0 with at most {own.scale} decimals")
        balances = Balances.load(connection, books, [(book, holder)], [], at)
        told = balances.post(step, book, holder, scaled, None, "", at, f"{by}: {note[:MAX_NOTE]}".rstrip(": "))
        if isinstance(told, Refused):
            why = "that is too much" if told.why is Why.AMOUNT else f"only {own.shown(told.available)} is available"
            raise HubError(f"{amount} {own.unit} cannot be {_WORDS[step]} {holder} in {book}: {why}")
        facts = {"account": own.account(holder, at), "step": step.value, "amount": scaled, "by": by}
        found.ledger.append(connection, [Entry("balance.changed", at, None, None, facts | {"note": note[:MAX_NOTE]})])
        balances.save(connection)
    return f"{own.shown(scaled)} {own.unit} {_WORDS[step]} {holder} in {book}; available {own.shown(told.available)}"


def verify_balances(home: Path) -> list[str]:
    """What contradicts itself, one a line; empty when all agrees."""
    with opened(home) as found, found.database.read() as connection:
        return [str(contradiction) for contradiction in verify(connection)]


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Accounts in columns."""
    head = ("book", "holder", "period", *_PARTS, "available", "unit", "changed")
    return columns(head, [tuple(str(row[name]) for name in head) for row in rows])


def story(accounts: list[dict[str, Any]]) -> list[str]:
    """Accounts with their postings, oldest first."""
    lines = table(accounts)
    for account in accounts:
        head = ("at", "step", "amount", "available", "case", "name", "why")
        rows = [tuple(str(row[name]) for name in head) for row in account["postings"]]
        lines += ["", f"postings {account['period']}".rstrip(), *columns(head, rows)]
    return lines


def holds() -> list[str]:
    """What was verified, when nothing was found."""
    return [f"{number:3}. {check}" for number, (check, _) in enumerate(CHECKS, 1)]


def _book(books: Books, id_: str) -> Book:
    if id_ not in books:
        raise HubError(
            f"no book is called {id_}; choose from {', '.join(sorted(books)) or 'none: books.toml has none'}"
        )
    return books[id_]


def _account(row: store.Row, books: Books) -> dict[str, Any]:
    book = books.get(row["book"])
    amounts = {part: row[part] for part in _PARTS} | {"available": row["line"] - row["reserved"] - row["used"]}
    shown = {part: book.shown(amount) if book else str(amount) for part, amount in amounts.items()}
    told = {name: row[name] for name in ("book", "holder", "period")}
    return told | shown | {"unit": book.unit if book else "(smallest units)", "changed": iso(row["changed_at"])}


def _posting(row: store.Row, id_: str, books: Books) -> dict[str, Any]:
    book = books.get(id_)
    amounts = {part: book.shown(row[part]) if book else str(row[part]) for part in ("amount", "available")}
    told = {"at": iso(row["at"]), "step": row["step"], "case": row["case"] or "–", "name": row["name"] or "–"}
    return told | amounts | {"why": row["why"]}
