"""Steps one by one: what they do, what they refuse, and what a repetition of them is told."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from hub.balances.batch import MOST_LINE, Balances
from hub.balances.books import MOST
from hub.balances.values import Posted, Refused, Why
from hub.balances.verify import verify
from hub.model.balance import MOVING, ReservationState, Step
from hub.store import balances as store
from hub.store.database import Database
from tests.unit.balances.desk import BOOKS, HOUR, NOW, batch

State = ReservationState


def account(database: Database, book: str = "stock", holder: str = "li") -> tuple[int, int, int]:
    """line, reserved and used of the newest account."""
    with database.read() as connection:
        assert verify(connection) == []
        rows = store.held(connection, book, holder)
    return (rows[0]["line"], rows[0]["reserved"], rows[0]["used"]) if rows else (0, 0, 0)


def stocked(database: Database, amount: int = 100) -> None:
    with batch(database) as balances:
        assert balances.post(Step.GRANT, "stock", "li", amount, None, "", NOW) == Posted(amount, amount, State.GRANTED)


def test_an_account_that_nobody_granted_has_the_line_of_its_book(database: Database) -> None:
    with batch(database) as balances:
        assert balances.available("limit", "li") == 2_600_000
        assert balances.available("stock", "li") == 0
    assert account(database, "limit") == (0, 0, 0), "looking at it does not open it"
    with batch(database) as balances:
        assert balances.post(Step.RESERVE, "limit", "li", 600_000, "CS-1", "limit", NOW) == Posted(
            2_000_000, 600_000, State.RESERVED
        )
    assert account(database, "limit") == (2_600_000, 600_000, 0)


def test_another_year_another_account(database: Database) -> None:
    with batch(database) as balances:
        balances.post(Step.RESERVE, "limit", "li", 600_000, "CS-1", "limit", NOW)
    later = NOW + 365 * 24 * HOUR
    with batch(database, "CS-1", at=later) as balances:
        assert balances.available("limit", "li") == 2_600_000
        assert balances.move(Step.COMMIT, "CS-1", "limit", later) == Posted(2_000_000, 600_000, State.COMMITTED)
    with database.read() as connection:
        assert [(row["period"], row["used"]) for row in store.held(connection, "limit", "li")] == [("2026", 600_000)]


def test_more_than_available_is_refused_with_what_there_is(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        assert balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW) == Posted(40, 60, State.RESERVED)
        assert balances.post(Step.RESERVE, "stock", "li", 41, "CS-2", "a", NOW) == Refused(Why.AVAILABLE, 40)
        assert balances.post(Step.RESERVE, "stock", "li", 40, "CS-2", "a", NOW) == Posted(0, 40, State.RESERVED)
        assert balances.post(Step.WITHDRAW, "stock", "li", 1, None, "", NOW) == Refused(Why.AVAILABLE, 0)
    assert account(database) == (100, 100, 0)


@pytest.mark.parametrize("amount", [-1, MOST + 1])
def test_amounts_beyond_reason_are_refused(database: Database, amount: int) -> None:
    with batch(database) as balances:
        refused = balances.post(Step.GRANT, "stock", "li", amount, None, "", NOW)
    assert refused == Refused(Why.AMOUNT, 0)


def test_an_account_has_an_upper_end(database: Database) -> None:
    with batch(database) as balances:
        told = [balances.post(Step.GRANT, "stock", "li", MOST, None, "", NOW) for _ in range(MOST_LINE // MOST + 1)]
    assert told[-1] == Refused(Why.AMOUNT, MOST_LINE)
    assert account(database) == (MOST_LINE, 0, 0)


LIVES = [
    ((Step.COMMIT,), State.COMMITTED, (100, 0, 60)),
    ((Step.RELEASE,), State.RELEASED, (100, 0, 0)),
    ((Step.EXPIRE,), State.EXPIRED, (100, 0, 0)),
    ((Step.COMMIT, Step.RESTORE), State.RESTORED, (100, 0, 0)),
    ((Step.COMMIT, Step.CALL), State.CALLED, (40, 0, 0)),
]


@pytest.mark.parametrize(("steps", "state", "after"), LIVES, ids=[life[1].value for life in LIVES])
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "in many"])
def test_the_lives_of_a_reservation(
    database: Database, steps: tuple[Step, ...], state: State, after: tuple[int, int, int], together: bool
) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW)
        for step in steps if together else ():
            assert isinstance(balances.move(step, "CS-1", "a", NOW), Posted)
    for step in () if together else steps:
        with batch(database, "CS-1") as balances:
            assert isinstance(balances.post(step, "stock", "li", 60, "CS-1", "a", NOW), Posted)
    assert account(database) == after
    with batch(database, "CS-1") as balances:
        assert [one.state for one in balances.asked("CS-1")] == [state]
        onward = {step for step, (before, _) in MOVING.items() if before is state}
        for step in set(Step) - onward:  # whatever was done is a repetition, whatever was not contradicts
            told = balances.post(step, "stock", "li", 60, "CS-1", "a", NOW)
            if step in (Step.RESERVE, *steps):
                assert told == Posted(after[0] - after[2], 60, state, repeated=True)
            else:
                assert told == Refused(Why.STATE, after[0] - after[2], state)
    assert account(database) == after


def test_what_is_not_used_of_a_reservation_becomes_free(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW)
        assert balances.move(Step.COMMIT, "CS-1", "a", NOW, 61) == Refused(Why.AMOUNT, 40, State.RESERVED)
        assert balances.move(Step.COMMIT, "CS-1", "a", NOW, 25) == Posted(75, 25, State.COMMITTED)
        assert balances.move(Step.COMMIT, "CS-1", "a", NOW, 24) == Refused(Why.STATE, 75, State.COMMITTED)
    assert account(database) == (100, 0, 25)
    with database.read() as connection:
        steps = [(row["step"], row["amount"], row["available"]) for row in store.history(connection, "stock||li", 9)]
    assert steps == [("grant", 100, 100), ("reserve", 60, 40), ("commit", 25, 40), ("release", 35, 75)]


def test_what_does_not_come_back_stays_used(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW)
        balances.move(Step.COMMIT, "CS-1", "a", NOW)
        assert balances.move(Step.RESTORE, "CS-1", "a", NOW, 61) == Refused(Why.AMOUNT, 40, State.COMMITTED)
        assert balances.move(Step.RESTORE, "CS-1", "a", NOW, 20) == Posted(60, 20, State.RESTORED)
    assert account(database) == (100, 0, 40)


def test_a_release_in_part_is_none(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW)
        for step in (Step.RELEASE, Step.EXPIRE):
            assert balances.move(step, "CS-1", "a", NOW, 59) == Refused(Why.AMOUNT, 40, State.RESERVED)


def test_the_same_name_of_a_case_is_the_same_thing(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW)
        assert balances.post(Step.RESERVE, "stock", "li", 59, "CS-1", "a", NOW) == Refused(
            Why.STATE, 40, State.RESERVED
        )
        assert balances.post(Step.GRANT, "stock", "li", 60, "CS-1", "a", NOW) == Refused(Why.STATE, 40, State.RESERVED)
        other = balances.post(Step.COMMIT, "limit", "li", 60, "CS-1", "a", NOW)
        assert other == Refused(Why.STATE, 2_600_000, State.RESERVED)
    assert account(database) == (100, 60, 0)


def test_grants_of_a_case_are_given_once_those_of_a_person_each_time(database: Database) -> None:
    for repeated in (False, True):
        with batch(database, "CS-1") as balances:
            told = balances.post(Step.GRANT, "stock", "li", 5, "CS-1", "in", NOW)
            assert told == Posted(5, 5, State.GRANTED, repeated)
    for line in (10, 15):
        with batch(database) as balances:
            assert balances.post(Step.GRANT, "stock", "li", 5, None, "", NOW).available == line
    with batch(database, "CS-1", "CS-2") as balances:
        assert balances.post(Step.WITHDRAW, "stock", "li", 5, "CS-2", "out", NOW) == Posted(10, 5, State.WITHDRAWN)
        assert balances.move(Step.COMMIT, "CS-2", "out", NOW) == Refused(Why.STATE, 10, State.WITHDRAWN)
    assert account(database) == (10, 0, 0)


def test_what_does_not_exist_is_refused(database: Database) -> None:
    with batch(database) as balances:
        assert balances.post(Step.COMMIT, "stock", "li", 1, "CS-9", "a", NOW) == Refused(Why.UNKNOWN, 0)
        assert balances.move(Step.COMMIT, "CS-9", "a", NOW) == Refused(Why.UNKNOWN, 0)
        assert balances.post(Step.GRANT, "gold", "li", 1, "CS-9", "a", NOW) == Refused(Why.BOOK, 0)
        assert balances.post(Step.RESERVE, "limit", "li", 1, None, "a", NOW) == Refused(Why.UNKNOWN, 2_600_000)
        with pytest.raises(KeyError, match="was not loaded") as caught:
            balances.post(Step.GRANT, "stock", "wang", 1, None, "", NOW)
        assert "wang" not in str(caught.value), "it may be logged"


@pytest.mark.parametrize(("holder", "name"), [("", "a"), ("x" * 201, "a"), ("li", "x" * 201)])
def test_nobody_has_no_account(database: Database, holder: str, name: str) -> None:
    with batch(database, holder=holder) as balances:
        told = balances.post(Step.RESERVE, "limit", holder, 1, "CS-1", name, NOW)
        assert told == Refused(Why.HOLDER, 2_600_000)
    assert account(database, "limit", holder) == (0, 0, 0)


def test_a_case_that_fails_half_way_leaves_nothing(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 10, "CS-1", "a", NOW)
        mark = balances.mark()
        assert isinstance(balances.post(Step.RESERVE, "limit", "li", 10, "CS-2", "a", NOW), Posted)
        assert isinstance(balances.post(Step.RESERVE, "stock", "li", 90, "CS-2", "b", NOW), Posted)
        assert isinstance(balances.post(Step.RESERVE, "stock", "li", 1, "CS-2", "c", NOW), Refused)
        balances.undo(mark)
        assert balances.asked("CS-2") == []
        assert [entry.case for entry in balances.entries()] == ["CS-1"]
    assert account(database) == (100, 10, 0)
    assert account(database, "limit") == (0, 0, 0)


def test_what_waits_too_long_is_due(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        balances.post(Step.RESERVE, "limit", "li", 1, "CS-1", "limit", NOW)  # of a book without expiry
        for number, name in enumerate("abc"):
            balances.post(Step.RESERVE, "stock", "li", 1, "CS-1", name, NOW + number)
        balances.move(Step.COMMIT, "CS-1", "a", NOW)
    with database.read() as connection:
        assert Balances.due(connection, NOW + HOUR, 10) == []
        assert Balances.due(connection, NOW + HOUR + 1, 10) == [("CS-1", "b")]
        assert Balances.due(connection, NOW + HOUR + 9, 1) == [("CS-1", "b")]
    with batch(database, "CS-1") as balances:
        for case, name in (("CS-1", "b"), ("CS-1", "c")):
            assert isinstance(balances.move(Step.EXPIRE, case, name, NOW + HOUR + 9), Posted)
    with database.read() as connection:
        assert Balances.due(connection, NOW + 9 * HOUR, 10) == []


def test_more_can_be_loaded_and_what_has_changed_stays(database: Database) -> None:
    stocked(database)
    with database.write() as connection:
        balances = Balances.load(connection, BOOKS, [("stock", "li")], [], NOW)
        balances.post(Step.RESERVE, "stock", "li", 60, "CS-1", "a", NOW)
        balances.learn(connection, [("stock", "li"), ("stock", "wang")], ["CS-1"])
        assert (balances.available("stock", "li"), balances.available("stock", "wang")) == (40, 0)


def test_the_ledger_hears_of_steps_but_not_of_holders(database: Database) -> None:
    with batch(database) as balances:
        balances.post(Step.RESERVE, "limit", "li", 100, "CS-1", "a", NOW, "order A1")
        (entry,) = balances.entries()
    assert (entry.kind, entry.at, entry.case) == ("balance.posted", NOW, "CS-1")
    facts = {"book": "limit", "step": "reserve", "amount": 100, "period": "2026", "name": "a", "why": "order A1"}
    assert entry.facts == facts
    assert "li|" not in entry.body()


def test_the_database_itself_refuses_what_is_below_zero_or_double(database: Database) -> None:
    stocked(database, 1)
    with pytest.raises(IntegrityError, match="ck_accounts_available"), database.write() as connection:
        connection.exec_driver_sql("UPDATE accounts SET used = 2")
    with batch(database) as balances:
        balances.post(Step.RESERVE, "stock", "li", 1, "CS-1", "a", NOW)
        balances.move(Step.RELEASE, "CS-1", "a", NOW)
    with pytest.raises(IntegrityError), batch(database) as balances:  # a case that exists, not loaded
        balances.post(Step.RESERVE, "stock", "li", 1, "CS-1", "a", NOW)


def test_whatever_a_case_still_keeps_free_is_released_at_once(database: Database) -> None:
    stocked(database)
    with batch(database) as balances:
        for name in "abc":
            balances.post(Step.RESERVE, "stock", "li", 10, "CS-1", name, NOW)
        balances.post(Step.RESERVE, "stock", "li", 10, "CS-2", "a", NOW)
        balances.move(Step.COMMIT, "CS-1", "a", NOW)
        assert balances.release("CS-1", NOW, "refused") == 2
        assert balances.release("CS-1", NOW) == 0
        assert [one.state for one in balances.asked("CS-1")] == [State.COMMITTED, State.RELEASED, State.RELEASED]
    assert account(database) == (100, 10, 10)


def test_two_processes_exhaust_one_account_together(database: Database, tmp_path: Path) -> None:
    """Each loads, posts and saves in one writing transaction: what one sees free, no other takes meanwhile."""
    stocked(database, 60)
    taken: list[int] = []

    def reserve(mine: Database, me: int) -> None:
        for number in range(50):
            with mine.write() as connection:
                balances = Balances.load(connection, BOOKS, [("stock", "li")], [], NOW)
                told = balances.post(Step.RESERVE, "stock", "li", 1, f"CS-{me}-{number}", "a", NOW)
                balances.save(connection)
            taken.extend([me] * isinstance(told, Posted))

    other = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    threads = [threading.Thread(target=reserve, args=pair) for pair in ((database, 1), (other, 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(taken) == 60
    assert account(database) == (60, 60, 0)
