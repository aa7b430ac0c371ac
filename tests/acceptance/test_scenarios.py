"""The scenarios of ``scenarios/*.feature``, in plain words (``docs/scenarios.md``): each is a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.clock import now
from hub.engine import backlog
from hub.engine.world import World, load_world
from tests.acceptance.desk import PEOPLE
from tests.acceptance.papers import HERE
from tests.acceptance.stage import Stage
from tests.acceptance.steps import play, words_of
from tests.acceptance.story import Line, Scenario, StoryError, scenarios
from tests.unit.engine.hall import fresh, template

ALL = [one for file in sorted(HERE.glob("*.feature")) for one in scenarios(file)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as `hub init` makes it."""
    home = template(tmp_path_factory.mktemp("home"))
    with (home / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write(PEOPLE)
    return home


@pytest.fixture(scope="module")
def world(home: Path) -> World:
    """The world of that home."""
    return load_world(home)


@pytest.fixture
def stage(world: World, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """An empty hub; its partners' certificates are as old as their home."""
    monkeypatch.setattr(backlog, "LOOK", 0.05)
    hall = fresh(world, home, tmp_path)
    hall.at = now()
    yield Stage(hall)
    hall.database.close()


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.title)
def test_scenario(scenario: Scenario, stage: Stage) -> None:
    try:
        play(scenario, stage)
    except StoryError as error:
        failure = str(error)
    else:
        failure = ""
    assert not failure, failure
    assert stage.hall.verified()


@pytest.mark.parametrize("file", sorted(HERE.glob("*.feature")), ids=lambda file: str(file.stem))
def test_each_system_has_a_dozen(file: Path) -> None:
    assert len(scenarios(file)) >= 12


def test_a_line_that_nobody_understands_is_told_with_the_nearest(stage: Stage) -> None:
    with pytest.raises(StoryError, match="no step reads 'case 1 turns accepted'") as error:
        play(Scenario("x", "y", (Line("case 1 turns accepted", "x.feature:1"),)), stage)
    assert "case {number} is {state}" in str(error.value)


def test_what_does_not_hold_is_told_with_its_line(stage: Stage) -> None:
    with pytest.raises(StoryError, match="x.feature:7: there are 2 cases"):
        play(Scenario("x", "y", (Line("there are 2 cases", "x.feature:7"),)), stage)


@pytest.mark.parametrize(("line", "words"), [("case 1 is open", {"number": "1", "state": "open"}), (
    'the payer hears that 1 is refused, code 100, saying "a, b"',
    {"who": "the payer", "number": "1", "state": "refused", "code": "100", "text": "a, b"})])  # fmt: skip
def test_the_words_of_a_line(line: str, words: dict[str, str]) -> None:
    assert words_of(Line(line, "x.feature:1"))[1] == words


@pytest.mark.parametrize("text", ["Whenever x", "Scenario:"])
def test_a_file_out_of_order_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.feature"
    file.write_text(f"Scenario: one\n  Given x\n{text}\n", "utf-8")
    with pytest.raises(StoryError, match=r"odd.feature:3"):
        scenarios(file)
