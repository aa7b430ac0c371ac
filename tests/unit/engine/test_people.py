"""Cases that need people, filings and tracks. The service is e-commerce import with more: two persons consent before it
leaves, the seller must be on file; when it is released, the list is filed and the parcel was seen."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.approvals.batch import Approvals
from hub.clock import now
from hub.engine.records import Records
from hub.engine.rows import Known
from hub.engine.world import World, load_world
from hub.filings.batch import Filings
from hub.filings.values import Record
from hub.model.approval import Vote
from hub.model.filing import FilingState
from hub.services.service import Line
from hub.store import approvals as store
from hub.tracks.batch import Tracks
from tests.unit.engine.hall import MAPPINGS, Hall, fresh
from tests.unit.engine.test_services import complete, customs, replies, send

PEOPLE = """
[people.li]
title = { zh = "李雷", en = "Li Lei" }
roles = ["officer"]

[people.han]
title = { zh = "韩梅", en = "Han Mei" }
roles = ["officer"]
"""
MORE = """
[approvals.release]
title   = { zh = "放行", en = "Release" }
persons = 2
within  = "2h"

[[require]]
filing = "company"
number = ["list.ebcCode"]
refuse = "-621005"

[[filing]]
kind   = "list"
on     = ["customs.accepted"]
number = ["list.copNo"]
holder = "list.agentCode"
title  = { zh = "进口清单", en = "Import list" }
within = "1095d"

[[track]]
kind    = "parcel"
on      = ["customs.accepted"]
event   = "released"
subject = "list.logisticsNo"
place   = "list.customsCode"
"""


@pytest.fixture(scope="module")
def world(home: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world of that service."""
    own = tmp_path_factory.mktemp("people")
    shutil.copytree(home, own, dirs_exist_ok=True)
    shutil.copytree(MAPPINGS, own / "mappings")
    file = own / "mappings" / "ecommerce-import" / "service.toml"
    text = file.read_text("utf-8")
    assert 'within  = "30m"' in text
    file.write_text(
        text.replace('within  = "30m"', 'within  = "30m"\nafter   = ["release.approved"]', 1) + MORE, "utf-8"
    )
    settings = (own / "hub.toml").read_text("utf-8").replace('# mappings = "mappings"', 'mappings = "mappings"')
    (own / "hub.toml").write_text(settings + PEOPLE, "utf-8")
    return load_world(own)


@pytest.fixture
def hall(world: World, home: Path, tmp_path: Path) -> Iterator[Hall]:
    hall = fresh(world, home, tmp_path)
    hall.at = now()
    yield hall
    hall.database.close()


def file_seller(hall: Hall) -> None:
    with hall.database.write() as connection:
        filings = Filings.load(connection, [("company", "4301960A01")])
        filings.record(Record("company", "4301960A01", "xiangmai", "湘麦商城", "test", hall.clock()), hall.clock())
        filings.save(connection)


def vote(hall: Hall, by: str, verdict: Vote) -> None:
    """``by`` decides on the open question."""
    with hall.database.write() as connection:
        newest = store.listed(connection, 1, ended=False)[0]["id"]
        approvals = Approvals.load(connection, hall.world.settings.people, ids=[newest])
        approvals.decide(newest, by, verdict, "I have seen the goods", hall.clock())
        approvals.save(connection)


def test_nothing_leaves_before_two_persons_have_approved(hall: Hall) -> None:
    file_seller(hall)
    complete(hall)
    (case,) = hall.cases()
    assert case["state"] == "open"
    assert hall.deliveries("message") == []
    vote(hall, "li", Vote.APPROVE)
    assert hall.tick() == 0
    vote(hall, "han", Vote.APPROVE)
    assert hall.tick() == 1
    assert len(hall.deliveries("message")) == 4
    assert hall.tick() == 0, "it is acted upon once"
    customs(hall, "1", "accepted", "800")
    assert hall.cases()[0]["state"] == "accepted"
    assert hall.verified()


def test_who_rejects_refuses_the_case_and_the_trader_hears_it(hall: Hall) -> None:
    file_seller(hall)
    complete(hall)
    vote(hall, "li", Vote.REJECT)
    assert hall.tick() == 1
    (case,) = hall.cases()
    assert (case["state"], case["closed_at"] is not None) == ("refused", True)
    (reply,) = replies(hall, "xinghai")
    (lane,) = reply["lane"]  # type: ignore[misc]
    assert "not approved" in lane["text-en"]
    assert hall.deliveries("message") == []


def test_a_question_that_nobody_answers_expires(hall: Hall) -> None:
    file_seller(hall)
    complete(hall)
    hall.later(2 * 3600 + 1)
    hall.tick()
    hall.tick()
    assert hall.cases()[0]["state"] == "refused"


def test_a_corrected_list_is_asked_about_anew(hall: Hall) -> None:
    file_seller(hall)
    complete(hall)
    vote(hall, "li", Vote.REJECT)
    hall.tick()
    send(hall, "list", netWeight="1.70")
    assert hall.cases()[0]["state"] == "open"
    for person in ("li", "han"):
        vote(hall, person, Vote.APPROVE)
    assert hall.tick() == 1
    assert len(hall.deliveries("message")) == 4


def test_a_seller_that_is_not_on_file_is_refused_until_it_is(hall: Hall) -> None:
    complete(hall)
    (case,) = hall.cases()
    assert case["state"] == "refused"
    (reply,) = replies(hall, "xinghai")
    (lane,) = reply["lane"]  # type: ignore[misc]
    assert lane["code"] == "-621005"
    file_seller(hall)
    send(hall, "list", netWeight="1.70")
    assert hall.cases()[0]["state"] == "open"


def test_a_release_is_filed_and_tracked(hall: Hall) -> None:
    file_seller(hall)
    complete(hall)
    for person in ("li", "han"):
        vote(hall, person, Vote.APPROVE)
    hall.tick()
    customs(hall, "1", "accepted", "800")
    with hall.database.read() as connection:
        filing = Filings.load(connection, [("list", "C1")]).valid("list", "C1", hall.clock())
        seen = Tracks.load(connection, [("parcel", "W1")]).last_seen("parcel", "W1")
    assert filing is not None
    assert (filing.holder, filing.state, filing.source) == ("4301960D04", FilingState.ACTIVE, hall.cases()[0]["id"])
    assert seen is not None
    assert (seen.event, seen.place) == ("released", "4900")


def test_what_is_not_there_to_be_filed_or_tracked_needs_a_person(hall: Hall, world: World) -> None:
    service = world.services.by_id["ecommerce-import"]
    nothing = [Line(("", "x"), 0, "InventoryHead/copNo")] * 2
    recordings = tuple(replace(one, rows=lambda _: nothing) for one in service.recordings)
    footprints = tuple(replace(one, rows=lambda _: [Line(("P1", "x"))] * 1_002) for one in service.footprints)
    changed = replace(service, recordings=recordings, footprints=footprints)
    told = Records(Known(), hall.clock).note({"id": "CS-1"}, changed, ["customs.accepted"])
    assert told == [
        "nothing of list was put on file for want of InventoryHead/copNo, and 1 more",
        "nothing of parcel was tracked of line 1001 and those after it: there are 1002",
    ]


def test_a_number_that_is_not_there_to_be_looked_up_is_told_with_its_place(hall: Hall, world: World) -> None:
    service = world.services.by_id["ecommerce-import"]
    (needed,) = service.requirements
    lines = [Line(("",), 3, "InventoryList[3]/licence")]
    changed = replace(service, requirements=(replace(needed, rows=lambda _: lines),))
    (told,) = Records(Known(), hall.clock).lacking(changed, {})
    assert (told.code, told.path) == ("-621005", "InventoryList[3]/licence")
    assert "InventoryList[3]/licence is not there, or there more than once" in told.en
