"""`hub schema`: lists, trees and samples as they come out of the command."""

import json
from pathlib import Path

from typer.testing import CliRunner

from hub.cli import app
from hub.errors import SchemaUnknown
from hub.formats.read import read
from hub.schema.catalog import Catalog


def run(*words: str, home: Path = Path(), code: int = 0) -> str:
    """What ``hub schema WORDS`` prints."""
    result = CliRunner().invoke(app, ["schema", *words, "--home", str(home)])
    assert result.exit_code == code, result.output
    return result.stdout


def test_list(tmp_path: Path) -> None:
    assert run("list", "MT?401", home=tmp_path, code=1) == ""
    assert run("list", "*MT?401", home=tmp_path) == "xsd:manifest:MT1401\nxsd:manifest:MT2401\n"
    assert json.loads(run("list", "D.02B:PAX", "--json", home=tmp_path)) == ["edifact:D.02B:PAXLST"]


def test_show(tmp_path: Path) -> None:
    shown = run("show", "D.02B:PAXLST", home=tmp_path).splitlines()
    assert shown[0] == "edifact:D.02B:PAXLST  Passenger list message"
    assert "├─ BGM                            M 1                            BEGINNING OF MESSAGE" in shown
    assert "│  │  ├─ 3035                     M 1      an..3         [293]   Party function code qualifier" not in shown
    assert any("3035" in line and "an..3" in line and "Party function code qualifier" in line for line in shown)
    assert any("C080" in line and "C 1" in line and "PARTY NAME" in line for line in shown)
    assert any("SG4" in line and "C 99999" in line for line in shown)


def test_show_depth_and_codes(tmp_path: Path) -> None:
    shown = run("show", "MT9999", "--depth", "1", "--codes", home=tmp_path)
    assert "Head" in shown
    assert "FunctionCode  " not in shown
    assert "回执 / Answer" in shown


def test_show_json(tmp_path: Path) -> None:
    shown = json.loads(run("show", "quarantine:passengers", "--json", "--codes", home=tmp_path))
    assert shown["id"] == "csv:quarantine:passengers"
    (record,) = shown["root"]["children"]
    assert (record["key"], record["max"]) == ("passenger", None)
    assert record["children"][0]["type"] == "text"
    assert set(shown["codes"]) >= {"role", "sex"}


def test_sample(tmp_path: Path, catalog: Catalog) -> None:
    full, minimal = (run("sample", "D.96A:ORDERS", extent, home=tmp_path) for extent in ("--full", "--minimal"))
    assert len(full) > 10 * len(minimal)
    assert read(full.encode(), catalog).valid
    assert read(minimal.encode(), catalog).valid
    assert minimal == run("sample", "D.96A:ORDERS", "--minimal", home=tmp_path)


def test_several_types_are_meant(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["schema", "show", "PAXLST", "--home", str(tmp_path)])
    assert isinstance(result.exception, SchemaUnknown)
    assert "name one of them" in str(result.exception)


def test_json_schema(tmp_path: Path) -> None:
    made = json.loads(run("json", "MT9999", home=tmp_path))
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["properties"]["type"] == {"const": "xsd:manifest:MT9999"}
    assert "codes-FunctionCode" in made["$defs"]
    assert "codes-FunctionCode" not in run("json", "MT9999", "--no-codes", home=tmp_path)


def test_sample_in_another_form(tmp_path: Path, catalog: Catalog) -> None:
    for form in ("json", "xml"):
        assert read(run("sample", "D.96A:ORDERS", "--to", form, home=tmp_path).encode(), catalog).valid
