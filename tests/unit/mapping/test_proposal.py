"""The draft from two samples: it loads, says why, and finds most of what people wrote by hand."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from hub.cli import app
from hub.mapping import workbench
from hub.mapping.loader import load
from hub.mapping.proposal import propose
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
FILES = workbench.files([ROOT / "mappings"])
SHARE = 0.7  # of the plain copies of a mapping that the sample shows
FEW = 5  # plain copies, below which a share says nothing
OF_ALL = 0.85  # of the plain copies of all mappings


def copies(file: Path, catalog: Catalog, tmp_path: Path) -> tuple[list[Any], list[Any]]:
    """The plain copies of the mapping written by hand that its first golden sample shows, and those that the draft
    lacks. Plain copies: rows with one path into the message, no table, at most `first`; of the rows that the sample
    makes write nothing it shows nothing."""
    by_hand = load(file, catalog)
    (sample, *_) = workbench.samples_of(file)
    type_, document = next(iter(workbench.documents(by_hand, sample.read_bytes(), catalog, [])))
    wanted = by_hand.apply(document, workbench.SAMPLE, type_).document
    draft = propose(catalog.get(type_), catalog.get(by_hand.target), document, wanted, catalog, f"test/{file.stem}")
    path = tmp_path / file.name
    path.write_text(draft.text(), "utf-8")
    assert all(row.note for row in draft.rows())
    shown = {line.line for line in by_hand.explain(document, workbench.SAMPLE, type_) if line.seen}
    plain = [fact for fact in by_hand.rows if fact.line in shown and fact.functions in ("", "first") and not fact.table]
    pairs = [(fact.target, fact.sources[0]) for fact in plain if len(fact.sources) == 1 and "$" not in fact.sources[0]]
    found = {(fact.target, source) for fact in load(path, catalog).rows for source in fact.sources}
    return pairs, [pair for pair in pairs if pair not in found]


def test_drafts_find_most_of_the_plain_copies_of_mappings_written_by_hand(catalog: Catalog, tmp_path: Path) -> None:
    every, missed = [], []
    for file in FILES:
        pairs, lacking = copies(file, catalog, tmp_path)
        every += pairs
        missed += lacking
        if len(pairs) >= FEW:
            assert len(lacking) <= (1 - SHARE) * len(pairs), (file, lacking)
    assert len(every) > 100
    assert len(missed) <= (1 - OF_ALL) * len(every), missed


def test_loops_dates_and_what_nothing_explains(catalog: Catalog, tmp_path: Path) -> None:
    file = ROOT / "mappings" / "passengers" / "paxlst-to-quarantine.toml"
    (sample, *_) = workbench.samples_of(file)
    out, made = sample.with_name(sample.name.replace(".in.edi", ".out.csv")), tmp_path / "drafts" / "list.toml"
    made.parent.mkdir()
    words = ["map", "new", "D.02B:PAXLST", "csv:quarantine:passengers", str(sample), str(out), "-o", str(made)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "to be filled: the sample's value" in done.stderr
    text = made.read_text("utf-8")
    assert 'into = "passenger"' in text
    draft = load(made, catalog)
    assert (draft.id, draft.target) == ("drafts/list", "csv:quarantine:passengers")
    rows = {fact.target: fact for fact in draft.rows}
    assert rows["passenger/birth_date"].functions.startswith(("date(", "birth("))
    assert rows["passenger/document_number"].sources == ("SG4/SG5/DOC/C503/1004",)
    assert rows["passenger/message_id"].note.startswith("to be filled")
    shown = CliRunner().invoke(app, ["map", "run", str(made), str(sample)])
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) == len(out.read_text("utf-8").splitlines())


def test_codes_that_stand_for_codes_become_a_table(catalog: Catalog) -> None:
    reads = catalog.get("edifact:D.16B:CUSCAR")
    given = {"BGM": {"C106": {"1004": "A-1"}, "1225": "4"}}
    wanted = {"Head": {"FunctionCode": "5"}, "Declaration": {"ID": "A-1"}}
    draft = propose(reads, catalog.get("xsd:manifest:MT1401"), given, wanted, catalog, "test/codes")
    (row,) = [row for row in draft.rows() if row.to == "Head/FunctionCode"]
    assert (row.from_, draft.tables[row.table]) == ("BGM/1225", {"4": "5"})
    assert row.to_fill


def test_a_sample_of_another_type_is_refused(tmp_path: Path) -> None:
    sample = tmp_path / "x.json"
    sample.write_text(json.dumps({"a": 1}), "utf-8")
    words = ["map", "new", "D.02B:PAXLST", "csv:quarantine:passengers", str(sample), str(sample)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code != 0
    assert "holds no edifact:D.02B:PAXLST" in str(done.exception)
    odd = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "Odd Name.toml")])
    assert "odd-name.toml" in str(odd.exception) or "holds no" in str(odd.exception)
