"""Queries about approvals and the votes of people."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from hub.model.approval import ApprovalState, Vote
from hub.store.bulk import Bulk, adding, storing
from hub.store.keys import by_key, keyed
from hub.store.tables import approvals, votes

Row = dict[str, Any]

# The statements of a batch are made once: making one costs more than running it.
_BY_SUBJECT = by_key(approvals.c.subject, approvals)
_BY_ID = by_key(approvals.c.id, approvals)
_VOTES = by_key(votes.c.approval, votes).order_by(votes.c.at)
_SAVE = storing(approvals, "state", "decided_at", "taken_at")
_ADD_VOTES = adding(votes)
_TAKE = Bulk(update(approvals).where(approvals.c.id == bindparam("row")).values(taken_at=bindparam("new_taken_at")))


def about(connection: Connection, subjects: Iterable[str]) -> list[Row]:
    """Everything that was asked about ``subjects``."""
    return [dict(row) for row in keyed(connection, _BY_SUBJECT, subjects).mappings()]


def named(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """The approvals ``ids``."""
    return [dict(row) for row in keyed(connection, _BY_ID, ids).mappings()]


def votes_of(connection: Connection, ids: Iterable[str]) -> list[Row]:
    """What people said to the approvals ``ids``, in order."""
    return [dict(row) for row in keyed(connection, _VOTES, ids).mappings()]


def save(connection: Connection, changed: list[Row], cast: list[Row]) -> None:
    """Write approvals as they are now, and new votes."""
    _SAVE.run(connection, changed)
    _ADD_VOTES.run(connection, cast)


def due(connection: Connection, at: int, limit: int) -> list[str]:
    """Approvals that were not decided by ``at``, the longest overdue first."""
    query = select(approvals.c.id).where(approvals.c.state == ApprovalState.ASKED, approvals.c.due_at <= at)
    return list(connection.execute(query.order_by(approvals.c.due_at).limit(limit)).scalars())


def untaken(connection: Connection, limit: int) -> list[Row]:
    """Approvals that have ended and that no engine has acted upon, the oldest first."""
    ended = (approvals.c.decided_at.is_not(None), approvals.c.taken_at.is_(None))
    return _rows(connection, select(approvals).where(*ended).order_by(approvals.c.decided_at).limit(limit))


def take(connection: Connection, ids: Iterable[str], at: int) -> None:
    """The engine has acted upon ``ids``."""
    _TAKE.run(connection, [{"row": id_, "new_taken_at": at} for id_ in ids])


def listed(connection: Connection, limit: int, *, ended: bool) -> list[Row]:
    """Those that wait for people, the most urgent first; or with ``ended`` all, the newest first."""
    if ended:
        return _rows(connection, select(approvals).order_by(approvals.c.id.desc()).limit(limit))
    waiting = select(approvals).where(approvals.c.state == ApprovalState.ASKED)
    return _rows(connection, waiting.order_by(approvals.c.due_at).limit(limit))


def contradicted(connection: Connection) -> list[Row]:
    """Approvals whose state is not what the votes say, or that somebody decided who may not, as id, state and votes."""
    voted = {vote: func.coalesce(func.sum(case((votes.c.verdict == vote, 1), else_=0)), 0) for vote in Vote}
    yes, no = voted[Vote.APPROVE], voted[Vote.REJECT]
    wanted = case(
        (no > 0, ApprovalState.REJECTED),
        (yes >= approvals.c.persons, ApprovalState.APPROVED),
        (approvals.c.state == ApprovalState.EXPIRED, ApprovalState.EXPIRED),
        else_=ApprovalState.ASKED,
    )
    own = func.coalesce(func.max(votes.c.person == approvals.c.asked_by), 0)
    late = func.coalesce(func.max(votes.c.at >= approvals.c.due_at), 0)
    open_ = approvals.c.state == ApprovalState.ASKED
    wrong = or_(
        approvals.c.state != wanted, yes > approvals.c.persons, no > 1, own != 0, late != 0,
        and_(open_, approvals.c.decided_at.is_not(None)), and_(~open_, approvals.c.decided_at.is_(None)),
    )  # fmt: skip
    query = select(approvals.c.id, approvals.c.state, yes.label("approved"), no.label("rejected"))
    return _rows(connection, query.select_from(approvals.outerjoin(votes)).group_by(approvals.c.id).having(wrong))


def _rows(connection: Connection, query: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
