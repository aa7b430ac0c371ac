"""Workbooks: unpacking, reading sheet, strings and styles by a layout give a value with located findings.

The bytes are parts of a workbook, one behind the other with ``BETWEEN`` between them (as its seeds are), which this
packs: mutated bytes of a ZIP file itself seldom get past its checksums.
"""

import io
import zipfile

import atheris

with atheris.instrument_imports(include=["hub.formats.xlsx", "hub.formats.csv", "hub.schema.xmlparser"]):
    from hub.formats.xlsx.reader import read

from fuzz.harness import SCHEMAS, fuzz, located
from fuzz.seeds import BETWEEN, PARTS
from hub.schema.catalog import Catalog

CATALOG = Catalog(SCHEMAS)
ROWS = 1_048_576  # a finding's line is a row


def one(data: bytes) -> None:
    """Pack, read, and look at the findings; the bytes as they are must be no harm either."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, part in zip(PARTS, data.split(BETWEEN), strict=False):
            package.writestr(name, part)
    for content in (packed.getvalue(), data):
        located(read(content, CATALOG), max(len(content), ROWS))


if __name__ == "__main__":
    fuzz(one)
