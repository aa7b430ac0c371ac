"""`hub codes`: tables, rows and translations as they come out of the command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.errors import ConfigError, HubError


def run(*words: str, home: Path, code: int = 0) -> str:
    """What ``hub codes WORDS`` prints."""
    result = CliRunner().invoke(app, ["codes", *words, "--home", str(home)])
    assert result.exit_code == code, result.output
    return result.stdout


def test_list(tmp_path: Path) -> None:
    lines = run("list", home=tmp_path).splitlines()
    assert lines[0].split() == ["table", "rows", "date", "columns"]
    assert any(line.split()[:4] == ["currencies", "23", "2022-06-04", "alpha-3"] for line in lines)
    heads = json.loads(run("list", "--json", home=tmp_path))
    assert heads["currencies"]["columns"] == ["alpha-3", "numeric", "customs", "ciq", "bank", "zh", "en"]


def test_show_a_table(tmp_path: Path) -> None:
    lines = run("show", "wraps", home=tmp_path).splitlines()
    assert lines[0].startswith("wraps, 2022-06-04: The parameters of China's")
    assert lines[2:4] == ["code  zh    en", "1     木箱  Wooden case"]
    assert len(json.loads(run("show", "wraps", "--json", home=tmp_path))) == 7


def test_show_a_code(tmp_path: Path) -> None:
    shown = run("show", "currencies", "CNY", home=tmp_path).splitlines()
    assert shown[0] == "alpha-3  CNY"
    assert "customs  142" in shown
    (found,) = json.loads(run("show", "countries.customs", "142", "--json", home=tmp_path))
    assert (found["alpha-3"], found["zh"]) == ("CHN", "中国")
    assert "until" not in found
    assert run("show", "currencies", "XYZ", home=tmp_path, code=1) == ""


def test_show_as_of_a_day(tmp_path: Path) -> None:
    assert "Antilles" in run("show", "countries", "ANT", "--on", "2010-12-15", home=tmp_path)
    assert run("show", "countries", "ANT", "--on", "2010-12-16", home=tmp_path, code=1) == ""
    assert "Antilles" in run("show", "countries", "ANT", home=tmp_path)
    assert "\nANT" not in run("show", "countries", "--on", "2010-12-16", home=tmp_path)


def test_show_a_translation(tmp_path: Path) -> None:
    assert run("show", "transport-modes/manifest", home=tmp_path).splitlines()[:2] == ["2  1", "3  2"]
    assert run("show", "countries.customs/alpha-3", "326", home=tmp_path) == "326  BVT, NOR\n"
    assert run("show", "countries.customs/alpha-3", "000", home=tmp_path, code=1) == ""
    made = json.loads(run("show", "countries.customs/alpha-3", "--json", home=tmp_path))
    assert (made["142"], made["326"]) == (["CHN"], ["BVT", "NOR"])


def test_find(tmp_path: Path) -> None:
    assert "dangerous-goods  GJ000546  车用汽油或汽油" in run("find", "汽油", home=tmp_path)
    assert "Rotterdam" in run("find", "NLRTM", home=tmp_path)
    found = json.loads(run("find", "long ton", "--json", home=tmp_path))
    assert [(row["table"], row["code"], row["un"]) for row in found] == [("units", "071", "LTN")]
    assert len(run("find", "a", "--limit", "5", home=tmp_path).splitlines()) == 6
    assert run("find", "no such thing anywhere", home=tmp_path, code=1) == ""


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("currency", ConfigError, "no table is called currency; did you mean currencies?"),
        ("../codes", ConfigError, r"no table is called \.\./codes"),
        ("currencies.custom", HubError, "table currencies has no column custom; did you mean customs?"),
        ("currencies.customs/iso", HubError, "table currencies has no column iso; there are alpha-3"),
    ],
)
def test_a_name_that_means_nothing(name: str, error: type[Exception], said: str, tmp_path: Path) -> None:
    with pytest.raises(error, match=said):
        CliRunner().invoke(app, ["codes", "show", name, "--home", str(tmp_path)], catch_exceptions=False)
