"""States of transmissions, messages, cases, legs and lanes; each with the transitions that are allowed."""

from enum import StrEnum
from typing import NamedTuple

OBJECTION = "HUB2"
"""The hub's own reason code, where a service has none of the agency's for what is wrong."""


class Objection(NamedTuple):
    """Why the hub itself does not let a case go on: the code that the trader hears, words, and the field concerned."""

    code: str
    zh: str
    en: str
    leg: str = ""
    path: str = ""


class TransmissionState(StrEnum):
    """Where the bytes that arrived stand."""

    RECEIVED = "received"  # durable and recorded, not yet decided
    ACCEPTED = "accepted"  # read, every message accepted
    PARTLY = "partly"  # read, some messages refused
    REFUSED = "refused"  # read, nothing accepted
    DUPLICATE = "duplicate"  # the same submission was accepted before; it has no effect
    FAILED = "failed"  # the hub itself could not handle it: it is on a named person's work list


class CaseState(StrEnum):
    """The joint status of one submission: that of its worst lane."""

    WAITING = "waiting"  # for legs
    OPEN = "open"  # waiting for answers, or for a person
    ACCEPTED = "accepted"  # every agency accepted
    INSPECTION = "inspection"  # an agency wants to look; none refused
    REFUSED = "refused"  # an agency refused
    OVERDUE = "overdue"  # an agency has not answered in time; a person must look
    CANCELLED = "cancelled"  # taken back, and the agencies agreed


class LegState(StrEnum):
    """Where one document of a service stands."""

    WAITING = "waiting"  # for the leg that opens a case
    JOINED = "joined"  # it belongs to a case
    REPLACED = "replaced"  # a later one has taken its place
    REFUSED = "refused"  # it did not pass its checks


class LaneState(StrEnum):
    """One agency's part of a case."""

    SENT = "sent"  # the message is on its way or in the agency's mailbox
    RECEIVED = "received"  # the agency's technical receipt says that it has the message
    ACCEPTED = "accepted"  # business answer: accepted or released
    INSPECTION = "inspection"  # business answer: inspection ordered
    REFUSED = "refused"  # business or technical answer: refused
    OVERDUE = "overdue"  # no business answer before the deadline
    TOLD = "told"  # a copy: the agency is told and does not answer


LANE_TRANSITIONS: dict[LaneState, frozenset[LaneState]] = {
    LaneState.SENT: frozenset(set(LaneState) - {LaneState.SENT, LaneState.TOLD}),
    LaneState.RECEIVED: frozenset(set(LaneState) - {LaneState.SENT, LaneState.RECEIVED, LaneState.TOLD}),
    LaneState.INSPECTION: frozenset({LaneState.ACCEPTED, LaneState.REFUSED}),
    LaneState.OVERDUE: frozenset({LaneState.ACCEPTED, LaneState.INSPECTION, LaneState.REFUSED}),
    LaneState.ACCEPTED: frozenset(),
    LaneState.REFUSED: frozenset(),
    LaneState.TOLD: frozenset({LaneState.REFUSED}),
}

_JOINT = {
    LaneState.REFUSED: CaseState.REFUSED,
    LaneState.OVERDUE: CaseState.OVERDUE,
    LaneState.INSPECTION: CaseState.INSPECTION,
    LaneState.SENT: CaseState.OPEN,
    LaneState.RECEIVED: CaseState.OPEN,
    LaneState.ACCEPTED: CaseState.ACCEPTED,
    LaneState.TOLD: CaseState.ACCEPTED,
}


def joint(lanes: list[LaneState]) -> CaseState:
    """The case's status from its lanes': the worst one speaks for all.

    >>> joint([LaneState.ACCEPTED, LaneState.INSPECTION]).value
    'inspection'
    """
    return next((state for lane, state in _JOINT.items() if lane in lanes), CaseState.OPEN)
