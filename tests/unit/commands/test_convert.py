"""`hub convert`: files in, files out, findings beside them, and the exit code."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.errors import HubError
from hub.formats.read import read
from hub.schema.catalog import Catalog

ORDERS = (
    "UNB+UNOA:1+A:14+B:14+990101:1200+7'UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'DTM+137:19990101:102'"
    "NAD+BY+1::9'LIN+1'QTY+21:5'UNS+S'CNT+2:1'UNT+9+1'UNZ+1+7'"
)


def test_there_and_back(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "a.edi").write_text(ORDERS)
    first = CliRunner().invoke(app, ["convert", "--to", "json", str(tmp_path / "a.edi"), "--home", str(tmp_path)])
    assert (first.exit_code, first.stderr) == (0, "")
    (tmp_path / "a.json").write_text(first.stdout)
    words = ["convert", "--to", "edifact", str(tmp_path / "a.json"), "-o", str(tmp_path / "b.edi")]
    second = CliRunner().invoke(app, [*words, "--home", str(tmp_path)])
    assert (second.exit_code, second.output) == (0, "")
    documents = [
        read(data, catalog).interchanges[0].messages[0].document
        for data in (ORDERS.encode(), (tmp_path / "b.edi").read_bytes())
    ]
    assert documents[0] == documents[1]


def test_what_is_wrong_is_told_and_converted_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_text(ORDERS.replace("BGM+220", "BGM+xyz"))
    result = CliRunner().invoke(app, ["convert", "--to", "json", str(tmp_path / "a.edi"), "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "edifact.value-code" in result.stderr
    assert '"1001": "xyz"' in result.stdout


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"type": "edifact:D.96A:ORDERZ", "document": {}}'])
def test_what_cannot_be_read_is_not_converted(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    result = CliRunner().invoke(app, ["convert", "--to", "json", str(tmp_path / "a"), "--home", str(tmp_path)])
    assert isinstance(result.exception, HubError)
    assert result.stdout == ""
