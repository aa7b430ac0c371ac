"""`hub map explain` and `hub explain`: where each field comes from that a mapping writes, or wrote for a delivery."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from hub.commands import history
from hub.commands.home import opened
from hub.commands.maps import settings_of
from hub.engine.explaining import explain
from hub.engine.world import PACKS, World, load_world
from hub.errors import HubError
from hub.mapping import workbench
from hub.mapping.apply import Mapping
from hub.mapping.lineage import Lineage, Origin, Step
from hub.mapping.loader import Mappings, load
from hub.model.finding import Finding
from hub.packs.shelf import Shelf
from hub.schema.catalog import Catalog


def explain_mapping(path: Path, file: Path, field: str, home: Path, *, as_json: bool) -> int:
    """Print the lineage of what ``path`` makes of every message in ``file``; 1 when there is no such field."""
    catalog = Catalog(settings_of(home).paths.schemas)
    mapping, found = load(path, catalog), list[Finding]()
    told = []
    for type_, document in workbench.documents(mapping, file.read_bytes(), catalog, found):
        lines = mapping.explain(document, workbench.SAMPLE, type_)
        told.append(tuple(line for line in lines if not field or line.below(field)))
    if as_json:
        print(json.dumps([[line.as_json() for line in lines] for lines in told], ensure_ascii=False))
    else:
        for number, lines in enumerate(told, 1):
            print(*([f"message {number}"] if len(told) > 1 else []), *shown(lines), sep="\n")
    if any(told):
        return 0
    print(f"{mapping.id} writes {field or 'nothing'} from no message of {file}", file=sys.stderr)
    return 1


def explain_delivery(delivery: str, field: str, folder: Path | None, home: Path, *, as_json: bool) -> int:
    """Print the lineage of ``delivery``; 1 when there is no such field, or when its bytes cannot be made again.

    ``folder`` has other mappings than the home's, where the version that wrote it may be. Raises HubError.
    """
    world = load_world(home)
    with opened(home) as found, found.database.read() as connection:
        row = history.sealed(connection, delivery)
        work, data = history.job(connection, found.blobs, row), history.content(found.blobs, row)
    explained = explain(work, _wrote(row, world, folder), data, world)
    lines = [line for line in explained.lines if not field or line.below(field)]
    if as_json:
        print(json.dumps({"same": explained.same, "fields": [line.as_json() for line in lines]}, ensure_ascii=False))
    else:
        print(*shown(lines), _SAME if explained.same else _OTHER, sep="\n")
    return 0 if lines and explained.same else 1


def _wrote(row: history.Row, world: World, folder: Path | None) -> Mapping:
    """The mapping that wrote a delivery, in its very version."""
    id_, digest = row["plan"]["mapping"], row["plan"].get("digest", "")
    mapping = (Mappings(folder, world.catalog) if folder else world.mappings).get(id_)
    if mapping.digest == digest:
        return mapping
    service, _, name = id_.partition("/")
    for file in Shelf(world.settings.spool.path / PACKS).files(service, f"{name}.toml"):
        packed = load(file, world.catalog)
        if packed.digest == digest:
            return packed
    wanted = f"was written by {id_} of sha256 {digest}" if digest else "does not say which version wrote it"
    raise HubError(
        f"{row['id']} {wanted}; the one at hand, {mapping.file}, is {mapping.digest}. "
        f"Name a folder that has that version: --mappings FOLDER"
    )


_SAME = "Written again, the content is what was sealed."
_OTHER = "Written again, the content is NOT what was sealed: partners, schemas or hub.toml have changed since."


def shown(lines: Iterable[Lineage]) -> Iterator[str]:
    """Lineage for people: a field a paragraph, the mapping named last."""
    last = None
    for last in lines:
        yield f"{last.target} = {last.value}"
        yield from (f"    {what}" for what in _told(last))
    if last is not None:
        yield f"by {last.mapping}, version {last.version}, sha256 {last.digest}"


def _told(line: Lineage) -> Iterator[str]:
    for seen in line.seen:
        yield f"read   {seen.path}  {seen.value!r}"
    if line.origin in (Origin.CONST, Origin.DEFAULT, Origin.MARK):
        yield f"{line.origin.value:6} {line.value!r}"
    for step in line.steps:
        yield f"{'table' if step.name.startswith('table ') else 'apply':6} {_step(step)}"
    if line.when:
        yield f"when   {line.when}"
    note = f"  ({line.note})" if line.note else ""
    yield f"row    {line.file}:{line.line}{note}"


def _step(step: Step) -> str:
    return f"{step.name.removeprefix('table ')}: {', '.join(map(repr, step.before)) or 'nothing'} → {step.after!r}"
