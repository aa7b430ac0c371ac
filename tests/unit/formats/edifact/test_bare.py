"""Messages without an interchange around them, and interactive interchanges."""

import pytest

from hub.formats.edifact.contrl import answerable
from hub.model.message import Envelope
from hub.schema.catalog import Catalog
from hub.schema.model import Kind, Node, Schema

MESSAGE = "UNH+1+PAXLST:D:02B:UN'BGM+745'NAD+MS+++A'TDT+20+OA1'DTM+189:261123:101'UNT+6+1'"
GROUP = f"UNG+PAXLST+A+B+261123:1200+G1+UN+D:02B'{MESSAGE}UNE+1+G1'"


def _codes(reading):
    return [finding.code[8:] for finding in reading.all_findings()]


@pytest.mark.parametrize("una", ["", "UNA:+.? '", "UNA:+.? '\r\n", "\n"])
@pytest.mark.parametrize("body", [MESSAGE, MESSAGE * 2, GROUP])
def test_bare_messages_are_read(read, una, body):
    reading = read((una + body).encode())
    assert [code for code in _codes(reading) if code != "message-duplicate"] == ["header-missing"]
    assert not reading.valid
    (interchange,) = reading.interchanges
    assert interchange.envelope == Envelope()
    assert not answerable(interchange)
    assert all(message.document["BGM"] for message in interchange.messages)


def test_bare_messages_with_a_trailer(read):
    assert _codes(read(f"{MESSAGE}UNZ+1+7'".encode())) == ["header-missing"]
    assert _codes(read(f"{MESSAGE}UNZ+2+7'".encode())) == ["header-missing", "unz-count"]


def test_a_bare_message_behind_an_interchange(read, wrap):
    data = wrap(*MESSAGE.split("'")[1:-2])
    reading = read(data + MESSAGE.encode() + data.replace(b"+7'", b"+8'"))
    assert _codes(reading) == ["header-missing"]
    assert len(reading.interchanges) == 3


def test_words_are_no_bare_messages(read, wrap):
    data = wrap(*MESSAGE.split("'")[1:-2])
    assert _codes(read(b"the UNH and UNG segments, (UNH, UNG) follow:\n" + data)) == ["text-before"]


def test_a_mark_before_each_of_two_files_that_were_joined(read, wrap):
    data = b"\xef\xbb\xbf" + wrap(*MESSAGE.split("'")[1:-2])
    other = data.replace(b"+7'", b"+8'")
    assert _codes(read(data + b"\r\n" + other)) == ["byte-order-mark", "byte-order-mark"]


def test_an_empty_file_with_a_mark(read):
    assert _codes(read(b"\xef\xbb\xbf")) == ["byte-order-mark", "no-interchange"]


class Interactive(Catalog):
    """The catalogue, with one interactive message type."""

    def get(self, id):
        if id != "edifact:D.02B:SKDREQ":
            return super().get(id)
        from hub.schema import edifact

        root = self.root / "edifact"
        children = (edifact.segment(root, "S4", "UIH"), edifact.segment(root, "D.02B", "BGM"))
        return Schema(id, Node("SKDREQ", "SKDREQ", Kind.MESSAGE, children=children), {})


HEAD = "UIB+UNOA:4+DLG1:INIT+TR7+++AIRLINE:ZZ+AGENT:ZZ+20261123:1200++1'"
BODY = "UIH+SKDREQ:D:02B::UN:IATA+R1+DLG1'BGM+745'UIT+R1+3'"


@pytest.fixture
def dialogue(root):
    from hub.formats.edifact.reader import read as read_bytes

    catalog = Interactive(root / "schemas")
    return lambda text: read_bytes(text.encode(), catalog)


def test_an_interactive_interchange(dialogue):
    reading = dialogue(f"{HEAD}{BODY}UIZ+DLG1+1'")
    assert reading.all_findings() == ()
    (interchange,) = reading.interchanges
    assert interchange.envelope == Envelope(
        sender="AIRLINE",
        sender_qualifier="ZZ",
        recipient="AGENT",
        recipient_qualifier="ZZ",
        control_ref="DLG1",
        prepared_at="202611231200",
        test=True,
        syntax_id="UNOA",
        syntax_version="4",
        interactive=True,
        rest=(("S302/0303", "INIT"), ("S303/0306", "TR7")),
    )
    (message,) = interchange.messages
    assert (message.type, message.ref, message.agency, message.association, message.segments) == (
        "edifact:D.02B:SKDREQ",
        "R1",
        "UN",
        "IATA",
        3,
    )
    assert message.document["BGM"] == {"C002": {"1001": "745"}}
    assert not answerable(interchange)


def test_a_separator_set_of_its_own(dialogue):
    text = f"{HEAD}{BODY}UIZ+DLG1+1'".translate(str.maketrans(":+'", "=*~"))
    assert dialogue("UNA=*.?^~" + text).all_findings() == ()


def test_status_between_messages(dialogue):
    reading = dialogue(f"{HEAD}{BODY}UIR+1+5:TOO LATE+DLG1++R1'UIZ+DLG1+1'")
    assert reading.all_findings() == ()
    status = reading.interchanges[0].messages[1]
    assert (status.type, status.ref) == ("edifact:S4:UIR", "R1")
    assert status.document["UIR"]["S307"] == [{"0333": "5", "0332": "TOO LATE"}]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"{HEAD}{BODY}", ["uiz-missing"]),
        (f"{HEAD}{BODY}UIZ+DLG2+2'", ["uiz-count", "uiz-ref"]),
        (f"{HEAD}{BODY.replace('UIT+R1+3', 'UIT+R2+5')}UIZ+DLG1+1'", ["uit-count", "uit-ref"]),
        (f"{HEAD}UIH+SKDREQ:D:02B+R1'BGM+745'UIZ'", ["uit-missing"]),
        (f"{HEAD}UIZ+DLG1'", ["interchange-empty"]),
        (f"{HEAD}{BODY.replace('SKDREQ', 'NOBODY')}UIZ+DLG1+1'", ["message-unknown"]),
        (BODY, ["header-missing"]),
        (f"{HEAD}XXX+1'{BODY}UIZ+DLG1+1'", ["segment-outside"]),
    ],
)
def test_interactive_faults(dialogue, text, codes):
    assert _codes(dialogue(text)) == codes


def test_batch_and_interactive_in_one_file(dialogue, wrap):
    batch = wrap(*MESSAGE.split("'")[1:-2]).decode()
    other = batch.replace("+7'", "+8'")
    reading = dialogue(f"{batch}\n{HEAD}{BODY}UIZ+DLG1+1'\n{other}")
    assert reading.valid
    assert [one.envelope.interactive for one in reading.interchanges] == [False, True, False]
