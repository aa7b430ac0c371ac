"""The X12 maps are what their compact source says; a source that cannot be is told."""

import shutil
from pathlib import Path

import pytest

from tools import x12maps
from tools.x12source import VERSIONS, Loop, Use, read


@pytest.mark.parametrize("version", VERSIONS)
def test_the_committed_maps_are_those_of_the_source(version: str) -> None:
    made = x12maps.files(read(x12maps.ROOT / "source", version))
    committed = {path.name: path.read_text("utf-8") for path in (x12maps.ROOT / version).glob("*.xml")}
    assert committed == made, "run: python -m tools.x12maps"


def test_writing_anew_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(x12maps.ROOT, tmp_path / "x12")
    (tmp_path / "x12" / "004010" / "204.xml").write_text("left over")
    before = {path.name: path.read_bytes() for path in (x12maps.ROOT / "004010").iterdir()}
    monkeypatch.setattr(x12maps, "ROOT", tmp_path / "x12")
    assert x12maps.main() == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "x12" / "004010").iterdir()} == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny source."""
    (tmp_path / "elements.txt").write_text("1 AN 1/5 = First\n2 N0 1/2 1/3 Second\nC1 Pair: 1! 2\n")
    (tmp_path / "segments.txt").write_text("AA Alpha: 1! 2@5; P0102\nBB Beta: C1 2/3\n")
    (tmp_path / "codes.txt").write_text("1 First: A B\n")
    (tmp_path / "sets.txt").write_text(
        "set 100 XX,YY @45 Both\n  AA! BB/*\n  loop AA/5@5\n    AA!\n    BB/2\n  loop BB!/*\n    BB!\n"
        "set 200 ZZ @4 Old only\n  AA!\n"
    )
    return tmp_path


def test_a_source_by_version(folder: Path) -> None:
    old, new = read(folder, "004010"), read(folder, "005010")
    assert [one.number for one in old.sets] == ["100", "200"]
    assert [one.number for one in new.sets] == ["100"]
    assert (old.elements["2"].most, new.elements["2"].most) == (2, 3)
    assert [use.tag for use in old.segments["AA"].elements] == ["1"]
    assert [use.tag for use in new.segments["AA"].elements] == ["1", "2"]
    assert new.sets[0].groups == ("XX", "YY")
    assert new.sets[0].members == (
        Use("AA", True, 1),
        Use("BB", False, None),
        Loop(Use("AA", False, 5), [Use("AA", True, 1), Use("BB", False, 2)]),
        Loop(Use("BB", True, None), [Use("BB", True, 1)]),
    )
    assert [member.use.tag for member in old.sets[0].members if isinstance(member, Loop)] == ["BB"]


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("segments.txt", "CC Gamma: 9", "CC has an element 9"),
        ("segments.txt", "CC Gamma: 1?", "'1.' is no use"),
        ("sets.txt", "set 300 XX @45 Bad\n  ZZ!", "300 has a segment ZZ"),
        ("sets.txt", "set 300 XX @45 Bad\n  loop AA/2\n    BB! AA!", "300: loop AA does not begin with AA!"),
        ("sets.txt", "set 300 XX @45 Bad\n  loop AA/2\n    AA!\n    loop BB/2\n      BB", "loop BB does not begin"),
        ("codes.txt", "7 Seventh: A", "codes for 7"),
    ],
)
def test_sources_that_cannot_be(folder: Path, file: str, line: str, says: str) -> None:
    with (folder / file).open("a") as out:
        out.write(f"{line}\n")
    with pytest.raises(ValueError, match=says):
        read(folder, "004010")
