"""What the hub itself cannot handle is set aside: marked as failed, and put on a named person's work list."""

import json

from hub.clock import Clock
from hub.engine.world import World
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.case import TransmissionState
from hub.model.ids import new_id
from hub.store import deliveries, transmissions, work
from hub.store.database import Connection


def set_aside(
    transmission: str, reason: str, world: World, ledger: Ledger, clock: Clock, connection: Connection
) -> None:
    """Mark ``transmission`` as failed, unless it is decided. Its bytes stay; `hub resend` gives it another try."""
    row = transmissions.states(connection, [transmission]).get(transmission)
    if row is None or row["state"] != TransmissionState.RECEIVED:
        return
    now = clock()
    transmissions.settle(
        connection,
        [
            {
                "row": transmission,
                "new_state": TransmissionState.FAILED,
                "new_syntax": "",
                "new_findings": None,
                "new_duplicate_of": None,
            }
        ],
    )
    _call(connection, transmission, "failed", reason, world, now)
    ledger.append(connection, [Entry("failed", now, None, transmission, {"reason": reason[:500]})])


def give_up(delivery: str, reason: str, world: World, ledger: Ledger, clock: Clock, connection: Connection) -> None:
    """Mark ``delivery`` as failed, unless it is written. `hub resend` gives it another try."""
    now = clock()
    row = deliveries.get(connection, [delivery])[delivery]
    if not deliveries.fail(connection, delivery, json.loads(row["plan"]).get("signature")):
        return
    _call(connection, delivery, "unwritten", reason, world, now)
    ledger.append(
        connection,
        [Entry("unwritten", now, row["case"], row["transmission"], {"delivery": delivery, "reason": reason[:500]})],
    )


def _call(connection: Connection, subject: str, kind: str, reason: str, world: World, now: int) -> None:
    """Put ``subject`` on the work list of the person on duty."""
    item = {"id": new_id("WK", now), "subject": subject, "kind": kind, "opened_at": now}
    work.add(connection, [item | {"owner": world.settings.hub.duty_officer, "reason": reason}])
