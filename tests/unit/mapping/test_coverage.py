"""What a mapping leaves out, by the schemas and in samples."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.mapping import workbench
from hub.mapping.lineage import Lineage, leaves, plain
from hub.mapping.loader import load
from hub.mapping.usage import Coverage, coverage
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
FILES = workbench.files([ROOT / "mappings"])
LIST = ROOT / "mappings" / "passengers" / "paxlst-to-quarantine.toml"


def covered(file: Path, catalog: Catalog) -> Coverage:
    mapping = load(file, catalog)
    samples = [
        one
        for path in workbench.samples_of(file)
        for one in workbench.documents(mapping, path.read_bytes(), catalog, [])
    ]
    return coverage(mapping, catalog, samples, workbench.SAMPLE, samples[0][0])


def test_what_nobody_reads_is_told_mandatory_ones_first(catalog: Catalog) -> None:
    found = covered(LIST, catalog)
    assert [gap.path for gap in found.unread if gap.mandatory] == ["SG2/TDT/8051"]
    assert found.unread[0].fields == 1
    assert not found.unread[-1].mandatory
    assert found.unset == ()
    assert (found.set, found.settable) == (16, 16)


def test_qualifiers_conditions_and_neighbours_count_as_read(catalog: Catalog) -> None:
    mapping = load(LIST, catalog)
    reads = mapping.programs["edifact:D.02B:PAXLST"].reads
    assert {"SG4/DTM/C507/2005", "SG4/DTM/C507/2379", "SG4/DTM/C507/2380", "SG4/NAD/3035"} <= reads
    joined = load(ROOT / "mappings" / "manifest" / "cuscar-to-mt1401.toml", catalog)
    assert {"SG5/EQD/C237/8260", "SG7/SG8/SG14/SGP/C237/8260"} <= joined.programs["edifact:D.16B:CUSCAR"].reads


def test_what_samples_fill_and_nobody_reads_has_an_example(catalog: Catalog) -> None:
    unused = {one.path: (one.count, one.example) for one in covered(LIST, catalog).unused}
    assert unused["BGM/C106/1004"][1].startswith("OA5101")
    assert "SG4/DTM/C507/2005" not in unused
    assert not any(path.startswith("UNH") for path in unused)


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_lineage_reads_and_writes_only_what_coverage_counts(file: Path, catalog: Catalog) -> None:
    """The two come about apart: one when the paths are looked up, the other when values are found."""
    mapping = load(file, catalog)
    found = 0
    for sample in workbench.samples_of(file):
        for type_, document in workbench.documents(mapping, sample.read_bytes(), catalog, []):
            reads = {plain(name) for name in mapping.programs[type_].reads}
            writes = {plain(name) for name in mapping.programs[type_].writes}
            lines: tuple[Lineage, ...] = mapping.explain(document, workbench.SAMPLE, type_)
            seen = {plain(one.path) for line in lines for one in line.seen if not one.path.lstrip("^/").startswith("$")}
            assert seen <= reads
            assert {plain(line.target) for line in lines} <= writes
            assert seen <= {plain(path) for path, _ in leaves(document, catalog.get(type_).root)}
            found += len(seen)
    assert found


def test_the_command_prints_a_table_and_json() -> None:
    shown = CliRunner().invoke(app, ["map", "coverage", str(LIST)])
    assert shown.exit_code == 0
    assert "M  SG2/TDT/8051" in shown.stdout
    told = json.loads(CliRunner().invoke(app, ["map", "coverage", str(LIST), "--json"]).stdout)
    assert told["source"]["read"] == 23
    assert told["samples"]["messages"] == 3
    first = {"path": "SG2/TDT/8051", "title": "Transport stage code qualifier", "mandatory": True, "fields": 1}
    assert told["unread"][0] == first
    (sample, *_) = workbench.samples_of(LIST)
    one = json.loads(CliRunner().invoke(app, ["map", "coverage", str(LIST), str(sample), "--json"]).stdout)
    assert one["samples"]["messages"] == 1
