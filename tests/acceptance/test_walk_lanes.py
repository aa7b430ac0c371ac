"""What moves a case when all does not go well: a message that cannot be written for an agency, an agency that refuses,
orders an inspection, is silent, or answers late."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.support import (
    ROOT,
    Home,
    Row,
    fresh,
    make_home,
    manifest,
    passenger_list,
    recounted,
    segments,
    set_toml,
    until,
)

AGENCIES = ("border", "customs", "quarantine")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A hub with mappings of its own and all twins; border inspection is silent about flight OA0999."""
    home = make_home(tmp_path_factory.mktemp("lanes") / "home", deadlines={"tick": '"200ms"'})
    shutil.copytree(ROOT / "mappings", home.path / "mappings")
    set_toml(home.path / "hub.toml", {"paths": {"mappings": '"mappings"'}})
    partner = home.path / "partners" / "border" / "partner.toml"
    silent = '\n[[twin.rule]]\npath = "SG2/TDT/8028"\nequals = "OA0999"\nverdict = "silent"\n'
    partner.write_text(partner.read_text("utf-8") + silent, "utf-8")
    with home.serve(), home.twins(*AGENCIES):
        yield home


def opened(home: Home, data: bytes) -> Row:
    row = home.settled("oceanair", home.put("oceanair", data))
    assert row["state"] == "accepted", row["findings"]
    return home.case_of(row["id"])


def answered(home: Home, case: str, state: str) -> list[str]:
    """The segments of the CUSRES to the trader once the case is in ``state``."""
    query = "SELECT state FROM cases WHERE id = ?"
    until(lambda: home.rows(query, case)[0]["state"] == state, f"the case does not become {state}")
    return segments(home.awaited("oceanair", "receipts", case, "cusres")[1])


def test_all_three_accept(home: Home) -> None:
    case = opened(home, passenger_list())
    answer = answered(home, case["id"], "accepted")
    assert any(re.fullmatch(r"BGM\+962\+[^+]+\+11\+AP", one) for one in answer)
    assert {name: lane["state"] for name, lane in home.lanes(case["id"]).items()} == dict.fromkeys(AGENCIES, "accepted")
    # Every agency's technical receipt came before its answer, where it sends one.
    stages = home.rows(
        'SELECT r.stage, r.status FROM receipts r JOIN lanes l ON l.id = r.lane WHERE l."case" = ? AND l.name = ? '
        "ORDER BY r.at, r.id",
        case["id"],
        "border",
    )
    assert [tuple(stage.values()) for stage in stages] == [("technical", "received"), ("business", "accepted")]


def test_a_refusal_is_explained_at_the_field_in_both_languages(home: Home) -> None:
    case = opened(home, manifest("", "", ("WOODEN DINING CHAIRS", "GENERAL CARGO")))
    answer = answered(home, case["id"], "refused")
    text = "\n".join(answer)
    assert "ERC+4001" in text
    assert "The description of goods is too general" in text
    assert "货物描述" in text
    assert "Declaration/Consignment[1]/ConsignmentItem[1]/Commodity/CargoDescription" in text
    assert home.lanes(case["id"])["customs"]["code"] == "03"  # customs' status; its reason is the item's


def test_an_inspection_speaks_for_the_case(home: Home) -> None:
    case = opened(home, passenger_list("", "", ("LINDQVIST:ASTRID", "UNWELL:ASTRID")))
    answer = answered(home, case["id"], "inspection")
    assert any(one.startswith("BGM+") and one.endswith("+11+CA") for one in answer), answer
    states = {name: lane["state"] for name, lane in home.lanes(case["id"]).items()}
    assert states == {"border": "accepted", "customs": "accepted", "quarantine": "inspection"}


def test_what_cannot_be_written_for_an_agency_refuses_its_lane(home: Home) -> None:
    """NAD without a name is valid PAXLST, yet customs and quarantine must have one: border inspection gets it all the
    same, the other two lanes are refused by the hub, and the trader hears why in both languages."""
    data = passenger_list("", "", ("NAD+FL+++LINDQVIST:ASTRID:MARIA", "NAD+FL"))
    case = opened(home, data)
    answer = answered(home, case["id"], "refused")
    until(lambda: home.lanes(case["id"])["border"]["state"] == "accepted", "border inspection has not answered")
    lanes = home.lanes(case["id"])
    assert {name: lane["state"] for name, lane in lanes.items()} == {
        "border": "accepted",
        "customs": "refused",
        "quarantine": "refused",
    }
    assert lanes["customs"]["code"] == "HUB1"
    item = json.loads(lanes["customs"]["answer"])["items"][0]
    assert "必须填写" in item["text"]
    assert "must be filled" in item["text"]
    assert item["path"]
    text = "\n".join(segments(home.awaited("oceanair", "receipts", case["id"], "cusres")[1]))
    assert any(one.startswith("BGM+963") for one in answer)
    assert "ERC+HUB1" in text
    assert "必须填写" in text
    assert "must be filled" in text
    # Nothing was sent to the two, and their planned messages are not left lying about.
    mine = home.rows('SELECT partner, kind, state, sha256 FROM deliveries WHERE "case" = ?', case["id"])
    assert {(one["partner"], one["state"]) for one in mine if one["sha256"] is None and one["kind"] == "message"} == {
        ("customs", "failed"),
        ("quarantine", "failed"),
    }
    planned = [one for one in mine if one["state"] == "planned"]
    assert not planned, planned


def shorten_deadline(home: Home) -> None:
    """Border inspection's lane has a second from now on; the running hub takes it up."""
    assert home.hub is not None
    taken = "configuration taken anew"
    before = home.hub.said().count(taken)
    service = home.path / "mappings" / "passengers" / "service.toml"
    text, changed = re.subn(r'(\[lanes\.border\][^\[]*within *= )"30m"', r'\1"1s"', service.read_text("utf-8"))
    assert changed == 1
    service.write_text(text, "utf-8")
    hub = home.hub
    until(lambda: hub.said().count(taken) > before, "the changed service is not taken up")


def test_a_silent_agency_is_overdue(home: Home) -> None:
    """The lane goes to a named person, the trader is told; the answer of the silent one still counts when it comes."""
    shorten_deadline(home)
    data = passenger_list("", "", ("TDT+20+OA0886", "TDT+20+OA0999"))
    case = opened(home, data)
    answer = answered(home, case["id"], "overdue")
    lanes = home.lanes(case["id"])
    assert lanes["border"]["state"] == "overdue"
    (work,) = home.rows("SELECT * FROM work WHERE subject = ? AND closed_at IS NULL", lanes["border"]["id"])
    assert (work["owner"], work["kind"]) == ("duty-officer", "deadline")
    assert "border" in work["reason"]
    assert any(one.startswith("BGM+") for one in answer)
    told = home.json("status")
    assert work["id"] in [one["id"] for one in told["work"]]
    # A stranger answers in place of the twin, late.
    (key,) = home.rows("SELECT key FROM correlations WHERE lane = ?", lanes["border"]["id"])
    number = fresh()
    body = (
        f"UNH+1+CUSRES:D:16B:UN'BGM+962+{number}+11+AP'DTM+137:20261123160000:204'RFF+ACW:{number}'"
        f"RFF+AGO:{key['key']}'UNT+6+1'"
    )
    text = f"UNB+UNOC:3+BORDER:ZZ+HUBCSX:ZZ+261123:1600+{number}'{body}UNZ+1+{number}'"
    assert home.settled("border", home.put("border", text.encode()))["state"] == "accepted"
    query = "SELECT state, closed_at FROM cases WHERE id = ?"
    until(lambda: home.rows(query, case["id"])[0]["state"] == "accepted", "the late answer does not count")
    until(
        lambda: len([n for n in home.listing("oceanair", "receipts") if n.startswith(case["id"])]) >= 2,
        "the trader does not hear of the late answer",
    )
    assert not home.rows("SELECT id FROM work WHERE subject = ? AND closed_at IS NULL", lanes["border"]["id"])


def test_without_a_segment_that_the_mapping_needs(home: Home) -> None:
    """The flight's number is needed; without it the list is valid as EDIFACT and refused by the hub for customs."""
    data = recounted(passenger_list("", "", ("TDT+20+OA0886+++OA'", "TDT+20++++OA'")))
    case = opened(home, data)
    answered(home, case["id"], "refused")
    assert home.lanes(case["id"])["customs"]["state"] == "refused"


def test_everything_is_accounted_for(home: Home) -> None:
    planned = "SELECT id FROM deliveries WHERE state = 'planned'"
    until(lambda: not home.rows(planned), "deliveries stay planned")
    assert home.run("ledger", "verify").returncode == 0
    suspects = [path for path in (home.path / "twins").glob("*/suspect/*") if Path(path).is_file()]
    assert not suspects
