"""XML: parsing, validating by an installed XSD, and building the Document give a value with located findings."""

import atheris

with atheris.instrument_imports(include=["hub.formats.xml", "hub.schema.xmlparser", "hub.schema.xsd"]):
    from hub.formats.xml.reader import read

from fuzz.harness import SCHEMAS, fuzz, located
from hub.schema.catalog import Catalog

CATALOG = Catalog(SCHEMAS)


def one(data: bytes) -> None:
    """Read, and look at the findings."""
    reading = read(data, CATALOG)
    located(reading, len(data))


if __name__ == "__main__":
    fuzz(one)
