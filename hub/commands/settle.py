"""`hub settle`: a person has dealt with an item of the work list, and says how."""

from pathlib import Path

from hub.clock import now
from hub.commands.home import opened
from hub.errors import HubError
from hub.ledger.entries import Entry
from hub.store import work

MAX_NOTE = 500


def settle(home: Path, item: str, by: str, note: str) -> str:
    """Close the open item ``item`` (WK-…) in the name of ``by``; who and why are recorded in the ledger."""
    with opened(home) as found, found.database.write() as connection:
        row = work.open_item(connection, item)
        if row is None:
            raise HubError(f"no item {item} is open; `hub status` lists those that are")
        at = now()
        work.close(connection, row["subject"], by, at, row["kind"])
        facts = {"item": item, "subject": row["subject"], "kind": row["kind"], "by": by, "note": note[:MAX_NOTE]}
        found.ledger.append(connection, [Entry("work.closed", at, None, None, facts)])
    return f"{item} is settled by {by}: {row['kind']} {row['subject']}"
