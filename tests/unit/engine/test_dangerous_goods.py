"""Lanes that wait for one another, approvals that are taken back, legs that may not come yet: with dangerous goods."""

import json
from typing import Any

import pytest

from hub.clock import now
from hub.security import cms
from hub.security.keys import load_signer
from hub.twins.folder import TwinFolder
from tests.unit.engine.hall import MAPPINGS, Hall, says

DEMO = MAPPINGS / "dangerous-goods" / "demo"


@pytest.fixture(autouse=True)
def today(hall: Hall) -> None:
    """The yard's certificate is as old as its home."""
    hall.at = now()


def notify(hall: Hall, number: str = "1", control: str = "D1", **changes: str) -> str:
    """A notification of dangerous goods by their agent, with ``changes`` (see WORDS); the transmission."""
    text = (DEMO / "iftdgn.edi").read_text("ascii")
    for name, new in changes.items():
        assert WORDS[name] in text
        text = text.replace(WORDS[name], new)
    data = text.replace("@NUMBER@", number).replace("@CONTROL@", control).encode()
    return hall.take(data, "xiangjiang")[0]


WORDS = {"function": "XJ@NUMBER@+9'", "batteries": "DGS+IMD+9+3480'", "second": "SGP+MSKU6011672", "first": "1203"}


def gate(hall: Hall, control: str = "G1", container: str = "CSQU3054383", document: str = "34") -> str:
    """A container at the yard's gate; the transmission."""
    text = (DEMO / "codeco.edi").read_text("ascii").replace("BGM+34", f"BGM+{document}")
    data = text.replace("@NUMBER@", "1").replace("@CONTROL@", control).replace("@CONTAINER@", container).encode()
    own = TwinFolder(hall.world.settings.paths.twins / "port")
    return hall.take(cms.sign_attached(data, load_signer(own.signing_key)), "port")[0]


def answer(hall: Hall, lane: str, status: str, code: str = "") -> None:
    """What the agency of ``lane`` says of what it was sent last."""
    hall.later(1)
    row = hall.lanes(hall.cases()[0]["id"])[lane]
    with hall.database.read() as connection:
        query = "SELECT key FROM correlations WHERE lane = ? ORDER BY rowid DESC"
        key = connection.exec_driver_sql(query, (row["id"],)).scalars().first()
    hall.answer(row["agency"], says("dangerous-goods", lane, str(key), status, code))


def states(hall: Hall) -> dict[str, str]:
    return {name: lane["state"] for name, lane in hall.lanes(hall.cases()[0]["id"]).items()}


def replies(hall: Hall) -> list[dict[str, Any]]:
    return [json.loads(row["plan"])["status"] for row in hall.deliveries("answer") if row["partner"] == "xiangjiang"]


ASKED = {"maritime": "sent", "customs": "sent", "quarantine": "sent"}


def test_the_yard_hears_of_it_only_when_it_is_fit_for_carriage(hall: Hall) -> None:
    assert hall.transmission(notify(hall))["state"] == "accepted"
    assert states(hall) == ASKED
    answer(hall, "customs", "accepted", "800")
    assert "yard" not in states(hall)
    answer(hall, "maritime", "accepted", "120")
    assert states(hall)["yard"] == "sent"
    answer(hall, "quarantine", "accepted", "800")
    answer(hall, "yard", "accepted", "120")
    assert hall.cases()[0]["state"] == "accepted"
    assert "yard-stop" not in states(hall)
    assert [reply["status"] for reply in replies(hall)] == ["accepted"]
    assert hall.verified()


def test_what_is_not_fit_never_reaches_the_yard(hall: Hall) -> None:
    notify(hall)
    answer(hall, "maritime", "refused", "D201")
    answer(hall, "customs", "accepted", "800")
    answer(hall, "quarantine", "accepted", "800")
    assert states(hall) == {"maritime": "refused", "customs": "accepted", "quarantine": "accepted"}
    (reply,) = replies(hall)
    assert (reply["status"], reply["lane"][0]["code"]) == ("refused", "D201")


def test_an_approval_taken_back_stops_the_yard(hall: Hall) -> None:
    notify(hall)
    for lane in ("maritime", "customs", "quarantine", "yard"):
        answer(hall, lane, "accepted", "120")
    answer(hall, "maritime", "refused", "D203")
    assert states(hall)["yard-stop"] == "sent"
    assert hall.cases()[0]["state"] == "refused"
    answer(hall, "yard-stop", "accepted", "120")
    assert replies(hall)[-1]["status"] == "refused"
    assert hall.work() == []


def test_customs_cannot_take_back_what_it_accepted(hall: Hall) -> None:
    notify(hall)
    answer(hall, "customs", "accepted", "800")
    answer(hall, "customs", "refused", "100")
    assert states(hall)["customs"] == "accepted"
    assert [item["kind"] for item in hall.work()] == ["contradiction"]


def test_an_amendment_that_is_not_fit_stops_what_the_yard_has(hall: Hall) -> None:
    notify(hall)
    for lane in ("maritime", "customs", "quarantine", "yard"):
        answer(hall, lane, "accepted", "120")
    notify(hall, control="D2", function="XJ@NUMBER@+5'")
    assert states(hall) == ASKED | {"yard": "accepted"}
    answer(hall, "maritime", "refused", "D202")
    assert states(hall)["yard-stop"] == "sent"


def test_no_container_passes_the_gate_before_it_may_be_carried(hall: Hall) -> None:
    notify(hall)
    early = hall.transmission(gate(hall))
    assert early["state"] == "refused"
    assert "walk.leg-too-early" in str(hall.messages(early["id"])[0]["findings"])
    answer(hall, "maritime", "accepted", "120")
    assert hall.transmission(gate(hall, "G2", "MSKU6011672"))["state"] == "accepted"
    answer(hall, "maritime", "refused", "D203")
    assert hall.transmission(gate(hall, "G3"))["state"] == "refused"


def test_a_message_that_its_leg_does_not_choose_belongs_to_no_service(hall: Hall) -> None:
    notify(hall)
    answer(hall, "maritime", "accepted", "120")
    out = hall.transmission(gate(hall, document="36"))
    assert "walk.no-service" in str(hall.messages(out["id"])[0]["findings"])


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"first": "9999"}, "D101", "9999"),
        ({"batteries": "DGS+IMD+8+3480'"}, "D101", "3480"),
        ({"batteries": "DGS+IMD+5.1+2014++2+++++8'", "second": "SGP+CSQU3054383"}, "D102", "2014"),
        ({"second": "SGP+MSKU6011673"}, "D103", "MSKU6011673"),
    ],
    ids=["unknown", "class", "segregation", "container"],
)
def test_what_the_hub_finds_leaves_for_no_agency(hall: Hall, changes: dict[str, str], code: str, says: str) -> None:
    notify(hall, **changes)
    assert hall.deliveries("message") == []
    (reply,) = replies(hall)
    (lane,) = reply["lane"]
    assert reply["status"] == "refused"
    assert code in {item["code"] for item in lane["item"]}
    assert says in str(lane["item"])


def test_petrol_and_batteries_may_share_a_container(hall: Hall) -> None:
    notify(hall, second="SGP+CSQU3054383")
    assert states(hall) == ASKED
