"""Numbers that a partner leaves out: told after a time of grace, once; what comes late closes them."""

from dataclasses import replace
from typing import Any

import pytest

from hub.commands.sequences import list_sequences
from hub.engine import read as reading
from hub.model.partner import Numbers, X12Id, X12Party
from tests.unit.engine.hall import Hall, paxlst
from tests.unit.engine.test_x12 import order

HOUR = 3600


@pytest.fixture
def agreed(hall: Hall) -> Hall:
    """A hub whose carrier leaves out no number."""
    configuration = hall.world.configuration
    partner = configuration.partners["oceanair"]
    assert partner.edifact
    changed = replace(
        partner,
        edifact=replace(partner.edifact, numbers=Numbers.CONSECUTIVE),
        x12=X12Party((X12Id("OCEANAIR"),), numbers=Numbers.CONSECUTIVE),
    )
    partners = {**configuration.partners, "oceanair": changed}
    hall.world = replace(hall.world, configuration=replace(configuration, partners=partners))
    return hall


def send(hall: Hall, *numbers: int) -> None:
    for number in numbers:
        hall.take(paxlst(str(number), f"{number:09d}"))


def work(hall: Hall) -> list[dict[str, Any]]:
    """What the person on duty is to look at; not the lanes that are overdue meanwhile."""
    return [item for item in hall.work() if item["kind"] == "gap"]


def reports(hall: Hall) -> list[dict[str, Any]]:
    """The findings of the reports about missing numbers."""
    plans = [hall.plan(row["id"])["plan"] for row in hall.deliveries("report")]
    return [finding for plan in plans for finding in plan["findings"] if finding["code"] == "walk.numbers-missing"]


def test_files_out_of_order_trouble_nobody(agreed: Hall) -> None:
    send(agreed, 1, 3, 2, 5)
    agreed.later(HOUR / 2)
    send(agreed, 4)
    agreed.later(2 * HOUR)
    agreed.tick()
    assert not reports(agreed)
    assert not work(agreed)


def test_what_does_not_come_in_time_is_told_once_to_all_three(agreed: Hall) -> None:
    send(agreed, 1, 4, 6)
    agreed.tick()
    assert not reports(agreed), "not before the time is over"
    agreed.later(HOUR)
    agreed.tick()
    agreed.tick()
    (told,) = reports(agreed)
    assert told["params"] == {"sequence": "edifact/OCEANAIR/HUBCSX", "numbers": "2–3, 5"}
    assert "2–3, 5" in told["zh"]
    assert "2–3, 5" in told["en"]
    (item,) = work(agreed)
    assert (item["kind"], item["subject"]) == ("gap", "oceanair/edifact/OCEANAIR/HUBCSX")
    (entry,) = agreed.entries("gap.told")
    assert entry.facts["missing"] == "2–3, 5"
    assert agreed.verified()


def test_it_closes_by_itself(agreed: Hall) -> None:
    send(agreed, 1, 4)
    agreed.later(HOUR)
    agreed.tick()
    send(agreed, 3)
    assert work(agreed)
    send(agreed, 2)
    assert not work(agreed)
    assert len(agreed.entries("gap.closed")) == 1
    send(agreed, 5)
    agreed.later(2 * HOUR)
    agreed.tick()
    assert len(reports(agreed)) == 1


def test_a_second_gap_has_no_second_item(agreed: Hall) -> None:
    send(agreed, 1, 3)
    agreed.later(HOUR)
    agreed.tick()
    send(agreed, 5)
    agreed.later(HOUR)
    agreed.tick()
    assert [one["params"]["numbers"] for one in reports(agreed)] == ["2", "4"]
    assert len(work(agreed)) == 1
    send(agreed, 2)
    assert work(agreed), "4 is missing yet"
    send(agreed, 4)
    assert not work(agreed)


def test_a_leap_is_one_row_and_the_count_goes_on_behind_it(agreed: Hall) -> None:
    send(agreed, 1, 99_999_999, 2)
    with agreed.database.read() as connection:
        assert connection.exec_driver_sql("SELECT low, high FROM gaps").all() == [(3, 99_999_998)]


def test_it_survives_a_restart(agreed: Hall) -> None:
    send(agreed, 1, 3)
    agreed.later(HOUR)
    again = Hall(agreed.world, agreed.folder, agreed.at)
    again.tick()
    assert reports(again)
    again.database.close()


def test_what_is_refused_has_come_all_the_same(agreed: Hall) -> None:
    send(agreed, 1)
    agreed.take(paxlst("1", "000000002"))  # a second submission of the same number is refused
    send(agreed, 3)
    agreed.later(HOUR)
    agreed.tick()
    assert not reports(agreed)


def test_an_impostor_does_not_count(agreed: Hall) -> None:
    send(agreed, 1)
    agreed.take(paxlst("9", "000000009"), "xiangbao")
    agreed.take(paxlst("9", "000000009", recipient="SOMEBODY:ZZ"))
    assert [(row["last"], row["missing"]) for row in list_sequences_of(agreed)] == [(1, "")]


def list_sequences_of(hall: Hall) -> list[dict[str, Any]]:
    """What `hub sequences` would tell of this hall."""
    home = hall.folder / "home"
    home.mkdir()
    (home / "hub.toml").write_text('[database]\nurl = "sqlite:///spool/hub.db"\n', "utf-8")
    (home / "spool").mkdir()
    (home / "spool" / "hub.db").symlink_to(hall.folder / "hub.db")
    (home / "keys").symlink_to(hall.world.settings.paths.keys)
    return list_sequences(home)


def test_one_that_is_no_number_is_taken_and_told(agreed: Hall) -> None:
    transmission, planned = agreed.take(paxlst("1", "C1"))
    row = agreed.transmission(transmission)
    assert row["state"] == "accepted"
    assert "walk.number-unusable" in agreed.entries("decided")[-1].facts["codes"]  # type: ignore[operator]
    contrl = next(one.result for one in agreed.write(planned) if one.row["kind"] == "acknowledgement")
    assert isinstance(contrl, list)
    assert b"+OCEANAIR:ZZ+HUBCSX:ZZ+7'" in contrl[0].data, "the CONTRL accepts"


def test_x12_has_a_sequence_of_its_own(agreed: Hall) -> None:
    send(agreed, 7)
    agreed.take(order("000000001"))
    agreed.take(order("000000003"))
    agreed.later(HOUR)
    agreed.tick()
    assert [one["params"] for one in reports(agreed)] == [{"sequence": "x12/OCEANAIR/HUBCSX", "numbers": "2"}]


def test_a_batch_counts_as_its_messages_one_by_one(agreed: Hall) -> None:
    jobs = [agreed.arrive(paxlst(str(number), f"{number:09d}")) for number in (1, 3, 2, 6)]
    agreed.decide(*(reading.read(job, agreed.world) for job in jobs))
    with agreed.database.read() as connection:
        assert connection.exec_driver_sql("SELECT low, high FROM gaps").all() == [(4, 5)]


def test_without_an_agreement_nothing_is_counted(hall: Hall) -> None:
    send(hall, 1, 9)
    hall.later(2 * HOUR)
    hall.tick()
    assert not reports(hall)
    with hall.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sequences").scalar() == 0
