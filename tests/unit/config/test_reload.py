"""A changed configuration is taken into use when the new whole is right, and only then."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from hub.config.configuration import Configuration, load_configuration
from hub.config.reload import Reloader
from tests.unit.config.homes import good, write


class Hub:
    """Stands for the daemon: notes every configuration that it is given."""

    def __init__(self, home: Path) -> None:
        self.taken: list[Configuration] = []
        self.came = Event()
        folders = [home / "partners", home / "mappings"]  # the second is not there
        self.reloader = Reloader(lambda: load_configuration(home), self.take, home / "hub.toml", folders)

    def take(self, configuration: Configuration) -> None:
        self.taken.append(configuration)
        self.came.set()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(good(tmp_path))
    yield hub
    hub.reloader.close()


def test_a_right_whole_is_taken(hub: Hub, tmp_path: Path) -> None:
    write(tmp_path, {"hub.toml": '[hub]\nname = "New"\n'})
    assert hub.reloader.reload()
    assert [one.settings.hub.name for one in hub.taken] == ["New"]


def test_a_wrong_whole_changes_nothing_and_every_problem_is_logged(hub: Hub, tmp_path: Path) -> None:
    write(tmp_path, {"hub.toml": "a = 1\nb = 2\n"})
    with capture_logs() as logs:
        assert not hub.reloader.reload()
    assert hub.taken == []
    assert [entry["problem"] for entry in logs] == [
        f"{tmp_path}/hub.toml:1: a: unknown key; remove it or mend its spelling",
        f"{tmp_path}/hub.toml:2: b: unknown key; remove it or mend its spelling",
    ]


@pytest.mark.parametrize("changed", ["hub.toml", "partners/anna/partner.toml"])
def test_a_change_is_noticed(hub: Hub, tmp_path: Path, changed: str) -> None:
    hub.reloader.start()
    text = (tmp_path / changed).read_text("utf-8")
    for attempt in range(100):  # the watch may not have begun when the first change is made
        (tmp_path / changed).write_text(f"# {attempt}\n{text}", "utf-8")
        if hub.came.wait(0.3):
            break
    assert hub.taken[0].partners.keys() == {"anna", "bert"}
