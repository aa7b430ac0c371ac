"""Connections. SQLite runs in WAL mode with ``synchronous=FULL``; a writing transaction begins IMMEDIATE, because a
deferred one that reads first fails with "database is locked" as soon as two write. One process writes at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import NullPool

from hub.errors import SpoolFull, StoreError

__all__ = ["Connection", "Database"]


class Database:
    """The hub's database at ``url`` (``sqlite:////path/hub.db``). Thread-safe; close it with :meth:`close`."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        if self._url.get_backend_name() != "sqlite":
            raise StoreError(f"database {self._url.get_backend_name()} is not supported here; use sqlite:///PATH")
        if self._url.database:
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        self._writer = _engine(self._url, "BEGIN IMMEDIATE", pool_size=1)
        self._reader = _engine(self._url, "BEGIN", pool_size=8)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction: committed (and fsynced) when the block ends, rolled back when it raises.

        Raises SpoolFull when the disk is full and StoreError for any other fault of the database.
        """
        with _plain_errors(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction: a stable snapshot, which never blocks the writer."""
        with _plain_errors(), self._reader.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to the newest version."""
        config = AlembicConfig()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        engine = create_engine(self._url, module=sqlite_module(), poolclass=NullPool)
        with _plain_errors(), engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close all connections; the last one folds the WAL into the database file."""
        self._reader.dispose()
        self._writer.dispose()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:  # the disk, a lock; anything else is a fault of ours, not to be taken for one
        message = str(error.orig)
        if "disk is full" in message:
            raise SpoolFull from error
        raise StoreError(f"the database refused the work: {message}") from error
    except NoConnection as error:  # more readers than connections
        raise StoreError("the database has no connection free; try again") from error


def _engine(url: URL, begin: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_module(),
        pool_size=pool_size,
        max_overflow=0 if pool_size == 1 else 24,
        pool_timeout=60,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 30, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000",
                       "wal_autocheckpoint=4000", "cache_size=-32000", "temp_store=MEMORY"):  # fmt: skip
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def sqlite_module() -> ModuleType:
    """pysqlite3 where it is installed: it bundles a SQLite without the WAL-reset fault of 3.7.0 to 3.51.2."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    module: ModuleType = dbapi2
    return module
