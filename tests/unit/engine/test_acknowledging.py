"""The CONTRL that READ drafts and DECIDE numbers is, byte for byte, the one that WRITE would write."""

import pytest

from hub.clock import SECOND
from hub.engine import read as reading
from hub.engine.acknowledging import CONTRL, acknowledgement, draft, filled
from hub.engine.values import Read
from hub.model.finding import Finding, Place
from tests.unit.engine.hall import Hall, paxlst

AT = 1_795_449_660 * SECOND  # 2026-11-23 16:01 UTC


def interchange(hall: Hall, data: bytes):
    """The only interchange of ``data``."""
    (found,) = reading.reading_of(hall.arrive(data), hall.world).interchanges
    return found


def referenced(reference: str, syntax: str = "UNOA:4") -> bytes:
    """A passenger list under a reference and a syntax of its own."""
    lines = paxlst("1").decode().split("'\n")
    date = "20261123:1600" if syntax.endswith("4") else "261123:1600"
    at = next(number for number, line in enumerate(lines) if line.startswith("UNB"))
    lines[at] = f"UNB+{syntax}+OCEANAIR:ZZ+HUBCSX:ZZ+{date}+{reference}"
    lines[-2] = f"UNZ+1+{reference}"
    return "'\n".join(lines).encode()


@pytest.mark.parametrize("syntax", ["UNOA:4", "UNOC:3", "UNOB:2", "UNOY:4", "UNOW:4"])
@pytest.mark.parametrize("reference", ["PAX0001", "lower", "A?+B", "0", "99991231", "HUBSTHEIRREF", "ABCDEFGHIJKLMN"])
def test_a_draft_is_what_write_would_write(hall: Hall, reference: str, syntax: str) -> None:
    found = interchange(hall, referenced(reference, syntax))
    partner = hall.world.partners["oceanair"]
    for _ in range(2):  # made, and from the template
        drafted = draft(found, partner, hall.world)
        assert drafted
        wanted = acknowledgement(found, CONTRL, (partner, 42, AT), hall.world)
        assert filled(drafted, 42, AT) == wanted


@pytest.mark.parametrize("reference", ["HUBSOWNNUMBER", "HUBSOWNNUMBER1", "991231?:2359"])
def test_what_looks_like_a_mark_is_not_drafted(hall: Hall, reference: str) -> None:
    found = interchange(hall, referenced(reference, "UNOC:3"))
    drafted = draft(found, hall.world.partners["oceanair"], hall.world)
    if drafted:
        partner = hall.world.partners["oceanair"]
        assert filled(drafted, 7, AT) == acknowledgement(found, CONTRL, (partner, 7, AT), hall.world)
    else:
        hall.take(referenced(reference, "UNOC:3"))
        (row,) = hall.deliveries("acknowledgement")
        assert row["state"] == "planned", "WRITE makes it"


def test_a_faulty_interchange_is_not_drafted(hall: Hall) -> None:
    data = paxlst("1").replace(b"UNZ+1", b"UNZ+2")
    assert draft(interchange(hall, data), hall.world.partners["oceanair"], hall.world) == b""


def test_what_decide_finds_makes_write_tell_it(hall: Hall) -> None:
    """READ saw no fault and drafted; DECIDE refuses, so the draft must not go out."""
    job = hall.arrive(paxlst("1"))
    read = reading.read(job, hall.world)
    assert read.interchanges[0].draft
    refused = Read(read.transmission, read.syntax, (), (read.interchanges[0]._replace(sender="NOBODY"),))
    hall.decide(refused)
    (row,) = hall.deliveries("acknowledgement")
    assert row["state"] == "planned"
    (sealing,) = hall.write([hall.plan(row["id"])])
    assert b"'UCI+C1+" in sealing.result[0].data
    assert b"+HUBCSX:ZZ+4+23+UNB'" in sealing.result[0].data


def test_the_receipt_is_sealed_in_the_commit_that_accepts(hall: Hall) -> None:
    hall.take(paxlst("1"))
    (row,) = hall.deliveries("acknowledgement")
    assert row["state"] == "available"
    sealed = hall.entries("sealed")
    assert [entry.facts["delivery"] for entry in sealed] == [row["id"]]
    assert hall.verified()


def test_findings_of_decide_are_in_the_acknowledgement(hall: Hall) -> None:
    found = interchange(hall, paxlst("1"))
    own = (hall.world.partners["oceanair"], 1, AT)
    finding = Finding("walk.duplicate", Place(offset=0), params=(("first", "TR-1"),))
    assert b"+4" in acknowledgement(found, CONTRL, own, hall.world, (finding,))
    refused = acknowledgement(found, CONTRL, own, hall.world, (), {0: (finding,)})
    assert b"UCM+" in refused
