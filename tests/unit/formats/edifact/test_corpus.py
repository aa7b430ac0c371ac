"""Real messages (HUB_CORPUS): none is too strange to be read, and every finding says where."""

from pathlib import Path

from hub.formats.edifact.contrl import answerable, contrl
from hub.formats.edifact.reader import read
from hub.model.message import Envelope
from hub.schema.catalog import Catalog

HUB = Envelope(sender="HUBCSX", recipient="X", prepared_at="2611231201")


def _files(corpus: Path) -> list[tuple[str, Path]]:
    """(message type, file) of every EDIFACT entry in the corpus's index."""
    rows = [line.split("\t") for line in (corpus / "INDEX.tsv").read_text("utf-8").splitlines()[1:]]
    return [(row[2], corpus / row[0]) for row in rows if row[1] == "edifact"]


def test_every_file_gives_located_findings_and_a_sound_contrl(corpus: Path, catalog: Catalog) -> None:
    files = _files(corpus)
    assert files
    for _, path in files:
        data = path.read_bytes()
        reading = read(data, catalog)
        assert reading.valid or reading.all_findings(), path
        for finding in reading.all_findings():
            assert finding.place.offset is not None, path
            assert finding.place.line is not None, path
        for interchange in filter(answerable, reading.interchanges):
            answer = contrl(interchange, envelope=HUB, control_ref="9", catalog=catalog)
            assert read(answer, catalog).valid, path


def test_every_passenger_list_has_a_document(corpus: Path, catalog: Catalog) -> None:
    for kind, path in _files(corpus):
        if kind == "PAXLST":
            messages = [message for part in read(path.read_bytes(), catalog).interchanges for message in part.messages]
            assert messages, path
            assert all(message.document and message.document["SG4"] for message in messages), path
