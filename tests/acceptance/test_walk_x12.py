"""X12 all the way round: a carrier's manifest (309) is identified, judged and acknowledged with 997 or TA1, goes to the
harbour as 309 of another version, and the harbour's 997 and 350 close the case."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.support import ROOT, Home, add_partner, codes, make_home, passenger_list, set_toml, until

PARTNER = """
title = {{ zh = "承运人", en = "Carrier" }}
roles = ["carrier"]

[x12]
ids = [{{ id = "{id}", qualifier = "02" }}]
ack = "{ack}"
{more}

[sftp]
keys = ["keys/ssh_ed25519.pub"]
"""
SERVICE = """
[service]
id        = "ocean"
title     = { zh = "海运舱单", en = "Ocean manifest" }
retention = "manifest"

[legs.report]
types     = ["x12:004010:309"]
from      = ["carrier"]
reference = ["M10/M1007"]

[lanes.harbour]
agency   = "harbour"
title    = { zh = "港口", en = "Harbour" }
leg      = "report"
mappings = ["ocean/to-harbour"]
within   = "30m"
answers  = ["ocean/to-answer", "common/824-to-answer"]

[reply]
mapping = "common/status-to-cusres"
x12     = "common/status-to-824"
"""
TO_HARBOUR = """
[mapping]
id      = "ocean/to-harbour"
from    = "x12:004010:309"
to      = "x12:005010:309"
title   = { zh = "舱单", en = "Manifest" }
version = "1"

[[block]]
rows = [
  { to = "M10/M1001", from = "M10/M1001", required = true },
  { to = "M10/M1002", from = "M10/M1002", required = true },
  { to = "M10/M1003", from = "M10/M1003", required = true },
  { to = "M10/M1005", from = "M10/M1005" },
  { to = "M10/M1006", from = "M10/M1006", required = true },
  { to = "M10/M1009", from = "M10/M1009", required = true },
]

[[block]]
each = "P4_LOOP"
into = "P4_LOOP"
rows = [
  { to = "P4/P401", from = "P4/P401", required = true },
  { to = "P4/P402", from = "P4/P402", required = true },
]

[[block.block]]
each = "LX_LOOP"
into = "LX_LOOP"
rows = [{ to = "LX/LX01", from = "LX/LX01", required = true }]
"""
TO_ANSWER = """
[mapping]
id      = "ocean/to-answer"
from    = "x12:004010:350"
to      = "internal:agency-answer"
title   = { zh = "回执", en = "Answer" }
version = "1"

[[block]]
rows = [
  { to = "key",    from = "M10/M1007", required = true },
  { to = "status", from = "M10/M1009", table = "status" },
]

[tables.status]
"A" = "accepted"
"R" = "refused"
"""
TEXTS = {
    "service": SERVICE,
    "to-harbour": TO_HARBOUR,
    "to-answer": TO_ANSWER,
}
_numbers = iter(range(100, 1000))


def interchange(
    *body: str, sender: str = "SCAC1", control: str = "", kind: str = "309", group: str = "SO", **changes: str
) -> tuple[str, bytes]:
    """One set in its envelope: its control number (nine digits), and the bytes. ``changes``: ISA elements."""
    control = control or f"{next(_numbers):09}"
    head = {5: "02", 6: sender.ljust(15), 7: "ZZ", 8: "HUBCSX".ljust(15), 14: "0", 15: "T"}
    head |= {int(name[3:]): value for name, value in changes.items()}
    fields = [
        "00",
        " " * 10,
        "00",
        " " * 10,
        head[5],
        head[6],
        head[7],
        head[8],
        "261123",
        "1200",
        "U",
        "00401",
        control,
    ]
    isa = "*".join(["ISA", *fields, head[14], head[15], ":"])
    segments = [f"ST*{kind}*0001", *body, f"SE*{len(body) + 2}*0001"]
    around = [isa, f"GS*{group}*{sender}*HUBCSX*20261123*1200*{int(control)}*X*004010", *segments]
    around += [f"GE*1*{int(control)}", f"IEA*1*{control}"]
    return control, "".join(f"{segment}~\n" for segment in around).encode()


def manifest(reference: str, **options: str) -> tuple[str, bytes]:
    """A manifest under the carrier's own number."""
    body = [f"M10*OCEA*O*CN*9123456*STAR*V01*{reference}*1*6*W", "P4*2704*20261201", "LX*1", "LX*2"]
    return interchange(*body, **options)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A hub with an ocean service, carriers that want 997, 999 and TA1, and a harbour that speaks X12."""
    home = make_home(tmp_path_factory.mktemp("x12") / "home")
    shutil.copytree(ROOT / "mappings", home.path / "mappings")
    set_toml(home.path / "hub.toml", {"paths": {"mappings": '"mappings"'}})
    folder = home.path / "mappings" / "ocean"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    add_partner(home, "star", PARTNER.format(id="SCAC1", ack="997", more=""))
    add_partner(home, "moon", PARTNER.format(id="SCAC2", ack="999", more='separators = "|>^!"\nnewline = "crlf"'))
    add_partner(home, "sun", PARTNER.format(id="SCAC3", ack="ta1", more=""))
    add_partner(home, "dark", PARTNER.format(id="SCAC4", ack="none", more=""))
    harbour = PARTNER.format(id="HARBOUR", ack="997", more='usage = "T"').replace('"carrier"', '"port"')
    add_partner(home, "harbour", harbour)
    with home.serve():
        yield home


def said(data: bytes) -> list[str]:
    """The segments of an acknowledgement, without its envelope."""
    segments = [part.strip() for part in data.decode().split("~") if part.strip()]
    return [one for one in segments if not one.startswith(("ISA*", "GS*", "ST*", "SE*", "GE*", "IEA*"))]


def acknowledged(home: Home, partner: str, name: str, kind: str) -> bytes:
    """The acknowledgement of the upload ``name``, waited for."""
    return home.awaited(partner, "receipts", f"{name.removesuffix('.edi')}.", f".{kind}.edi")[1]


def test_an_accepted_manifest_goes_all_the_way(home: Home) -> None:
    control, data = manifest("VOY1")
    name = home.put("star", data)
    row = home.settled("star", name)
    assert row["state"] == "accepted", row["findings"]
    answer = acknowledged(home, "star", name, "997")
    assert said(answer) == [f"AK1*SO*{int(control)}", "AK2*309*0001", "AK5*A", "AK9*A*1*1*1"]
    assert answer.startswith(b"ISA*00*          *00*          *ZZ*HUBCSX         *02*SCAC1          *")
    case = home.case_of(row["id"])
    assert case["reference"] == "VOY1"
    lane = home.lanes(case["id"])["harbour"]
    _, carried = home.awaited("harbour", "download", ".edi")
    text = carried.decode()
    assert "*02*HARBOUR        *" in text
    assert "*^*00501*" in text
    assert "~M10*OCEA*O*CN**STAR*V01***6~P4*2704*20261201~LX*1~LX*2~SE*" in text
    number = text.rpartition("IEA*1*")[2].rstrip("~\n")
    (key,) = home.rows("SELECT key FROM correlations WHERE lane = ?", lane["id"])
    assert key["key"] == number

    report = ["AK1*SO*" + str(int(number)), "AK2*309*0001", "AK5*A", "AK9*A*1*1*1"]
    receipt = home.put("harbour", interchange(*report, sender="HARBOUR", kind="997", group="FA")[1])
    assert home.settled("harbour", receipt)["state"] == "accepted"
    verdict = interchange(f"M10*OCEA*O*CN**STAR*V01*{number}**A", sender="HARBOUR", kind="350")[1]
    answered = home.put("harbour", verdict)
    settled = home.settled("harbour", answered)
    assert settled["state"] == "accepted", settled["findings"]
    query = "SELECT state FROM cases WHERE id = ?"
    until(lambda: home.rows(query, case["id"])[0]["state"] == "accepted", "the case is not accepted")
    stages = home.rows("SELECT stage FROM receipts WHERE lane = ? ORDER BY at, id", lane["id"])
    assert [one["stage"] for one in stages] == ["technical", "business"]
    # What the harbour sent as an answer is acknowledged; its 997 is not.
    assert said(acknowledged(home, "harbour", answered, "997"))[-1] == "AK9*A*1*1*1"
    assert not [
        one for one in home.listing("harbour", "receipts") if one.startswith(receipt.removesuffix(".edi") + ".")
    ]


def test_an_824_refuses_and_an_824_tells_the_trader(home: Home) -> None:
    case = home.case_of(home.settled("star", home.put("star", manifest("VOY-A")[1]))["id"])
    (key,) = home.rows("SELECT key FROM correlations WHERE lane = ?", home.lanes(case["id"])["harbour"]["id"])
    advice = ["BGN*11*ADV1*20261123", f"OTI*TR*TN*{key['key']}", "REF*ZZ**No berth that day"]
    answered = home.put("harbour", interchange(*advice, sender="HARBOUR", kind="824", group="AG")[1])
    assert home.settled("harbour", answered)["state"] == "accepted"
    lane = home.lanes(case["id"])["harbour"]
    assert (lane["state"], lane["code"]) == ("refused", "TR")
    _, answer = home.awaited("star", "receipts", case["id"], ".824.edi")
    told = said(answer)
    assert told[1:4] == ["OTI*TR*TN*VOY-A*******309", "OTI*TR*TN*VOY-A", "REF*ZZ*harbour*No berth that day"]
    assert home.run("check", write(home, answer)).returncode == 0


def write(home: Home, data: bytes) -> Path:
    """A file that a command can look at."""
    path = home.path / "look.edi"
    path.write_bytes(data)
    return path


def test_what_the_harbour_cannot_read_is_refused_with_its_places(home: Home) -> None:
    name = home.put("star", manifest("VOY-R")[1])
    case = home.case_of(home.settled("star", name)["id"])
    (key,) = home.rows("SELECT key FROM correlations WHERE lane = ?", home.lanes(case["id"])["harbour"]["id"])
    faults = ["AK2*309*0001", "AK3*P4*3*P4*8", "AK4*2*373*8*20261301", "AK5*R*5", "AK9*R*1*1*0"]
    report = interchange(f"AK1*SO*{int(key['key'])}", *faults, sender="HARBOUR", kind="997", group="FA")[1]
    assert home.settled("harbour", home.put("harbour", report))["state"] == "accepted"
    lane = home.lanes(case["id"])["harbour"]
    assert (lane["state"], lane["code"]) == ("refused", "8,5")
    for word in ("VOY-R", name, key["key"]):
        assert "  harbour: refused 8,5: 0001/3 P402: 8 20261301" in home.run("trace", word).stdout


def test_a_ta1_refuses_what_it_names(home: Home) -> None:
    name = home.put("star", manifest("VOY-T")[1])
    case = home.case_of(home.settled("star", name)["id"])
    (key,) = home.rows("SELECT key FROM correlations WHERE lane = ?", home.lanes(case["id"])["harbour"]["id"])
    control, data = interchange(sender="HARBOUR")
    isa, _, rest = data.partition(b"~\nGS*")
    iea = b"IEA*0*" + control.encode() + b"~\n"
    receipt = home.put("harbour", isa + f"~\nTA1*{key['key']}*261123*1200*R*022~\n".encode() + iea)
    assert rest
    assert home.settled("harbour", receipt)["state"] == "accepted"
    lane = home.lanes(case["id"])["harbour"]
    assert (lane["state"], lane["code"]) == ("refused", "022")


def test_a_faulty_set_is_rejected_with_its_places(home: Home) -> None:
    control, data = manifest("VOY2")
    name = home.put("star", data.replace(b"P4*2704*20261201", b"P4*2704*20261301"))
    assert home.settled("star", name)["state"] == "refused"
    assert said(acknowledged(home, "star", name, "997")) == [
        f"AK1*SO*{int(control)}",
        "AK2*309*0001",
        "AK3*P4*3*P4*8",
        "AK4*2*373*8*20261301",
        "AK5*R*5",
        "AK9*R*1*1*0",
    ]
    (finding,) = home.report("star", name)
    assert finding["code"] == "x12.date-wrong"
    assert finding["place"]["segment"] == 3
    assert finding["place"]["line"] == 5


def test_a_999_in_the_partners_own_separators(home: Home) -> None:
    name = home.put("moon", manifest("VOY3", sender="SCAC2")[1])
    assert home.settled("moon", name)["state"] == "accepted"
    answer = acknowledged(home, "moon", name, "999")
    assert b"|005010X231A1!\r\nST|999|0001|005010X231A1!\r\n" in answer
    assert b"!\r\nIK5|A!\r\nAK9|A|1|1|1!\r\n" in answer


def test_a_partner_that_wants_ta1_only(home: Home) -> None:
    control, data = manifest("VOY4", sender="SCAC3")
    name = home.put("sun", data)
    assert said(acknowledged(home, "sun", name, "ta1")) == [f"TA1*{control}*261123*1200*A*000"]


def test_a_partner_that_wants_nothing(home: Home) -> None:
    name = home.put("dark", manifest("VOY5", sender="SCAC4")[1])
    assert home.settled("dark", name)["state"] == "accepted"
    assert home.listing("dark", "receipts") == []


@pytest.mark.parametrize(
    ("options", "note", "code"),
    [
        ({"sender": "NOBODY"}, "006", "walk.sender-unknown"),
        ({"sender": "SCAC2"}, "006", "walk.sender-foreign"),
        ({"ISA05": "ZZ"}, "006", "walk.sender-unknown"),
        ({"ISA08": "SOMEBODY".ljust(15)}, "009", "walk.recipient-foreign"),
    ],
)
def test_who_sends_to_whom(home: Home, options: dict[str, str], note: str, code: str) -> None:
    control, data = manifest(f"VOY6{code[-9:]}{note}", **options)
    name = home.put("star", data)
    assert home.settled("star", name)["state"] == "refused"
    assert said(acknowledged(home, "star", name, "ta1")) == [f"TA1*{control}*261123*1200*R*{note}"]
    assert codes(home.report("star", name)) == {code}


def test_an_interchange_number_is_used_once(home: Home) -> None:
    control, data = manifest("VOY7")
    assert home.settled("star", home.put("star", data))["state"] == "accepted"
    again = home.put("star", manifest("VOY8", control=control)[1])
    assert home.settled("star", again)["state"] == "refused"
    assert said(acknowledged(home, "star", again, "ta1")) == [f"TA1*{control}*261123*1200*R*025"]
    same = home.put("star", data)
    assert home.settled("star", same)["state"] == "duplicate"
    assert said(acknowledged(home, "star", same, "ta1")) == [f"TA1*{control}*261123*1200*R*025"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"ST*309", b"ST*204", ["AK2*204*0001", "AK5*R*1"]),
        (b"*X*004010", b"*X*003040", ["AK2*309*0001", "AK5*R*1"]),
        (b"GS*SO", b"GS*RO", ["AK2*309*0001", "AK5*R*6"]),
    ],
)
def test_what_pyx12_has_no_map_for_is_acknowledged(home: Home, old: bytes, new: bytes, found: list[str]) -> None:
    name = home.put("star", manifest("VOY9")[1].replace(old, new))
    assert home.settled("star", name)["state"] == "refused"
    assert said(acknowledged(home, "star", name, "997"))[1:3] == found


def test_a_set_of_a_later_version_without_st03(home: Home) -> None:
    data = manifest("VOY-5", sender="SCAC2")[1].replace(b"*U*00401*", b"*^*00501*").replace(b"*X*004010", b"*X*005010")
    name = home.put("moon", data)
    assert home.settled("moon", name)["state"] == "refused"
    assert b"!\r\nIK5|R|1!\r\nAK9|R|1|1|0!" in acknowledged(home, "moon", name, "999")
    assert codes(home.report("moon", name)) == {"walk.no-service", "x12.convention-missing"}


def test_a_type_that_no_service_takes(home: Home) -> None:
    body = ["BEG*00*SA*PO1**20261123", "PO1*1*10*EA*19.95"]
    name = home.put("star", interchange(*body, kind="850", group="PO")[1])
    assert home.settled("star", name)["state"] == "refused"
    assert said(acknowledged(home, "star", name, "997"))[-2:] == ["AK5*R*1", "AK9*R*1*1*0"]
    assert codes(home.report("star", name)) == {"walk.no-service"}


def test_isa14_asks_for_a_ta1_beside_the_997(home: Home) -> None:
    control, data = manifest("VOY10", ISA14="1")
    name = home.put("star", data)
    assert said(acknowledged(home, "star", name, "997"))[0] == f"TA1*{control}*261123*1200*A*000"


def test_a_stranger_to_x12_hears_why(home: Home) -> None:
    name = home.put("oceanair", manifest("VOY11")[1])
    assert home.settled("oceanair", name)["state"] == "refused"
    assert said(acknowledged(home, "oceanair", name, "ta1"))[0].endswith("*R*006")
    assert codes(home.report("oceanair", name)) == {"walk.sender-foreign"}


def test_a_thousand_sets_are_each_acknowledged(home: Home) -> None:
    sets = []
    for number in range(1, 1001):
        body = [f"M10*OCEA*O*CN*9123456*STAR*V01*MANY-{number}*1*6*W", "P4*2704*20261201", "LX*1"]
        sets += [f"ST*309*{number:04}", *body, f"SE*5*{number:04}"]
    faulty = [one.replace("20261201", "20261301") if 500 <= at < 505 else one for at, one in enumerate(sets)]
    control, data = interchange()
    head, _, rest = data.partition(b"ST*")
    tail = rest[rest.index(b"GE*1*") :].replace(b"GE*1*", b"GE*1000*")
    name = home.put("star", head + "".join(f"{one}~\n" for one in faulty).encode() + tail)
    assert home.settled("star", name)["state"] == "partly"
    told = said(acknowledged(home, "star", name, "997"))
    assert told[0] == f"AK1*SO*{int(control)}"
    assert told.count("AK5*A") == 999
    assert told[-1] == "AK9*P*1000*1000*999"
    assert codes(home.report("star", name)) == {"x12.date-wrong"}


@pytest.mark.parametrize("partner", ["star", "dark", "oceanair"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (manifest("VOY-H")[1][:90], "x12.isa-unreadable"),
        (b"ISA*" + b"\0" * 2000, "x12.isa-unreadable"),
        (manifest("VOY-H")[1][:106], "x12.interchange-empty"),
        (manifest("VOY-H")[1].replace(b"SCAC1          ", b"SCAC1 "), "x12.isa-width"),
        (manifest("VOY-H")[1].replace(b"*00401*", b"*00401*9"), "x12.isa-width"),
        (manifest("VOY-H")[1] + passenger_list(), "detect.mixed"),
    ],
    ids=["cut", "zeros", "header only", "padding lost", "number too long", "mixed"],
)
def test_what_is_broken_is_reported_whoever_sends_it(home: Home, partner: str, data: bytes, code: str) -> None:
    name = home.put(partner, data)
    assert home.settled(partner, name)["state"] in ("refused", "partly", "duplicate")
    assert codes(home.report(partner, name)) & {code, "walk.duplicate"}
    home.still_serves()


def test_everything_is_accounted_for(home: Home) -> None:
    acknowledged(home, "star", home.put("star", manifest("VOY-E")[1]), "997")
    planned = "SELECT id FROM deliveries WHERE state = 'planned'"
    until(lambda: not home.rows(planned), "deliveries stay planned")
    assert not home.rows("SELECT id FROM deliveries WHERE state = 'failed'")
    numbers = home.rows("SELECT name FROM deliveries WHERE kind = 'acknowledgement' AND partner = 'star'")
    drawn = [one["name"].split(".")[1] for one in numbers]
    assert len(drawn) == len(set(drawn)) > 0
    assert home.run("ledger", "verify").returncode == 0


def test_paths_of_the_test_are_its_own(home: Home) -> None:
    assert Path(home.path / "mappings" / "ocean").is_dir()
