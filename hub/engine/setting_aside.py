"""What the hub itself cannot handle is set aside: marked as failed, and put on a named person's work list."""

from hub.clock import Clock
from hub.engine.world import World
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.case import TransmissionState
from hub.model.ids import new_id
from hub.store import transmissions, work
from hub.store.database import Connection


def set_aside(
    transmission: str, reason: str, world: World, ledger: Ledger, clock: Clock, connection: Connection
) -> None:
    """Mark ``transmission`` as failed. Its bytes stay; `hub resend` gives it another try."""
    now = clock()
    transmissions.settle(
        connection,
        [
            {
                "key": transmission,
                "new_state": TransmissionState.FAILED,
                "new_syntax": "",
                "new_findings": None,
                "new_duplicate_of": None,
            }
        ],
    )
    item = {"id": new_id("WK", now), "subject": transmission, "kind": "failed", "opened_at": now}
    work.add(connection, [item | {"owner": world.settings.hub.duty_officer, "reason": reason}])
    ledger.append(connection, [Entry("failed", now, None, transmission, {"reason": reason[:500]})])
