"""A stop at every commit of a submission's whole way, before it and just after it: each effect exactly once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engine import backlog
from hub.engine.world import World, load_world
from tests.unit.engine.hall import Hall, template
from tests.unit.engine.mortal import live

MOST = 60  # commits; the way has fewer


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def world(home: Path) -> World:
    return load_world(home)


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(backlog, "LOOK", 0.05)
    return


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_a_stop_at_every_commit(world: World, home: Path, tmp_path: Path, after: bool) -> None:
    for at in range(1, MOST):
        folder = tmp_path / str(at)
        folder.mkdir()
        shutil.copy(home / "spool" / "hub.db", folder / "hub.db")
        hall = Hall(world, folder)
        killed = live(hall, at, after=after)
        hall.database.close()
        if not killed:
            print(f"{at - 1} commits, a stop at each")
            assert at > 8, "arrive, decide and seal of a submission, and of answers"
            return
    raise AssertionError("the way has more commits than were tried")
