"""What the hub calls valid, xmllint calls valid, and the other way round."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.formats.xml import reader
from hub.schema.catalog import Catalog

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "xml"


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.in")), ids=lambda path: path.stem)
def test_xmllint_agrees(file: Path, catalog: Catalog, needs: Callable[[str], str]) -> None:
    program = needs("xmllint")
    reading = reader.read(file.read_bytes(), catalog)
    # What was refused before a schema was chosen fits none, so any will do.
    schema_id = reading.interchanges[0].messages[0].type if reading.interchanges else "xsd:manifest:MT1401"
    _, family, name = schema_id.split(":")
    xsd = catalog.root / "xsd" / family / f"{name}.xsd"
    done = subprocess.run([program, "--noout", "--nonet", "--schema", xsd, file], capture_output=True, timeout=30)
    assert (done.returncode == 0) == reading.valid, done.stderr.decode()
