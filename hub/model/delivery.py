"""Deliveries: frozen bytes on their way to one partner, and what one attempt can end in."""

from dataclasses import dataclass
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"  # decided, its bytes not yet written
    SEALED = "sealed"  # bytes frozen, waiting for an attempt
    AVAILABLE = "available"  # lies in the partner's mailbox
    DELIVERED = "delivered"  # the partner has the bytes (fetched, or its server took them)
    FAILED = "failed"  # given up: it is on a named person's work list


DELIVERY_TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PLANNED: frozenset({DeliveryState.SEALED, DeliveryState.AVAILABLE, DeliveryState.FAILED}),
    DeliveryState.SEALED: frozenset({DeliveryState.SEALED, DeliveryState.DELIVERED, DeliveryState.FAILED}),
    DeliveryState.AVAILABLE: frozenset({DeliveryState.AVAILABLE, DeliveryState.DELIVERED}),
    DeliveryState.DELIVERED: frozenset({DeliveryState.SEALED, DeliveryState.AVAILABLE}),  # a person sends it again
    DeliveryState.FAILED: frozenset({DeliveryState.PLANNED, DeliveryState.SEALED, DeliveryState.AVAILABLE}),
}
"""Where a delivery may go from each state; ``hub.store.deliveries.move`` does not go anywhere else."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The attempt succeeded: the partner has the bytes. ``note`` is what its side answered."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """The attempt failed for now; the same bytes go again later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The partner will never take these bytes; a person must look."""

    reason: str


Outcome = Delivered | Deferred | Refused
