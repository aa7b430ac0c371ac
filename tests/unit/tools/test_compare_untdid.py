"""The comparison of the directories with another project's, on invented ones; and the page that it makes."""

from pathlib import Path

import pytest

from tools import compare_untdid
from tools.untdid import comparing, page, peer
from tools.untdid.explained import EXPLANATIONS, Explanation
from tools.untdid.outlines import Place, Value, parting

COUNTS = "1+1 messages, 1+0 segments, 1+0 composites"
FILES = {
    "directories.txt": f"02B d02b.zip sha256:00 {COUNTS}, 2 elements, 0 code lists with 0 codes",
    "report.txt": "# head\nD.02B: note: a parrot is printed twice",
    "elements.txt": "9998 02B an..35 - Parrot name\n9997 02B n8 - Birthday",
    "composites.txt": "C999 02B PARROT NAME\n 9998 M\n 9998 C",
    "segments.txt": "ABC 02B PARROT\n C999 C5\n 9997 M",
    "messages/PARROT.txt": "PARROT 02B Parrot report\n UNH M\n ABC M\n SG1 C9\n  ABC M\n  ABC C3",
    "interactive/segments.txt": "ABC 02B PARROT\n 9997 M",
    "interactive/composites.txt": "E999 02B NOT USED\n 9998 M",
    "interactive/messages/TALKER.txt": "TALKER 02B Talk\n UIH M\n ABC M",
}  # fmt: skip
STRUCTURE = """
from .records02BUN import recorddefs
structure = [
{ID: 'UNH', MIN: 1, MAX: 1, LEVEL: [
    {ID: 'ABC', MIN: 1, MAX: 1},
    {ID: 'ABC', MIN: 0, MAX: 9, LEVEL: [{ID: 'ABC', MIN: 0, MAX: 3}]},
    {ID: 'UNT', MIN: 1, MAX: 1},
]}]
"""
RECORDS = """
recorddefs = {
'ABC': [
    ['BOTSID', 'M', 3, 'AN'],
    ['C999', 'C', [['C999.9998#1', 'M', 35, 'AN'], ['C999.9998#2', 'C', 35, 'AN']]],
    ['9997', 'M', (8, 8), 'N'],
],
'UNH': [['BOTSID', 'M', 3, 'AN']],
}
"""


@pytest.fixture
def schemas(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "edifact"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "service").symlink_to(root / "schemas" / "edifact" / "service")
    return folder


def other(folder: Path, structure: str = STRUCTURE, records: str = RECORDS) -> Path:
    """A peer as if it were installed."""
    inside = folder / "edi_parser" / "grammars" / "edifact" / "D02B"
    inside.mkdir(parents=True, exist_ok=True)
    (inside / "PARROTD02BUN.py").write_text(structure)
    (inside / "recordsD02BUN.py").write_text(records)
    return peer.installed(folder)


def test_two_imports_that_agree(schemas: Path, tmp_path: Path) -> None:
    result = comparing.compare(schemas, other(tmp_path / "peer"))
    assert (result.directories, result.messages, result.segments) == (["02B"], 1, 1)
    assert (result.differences, result.lacking) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("'ABC', MIN: 0, MAX: 3", "'ABC', MIN: 0, MAX: 4", "PARROT: ABC > ABC C3, not ABC C4"),
        ("'ABC', MIN: 0, MAX: 3", "'ABC', MIN: 1, MAX: 3", "PARROT: ABC > ABC C3, not ABC M3"),
        ("{ID: 'ABC', MIN: 1, MAX: 1},", "", "PARROT: ABC M1, not nothing"),
        ("(8, 8)", "8", "ABC: 9997 M n8, not 9997 M n..8"),
        ("'9997', 'M'", "'9997', 'C'", "ABC: 9997 M n8, not 9997 C n8"),
        ("'C999.9998#2', 'C', 35", "'C999.9998#2', 'C', 70", "ABC: C999 > 9998 C an..35, not 9998 C an..70"),
        ("(8, 8), 'N'", "(8, 8), 'AN'", "ABC: 9997 M n8, not 9997 M an8"),
    ],
)
def test_what_differs_is_told(schemas: Path, tmp_path: Path, old: str, new: str, how: str) -> None:
    grammars = other(tmp_path / "peer", STRUCTURE.replace(old, new), RECORDS.replace(old, new))
    told = [f"{one.what}: {one.how}" for one in comparing.compare(schemas, grammars).differences]
    assert told == [how]


def test_what_only_one_has_is_told(schemas: Path, tmp_path: Path) -> None:
    grammars = other(tmp_path / "peer", records=RECORDS.replace("'ABC'", "'XYZ'"))
    (grammars / "D02B" / "PARROTD02BUN.py").rename(grammars / "D02B" / "BUDGIED02BUN.py")
    told = {(one.what, one.how) for one in comparing.compare(schemas, grammars).lacking}
    assert told == {
        ("PARROT", "only we have it"), ("BUDGIE", "only the peer has it"), ("XYZ", "only the peer has it"),
    }  # fmt: skip


def test_nothing_of_the_peer_is_run(tmp_path: Path) -> None:
    grammars = other(tmp_path / "peer", structure=f"open({str(tmp_path / 'run')!r}, 'w')\nstructure = open('x')")
    with pytest.raises(ValueError, match="is no literal"):
        peer.message(grammars / "D02B" / "PARROTD02BUN.py")
    assert not (tmp_path / "run").exists()


def test_partings_are_short() -> None:
    many = tuple(Value(str(9990 + number), False, "an..3") for number in range(9))
    assert parting(many, ()) == "9990 C an..3 9991 C an..3 9992 C an..3 and 6 more, not nothing"
    assert parting((Place("ABC", True, 1),), (Place("ABC", True, 1),)) == ""


def test_the_page_is_renewed_and_unexplained_differences_fail(
    schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other(tmp_path / "peer", STRUCTURE.replace("MAX: 9", "MAX: 8"))
    written = tmp_path / "page.md"
    written.write_text("Kept.\n" + "".join(f"<!-- {one} -->\nold\n<!-- /{one} -->\n" for one in PARTS))
    arguments = ["--schemas", str(schemas), "--peer", str(tmp_path / "peer"), "--page", str(written)]
    monkeypatch.setattr(page, "EXPLANATIONS", ())
    assert compare_untdid.main(arguments) == 1
    assert "D.02B PARROT is not explained: ABC C9, not ABC C8" in capsys.readouterr().err
    monkeypatch.setattr(page, "EXPLANATIONS", (Explanation("02A-03A", frozenset({"PARROT"}), "ours", "as printed"),))
    assert compare_untdid.main(arguments) == 0
    text = written.read_text()
    assert text.startswith("Kept.\n")
    assert "old" not in text
    assert "| D.02B | 1 + 1 | 1 | 1 | 2 | 0 | 0 |" in text
    assert "| D.02B | note | a parrot is printed twice |" in text
    assert "| D.02B | PARROT | ABC C9, not ABC C8 | ours | as printed |" in text


PARTS = ("installed", "report", "compared")


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no part installed"):
        page.renewed("nothing", "installed", "made")


def test_the_shipped_page_tells_what_is_shipped(root: Path) -> None:
    text = (root / "docs" / "directories.md").read_text("utf-8")
    folder = root / "schemas" / "edifact"
    for name, made in (("installed", page.installed(folder)), ("report", page.report(folder))):
        assert page.renewed(text, name, made) == text, f"make compare renews {name}"
    assert "not explained" not in text


def test_every_explanation_is_used(root: Path) -> None:
    text = (root / "docs" / "directories.md").read_text("utf-8")
    assert [one.why for one in EXPLANATIONS if f"| {one.why} |" not in text] == []
