"""DECIDE against a real database: who sent it, is it a double, which case, what is refused and how it is told."""

import json

import pytest

from hub.engine import read as reading
from hub.formats.edifact.contrl import parse_contrl
from hub.formats.read import read as read_bytes
from tests.unit.engine.hall import Hall, cuscar, paxlst, several


def codes(hall: Hall, transmission: str) -> list[str]:
    """The codes in the report to the sender."""
    reports = [row for row in hall.deliveries("report") if row["transmission"] == transmission]
    assert len(reports) <= 1
    return [finding["code"] for row in reports for finding in json.loads(row["plan"])["findings"]]


def contrl(hall: Hall, transmission: str):
    """The CONTRL about ``transmission`` as its receiver reads it."""
    (row,) = [row for row in hall.deliveries("acknowledgement") if row["transmission"] == transmission]
    data = row["payload"] or hall.write([hall.plan(row["id"])])[0].result[0].data
    (interchange,) = read_bytes(data, hall.world.catalog).interchanges
    return interchange.messages[0].document


def test_an_accepted_list_opens_a_case_with_a_lane_for_each_agency(hall: Hall) -> None:
    transmission, planned = hall.take(paxlst("1"))
    assert hall.transmission(transmission)["state"] == "accepted"
    (case,) = hall.cases()
    assert (case["service"], case["reference"], case["partner"]) == ("passengers", "OA0886-1", "oceanair")
    assert {name: lane["state"] for name, lane in hall.lanes(case["id"]).items()} == {
        "border": "sent", "customs": "sent", "quarantine": "sent",
    }  # fmt: skip
    assert sorted(row["kind"] for row in planned) == ["message", "message", "message", "signature"]
    assert {message["state"] for message in hall.messages(transmission)} == {"accepted"}
    assert parse_contrl(contrl(hall, transmission)).accepted
    assert codes(hall, transmission) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sender": "NOBODY:ZZ"}, "walk.sender-unknown"),
        ({"sender": "BORDER:ZZ"}, "walk.sender-foreign"),
        ({"recipient": "ANOTHER:ZZ"}, "walk.recipient-foreign"),
    ],
)
def test_an_envelope_that_names_others_is_refused_whole(hall: Hall, changes: dict[str, str], code: str) -> None:
    transmission, _ = hall.take(paxlst("1", **changes))
    assert hall.transmission(transmission)["state"] == "refused"
    assert codes(hall, transmission) == [code]
    assert hall.cases() == []
    assert not parse_contrl(contrl(hall, transmission)).accepted


def test_the_same_bytes_again_have_no_effect_and_say_of_what_they_are_the_double(hall: Hall) -> None:
    first, _ = hall.take(paxlst("1"))
    second, planned = hall.take(paxlst("1"))
    row = hall.transmission(second)
    assert (row["state"], row["duplicate_of"]) == ("duplicate", first)
    assert len(hall.cases()) == 1
    assert sorted(one["kind"] for one in planned) == ["acknowledgement", "report"]
    assert codes(hall, second) == ["walk.duplicate"]


def test_doubles_within_one_batch_are_seen(hall: Hall) -> None:
    jobs = [hall.arrive(paxlst("1")), hall.arrive(paxlst("1")), hall.arrive(paxlst("1", control="OTHER"))]
    hall.decide(*(reading.read(job, hall.world) for job in jobs))
    assert [hall.transmission(job.transmission)["state"] for job in jobs] == ["accepted", "duplicate", "refused"]
    assert codes(hall, jobs[2].transmission) == ["walk.case-exists"]
    assert len(hall.cases()) == 1


def test_a_transmission_read_twice_is_decided_once(hall: Hall) -> None:
    read = reading.read(hall.arrive(paxlst("1")), hall.world)
    hall.decide(read, read)
    hall.decide(read)
    assert len(hall.cases()) == 1
    assert len(hall.entries("decided")) == 1
    assert hall.verified()


def test_a_control_reference_is_used_once(hall: Hall) -> None:
    hall.take(paxlst("1", control="SAME"))
    second, _ = hall.take(paxlst("2", control="SAME"))
    assert hall.transmission(second)["state"] == "refused"
    assert codes(hall, second) == ["walk.interchange-duplicate"]


def test_a_refused_original_does_not_block_its_valid_resend(hall: Hall) -> None:
    broken = paxlst("1", sex="ATT+2++FEMALE OR SO, FAR TOO LONG A CODE'")
    first, _ = hall.take(broken)
    assert hall.transmission(first)["state"] == "refused"
    again, _ = hall.take(broken)
    assert hall.transmission(again)["state"] == "refused", "what was refused may come again, and is judged again"
    mended, _ = hall.take(paxlst("1"))
    assert hall.transmission(mended)["state"] == "accepted"


def test_a_role_that_may_not_submit(hall: Hall) -> None:
    transmission, _ = hall.take(paxlst("1", sender="BORDER:ZZ"), partner="border")
    assert codes(hall, transmission) == ["walk.role-not-allowed"]
    assert hall.cases() == []


def test_a_type_that_no_service_takes(hall: Hall) -> None:
    data = paxlst("1").replace(b"PAXLST:D:02B:UN:IATA", b"APERAK:D:16B:UN")
    job = hall.arrive(data)
    read = reading.read(job, hall.world)
    message = read.interchanges[0].messages[0]._replace(valid=True, findings=(), legs=())
    hall.decide(read._replace(interchanges=(read.interchanges[0]._replace(messages=(message,)),)))
    assert codes(hall, job.transmission) == ["walk.no-service"]


def test_a_case_that_exists_refuses_the_message_not_the_interchange(hall: Hall) -> None:
    hall.take(paxlst("1"))
    second, _ = hall.take(paxlst("1", control="OTHER"))
    assert codes(hall, second) == ["walk.case-exists"]
    document = contrl(hall, second)
    assert document["UCI"]["0083"] == "7"
    assert document["SG1"][0]["UCM"]["0062"] == "1"


def test_contrl_marks_only_the_messages_that_were_refused(hall: Hall) -> None:
    hall.take(paxlst("2"))
    broken = paxlst("3", sex="ATT+2++FEMALE OR SO, FAR TOO LONG A CODE'")
    transmission, _ = hall.take(several("MANY", paxlst("1"), paxlst("2"), broken, paxlst("4")))
    assert hall.transmission(transmission)["state"] == "partly"
    assert [message["state"] for message in hall.messages(transmission)] == [
        "accepted",
        "refused",
        "refused",
        "accepted",
    ]
    assert {case["reference"] for case in hall.cases()} == {"OA0886-1", "OA0886-2", "OA0886-4"}
    document = contrl(hall, transmission)
    assert document["UCI"]["0083"] == "7"
    assert [entry["UCM"]["0062"] for entry in document["SG1"]] == ["2", "3"]


def test_a_rejected_group_takes_only_its_own_messages_with_it(hall: Hall) -> None:
    one, two = paxlst("1").split(b"'\n"), paxlst("2").split(b"'\n")
    unb, first, second = one[0], one[1:-2], two[1:-2]
    unb = unb.replace(b"++PAXLST", b"")
    group = b"UNG+PAXLST+OCEANAIR:ZZ+HUBCSX:ZZ+261123:0800+%s+UN+D:02B"
    segments = [unb, group % b"G1", *first, b"UNE+1+G1", group % b"G2", *second, b"UNE+7+G2", b"UNZ+2+C1", b""]
    transmission, _ = hall.take(b"'\n".join(segments))
    assert [message["state"] for message in hall.messages(transmission)] == ["accepted", "refused"], codes(
        hall, transmission
    )
    assert hall.transmission(transmission)["state"] == "partly"
    document = contrl(hall, transmission)
    assert document["UCI"]["0083"] == "7"
    assert [(entry["UCF"]["0048"], entry["UCF"]["0083"]) for entry in document["SG3"]] == [("G2", "4")]


def test_a_list_without_a_number_is_known_by_its_control_reference(hall: Hall) -> None:
    hall.take(paxlst("1", reference="BGM+745'"))
    (case,) = hall.cases()
    assert case["reference"] == "C1/1"
    # the same number comes again where the control reference alone does not give it away
    job = hall.arrive(paxlst("2", reference="BGM+745+C1/1'"))
    hall.decide(reading.read(job, hall.world))
    assert codes(hall, job.transmission) == ["walk.case-exists"]


def test_bytes_that_are_nothing_end_in_a_report(hall: Hall) -> None:
    for data in (b"", b"PK\x03\x04 a ZIP", bytes(range(256))):
        transmission, planned = hall.take(data)
        assert hall.transmission(transmission)["state"] == "refused"
        assert [row["kind"] for row in planned] == ["report"]
        assert codes(hall, transmission)


def test_manifests_are_taken_by_their_own_service(hall: Hall) -> None:
    hall.take(cuscar("1"))
    (case,) = hall.cases()
    assert case["service"] == "manifest"
    assert set(hall.lanes(case["id"])) == {"customs"}
