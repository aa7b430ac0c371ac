"""The tables of published codes: made again they are the same bytes, and a gap between list and words is told."""

from pathlib import Path

import pytest

from tools import import_lists
from tools.codes.sheet import Missing, Reference, Sheet, tidy, with_english, words
from tools.import_codes import OUT, sheets


@pytest.fixture(scope="module")
def made(reference: Path) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in sheets(reference)}


def test_the_shipped_tables_are_what_the_published_lists_make(made: dict[str, Sheet]) -> None:
    shipped = {path.stem: path.read_bytes() for path in OUT.glob("*.tsv")}
    assert shipped == {name: sheet.written().encode() for name, sheet in made.items()}


def test_the_list_of_countries_of_edifact_is_made_of_the_table() -> None:
    assert import_lists.OUT.read_text("utf-8") == import_lists.text()


def test_all_tables_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in OUT.iterdir()) < 2_000_000


def test_the_hunan_offices_are_those_of_the_other_list(made: dict[str, Sheet], reference: Path) -> None:
    text = (reference / "ceb" / "fields.md").read_text("utf-8")
    line = next(line for line in text.split("\n") if line.startswith("4900 "))
    listed = dict(entry.strip().split(" ", 1) for entry in line.split(";"))
    rows = {row[0]: row[2] for row in made["customs-districts"].rows if row[0].startswith("49")}
    assert rows == listed


def test_the_sections_of_words() -> None:
    assert words("levy-modes")["9"] == "Wholly refunded"
    assert words("licences")["#"] == "Application for zero duty"
    assert words("no-such-section") == {}
    with pytest.raises(Missing, match=r"\[danger-packages\]: 4, 5 stand on one side only"):
        with_english("danger-packages", ["1", "2", "3", "5"])


def test_a_row_that_does_not_fit_is_not_written() -> None:
    for row in (("1",), ("", "x"), ("1", "a\tb"), ("1", "2", "3")):
        with pytest.raises(Missing, match="does not fit the columns"):
            Sheet("t", "about", "source", ("code", "zh"), [row]).written()


def test_blanks_of_the_published_files(tmp_path: Path) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "T.json").write_text('[{"A": " 6.1\u3000", "B": " ", "C": "x  y\\n z"}]', "utf-8")
    assert Reference(tmp_path).rows("T") == [{"A": "6.1", "C": "x y z"}]
    assert tidy(5) == "5"
