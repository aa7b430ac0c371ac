"""The directory importer, on invented directories in the layouts of the real ones."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from hub.schema import edifact
from tools import import_untdid
from tools.untdid import archive, codes, misprints, reading, structures
from tools.untdid.facts import Element, Row

RULE = "-" * 70

MESSAGE = """\
4.3.1  Segment table

0010   UNH Message header                            M   1
0020   ABC Parrot details                            M   9
0030   UNT Message trailer                           M   1
"""

SEGMENTS = f"""\
preface

{RULE}

   +   ABC  PARROT DETAILS

       Function: To describe a parrot.

010    C999 PARROT NAME                                C    5
       9998  Parrot name                               M      an..35
       9998  Parrot name                               C      an..35

020    9997 PARROT COLOUR CODE                         M    1 an..3

030    9996 A NAME TOO LONG FOR ITS
            LINE                                       C    2 n..8

     - 9995 DELETED ELEMENT                            C    1 an..3
{RULE}
"""
OLD_SEGMENTS = f"""\
{RULE}

  ABC  PARROT DETAILS

  Function: To describe a parrot.

  C999 PARROT NAME                                            C
  9998   Parrot name                                          M an..35

  9997 PARROT COLOUR, CODED                                   M an..3
{RULE}
"""


def test_segments_keep_their_own_rows_only() -> None:
    tables, problems = structures.segments(SEGMENTS)
    assert problems == []
    assert tables["ABC"].title == "PARROT DETAILS"
    assert tables["ABC"].rows == (
        Row("C999", False, 5),
        Row("9997", True, 1, (), "an..3"),
        Row("9996", False, 2, (), "n..8"),
    )


def test_a_dependency_note_names_rows() -> None:
    text = SEGMENTS.replace(
        "     - 9995", "       Dependency note:\n    +  020  D5(030,010) If first, then all\n     - 9995"
    )
    tables, problems = structures.segments(text)
    assert problems == []
    assert tables["ABC"].notes == (("D5", (3, 1)),)


def test_segments_without_positions() -> None:
    tables, _ = structures.segments(OLD_SEGMENTS)
    assert tables["ABC"].rows == (Row("C999", False), Row("9997", True, 1, (), "an..3"))


def test_composites_and_a_component_that_a_note_repeats() -> None:
    text = f"""\
{RULE}
       C999 PARROT NAME

       Note: The component 9998 - parrot name - occurs 3
             times in the composite.

010    9998  Parrot name                               C      an..35
020    9996  Parrot weight                             C      n..8
{RULE}
"""
    tables, _ = structures.composites(text)
    assert [row.tag for row in tables["C999"].rows] == ["9998", "9998", "9998", "9996"]


def test_elements_and_names_that_wrap() -> None:
    text = f"""\
{RULE}
     9997  Parrot colour code with a name that is far
           too long                                                [B]

     Desc: Colour.

     Repr: an..3
{RULE}
     9996  Weight

     Desc: Weight.
{RULE}
"""
    found, problems = structures.elements(text)
    assert found == {"9997": Element("Parrot colour code with a name that is far too long", "an..3")}
    assert problems == ["9996: no representation"]


NEW_CODES = f"""\
{RULE}
*    9997  Parrot colour code                                      [B]

     Desc: Colour.

     Repr: an..3

     Note:
           1 Not a code.

     1     Blue
              Norwegian.

+    ZZ    A colour whose name goes on
           in the next line
              Described at length.
     3     Green
{RULE}
     9996  Weight

     Repr: n..8
{RULE}
"""
OLD_CODES = f"""\
{RULE}
* 9997  Parrot colour, coded

  Desc: Colour.

  Repr: an..3

        1 Blue
             Norwegian.
+  ZZ     A colour whose name goes on
          in the next line
             Described at length.
-       2 Deleted
             Gone.
       33 Green
{RULE}
"""


def test_code_lists_in_the_newer_layout() -> None:
    found, problems = codes.read(NEW_CODES)
    assert found == {"9997": {"1": "Blue", "ZZ": "A colour whose name goes on in the next line", "3": "Green"}}
    assert problems == []


def test_code_lists_in_the_older_layout() -> None:
    found, _ = codes.read(OLD_CODES)
    assert found == {"9997": {"1": "Blue", "ZZ": "A colour whose name goes on in the next line", "33": "Green"}}


def test_a_value_that_stands_twice_is_told() -> None:
    found, problems = codes.read(NEW_CODES.replace("     3     Green", "     1     Green"))
    assert found["9997"]["1"] == "Blue"
    assert problems == ["9997: value '1' is listed twice"]


def bundle(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
    return buffer.getvalue()


COMPOSITES = f"{RULE}\n       C999 PARROT NAME\n\n010    9998  Parrot name                 M      an..35\n{RULE}\n"
_NAMED = (("9998", "Parrot name", "an..35"), ("9997", "Parrot colour code", "an..3"), ("9996", "W", "n..8"))
ELEMENTS = "".join(f"{RULE}\n     {tag}  {title}\n\n     Repr: {form}\n" for tag, title, form in _NAMED)


def directory(name: str, colour: str = "Blue") -> bytes:
    """An invented directory as published: a ZIP for each part."""
    parts = {
        "EDMD.ZIP": {f"PARROT_D.{name}": MESSAGE},
        "EDSD.ZIP": {f"EDSD.{name}": SEGMENTS},
        "EDCD.ZIP": {f"EDCD.{name}": COMPOSITES},
        "EDED.ZIP": {f"EDED.{name}": ELEMENTS},
        "UNCL.ZIP": {f"UNCL.{name}": NEW_CODES.replace("Blue", colour)},
        "IDMD.ZIP": {f"TALKER_D.{name}": MESSAGE.replace("UNH", "UIH").replace("UNT", "UIT")},
        "IDSD.ZIP": {f"IDSD.{name}": SEGMENTS.replace("C999", "E999").replace("PARROT DETAILS", "TALKING PARROT")},
        "IDCD.ZIP": {f"IDCD.{name}": COMPOSITES.replace("C999", "E999")},
        "Text.zip": {"README.TXT": "prose"},
    }
    zips = {
        f"d{name}/{part}": bundle({file: text.encode() for file, text in files.items()})
        for part, files in parts.items()
    }
    return bundle(zips)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "d02a.zip").write_bytes(directory("02A"))
    (folder / "d02b.zip").write_bytes(directory("02B"))
    (folder / "d03a.zip").write_bytes(directory("03A", colour="Light blue"))
    return folder


def test_nested_zips_are_opened_and_interactive_ones_kept_apart(published: Path) -> None:
    found = archive.read(published / "d02b.zip")
    assert found.directory == "02B"
    batch = {"segments", "composites", "elements", "codes"}
    assert set(found.parts) == batch | {"interactive segments", "interactive composites"}
    assert (set(found.messages), set(found.interactive)) == ({"PARROT"}, {"TALKER"})
    assert (found.prose, found.problems) == (1, [])


def test_damage_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "d02b.zip"
    path.write_bytes(bundle({"EDSD.ZIP": b"not a ZIP", "UNCL.ZIP": bundle({"UNCL.02B": NEW_CODES.encode()})}))
    found = archive.read(path)
    assert set(found.parts) == {"codes"}
    assert "edsd.zip: not a ZIP; left out" in found.problems
    assert "the ZIP has no segments" in found.problems


def test_an_oversized_part_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    path = tmp_path / "d02b.zip"
    path.write_bytes(bundle({"UNCL.02B": b"x" * 101}))
    assert any("more than 100 bytes" in problem for problem in archive.read(path).problems)


def test_the_parts_are_checked_against_each_other(tmp_path: Path) -> None:
    path = tmp_path / "d02b.zip"
    path.write_bytes(
        bundle({
            "PARROT_D.02B": MESSAGE.replace("ABC Parrot", "XYZ Parrot").encode(),
            "EDSD.02B": SEGMENTS.replace("C999 PARROT NAME", "C998 PARROT NAME").encode(),
            "EDCD.02B": COMPOSITES.encode(),
            "EDED.02B": ELEMENTS.replace("an..3\n", "an..4\n").replace("9996", "9994").encode(),
        })
    )  # fmt: skip
    found = reading.read(path)
    problems = found.problems
    assert "ABC: composite C998 is not described" in problems
    assert "ABC: element 9996 is not described" in problems
    assert "ABC: element 9997 is an..3 here, an..4 elsewhere" in found.notes
    assert "message PARROT: left out, its segments XYZ are not described" in problems


def imported(published: Path, out: Path, *options: str) -> dict[str, bytes]:
    assert import_untdid.main([str(published), "--out", str(out), "--only", "02A-03A", *options]) == 0
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.txt"))}


def test_an_import_is_reproducible_and_leaves_nothing_stale(published: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = imported(published, out)
    (out / "messages" / "STALEX.txt").write_text("stale")
    (out / "service").mkdir()
    (out / "service" / "kept.txt").write_text("kept")
    again = imported(published, out)
    assert again.pop("service/kept.txt") == b"kept"
    assert again == first
    assert set(first) == {
        "codes/9997.txt", "composites.txt", "directories.txt", "elements.txt", "messages/PARROT.txt", "report.txt",
        "segments.txt", "interactive/composites.txt", "interactive/messages/TALKER.txt", "interactive/segments.txt",
    }  # fmt: skip


def test_what_directories_share_is_written_once(published: Path, tmp_path: Path) -> None:
    files = imported(published, tmp_path / "out")
    listed = [line for line in files["codes/9997.txt"].decode().split("\n") if not line.startswith("#")]
    assert listed == [
        "1\t02A-02B\tBlue",
        "1\t03A\tLight blue",
        "3\t02A-03A\tGreen",
        "ZZ\t02A-03A\tA colour whose name goes on in the next line",
        "",
    ]


def test_descriptions_are_not_taken(published: Path, tmp_path: Path) -> None:
    written = b"".join(imported(published, tmp_path / "out").values())
    assert b"Norwegian" not in written
    assert b"Described" not in written
    assert b"To describe" not in written


def test_an_import_loads(published: Path, tmp_path: Path, root: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "service").symlink_to(root / "schemas" / "edifact" / "service")
    imported(published, out)
    schema = edifact.load(out, "D.03A", "PARROT")
    parrot = schema.root.child("ABC")
    assert parrot
    assert [(node.key, node.min, node.max, node.slots) for node in parrot.children] == [
        ("C999", 0, 5, 1), ("9997", 1, 1, 1), ("9996", 0, 2, 1),
    ]  # fmt: skip
    assert schema.codes["9997"] == {
        "1": "Light blue",
        "3": "Green",
        "ZZ": "A colour whose name goes on in the next line",
    }


def test_interactive_messages_have_segments_of_their_own(published: Path, tmp_path: Path, root: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "service").symlink_to(root / "schemas" / "edifact" / "service")
    imported(published, out)
    assert edifact.messages(out, "D.03A") == ["PARROT", "TALKER"]
    header, talker = edifact.load(out, "D.03A", "TALKER").root.children
    assert (header.tag, talker.title, talker.children[0].tag) == ("UIH", "TALKING PARROT", "E999")
    assert edifact.segment(out, "D.03A", "ABC").children[0].tag == "C999"


def test_a_value_too_long_for_its_element_is_prose(tmp_path: Path) -> None:
    path = tmp_path / "d02b.zip"
    text = NEW_CODES.replace("     1     Blue", "     1234  Blue")
    path.write_bytes(bundle({"UNCL.02B": text.encode(), "EDED.02B": ELEMENTS.encode()}))
    found = reading.read(path)
    assert set(found.codes["9997"]) == {"ZZ", "3"}
    assert "code list 9997: '1234' is longer than an..3; left out" in found.notes


def test_a_known_misprint_is_mended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    misprint = misprints.Misprint("02B", "PARROT", "0020", "M   9", "M   5", "five parrots")
    monkeypatch.setattr(misprints, "MISPRINTS", (misprint,))
    text, notes = misprints.mended("02B", "PARROT", MESSAGE)
    assert text == MESSAGE.replace("M   9", "M   5")
    assert notes == ["mended: five parrots"]
    assert misprints.mended("03A", "PARROT", MESSAGE) == (MESSAGE, [])
    with pytest.raises(ValueError, match="not one row 0020"):
        misprints.mended("02B", "PARROT", text)


def test_a_directory_that_is_absent_is_named(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_untdid.main([str(published), "--out", str(tmp_path / "out"), "--only", "02A,07B"]) == 1
    assert "has no ZIP of 07B" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_shipped_facts_are_remade_to_the_byte(tmp_path: Path, root: Path) -> None:
    folder = Path(os.environ.get("HUB_REFERENCE", "/nonexistent")) / "untdid"
    if not folder.is_dir():
        pytest.skip("HUB_REFERENCE names no folder that has the directory ZIPs in untdid")
    assert import_untdid.main([str(folder), "--out", str(tmp_path)]) == 0
    shipped = root / "schemas" / "edifact"
    made = [path.relative_to(shipped) for path in shipped.rglob("*.txt")]
    names = {str(path) for path in made if path.parts[0] not in ("service", "lists")}
    assert names == {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.txt")}
    assert [name for name in sorted(names) if (shipped / name).read_bytes() != (tmp_path / name).read_bytes()] == []
