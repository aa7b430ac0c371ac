"""`hub map new` and `hub map reverse`: mappings that the workbench writes."""

import re
import sys
from pathlib import Path

from hub.commands.maps import settings_of
from hub.config import located
from hub.errors import HubError
from hub.mapping import workbench
from hub.mapping.draft import Draft
from hub.mapping.loader import MAX_BYTES, load
from hub.mapping.proposal import propose
from hub.mapping.reverse import reverse
from hub.mapping.table import File
from hub.model.finding import Finding, Language
from hub.model.message import Document
from hub.schema.catalog import Catalog
from hub.schema.names import resolve


def reverse_mapping(path: Path, out: Path | None, type_: str, home: Path) -> None:
    """Write the inverse of ``path`` to ``out``. Raises HubError when ``path`` does not read ``type_``."""
    catalog = Catalog(settings_of(home).paths.schemas)
    mapping = load(path, catalog)
    if type_ and type_ not in mapping.sources:
        raise HubError(f"{mapping.id} reads {', '.join(mapping.sources)}, not {type_}; name one of them")
    file = located.validate(File, located.load(path, max_bytes=MAX_BYTES))
    folder, _, name = mapping.id.partition("/")
    save(reverse(file, catalog, f"{folder}/{out.stem if out else turned(name)}", type_).draft, out)


def propose_mapping(source: str, target: str, given: Path, wanted: Path, out: Path | None, home: Path) -> None:
    """Write a draft that makes what ``wanted`` holds of what ``given`` holds. Raises HubError when a sample is not of
    its type."""
    catalog = Catalog(settings_of(home).paths.schemas)
    types = [resolve(word, catalog) for word in (source, target)]
    before, after = (_document(file, type_, catalog) for file, type_ in zip((given, wanted), types, strict=True))
    folder = out.resolve().parent.name if out else "drafts"
    if out and _word(out.stem) != out.stem:
        raise HubError(f"{out.name}: name a mapping's file with a–z, 0–9 and dashes: {_word(out.stem)}.toml")
    id_ = f"{_word(folder)}/{out.stem if out else 'draft'}"
    save(propose(catalog.get(types[0]), catalog.get(types[1]), before, after, catalog, id_), out)


def _document(file: Path, type_: str, catalog: Catalog) -> Document:
    """The first message of ``type_`` in ``file``."""
    data, found = file.read_bytes(), list[Finding]()
    document = next((one for name, one in workbench.messages((type_,), data, catalog, found) if name == type_), None)
    if document is None:
        why = f": {found[0].text(Language.EN)}" if found else ""
        raise HubError(f"{file} holds no {type_}{why}")
    return document


def _word(text: str) -> str:
    """``text`` as a part of a mapping's id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "draft"


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
