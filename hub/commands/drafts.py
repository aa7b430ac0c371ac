"""`hub map reverse`: mappings that the workbench writes."""

import sys
from pathlib import Path

from hub.commands.maps import settings_of
from hub.config import located
from hub.errors import HubError
from hub.mapping.draft import Draft
from hub.mapping.loader import MAX_BYTES, load
from hub.mapping.reverse import reverse
from hub.mapping.table import File
from hub.schema.catalog import Catalog


def reverse_mapping(path: Path, out: Path | None, type_: str, home: Path) -> None:
    """Write the inverse of ``path`` to ``out``. Raises HubError when ``path`` does not read ``type_``."""
    catalog = Catalog(settings_of(home).paths.schemas)
    mapping = load(path, catalog)
    if type_ and type_ not in mapping.sources:
        raise HubError(f"{mapping.id} reads {', '.join(mapping.sources)}, not {type_}; name one of them")
    file = located.validate(File, located.load(path, max_bytes=MAX_BYTES))
    folder, _, name = mapping.id.partition("/")
    save(reverse(file, catalog, f"{folder}/{out.stem if out else turned(name)}", type_).draft, out)


def turned(name: str) -> str:
    """The name of the way back: ``b-to-a`` for ``a-to-b``."""
    first, to, last = name.partition("-to-")
    return f"{last}-to-{first}" if to else f"{name}-reversed"


def save(draft: Draft, out: Path | None) -> None:
    """Write ``draft``, and say on standard error what a person must fill in."""
    if out is None:
        sys.stdout.write(draft.text())
    else:
        out.write_text(draft.text(), "utf-8")
    for row in draft.to_fill():
        print(f"{row.note.partition(' (')[0]}: {row.to}", file=sys.stderr)
