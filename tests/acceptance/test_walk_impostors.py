"""Who claims to be somebody else: wrong signatures, answers about the lanes of others, the mailboxes of others.

None of it moves anything, each gets a clear finding or a refusal, and the hub lives.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.clock import now
from hub.errors import SignatureInvalid
from hub.security import cms, xmldsig
from hub.security.keys import load_signer, make_signer
from hub.security.signer import Signer
from hub.sftp.wire import SftpError
from tests.acceptance.support import Home, OpenSsh, add_partner, carrier, codes, fresh, make_home, passenger_list


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A hub without twins, and with a rival of the carrier."""
    home = make_home(tmp_path_factory.mktemp("impostors") / "home")
    add_partner(home, "seawind", carrier(("SEAWIND", "ZZ")))
    with home.serve():
        yield home


@pytest.fixture(autouse=True)
def lives(home: Home) -> Iterator[None]:
    """After each test a good message passes."""
    yield
    home.still_serves()


@pytest.fixture(scope="module")
def asked(home: Home) -> dict[str, str]:
    """A passenger list that waits for its answers: lane → the key that its agency must name."""
    row = home.settled("oceanair", home.put("oceanair", passenger_list()))
    case = home.case_of(row["id"])
    query = 'SELECT l.name, c.key FROM correlations c JOIN lanes l ON l.id = c.lane WHERE l."case" = ?'
    found = {one["name"]: str(one["key"]) for one in home.rows(query, case["id"])}
    return found | {"case": case["id"]}


def persons(key: str) -> bytes:
    """A customs' answer to a passenger list, unsigned."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<PassengerListResponse xmlns="urn:hub:passengers:1"><Head><MessageID>C-{fresh()}</MessageID>
<FunctionCode>11</FunctionCode><SenderID>CUSTOMS</SenderID><ReceiverID>X</ReceiverID>
<SendTime>20261123160000000</SendTime><Version>1.0</Version></Head>
<Response><ReferenceID>{key}</ReferenceID><StatusCode>100</StatusCode><ReasonCode>P1</ReasonCode></Response>
</PassengerListResponse>""".encode()


def health(key: str) -> bytes:
    """A quarantine's answer to a passenger list, unsigned."""
    header = "message_id,trip,number,document_number,status,reason,text"
    return f"\ufeff{header}\r\n{key},OA0886,0,,100,H1,{fresh()}\r\n".encode()


def own_key(home: Home, agency: str) -> Signer:
    return load_signer(home.path / "twins" / agency / "sign_ec.pem")


def test_an_answer_with_a_wrong_signature_moves_nothing(home: Home, asked: dict[str, str], tmp_path: Path) -> None:
    stranger = make_signer(tmp_path / "stranger.pem", "customs", now())
    plain = persons(asked["customs"])
    signed = xmldsig.sign(plain, own_key(home, "customs"))
    altered = signed.replace(b"<StatusCode>100<", b"<StatusCode>800<")
    with pytest.raises(SignatureInvalid):
        xmldsig.verify(altered, own_key(home, "customs").certificate)
    wrapped = b"<Wrapper>" + signed.partition(b"?>")[2] + b"</Wrapper>"
    attempts = {
        "unsigned": plain,
        "by somebody else": xmldsig.sign(plain, stranger),
        "by another agency": xmldsig.sign(plain, own_key(home, "quarantine")),
        "altered": altered,
        "wrapped": wrapped,
    }
    for what, data in attempts.items():
        name = home.put("customs", data, f"{fresh()} {what}.xml")
        assert home.settled("customs", name)["state"] == "refused", what
        assert codes(home.report("customs", name)) == {"walk.signature-invalid"}, what
    for what, data in {
        "no CMS": health(asked["quarantine"]),
        "stranger": cms.sign_attached(health(asked["quarantine"]), stranger),
        "detached": cms.sign(health(asked["quarantine"]), own_key(home, "quarantine")),
    }.items():
        name = home.put("quarantine", data, f"{fresh()} {what}.p7m")
        assert home.settled("quarantine", name)["state"] == "refused", what
        assert codes(home.report("quarantine", name)) == {"walk.signature-invalid"}, what
    assert {lane["state"] for lane in home.lanes(asked["case"]).values()} == {"sent"}


def test_an_agency_answers_only_its_own_lanes(home: Home, asked: dict[str, str]) -> None:
    """Well signed, and about a lane of somebody else: it is refused, a person is told, and no lane moves."""
    for other in ("border", "quarantine"):
        answer = xmldsig.sign(persons(asked[other]), own_key(home, "customs"))
        unmatched(home, "customs", answer, asked[other])
    unmatched(
        home, "quarantine", cms.sign_attached(health(asked["customs"]), own_key(home, "quarantine")), asked["customs"]
    )
    unmatched(home, "customs", xmldsig.sign(persons("DL-NOBODY"), own_key(home, "customs")), "DL-NOBODY")
    assert {lane["state"] for lane in home.lanes(asked["case"]).values()} == {"sent"}
    assert not home.rows('SELECT r.id FROM receipts r JOIN lanes l ON l.id = r.lane WHERE l."case" = ?', asked["case"])


def unmatched(home: Home, agency: str, data: bytes, key: str) -> None:
    name = home.put(agency, data, f"{fresh()}.dat")
    row = home.settled(agency, name)
    assert row["state"] == "refused"
    (finding,) = home.report(agency, name)
    assert finding["code"] == "walk.answer-unmatched"
    assert key in finding["en"]
    (work,) = home.rows("SELECT * FROM work WHERE subject = ?", row["id"])
    assert work["owner"] == "duty-officer"
    assert agency in work["reason"]


def test_a_trader_cannot_answer_for_an_agency(home: Home, asked: dict[str, str]) -> None:
    answer = xmldsig.sign(persons(asked["customs"]), own_key(home, "customs"))  # as if it had stolen the answer
    name = home.put("oceanair", answer)
    assert home.settled("oceanair", name)["state"] == "refused"
    assert codes(home.report("oceanair", name)) == {"walk.no-service"}
    assert {lane["state"] for lane in home.lanes(asked["case"]).values()} == {"sent"}


def test_a_false_contrl_moves_only_the_lane_of_its_sender(home: Home, asked: dict[str, str]) -> None:
    """A carrier's CONTRL that names a control number of border inspection's lane."""
    control = asked["border"]
    body = f"UNH+1+CONTRL:D:3:UN'UCI+{control}+HUBCSX:ZZ+BORDER:ZZ+4+23'UNT+3+1'"
    reference = fresh()
    text = f"UNB+UNOC:3+OCEANAIR:ZZ+HUBCSX:ZZ+261123:1600+{reference}'{body}UNZ+1+{reference}'"
    row = home.settled("oceanair", home.put("oceanair", text.encode()))
    assert row["state"] in ("accepted", "refused")
    assert {lane["state"] for lane in home.lanes(asked["case"]).values()} == {"sent"}


# Mailboxes


def test_a_partner_sees_its_own_mailbox_only(home: Home, asked: dict[str, str]) -> None:
    theirs = home.listing("customs", "download")
    assert theirs
    with home.sftp("seawind") as session:
        assert session.listdir("download") == []
        for path in (
            f"download/{theirs[0]}",
            f"/download/{theirs[0]}",
            f"../customs/download/{theirs[0]}",
            f"/customs/download/{theirs[0]}",
            f"download/../../customs/download/{theirs[0]}",
            "../../../etc/passwd",
        ):
            assert session.stat(path) is None
            with pytest.raises(SftpError):
                session.get(path)
            with pytest.raises(SftpError):
                session.remove(path)
    assert home.listing("customs", "download") == theirs


def test_a_key_opens_no_other_account(home: Home, tmp_path: Path, needs: Callable[[str], str]) -> None:
    openssh = OpenSsh(needs("sftp"), home, tmp_path)
    key = home.path / "twins" / "seawind" / "ssh_ed25519"
    true = home.path / "twins" / "oceanair" / "ssh_ed25519"
    kept = tmp_path / "kept"
    shutil.copy(true, kept)
    shutil.copy(key, true)
    try:
        done = openssh("oceanair", "ls receipts")
    finally:
        shutil.copy(kept, true)
    assert done.returncode != 0
    assert "Permission denied" in done.stderr


def test_the_ledger_holds_after_all_of_it(home: Home) -> None:
    done = home.run("ledger", "verify")
    assert done.returncode == 0, done.stdout
