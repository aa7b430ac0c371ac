"""`hub resend`: the same bytes under the same name, only where that makes sense; and what it does to the work list."""

import pytest

from hub.commands import resend
from hub.commands.story import tell
from hub.errors import HubError
from hub.store import deliveries, work
from tests.unit.engine.hall import Hall, cuscar, paxlst


def again(hall: Hall, subject: str) -> str:
    with hall.database.write() as connection:
        act = resend._transmission if subject.startswith("TR-") else resend._delivery
        return act(connection, hall.ledger, subject)


@pytest.fixture
def message(hall: Hall) -> str:
    """A manifest's message in the mailbox of customs."""
    _, planned = hall.take(cuscar("1"))
    hall.seal(hall.write(planned))
    return str(hall.deliveries("message")[0]["id"])


def test_what_was_fetched_and_removed_lies_in_the_mailbox_again(hall: Hall, message: str) -> None:
    before = hall.plan(message)
    with hall.database.write() as connection:
        deliveries.move(connection, message, state="delivered", delivered_at=1)
        deliveries.move(connection, message, removed_at=2)
        assert deliveries.mailbox(connection, "customs", "download") == []
    assert message in again(hall, message)
    with hall.database.read() as connection:
        (entry,) = deliveries.mailbox(connection, "customs", "download")
    after = hall.plan(message)
    assert entry["name"] == before["name"]
    assert (after["sha256"], after["payload"], after["plan"]) == (before["sha256"], before["payload"], before["plan"])
    assert len(hall.entries("resent")) == 1
    assert hall.verified()


def test_what_was_given_up_goes_out_again_and_leaves_the_work_list(hall: Hall, message: str) -> None:
    with hall.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE deliveries SET channel = 'folder', state = 'failed' WHERE id = ?", (message,)
        )
        row = {"id": "WK-1", "subject": message, "kind": "undelivered", "owner": "o", "reason": "r", "opened_at": 1}
        work.add(connection, [row])
    again(hall, message)
    assert hall.plan(message)["state"] == "sealed"
    assert hall.work() == []


def test_what_is_still_being_written_is_not_sent_again(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    with pytest.raises(HubError, match="planned"):
        again(hall, planned[0]["id"])


@pytest.mark.parametrize("subject", ["DL-NOBODY", "TR-NOBODY"])
def test_what_is_not_there(hall: Hall, subject: str) -> None:
    with pytest.raises(HubError, match=subject):
        again(hall, subject)


def test_only_a_failed_transmission_is_read_again(hall: Hall) -> None:
    transmission, _ = hall.take(cuscar("1"))
    with pytest.raises(HubError, match="not a transmission that failed"):
        again(hall, transmission)
    assert hall.transmission(transmission)["state"] == "accepted"


def test_the_story_is_found_by_every_name_that_it_has(hall: Hall) -> None:
    transmission, planned = hall.take(paxlst("1"))
    hall.seal(hall.write(planned))
    (case,) = hall.cases()
    (message,) = [row["id"] for row in planned if row["partner"] == "border"]
    with hall.database.read() as connection:
        stories = [tell(connection, word) for word in (case["id"], case["reference"], transmission, message)]
        assert tell(connection, "nobody") is None
        assert tell(connection, "") is None
    assert {story.subject for story in stories if story} == {case["id"]}
    kinds = [entry.kind for entry in stories[0].entries] if stories[0] else []
    assert kinds[:3] == ["received", "leg.joined", "decided"]
    assert kinds.count("case.opened") == 1
    assert kinds.count("sealed") == 5
    assert {lane["name"] for lane in stories[0].lanes} == {"border", "customs", "quarantine"}


def test_control_numbers_and_file_names_lead_to_the_story(hall: Hall) -> None:
    transmission, _ = hall.take(paxlst("1", "THEIRS"))
    (case,) = hall.cases()
    ours = hall.keys()["border"]
    name = hall.transmission(transmission)["name"]
    hall.later(1)
    again, _ = hall.take(paxlst("2", "THEIRS"))
    with hall.database.read() as connection:
        first, second, third = (tell(connection, word) for word in (ours, name, "THEIRS"))
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.subject, second.subject, third.subject) == (case["id"], case["id"], again)
    assert third.others == (transmission,)
    assert third.lines()[0] == f"also called so: {transmission}"


def test_a_refused_transmission_has_a_story_of_its_own(hall: Hall) -> None:
    transmission, _ = hall.take(b"nonsense")
    with hall.database.read() as connection:
        story = tell(connection, transmission)
    assert story is not None
    assert (story.subject, story.case) == (transmission, None)
    assert [row["kind"] for row in story.deliveries] == ["report"]
