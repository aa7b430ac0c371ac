"""Every field that a mapping writes tells where it comes from."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.mapping import workbench
from hub.mapping.lineage import Lineage, Origin, Seen, Step, Told, leaves
from hub.mapping.loader import load
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
FILES = workbench.files([ROOT / "mappings"])
MANIFEST = ROOT / "mappings" / "manifest" / "cuscar-to-mt1401.toml"
AMENDMENT = MANIFEST.parent / "samples" / MANIFEST.stem / "02-amendment-long-description-tonnes.in.edi"


def samples(file: Path) -> list[Path]:
    """The golden inputs of a mapping."""
    return sorted((file.parent / "samples" / file.stem).glob("*.in.*"))


def lineage(file: Path, sample: Path, catalog: Catalog) -> dict[str, Lineage]:
    """The lineage of the first message in ``sample``, by target."""
    mapping = load(file, catalog)
    type_, document = next(workbench.documents(mapping, sample.read_bytes(), catalog, []))
    return {line.target: line for line in mapping.explain(document, workbench.SAMPLE, type_)}


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_explained_is_what_is_written(file: Path, catalog: Catalog) -> None:
    mapping = load(file, catalog)
    root = catalog.get(mapping.target).root
    lines = file.read_text("utf-8").splitlines()
    explained = 0
    for sample in samples(file):
        for type_, document in workbench.documents(mapping, sample.read_bytes(), catalog, []):
            made = mapping.apply(document, workbench.SAMPLE, type_).document
            found = mapping.explain(document, workbench.SAMPLE, type_)
            assert [(line.target, line.value) for line in found] == list(leaves(made, root))
            assert not any(isinstance(text, Told) for _, text in leaves(made, root))
            for line in found:
                explained += 1
                assert "to =" in lines[line.line - 1], line
                assert line.seen or line.origin in (Origin.CONST, Origin.DEFAULT, Origin.MARK), line
                for seen in line.seen:
                    assert seen.path.startswith("$") or value_at(document, seen.path) == seen.value
    assert explained


def value_at(document: Any, path: str) -> str:
    """The text at a path with ordinals."""
    for step in path.split("/"):
        name, _, rest = step.partition("[")
        document = document[name]
        if rest:
            document = document[int(rest.rstrip("]")) - 1]
    return str(document["#text"] if isinstance(document, dict) else document)


def test_a_sum_names_every_value_and_every_step(catalog: Catalog) -> None:
    found = lineage(MANIFEST, AMENDMENT, catalog)
    mass = found["Declaration/Consignment[1]/GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure"]
    assert mass.value == "2500.000"
    assert mass.seen == (
        Seen("SG7[1]/SG8[1]/SG14[1]/MEA[1]/C174/6314", "2.5"),
        Seen("SG7[1]/SG8[1]/SG14[1]/MEA[1]/C174/6411", "TNE"),
    )
    assert [step.name for step in mass.steps] == ["quantity('KGM')", "sum", "decimal(3)"]
    assert mass.steps[0] == Step("quantity('KGM')", ("2.5", "TNE"), "2500")


def test_a_table_names_the_row_that_was_used(catalog: Catalog) -> None:
    code = lineage(MANIFEST, AMENDMENT, catalog)["Head/FunctionCode"]
    assert (code.table, code.code, code.value) == ("function", "4", "5")
    assert code.note == "absent means original"
    assert (code.mapping, code.version) == ("manifest/cuscar-to-mt1401", "2")
    assert len(code.digest) == 64


def test_constants_and_the_context_are_told_apart(catalog: Catalog) -> None:
    assert lineage(MANIFEST, AMENDMENT, catalog)["Head/MessageType"].origin is Origin.CONST
    sender = lineage(MANIFEST, AMENDMENT, catalog)["Head/SenderID"]
    assert (sender.origin, sender.seen) == (Origin.CONTEXT, (Seen("$partner/customs-id", "4900OCEANAIR"),))


def test_a_default_is_no_value_of_the_source(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / MANIFEST.name
    file.write_text(MANIFEST.read_text("utf-8").replace('from = "BGM/1225"', 'from = "BGM/C106/1056"'), "utf-8")
    code = lineage(file, AMENDMENT, catalog)["Head/FunctionCode"]
    assert (code.origin, code.value, code.seen) == (Origin.DEFAULT, "9", ())


def test_the_command_shows_a_field_and_prints_json() -> None:
    runner, words = CliRunner(), ["map", "explain", str(MANIFEST), str(AMENDMENT)]
    shown = runner.invoke(app, [*words, "--field", "Head/FunctionCode"])
    assert shown.exit_code == 0
    assert "read   BGM/1225  '4'" in shown.stdout
    assert "table  function: '4' → '5'" in shown.stdout
    assert f"row    {MANIFEST}:" in shown.stdout
    told = json.loads(runner.invoke(app, [*words, "--field", "Declaration/Consignment", "--json"]).stdout)
    assert told[0]
    assert all(line["target"].startswith("Declaration/Consignment[") for line in told[0])
    assert runner.invoke(app, [*words, "--field", "Head/Nonsense"]).exit_code == 1
