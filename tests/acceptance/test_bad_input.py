"""Bad input over real SFTP: each ends in a clear finding or a refusal, nothing of it has effect, and the hub lives."""

import io
import random
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hub.sftp import wire
from hub.sftp.client import SftpConnection
from hub.sftp.wire import SftpError
from tests.acceptance.support import (
    Home,
    OpenSsh,
    Row,
    add_partner,
    carrier,
    codes,
    fresh,
    make_home,
    manifest,
    passenger_list,
    recounted,
    segments,
    until,
)

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol">%s]>
<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT9999:1">&j;</Manifest>""" % b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in b"bcdefghij"
)
ENTITY = b"""<?xml version="1.0"?>
<!DOCTYPE Manifest [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT9999:1"><Head>&secret;</Head></Manifest>"""
REMOTE_DTD = b"""<?xml version="1.0"?>
<!DOCTYPE Manifest SYSTEM "http://127.0.0.1:9/evil.dtd">
<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT9999:1"/>"""


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("list.edi", passenger_list())
    return packed.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A hub without twins, and with a rival of the carrier."""
    home = make_home(tmp_path_factory.mktemp("bad") / "home")
    add_partner(home, "seawind", carrier(("SEAWIND", "ZZ")))
    with home.serve():
        yield home


@pytest.fixture(autouse=True)
def lives(home: Home) -> Iterator[None]:
    """After each test a good message passes."""
    yield
    home.still_serves()


def effects(home: Home, transmission: str) -> list[Row]:
    """The cases that a transmission opened."""
    return home.rows('SELECT * FROM messages WHERE "transmission" = ? AND "case" IS NOT NULL', transmission)


def contrl(home: Home, partner: str, name: str) -> list[str]:
    """The segments of the CONTRL about the upload ``name``."""
    return segments(home.awaited(partner, "receipts", name.rpartition(".")[0], ".contrl.edi")[1])


# What is no message at all


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "detect.empty", id="0 bytes"),
        pytest.param(b" \r\n" * 9, "detect.empty", id="blanks only"),
        pytest.param(random.Random(7).randbytes(5_000), "detect.binary", id="random bytes"),
        pytest.param(random.Random(8).randbytes(300_000), "detect.binary", id="random bytes in a blob"),
        pytest.param(bytes(100_000), "detect.binary", id="NULs"),
        pytest.param(archive(), "detect.archive", id="a ZIP"),
        pytest.param(b"%PDF-1.7\n", "detect.binary", id="a PDF"),
        pytest.param(b"Dear sirs, please find attached", "detect.unknown", id="a letter"),
        pytest.param(b'{"a": 1}', "form.not-a-message", id="JSON"),
        pytest.param(b"ISA*00*          *00*", "x12.isa-unreadable", id="X12 that ends in its header"),
        pytest.param(BOMB, "xml.doctype", id="an XML bomb"),
        pytest.param(ENTITY, "xml.doctype", id="an external entity"),
        pytest.param(REMOTE_DTD, "xml.doctype", id="a remote DTD"),
        pytest.param(b"<a>" * 200_000, "xml.too-deep", id="XML nested deeply"),
        pytest.param(b"<a b='", "xml.malformed", id="XML cut off"),
        pytest.param(b"<unknown xmlns='urn:nobody'/>", "xml.unknown-root", id="XML of no schema"),
        pytest.param(b"UNA:+.? '", "edifact.", id="UNA alone"),
        pytest.param(b"UNB+UNOA:3'", "edifact.", id="UNB without parties"),
        pytest.param(b"UNB" + b"+" * 60_000, "edifact.", id="UNB of plus signs"),
        pytest.param(b"UNB+UNOA:3+OCEANAIR:ZZ+HUBCSX:ZZ+1" + b"'" * 400_000, "edifact.", id="terminators only"),
    ],
)
def test_what_is_no_message_is_refused_with_a_finding(home: Home, data: bytes, code: str) -> None:
    name = home.put("oceanair", data, f"{fresh()}.dat")
    row = home.settled("oceanair", name)
    assert row["state"] == "refused"
    findings = home.report("oceanair", name)
    assert any(found.startswith(code) for found in codes(findings)), codes(findings)
    assert not effects(home, row["id"])
    assert "root:" not in str(findings)


def test_100_mb_are_refused_at_the_limit(home: Home, tmp_path: Path, needs: Callable[[str], str]) -> None:
    file = tmp_path / f"{fresh()}.edi"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    done = OpenSsh(needs("sftp"), home, tmp_path)("oceanair", f"put {file} upload/{file.name}")
    assert done.returncode != 0
    assert codes(home.report("oceanair", file.name)) == {"transport.too_large"}
    assert not home.rows("SELECT id FROM transmissions WHERE name = ?", file.name)
    assert not list((home.path / "spool" / "tmp").iterdir())


def test_a_large_file_below_the_limit_is_answered(home: Home) -> None:
    body = b"UNH+1+PAXLST:D:02B:UN:IATA'BGM+745'" + b"NAD+FL+++A:B'" * 1_500_000
    data = b"UNB+UNOC:3+OCEANAIR:ZZ+HUBCSX:ZZ+261123:0800+%s'" % fresh().encode() + body
    name = home.put("oceanair", data)
    assert home.settled("oceanair", name)["state"] == "refused"
    assert all(code.startswith("edifact.") for code in codes(home.report("oceanair", name)))


def test_one_byte_more_than_the_inline_limit_goes_to_a_blob(home: Home) -> None:
    """64 KiB and one byte: the payload lies in the blob store, and all is as ever."""
    for size in (65_536, 65_537):
        number = fresh()
        name = home.put("oceanair", sized_list(number, size))
        row = home.settled("oceanair", name)
        assert (row["state"], row["size"]) == ("accepted", size)
        assert (row["payload"] is None) == (size > 65_536)
        blob = home.path / "spool" / "blobs" / row["sha256"][:2] / row["sha256"][2:4] / row["sha256"]
        assert blob.exists() == (size > 65_536)
        assert f"UCI+{number}+OCEANAIR:ZZ+HUBCSX:ZZ+7" in contrl(home, "oceanair", name)
        case = home.case_of(row["id"])
        sealed = "SELECT * FROM deliveries WHERE \"case\" = ? AND kind = 'message' AND sha256 IS NOT NULL"
        until(partial(three, home, sealed, case["id"]), "three messages are not written")
        for sent in home.rows(sealed, case["id"]):
            assert len(home.get(sent["partner"], f"download/{sent['name']}")) == sent["size"]


def three(home: Home, query: str, case: str) -> bool:
    return len(home.rows(query, case)) == 3


def sized_list(number: str, size: int) -> bytes:
    """A valid passenger list of exactly ``size`` bytes."""
    head, first, rest = passenger_list(number).decode().partition("NAD+FL+++LINDQVIST")
    person, mark, others = (first + rest).partition("NAD+FL+++OKAFOR")
    room = size - len(head + others + mark) - 200
    count = room // len(person)
    people = [person] * count
    text = recounted((head + "".join(people) + mark + others).replace("CNT+42:3", f"CNT+42:{count + 2}").encode())
    for n in range(count):
        missing = size - len(text)
        if missing <= 0:
            break
        longer = "LINDQVIST" + "X" * min(missing, 25)
        people[n] = person.replace("LINDQVIST", longer)
        text = recounted((head + "".join(people) + mark + others).replace("CNT+42:3", f"CNT+42:{count + 2}").encode())
    assert len(text) == size
    return text


# Names and connections


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "../upload/../../x",
        "/etc/passwd",
        "a\\..\\b.edi",
        "a\0b.edi",
        "a\nb.edi",
        "x" * 300,
        "..",
        "\u202eidu.edi",
    ],
)
def test_a_hostile_name_is_refused(home: Home, name: str) -> None:
    passwd = Path("/etc/passwd").read_bytes()
    before = home.rows("SELECT count(*) AS n FROM transmissions")
    with home.sftp("oceanair") as session, pytest.raises(SftpError):
        session.write(f"upload/{name}" if not name.startswith("/") else name, passenger_list())
    assert home.rows("SELECT count(*) AS n FROM transmissions") == before
    assert Path("/etc/passwd").read_bytes() == passwd


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE cases; --.edi", "<script>.edi", "$(reboot).edi", "订单 1.edi", "%s%n.edi"]
)
def test_an_odd_name_is_only_a_name(home: Home, name: str) -> None:
    home.put("oceanair", b"nonsense", name)
    assert home.settled("oceanair", name)["state"] == "refused"
    assert codes(home.report("oceanair", name)) == {"detect.unknown"}


def test_a_cut_connection_uploads_nothing(home: Home) -> None:
    name = f"{fresh()}.edi"
    with home.sftp("oceanair") as session:
        begin(session, f"upload/{name}", passenger_list()[:400])
    log = home.hub
    assert log is not None
    until(lambda: f"name={name}" in log.said() and "sftp.upload_cut" in log.said(), "the hub has not seen the cut")
    assert not home.rows("SELECT id FROM transmissions WHERE name = ?", name)
    # The same file sent whole is a first one.
    home.put("oceanair", passenger_list(), name)
    assert home.settled("oceanair", name)["state"] == "accepted"


def test_a_file_that_is_never_renamed_is_told(home: Home) -> None:
    name = f"{fresh()}.edi.tmp"
    with home.sftp("oceanair") as session:
        session.write(f"upload/{name}", passenger_list())
    assert codes(home.report("oceanair", name)) == {"transport.never_renamed"}
    assert not home.rows("SELECT id FROM transmissions WHERE name LIKE ?", f"{name[:8]}%")


def begin(session: SftpConnection, path: str, data: bytes) -> None:
    """Open and write, and leave it at that."""
    flags = wire.uint32(wire.Open.WRITE | wire.Open.CREATE | wire.Open.TRUNCATE)
    handle = session._call(path, wire.Op.OPEN, wire.string(path), flags, wire.Attributes().pack()).string()
    session._write(path, handle, data)


# Who it is from


def test_an_unknown_sender_is_refused(home: Home) -> None:
    name = home.put("oceanair", passenger_list("", "", ("+OCEANAIR:ZZ+", "+NOBODY:ZZ+")))
    refused_interchange(home, "oceanair", name, "walk.sender-unknown", "+4+23+UNB")


def test_another_partners_sender_id_is_refused(home: Home) -> None:
    name = home.put("seawind", passenger_list())
    refused_interchange(home, "seawind", name, "walk.sender-foreign", "+4+23+UNB")
    assert not [one for one in home.listing("oceanair", "receipts") if one.startswith(name[:-4])]


def test_an_interchange_for_somebody_else_is_refused(home: Home) -> None:
    name = home.put("oceanair", passenger_list("", "", ("+HUBCSX:ZZ+", "+ELSEWHERE:ZZ+")))
    refused_interchange(home, "oceanair", name, "walk.recipient-foreign", "+4+7+UNB")


def test_a_sender_with_another_qualifier_is_somebody_else(home: Home) -> None:
    name = home.put("oceanair", passenger_list("", "", ("+OCEANAIR:ZZ+", "+OCEANAIR:1+")))
    refused_interchange(home, "oceanair", name, "walk.sender-unknown", "+4+23+UNB")


def test_an_agency_does_not_submit_what_carriers_submit(home: Home) -> None:
    name = home.put("border", passenger_list("", "", ("+OCEANAIR:ZZ+", "+BORDER:ZZ+")))
    row = home.settled("border", name)
    assert row["state"] == "refused"
    assert codes(home.report("border", name)) == {"walk.role-not-allowed"}
    assert not effects(home, row["id"])


def refused_interchange(home: Home, partner: str, name: str, code: str, verdict: str) -> None:
    row = home.settled(partner, name)
    assert row["state"] == "refused"
    findings = home.report(partner, name)
    assert codes(findings) == {code}
    assert findings[0]["place"]["tag"] == "UNB"
    assert not effects(home, row["id"])
    (uci,) = [one for one in contrl(home, partner, name) if one.startswith("UCI")]
    assert uci.endswith(verdict) or f"{verdict}+" in uci, uci


# What came before


def test_an_exact_duplicate_has_no_effect(home: Home) -> None:
    data = passenger_list()
    first = home.settled("oceanair", home.put("oceanair", data))
    name = home.put("oceanair", data)
    row = home.settled("oceanair", name)
    assert (row["state"], row["duplicate_of"]) == ("duplicate", first["id"])
    assert codes(home.report("oceanair", name)) == {"walk.duplicate"}
    assert not effects(home, row["id"])
    (uci,) = [one for one in contrl(home, "oceanair", name) if one.startswith("UCI")]
    assert "+4+26" in uci
    # Sent again under the very name of the first one, as a client does that got no answer: the same.
    home.put("oceanair", data, first["name"])
    query = "SELECT state FROM transmissions WHERE name = ? AND state <> 'received' ORDER BY id"
    until(lambda: len(home.rows(query, first["name"])) == 2, "the third upload is not decided")
    assert [one["state"] for one in home.rows(query, first["name"])] == ["accepted", "duplicate"]
    assert len(home.rows("SELECT id FROM cases WHERE id = ?", home.case_of(first["id"])["id"])) == 1


def test_the_same_bytes_from_another_partner_are_not_its_duplicate(home: Home) -> None:
    """Nobody learns from the answer what somebody else has sent."""
    data = passenger_list()
    home.settled("oceanair", home.put("oceanair", data))
    row = home.settled("seawind", home.put("seawind", data))
    assert row["state"] == "refused"
    assert row["duplicate_of"] is None


def test_a_reused_interchange_reference_is_refused(home: Home) -> None:
    control = fresh()
    assert home.settled("oceanair", home.put("oceanair", passenger_list("", control)))["state"] == "accepted"
    name = home.put("oceanair", manifest("", control))
    refused_interchange(home, "oceanair", name, "walk.interchange-duplicate", "+4+26+UNB")


def test_two_traders_may_use_the_same_references(home: Home) -> None:
    number = fresh()
    assert home.settled("oceanair", home.put("oceanair", passenger_list(number)))["state"] == "accepted"
    other = passenger_list(number, "", ("+OCEANAIR:ZZ+", "+SEAWIND:ZZ+"))
    assert home.settled("seawind", home.put("seawind", other))["state"] == "accepted"


def test_a_reused_document_number_is_refused_for_the_message(home: Home) -> None:
    number = fresh()
    first = home.settled("oceanair", home.put("oceanair", passenger_list(number)))
    name = home.put("oceanair", passenger_list(number, fresh()))
    row = home.settled("oceanair", name)
    assert row["state"] == "refused"
    (finding,) = home.report("oceanair", name)
    assert finding["code"] == "walk.case-exists"
    assert home.case_of(first["id"])["id"] in finding["en"]
    answer = contrl(home, "oceanair", name)
    assert any(re.fullmatch(r"UCM\+1\+PAXLST:D:02B:UN:IATA\+4\+26(\+.*)?", one) for one in answer), answer


def test_one_bad_message_does_not_take_its_neighbour_along(home: Home) -> None:
    good, control = passenger_list().decode(), fresh()
    head, body, tail = re.match(r"(UNB.*?'\n)(UNH.*?UNT[^']*'\n)(UNZ.*)", good, re.DOTALL).groups()  # type: ignore[union-attr]
    second = body.replace("UNH+1+", "UNH+2+").replace("+1'\n", "+2'\n").replace("BGM+745+", "BGM+745+Z")
    second = second.replace("UNT+45+1", "UNT+45+2").replace("DTM+329:840212'", "DTM+329:840212'\nXYZ+1'")
    text = head.replace(tail.split("+")[2].strip("'\n"), control) + body + second + f"UNZ+2+{control}'\n"
    name = home.put("oceanair", text.encode())
    row = home.settled("oceanair", name)
    assert row["state"] == "partly"
    assert len(effects(home, row["id"])) == 1
    answer = contrl(home, "oceanair", name)
    assert f"UCI+{control}+OCEANAIR:ZZ+HUBCSX:ZZ+7" in answer
    assert [one.split("+")[1] for one in answer if one.startswith("UCM")] == ["2"]
    assert all(finding["place"]["segment"] > 0 for finding in home.report("oceanair", name))


def test_the_ledger_holds_after_all_of_it(home: Home) -> None:
    done: subprocess.CompletedProcess[str] = home.run("ledger", "verify")
    assert done.returncode == 0, done.stdout
    assert home.json("status")["transmissions"].get("failed", 0) == 0
