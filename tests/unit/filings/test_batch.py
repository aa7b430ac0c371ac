"""What is on file, when it counts, and that no version is ever lost or altered."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.filings.batch import EVERYTHING, MANDATE, Filings, mandate, mandates
from hub.filings.values import Record, Recorded, Refused, Why
from hub.model.filing import FilingState
from hub.store import filings as store
from hub.store.database import Database

State = FilingState
NOW = 1_790_000_000_000_000
LICENCE = Record("licence", "L-1", "anna", "A licence", "CS-1", NOW, NOW + 100, {"hs": ["0101"]})


@contextmanager
def batch(database: Database, *numbers: tuple[str, str]) -> Iterator[Filings]:
    with database.write() as connection:
        filings = Filings.load(connection, numbers or [("licence", "L-1")])
        yield filings
        filings.save(connection)
        assert store.contradicted(connection) == []


def recorded(database: Database, record: Record = LICENCE, at: int = NOW) -> Recorded | Refused:
    with batch(database, (record.kind, record.number)) as filings:
        return filings.record(record, at)


def versions(database: Database) -> list[tuple[str, int, str, int | None]]:
    with database.read() as connection:
        rows = store.history(connection, "licence", "L-1", 100)
    return [(row["title"], row["version"], row["state"], row["closed_at"]) for row in rows]


def test_it_counts_within_its_time(database: Database) -> None:
    assert recorded(database) == Recorded(1, State.ACTIVE)
    with batch(database) as filings:
        found = [at for at in (NOW - 1, NOW, NOW + 99, NOW + 100) if filings.valid("licence", "L-1", at)]
        assert found == [NOW, NOW + 99]
        assert filings.valid("licence", "L-1", NOW, "bert") is None
        assert filings.valid("licence", "L-2", NOW) is None
        filing = filings.valid("licence", "L-1", NOW, "anna")
    assert filing is not None
    assert (filing.holder, filing.facts, filing.source) == ("anna", '{"hs":["0101"]}', "CS-1")


def test_without_an_end_it_counts_for_ever(database: Database) -> None:
    recorded(database, LICENCE._replace(valid_until=None))
    with batch(database) as filings:
        assert filings.valid("licence", "L-1", NOW * 2)


def test_a_new_version_closes_the_former_which_is_kept(database: Database) -> None:
    recorded(database)
    assert recorded(database, LICENCE._replace(title="Wider"), NOW + 5) == Recorded(2, State.ACTIVE)
    assert versions(database) == [("A licence", 1, "active", NOW + 5), ("Wider", 2, "active", None)]
    with database.read() as connection:
        then = {at: Filings.load(connection, [("licence", "L-1")], at) for at in (NOW - 1, NOW, NOW + 4, NOW + 5)}
    titles = {at: [one.title for one in filings.under("licence", "L-1")] for at, filings in then.items()}
    assert titles == {NOW - 1: [], NOW: ["A licence"], NOW + 4: ["A licence"], NOW + 5: ["Wider"]}


def test_the_past_can_only_be_looked_at(database: Database) -> None:
    recorded(database)
    with database.write() as connection:
        filings = Filings.load(connection, [("licence", "L-1")], NOW)
        with pytest.raises(ValueError, match="only be looked at"):
            filings.record(LICENCE._replace(title="Other"), NOW)


def test_the_same_again_changes_nothing(database: Database) -> None:
    recorded(database)
    assert recorded(database, LICENCE._replace(source="CS-2"), NOW + 1) == Recorded(1, State.ACTIVE, repeated=True)
    assert len(versions(database)) == 1


@pytest.mark.parametrize(
    ("before", "after", "possible"),
    [
        (State.ACTIVE, State.SUSPENDED, True), (State.ACTIVE, State.REVOKED, True),
        (State.SUSPENDED, State.ACTIVE, True), (State.SUSPENDED, State.REVOKED, True),
        (State.REVOKED, State.ACTIVE, False), (State.REVOKED, State.SUSPENDED, False),
        (State.REVOKED, State.REVOKED, True),
    ],
)  # fmt: skip
def test_which_states_follow_which(database: Database, before: State, after: State, possible: bool) -> None:
    with batch(database) as filings:
        filings.record(LICENCE, NOW)
        filings.end("licence", "L-1", "anna", before, "li", NOW)
    with batch(database) as filings:
        told = filings.end("licence", "L-1", "anna", after, "wang", NOW + 1, "because")
        if possible:
            assert isinstance(told, Recorded)
            assert told.repeated == (before is after)
            assert bool(filings.valid("licence", "L-1", NOW + 1)) == (after is State.ACTIVE)
        else:
            assert told == Refused(Why.STATE, before)


def test_filing_anew_does_not_lift_a_suspension_but_follows_a_revocation(database: Database) -> None:
    recorded(database)
    for state, told in (
        (State.SUSPENDED, Refused(Why.STATE, State.SUSPENDED)), (State.REVOKED, Recorded(4, State.ACTIVE)),
    ):  # fmt: skip
        with batch(database) as filings:
            assert isinstance(filings.end("licence", "L-1", "anna", state, "li", NOW), Recorded)
        assert recorded(database, at=NOW + 1) == told


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"valid_until": NOW}, Why.PERIOD), ({"number": ""}, Why.SIZE), ({"title": "x" * 501}, Why.SIZE),
        ({"facts": {"a": ["x" * 70_000]}}, Why.SIZE),
    ],
)  # fmt: skip
def test_what_cannot_be_filed(database: Database, wrong: dict[str, object], why: Why) -> None:
    assert recorded(database, LICENCE._replace(**wrong)) == Refused(why)  # type: ignore[arg-type]
    assert versions(database) == []


def test_what_is_not_on_file_cannot_be_ended(database: Database) -> None:
    with batch(database) as filings:
        assert filings.end("licence", "L-1", "anna", State.REVOKED, "li", NOW) == Refused(Why.UNKNOWN)


def test_one_number_may_have_many_holders(database: Database) -> None:
    with batch(database) as filings:
        for holder in ("bert", "anna"):
            filings.record(LICENCE._replace(holder=holder), NOW)
        filings.end("licence", "L-1", "anna", State.REVOKED, "li", NOW)
    with batch(database) as filings:
        assert [(one.holder, one.version) for one in filings.under("licence", "L-1")] == [("anna", 2), ("bert", 1)]
        valid = filings.valid("licence", "L-1", NOW)
        assert valid is not None
        assert valid.holder == "bert"


def test_an_agent_may_act_where_it_has_a_mandate(database: Database) -> None:
    numbers = [*mandates("agent", "rail"), *mandates("agent", "bonded"), *mandates("other", "rail")]
    with batch(database, *numbers) as filings:
        first = Record(MANDATE, mandate("agent", "rail"), "anna", "For rail", "li", NOW, NOW + 10)
        filings.record(first, NOW)
        filings.record(first._replace(number=mandate("agent", EVERYTHING), holder="bert", title="All"), NOW)
    with batch(database, *numbers) as filings:
        told = {
            (agent, principal, service): filings.mandated(agent, principal, service, NOW)
            for agent in ("agent", "other") for principal in ("anna", "bert") for service in ("rail", "bonded")
        }  # fmt: skip
        assert {key for key, value in told.items() if value} == {
            ("agent", "anna", "rail"), ("agent", "bert", "rail"), ("agent", "bert", "bonded"),
        }  # fmt: skip
        assert not filings.mandated("agent", "anna", "rail", NOW + 10)


def test_what_is_undone_never_happened(database: Database) -> None:
    recorded(database)
    with batch(database) as filings:
        mark = filings.mark()
        filings.record(LICENCE._replace(title="Other"), NOW + 1)
        filings.end("licence", "L-1", "anna", State.REVOKED, "li", NOW + 2)
        filings.undo(mark)
        assert filings.entries() == []
        assert filings.valid("licence", "L-1", NOW)
    assert versions(database) == [("A licence", 1, "active", None)]


def test_the_ledger_hears_of_each_version_but_not_of_its_holder(database: Database) -> None:
    with batch(database) as filings:
        filings.record(LICENCE, NOW)
        filings.end("licence", "L-1", "anna", State.REVOKED, "li", NOW + 1, "forged")
        first, second = filings.entries()
    assert (first.kind, first.case, first.facts["version"], len(str(first.facts["sha256"]))) == (
        "filing.recorded", "CS-1", 1, 64,
    )  # fmt: skip
    assert (second.facts["state"], second.facts["source"], second.facts["why"]) == ("revoked", "li", "forged")
    assert "anna" not in first.body() + second.body()


def test_a_clock_that_is_set_back_does_no_harm(database: Database) -> None:
    recorded(database)
    recorded(database, LICENCE._replace(title="Other"), NOW - 50)
    assert versions(database) == [("A licence", 1, "active", NOW), ("Other", 2, "active", None)]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM filings WHERE version = 1", "DELETE FROM filings WHERE version = 3",
     "UPDATE filings SET closed_at = 5", "UPDATE filings SET recorded_at = recorded_at + 1 WHERE version = 2"],
    ids=range(4),
)  # fmt: skip
def test_what_was_altered_is_found(database: Database, statement: str) -> None:
    for number, title in enumerate("abc"):
        recorded(database, LICENCE._replace(title=title), NOW + number)
    with database.write() as connection:
        connection.exec_driver_sql(statement)
        assert store.contradicted(connection)


CHANGES = st.lists(st.sampled_from(["a", "b", *State]), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, split=st.booleans())
def test_any_changes_keep_every_version_in_order(database: Database, changes: list[str], split: bool) -> None:
    """The model: a list to which each change that has an effect adds a version."""
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM filings")
    wanted: list[tuple[str, str]] = []
    for change in changes:
        title, state = wanted[-1] if wanted else ("", "")
        if not isinstance(change, State):
            new = (change, "active") if state != "suspended" else (title, state)
        elif not wanted or state == "revoked":
            continue
        else:
            new = (title, change.value)
        wanted += [new] if [new] != wanted[-1:] else []
    groups = [[change] for change in changes] if split else [changes]
    at = NOW
    for group in groups:
        with batch(database) as filings:
            for change in group:
                at += 1
                if isinstance(change, State):
                    filings.end("licence", "L-1", "anna", change, "li", at)
                else:
                    filings.record(LICENCE._replace(title=change), at)
    assert [(title, state) for title, _, state, _ in versions(database)] == wanted
