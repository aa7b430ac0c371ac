"""A world for all tests of the engine, a hall for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engine.world import World, load_world
from tests.unit.engine.hall import Hall, fresh, template


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as `hub init` makes it."""
    return template(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def world(home: Path) -> World:
    """The world of that home."""
    return load_world(home)


@pytest.fixture
def hall(world: World, home: Path, tmp_path: Path) -> Iterator[Hall]:
    """An empty hub."""
    hall = fresh(world, home, tmp_path)
    yield hall
    hall.database.close()
