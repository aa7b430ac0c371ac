"""READ for EDIFACT files of any size: message by message, with the findings that reading all at once would give.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from hub.schema.catalog import Catalog
>>> with TemporaryDirectory() as folder:
...     path = Path(folder, "list.edi")
...     _ = path.write_bytes(b"UNB+UNOC:3+A+B+261123:1200+7'UNH+1+PAXLST:D:02B:UN'UNT+2+1'UNZ+1+7'")
...     for event in stream(path, Catalog(Path("schemas"))):
...         print(type(event).__name__)
Envelope
Message
Interchange
Reading
"""

import os
from collections.abc import Iterator
from pathlib import Path

from hub.formats.edifact.guided import Choose
from hub.formats.edifact.interchange import Event
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.transmission import Transmission
from hub.formats.source import File
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog

LIMITS = Limits(size=1 << 40, interchanges=1_000_000, messages=10_000_000, all_segments=1 << 40)
"""What is handed on piece by piece may be long; what is held at once may not: a message, an object, its findings."""


def stream(
    path: Path,
    catalog: Catalog,
    *,
    charset: str | None = None,
    limits: Limits = LIMITS,
    guides: Choose | None = None,
) -> Iterator[Event | Reading]:
    """All that is in the file at ``path``: of each interchange its Envelope, its Messages and Groups, then the
    Interchange with all findings about it (but without messages and groups, which were handed out before); at the very
    end a Reading with the findings about what is in no interchange.

    Raises OSError when the file cannot be read or is cut while it is, HubError when there is no such ``charset``.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        transmission = Transmission(File(descriptor), catalog, charset, limits, guides)
        yield from transmission.events()
        yield Reading(Syntax.EDIFACT, (), transmission.findings)
    finally:
        os.close(descriptor)
