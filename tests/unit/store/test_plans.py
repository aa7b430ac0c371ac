"""Every query of a batch and of a look at the deadlines finds its rows by an index, however many others there are."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from hub.store import (
    approvals,
    balances,
    cases,
    deliveries,
    filings,
    legs,
    sequences,
    tracks,
    transmissions,
    work,
)
from hub.store.database import Database

IDS = ["a", "b"]
PAIRS = [("a", "b"), ("c", "d")]
QUERIES: dict[str, Callable[[Connection], object]] = {
    "transmissions.states": lambda connection: transmissions.states(connection, IDS),
    "transmissions.undecided": lambda connection: transmissions.undecided(connection, IDS),
    "transmissions.by_origin": lambda connection: transmissions.by_origin(connection, IDS),
    "transmissions.accepted_before": lambda connection: transmissions.accepted_before(connection, PAIRS),
    "transmissions.known_interchanges": lambda connection: transmissions.known_interchanges(connection, PAIRS),
    "transmissions.waiting_ids": lambda connection: transmissions.waiting_ids(connection, 10, "a"),
    "cases.known_keys": lambda connection: cases.known_keys(connection, PAIRS),
    "cases.correlated": lambda connection: cases.correlated(connection, PAIRS),
    "cases.of_lanes": lambda connection: cases.of_lanes(connection, IDS),
    "cases.owners": lambda connection: cases.owners(connection, IDS),
    "cases.get": lambda connection: cases.get(connection, IDS),
    "cases.lanes_of": lambda connection: cases.lanes_of(connection, IDS),
    "cases.overdue": lambda connection: cases.overdue(connection, 1, 10),
    "cases.late": lambda connection: cases.late(connection, 1, 10),
    "legs.with_keys": lambda connection: legs.with_keys(connection, IDS),
    "legs.of_cases": lambda connection: legs.of_cases(connection, IDS),
    "legs.replaced": lambda connection: legs.replaced(connection, IDS),
    "legs.documents": lambda connection: legs.documents(connection, IDS),
    "deliveries.still_planned": lambda connection: deliveries.still_planned(connection, IDS),
    "deliveries.unsealed": lambda connection: deliveries.unsealed(connection, IDS),
    "deliveries.planned_ids": lambda connection: deliveries.planned_ids(connection, 10, "a"),
    "deliveries.due": lambda connection: deliveries.due(connection, 1, 10),
    "balances.accounts_of": lambda connection: balances.accounts_of(connection, IDS),
    "balances.reservations_of": lambda connection: balances.reservations_of(connection, IDS),
    "balances.due": lambda connection: balances.due(connection, 1, 10),
    "approvals.about": lambda connection: approvals.about(connection, IDS),
    "approvals.votes_of": lambda connection: approvals.votes_of(connection, IDS),
    "approvals.due": lambda connection: approvals.due(connection, 1, 10),
    "approvals.untaken": lambda connection: approvals.untaken(connection, 10),
    "filings.open_versions": lambda connection: filings.open_versions(connection, PAIRS),
    "filings.ending": lambda connection: filings.ending(connection, 1, 2, "expiry", 10),
    "tracks.newest": lambda connection: tracks.newest(connection, PAIRS),
    "sequences.last": lambda connection: sequences.last(connection, PAIRS),
    "sequences.due": lambda connection: sequences.due(connection, 1, 10),
    "work.about": lambda connection: work.about(connection, "a", "b"),
    "work.close": lambda connection: work.close(connection, "a", "b", 1, "c"),
    "work.close all": lambda connection: work.close(connection, "a", "b", 1),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("store")
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    database.migrate()
    yield database
    database.close()


def plans(connection: Connection, query: Callable[[Connection], object]) -> list[str]:
    """How SQLite would run the statements of ``query``: a line for each table that it looks into."""
    asked: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", hear)
    query(connection)
    event.remove(connection, "before_cursor_execute", hear)
    assert asked
    return [
        str(row[3])
        for statement, parameters in asked
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_of_the_engine_looks_up_and_never_looks_through(
    database: Database, query: Callable[[Connection], object]
) -> None:
    with database.write() as connection:
        found = plans(connection, query)
    through = [line for line in found if line.startswith("SCAN") and "each_" not in line and "anon" not in line]
    assert [line for line in through if "subquery" not in line] == []
    assert any(line.startswith("SEARCH") for line in found)


def test_the_plans_tell_a_table_that_is_looked_through(database: Database) -> None:
    with database.read() as connection:
        assert [line for line in plans(connection, lambda it: cases.find(it, "x")) if line.startswith("SCAN cases")]
