"""`hub convert`: a file in another form, as far as that form can hold it."""

import sys
from pathlib import Path

from rich.console import Console

from hub.commands.check import MAX_BYTES, schemas_of
from hub.commands.findings import line
from hub.errors import HubError
from hub.formats.convert import convert
from hub.formats.edifact.style import Style
from hub.formats.read import read
from hub.model.finding import Language, Severity
from hub.model.form import Form
from hub.schema.catalog import Catalog


def convert_file(file: Path, form: Form, out: Path | None, home: Path, language: Language) -> int:
    """Write ``file`` in ``form`` to ``out`` (standard output when None); findings about it go to standard error.

    0: it was valid. 1: it had errors, and was converted all the same. Raises HubError when it cannot be converted.
    """
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise HubError(f"{file}: {size} bytes are more than the {MAX_BYTES} that are read at once")
    catalog = Catalog(schemas_of(home))
    reading = read(file.read_bytes(), catalog)
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    for finding in reading.all_findings():
        if finding.severity is not Severity.INFO:
            complaints.print(line(finding, language))
    if not any(interchange.messages for interchange in reading.interchanges):
        raise HubError(f"{file}: no message can be read; nothing is converted")
    data = convert(reading.interchanges, form, catalog, Style(crlf=True))
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)
    return 0 if reading.valid else 1
