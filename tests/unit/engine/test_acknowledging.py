"""The CONTRL that READ drafts and DECIDE numbers is, byte for byte, the one that WRITE would write."""

import pytest

from hub.clock import SECOND
from hub.engine import read as reading
from hub.engine.acknowledging import CONTRL, acknowledgement, draft, filled
from hub.engine.values import Read
from hub.model.finding import Finding, Place
from hub.model.partner import Contrl
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
        drafted = draft(found, CONTRL, partner, hall.world)
        assert drafted
        wanted = acknowledgement(found, CONTRL, (partner, 42, AT), hall.world)
        assert filled(drafted, 42, AT) == wanted


@pytest.mark.parametrize("reference", ["HUBSOWNNUMBER", "HUBSOWNNUMBER1", "991231?:2359"])
def test_what_looks_like_a_mark_is_not_drafted(hall: Hall, reference: str) -> None:
    found = interchange(hall, referenced(reference, "UNOC:3"))
    drafted = draft(found, CONTRL, hall.world.partners["oceanair"], hall.world)
    if drafted:
        partner = hall.world.partners["oceanair"]
        assert filled(drafted, 7, AT) == acknowledgement(found, CONTRL, (partner, 7, AT), hall.world)
    else:
        hall.take(referenced(reference, "UNOC:3"))
        (row,) = hall.deliveries("acknowledgement")
        assert row["state"] == "planned", "WRITE makes it"


def test_a_faulty_interchange_is_not_drafted(hall: Hall) -> None:
    data = paxlst("1").replace(b"UNZ+1", b"UNZ+2")
    assert draft(interchange(hall, data), CONTRL, hall.world.partners["oceanair"], hall.world) == b""


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
    assert b"UCI+C1+" in sealing.result[0].data
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


SOUND = paxlst("1")
FAULTY = paxlst("1", sex="XYZ+1'")
REJECTED = SOUND.replace(b"UNZ+1", b"UNZ+2")
INSIDE = "'UCM+1+PAXLST:D:02B:UN:IATA+4"


def asked(data: bytes, how: bytes) -> bytes:
    """``data`` with 0031 in its UNB: 1 asks for an acknowledgement, 2 (from version 4 on) for a receipt."""
    return (
        data.replace(b"UNOC:3", b"UNOC:4")
        .replace(b"+261123:", b"+20261123:")
        .replace(b"++PAXLST'", b"++PAXLST++" + how + b"'")
    )


@pytest.mark.parametrize(
    ("policy", "data", "told"),
    [
        (Contrl.FULL, SOUND, "7"),
        (Contrl.FULL, FAULTY, "7" + INSIDE),
        (Contrl.FULL, REJECTED, "4+29+UNZ+2"),
        (Contrl.RECEIPT, SOUND, "8"),
        (Contrl.RECEIPT, FAULTY, "8"),
        (Contrl.RECEIPT, REJECTED, "4+29+UNZ+2"),
        (Contrl.REQUESTED, SOUND, None),
        (Contrl.REQUESTED, FAULTY, "7" + INSIDE),
        (Contrl.REQUESTED, REJECTED, "4+29+UNZ+2"),
        (Contrl.REQUESTED, asked(SOUND, b"1"), "7"),
        (Contrl.REQUESTED, asked(SOUND, b"2"), "8"),
        (Contrl.REQUESTED, asked(FAULTY, b"2"), "8"),
        (Contrl.NONE, SOUND, None),
        (Contrl.NONE, FAULTY, None),
        (Contrl.NONE, REJECTED, None),
    ],
)
def test_a_partner_hears_what_it_wants(hall: Hall, policy: Contrl, data: bytes, told: str | None) -> None:
    hall.agree(contrl=policy, newline="")
    _, planned = hall.take(data)
    hall.seal(hall.write([row for row in planned if row["kind"] == "acknowledgement"]))
    rows = hall.deliveries("acknowledgement")
    assert len(rows) == (told is not None)
    for row in rows:
        assert row["name"].endswith(".contrl.edi")
        assert f"UCI+C1+OCEANAIR:ZZ+HUBCSX:ZZ+{told}" in row["payload"].decode()
        assert row["payload"].decode().count("UCM") == (told or "").count("UCM")
    assert len(hall.deliveries("report")) == (data not in (SOUND, asked(SOUND, b"1"), asked(SOUND, b"2")))


def test_an_acknowledgement_is_written_as_its_partner_reads(hall: Hall) -> None:
    hall.agree(separators="/|,! ~", newline="")
    found = interchange(hall, FAULTY)
    told = acknowledgement(found, CONTRL, (hall.world.partners["oceanair"], 1, AT), hall.world)
    assert told.startswith(b"UNA/|,! ~UNB|UNOC/3|HUBCSX/ZZ|OCEANAIR/ZZ|")
    sealed = filled(draft(interchange(hall, SOUND), CONTRL, hall.world.partners["oceanair"], hall.world), 1, AT)
    assert sealed in (
        b"",
        acknowledgement(interchange(hall, SOUND), CONTRL, (hall.world.partners["oceanair"], 1, AT), hall.world),
    )
