"""`hub status`: how the hub in a home is doing, from its database."""

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

from hub.clock import iso
from hub.commands.columns import columns
from hub.engine.rows import Row
from hub.store import cases, counts, work
from hub.store import ledger as ledger_store
from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Status:
    """Counts by state, the ledger's size, what waits for a person, and the newest cases."""

    transmissions: dict[str, int]
    cases: dict[str, int]
    lanes: dict[str, int]
    deliveries: dict[str, int]
    entries: int
    signed: int
    waiting: int  # items on the work list
    work: tuple[Row, ...]
    newest: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "transmissions": self.transmissions,
            "cases": self.cases,
            "lanes": self.lanes,
            "deliveries": self.deliveries,
            "ledger": {"entries": self.entries, "signed": self.signed},
            "waiting": self.waiting,
            "work": list(self.work),
            "newest": list(self.newest),
        }


def status(connection: Connection, limit: int) -> Status:
    """The state of the hub; ``limit`` bounds the lists."""
    newest = ledger_store.newest_checkpoint(connection)
    return Status(
        transmissions=counts.by_state(connection, "transmissions"),
        cases=counts.by_state(connection, "cases"),
        lanes=counts.by_state(connection, "lanes"),
        deliveries=counts.by_state(connection, "deliveries"),
        entries=ledger_store.size(connection),
        signed=newest.size if newest else 0,
        waiting=work.count_open(connection),
        work=tuple(work.open_items(connection, limit)),
        newest=tuple(cases.recent(connection, limit)),
    )


def show(found: Status, console: Console) -> None:
    """Print it for people."""
    for name in ("transmissions", "cases", "lanes", "deliveries"):
        states = getattr(found, name)
        console.print(f"{name:14}", "  ".join(f"{state} {count}" for state, count in states.items()) or "none")
    console.print(f"{'ledger':14} {found.entries} entries, {found.signed} of them under a signed checkpoint")
    if found.newest:
        shown = ("id", "service", "partner", "reference", "state")
        rows = [(*(str(row[name]) for name in shown), iso(row["opened_at"])) for row in found.newest]
        for line in columns(("case", *shown[1:], "opened"), rows):
            console.print(line, markup=False)
    if found.waiting:
        console.print(f"{found.waiting} on the work list, oldest first:")
    for row in found.work:
        about = escape(f"{row['id']} {row['subject']} for {row['owner']}: {row['reason']}")
        console.print(f"  [yellow]{row['kind']}[/] {about}")
