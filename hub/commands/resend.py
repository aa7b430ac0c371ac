"""`hub resend`: the same bytes go again. A delivery goes back into its mailbox or outbox; a transmission that the hub
could not handle is read again."""

from pathlib import Path

from hub.clock import now
from hub.commands.home import opened
from hub.engine.plans import MAILBOX
from hub.errors import HubError
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.case import TransmissionState
from hub.model.delivery import DeliveryState
from hub.store import deliveries, transmissions, work
from hub.store.database import Connection

WHO = "hub resend"


def send_again(home: Path, subject: str) -> str:
    """Send ``subject`` (DL-… or TR-…) again; returns what was done. Raises HubError when that cannot be."""
    with opened(home) as found, found.database.write() as connection:
        if subject.startswith("TR-"):
            return _transmission(connection, found.ledger, subject)
        return _delivery(connection, found.ledger, subject)


def _delivery(connection: Connection, ledger: Ledger, subject: str) -> str:
    row = deliveries.get(connection, [subject]).get(subject)
    if row is None:
        raise HubError(f"there is no delivery {subject}; `hub trace` shows those of a case")
    if row["sha256"] is None:
        raise HubError(f"{subject} was never written, so there is nothing to send again; resend its transmission")
    at = now()
    state = DeliveryState.AVAILABLE if row["channel"] == MAILBOX else DeliveryState.SEALED
    deliveries.move(connection, subject, state=state, removed_at=None, due_at=at)
    work.close(connection, subject, WHO, at)
    facts = {"delivery": subject, "partner": row["partner"], "resent": row["sha256"]}
    ledger.append(connection, [Entry("resent", at, row["case"], row["transmission"], facts)])
    return f"{subject} goes to {row['partner']} again: {row['name']}, {row['size']} bytes"


def _transmission(connection: Connection, ledger: Ledger, subject: str) -> str:
    row = transmissions.get(connection, subject)
    if row is None or row["state"] != TransmissionState.FAILED:
        raise HubError(f"{subject} is not a transmission that failed; only those can be read again")
    at = now()
    transmissions.revive(connection, subject)
    work.close(connection, subject, WHO, at)
    ledger.append(connection, [Entry("revived", at, None, subject, {"partner": row["partner"]})])
    return f"{subject} of {row['partner']} is read again as soon as the hub runs"
