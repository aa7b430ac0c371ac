"""Who may decide, how many must, and what ends it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from hub.approvals.batch import Approvals
from hub.approvals.values import Asked, Decided, Refused, Request, Why
from hub.model.approval import ApprovalState, Vote
from hub.model.partner import Title
from hub.model.person import Person
from hub.store import approvals as store
from hub.store.database import Connection, Database

State = ApprovalState
NOW, DUE = 1_790_000_000_000_000, 1_790_000_900_000_000
PEOPLE = {
    name: Person(name, Title(name, name), frozenset({role}))
    for name, role in (("li", "officer"), ("wang", "officer"), ("zhao", "officer"), ("qian", "admin"))
}
REQUEST = Request("CS-1", "release", Title("放行", "Release"), 2, DUE, "zhao", "officer", {"amount": ["12.00"]})


@contextmanager
def batch(database: Database, *ids: str) -> Iterator[Approvals]:
    with database.write() as connection:
        approvals = Approvals.load(connection, PEOPLE, ["CS-1", "CS-2"], ids)
        yield approvals
        approvals.save(connection)
        assert store.contradicted(connection) == []


def ask(database: Database, request: Request = REQUEST) -> str:
    with batch(database) as approvals:
        return approvals.ask(request, NOW).id


def vote(database: Database, id_: str, by: str, verdict: Vote = Vote.APPROVE, at: int = NOW + 1) -> Decided | Refused:
    with batch(database, id_) as approvals:
        return approvals.decide(id_, by, verdict, "looked at it", at)


def test_two_different_persons_approve(database: Database) -> None:
    id_ = ask(database)
    assert vote(database, id_, "li") == Decided(State.ASKED, 1)
    assert vote(database, id_, "li") == Refused(Why.TWICE, State.ASKED)
    assert vote(database, id_, "wang", at=NOW + 2) == Decided(State.APPROVED, 0)
    with batch(database) as approvals:
        (approval,) = approvals.about("CS-1")
        assert (approval.state, approval.decided_at, approval.facts) == (
            State.APPROVED,
            NOW + 2,
            '{"amount":["12.00"]}',
        )
        assert [(one.person, one.verdict) for one in approvals.votes(id_)] == [("li", "approve"), ("wang", "approve")]


def test_in_one_batch_later_votes_see_earlier_ones(database: Database) -> None:
    with batch(database) as approvals:
        id_ = approvals.ask(REQUEST, NOW).id
        assert approvals.decide(id_, "li", Vote.APPROVE, "r", NOW) == Decided(State.ASKED, 1)
        assert approvals.decide(id_, "li", Vote.APPROVE, "r", NOW) == Refused(Why.TWICE, State.ASKED)
        assert approvals.decide(id_, "wang", Vote.APPROVE, "r", NOW) == Decided(State.APPROVED, 0)
        assert approvals.decide(id_, "zhao", Vote.APPROVE, "r", NOW) == Refused(Why.ENDED, State.APPROVED)


def test_one_rejection_ends_it(database: Database) -> None:
    id_ = ask(database)
    assert vote(database, id_, "li") == Decided(State.ASKED, 1)
    assert vote(database, id_, "wang", Vote.REJECT) == Decided(State.REJECTED, 1)
    assert vote(database, id_, "li") == Refused(Why.ENDED, State.REJECTED)


@pytest.mark.parametrize(
    ("by", "why"), [("zhao", Why.OWN), ("qian", Why.ROLE), ("nobody", Why.PERSON)], ids=["own", "role", "stranger"]
)
@pytest.mark.parametrize("verdict", Vote)
def test_who_may_not_decide(database: Database, by: str, why: Why, verdict: Vote) -> None:
    assert vote(database, ask(database), by, verdict) == Refused(why, State.ASKED)


def test_nothing_is_decided_without_a_reason_or_when_it_is_not_there(database: Database) -> None:
    id_ = ask(database)
    with batch(database) as approvals:
        assert approvals.decide(id_, "li", Vote.APPROVE, "  ", NOW) == Refused(Why.REASON, State.ASKED)
        assert approvals.decide("AP-9", "li", Vote.APPROVE, "r", NOW) == Refused(Why.UNKNOWN)


def test_its_time_ends_it(database: Database) -> None:
    id_ = ask(database)
    assert vote(database, id_, "li", at=DUE - 1) == Decided(State.ASKED, 1)
    assert vote(database, id_, "wang", at=DUE) == Refused(Why.LATE, State.ASKED)
    with database.read() as connection:
        assert Approvals.due(connection, DUE - 1, 10) == []
        assert Approvals.due(connection, DUE, 10) == [id_]
    with batch(database) as approvals:
        assert not approvals.expire(id_, DUE - 1)
        assert approvals.expire(id_, DUE + 5)
        assert not approvals.expire(id_, DUE + 5)
    assert vote(database, id_, "wang") == Refused(Why.ENDED, State.EXPIRED)
    with database.read() as connection:
        assert Approvals.due(connection, DUE + 9, 10) == []
        assert [(one.id, one.state) for one in Approvals.untaken(connection, 10)] == [(id_, State.EXPIRED)]


def test_the_same_is_asked_once(database: Database) -> None:
    id_ = ask(database)
    with batch(database) as approvals:
        assert approvals.ask(REQUEST, NOW) == Asked(id_, State.ASKED, repeated=True)
        other = approvals.ask(REQUEST._replace(kind="release/2"), NOW + 1)
        assert other.id != id_
        assert approvals.ask(REQUEST._replace(kind="release/2"), NOW) == other._replace(repeated=True)
        assert [one.kind for one in approvals.about("CS-1")] == ["release", "release/2"]
    vote(database, id_, "li", Vote.REJECT)
    with batch(database) as approvals:
        assert approvals.ask(REQUEST, NOW) == Asked(id_, State.REJECTED, repeated=True)


@pytest.mark.parametrize("persons", [0, 3])
def test_one_person_or_two(database: Database, persons: int) -> None:
    with pytest.raises(ValueError, match="only 1 or 2"), batch(database) as approvals:
        approvals.ask(REQUEST._replace(persons=persons), NOW)


def test_what_has_ended_waits_for_an_engine_once(database: Database) -> None:
    first, second = ask(database), ask(database, REQUEST._replace(subject="CS-2", persons=1))
    with database.read() as connection:
        assert Approvals.untaken(connection, 10) == []
    vote(database, second, "li", at=NOW + 1)
    vote(database, first, "li", Vote.REJECT, at=NOW + 2)
    with database.write() as connection:
        assert [one.id for one in Approvals.untaken(connection, 10)] == [second, first]
        assert [one.id for one in Approvals.untaken(connection, 1)] == [second]
        Approvals.take(connection, [second], NOW + 3)
    with database.read() as connection:
        assert [one.id for one in Approvals.untaken(connection, 10)] == [first]


def test_what_is_undone_never_happened(database: Database) -> None:
    with batch(database) as approvals:
        mark = approvals.mark()
        id_ = approvals.ask(REQUEST, NOW).id
        approvals.decide(id_, "li", Vote.REJECT, "r", NOW)
        approvals.undo(mark)
        assert (approvals.about("CS-1"), approvals.votes(id_), approvals.entries()) == ([], [], [])
        assert not approvals.ask(REQUEST, NOW).repeated
    with database.read() as connection:
        assert [row["state"] for row in store.about(connection, ["CS-1"])] == ["asked"]


def test_the_ledger_hears_of_each_step(database: Database) -> None:
    with batch(database) as approvals:
        id_ = approvals.ask(REQUEST, NOW).id
        approvals.decide(id_, "li", Vote.REJECT, "too much", NOW + 1)
        asked, voted = approvals.entries()
    assert (asked.kind, asked.case, asked.facts["by"], asked.facts["persons"]) == ("approval.asked", "CS-1", "zhao", 2)
    told = {"by": "li", "verdict": "reject", "reason": "too much", "state": "rejected"}
    assert voted.facts == {"approval": id_, "subject": "CS-1", "kind": "release"} | told


TAMPERED = [
    "UPDATE approvals SET state = 'approved'",
    "UPDATE approvals SET state = 'expired'",
    "UPDATE approvals SET persons = 1",
    "UPDATE approvals SET asked_by = 'li'",
    "UPDATE approvals SET decided_at = 1",
    "UPDATE votes SET verdict = 'reject'",
    "UPDATE votes SET at = 1790000900000000",
]


@pytest.mark.parametrize("statement", TAMPERED, ids=range(len(TAMPERED)))
def test_what_was_altered_is_found(database: Database, statement: str) -> None:
    vote(database, ask(database), "li")
    with database.write() as connection:
        assert store.contradicted(connection) == []
        connection.exec_driver_sql(statement)
        assert len(store.contradicted(connection)) == 1


def test_the_database_itself_refuses_a_second_vote(database: Database) -> None:
    id_ = ask(database)
    vote(database, id_, "li")
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO votes SELECT * FROM votes")


VOTES = st.lists(
    st.tuples(st.sampled_from([*PEOPLE, "nobody"]), st.sampled_from(Vote), st.sampled_from([NOW, DUE - 1, DUE])),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(persons=st.sampled_from([1, 2]), votes=VOTES, split=st.booleans())
def test_any_votes_in_any_order(
    database: Database, persons: int, votes: list[tuple[str, Vote, int]], split: bool
) -> None:
    """The model: walk through the votes that count until one rejects or enough approved."""
    with database.write() as connection:
        clear(connection)
    id_ = ask(database, REQUEST._replace(persons=persons))
    if split:
        for by, verdict, at in votes:
            vote(database, id_, by, verdict, at)
    else:
        with batch(database) as approvals:
            for by, verdict, at in votes:
                approvals.decide(id_, by, verdict, "r", at)
    said: dict[str, Vote] = {}
    for by, verdict, at in votes:
        over = Vote.REJECT in said.values() or len(said) == persons
        if by in ("li", "wang") and by not in said and at < DUE and not over:
            said[by] = verdict
    wanted = State.APPROVED if len(said) == persons else State.ASKED
    wanted = State.REJECTED if Vote.REJECT in said.values() else wanted
    with batch(database) as approvals:
        (approval,) = approvals.about("CS-1")
        assert approval.state is wanted
        assert {one.person: one.verdict for one in approvals.votes(id_)} == said


def clear(connection: Connection) -> None:
    for table in ("votes", "approvals"):
        connection.exec_driver_sql(f"DELETE FROM {table}")
