"""`hub track`: the way of a container, and what is odd about it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.commands.home import opened
from hub.commands.tracks import Wanted, track
from hub.errors import HubError
from hub.setup import make_home
from hub.tracks.batch import Tracks
from hub.tracks.values import Sighting

HOUR = 3_600_000_000
NOW = 1_700_000_000_000_000
BOX = "TGHU1234567"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for _ in make_home(tmp_path):
        pass
    first = Sighting("container", BOX, NOW, "loaded", "CNCSX", "CS-1", 28_228_000, 112_939_000)
    second = first._replace(at=NOW + HOUR, event="gate-in", place="CNBJS", latitude=39_904_000, longitude=116_407_000)
    third = second._replace(at=NOW + 2 * HOUR, event="weighed", latitude=None, longitude=None)
    with opened(tmp_path) as found, found.database.write() as connection:
        tracks = Tracks.load(connection, [("container", BOX)])
        for one in (third, second, first, second._replace(kind="seal")):
            tracks.add(one, NOW)
        tracks.save(connection)
    return tmp_path


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["track", BOX, *words, "--home", str(home)])
    return done.exit_code, done.stdout


def test_the_way_is_told_oldest_first(home: Path) -> None:
    code, text = run(home, "--kind", "container")
    assert code == 0
    assert [line.split()[2] for line in text.splitlines()[1:]] == ["loaded", "gate-in", "weighed"]
    assert "28.228000 112.939000" in text
    assert len(run(home)[1].splitlines()) == 5
    assert len(run(home, "--limit", "2")[1].splitlines()) == 3


def test_what_is_odd_is_told_with_exit_code_1(home: Path) -> None:
    code, text = run(home, "--kind", "container", "--speed", "900", "--gap", "30m", "--order", "gate-in,loaded,weighed")
    assert code == 1
    assert "speed: 1314 km/h between loaded at CNCSX" in text
    assert text.count("gap: nothing for 60 minutes") == 2
    assert "and now" in text
    code, text = run(home, "--order", "weighed,gate-in,loaded", "--json")
    told = json.loads(text)
    assert (code, [one["kind"] for one in told["remarks"]], len(told["sightings"])) == (1, ["order"], 4)


def test_what_is_not_there_is_told(home: Path) -> None:
    with pytest.raises(HubError, match="nobody has told of X"):
        track(home, "X", "", Wanted(), 10)
    with pytest.raises(HubError, match="--gap 3 weeks"):
        track(home, BOX, "", Wanted(gap="3 weeks"), 10)
