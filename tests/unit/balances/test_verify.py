"""Whatever is altered in the tables of the balances is found."""

import pytest

from hub.balances.verify import CHECKS, verify
from hub.model.balance import Step
from hub.store.database import Database
from tests.unit.balances.desk import NOW, batch

SUM, BELOW, RUNNING, ASKED, POSTED, CLOSED = (check for check, _ in CHECKS)
CASE = (
    'INSERT INTO cases (id, service, "key", partner, message, reference, state, opened_at, closed_at, facts) '
    "VALUES ('CS-2', 's', 'k', 'p', 'm', 'r', 'accepted', 1, 2, '{}')"
)
TAMPERED = [
    ("UPDATE accounts SET line = line + 1", {SUM}),
    ("UPDATE accounts SET line = line - 100, used = used - 5", {SUM, BELOW, ASKED}),
    ("UPDATE accounts SET reserved = reserved + 1", {SUM, ASKED}),
    ("DELETE FROM postings WHERE step = 'commit'", {SUM, POSTED}),
    ("DELETE FROM postings WHERE step = 'reserve' AND name = 'b'", {SUM, RUNNING, POSTED}),
    ("UPDATE postings SET amount = 99 WHERE step = 'grant'", {SUM, RUNNING}),
    ("UPDATE postings SET available = 1 WHERE step = 'grant'", {RUNNING}),
    ("UPDATE reservations SET amount = 21 WHERE name = 'b'", {ASKED}),
    ("UPDATE reservations SET state = 'released' WHERE name = 'b'", {ASKED, POSTED}),
    ("DELETE FROM reservations WHERE name = 'a'", {ASKED}),
    (CASE, {CLOSED}),
]


@pytest.fixture
def kept(database: Database) -> Database:
    with batch(database) as balances:
        balances.post(Step.GRANT, "stock", "li", 100, "CS-1", "in", NOW)
        balances.post(Step.RESERVE, "stock", "li", 30, "CS-1", "a", NOW)
        balances.post(Step.RESERVE, "stock", "li", 20, "CS-2", "b", NOW)
        balances.move(Step.COMMIT, "CS-1", "a", NOW, 25)
    return database


@pytest.mark.parametrize(("statement", "broken"), TAMPERED, ids=range(len(TAMPERED)))
def test_what_was_altered_is_found(kept: Database, statement: str, broken: set[str]) -> None:
    with kept.read() as connection:
        assert verify(connection) == []
    with kept.write() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(statement)
        found = verify(connection)
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
        connection.exec_driver_sql("DELETE FROM cases")
    assert {contradiction.check for contradiction in found} == broken
    assert all(("li" in one.subject) or ("CS-" in one.subject) for one in found)


def test_a_contradiction_says_where_and_what(kept: Database) -> None:
    with kept.write() as connection:
        connection.exec_driver_sql("UPDATE accounts SET line = line + 1")
        (one,) = verify(connection)
    assert str(one) == "stock||li (101 20 25, not 100 20 25): this breaks that every account is the sum of its postings"
