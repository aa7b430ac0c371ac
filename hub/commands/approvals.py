"""`hub approvals`, `hub approve`, `hub reject`: what waits for people, and what they say to it."""

import json
from pathlib import Path
from typing import Any

from hub.approvals.batch import Approvals
from hub.approvals.values import Refused, Why
from hub.clock import iso, now
from hub.commands.columns import columns
from hub.commands.home import opened
from hub.errors import HubError
from hub.model.approval import Vote
from hub.model.finding import Language
from hub.store import approvals as store

_WHY = {
    Why.UNKNOWN: "there is no such approval; `hub approvals list` shows those that wait",
    Why.PERSON: "hub.toml names no such person; add [people.<id>]",
    Why.ROLE: "the person does not have the role that is needed",
    Why.OWN: "who asked for it cannot decide it",
    Why.TWICE: "the person has voted already",
    Why.ENDED: "it has ended",
    Why.LATE: "its time is over",
    Why.REASON: "give a reason",
}
_HEAD = ("id", "subject", "kind", "state", "votes", "role", "asked_by", "due")


def decide(home: Path, id_: str, by: str, verdict: Vote, reason: str) -> str:
    """Count the vote of ``by``; vote and ledger entry are one transaction. Raises HubError when it does not count."""
    with opened(home) as found, found.database.write() as connection:
        approvals = Approvals.load(connection, found.settings.people, ids=[id_])
        told = approvals.decide(id_, by, verdict, reason, now())
        if isinstance(told, Refused):
            stands = f" ({told.state.value})" if told.state else ""
            raise HubError(f"{by} cannot {verdict.value} {id_}{stands}: {_WHY[told.why]}")
        found.ledger.append(connection, approvals.entries())
        approvals.save(connection)
    more = f", {told.missing} more must approve" if told.missing and told.state.value == "asked" else ""
    return f"{id_} is {told.state.value}{more}"


def list_approvals(home: Path, limit: int, *, ended: bool) -> list[dict[str, Any]]:
    """What waits for people, the most urgent first; with ``ended`` all, the newest first; each with its votes."""
    with opened(home) as found, found.database.read() as connection:
        rows = store.listed(connection, limit, ended=ended)
        cast = store.votes_of(connection, [row["id"] for row in rows])
    return [_told(row, [vote for vote in cast if vote["approval"] == row["id"]]) for row in rows]


def verify(home: Path) -> list[str]:
    """Approvals that are not what the votes say, one a line."""
    with opened(home) as found, found.database.read() as connection:
        wrong = store.contradicted(connection)
    return [
        f"{row['id']} is {row['state']} with {row['approved']} approvals, {row['rejected']} rejections" for row in wrong
    ]


def table(rows: list[dict[str, Any]], language: Language) -> list[str]:
    """In columns, each followed by its title and what was said."""
    lines = columns(_HEAD, [tuple(str(row[name]) or "–" for name in _HEAD) for row in rows])
    for row in rows:
        lines.append(f"{row['id']}  {row['title'][language.value]}")
        lines += [f"    {vote['person']}: {vote['verdict']}, {vote['reason']}" for vote in row["said"]]
    return lines


def _told(row: store.Row, cast: list[store.Row]) -> dict[str, Any]:
    yes = sum(vote["verdict"] == Vote.APPROVE for vote in cast)
    told = {name: row[name] for name in ("id", "subject", "kind", "state", "role", "asked_by")}
    said = [{name: vote[name] for name in ("person", "verdict", "reason")} | {"at": iso(vote["at"])} for vote in cast]
    title = {"zh": row["title_zh"], "en": row["title_en"]}
    more = {"votes": f"{yes}/{row['persons']}", "due": iso(row["due_at"]), "title": title, "said": said}
    return told | more | {"facts": json.loads(row["facts"])}
