"""`hub resend`: the same bytes go again. A delivery goes back into its mailbox or outbox; a transmission that the hub
could not handle is read again, a delivery that could not be written is written anew."""

import json
from pathlib import Path
from typing import Any

from hub.clock import now
from hub.commands.home import opened
from hub.engine.frozen import MAILBOX
from hub.errors import HubError
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.case import LaneState, TransmissionState
from hub.model.delivery import DeliveryState
from hub.store import cases, deliveries, transmissions, work
from hub.store.database import Connection

WHO = "hub resend"
_AGAIN = (DeliveryState.SEALED, DeliveryState.AVAILABLE, DeliveryState.DELIVERED, DeliveryState.FAILED)


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
    if row["state"] not in _AGAIN:
        raise HubError(f"{subject} is {row['state']}; only what is on its way, delivered or failed can be sent again")
    at = now()
    if row["sha256"] is None:
        return _unwritten(connection, ledger, row, at)
    state = DeliveryState.AVAILABLE if row["channel"] == MAILBOX else DeliveryState.SEALED
    deliveries.move(connection, subject, state=state, removed_at=None, due_at=at)
    work.close(connection, subject, WHO, at)
    facts = {"delivery": subject, "partner": row["partner"], "resent": row["sha256"]}
    ledger.append(connection, [Entry("resent", at, row["case"], row["transmission"], facts)])
    return f"{subject} goes to {row['partner']} again: {row['name']}, {row['size']} bytes"


def _unwritten(connection: Connection, ledger: Ledger, row: dict[str, Any], at: int) -> str:
    if row["lane"] and LaneState(cases.lane_state(connection, row["lane"])) is LaneState.REFUSED:
        raise HubError(f"{row['id']} cannot be written: its lane is refused, and the trader was told why")
    deliveries.plan_again(connection, row["id"], json.loads(row["plan"]).get("signature"))
    work.close(connection, row["id"], WHO, at)
    facts = {"delivery": row["id"], "partner": row["partner"]}
    ledger.append(connection, [Entry("revived", at, row["case"], row["transmission"], facts)])
    return f"{row['id']} to {row['partner']} is written anew as soon as the hub runs"


def _transmission(connection: Connection, ledger: Ledger, subject: str) -> str:
    row = transmissions.get(connection, subject)
    if row is None or row["state"] != TransmissionState.FAILED:
        raise HubError(f"{subject} is not a transmission that failed; only those can be read again")
    at = now()
    transmissions.revive(connection, subject)
    work.close(connection, subject, WHO, at)
    ledger.append(connection, [Entry("revived", at, None, subject, {"partner": row["partner"]})])
    return f"{subject} of {row['partner']} is read again as soon as the hub runs"
