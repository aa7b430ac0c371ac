"""The commands as a person or a program uses them, beside a hub that runs."""

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.support import ROOT, Home, Row, make_home, manifest, passenger_list, until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A hub without twins, in which one case of each service waits for its answers."""
    home = make_home(tmp_path_factory.mktemp("commands") / "home")
    with home.serve():
        for data in (passenger_list(), manifest()):
            row = home.settled("oceanair", home.put("oceanair", data))
            assert row["state"] == "accepted"
        until(lambda: len(home.listing("customs", "download")) == 2, "the messages to customs are not written")
        yield home


def case_of(home: Home, service: str) -> Row:
    return home.rows("SELECT * FROM cases WHERE service = ? ORDER BY id", service)[0]


# hub check


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    found = {
        "valid": (folder / "valid.edi", passenger_list()),
        "wrong": (folder / "wrong.edi", passenger_list("", "", ("DTM+329:840212'", "DTM'"))),
        "nothing": (folder / "sub" / "nothing.bin", bytes(range(256))),
    }
    for path, data in found.values():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return {name: path for name, (path, _) in found.items()}


@pytest.mark.parametrize(
    ("names", "code"),
    [(["valid"], 0), (["wrong", "valid"], 1), (["wrong", "nothing", "valid"], 2)],
)
def test_check_ends_with_the_worst_verdict(home: Home, files: dict[str, Path], names: list[str], code: int) -> None:
    paths = [files[name] for name in names]
    # With a home and without one, for people and for programs.
    elsewhere: Any = {"home": False, "cwd": Path("/")}
    for done in (home.run("check", *paths), home.run("check", "--json", *paths, **elsewhere)):
        assert done.returncode == code, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in told] == [str(path) for path in paths]
    for one, name in zip(told, names, strict=True):
        assert {"file", "syntax", "messages", "valid", "findings"} <= set(one)
        assert one["valid"] == (name == "valid")
        assert one["syntax"] == ("unknown" if name == "nothing" else "edifact")
        assert one["messages"] == ([] if name == "nothing" else ["edifact:D.02B:PAXLST"])


def test_check_takes_folders_and_says_where(home: Home, files: dict[str, Path]) -> None:
    done = home.run("check", files["valid"].parent)
    assert done.returncode == 2
    assert all(str(path) in done.stdout for path in files.values())
    done = home.run("check", files["wrong"])
    assert re.search(r"segment \d+ DTM", done.stdout), done.stdout
    assert "\x1b[" not in done.stdout, "colours belong on terminals only"
    assert re.search(r"[\u4e00-\u9fff]", home.run("check", "--lang", "zh", files["wrong"]).stdout)


def test_check_of_what_is_not_there(home: Home) -> None:
    done = home.run("check", "/nonexistent.edi")
    assert done.returncode == 2
    assert "nonexistent" in done.stderr


# hub status, hub trace


def test_status_counts(home: Home) -> None:
    told = home.json("status")
    assert {"transmissions", "cases", "lanes", "deliveries", "ledger", "work", "newest"} <= set(told)
    assert told["transmissions"]["accepted"] >= 2
    assert told["cases"]["open"] >= 2
    assert told["lanes"]["sent"] >= 4
    assert told["ledger"]["entries"] >= told["ledger"]["signed"]
    assert case_of(home, "manifest")["id"] in [one["id"] for one in told["newest"]]
    assert case_of(home, "manifest")["id"] in home.run("status").stdout


def test_trace_tells_the_same_story_by_any_name(home: Home) -> None:
    case = case_of(home, "passengers")
    (message,) = home.rows("SELECT * FROM messages WHERE id = ?", case["message"])
    (lane,) = home.rows('SELECT * FROM deliveries WHERE "case" = ? AND partner = ?', case["id"], "customs")
    stories = [home.run("trace", word) for word in (case["reference"], message["transmission"], lane["id"])]
    assert all(done.returncode == 0 for done in stories)
    assert len({done.stdout for done in stories}) == 1
    assert re.search(r"\d\d:\d\d:\d\d\.\d{3} ", stories[0].stdout)
    assert {"received", "decided", "case.opened", "sealed"} <= home.story(case["id"])
    told = home.json("trace", case["id"])
    assert told["subject"] == case["id"]
    assert sorted(one["name"] for one in told["lanes"]) == ["border", "customs", "quarantine"]
    assert {one["partner"] for one in told["deliveries"]} == {"border", "customs", "quarantine"}


def test_trace_of_a_file_that_was_refused(home: Home) -> None:
    name = home.put("oceanair", b"nonsense")
    row = home.settled("oceanair", name)
    done = home.run("trace", row["id"])
    assert done.returncode == 0
    assert "detect.unknown" in done.stdout


def test_trace_of_nothing(home: Home) -> None:
    done = home.run("trace", "CS-NOBODY")
    assert (done.returncode, done.stdout) == (2, "")
    assert "CS-NOBODY" in done.stderr
    assert "Traceback" not in done.stderr


# hub resend


def test_resend_brings_the_same_bytes_again(home: Home) -> None:
    case = case_of(home, "manifest")
    (delivery,) = home.rows('SELECT * FROM deliveries WHERE "case" = ? AND partner = ?', case["id"], "customs")
    with home.sftp("customs") as session:
        path = f"download/{delivery['name']}"
        first = session.get(path)
        session.remove(path)
        assert session.stat(path) is None
        done = home.run("resend", delivery["id"])
        assert done.returncode == 0, done.stderr
        assert delivery["name"] in done.stdout
        assert session.get(path) == first
    assert {"fetched", "removed", "resent"} <= home.story(case["id"])
    home.still_serves()  # it goes on writing to the ledger that the command wrote to
    assert home.run("ledger", "verify").returncode == 0


def test_resend_of_what_cannot_be_sent(home: Home) -> None:
    (row,) = home.rows("SELECT id FROM transmissions ORDER BY id LIMIT 1")
    for subject in ("DL-NOBODY", "TR-NOBODY", row["id"]):
        done = home.run("resend", subject)
        assert done.returncode == 2
        assert subject in done.stderr


# hub map


def test_mappings_are_checked_and_tested(home: Home) -> None:
    done = home.run("map", "check")
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ mappings, 0 problems", done.stdout)
    done = home.run("map", "test")
    assert done.returncode == 0, done.stdout
    assert re.search(r"[1-9]\d* passed, 0 failed", done.stdout)


def test_a_mapping_is_run_on_a_file(home: Home, files: dict[str, Path]) -> None:
    mapping = ROOT / "mappings" / "passengers" / "paxlst-to-customs.toml"
    done = home.run("map", "run", mapping, files["valid"])
    assert done.returncode == 0, done.stderr
    assert "<Surname>LINDQVIST</Surname>" in done.stdout
    assert home.run("map", "run", mapping, files["wrong"]).returncode == 1


def test_a_wrong_mapping_is_told_by_file_and_line(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    mapping = folder / "passengers" / "paxlst-to-customs.toml"
    text = mapping.read_text("utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if '"Surname"' in one)
    mapping.write_text(text.replace('to = "Surname"', 'to = "Surnane"').replace('"NAT[3493', '"NAX[3493'), "utf-8")
    done = home.run("map", "check", folder)
    assert done.returncode == 1
    assert f"paxlst-to-customs.toml:{line}" in done.stdout
    assert "NAX" in done.stdout, "every problem is told at once"
    sample = next((ROOT / "mappings" / "passengers" / "samples" / "paxlst-to-customs").glob("*.out.xml"))
    shutil.copy(ROOT / "mappings" / "passengers" / "paxlst-to-customs.toml", mapping)
    copy = folder / sample.relative_to(ROOT / "mappings")
    copy.write_text(copy.read_text("utf-8").replace("<Surname>", "<Surname>X", 1), "utf-8")
    done = home.run("map", "test", folder)
    assert done.returncode == 1
    assert re.search(r"1 failed", done.stdout)


# hub ledger, hub receipt


def copied(home: Home, to: Path) -> Home:
    """A home like this one as it is now, without a hub."""
    shutil.copytree(home.path, to, ignore=shutil.ignore_patterns("hub.db*", "tmp"))
    source = sqlite3.connect(f"file:{home.path}/spool/hub.db?mode=ro", uri=True)
    target = sqlite3.connect(to / "spool" / "hub.db")
    source.backup(target)
    source.close()
    target.close()
    return Home(to)


ALTERATIONS = [
    ("UPDATE entries SET body = replace(body, 'oceanair', 'oceanais') WHERE seq = 0", "entries/0"),
    ("UPDATE entries SET leaf = zeroblob(32) WHERE seq = 3", "entries/3"),
    ("DELETE FROM entries WHERE seq = 2", "entries/2"),
    ("UPDATE transmissions SET payload = substr(payload, 1, 99) || 'X' WHERE id = '{transmission}'", "{transmission}"),
    ("UPDATE transmissions SET sha256 = '{zeros}' WHERE id = '{transmission}'", "{transmission}"),
    ("UPDATE deliveries SET payload = payload || x'20' WHERE id = '{delivery}'", "{delivery}"),
    ("DELETE FROM deliveries WHERE id = '{delivery}'", "{delivery}"),
    ("UPDATE checkpoints SET root = zeroblob(32)", "checkpoints/"),
]


def test_an_altered_byte_is_found(home: Home, tmp_path: Path, needs: Callable[[str], str]) -> None:
    """With sqlite3 on a copy of the database, one alteration at a time; verification names the place."""
    case = case_of(home, "manifest")
    (delivery,) = home.rows('SELECT id FROM deliveries WHERE "case" = ? AND partner = ?', case["id"], "customs")
    (message,) = home.rows("SELECT * FROM messages WHERE id = ?", case["message"])
    values = {"delivery": delivery["id"], "transmission": message["transmission"], "zeros": "0" * 64}
    other = copied(home, tmp_path / "copy")
    assert other.run("ledger", "verify").returncode == 0
    file = other.path / "spool" / "hub.db"
    whole = file.read_bytes()
    for statement, place in ALTERATIONS:
        file.write_bytes(whole)
        alter(needs("sqlite3"), file, statement.format(**values))
        done = other.run("ledger", "verify")
        assert done.returncode == 1, (statement, done.stdout)
        assert "does not hold" in done.stdout
        assert place.format(**values) in done.stdout, (statement, done.stdout)
        for beside in file.parent.glob("hub.db-*"):
            beside.unlink()


def alter(sqlite3_program: str, file: Path, statement: str) -> None:
    command = [sqlite3_program, str(file), f"PRAGMA journal_mode = DELETE; {statement}; SELECT changes();"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 0, f"{statement} alters nothing"


def test_a_ledger_that_was_cut_back_is_found_with_a_checkpoint_kept_elsewhere(home: Home, tmp_path: Path) -> None:
    (newest,) = home.rows("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    kept = tmp_path / "kept.note"
    kept.write_text(newest["note"], "utf-8")
    assert home.run("ledger", "verify", "--against", kept).returncode == 0
    young = Home(tmp_path / "young")  # the same origin, another key and another past
    assert young.run("init", young.path, home=False).returncode == 0
    done = young.run("ledger", "verify", "--against", kept)
    assert done.returncode == 1, done.stdout


def test_the_ledger_is_shown(home: Home) -> None:
    done = home.run("ledger", "show", "--count", "3")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert [line.split()[0] for line in lines] == ["0", "1", "2"]
    assert "received" in lines[0]


def test_a_receipt_goes_to_standard_output(home: Home, tmp_path: Path) -> None:
    case = case_of(home, "passengers")

    def exported() -> "subprocess.CompletedProcess[str] | None":
        done = home.run("receipt", "export", case["id"])
        return done if done.returncode == 0 else None

    file = tmp_path / "receipt.json"
    file.write_text(until(exported, "no receipt can be exported").stdout, "utf-8")
    assert home.run("receipt", "verify", file, home=False).returncode == 0
    assert home.run("receipt", "export", "CS-NOBODY").returncode == 2
    (tmp_path / "no.json").write_text("{}", "utf-8")
    assert home.run("receipt", "verify", tmp_path / "no.json", home=False).returncode == 1


def test_help_is_there_for_every_command(home: Home) -> None:
    for words in ([], ["map"], ["receipt", "export"]):
        done = home.run(*words, "--help", home=False)
        assert done.returncode == 0
        assert "Usage" in done.stdout
    assert home.run("frobnicate", home=False).returncode == 2
