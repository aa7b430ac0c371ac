"""Implementation guidelines as a person uses them: through the commands, with a home and without one."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.support import Home, make_home, passenger_list

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
    (home.path / "guides").mkdir()
    (home.path / "guides" / "port.toml").write_text(OWN.format(more='association = ["PORT1"]'), "utf-8")
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
