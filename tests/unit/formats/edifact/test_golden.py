"""Golden sets in ``tests/golden/edifact``: what is sent (.in), what is found (.findings), what is answered (.contrl).

A line of ``.findings`` is ``line:column code severity path`` and the English text. ``.contrl`` has a line per segment;
it is absent where no CONTRL is possible.
"""

from pathlib import Path

import pytest

from hub.formats.edifact.contrl import answerable, contrl
from hub.formats.edifact.reader import read
from hub.model.finding import Finding, Language
from hub.model.message import Envelope, Reading
from hub.schema.catalog import Catalog

GOLDEN = Path(__file__).parents[3] / "golden" / "edifact"
HUB = Envelope(
    sender="HUBCSX", sender_qualifier="ZZ", recipient="OCEANAIR", recipient_qualifier="ZZ", prepared_at="2611231201"
)


def shown(finding: Finding) -> str:
    place = finding.place
    where = f"{place.line}:{place.column} {finding.code} {finding.severity} {place.path or '-'}"
    return f"{where} | {finding.text(Language.EN)}"


def answers(reading: Reading, catalog: Catalog) -> str:
    """The CONTRLs to all interchanges that can be answered, a segment a line."""
    data = b"".join(
        contrl(interchange, envelope=HUB, control_ref="9", catalog=catalog)
        for interchange in reading.interchanges
        if answerable(interchange)
    )
    return data.decode("latin-1").replace("'", "'\n").replace("?'\n", "?'")


@pytest.mark.parametrize("sent", sorted(GOLDEN.glob("*.in")), ids=lambda path: path.stem)
def test_golden(sent: Path, catalog: Catalog) -> None:
    reading = read(sent.read_bytes(), catalog)
    found = "".join(f"{shown(finding)}\n" for finding in reading.all_findings())
    assert found == sent.with_suffix(".findings").read_text("utf-8")
    expected = sent.with_suffix(".contrl")
    assert answers(reading, catalog) == (expected.read_text("utf-8") if expected.exists() else "")


def test_there_are_golden_sets() -> None:
    assert len(list(GOLDEN.glob("*.in"))) >= 20
