"""Queries with more keys than SQLite binds variables (32,766), migrations, pragmas, and two writers at a time."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from hub.errors import SpoolFull, StoreError
from hub.store import cases, deliveries, transmissions, work
from hub.store.database import Database
from hub.store.tables import metadata

MANY = 40_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    database.migrate()
    yield database
    database.close()


def arrive(connection: Connection, id_: str, **values: object) -> None:
    row = {
        "id": id_, "partner": "anna", "channel": "sftp", "name": "x.edi", "sha256": id_, "size": 1, "payload": b"x",
        "received_at": 0, "state": "received", "origin": None,
    }  # fmt: skip
    transmissions.add(connection, [row | values])


PAIRS = [("anna", str(number)) for number in range(MANY)]
IDS = [second for _, second in PAIRS]
QUERIES: list[Callable[[Connection], object]] = [
    lambda connection: transmissions.by_origin(connection, IDS),
    lambda connection: transmissions.states(connection, IDS),
    lambda connection: transmissions.undecided(connection, IDS),
    lambda connection: transmissions.whole(connection, IDS),
    lambda connection: transmissions.accepted_before(connection, PAIRS),
    lambda connection: transmissions.known_interchanges(connection, PAIRS),
    lambda connection: cases.known_keys(connection, PAIRS),
    lambda connection: cases.correlated(connection, PAIRS),
    lambda connection: cases.of_lanes(connection, IDS),
    lambda connection: cases.lanes_of(connection, IDS),
    lambda connection: deliveries.still_planned(connection, IDS),
    lambda connection: deliveries.unsealed(connection, IDS),
]


@pytest.mark.parametrize("query", QUERIES)
def test_any_number_of_keys(database: Database, query: Callable[[Connection], object]) -> None:
    with database.read() as connection:
        assert not query(connection)


def test_keys_of_every_part_are_found(database: Database) -> None:
    with database.write() as connection:
        for id_ in ("0", "499", "500", "39999"):
            arrive(connection, id_, origin=id_, state="accepted")
        assert set(transmissions.by_origin(connection, IDS)) == {"0", "499", "500", "39999"}
        assert set(transmissions.accepted_before(connection, PAIRS)) == {
            PAIRS[int(id_)] for id_ in ("0", "499", "500", "39999")
        }


def test_only_what_was_accepted_has_doubles(database: Database) -> None:
    with database.write() as connection:
        for state in ("received", "accepted", "partly", "refused", "duplicate", "failed"):
            arrive(connection, state, state=state)
        pairs = [("anna", state) for state in ("received", "accepted", "partly", "refused", "duplicate", "failed")]
        assert {second for _, second in transmissions.accepted_before(connection, pairs)} == {"accepted", "partly"}
        assert transmissions.accepted_before(connection, [("bert", "accepted")]) == {}


def test_what_waits_is_found_a_page_at_a_time(database: Database) -> None:
    with database.write() as connection:
        for number in range(7):
            arrive(connection, f"TR-{number}", state="accepted" if number == 3 else "received")
        assert transmissions.waiting_ids(connection, 3) == ["TR-0", "TR-1", "TR-2"]
        assert transmissions.waiting_ids(connection, 3, "TR-2") == ["TR-4", "TR-5", "TR-6"]
        assert transmissions.waiting_ids(connection, 3, "TR-6") == []
        assert [row["id"] for row in transmissions.undecided(connection, ["TR-3", "TR-4"])] == ["TR-4"]


def test_work_is_closed_by_kind_or_altogether(database: Database) -> None:
    row = {"owner": "duty", "reason": "r", "opened_at": 1}
    with database.write() as connection:
        work.add(
            connection, [row | {"id": f"WK-{kind}", "subject": "LN-1", "kind": kind} for kind in ("deadline", "other")]
        )
        work.close(connection, "LN-1", "customs", 2, "deadline")
        assert [item["kind"] for item in work.open_items(connection, 10)] == ["other"]
        work.close(connection, "LN-1", "anna", 3)
        assert work.count_open(connection) == 0


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    plain = create_engine("sqlite://")
    with plain.begin() as wanted, database.read() as found:
        metadata.create_all(wanted)
        assert shape(found) == shape(wanted)


def shape(connection: Connection) -> dict[str, object]:
    """Columns with types and defaults, and indexes with what they cover, of every table."""
    found: dict[str, object] = {}
    for table in metadata.tables:
        found[table] = sorted(tuple(row[1:]) for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    found["indexes"] = sorted(
        (name, "".join(sql.split()).replace('"', "")) for name, sql in connection.exec_driver_sql(query)
    )
    return found


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        arrive(connection, "TR-1")
    database.migrate()
    with database.read() as connection:
        assert transmissions.get(connection, "TR-1")


@pytest.mark.parametrize("way", ["read", "write"])
def test_every_connection_is_as_safe_as_the_promise_needs(database: Database, way: str) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    with getattr(database, way)() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_a_row_without_its_parent_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"), database.write() as connection:
        transmissions.add_interchanges(connection, [{"partner": "a", "reference": "r", "transmission": "TR-none"}])


def test_two_writers_that_read_first_both_write(tmp_path: Path, database: Database) -> None:
    """With a deferred BEGIN the one that reads first and writes second fails with "database is locked"."""
    other = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    failures: list[BaseException] = []

    def count(mine: Database) -> None:
        try:
            for _ in range(50):
                with mine.write() as connection:
                    number = deliveries.numbers(connection).get("shared", 0)
                    deliveries.set_numbers(connection, {"shared": number + 1})
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=count, args=(mine,)) for mine in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.read() as connection:
        assert (failures, deliveries.numbers(connection)) == ([], {"shared": 100})
    other.close()


def test_a_reader_sees_its_snapshot_while_another_writes(database: Database) -> None:
    with database.read() as reader:
        assert transmissions.waiting_ids(reader, 10) == []
        with database.write() as writer:
            arrive(writer, "TR-1")
        assert transmissions.waiting_ids(reader, 10) == []
    with database.read() as reader:
        assert transmissions.waiting_ids(reader, 10) == ["TR-1"]


def test_what_raises_is_rolled_back(database: Database) -> None:
    def undone() -> None:
        with database.write() as connection:
            arrive(connection, "TR-1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    with database.read() as connection:
        assert transmissions.get(connection, "TR-1") is None


def test_a_full_disk_and_other_refusals_have_their_names(database: Database) -> None:
    def fill() -> None:
        with database.write() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            for number in range(200):
                arrive(connection, f"TR-{number}", payload=bytes(60_000))

    with pytest.raises(SpoolFull):
        fill()
    with pytest.raises(StoreError, match="no such table"), database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM missing")


def test_other_databases_are_refused_by_name() -> None:
    with pytest.raises(StoreError, match="postgresql"):
        Database("postgresql://nowhere/hub")


def test_sealed_bytes_never_change(database: Database) -> None:
    planned = {"id": "DL-1", "partner": "p", "kind": "message", "channel": "mailbox", "folder": "download"}
    planned |= {"name": "a.xml", "plan": "{}", "state": "planned", "planned_at": 1}
    planned |= dict.fromkeys(("transmission", "case", "lane"))
    columns = ("state", "sha256", "size", "payload", "sealed_at", "due_at")
    with database.write() as connection:
        deliveries.add(connection, [planned])
        for payload in (b"first", b"second"):
            values = ("available", payload.hex(), len(payload), payload, 2, 2)
            named = {f"new_{name}": value for name, value in zip(columns, values, strict=True)}
            deliveries.seal(connection, [{"row": "DL-1", **named}])
        assert deliveries.get(connection, ["DL-1"])["DL-1"]["payload"] == b"first"
