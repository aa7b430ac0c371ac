"""Any bytes: what they are is told, and whatever it is, reading them gives a value."""

import atheris

with atheris.instrument_imports(include=["hub.formats", "hub.schema.csv", "hub.model.finding"]):
    from hub.formats import detect
    from hub.formats.read import read

from fuzz.harness import SCHEMAS, fuzz, located
from hub.model.message import Syntax
from hub.schema.catalog import Catalog

CATALOG = Catalog(SCHEMAS)


def one(data: bytes) -> None:
    """Detect, say why not, and read by what was detected."""
    assert detect.unreadable(data).place.offset is not None
    reading = read(data, CATALOG)
    assert reading.valid or reading.all_findings()
    assert reading.interchanges or reading.syntax is not Syntax.UNKNOWN or not reading.valid
    located(reading, len(data))


if __name__ == "__main__":
    fuzz(one)
