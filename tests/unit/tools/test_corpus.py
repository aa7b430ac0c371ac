"""The table of a corpus: a changed verdict, a refusal without a word, a finding without a place are told."""

from pathlib import Path

import pytest

from hub.guides.library import Guides
from hub.schema.catalog import Catalog
from tools import corpus as tool

SOUND = "UNB+UNOA:3+A+B+261123:1200+7'UNH+1+CONTRL:D:3:UN'UCI+7+A+B+8'UNT+3+1'UNZ+1+7'"
WRONG = "UNB+UNOA:3+A+B+261123:1200+7'UNH+1+APERAK:D:96A:UN'BGM+220'UNT+9+1'UNZ+1+7'"
FILES = {"sound.edi": SOUND, "wrong.edi": WRONG, "none.edi": "?"}


@pytest.fixture
def rows(tmp_path: Path, catalog: Catalog) -> list[tool.Row]:
    """A corpus of three."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "ascii")
    (tmp_path / "INDEX.tsv").write_text("".join(f"{line}\n" for line in ["path\tkind", *(f"{n}\tx" for n in FILES)]))
    return [tool.row(tmp_path, file, catalog) for file in tool.names(tmp_path)]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of notes, empty."""
    path = tmp_path / "corpus.toml"
    path.write_text("", "ascii")
    monkeypatch.setattr(tool, "NOTES", path)
    return path


def test_each_file_has_verdict_findings_and_answer(rows: list[tool.Row]) -> None:
    assert [(one.file, one.verdict) for one in rows] == [
        ("none.edi", "unreadable"),
        ("sound.edi", "valid"),
        ("wrong.edi", "refused"),
    ]
    none, sound, wrong = rows
    assert none.acknowledgement == "none: no interchange"
    assert sound.acknowledgement == "none: a CONTRL itself"
    assert wrong.findings == "edifact.unt-count"
    assert wrong.acknowledgement == "CONTRL rejects messages: 1 (29)"
    assert wrong.messages == "D.96A:APERAK"


def test_what_was_reviewed_must_hold(rows: list[tool.Row], kept: Path) -> None:
    assert len(tool.problems(rows)) == 3 * 2 + 2  # three verdicts not reviewed, two refusals without a word
    tool.record(rows)
    assert len(tool.problems(rows)) == 2
    kept.write_text(kept.read_text("utf-8").replace('why = ""', 'why = "so it is"'), "utf-8")
    assert tool.problems(rows) == []
    kept.write_text(kept.read_text("utf-8").replace('"valid"', '"refused"'), "utf-8")
    assert tool.problems(rows) == ["--- sound.edi: refused", "+++ sound.edi: valid ()"]


def test_recording_keeps_the_words(rows: list[tool.Row], kept: Path) -> None:
    kept.write_text('"wrong.edi" = { verdict = "valid", why = "its UNT" }\n', "utf-8")
    tool.record(rows)
    assert tool.notes()["wrong.edi"] == tool.Note("refused", "its UNT")
    assert "| its UNT |" in "\n".join(tool.table(rows))


def test_the_page_is_that_of_the_corpus(corpus: Path, catalog: Catalog, root: Path) -> None:
    """Every file of the real corpus: no crash, no finding without a place, no verdict that was not reviewed."""
    guides = Guides(catalog).choice()
    rows = [tool.row(corpus, file, catalog, guides) for file in tool.names(corpus)]
    assert tool.problems(rows) == []
    assert (root / "docs" / "corpus.md").read_text("utf-8") == "\n".join(tool.table(rows)) + "\n"
