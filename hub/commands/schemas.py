"""`hub schema`: which types there are, and what they look like."""

import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.commands.check import guides_of, schemas_of
from hub.schema import tree
from hub.schema.catalog import Catalog
from hub.schema.jsonschema import json_schema
from hub.schema.model import Kind, Schema
from hub.schema.names import matching, resolve

_COLOURS = {Kind.GROUP: "bold cyan", Kind.SEGMENT: "bold", Kind.COMPOSITE: "cyan", Kind.ELEMENT: "default"}
_WIDTH = 34  # columns for the tree before the second column moves


def catalog(home: Path) -> Catalog:
    """The types of a home, or those that came with the hub."""
    return Catalog(schemas_of(home))


def list_types(home: Path, pattern: str, *, as_json: bool) -> int:
    """Print the ids that ``pattern`` is about, one a line; 1 when there is none."""
    found = matching(pattern, catalog(home))
    print(json.dumps(found) if as_json else "\n".join(found), end="\n" if found or as_json else "")
    return 0 if found else 1


def schema_of(home: Path, word: str, guide: str | None = None) -> Schema:
    """The Schema that ``word`` means, as ``guide`` widens it. Raises SchemaUnknown with what else it could be, HubError
    when there is no such guideline."""
    installed = catalog(home)
    id = resolve(word, installed)
    if guide is None:
        return installed.get(id)
    from hub.guides.library import Guides

    return Guides(installed, guides_of(home)).get(guide).schema(id)


def show(schema: Schema, console: Console, *, codes: bool, depth: int | None) -> None:
    """Print ``schema`` as a tree, and its code lists."""
    console.print(f"[bold]{escape(schema.id)}[/]  {escape(schema.root.title)}")
    if schema.source:
        console.print(f"[dim]{escape(schema.source)}[/]")
    for line in tree.lines(schema, depth):
        room = " " * max(_WIDTH - len(line.stem) - len(line.key), 1)
        facts = "  ".join(f"{fact:{width}}" for fact, width in ((line.status, 7), (line.form, 12), (line.codes, 6)))
        colour = _COLOURS[line.kind]
        console.print(f"[dim]{line.stem}[/][{colour}]{escape(line.key)}[/]{room}{escape(facts)}  {escape(line.title)}")
    for name in tree.used(schema) if codes else ():
        console.print(f"\n[bold]{escape(name)}[/]")
        for code, meaning in schema.codes[name].items():
            console.print(f"  {escape(code):6}  {escape(meaning)}")


def show_json(schema: Schema, *, codes: bool) -> None:
    """Print ``schema`` as one JSON object."""
    print(json.dumps(tree.as_json(schema, codes=codes), ensure_ascii=False, indent=1))


def show_json_schema(schema: Schema, *, codes: bool) -> None:
    """Print the JSON Schema of ``schema``."""
    print(json.dumps(json_schema(schema, codes=codes), ensure_ascii=False, indent=1))
