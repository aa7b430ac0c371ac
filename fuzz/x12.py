"""X12: reading gives a value with located findings; the TA1, 997 and 999 that answer it are sound."""

import atheris

with atheris.instrument_imports(include=["hub.formats.x12"]):
    from hub.formats.x12.acknowledgment import Acknowledge, acknowledge, answers, parse
    from hub.formats.x12.reader import read

from fuzz.harness import SCHEMAS, fuzz, located
from hub.model.finding import Severity
from hub.model.message import Envelope, Interchange
from hub.schema.catalog import Catalog

CATALOG = Catalog(SCHEMAS)
HUB = Envelope("HUB", "ZZ", "X", "ZZ", "1", "202611231200")


def one(data: bytes) -> None:
    """Read, and answer in every way that a partner may want."""
    reading = read(data, CATALOG)
    located(reading, len(data))
    for interchange in reading.interchanges:
        for want in Acknowledge:
            _answer(interchange, want)


def _answer(interchange: Interchange, want: Acknowledge) -> None:
    refused = any(finding.severity is Severity.ERROR for finding in interchange.findings)
    if not answers(interchange, want, refused):
        return
    answer = read(acknowledge(interchange, want, envelope=HUB, catalog=CATALOG), CATALOG)
    assert answer.valid, answer.all_findings()
    assert all(parse(message) for part in answer.interchanges for message in part.messages)


if __name__ == "__main__":
    fuzz(one)
