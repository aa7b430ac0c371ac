"""Every message of cross-border e-commerce: a service takes it, customs' twin answers it, its receipt is read."""

from pathlib import Path

import pytest

from hub.engine.world import World, load_world
from hub.setup import make_home
from hub.twins import handbook
from hub.twins.handbook import Instruction

QUESTIONS = {  # what a trader sends → what customs answers
    "311": "312", "411": "412", "511": "512", "513": "514", "621": "622", "623": "624", "625": "626", "711": "712",
    "303": "304", "403": "404", "505": "506", "507": "508", "509": "510", "603": "604", "605": "606", "607": "608",
    "701": "702",
}  # fmt: skip
STARTED = {"816": "621", "818": "621", "792": "701"}  # what customs starts → upon which it does


def ceb(number: str) -> str:
    return f"xsd:ceb:CEB{number}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    list(make_home(home))
    return home


@pytest.fixture(scope="module")
def world(home: Path) -> World:
    return load_world(home)


@pytest.fixture(scope="module")
def customs(home: Path, world: World) -> dict[str, Instruction]:
    return handbook.load(home / "partners" / "customs" / handbook.FOLDER, world.catalog, world.mappings)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_traders_send(question: str, world: World, customs: dict[str, Instruction]) -> None:
    ((service, leg),) = world.services.legs(ceb(question))
    receipt = ceb(QUESTIONS[question])
    lanes = [lane for one, lane in world.services.answers(receipt) if one is service]
    assert any(part.leg == leg.name for lane in lanes for part in lane.parts), "the agency's receipt is read"
    reply = service.reply(leg.name, ceb(question))
    assert reply is not None
    assert world.mappings.get(reply.mapping).target == receipt, "its sender hears the receipt"
    assert customs[ceb(question)].writer.target == receipt


@pytest.mark.parametrize("message", STARTED)
def test_what_customs_starts(message: str, world: World, customs: dict[str, Instruction]) -> None:
    ((service, leg),) = world.services.legs(ceb(message))
    assert leg.roles == {"customs"}
    assert leg.name in {notice.leg for notice in service.notices}
    assert ceb(message) in {writer.target for writer in customs[ceb(STARTED[message])].then}
