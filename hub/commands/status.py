"""`hub status`: how the hub in a home is doing, from its database."""

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from hub.clock import iso
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
        table = Table("case", "service", "partner", "reference", "state", "opened", box=None)
        for row in found.newest:
            cells = (row["id"], row["service"], row["partner"], row["reference"], row["state"])
            table.add_row(*cells, iso(row["opened_at"]))
        console.print(table)
    for row in found.work:
        console.print(f"[yellow]work[/] {row['id']} for {row['owner']}: {row['reason']}")
