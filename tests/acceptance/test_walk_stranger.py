"""A stranger walks the whole way with stock programs: OpenSSH, openssl, xmlsec1, xmllint, sqlite3 — none of them ours.

The carrier uploads and fetches with ``sftp -b``; the agencies fetch with ``sftp -b``, verify with openssl and xmlsec1,
and answer with text that is written here, or with a spreadsheet, signed by openssl and xmlsec1. No twin runs.
"""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.support import (
    PATIENCE,
    ROOT,
    Home,
    OpenSsh,
    fresh,
    make_home,
    manifest,
    passenger_list,
    segments,
    until,
)

Needs = Callable[[str], str]
SCRIPT = Path(__file__).with_name("independent_root.py")
XSD = ROOT / "schemas" / "xsd"


def call(*words: object, **options: object) -> "subprocess.CompletedProcess[bytes]":
    """A stock program, to its end."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*map(str, words)], capture_output=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL, **options
    )


@dataclass
class Stranger:
    """A folder to work in, with what was fetched into it so far, and the number under which all was sent."""

    home: Home
    folder: Path
    sftp: OpenSsh
    number: str

    def fetch(self, user: str, box: str, *patterns: str) -> None:
        """Wait until a file for each of the patterns lies in the mailbox folder, and get all that lies there."""
        inbox = self.folder / user / box
        inbox.mkdir(parents=True, exist_ok=True)

        def look() -> list[str] | None:
            answer = self.sftp(user, f"ls -1 {box}")
            assert answer.returncode == 0, answer.stderr
            lines = [line.strip() for line in answer.stdout.splitlines() if not line.startswith("sftp>")]
            return lines if all(any(re.search(one, line) for line in lines) for one in patterns) else None

        until(look, f"{user} finds no {patterns} in {box}/")
        answer = self.sftp(user, f"get {box}/* {inbox}/")
        assert answer.returncode == 0, answer.stderr

    def got(self, user: str, box: str, pattern: str) -> Path:
        """The one fetched file whose name or content matches the pattern."""
        files = sorted((self.folder / user / box).iterdir())
        found = [file for file in files if re.search(pattern, f"{file.name}\n{file.read_text('utf-8', 'replace')}")]
        assert len(found) == 1, (pattern, [file.name for file in files])
        return found[0]


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, needs: Needs) -> Iterator[Stranger]:
    for program in ("sftp", "openssl", "xmlsec1", "xmllint", "sqlite3"):
        needs(program)
    home = make_home(tmp_path_factory.mktemp("stranger") / "home")
    folder = tmp_path_factory.mktemp("desk")
    with home.serve():
        yield Stranger(home, folder, OpenSsh(needs("sftp"), home, folder), fresh())


def test_the_carrier_uploads_and_fetches_its_receipts(stranger: Stranger) -> None:
    number = stranger.number
    (stranger.folder / "list.edi").write_bytes(passenger_list(number, f"{number}P"))
    (stranger.folder / "cargo.edi").write_bytes(manifest(number, f"{number}M"))
    answer = stranger.sftp("oceanair", "put list.edi upload/", "put cargo.edi upload/", "ls -1 upload")
    assert answer.returncode == 0, answer.stderr
    assert {"upload/list.edi", "upload/cargo.edi"} <= set(answer.stdout.split())
    stranger.fetch("oceanair", "receipts", r"^receipts/list\..*contrl", r"^receipts/cargo\..*contrl")
    for stem, control in (("list", f"{number}P"), ("cargo", f"{number}M")):
        contrl = segments(stranger.got("oceanair", "receipts", rf"^{stem}\.").read_bytes())
        assert f"UCI+{control}+OCEANAIR:ZZ+HUBCSX:ZZ+7" in contrl
        assert not any(segment.startswith(("UCM", "UCS", "UCD", "UCF")) for segment in contrl)
    assert stranger.home.listing("oceanair", "rejected") == []


def test_the_agencies_fetch_what_the_hub_made(stranger: Stranger) -> None:
    stranger.fetch("customs", "download", r"\.xml$")
    stranger.fetch("quarantine", "download", r"\.csv$", r"\.csv\.p7s$")
    stranger.fetch("border", "download", r"\.edi$")
    # OpenSSH's `*` took whatever was there at that moment; both services must be through.
    until(lambda: len(stranger.home.listing("customs", "download")) == 2, "customs has not got both messages")
    stranger.fetch("customs", "download", r"\.xml$")
    assert stranger.got("customs", "download", "<PassengerList ")
    assert stranger.got("customs", "download", "<MessageType>MT1401<")


def test_border_inspection_has_the_carriers_own_segments(stranger: Stranger) -> None:
    sent = segments((stranger.folder / "list.edi").read_bytes())
    relayed = segments(stranger.got("border", "download", r"\.edi\n").read_bytes())
    first, last = sent.index(next(one for one in sent if one.startswith("BGM"))), len(sent) - 2
    own = relayed.index(sent[first])
    assert relayed[own : own + last - first] == sent[first:last]
    (unb,) = [one for one in relayed if one.startswith("UNB")]
    assert "+HUBCSX:ZZ+BORDER:ZZ+" in unb
    assert stranger.number + "P" not in unb


def test_openssl_accepts_the_cms_signature(stranger: Stranger, needs: Needs) -> None:
    data = stranger.got("quarantine", "download", r"^DL-\w+\.csv\n")
    words = ["cms", "-verify", "-binary", "-inform", "DER", "-in", f"{data}.p7s", "-content", data]
    words += ["-CAfile", stranger.home.path / "public" / "sign_ec.crt"]
    done = call(needs("openssl"), *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout == data.read_bytes()
    assert b"LINDQVIST,ASTRID MARIA" in done.stdout
    altered = stranger.folder / "altered.csv"
    altered.write_bytes(data.read_bytes().replace(b"LINDQVIST", b"LINDQUIST"))
    words[words.index(data)] = altered
    assert call(needs("openssl"), *words).returncode != 0


@pytest.mark.parametrize("mark", ["<PassengerList ", "<MessageType>MT1401<"])
def test_xmlsec1_accepts_the_xml_signature(stranger: Stranger, needs: Needs, mark: str) -> None:
    file = stranger.got("customs", "download", mark)
    certificate = stranger.home.path / "public" / "sign_ec.crt"
    done = call(needs("xmlsec1"), "--verify", "--trusted-pem", certificate, file)
    assert done.returncode == 0, done.stderr
    altered = stranger.folder / "altered.xml"
    altered.write_bytes(file.read_bytes().replace(b"<SenderID>", b"<SenderID>X"))
    assert call(needs("xmlsec1"), "--verify", "--trusted-pem", certificate, altered).returncode != 0


@pytest.mark.parametrize(
    ("mark", "schema"),
    [("<PassengerList ", "passengers/PassengerList.xsd"), ("<MessageType>MT1401<", "manifest/MT1401.xsd")],
)
def test_xmllint_accepts_the_xml(stranger: Stranger, needs: Needs, mark: str, schema: str) -> None:
    file = stranger.got("customs", "download", mark)
    done = call(needs("xmllint"), "--nonet", "--noout", "--schema", XSD / schema, file)
    assert done.returncode == 0, done.stderr
    broken = stranger.folder / "broken.xml"
    broken.write_bytes(file.read_bytes().replace(b"<SenderID>", b"<Nonsense/><SenderID>"))
    assert call(needs("xmllint"), "--nonet", "--noout", "--schema", XSD / schema, broken).returncode != 0


TEMPLATE = """
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
    <SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
      <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>
      <Reference URI="">
        <Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>
        <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
        <DigestValue/>
      </Reference>
    </SignedInfo>
    <SignatureValue/>
    <KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo>
  </Signature>"""

HEAD = """<Head>
    <MessageID>CUS-{n}</MessageID><FunctionCode>11</FunctionCode>{type}
    <SenderID>CUSTOMS</SenderID><ReceiverID>4900OCEANAIR</ReceiverID>
    <SendTime>20261123160000000</SendTime><Version>1.0</Version>
  </Head>"""

PERSONS = """<?xml version="1.0" encoding="UTF-8"?>
<PassengerListResponse xmlns="urn:hub:passengers:1">
  {head}
  <Response><ReferenceID>{asked}</ReferenceID><StatusCode>800</StatusCode></Response>{signature}
</PassengerListResponse>
"""

CARGO = """<?xml version="1.0" encoding="UTF-8"?>
<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT9999:1">
  {head}
  <Response>
    <ID>{asked}</ID>
    <AdditionalInformation><StatementCode>03</StatementCode></AdditionalInformation>
    <Consignment>
      <AdditionalInformation><StatementCode>03</StatementCode></AdditionalInformation>
      <ResponseType><Code>4001</Code><Text>货物描述过于笼统</Text></ResponseType>
      <TransportContractDocument><ID>OABL26110001</ID></TransportContractDocument>
    </Consignment>
  </Response>{signature}
</Manifest>
"""


def signed_by_xmlsec1(stranger: Stranger, needs: Needs, name: str, text: str) -> Path:
    plain, out = stranger.folder / f"plain-{name}", stranger.folder / name
    plain.write_text(text, "utf-8")
    own = stranger.home.path / "twins" / "customs" / "sign_ec.pem"
    public = stranger.home.path / "partners" / "customs" / "keys" / "sign_ec.crt"
    done = call(needs("xmlsec1"), "--sign", "--privkey-pem", f"{own},{public}", "--output", out, plain)
    assert done.returncode == 0, done.stderr
    return out


def test_customs_answers_with_xmlsec1(stranger: Stranger, needs: Needs) -> None:
    answers: list[Path] = []
    for mark, form, type_ in (("<PassengerList ", PERSONS, ""), ("<MessageType>MT1401<", CARGO, "MT9999")):
        asked = re.search(r"<MessageID>([^<]+)<", stranger.got("customs", "download", mark).read_text("utf-8"))
        assert asked is not None
        given = f"<MessageType>{type_}</MessageType>" if type_ else ""
        head = HEAD.format(n=len(answers), type=given)
        text = form.format(head=head, asked=asked[1], signature=TEMPLATE)
        answers.append(signed_by_xmlsec1(stranger, needs, f"answer{len(answers)}.xml", text))
    done = stranger.sftp("customs", *(f"put {file} upload/" for file in answers))
    assert done.returncode == 0, done.stderr
    for file in answers:
        assert stranger.home.settled("customs", file.name)["state"] == "accepted"


def workbook(*rows: list[Any]) -> bytes:
    """A workbook, as a spreadsheet program writes it."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_quarantine_answers_with_a_spreadsheet_and_openssl(stranger: Stranger, needs: Needs) -> None:
    asked = stranger.got("quarantine", "download", r"^DL-\w+\.csv\n").name.removesuffix(".csv")
    plain, out = stranger.folder / "plain.xlsx", stranger.folder / "health.xlsx.p7m"
    header = ["message_id", "trip", "number", "document_number", "status", "reason", "text"]
    plain.write_bytes(workbook(header, [asked, "OA0886", 0, None, 800, None, None]))
    own = stranger.home.path / "twins" / "quarantine" / "sign_ec.pem"
    public = stranger.home.path / "partners" / "quarantine" / "keys" / "sign_ec.crt"
    words = ["-sign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256", "-in", plain, "-out", out]
    done = call(needs("openssl"), "cms", *words, "-signer", public, "-inkey", own)
    assert done.returncode == 0, done.stderr
    assert stranger.sftp("quarantine", f"put {out} upload/").returncode == 0
    assert stranger.home.settled("quarantine", out.name)["state"] == "accepted"


def test_border_inspection_answers_with_a_text_editor(stranger: Stranger) -> None:
    relayed = segments(stranger.got("border", "download", r"\.edi\n").read_bytes())
    unb = next(one for one in relayed if one.startswith("UNB")).split("+")
    control, n = unb[5], stranger.number
    contrl = f"UNH+1+CONTRL:D:3:UN'UCI+{control}+HUBCSX:ZZ+BORDER:ZZ+7'UNT+3+1'"
    cusres = (
        f"UNH+1+CUSRES:D:16B:UN'BGM+962+{n}+11+AP'DTM+137:20261123160000:204'RFF+ACW:{n}'RFF+AGO:{control}'UNT+6+1'"
    )
    for name, body in (("contrl", contrl), ("cusres", cusres)):
        reference = f"{n}{name[-1]}"
        text = f"UNB+UNOC:3+BORDER:ZZ+HUBCSX:ZZ+261123:1600+{reference}'{body}UNZ+1+{reference}'"
        (stranger.folder / f"{name}.edi").write_text(text, "ascii")
        assert stranger.sftp("border", f"put {name}.edi upload/").returncode == 0
        assert stranger.home.settled("border", f"{name}.edi")["state"] == "accepted"


def test_the_carrier_fetches_the_answers(stranger: Stranger) -> None:
    query = "SELECT id, service, state FROM cases ORDER BY service"
    until(lambda: all(row["state"] != "open" for row in stranger.home.rows(query)), "a case is still open")
    states = {row["service"]: (row["id"], row["state"]) for row in stranger.home.rows(query)}
    assert {service: state for service, (_, state) in states.items()} == {
        "manifest": "refused",
        "passengers": "accepted",
    }
    stems = {service: case for service, (case, _) in states.items()}
    stranger.fetch("oceanair", "receipts", *(rf"{case}.*cusres" for case in stems.values()))
    accepted = stranger.got("oceanair", "receipts", rf"^{stems['passengers']}").read_text("utf-8")
    refused = stranger.got("oceanair", "receipts", rf"^{stems['manifest']}").read_text("utf-8")
    assert re.search(r"BGM\+962\+[^+]+\+11\+AP'", accepted)
    assert re.search(r"BGM\+963\+[^+]+\+11\+RE'", refused)
    assert "ERC+4001" in refused
    assert "货物描述" in refused
    assert re.search("The .*description", refused), "the refusal is not explained in English"


def test_sqlite3_opens_the_ledger_and_the_root_is_recomputed(stranger: Stranger, needs: Needs) -> None:
    database = stranger.home.path / "spool" / "hub.db"

    def signed_to_the_end() -> bool:
        query = "SELECT (SELECT count(*) FROM entries) - (SELECT max(size) FROM checkpoints) AS unsigned"
        return bool(stranger.home.rows(query)[0]["unsigned"] == 0)

    until(signed_to_the_end, "the ledger is not signed to its end")
    done = call(needs("sqlite3"), "-readonly", database, "SELECT count(*) FROM entries; PRAGMA integrity_check;")
    assert done.returncode == 0, done.stderr
    count, integrity = done.stdout.decode().split()
    assert int(count) > 20
    assert integrity == "ok"
    done = call(sys.executable, "-I", SCRIPT, database)
    assert done.returncode == 0, done.stderr
    assert f"hub.example/ledger: {count} entries" in done.stdout.decode()


def test_a_receipt_verifies_anywhere(stranger: Stranger, tmp_path: Path) -> None:
    (case,) = stranger.home.rows("SELECT id FROM cases WHERE service = 'manifest'")
    file = tmp_path / "receipt.json"
    done = stranger.home.run("receipt", "export", case["id"], "--out", file, "--payloads")
    assert done.returncode == 0, done.stderr
    key = (stranger.home.path / "public" / "ledger.vkey").read_text("ascii").strip()
    elsewhere: Any = {"home": False, "cwd": Path("/")}  # no home, no hub.toml in sight
    payload = stranger.folder / "cargo.edi"
    done = stranger.home.run("receipt", "verify", file, "--key", key, "--payload", payload, **elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "holds  tree of" in done.stdout
    # A file that it does not vouch for and any alteration are noticed.
    other = stranger.folder / "list.edi"
    assert stranger.home.run("receipt", "verify", file, "--payload", other, **elsewhere).returncode == 1
    text = file.read_text("utf-8")
    for old, new in (("refused", "accepted"), ("oceanair", "oceanais"), ("sealed", "sealex")):
        assert old in text, old
        (tmp_path / "altered.json").write_text(text.replace(old, new, 1), "utf-8")
        done = stranger.home.run("receipt", "verify", tmp_path / "altered.json", **elsewhere)
        assert done.returncode == 1, (old, done.stdout)
        assert "does not hold" in done.stdout


def test_the_trace_tells_the_whole_story(stranger: Stranger) -> None:
    (case,) = stranger.home.rows("SELECT id, reference FROM cases WHERE service = 'passengers'")
    kinds = {"received", "decided", "case.opened", "sealed", "fetched", "lane.moved", "case.moved"}
    assert kinds <= stranger.home.story(case["reference"])
    done = stranger.home.run("trace", case["reference"])
    assert done.returncode == 0, done.stderr
    assert case["id"] in done.stdout
    timed = [line for line in done.stdout.splitlines() if re.match(r"(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3} ", line)]
    assert len(timed) >= 15
