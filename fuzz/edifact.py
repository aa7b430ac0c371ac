"""EDIFACT: reading gives a value with located findings; its CONTRL is sound; what was sound reads back the same."""

import atheris

with atheris.instrument_imports(include=["hub.formats.edifact"]):
    from hub.formats.edifact.contrl import answerable, contrl
    from hub.formats.edifact.reader import read
    from hub.formats.edifact.writer import rewrap

from fuzz.harness import SCHEMAS, fuzz, located
from hub.guides.library import Guides
from hub.model.message import Envelope
from hub.schema.catalog import Catalog

CATALOG = Catalog(SCHEMAS)
GUIDES = Guides(CATALOG).choice()
HUB = Envelope(sender="HUB", recipient="X", control_ref="42", prepared_at="2611231200", syntax_id="UNOW")


def one(data: bytes) -> None:
    """Read, by the guideline that UNH names, answer, and pass on what is sound."""
    reading = read(data, CATALOG, guides=GUIDES)
    located(reading, len(data))
    for interchange in reading.interchanges:
        if answerable(interchange):
            assert read(contrl(interchange, envelope=HUB, control_ref="9", catalog=CATALOG), CATALOG).valid
        for message in interchange.messages if reading.valid else ():
            again = read(rewrap(data, message, HUB), CATALOG, guides=GUIDES)
            assert again.interchanges[0].messages[0].document == message.document


if __name__ == "__main__":
    fuzz(one)
