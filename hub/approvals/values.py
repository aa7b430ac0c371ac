"""What is asked, what people said, and what comes of it. Times in µs."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from hub.model.approval import ApprovalState, Vote
from hub.model.partner import Title


class Request(NamedTuple):
    """What people are asked. ``subject``: what it is about (a case's id, or another); ``kind``: what of it is to be
    approved; ``persons``: how many different ones must approve, each with ``role`` (empty: any); ``facts``: what they
    should know; ``asked_by``: a person, who may not decide then, or a partner."""

    subject: str
    kind: str
    title: Title
    persons: int
    due_at: int
    asked_by: str
    role: str = ""
    facts: Mapping[str, Sequence[str]] | None = None


class Ballot(NamedTuple):
    """What one person said; the row of ``votes``."""

    approval: str
    person: str
    verdict: Vote
    reason: str
    at: int


class Approval(NamedTuple):
    """Something that was asked; the row of ``approvals``, ``facts`` as JSON text."""

    id: str
    subject: str
    kind: str
    title_zh: str
    title_en: str
    persons: int
    role: str
    facts: str
    asked_by: str
    asked_at: int
    due_at: int
    state: ApprovalState
    decided_at: int | None = None  # when it ended, however it did
    taken_at: int | None = None  # when the engine acted upon that


class Asked(NamedTuple):
    """It is asked, or was before under the same subject and kind (``repeated``): then ``state`` says how it stands."""

    id: str
    state: ApprovalState
    repeated: bool = False


class Decided(NamedTuple):
    """The vote counts. ``missing``: how many more must approve."""

    state: ApprovalState
    missing: int


class Why(StrEnum):
    """Why a vote does not count."""

    UNKNOWN = "unknown"  # there is no such approval
    PERSON = "person"  # hub.toml names no such person
    ROLE = "role"  # the person does not have the role that is needed
    OWN = "own"  # the person asked for it
    TWICE = "twice"  # the person has voted already
    ENDED = "ended"  # it is approved, rejected or expired
    LATE = "late"  # its time is over
    REASON = "reason"  # no reason was given


class Refused(NamedTuple):
    """The vote does not count. ``state``: of the approval, if there is one."""

    why: Why
    state: ApprovalState | None = None
