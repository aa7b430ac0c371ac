"""X12 in the engine: acknowledged once whatever happens, under numbers of its own, told apart from EDIFACT."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engine import backlog
from hub.engine import read as reading
from hub.engine import write as writing
from hub.engine.rows import interchange_reference
from hub.engine.values import WriteJob
from hub.engine.world import World, load_world
from hub.formats.read import read as read_bytes
from hub.model.message import Syntax
from tests.unit.engine.hall import Hall, fresh, paxlst, template
from tests.unit.engine.mortal import Life

PARTY = '\n[x12]\nids = [{ id = "OCEANAIR" }]\nack = "997"\n'
BODY = ("ST*850*0001", "BEG*00*SA*PO1**20261123", "PO1*1*10*EA*19.95", "SE*4*0001")
MOST = 20  # commits; the way has fewer


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose carrier speaks X12 too."""
    home = template(tmp_path_factory.mktemp("home"))
    with (home / "partners" / "oceanair" / "partner.toml").open("a", encoding="utf-8") as file:
        file.write(PARTY)
    return home


@pytest.fixture(scope="module")
def world(home: Path) -> World:
    return load_world(home)


@pytest.fixture
def hall(world: World, home: Path, tmp_path: Path) -> Iterator[Hall]:
    hall = fresh(world, home, tmp_path)
    yield hall
    hall.database.close()


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(backlog, "LOOK", 0.05)
    return


def order(control: str = "000000007", body: tuple[str, ...] = BODY) -> bytes:
    """A purchase order, which no service takes."""
    isa = f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*OCEANAIR       *ZZ*HUBCSX         *261123*1200*U*00401*{control}*0*P*:"
    segments = [isa, "GS*PO*OCEANAIR*HUBCSX*20261123*1200*7*X*004010", *body, "GE*1*7", f"IEA*1*{control}"]
    return "".join(f"{segment}~" for segment in segments).encode()


FILES = {
    "wanted by no service": order(),
    "with faults": order(body=("ST*850*0001", "BEG*00*SA*PO1**20261323", "PO1*1*10*EA*19.95", "SE*5*0001")),
    "to another hub": order().replace(b"HUBCSX         *", b"OTHER          *"),
    "counted wrongly": order().replace(b"IEA*1", b"IEA*2"),
    "two interchanges": order() + b"\r\n" + order("000000008"),
}


@pytest.mark.parametrize("name", FILES)
def test_an_acknowledgement_is_the_same_when_the_source_is_read_again(hall: Hall, name: str) -> None:
    job = hall.arrive(FILES[name])
    read = reading.read(job, hall.world)
    (planned,) = hall.decide(read)
    plans = [row for row in planned if row["kind"] == "acknowledgement"]
    assert len(plans) == len(read.interchanges)
    for number, row in enumerate(plans, 1):
        packed = WriteJob(row["id"], "oceanair", row["plan"], job, read.interchanges[number - 1].packed)
        first = writing.write(packed, hall.world)
        hall.world.at_hand.clear()
        assert first == writing.write(packed._replace(packed=b""), hall.world)
        (answer,) = read_bytes(first[0].data, hall.world.catalog).interchanges
        assert (answer.envelope.recipient, answer.envelope.control_ref) == ("OCEANAIR", f"{number:09}")
        assert answer.messages[0].type == f"x12:004010:{row['plan']['do'].upper()}"
        assert answer.valid


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_it_goes_out_once_wherever_the_hub_stops(world: World, home: Path, tmp_path: Path, after: bool) -> None:
    for at in range(1, MOST):
        folder = tmp_path / str(at)
        folder.mkdir()
        shutil.copy(home / "spool" / "hub.db", folder / "hub.db")
        hall = Hall(world, folder)
        life = Life.begin(hall, at, after=after)
        try:
            life.send(order(), "oceanair")
        finally:
            life.end()
        answers = hall.deliveries("acknowledgement")
        assert len(answers) == len(hall.entries("decided")), "one for each transmission; one sent again is another"
        assert {row["state"] for row in answers} == {"available"}
        assert len({row["name"].split(".")[1] for row in answers}) == len(answers), "numbers are drawn once"
        assert hall.verified()
        hall.database.close()
        if not life.killed:
            assert at > 3, "arrive, decide, seal"
            return
    raise AssertionError("the way has more commits than were tried")


def test_edifact_and_x12_are_numbered_each_by_itself(hall: Hall) -> None:
    reads = [
        reading.read(hall.arrive(data), hall.world)._replace(syntax=syntax)
        for data, syntax in ((order("000000001"), Syntax.X12), (paxlst("1", "000000001"), Syntax.EDIFACT))
    ]
    assert interchange_reference(reads[0], 0) != interchange_reference(reads[1], 0)


def test_a_file_of_two_formats_is_accepted_in_part_and_says_so(hall: Hall) -> None:
    transmission, planned = hall.take(paxlst("1") + order())
    assert hall.transmission(transmission)["state"] == "partly"
    (report,) = (row for row in planned if row["kind"] == "report")
    codes = [finding["code"] for finding in report["plan"]["findings"]]
    assert codes == ["edifact.text-after", "detect.mixed"]
    assert [row["name"].split(".")[-2] for row in hall.deliveries("acknowledgement")] == ["contrl"]


def test_a_header_that_names_nobody_is_reported_and_not_acknowledged(hall: Hall) -> None:
    _, planned = hall.take(order().replace(b"OCEANAIR       *", b"               *"))
    assert [row["kind"] for row in planned] == ["report"]
