"""What goes wrong with an agency happens when the scenario says, in any number, and the same way every time."""

from pathlib import Path

import pytest

from hub.errors import ConfigError, SignatureInvalid
from hub.schema.catalog import Catalog
from hub.security import xmldsig
from hub.setup import make_home
from hub.twins import scenario, start
from hub.twins.player import Player
from tests.unit.engine.ecommerce import order, payment
from tests.unit.twins.desk_of_customs import Customs


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    list(make_home(home))
    return home


class Stage:
    """Customs with a scenario."""

    def __init__(self, home: Path, folder: Path, catalog: Catalog) -> None:
        self.home, self.folder, self.catalog = home, folder, catalog

    def customs(self, events: str, *, kept: bool = False) -> Customs:
        (self.folder / "it.toml").write_text(events, "utf-8")
        customs = Customs(self.home)
        agency = start.agency(self.home, "customs", clock=customs.clock)
        play = scenario.load(self.folder / "it.toml", self.catalog)
        customs.counter.agency = Player(agency, play, customs.clock, self.folder if kept else None)
        return customs


@pytest.fixture
def stage(home: Path, tmp_path: Path, catalog: Catalog) -> Stage:
    return Stage(home, tmp_path, catalog)


def orders(customs: Customs, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        customs.send(order(str(number)))


def said(customs: Customs) -> list[tuple[str, str]]:
    return [(item["orderNo"], item["returnStatus"]) for item in customs.said()]


@pytest.mark.parametrize(
    ("number", "late"), [("2", ["2"]), ("2-3", ["2", "3"]), ("every 2", ["2", "4"]), ("9", []), ("1-9", list("1234"))]
)
def test_a_delay_by_number(stage: Stage, number: str, late: list[str]) -> None:
    customs = stage.customs(f'[[event]]\ndo = "delay"\nnumber = "{number}"\nfor = "10s"')
    orders(customs, 4)
    assert [one for one, _ in said(customs)] == [one for one in "1234" if one not in late]
    customs.later(9.9)
    assert said(customs) == []
    customs.later(0.1)
    assert [one for one, _ in said(customs)] == late


def test_a_refusal_by_content_and_type(stage: Stage) -> None:
    event = '[[event]]\ndo = "answer"\nverdict = "refuse"\ncode = "-301012"\ncontains = "<orderNo>2<"\n'
    customs = stage.customs(event + 'type = "xsd:ceb:CEB311"')
    orders(customs, 3)
    customs.send(payment("2"))
    items = customs.said()
    assert [item["returnStatus"] for item in items] == ["120", "-301012", "120", "120"]
    assert items[1]["returnInfo"] == "订单报文处理失败，未找到对应操作"


def test_an_outage_ends_by_itself_and_what_came_meanwhile_is_answered(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "outage"\nafter = "5s"\nfor = "10s"')
    orders(customs, 1)
    assert said(customs) == [("1", "120")]
    customs.later(5)
    orders(customs, 1, 2)
    assert said(customs) == []
    customs.later(9.9)
    assert said(customs) == []
    customs.later(0.1)
    assert said(customs) == [("2", "120")]


def test_an_outage_without_an_end_lasts_until_it_is_told(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "outage"', kept=True)
    orders(customs, 1)
    customs.later(86_400)
    assert said(customs) == []
    (stage.folder / "back").touch()
    assert said(customs) == [("1", "120")]


def test_a_contradiction_follows_the_answer(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "contradict"\nverdict = "refuse"\ncode = "100"\nfor = "2s"')
    orders(customs, 1)
    first = customs.said()
    customs.later(2)
    second = customs.said()
    assert [item["returnStatus"] for item in first + second] == ["120", "100"]
    assert first[0]["guid"] != second[0]["guid"], "another message, not a copy"
    orders(customs, 1)
    assert said(customs) == [("1", "-301010")], "customs itself has not changed its mind"


def test_a_flood_of_one_answer(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "flood"\ntimes = 200\nnumber = "1"')
    orders(customs, 2)
    replies = customs.counter.collect()
    assert len(replies) == 201
    assert len({reply.name for reply in replies}) == 201
    assert len({reply.data for reply in replies}) == 2


def test_a_flood_spread_over_time(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "flood"\ntimes = 10\nfor = "10s"')
    orders(customs, 1)
    counts = []
    for _ in range(10):
        counts.append(len(customs.counter.collect()))
        customs.later(1)
    assert counts == [1] * 10


def test_answers_are_held_until_enough_messages_came(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "hold"\ntimes = 50\nfor = "1h"')
    orders(customs, 49)
    assert said(customs) == []
    orders(customs, 1, 50)
    assert len(said(customs)) == 50


def test_what_is_held_is_let_go_in_the_end(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "hold"\ntimes = 50\nfor = "1h"')
    orders(customs, 3)
    customs.later(3600)
    assert len(said(customs)) == 3


def test_answers_out_of_order_are_so_the_same_way_every_time(stage: Stage) -> None:
    def course(seed: int) -> list[str]:
        customs = stage.customs(f'seed = {seed}\n[[event]]\ndo = "reorder"\nfor = "10s"')
        orders(customs, 20)
        customs.later(10)
        return [one for one, _ in said(customs)]

    first, other = course(1), course(2)
    assert first == course(1)
    assert first != other
    assert sorted(first) == sorted(other)
    assert first != sorted(first, key=int)


def test_garbage_instead_of_an_answer(stage: Stage, catalog: Catalog) -> None:
    customs = stage.customs('[[event]]\ndo = "garbage"')
    orders(customs, 1)
    (reply,) = customs.counter.collect()
    assert len(reply.data) == 400
    with pytest.raises(SignatureInvalid):
        xmldsig.verify(reply.data, customs.own)


def test_an_answer_to_what_never_was(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "unasked"')
    customs.send(order("A123"))
    assert said(customs) == [("A123", "120"), ("A876", "120")]


def test_a_forged_signature(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "forge"')
    orders(customs, 1)
    (reply,) = customs.counter.collect()
    with pytest.raises(SignatureInvalid):
        xmldsig.verify(reply.data, customs.own)


def test_silence(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "silence"\nnumber = "1"')
    orders(customs, 2)
    assert said(customs) == [("2", "120")]


def test_events_add_up(stage: Stage) -> None:
    customs = stage.customs('[[event]]\ndo = "flood"\ntimes = 3\n[[event]]\ndo = "delay"\nfor = "1s"')
    orders(customs, 1)
    assert said(customs) == []
    customs.later(1)
    assert said(customs) == [("1", "120")] * 3


def test_after_a_kill_messages_keep_their_numbers_and_the_scenario_its_beginning(stage: Stage) -> None:
    events = '[[event]]\ndo = "silence"\nnumber = "3"\n[[event]]\ndo = "outage"\nafter = "10s"'
    customs = stage.customs(events, kept=True)
    orders(customs, 2)
    customs.later(9)
    again = stage.customs(events, kept=True)
    again.at = customs.at
    orders(again, 2, 3)
    assert said(again) == [("4", "120")], "number three of all, not of this process"
    again.later(1)
    orders(again, 1, 5)
    assert said(again) == []


WRONG = [
    ("", "1: event: missing; add it"),
    ('[[event]]\ndo = "dance"', "2: event.0.do: "),
    ('[[event]]\ndo = "delay"', "1: event.0: delay needs for; add it"),
    ('[[event]]\ndo = "flood"\ntimes = 2\nverdict = "refuse"', "1: event.0: flood has no verdict; remove it"),
    ('[[event]]\ndo = "flood"\ntimes = 99999', "3: event.0.times: "),
    ('[[event]]\ndo = "outage"\nnumber = "3"', "1: event.0: an outage begins at a time; write after, and for or until"),
    ('[[event]]\ndo = "answer"\nverdict = "refuse"', '1: event.0: a refusal needs a code; add code = "…"'),
    ('[[event]]\ndo = "silence"\nnumber = "each"', "3: event.0.number: "),
    ('[[event]]\ndo = "silence"\ntype = "xsd:ceb:CEB3"', "3: event.0.type: "),
    ('[[event]]\ndo = "delay"\nfor = "soon"', '3: event.0.for: write a duration such as "500ms"'),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, catalog: Catalog, text: str, problem: str) -> None:
    file = tmp_path / "it.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        scenario.load(file, catalog)
    told = [one.removeprefix(f"{file}:") for one in raised.value.problems]
    assert any(one.startswith(problem) for one in told), told
