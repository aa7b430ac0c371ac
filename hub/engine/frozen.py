"""A delivery's frozen bytes, as the outbox and the ledger record them."""

from hub.engine.rows import Row
from hub.ledger.entries import Entry, Kind
from hub.model.delivery import DeliveryState

MAILBOX = "mailbox"
"""The channel of what waits for its partner to fetch it."""


def columns(channel: str, data: bytes, sha256: str, at: int, inline: bool) -> Row:
    """What sealing writes into the row of a delivery. ``inline``: its bytes lie in the row, not in the blob store."""
    return {
        "state": DeliveryState.AVAILABLE if channel == MAILBOX else DeliveryState.SEALED,
        "sha256": sha256,
        "size": len(data),
        "payload": data if inline else None,
        "sealed_at": at,
        "due_at": at,
    }


def entry(row: Row, delivery: str, sha256: str, size: int, at: int) -> Entry:
    """What the ledger says of it; ``delivery`` is that of ``row``, or its detached signature."""
    facts: dict[str, str | int] = {
        "delivery": delivery,
        "partner": row["partner"],
        "kind": row["kind"] if delivery == row["id"] else "signature",
        "sha256": sha256,
        "size": size,
    }
    if facts["kind"] != "signature" and row["plan"].get("digest"):
        facts["mapping"] = row["plan"]["digest"]
    # What belongs to nothing else is entered under its own id (docs/ledger.md).
    subject = row["transmission"] or (None if row["case"] else delivery)
    return Entry(Kind.SEALED, at, row["case"], subject, facts)
