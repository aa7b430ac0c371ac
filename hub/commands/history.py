"""What a home has delivered, as the jobs that wrote it: for whoever wants to know what another mapping makes of it."""

from typing import Any

from hub.engine.values import ReadJob, WriteJob
from hub.errors import HubError
from hub.spool.blobs import Blobs
from hub.store import deliveries, legs, transmissions
from hub.store.database import Connection

Row = dict[str, Any]
MAPPED = ("mapping", "reply")
"""What a plan does when a mapping writes the delivery."""
_PAGE = 500


def sealed(connection: Connection, delivery: str) -> Row:
    """The row of ``delivery``, with its plan. Raises HubError when no mapping wrote it."""
    row = deliveries.get(connection, [delivery]).get(delivery)
    if row is None:
        raise HubError(f"there is no delivery {delivery}; `hub trace` shows those of a case")
    row = deliveries.with_plan(row)
    if row["plan"].get("do") not in MAPPED:
        raise HubError(
            f"{delivery} ({row['kind']}) was not written by a mapping; only what a mapping wrote has lineage"
        )
    if row["sha256"] is None:
        raise HubError(f"{delivery} is {row['state']} and has no bytes yet; there is nothing to explain")
    return row


def job(connection: Connection, blobs: Blobs, row: Row) -> WriteJob:
    """The job that WRITE did, or would do, for a delivery: ``row`` with its plan."""
    leg = row["plan"].get("leg")
    document = legs.documents(connection, [leg]).get(leg, "") if leg else ""
    if document:
        return WriteJob(row["id"], row["partner"], row["plan"], document=document)
    source = transmissions.get(connection, row["transmission"] or "")
    if source is None:
        return WriteJob(row["id"], row["partner"], row["plan"])
    blob = None if source["payload"] is not None else str(blobs.path(source["sha256"]))
    read = ReadJob(source["id"], source["partner"], source["payload"], blob, source["received_at"], source["size"])
    return WriteJob(row["id"], row["partner"], row["plan"], read)


def mapped(connection: Connection, mapping: str, digest: str, last: int) -> list[Row]:
    """The newest deliveries that this version of ``mapping`` wrote, at most ``last`` of them, with their plans."""
    found: list[Row] = []
    before = ""
    while len(found) < last and (page := deliveries.newest(connection, _PAGE, before)):
        rows = [deliveries.with_plan(row) for row in page]
        found += [row for row in rows if (row["plan"].get("mapping"), row["plan"].get("digest")) == (mapping, digest)]
        before = page[-1]["id"]
    return found[:last]


def content(blobs: Blobs, row: Row) -> bytes:
    """The bytes that were sealed."""
    if row["payload"] is not None:
        return bytes(row["payload"])
    with blobs.open(row["sha256"]) as file:
        return file.read()
