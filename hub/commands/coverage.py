"""`hub map coverage`: what a mapping leaves out."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.commands.maps import settings_of
from hub.mapping import workbench
from hub.mapping.loader import load
from hub.mapping.usage import Coverage, Gap, coverage
from hub.schema.catalog import Catalog

_SHOWN = 60  # characters of an example


def show_coverage(path: Path, samples: Path | None, home: Path, console: Console, *, as_json: bool) -> None:
    """Print what ``path`` leaves unread and unset; samples are its own when none are named."""
    catalog = Catalog(settings_of(home).paths.schemas)
    mapping = load(path, catalog)
    files = workbench.samples_of(path) if samples is None else _files(samples)
    documents = [one for file in files for one in workbench.documents(mapping, file.read_bytes(), catalog, [])]
    found = coverage(mapping, catalog, documents, workbench.SAMPLE, documents[0][0] if documents else "")
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        for line in _lines(found):
            console.print(escape(line))


def _files(samples: Path) -> list[Path]:
    return sorted(file for file in samples.rglob("*") if file.is_file()) if samples.is_dir() else [samples]


def _lines(found: Coverage) -> Iterator[str]:
    yield f"{found.mapping}: reads {found.read} of {found.readable} fields of {found.source}"
    yield f"{found.mapping}: sets {found.set} of {found.settable} fields of {found.target}"
    yield from _gaps(f"no row reads, of {found.source}:", found.unread)
    yield from _gaps(f"no row sets, of {found.target}:", found.unset)
    if found.unused:
        yield f"filled in {found.samples} samples, but read by no row:"
        width = max(len(one.path) for one in found.unused)
        yield from (f"  {one.path:{width}}  {one.count:4}×  {one.example[:_SHOWN]!r}" for one in found.unused)
    if found.unmade:
        yield f"has a row, but {found.samples} samples never set it:"
        yield from (f"  {path}" for path in found.unmade)


def _gaps(head: str, gaps: Iterable[Gap]) -> Iterator[str]:
    gaps = list(gaps)
    if gaps:
        yield head
        width = max(len(gap.path) for gap in gaps)
        for gap in gaps:
            fields = f"{gap.fields} fields" if gap.fields > 1 else "1 field"
            yield f"  {'M' if gap.mandatory else 'C'}  {gap.path:{width}}  {fields:10}  {gap.title}".rstrip()
