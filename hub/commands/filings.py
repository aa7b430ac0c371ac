"""`hub filings`: what is on file, and changes of it in a person's name."""

import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hub.clock import SECOND, iso, now
from hub.commands.columns import columns
from hub.commands.home import opened
from hub.errors import HubError
from hub.filings.batch import Filings
from hub.filings.values import Record, Recorded, Refused, Why
from hub.model.filing import FilingState
from hub.store import filings as store

_CHINA = timezone(timedelta(hours=8))
_HEAD = ("kind", "number", "holder", "version", "state", "from", "until", "source", "title")
_WHY = {
    Why.UNKNOWN: "nothing is on file under it",
    Why.STATE: "it is {state}",
    Why.PERIOD: "it would end before it begins",
    Why.SIZE: "a text is empty or too long",
}


def list_filings(home: Path, kind: str, holder: str, limit: int) -> list[dict[str, Any]]:
    """What is on file now, the newest first."""
    with opened(home) as found, found.database.read() as connection:
        return [_told(row) for row in store.listed(connection, kind, holder, limit)]


def show_filing(home: Path, kind: str, number: str, limit: int) -> list[dict[str, Any]]:
    """Every version under a number, the oldest first. Raises HubError when there is none."""
    with opened(home) as found, found.database.read() as connection:
        rows = store.history(connection, kind, number, limit)
    if not rows:
        raise HubError(f"no {kind} is on file under {number}; `hub filings list` shows what is")
    return [_told(row) for row in rows]


def record(home: Path, record: Record) -> str:
    """File something; the ledger records it."""
    what = f"{record.kind} {record.number} of {record.holder}"
    with opened(home) as found, found.database.write() as connection:
        filings = Filings.load(connection, [(record.kind, record.number)])
        told = filings.record(record, now())
        if isinstance(told, Recorded):
            found.ledger.append(connection, filings.entries())
            filings.save(connection)
    return _answer(what, told)


def end(home: Path, kind: str, number: str, holder: str, state: FilingState, by: str, why: str) -> str:
    """Suspend, resume or revoke; the ledger records who and why."""
    with opened(home) as found, found.database.write() as connection:
        filings = Filings.load(connection, [(kind, number)])
        told = filings.end(kind, number, holder, state, by, now(), why)
        if isinstance(told, Recorded):
            found.ledger.append(connection, filings.entries())
            filings.save(connection)
    return _answer(f"{kind} {number} of {holder}", told)


def verify(home: Path) -> list[str]:
    """Versions that are out of order, one a line."""
    with opened(home) as found, found.database.read() as connection:
        wrong = store.contradicted(connection)
    return [
        f"{row['kind']} {row['number']} of {row['holder']}: version {row['version']} is out of order" for row in wrong
    ]


def midnight(day: str, *, after: bool = False) -> int:
    """The moment (µs) at which ``day`` (YYYY-MM-DD) begins in China, or with ``after`` ends. Raises HubError.

    >>> midnight("1970-01-02"), midnight("1970-01-01", after=True)
    (57600000000, 57600000000)
    """
    try:
        begins = datetime.combine(date.fromisoformat(day), datetime.min.time(), _CHINA) + timedelta(days=after)
    except (ValueError, OverflowError) as error:
        raise HubError(f"{day!r} is no day; write it as 2026-11-24") from error
    return int(begins.timestamp()) * SECOND


def facts(words: list[str]) -> dict[str, list[str]]:
    """``name=value`` pairs as facts; a name may come more than once. Raises HubError.

    >>> facts(["hs=0101", "hs=0102"])
    {'hs': ['0101', '0102']}
    """
    found: dict[str, list[str]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise HubError(f"{word!r} is no fact; write name=value")
        found.setdefault(name, []).append(value)
    return found


def table(rows: list[dict[str, Any]]) -> list[str]:
    """In columns."""
    return columns(_HEAD, [tuple(str(row[name]) for name in _HEAD) for row in rows])


def _answer(what: str, told: Recorded | Refused) -> str:
    if isinstance(told, Refused):
        state = told.state.value if told.state else ""
        raise HubError(f"{what} cannot be changed so: {_WHY[told.why].format(state=state)}")
    return f"{what} is {told.state.value}, version {told.version}" + (", as it was" if told.repeated else "")


def _told(row: store.Row) -> dict[str, Any]:
    told = {name: row[name] for name in ("kind", "number", "holder", "version", "state", "source", "title")}
    until = iso(row["valid_until"]) if row["valid_until"] is not None else "–"
    more = {"from": iso(row["valid_from"]), "until": until, "recorded": iso(row["recorded_at"])}
    return told | more | {"facts": json.loads(row["facts"])}
