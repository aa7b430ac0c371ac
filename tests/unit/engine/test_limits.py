"""What is more than the hub looks at: the message is refused, with its place; a part is never taken for the whole."""

import json

import pytest

from hub.clock import now
from hub.engine import consents
from hub.engine import read as reading
from hub.engine.consents import Consents
from hub.engine.rows import Known
from hub.formats.xml import writer
from hub.mapping.items import TooMany
from hub.model.case import LegState
from hub.model.partner import SignatureKind
from hub.security import schemes
from hub.security.keys import load_signer
from hub.services import views
from hub.twins.folder import TwinFolder
from tests.unit.engine.ecommerce import CATALOG, inventories, inventory, refund
from tests.unit.engine.hall import Hall, paxlst
from tests.unit.engine.test_services import send, signed


@pytest.fixture(autouse=True)
def today(hall: Hall) -> None:
    """The declarant's certificate is as old as its home."""
    hall.at = now()


def findings(hall: Hall, data: bytes, partner: str) -> list[tuple[str, str, int | None]]:
    """(code, path, line or segment) of what refuses a message; nothing of it has an effect."""
    transmission, _ = hall.take(signed(hall, data) if partner == "xinghai" else data, partner)
    (message,) = hall.messages(transmission)
    assert (message["state"], hall.transmission(transmission)["state"], hall.cases()) == ("refused", "refused", [])
    told = json.loads(message["findings"])
    return [(one["code"], one["place"]["path"], one["place"].get("line", one["place"].get("segment"))) for one in told]


def test_more_items_than_are_looked_at_refuse_the_message(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ITEMS", 2)
    data = inventories(*(inventory(number) for number in "123"))
    assert findings(hall, data, "xinghai") == [("walk.too-many", "Inventory", 1)]
    assert "There are more than 2 of Inventory" in str(hall.deliveries("report")[0]["plan"])
    monkeypatch.setattr(reading, "MAX_ITEMS", 3)
    send(hall, "list")
    hall.take(signed(hall, data), "xinghai")
    assert len(hall.cases()) == 3


@pytest.mark.parametrize(("most", "refused"), [(2, True), (3, False)])
def test_more_lines_than_are_looked_at_refuse_the_message(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, most: int, refused: bool
) -> None:
    monkeypatch.setattr(views, "MAX_VALUES", most)
    data = refund("1", {"gnum": "1"}, {"gnum": "2"}, {"gnum": "3"})
    job = hall.arrive(signed(hall, data), "xinghai")
    (interchange,) = reading.read(job, hall.world).interchanges
    (message,) = interchange.messages
    assert (message.beyond is not None, bool(message.legs)) == (refused, not refused)
    if message.beyond:
        assert message.beyond.place.path == "InvtRefund/InvtRefundList"


def test_a_list_of_more_persons_than_are_looked_at_is_refused_by_contrl(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = paxlst("1")
    monkeypatch.setattr(views, "MAX_VALUES", 1)
    ((code, path, segment),) = findings(hall, data, "oceanair")
    assert (code, path.split("/")[0], segment) == ("walk.too-many", "SG4", 1)
    (contrl,) = hall.deliveries("acknowledgement")
    assert "walk.too-many" in contrl["plan"]


def test_more_values_of_a_fact_than_are_looked_at_are_told_with_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MAX_VALUES", 1)
    view = views.View(facts={"box": lambda _: ["1", "2"]}, places={"box": "EQD/C237/8260"})
    with pytest.raises(TooMany, match="more than 1 at EQD/C237/8260"):
        view.read({})


def test_more_keys_than_a_document_is_found_by_refuse_it(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_KEYS", 0)
    assert findings(hall, refund("1"), "xinghai") == [("walk.too-many", "InvtRefund/InvtRefundHead/invtNo", 1)]


def test_an_agency_that_answers_more_than_is_looked_at_is_told(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ITEMS", 1)
    said = {
        "guid": "00000000-0000-4000-8000-000000000009", "customsCode": "4900", "ebpCode": "4301960A01",
        "ebcCode": "4301960A01", "agentCode": "4301960D04", "copNo": "C1", "preNo": "I20261124000000001",
        "returnStatus": "800",
        "returnTime": "20261124103000000", "returnInfo": "放行",
    }  # fmt: skip
    document = {"@guid": said["guid"], "@version": "1.0", "InventoryReturn": [said, said | {"copNo": "C2"}]}
    data = writer.write(document, CATALOG.get("xsd:ceb:CEB622"))
    own = TwinFolder(hall.world.settings.paths.twins / "customs")
    data = schemes.sign(SignatureKind.XMLDSIG, data, load_signer(own.signing_key), canonical=True).data
    assert findings(hall, data, "customs") == [("walk.too-many", "InventoryReturn", 1)]


def test_whoever_decides_sees_every_fact_and_how_many_values_there_are(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consents, "MAX_SHOWN", 2)
    facts = {f"fact{number}": ["x"] for number in range(60)} | {"many": ["1", "2", "3", "4"]}
    known = Known()
    known.legs["CS-1"] = [{"name": "list", "state": LegState.JOINED, "given": facts}]
    told = dict(Consents({}, known, hall.clock)._told("CS-1"))
    assert len(told) == 61
    assert told["list.many"] == ["1", "2", "… (+2)"]
