"""The bench, and the golden samples of every mapping that is shipped."""

import shutil
from pathlib import Path

import pytest

from hub.errors import ConfigError, Unsayable
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
    (first,) = (outcome for outcome in workbench.golden(folder, catalog) if not outcome.passed)
    assert "-BGM+962+DL-01KAQ0000000000000000009+11+RE'" in first.diff
    assert "+BGM+962+DL-01KAQ0000000000000000009+11+AP'" in first.diff
    list(workbench.golden(folder, catalog, record=True))
    assert all(outcome.passed for outcome in workbench.golden(folder, catalog))


X12 = """
[mapping]
id      = "ocean/note"
from    = "x12:004010:309"
to      = "x12:005010:309"
title   = { zh = "舱单", en = "Manifest" }
version = "1"

[[block]]
rows = [
  { to = "M10/M1001", from = "M10/M1001", required = true },
  { to = "M10/M1002", const = "O" },
  { to = "M10/M1003", from = "M10/M1003", required = true },
  { to = "M10/M1005", from = "M10/M1005" },
  { to = "M10/M1006", from = "M10/M1006", required = true },
  { to = "M10/M1009", from = "M10/M1009", required = true },
]

[[block]]
each = "P4_LOOP"
into = "P4_LOOP"
rows = [
  { to = "P4/P401", from = "P4/P401", required = true },
  { to = "P4/P402", from = "P4/P402", required = true },
  { to = "LX_LOOP/LX/LX01", const = "1" },
]
"""
MANIFEST = b"""\
ISA*00*          *00*          *02*SCAC1          *ZZ*HUBCSX         *261123*1200*U*00401*000000007*0*P*:~
GS*SO*SCAC1*HUBCSX*20261123*1200*7*X*004010~
ST*309*0001~
M10*OCEA*O*CN*9123456*STAR*V01*VOY1*1*6*W~
P4*2704*20261201~
LX*1~
SE*5*0001~
GE*1*7~
IEA*1*000000007~
"""


def test_samples_from_and_to_x12(tmp_path: Path, catalog: Catalog) -> None:
    folder = tmp_path / "ocean"
    samples = folder / "samples" / "note"
    samples.mkdir(parents=True)
    (folder / "note.toml").write_text(X12, "utf-8")
    (samples / "01-plain.in.edi").write_bytes(MANIFEST)
    (samples / "02-no-day.in.edi").write_bytes(MANIFEST.replace(b"20261201", b"20261301"))
    assert workbench.check([folder], catalog) == []
    list(workbench.golden(folder, catalog, record=True))
    written = (samples / "01-plain.out.edi").read_text("ascii")
    assert "*^*00501*000000001*0*P*:~\nGS*SO*HUBCSX*OCEANAIR*20261123*0815*1*X*005010~\nST*309*0001" in written
    assert "~\nM10*OCEA*O*CN**STAR*V01***6~\nP4*2704*20261201~\nLX*1~\nSE*5*0001~" in written
    assert read(written.encode(), catalog).valid
    assert "error x12.date-wrong P4_LOOP/P4/P402" in (samples / "02-no-day.findings").read_text("ascii")
    assert all(one.passed for one in workbench.golden(folder, catalog))


def test_what_x12_cannot_write_is_told(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "note.toml").write_text(X12, "utf-8")
    mapping = load(tmp_path / "note.toml", catalog)
    tricky = MANIFEST.replace(b"*", b"|").replace(b"STAR", b"ST*R")
    with pytest.raises(Unsayable, match=r"M10/M1005: 'ST\*R' holds '\*', which separates"):
        workbench.run(mapping, tricky, catalog)


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
