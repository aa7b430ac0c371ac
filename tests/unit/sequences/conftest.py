"""A database of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    database.migrate()
    yield database
    database.close()
