"""Every valid message of a mapping's source becomes one that its target accepts, or findings say why not."""

from pathlib import Path

import pytest
from hypothesis import settings

from hub.mapping.loader import load
from hub.mapping.trials import Generated, generated
from hub.mapping.workbench import files
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
FILES = files([ROOT / "mappings"])
SEEDS = max(6, settings().max_examples // 16)


def tried(file: Path, catalog: Catalog, count: int = SEEDS) -> list[Generated]:
    return list(generated(file, load(file, catalog), catalog, count))


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_written_is_valid_or_a_finding_says_why_not(file: Path, catalog: Catalog) -> None:
    found = tried(file, catalog)
    assert [(one.source, one.made, one.seed, one.faults) for one in found if one.faults] == []
    assert {"minimal", "full", "varied"} <= {one.made for one in found}
    for one in found:
        assert one.mapped or one.findings


@pytest.mark.parametrize(
    "name", ["manifest/cuscar-to-mt1401", "passengers/paxlst-to-quarantine", "common/824-to-answer"]
)
def test_many_of_the_messages_are_mapped(name: str, catalog: Catalog) -> None:
    found = tried(ROOT / "mappings" / f"{name}.toml", catalog, 12)
    assert sum(one.mapped for one in found) >= 5


def test_a_mapping_that_writes_what_its_target_refuses_is_found_out(tmp_path: Path, catalog: Catalog) -> None:
    """Nothing but the target's reader knows that an XML date is one."""
    file = ROOT / "mappings" / "passengers" / "paxlst-to-customs.toml"
    text = file.read_text("utf-8")
    wrong = text.replace("birth('%Y-%m-%d')", "birth('%Y%m%d')")
    assert wrong != text
    (tmp_path / file.name).write_text(wrong, "utf-8")
    (tmp_path / "samples").symlink_to(file.parent / "samples")
    assert any(one.faults for one in tried(tmp_path / file.name, catalog))


def test_the_same_messages_come_each_time(catalog: Catalog) -> None:
    file = ROOT / "mappings" / "common" / "824-to-answer.toml"
    assert tried(file, catalog, 4) == tried(file, catalog, 4)
