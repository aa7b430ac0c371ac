"""The way back: it loads, and the values of the rows that it inverts come back."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.config import located
from hub.mapping import dates, workbench
from hub.mapping.apply import Mapping
from hub.mapping.lineage import leaves, plain
from hub.mapping.loader import load
from hub.mapping.reverse import Reversal, reverse
from hub.mapping.table import File
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
FILES = workbench.files([ROOT / "mappings"])
SHIP = """
[schema]
title = {{ zh = "船", en = "Ship" }}
source = "test"
[[field]]
key = "name"
title = {{ zh = "名", en = "name" }}
[[field]]
key = "flag"
title = {{ zh = "名", en = "flag" }}
[[field]]
key = "built"
title = {{ zh = "名", en = "built" }}
[[field]]
key = "tons"
title = {{ zh = "名", en = "tons" }}
[[field]]
key = "kind"
title = {{ zh = "名", en = "kind" }}
[[group]]
key = "{group}"
title = {{ zh = "舱", en = "Hold" }}
field = [
  {{ key = "no", title = {{ zh = "号", en = "Number" }} }},
  {{ key = "kind", title = {{ zh = "类", en = "Kind" }} }},
]
"""
ROWS = """
[mapping]
id = "test/there"
from = "internal:ship"
to = "internal:boat"
title = { zh = "甲", en = "There" }
[[block]]
rows = [
  { to = "name", from = "name", with = "prefix('MV ')" },
  { to = "flag", from = "flag", table = "flags" },
  { to = "built", from = "built", with = "date('%Y-%m-%d', '102')" },
  { to = "tons", from = "tons", with = "times(1000)" },
  { to = "kind", from = "kind", table = "kinds" },
]
[[block]]
each = "hold[kind='dry']"
into = "room"
rows = [{ to = "no", from = "no" }, { to = "kind", const = "D" }]
[[block]]
each = "hold[kind='wet']"
into = "room"
rows = [{ to = "no", from = "no" }, { to = "kind", const = "W" }]
[tables.flags]
CN = "156"
DE = "276"
[tables.kinds]
A = "1"
B = "1"
"""


def reversed_(file: Path, catalog: Catalog, tmp_path: Path, source: str = "") -> tuple[Reversal, Mapping]:
    """The way back, and the mapping that it loads as."""
    table = located.validate(File, located.load(file))
    made = reverse(table, catalog, f"test/{file.stem}", source)
    back = tmp_path / f"{file.stem}.toml"
    back.write_text(made.draft.text(), "utf-8")
    return made, load(back, catalog)


def documents(file: Path, mapping: Mapping, catalog: Catalog) -> Iterator[tuple[str, Any]]:
    """The golden inputs that the mapping maps without an error."""
    for sample in workbench.samples_of(file):
        for type_, document in workbench.documents(mapping, sample.read_bytes(), catalog, []):
            if mapping.apply(document, workbench.SAMPLE, type_).valid:
                yield type_, document


def day(value: str) -> str:
    """A date in any of the formats that the samples use, as a day; other values as they are."""
    for code in ("102", "101", "203", "204", "%Y-%m-%d"):
        try:
            return dates.convert(
                value,
                "%Y-%m-%d",
                code,
            )
        except ValueError:
            continue
    return value


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_values_of_inverted_rows_come_back(file: Path, catalog: Catalog, tmp_path: Path) -> None:
    there = load(file, catalog)
    came_back = 0
    for type_, document in documents(file, there, catalog):
        made, back = reversed_(file, catalog, tmp_path, type_)
        lines = {there.rows[pair.line].line: pair for pair in made.pairs}
        for line, pair in lines.items():
            (fact,) = [fact for fact in there.rows if fact.line == line]
            assert (fact.sources, fact.target) == ((pair.source,), pair.target)
        fixed = {fact.target for fact in back.rows if fact.const is not None}
        returned = back.apply(there.apply(document, workbench.SAMPLE, type_).document, workbench.SAMPLE).document
        found: dict[str, Counter[str]] = {}
        for path, value in leaves(returned, catalog.get(type_).root):
            found.setdefault(plain(path), Counter())[day(value)] += 1
        for told in there.explain(document, workbench.SAMPLE, type_):
            pair = lines.get(told.line)  # type: ignore[assignment]
            if pair is None or not told.seen or plain(pair.source) in fixed:
                continue
            if not told.table:  # only dates are written otherwise there; they are compared as days
                assert found[plain(pair.source)][day(told.value)] > 0, told
                came_back += 1
    assert came_back or file.stem in ("824-to-answer", "quarantine-to-answer", "mt9999-to-answer")


def test_tables_dates_factors_and_marked_loops_are_inverted(tmp_path: Path) -> None:
    folder = tmp_path / "internal"
    folder.mkdir()
    (folder / "ship.toml").write_text(SHIP.format(group="hold"), "utf-8")
    (folder / "boat.toml").write_text(SHIP.format(group="room"), "utf-8")
    file = tmp_path / "there.toml"
    file.write_text(ROWS, "utf-8")
    catalog = Catalog(tmp_path)
    there = load(file, catalog)
    document = {
        "name": "EXAMPLE", "flag": "DE", "built": "20110203", "tons": "2.5", "kind": "B",
        "hold": [{"no": "1", "kind": "dry"}, {"no": "2", "kind": "wet"}, {"no": "3", "kind": "dry"}],
    }  # fmt: skip
    made, back = reversed_(file, catalog, tmp_path / "internal")
    returned = back.apply(there.apply(document, workbench.SAMPLE).document, workbench.SAMPLE)
    assert returned.findings == ()
    assert returned.document == {
        "name": "EXAMPLE", "flag": "DE", "built": "20110203", "tons": "2.5",
        "hold": [{"no": "1", "kind": "dry"}, {"no": "3", "kind": "dry"}, {"no": "2", "kind": "wet"}],
    }  # fmt: skip
    assert "# not invertible: kind from kind: table kinds gives one code for several" in made.draft.text()


def test_the_command_writes_a_file_that_loads_and_lists_what_to_fill(tmp_path: Path, catalog: Catalog) -> None:
    out, file = tmp_path / "back.toml", ROOT / "mappings" / "manifest" / "cuscar-to-mt1401.toml"
    result = CliRunner().invoke(app, ["map", "reverse", str(file), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "to be filled: mandatory in the target: SG7/CNI/1490" in result.stderr
    back = load(out, catalog)
    assert (back.id, back.sources, back.target) == ("manifest/back", ("xsd:manifest:MT1401",), "edifact:D.00B:CUSCAR")
    assert "# not invertible: MessageID from $hub/message-id: it comes from the hub" in out.read_text("utf-8")
    shown = CliRunner().invoke(app, ["map", "reverse", str(file), "--to", "edifact:D.16B:CUSCAR"])
    assert 'id      = "manifest/mt1401-to-cuscar"' in shown.stdout
