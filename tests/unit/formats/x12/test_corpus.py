"""Real files (HUB_CORPUS): none is too strange to be read, every finding says where, and what is sound comes back."""

from pathlib import Path

from hub.formats.x12.acknowledgment import acknowledge, answers
from hub.formats.x12.reader import read
from hub.formats.x12.style import Style
from hub.formats.x12.writer import write
from hub.model.finding import Severity
from hub.model.message import Envelope
from hub.model.partner import Acknowledge
from hub.schema.catalog import Catalog

HUB = Envelope("HUBCSX", "ZZ", "TRADER", "ZZ", "9", "202611231201")


def _files(corpus: Path) -> list[Path]:
    """Every X12 entry in the corpus's index."""
    rows = [line.split("\t") for line in (corpus / "INDEX.tsv").read_text("utf-8").splitlines()[1:]]
    return [corpus / row[0] for row in rows if row[1] == "x12"]


def test_every_file_gives_located_findings_and_sound_answers(corpus: Path, catalog: Catalog) -> None:
    files = _files(corpus)
    assert files
    for path in files:
        reading = read(path.read_bytes(), catalog)
        assert reading.interchanges or not reading.valid, path
        for finding in reading.all_findings():
            assert finding.place.offset is not None, path
            assert finding.place.line is not None, path
        for interchange in reading.interchanges:
            refused = any(one.severity is Severity.ERROR for one in interchange.findings)
            for want in Acknowledge:
                if answers(interchange, want, refused):
                    answer = acknowledge(interchange, want, envelope=HUB, catalog=catalog)
                    assert read(answer, catalog).valid, (path, want)


def test_what_is_sound_comes_back(corpus: Path, catalog: Catalog) -> None:
    sound = 0
    for path in _files(corpus):
        for interchange in read(path.read_bytes(), catalog).interchanges:
            for message in interchange.messages:
                if message.document is None or any(one.severity is Severity.ERROR for one in message.findings):
                    continue
                schema = catalog.get(message.type)
                envelope = interchange.envelope
                version = envelope.syntax_version if len(envelope.syntax_version) == 5 else "00401"
                ours = Envelope("HUBCSX", "ZZ", "TRADER", "ZZ", "9", "202611231201", syntax_version=version)
                written = write(message.document, schema, ours, message_ref="", style=Style(newline="\n"))
                again = read(written, catalog).interchanges[0].messages[0]
                assert again.document == _numbered(message.document, again.document), path
                assert [one.code for one in again.findings if one.severity is Severity.ERROR] == [], path
                sound += 1
    assert sound >= 10


def _numbered(document: dict[str, object], again: dict[str, object] | None) -> dict[str, object]:
    """``document`` with the control number that the writer gave it, where its own was too short."""
    return document | {"ST": (again or {})["ST"]} if "ST" in document else document
