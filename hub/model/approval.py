"""States of an approval, and what a person may say to it."""

from enum import StrEnum


class ApprovalState(StrEnum):
    """Where something that was asked of people stands."""

    ASKED = "asked"  # waits for as many as are needed
    APPROVED = "approved"  # as many different persons as are needed approved
    REJECTED = "rejected"  # somebody rejected
    EXPIRED = "expired"  # its time was over before that


class Vote(StrEnum):
    """What a person says."""

    APPROVE = "approve"  # one of those that are needed
    REJECT = "reject"  # ends it
