"""States of transmissions, messages, cases and lanes; each with the transitions that are allowed."""

from enum import StrEnum


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

    OPEN = "open"  # waiting for legs or answers
    ACCEPTED = "accepted"  # every agency accepted
    INSPECTION = "inspection"  # an agency wants to look; none refused
    REFUSED = "refused"  # an agency refused
    OVERDUE = "overdue"  # an agency has not answered in time; a person must look


class LaneState(StrEnum):
    """One agency's part of a case."""

    SENT = "sent"  # the message is on its way or in the agency's mailbox
    RECEIVED = "received"  # the agency's technical receipt says that it has the message
    ACCEPTED = "accepted"  # business answer: accepted or released
    INSPECTION = "inspection"  # business answer: inspection ordered
    REFUSED = "refused"  # business or technical answer: refused
    OVERDUE = "overdue"  # no business answer before the deadline


LANE_TRANSITIONS: dict[LaneState, frozenset[LaneState]] = {
    LaneState.SENT: frozenset(set(LaneState) - {LaneState.SENT}),
    LaneState.RECEIVED: frozenset(set(LaneState) - {LaneState.SENT, LaneState.RECEIVED}),
    LaneState.INSPECTION: frozenset({LaneState.ACCEPTED, LaneState.REFUSED}),
    LaneState.OVERDUE: frozenset({LaneState.ACCEPTED, LaneState.INSPECTION, LaneState.REFUSED}),
    LaneState.ACCEPTED: frozenset(),
    LaneState.REFUSED: frozenset(),
}

_JOINT = {
    LaneState.REFUSED: CaseState.REFUSED,
    LaneState.OVERDUE: CaseState.OVERDUE,
    LaneState.INSPECTION: CaseState.INSPECTION,
    LaneState.SENT: CaseState.OPEN,
    LaneState.RECEIVED: CaseState.OPEN,
    LaneState.ACCEPTED: CaseState.ACCEPTED,
}


def joint(lanes: list[LaneState]) -> CaseState:
    """The case's status from its lanes': the worst one speaks for all.

    >>> joint([LaneState.ACCEPTED, LaneState.INSPECTION]).value
    'inspection'
    """
    return next((state for lane, state in _JOINT.items() if lane in lanes), CaseState.OPEN)
