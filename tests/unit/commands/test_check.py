"""`hub check` on many files: worker processes say the same as one process, in the same order."""

import json
import pickle
from pathlib import Path

import pytest

from hub.commands.check import MANY, Look, check_all
from hub.commands.chosen import Wish
from hub.errors import ConfigError
from hub.model.finding import Language

SOUND = "UNB+UNOA:3+A+B+261123:1200+{n}'UNH+1+CONTRL:D:3:UN'UCI+7+A+B+8'UNT+3+1'UNZ+1+{n}'"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """More files than one process would check; every third lacks its UNZ, every seventh is no EDI at all."""
    made = []
    for number in range(5 * MANY):
        text = SOUND.format(n=number)
        text = text.partition("UNZ")[0] if number % 3 == 0 else "?" if number % 7 == 0 else text
        path = tmp_path / f"{number:03}.edi"
        path.write_text(text, "ascii")
        made.append(path)
    return made


@pytest.mark.parametrize("look", [Look(Language.EN, True), Look(Language.ZH, False), Look(Language.EN, False, "256")])
def test_workers_say_the_same_in_the_same_order(files: list[Path], root: Path, look: Look) -> None:
    alone = list(check_all(files, root / "schemas", look, workers=1))
    assert list(check_all(files, root / "schemas", look, workers=3)) == alone
    assert {one.exit_code for one in alone} == {0, 1, 2}
    assert all(path.name in one.text for path, one in zip(files, alone, strict=True))


def test_a_terminal_gets_colours_and_a_program_does_not(files: list[Path], root: Path) -> None:
    plain, coloured = (
        next(iter(check_all(files[:1], root / "schemas", Look(Language.EN, False, colours))))
        for colours in (None, "256")
    )
    assert "\x1b[" in coloured.text
    assert "\x1b" not in plain.text


def test_json_is_one_object_a_line(files: list[Path], root: Path) -> None:
    for one in check_all(files[:3], root / "schemas", Look(Language.EN, True)):
        assert one.text.endswith("}\n")
        assert set(json.loads(one.text)) >= {"file", "syntax", "messages", "valid", "findings"}


def test_a_file_that_is_gone_is_told(tmp_path: Path, root: Path) -> None:
    (one,) = check_all([tmp_path / "gone.edi"], root / "schemas", Look(Language.EN, False))
    assert one.exit_code == 2
    assert "No such file" in one.text


def long(path: Path, faults: bool) -> Path:
    """A file of many messages; with ``faults``, one of them lacks a segment and the trailer counts wrong."""
    body = "'UCI+7+A+B+8'UNT+3+"
    messages = [f"UNH+{number}+CONTRL:D:3:UN{body}{number}'" for number in range(100)]
    if faults:
        messages[50] = messages[50].replace("UCI+7+A+B+8'UNT+3", "UNT+2")
    path.write_text(f"UNB+UNOA:3+A+B+261123:1200+1'{''.join(messages)}UNZ+{100 + faults}+1'", "ascii")
    return path


@pytest.mark.parametrize("faults", [False, True])
def test_a_long_file_is_checked_as_others_are(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, faults: bool
) -> None:
    path, look = long(tmp_path / "long.edi", faults), Look(Language.EN, True)
    (whole,) = check_all([path], root / "schemas", look)
    monkeypatch.setattr("hub.commands.longfile.LARGE", 1000)
    parts = list(check_all([path], root / "schemas", look))
    told, expected = json.loads("".join(one.text for one in parts)), json.loads(whole.text)
    assert (told["valid"], told["syntax"], told["file"]) == (not faults, "edifact", str(path))
    assert told["counts"] == {"edifact:S3:CONTRL": 100}
    key = str
    assert sorted(told["findings"], key=key) == sorted(expected["findings"], key=key)
    assert max(one.exit_code for one in parts) == whole.exit_code == int(faults)
    lines = "".join(one.text for one in check_all([path], root / "schemas", Look(Language.EN, False))).splitlines()
    assert len(lines) == len(expected["findings"]) + 1
    assert lines[-1] == f"{path}: {'not valid' if faults else 'valid'} 100 edifact:S3:CONTRL"


def test_a_long_file_among_others(
    tmp_path: Path, root: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = long(tmp_path / "long.edi", faults=True)
    monkeypatch.setattr("hub.commands.longfile.LARGE", 1000)
    reports = list(check_all([files[0], path, files[1]], root / "schemas", Look(Language.EN, False)))
    text = "".join(one.text for one in reports)
    assert text.index(files[0].name) < text.index(path.name) < text.index(files[1].name)
    assert {one.exit_code for one in reports} == {0, 1}


def test_workers_read_by_guidelines_too(tmp_path: Path, root: Path) -> None:
    text = (root / "mappings/passengers/demo/paxlst.edi").read_text("utf-8").replace("DOC+39+", "DOC+380+")
    files = [tmp_path / f"{number:02}.edi" for number in range(2 * MANY)]
    for number, path in enumerate(files):
        # Half of them name the guideline in UNH, all are checked by it.
        path.write_text(text if number % 2 else text.replace(":UN:IATA", ":UN"), "utf-8")
    for wish in (Wish(), Wish(("api-paxlst",))):
        look = Look(Language.EN, True, wish=wish)
        alone = list(check_all(files, root / "schemas", look, workers=1))
        assert list(check_all(files, root / "schemas", look, workers=2)) == alone
        told = ["guide.api-paxlst.document-kind" in one.text for one in alone]
        assert told == [bool(wish.ids) or number % 2 == 1 for number in range(len(files))]


def test_what_is_wrong_with_the_configuration_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ConfigError(["a.toml:1: x: wrong", "a.toml:2: y: wrong too"])))
    assert error.problems == ["a.toml:1: x: wrong", "a.toml:2: y: wrong too"]
