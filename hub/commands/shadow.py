"""`hub map shadow`: what another version of a mapping would have made of the messages that the hub has carried."""

import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.commands import history
from hub.commands.home import OpenHome, opened
from hub.commands.packs import unpacked
from hub.engine.world import World, load_world
from hub.engine.write import given
from hub.mapping import workbench
from hub.mapping.apply import Mapping
from hub.mapping.loader import load
from hub.mapping.shadowing import Comparison, differences


def shadow(new: Path, last: int, expected: list[str], home: Path, console: Console, *, as_json: bool) -> int:
    """Compare ``new`` (a mapping file, or each mapping of a pack) with what is in force, on the ``last`` messages that
    the version in force wrote. 1 when a field differs that ``expected`` does not name. Nothing is written."""
    world = load_world(home)
    with opened(home) as found:
        if new.suffix == ".toml":
            compared = [_compare(load(new, world.catalog), last, found, world)]
        else:
            with unpacked(new) as folder:
                mappings = [load(file, world.catalog) for file in workbench.files([folder])]
                compared = [_compare(one, last, found, world) for one in mappings if _changed(one, world)]
    unexpected = [path for one in compared for path in one.unexpected(expected)]
    if as_json:
        print(json.dumps([one.as_json() for one in compared], ensure_ascii=False))
    else:
        for one in compared:
            _show(one, set(one.unexpected(expected)), console)
    return 1 if unexpected else 0


def _changed(mapping: Mapping, world: World) -> bool:
    """Whether a mapping of a pack stands in the place of another version."""
    folder, _, name = mapping.id.partition("/")
    file = world.mappings.root / folder / f"{name}.toml"
    return file.is_file() and world.mappings.get(mapping.id).digest != mapping.digest


def _compare(new: Mapping, last: int, found: OpenHome, world: World) -> Comparison:
    present = world.mappings.get(new.id)
    compared = Comparison(new.id, present.digest, new.digest)
    target = world.catalog.get(present.target).root
    with found.database.read() as connection:
        for row in history.mapped(connection, new.id, present.digest, last):
            source = given(history.job(connection, found.blobs, row), world)
            said = (source.document, source.context, source.type)
            compared.note(differences(row["id"], present, new, said, target))
    return compared


def _show(one: Comparison, unexpected: set[str], console: Console) -> None:
    console.print(escape(f"{one.mapping}: {one.messages} messages, {one.differing} come out otherwise"))
    for path, found in sorted(one.fields.items()):
        mark = "!" if path in unexpected else " "
        console.print(escape(f"{mark} {path}  {found.count}×"))
        for example in found.examples:
            console.print(escape(f"      {example.message}  {example.before!r} → {example.after!r}"))
