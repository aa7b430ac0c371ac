"""Implementation guidelines as a person uses them: through the commands, with a home and without one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.support import Home, add_partner, carrier, fresh, make_home, passenger_list, segments, until
from tests.acceptance.support import codes as reported

OWN = """[guide]
title = {{ zh = "本港", en = "This port" }}
source = "a test"
date = "2026-11-24"
messages = ["D.02B:PAXLST"]
{more}
[[rule]]
key = "seat"
at = "SG4"
path = "RFF[1153='SEA']/1154"
required = true
text = {{ zh = "第 {{line}} 行：缺座位号", en = "Line {{line}}: no seat" }}
mend = {{ zh = "补座位号", en = "Add RFF+SEA" }}
"""
ELSEWHERE: dict[str, Any] = {"home": False, "cwd": Path("/")}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a guideline of its own."""
    home = make_home(tmp_path_factory.mktemp("guides") / "home")
    (home.path / "guides" / "port.toml").write_text(OWN.format(more='association = ["PORT1"]'), "utf-8")
    for partner, guides in (("plainair", []), ("jetair", ["api-paxlst"]), ("portair", ["port", "api-paxlst"])):
        text = carrier((partner.upper(), "ZZ")).replace("[edifact]", f"[edifact]\nguides = {json.dumps(guides)}")
        add_partner(home, partner, text)
    return home


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "list.edi"
    path.write_bytes(passenger_list())
    return path


def codes(at: Home, *words: str | Path, **how: Any) -> list[str]:
    done = at.run("check", "--json", *words, **how)
    return [finding["code"] for finding in json.loads(done.stdout)["findings"]]


def test_a_guideline_by_its_id(home: Home, file: Path) -> None:
    assert codes(home, file) == []
    found = codes(home, "--guide", "port", file)
    assert found
    assert set(found) == {"guide.port.seat"}
    told = home.run("check", "--guide", "port", "--lang", "zh", file)
    assert told.returncode == 1
    assert "缺座位号 → 补座位号" in told.stdout


def test_a_guideline_that_unh_names(home: Home, file: Path, tmp_path: Path) -> None:
    named = tmp_path / "named.edi"
    named.write_bytes(file.read_bytes().replace(b"PAXLST:D:02B:UN", b"PAXLST:D:02B:UN:PORT1"))
    assert set(codes(home, named)) == {"guide.port.seat"}
    assert "guide.port.seat" not in codes(home, named, **ELSEWHERE)


def test_a_guideline_by_its_file(home: Home, file: Path) -> None:
    own = home.path / "guides" / "port.toml"
    assert set(codes(home, "--guide", str(own), file, **ELSEWHERE)) == {"guide.port.seat"}


def test_the_guidelines_are_listed_shown_and_checked(home: Home) -> None:
    listed = json.loads(home.run("guide", "list", "--json").stdout)
    assert {"port", "api-paxlst"} <= set(listed)
    assert listed["port"]["association"] == ["PORT1"]
    shown = home.run("guide", "show", "port").stdout
    assert "RFF[1153='SEA']/1154" in shown
    assert "guide.port.seat (error)  Line {line}: no seat" in shown
    done = home.run("guide", "check")
    assert (done.returncode, done.stdout.count("ok  ")) == (0, len(listed))


def test_what_is_wrong_with_one_is_said_with_its_line(home: Home, file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(OWN.format(more="").replace("1153", "1135"), "utf-8")
    for done in (home.run("guide", "check", wrong), home.run("check", "--guide", str(wrong), file)):
        assert done.returncode in (1, 2)
        assert "wrong.toml:10: rule.0.path: " in done.stdout + done.stderr
        assert "did you mean C506/1153?" in done.stdout + done.stderr
    done = home.run("check", "--guide", "nobody", file)
    assert (done.returncode, "no guideline is called nobody" in done.stderr) == (2, True)


def test_a_type_is_shown_as_it_is_widened(home: Home) -> None:
    told = home.run("schema", "show", "D.02B:PAXLST", "--guide", "api-paxlst", "--json").stdout
    assert "Assigned seat" not in home.run("schema", "show", "D.02B:PAXLST", "--codes").stdout
    assert "Assigned seat" in home.run("schema", "show", "D.02B:PAXLST", "--codes", "--guide", "api-paxlst").stdout
    assert json.loads(told)


# In the walk


@pytest.fixture(scope="module")
def hub(home: Home) -> Iterator[Home]:
    with home.serve():
        yield home


def as_airlines_send_it(partner: str, *people: tuple[str, ...]) -> bytes:
    """A list with times at the airports alone and several references a person, as UN D.02B does not have it."""
    number = fresh()
    body = [f"UNH+1+PAXLST:D:02B:UN:IATA'BGM+745+{number}'NAD+MS+++DESK'TDT+20+OA123+++OA'"]
    body.append("LOC+125+SIN'DTM+189:2611231200:201'LOC+87+CSX'DTM+232:2611231700:201'")
    for references in people:
        body.append("NAD+FL+++LI:XIA'ATT+2++F'DTM+329:900101'LOC+178+SIN'LOC+179+CSX'NAT+2+CHN'")
        body += [f"RFF+{reference}'" for reference in references]
        body.append("DOC+P:110:111+E1'DTM+36:301231'LOC+91+CHN'")
    text = "".join([*body, f"CNT+42:{len(people)}'"])
    text += f"UNT+{text.count(chr(39)) + 1}+1'"
    return f"UNB+UNOC:3+{partner.upper()}:ZZ+HUBCSX:ZZ+261123:0800+{number}'{text}UNZ+1+{number}'".encode()


SEATED = ("AVF:TYR123", "ABO:77", "SEA:12A")
STANDING = ("AVF:TYR124", "ABO:78")


def contrl(hub: Home, partner: str, name: str) -> list[str]:
    return segments(hub.awaited(partner, "receipts", name.rpartition(".")[0], ".contrl.edi")[1])


def test_the_walk_reads_by_what_is_agreed_with_the_sender(hub: Home) -> None:
    people = (SEATED, STANDING)
    names = {partner: hub.put(partner, as_airlines_send_it(partner, *people)) for partner in ("plainair", "jetair")}
    assert hub.settled("plainair", names["plainair"])["state"] == "refused"
    found = reported(hub.report("plainair", names["plainair"]))
    assert {"edifact.segment-missing", "edifact.segment-repeats"} <= found
    assert not [code for code in found if code.startswith("guide.")]
    row = hub.settled("jetair", names["jetair"])
    assert row["state"] == "accepted"
    assert hub.rows("SELECT id FROM messages WHERE transmission = ? AND state = 'accepted'", row["id"])


def test_hub_check_reads_as_the_walk_reads_what_a_partner_sends(hub: Home, tmp_path: Path) -> None:
    file = tmp_path / "list.edi"
    file.write_bytes(as_airlines_send_it("jetair", SEATED, STANDING))
    verdicts = {one: hub.run("check", "--partner", one, file).returncode for one in ("plainair", "jetair")}
    assert verdicts == {"plainair": 1, "jetair": 0}
    done = hub.run("check", "--partner", "nobody", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no partner 'nobody' here" in done.stderr


def test_what_a_guideline_demands_refuses_with_its_words(hub: Home) -> None:
    data = passenger_list().replace(b"OCEANAIR:ZZ", b"PORTAIR:ZZ")
    name = hub.put("portair", data)
    assert hub.settled("portair", name)["state"] == "refused"
    findings = hub.report("portair", name)
    assert reported(findings) == {"guide.port.seat"}
    assert findings[0]["en"].endswith("no seat")
    assert findings[0]["mend"] == {"zh": "补座位号", "en": "Add RFF+SEA"}
    answer = contrl(hub, "portair", name)
    ucs = [segment for segment in answer if segment.startswith("UCS+")]
    assert len(ucs) == len(findings)
    assert all(segment.endswith("+13") for segment in ucs)


def test_a_running_hub_takes_a_changed_guideline_if_it_is_right(hub: Home) -> None:
    own = hub.path / "guides" / "port.toml"
    right, data = own.read_text("utf-8"), passenger_list().replace(b"OCEANAIR:ZZ", b"PORTAIR:ZZ")
    log = hub.hub.said if hub.hub is not None else str
    own.write_text(right.replace("1153", "1135"), "utf-8")
    until(lambda: "did you mean C506/1153?" in log(), "the wrong guideline is not told")
    assert reported(hub.report("portair", hub.put("portair", data))) == {"guide.port.seat"}
    taken = log().count("configuration taken anew")
    own.write_text(right.replace('key = "seat"', 'key = "place"'), "utf-8")
    until(lambda: log().count("configuration taken anew") > taken, "the mended guideline is not taken")
    data = passenger_list().replace(b"OCEANAIR:ZZ", b"PORTAIR:ZZ")
    assert reported(hub.report("portair", hub.put("portair", data))) == {"guide.port.place"}
    own.write_text(right, "utf-8")


def test_a_guideline_that_is_not_there_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    add_partner(home, "jetair", carrier(("JETAIR", "ZZ")).replace("[edifact]", '[edifact]\nguides = ["none"]'))
    done = home.run("run", "--port", "0")
    assert done.returncode == 2
    assert "partners/jetair/partner.toml:1: edifact.guides: no guideline is called none" in done.stderr
