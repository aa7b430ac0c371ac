"""The bench, and the golden samples of every mapping that is shipped."""

import shutil
from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.formats.read import read
from hub.mapping import workbench
from hub.mapping.loader import Mappings, load
from hub.mapping.run import Context
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
FILES = workbench.files([ROOT / "mappings"])
MINIMUM = 3  # samples of each mapping


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_mapping_shipped_is_right_and_its_samples_pass(file: Path, catalog: Catalog, tmp_path: Path) -> None:
    assert workbench.check([file], catalog) == []
    folder = tmp_path / file.parent.name
    shutil.copytree(file.parent / "samples" / file.stem, folder / "samples" / file.stem)
    shutil.copy(file, folder / file.name)
    outcomes = list(workbench.golden(folder, catalog))
    assert len(outcomes) >= MINIMUM
    assert [outcome.diff for outcome in outcomes if not outcome.passed] == []


def test_samples_without_an_error_are_valid_in_their_own_format(catalog: Catalog) -> None:
    checked = 0
    for file in FILES:
        mapping = load(file, catalog)
        if mapping.target.startswith("internal:"):
            continue
        for out in (file.parent / "samples" / file.stem).glob("*.out.*"):
            found = out.with_name(out.name.partition(".out.")[0] + ".findings")
            if not found.is_file() or "error" not in found.read_text("utf-8"):
                reading = read(out.read_bytes(), catalog, expected=(mapping.target,))
                assert [finding.code for finding in reading.all_findings()] == [], out
                checked += 1
    assert checked >= 10


def test_a_changed_output_is_shown_as_a_difference(tmp_path: Path, catalog: Catalog) -> None:
    folder = tmp_path / "common"
    shutil.copytree(ROOT / "mappings" / "common", folder)
    (out, *_) = sorted((folder / "samples" / "status-to-cusres").glob("01-*.out.edi"))
    out.write_bytes(out.read_bytes().replace(b"AP'", b"RE'"))
    first, *others = workbench.golden(folder, catalog)
    assert "-BGM+962+DL-01KAQ0000000000000000009+11+RE'" in first.diff
    assert "+BGM+962+DL-01KAQ0000000000000000009+11+AP'" in first.diff
    assert all(outcome.passed for outcome in others)
    list(workbench.golden(folder, catalog, record=True))
    assert all(outcome.passed for outcome in workbench.golden(folder, catalog))


def test_chinese_is_written_only_to_those_who_can_read_it(catalog: Catalog) -> None:
    mapping = Mappings(ROOT / "mappings", catalog).get("common/status-to-cusres")
    data = next((ROOT / "mappings/common/samples/status-to-cusres").glob("02-*.in.json")).read_bytes()
    with_it = workbench.run(mapping, data, catalog, Context(partner={"syntax": "UNOY"})).outputs[0]
    without = workbench.run(mapping, data, catalog, Context(partner={"syntax": "UNOC"})).outputs[0]
    assert "货物描述过于笼统+zh" in with_it.decode()
    assert without.isascii()
    assert b"The description of goods is too general+en" in without


def test_a_message_of_another_type_gives_nothing(catalog: Catalog) -> None:
    mapping = Mappings(ROOT / "mappings", catalog).get("manifest/cuscar-to-mt1401")
    data = next((ROOT / "mappings/passengers/samples/paxlst-to-customs").glob("01-*.in.edi")).read_bytes()
    trial = workbench.run(mapping, data, catalog)
    assert trial.outputs == ()
    assert not trial.valid


@pytest.mark.parametrize("id_", ["../../etc/passwd", "manifest", "manifest/none", "Manifest/x", "/etc/x"])
def test_a_mapping_is_named_by_its_folder_and_file(id_: str, catalog: Catalog) -> None:
    with pytest.raises(ConfigError):
        Mappings(ROOT / "mappings", catalog).get(id_)


def test_containers_and_dates_in_the_samples_are_right() -> None:
    """The container numbers of the samples have their check digit (ISO 6346 annex A)."""
    letters = {c: n + 10 + (n + 9) // 10 for n, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    numbers = set()
    for path in (ROOT / "mappings/manifest/samples").glob("*/*.in.edi"):
        numbers |= {part.split("+")[2] for part in path.read_text("latin-1").split("'") if "EQD+CN+" in part}
    assert numbers
    for number in numbers:
        total = sum(letters.get(char, ord(char) - 48) * 2**place for place, char in enumerate(number[:10]))
        assert int(number[10]) == total % 11 % 10, number
