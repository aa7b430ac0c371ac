"""The table of `docs/corpus.md`: what the hub says of every file of a corpus of real messages.

    python -m tools.corpus --corpus FOLDER > docs/corpus.md
    python -m tools.corpus --corpus FOLDER --record

``FOLDER`` holds ``INDEX.tsv``, whose first column names the files. Verdicts that were reviewed, with a word on why a
file is refused, are kept in `tools/corpus.toml`; a verdict that differs from the one kept there, a refused file without
a word, or a finding without a place is written to standard error, and the exit code is 1. ``--record`` keeps the
verdicts of today; the words stay. Nothing of a file's content is printed.
"""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.formats.edifact.contrl import REJECTED, answerable, contrl, parse_contrl
from hub.formats.edifact.guided import Choose
from hub.formats.edifact.reader import read as read_edifact
from hub.formats.read import read
from hub.formats.x12.acknowledgment import acknowledge, answers, parse
from hub.formats.x12.names import is_acknowledgment
from hub.formats.x12.reader import read as read_x12
from hub.guides.library import Guides
from hub.model.finding import Finding, Place, Severity
from hub.model.message import Envelope, Interchange, Reading, Syntax
from hub.model.partner import Acknowledge
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
NOTES = ROOT / "tools" / "corpus.toml"
HUB = Envelope(sender="HUB", recipient="X", prepared_at="2611231200", syntax_id="UNOW")
HUB_X12 = Envelope("HUB", "ZZ", "X", "ZZ", "1", "202611231200")
_HEAD = """# What the hub says of real messages

{count} EDIFACT and X12 files from the test data of public projects; some are broken on purpose. The files are not part
of this project; their names are. Made by `python -m tools.corpus --corpus FOLDER > docs/corpus.md`; the last column is
kept in `tools/corpus.toml`. Every file was reviewed: the bytes at each kind of error it has; segments, messages and
groups counted by another program; for EDIFACT the order of segments judged by another program too (airlines' PAXLST and
D.93A by eye), the codes, lengths and dependency notes at fault looked up as UNECE publishes them. X12 sets were held
against what is generally known, not against the published ones. Where a type, a map or a limit is our own,
the last column says so. A verdict that changes makes the command fail, with the difference. A message that names an
implementation guideline in UNH is read by it where the hub has it ([guides](guides.md)).

{valid} are valid, {refused} are refused, {unreadable} cannot be read at all. Findings are counted by code; *w* marks a
warning, *i* a remark, which refuse nothing. The acknowledgement is the CONTRL, or what a partner that wants 997 gets;
its codes are those of lists 0085 (CONTRL), I18 (TA1), 716 to 723 (997).

| file | syntax | messages | verdict | findings | acknowledgement | why that is right |
| --- | --- | --- | --- | --- | --- | --- |"""
_MARKS = {Severity.ERROR: "", Severity.WARNING: " *w*", Severity.INFO: " *i*"}


@dataclass(frozen=True, slots=True)
class Row:
    """One file. ``placeless`` are codes of findings that do not say where."""

    file: str
    syntax: str
    messages: str
    verdict: str
    findings: str
    acknowledgement: str
    placeless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What was reviewed: the verdict, and why it is right."""

    verdict: str
    why: str = ""


def row(corpus: Path, file: str, catalog: Catalog, guides: Choose | None = None) -> Row:
    """What the hub says of one file, read by the implementation guideline that it names, if any."""
    reading = read((corpus / file).read_bytes(), catalog, guides=guides)
    found = reading.all_findings()
    types = Counter(message.type for one in reading.interchanges for message in one.messages)
    return Row(
        file,
        reading.syntax.value,
        ", ".join(f"{_short(type_)}{_times(count)}" for type_, count in types.items()),
        "valid" if reading.valid else "refused" if reading.interchanges else "unreadable",
        "; ".join(_counted(found)),
        "; ".join(dict.fromkeys(_acknowledged(reading, catalog))),
        tuple(one.code for one in found if one.place == Place()),
    )


def _short(type_: str) -> str:
    """A type as the table shows it: without its format; what a file calls itself is never longer than that."""
    return type_.partition(":")[2].replace("|", "/")[:20] or type_[:20]


def _times(count: int) -> str:
    return f" × {count}" if count > 1 else ""


def _counted(found: tuple[Finding, ...]) -> Iterator[str]:
    counts = Counter((one.severity, one.code) for one in found)
    for severity in Severity:
        for (grave, code), count in sorted(counts.items()):
            if grave is severity:
                yield f"{code}{_times(count)}{_MARKS[severity]}"


def _acknowledged(reading: Reading, catalog: Catalog) -> Iterator[str]:
    """The answer to each interchange, in words."""
    if not reading.interchanges:
        yield "none: no interchange"
    for one in reading.interchanges:
        yield _contrl(one, catalog) if one.syntax is Syntax.EDIFACT else _x12(one, catalog)


def _contrl(interchange: Interchange, catalog: Catalog) -> str:
    if not answerable(interchange):
        return f"none: {_unanswerable(interchange)}"
    data = contrl(interchange, envelope=HUB, control_ref="1", catalog=catalog)
    answer = read_edifact(data, catalog)
    document = answer.interchanges[0].messages[0].document
    if not answer.valid or document is None:
        raise SystemExit(f"The CONTRL that answers is not sound itself: {answer.all_findings()}")
    told = parse_contrl(document)
    if told.accepted:
        return "CONTRL accepts"
    part = f"messages: {len(told.rejected)}" if told.rejected else "a group"
    return f"CONTRL rejects {'all' if told.action == REJECTED else part}{_codes(told.codes)}"


def _x12(interchange: Interchange, catalog: Catalog) -> str:
    """The 997 and TA1 to a partner who wants 997."""
    refused = any(finding.severity is Severity.ERROR for finding in interchange.findings)
    if not answers(interchange, Acknowledge.FUNCTIONAL, refused):
        named = [group.type == "FA" for group in interchange.groups]
        only = all(named or [is_acknowledgment(one.type) for one in interchange.messages] or [False])
        return f"none: {'an acknowledgement itself' if only else 'ISA does not say whom or what'}"
    data = acknowledge(interchange, Acknowledge.FUNCTIONAL, envelope=HUB_X12, catalog=catalog)
    answer = read_x12(data, catalog)
    told = [(one.type.rpartition(":")[2], parse(one)) for part in answer.interchanges for one in part.messages]
    if not answer.valid:
        raise SystemExit(f"The answer is not sound itself: {answer.all_findings()}")
    words = [f"{kind} {'accepts' if said.accepted else 'rejects'}{_codes(said.codes)}" for kind, said in told if said]
    return ", ".join(dict.fromkeys(words))


def _unanswerable(interchange: Interchange) -> str:
    if interchange.envelope.interactive:
        return "interactive"
    if interchange.messages and all(":CONTRL" in message.type for message in interchange.messages):
        return "a CONTRL itself"
    return "UNB names no sender, recipient or reference"


def _codes(codes: tuple[str, ...]) -> str:
    return f" ({', '.join(f'{code}{_times(count)}' for code, count in Counter(codes).items())})" if codes else ""


def names(corpus: Path) -> list[str]:
    """The files that the index names, sorted."""
    return sorted(line.split("\t")[0] for line in (corpus / "INDEX.tsv").read_text("utf-8").splitlines()[1:])


def notes() -> dict[str, Note]:
    """What was reviewed, by file."""
    return {file: Note(**kept) for file, kept in tomllib.loads(NOTES.read_text("utf-8")).items()}


def record(rows: list[Row]) -> None:
    """Keep the verdicts of ``rows``, and the words that are there."""
    kept = notes()
    lines = [
        "# Verdicts of `tools/corpus.py`, and why they are right. Reviewed for each file, kept by hand.",
        "",
    ]
    for one in rows:
        why = kept.get(one.file, Note("")).why
        lines.append(f'"{one.file}" = {{ verdict = "{one.verdict}", why = "{why}" }}')
    NOTES.write_text("\n".join(lines) + "\n", "utf-8")


def problems(rows: list[Row]) -> list[str]:
    """What differs from what was reviewed, and what must not be."""
    kept, found = notes(), []
    for one in rows:
        note = kept.get(one.file, Note("not reviewed"))
        if note.verdict != one.verdict:
            found += [f"--- {one.file}: {note.verdict}", f"+++ {one.file}: {one.verdict} ({one.findings})"]
        if one.verdict != "valid" and not note.why:
            found.append(f"{one.file}: {one.verdict}, and tools/corpus.toml has no word on why that is right")
        found += [f"{one.file}: {code} has no place" for code in one.placeless]
    return found


def table(rows: list[Row]) -> Iterator[str]:
    """The page, line by line."""
    counts = Counter(one.verdict for one in rows)
    words = {name: counts[name] for name in ("valid", "refused", "unreadable")}
    yield _HEAD.format(count=len(rows), **words)
    kept = notes()
    for one in rows:
        why = kept.get(one.file, Note("")).why
        cells = (one.file, one.syntax, one.messages, one.verdict, one.findings, one.acknowledgement, why)
        yield "| " + " | ".join(cell or "–" for cell in cells) + " |"


def main() -> int:
    """0 when every verdict is the reviewed one."""
    parser = argparse.ArgumentParser(prog="python -m tools.corpus")
    parser.add_argument("--corpus", type=Path, required=True, help="the folder with INDEX.tsv")
    parser.add_argument("--record", action="store_true", help="keep the verdicts of today in tools/corpus.toml")
    arguments = parser.parse_args()
    catalog = Catalog(ROOT / "schemas")
    guides = Guides(catalog).choice()
    rows = [row(arguments.corpus, file, catalog, guides) for file in names(arguments.corpus)]
    if arguments.record:
        record(rows)
    for line in table(rows):
        print(line)
    found = problems(rows)
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
