"""Real passenger lists over real SFTP: each ends as accepted or refused, with located findings and the right CONTRL;
`hub check` says the same; none disappears. Set HUB_CORPUS to the folder of real messages to run this."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.support import Home, Row, add_partner, carrier, make_home, segments, until

GUIDE = "api-paxlst"  # agreed with the sender: what airlines send is read as they mean it


@dataclass(frozen=True)
class Sample:
    """A file of the corpus: its bytes, and the same addressed to this hub."""

    path: Path
    sender: str
    qualifier: str
    data: bytes
    addressed: bytes


def samples(corpus: Path) -> list[Sample]:
    lines = (corpus / "INDEX.tsv").read_text("utf-8").splitlines()
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    return [_sample(corpus / row["path"]) for row in rows if row["message_type"] == "PAXLST"]


def _sample(path: Path) -> Sample:
    """Sender and recipient as UNB has them, under the separators that UNA gives."""
    data = path.read_bytes()
    una = re.search(rb"UNA(.)(.)", data)
    component, element = (una[1], una[2]) if una else (b":", b"+")
    unb = re.search(rb"UNB" + re.escape(element) + rb"[^\r\n]*", data)
    assert unb is not None
    fields = unb[0].split(element)
    sender, _, qualifier = fields[2].partition(component)
    recipient = fields[3].partition(component)[0]
    old, new = element.join(fields[:4]), element.join([*fields[:3], fields[3].replace(recipient, b"HUBCSX", 1)])
    return Sample(path, sender.decode(), qualifier.decode(), data, data.replace(old, new, 1))


@pytest.fixture(scope="module")
def home(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = make_home(tmp_path_factory.mktemp("corpus") / "home")
    senders = sorted({(one.sender, one.qualifier) for one in samples(corpus)})
    text = carrier(*senders, version="4").replace("[edifact]\n", f'[edifact]\nguides = ["{GUIDE}"]\n')
    add_partner(home, "corpus", text)
    with home.serve():
        yield home


def checked(home: Home, files: dict[str, bytes], folder: Path) -> dict[str, Row]:
    """What `hub check --json` says of each of ``files``, by name."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    done = home.run("check", "--json", "--partner", "corpus", folder)
    assert done.returncode in (0, 1, 2), done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(one["file"]).name: one for one in told}


def located(findings: list[Row]) -> list[tuple[str, str, str]]:
    """What the codec found, in an order of its own: code, severity, place."""
    own = [one for one in findings if not one["code"].startswith("walk.")]
    for finding in findings:
        assert finding["place"], finding
    return sorted((one["code"], one["severity"], json.dumps(one["place"], sort_keys=True)) for one in own)


def verdict(home: Home, name: str) -> tuple[bool, list[str]]:
    """What the CONTRL about the upload says: whether anything was rejected, and every error code (0085) in it."""
    stem = name.rpartition(".")[0]
    _, data = home.awaited("corpus", "receipts", stem, ".contrl.edi")
    rejected, found = False, []
    answer = segments(data)
    assert sum(segment.startswith("UCI+") for segment in answer) == 1
    for segment in answer:
        tag, *fields = segment.split("+")
        action = {"UCI": 3, "UCF": 3, "UCM": 2}.get(tag)
        if action is not None:
            assert fields[action] in ("4", "7", "8"), segment
            rejected |= fields[action] == "4"
            found += fields[action + 1 : action + 2]
        elif tag in ("UCS", "UCD"):
            found.append(fields[1 if tag == "UCS" else 0] if len(fields) > (tag == "UCS") else "")
    return rejected, [code for code in found if code]


@pytest.mark.parametrize("addressed", [False, True], ids=["byte for byte", "addressed to this hub"])
def test_every_passenger_list_ends_as_it_must(home: Home, corpus: Path, tmp_path: Path, addressed: bool) -> None:
    every = samples(corpus)
    assert len(every) >= 10
    files = {
        f"{'own' if addressed else 'raw'}-{number:02}.edi": one.addressed if addressed else one.data
        for number, one in enumerate(every)
    }
    told = checked(home, files, tmp_path)
    with home.sftp("corpus") as session:
        for name, data in files.items():
            session.put(f"upload/{name}", data)
    accepted = 0
    for name in files:
        row = home.settled("corpus", name)  # exactly one, decided
        assert row["state"] in ("accepted", "refused"), (name, row["state"])
        rejected, found = verdict(home, name)
        assert told[name]["syntax"] == "edifact"
        if row["state"] == "accepted":
            accepted += 1
            assert told[name]["valid"], name
            assert not rejected
            assert not found
            assert home.case_of(row["id"])["state"] in ("open", "refused")
        else:
            findings = home.report("corpus", name)
            assert located(findings) == located(told[name]["findings"]), name
            hub_alone = [one["code"] for one in findings if one["code"].startswith("walk.")]
            assert not told[name]["valid"] or hub_alone, name
            assert set(hub_alone) <= {"walk.recipient-foreign", "walk.interchange-duplicate"}, name
            assert hub_alone or addressed
            assert rejected, name
            assert found, name
            assert all(re.fullmatch(r"\d{1,3}", code) for code in found), found
    assert accepted == sum(told[name]["valid"] for name in files) * addressed


def test_nothing_disappeared_and_the_hub_lives(home: Home, corpus: Path) -> None:
    states = {
        row["state"]: row["n"] for row in home.rows("SELECT state, count(*) AS n FROM transmissions GROUP BY state")
    }
    assert set(states) <= {"accepted", "refused"}, states
    assert sum(states.values()) == 2 * len(samples(corpus))
    home.still_serves()
    assert home.run("ledger", "verify").returncode == 0


def test_every_other_message_of_the_corpus_is_answered_too(home: Home, corpus: Path) -> None:
    """Invoices, orders, X12 and what else there is: not for this hub, and each is told so."""
    files = sorted(path for path in corpus.rglob("*") if path.is_file() and path.suffix not in (".tsv", ".md"))
    assert len(files) > 100
    names = {f"any-{number:03}.dat": path for number, path in enumerate(files)}
    with home.sftp("corpus") as session:
        for name, path in names.items():
            session.put(f"upload/{name}", path.read_bytes())
    for name, path in names.items():
        row = home.settled("corpus", name)
        assert row["state"] in ("refused", "duplicate", "accepted"), (path, row["state"])
    told = len([name for name in names if home.settled("corpus", name)["state"] != "accepted"])

    def reports() -> int:
        return len([one for one in home.listing("corpus", "rejected") if one.startswith("any-")])

    until(lambda: reports() >= told, "a report about every file")  # written a moment after it is decided
    assert reports() == told
    home.still_serves()
