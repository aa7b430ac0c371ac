"""WRITE: the same bytes whether READ's work is at hand or done again; relayed messages come from where they lie."""

import pytest

from hub.engine import read as reading
from hub.engine import write as writing
from hub.engine.values import WriteJob
from hub.formats.read import read as read_bytes
from tests.unit.engine.hall import Hall, paxlst, several

GROUPED = (b"UNG+PAXLST+OCEANAIR:ZZ+HUBCSX:ZZ+261123:0800+G1+UN+D:02B'\n", b"UNE+1+G1'\n")


def grouped(number: str) -> bytes:
    unb, rest = paxlst(number).replace(b"++PAXLST", b"").split(b"'\n", 1)
    body, unz = rest.rsplit(b"UNZ", 1)
    return unb + b"'\n" + GROUPED[0] + body + GROUPED[1] + b"UNZ" + unz


FILES = {
    "one message": paxlst("1"),
    "several messages": several("MANY", paxlst("1"), paxlst("2"), paxlst("3")),
    "two interchanges, one with UNA": paxlst("1") + b"\r\n" + b"UNA:+.? '" + several("MANY", paxlst("2"), paxlst("3")),
    "a sender called UNH": paxlst("1", reference="BGM+745+UNH-UNB'"),
    "a group": grouped("1"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_message_is_relayed_whole_and_alone(hall: Hall, name: str) -> None:
    job = hall.arrive(FILES[name])
    read = reading.read(job, hall.world)
    messages = [message for interchange in read.interchanges for message in interchange.messages]
    (planned,) = hall.decide(read)
    relays = [row for row in planned if row["plan"]["do"] == "relay"]
    assert len(relays) == len(messages), [message.findings for message in messages]
    for row in relays:
        ordinal = row["plan"]["ordinal"]
        packed = WriteJob(row["id"], "border", row["plan"], job, messages[ordinal].packed)
        (written,) = writing.write(packed, hall.world)
        hall.world.at_hand.clear()
        assert writing.write(packed._replace(packed=b""), hall.world) == [written]
        (interchange,) = read_bytes(written.data, hall.world.catalog).interchanges
        assert (interchange.envelope.sender, interchange.envelope.recipient) == ("HUBCSX", "BORDER")
        (message,) = interchange.messages
        assert interchange.valid
        whole = [one for each in read_bytes(FILES[name], hall.world.catalog).interchanges for one in each.messages]
        source = whole[ordinal]
        assert written.data[message.start : message.end].strip() == FILES[name][source.start : source.end].strip()


def test_mapped_messages_are_the_same_when_read_again(hall: Hall) -> None:
    job = hall.arrive(several("MANY", paxlst("1"), paxlst("2")))
    read = reading.read(job, hall.world)
    (planned,) = hall.decide(read)
    for row in planned:
        if row["plan"]["do"] == "mapping" and row["partner"] == "quarantine":
            packed = read.interchanges[0].messages[row["plan"]["ordinal"]].packed
            whole = WriteJob(row["id"], row["partner"], row["plan"], job, packed)
            first, again = writing.write(whole, hall.world), writing.write(whole._replace(packed=b""), hall.world)
            assert first[0] == again[0], "the document; its signature differs each time"


def test_the_report_names_the_file_and_every_finding(hall: Hall) -> None:
    transmission, planned = hall.take(b"nonsense")
    (sealing,) = hall.write(planned)
    assert b'"code": "detect.' in sealing.result[0].data
    assert transmission.encode() in sealing.result[0].data
