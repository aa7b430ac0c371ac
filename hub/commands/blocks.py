"""`hub balances` and the other building blocks: argument parsing only."""

import json
from pathlib import Path
from typing import Annotated

import typer

from hub.commands.options import HERE, Home, Json, Lang, console
from hub.model.approval import Vote
from hub.model.balance import Step
from hub.model.filing import FilingState
from hub.model.finding import Language

balances = typer.Typer(help="Look at balances, change their lines, verify them.", no_args_is_help=True)
approvals = typer.Typer(help="Look at what waits for people.", no_args_is_help=True)
filings = typer.Typer(help="Look at what is on file, and change it.", no_args_is_help=True)

Book = Annotated[str, typer.Argument(help="A book of mappings/books.toml.")]
Holder = Annotated[str, typer.Argument(help="Whose account.")]
Amount = Annotated[str, typer.Argument(help="In the book's unit, such as 1200.50.")]
By = Annotated[str, typer.Option(help="In whose name.")]
Note = Annotated[str, typer.Option(help="Why.")]
Reason = Annotated[str, typer.Option(help="Why; it is recorded for good.")]
ApprovalId = Annotated[str, typer.Argument(help="The approval (AP-…), as `hub approvals list` shows it.", metavar="ID")]
Kind = Annotated[str, typer.Argument(help="Of filing: company, goods, vehicle, licence, mandate …")]
Number = Annotated[str, typer.Argument(help="Under which it is filed; of a mandate AGENT/SERVICE, or AGENT/*.")]
Whose = Annotated[str, typer.Argument(help="Whose it is; of a mandate the principal.", metavar="HOLDER")]
Limit = Annotated[int, typer.Option(help="Rows of each list.", min=1)]


@balances.command("list")
def balances_list(
    book: Annotated[str, typer.Argument(help="Of this book only.")] = "",
    home: Home = HERE,
    as_json: Json = False,
    limit: Limit = 50,
) -> None:
    """List accounts with what is available, those that moved last first."""
    from hub.commands.balances import list_accounts, table

    rows = list_accounts(home, book, limit)
    print(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(table(rows)))


@balances.command("show")
def balances_show(book: Book, holder: Holder, home: Home = HERE, as_json: Json = False, limit: Limit = 50) -> None:
    """Show a holder's accounts in a book, with their postings."""
    from hub.commands.balances import show_account, story

    accounts = show_account(home, book, holder, limit)
    print(json.dumps(accounts, ensure_ascii=False) if as_json else "\n".join(story(accounts)))


@balances.command("grant")
def balances_grant(book: Book, holder: Holder, amount: Amount, by: By, note: Note = "", home: Home = HERE) -> None:
    """Let the line of an account grow, in a person's name."""
    from hub.commands.balances import change_line

    console().print(change_line(home, Step.GRANT, book, holder, amount, by, note), markup=False)


@balances.command("withdraw")
def balances_withdraw(book: Book, holder: Holder, amount: Amount, by: By, note: Note = "", home: Home = HERE) -> None:
    """Let the line of an account shrink, never below what is reserved and used."""
    from hub.commands.balances import change_line

    console().print(change_line(home, Step.WITHDRAW, book, holder, amount, by, note), markup=False)


@balances.command("verify")
def balances_verify(home: Home = HERE) -> None:
    """Compare accounts, postings, reservations and cases; exit code 1 when they contradict each other."""
    from hub.commands.balances import holds, verify_balances

    found = verify_balances(home)
    console().print("\n".join(found or [*holds(), "holds"]), markup=False)
    raise typer.Exit(1 if found else 0)


@approvals.command("list")
def approvals_list(
    home: Home = HERE,
    as_json: Json = False,
    limit: Limit = 50,
    ended: Annotated[bool, typer.Option("--all", help="Those that have ended too, the newest first.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """List what waits for people, the most urgent first."""
    from hub.commands.approvals import list_approvals, table

    rows = list_approvals(home, limit, ended=ended)
    print(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(table(rows, lang)))


@approvals.command("verify")
def approvals_verify(home: Home = HERE) -> None:
    """Compare approvals with the votes; exit code 1 when they contradict each other."""
    from hub.commands.approvals import verify

    found = verify(home)
    console().print("\n".join(found or ["holds"]), markup=False)
    raise typer.Exit(1 if found else 0)


def approve(approval: ApprovalId, by: By, reason: Reason, home: Home = HERE) -> None:
    """Approve something in a person's name. The running hub acts upon it as soon as enough have."""
    from hub.commands.approvals import decide

    console().print(decide(home, approval, by, Vote.APPROVE, reason), markup=False)


def reject(approval: ApprovalId, by: By, reason: Reason, home: Home = HERE) -> None:
    """Reject something in a person's name; that ends it."""
    from hub.commands.approvals import decide

    console().print(decide(home, approval, by, Vote.REJECT, reason), markup=False)


@filings.command("list")
def filings_list(
    kind: Annotated[str, typer.Argument(help="Of this kind only.")] = "",
    holder: Annotated[str, typer.Option(help="Of this holder only.")] = "",
    home: Home = HERE,
    as_json: Json = False,
    limit: Limit = 50,
) -> None:
    """List what is on file, the newest first."""
    from hub.commands.filings import list_filings, table

    rows = list_filings(home, kind, holder, limit)
    print(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(table(rows)))


@filings.command("show")
def filings_show(kind: Kind, number: Number, home: Home = HERE, as_json: Json = False, limit: Limit = 50) -> None:
    """Show every version of what is on file under a number."""
    from hub.commands.filings import show_filing, table

    rows = show_filing(home, kind, number, limit)
    print(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(table(rows)))


@filings.command("record")
def filings_record(
    kind: Kind,
    number: Number,
    holder: Whose,
    by: By,
    title: Annotated[str, typer.Option(help="What people call it.")],
    first: Annotated[str, typer.Option("--from", help="The first day, in China: 2026-11-24.")],
    until: Annotated[str, typer.Option(help="The last day; without it, for ever.")] = "",
    fact: Annotated[list[str] | None, typer.Option(help="What else is known: name=value; may be repeated.")] = None,
    home: Home = HERE,
) -> None:
    """File something in a person's name; what was on file is kept as a former version."""
    from hub.commands.filings import facts, midnight, record
    from hub.filings.values import Record

    last = midnight(until, after=True) if until else None
    new = Record(kind, number, holder, title, by, midnight(first), last, facts(fact or []))
    console().print(record(home, new), markup=False)


@filings.command("revoke")
def filings_revoke(kind: Kind, number: Number, holder: Whose, by: By, reason: Reason, home: Home = HERE) -> None:
    """What is on file never counts again."""
    _end(home, kind, number, holder, FilingState.REVOKED, by, reason)


@filings.command("suspend")
def filings_suspend(kind: Kind, number: Number, holder: Whose, by: By, reason: Reason, home: Home = HERE) -> None:
    """What is on file does not count for now."""
    _end(home, kind, number, holder, FilingState.SUSPENDED, by, reason)


@filings.command("resume")
def filings_resume(kind: Kind, number: Number, holder: Whose, by: By, reason: Reason, home: Home = HERE) -> None:
    """What was suspended counts again."""
    _end(home, kind, number, holder, FilingState.ACTIVE, by, reason)


@filings.command("verify")
def filings_verify(home: Home = HERE) -> None:
    """Look for versions out of order; exit code 1 when there are some."""
    from hub.commands.filings import verify

    found = verify(home)
    console().print("\n".join(found or ["holds"]), markup=False)
    raise typer.Exit(1 if found else 0)


def _end(home: Path, kind: str, number: str, holder: str, state: FilingState, by: str, why: str) -> None:
    from hub.commands.filings import end

    console().print(end(home, kind, number, holder, state, by, why), markup=False)


def track(
    subject: Annotated[str, typer.Argument(help="A container, vehicle, train, parcel …")],
    kind: Annotated[str, typer.Option(help="Of this kind only.")] = "",
    gap: Annotated[str, typer.Option(help="Tell where nothing was heard for longer: 24h.")] = "",
    speed: Annotated[int, typer.Option(help="Tell where it moved faster, in km/h.", min=0)] = 0,
    order: Annotated[str, typer.Option(help="Tell where events are not in this order: gate-in,loaded,departed.")] = "",
    home: Home = HERE,
    as_json: Json = False,
    limit: Limit = 200,
) -> None:
    """Where and when it was seen, the oldest first, and what is odd; exit code 1 when something is."""
    from hub.commands import tracks

    wanted = tracks.Wanted(gap, speed, tuple(filter(None, order.split(","))))
    seen, odd = tracks.track(home, subject, kind, wanted, limit)
    print(json.dumps(tracks.as_json(seen, odd), ensure_ascii=False) if as_json else "\n".join(tracks.lines(seen, odd)))
    raise typer.Exit(1 if odd else 0)
