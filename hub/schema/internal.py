"""The hub's own message types, which no partner sends: ``internal:case-status`` from ``schemas/internal/*.toml``.

Their documents are JSON: an object shaped as ``hub.schema.model`` says.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from hub.config import located
from hub.config.located import Table
from hub.errors import SchemaUnknown, WriteError
from hub.schema.model import DataType, Kind, Node, Schema

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class _Title(Table):
    zh: str
    en: str


class _Field(Table):
    key: Key
    title: _Title
    type: Literal["text", "integer", "decimal", "date", "datetime", "boolean"] = "text"
    required: bool = False
    max_length: Annotated[int, Field(ge=1)] | None = None
    codes: str | None = None


class _Group(Table):
    key: Key
    title: _Title
    min: Annotated[int, Field(ge=0)] = 0
    max: Annotated[int, Field(ge=1)] | None = None
    field: tuple[_Field, ...] = ()
    group: tuple["_Group", ...] = ()


class _Head(Table):
    title: _Title
    source: str


class _File(Table):
    head: _Head = Field(alias="schema")
    field: tuple[_Field, ...] = ()
    group: tuple[_Group, ...] = ()
    codes: dict[str, dict[str, _Title]] = Field(default_factory=dict)


def load(root: Path, name: str) -> Schema:
    """The schema ``internal:<name>`` from ``root/<name>.toml``. Raises SchemaUnknown, ConfigError."""
    path = root / f"{name}.toml"
    if not name.replace("-", "").isalnum() or not path.is_file():
        raise SchemaUnknown(f"internal:{name} is not installed: there is no schemas/internal/{name}.toml")
    file = located.validate(_File, located.load(path))
    children = (*map(_leaf, file.field), *map(_group, file.group))
    root_node = Node(name, name, Kind.MESSAGE, file.head.title.en, 1, 1, children)
    codes = {list_: {code: title.en for code, title in rows.items()} for list_, rows in file.codes.items()}
    return Schema(f"internal:{name}", root_node, codes, file.head.source)


def names(root: Path) -> list[str]:
    """The names of the schemas under ``root``, sorted."""
    return sorted(path.stem for path in root.glob("*.toml"))


def parse(data: bytes, schema: Schema) -> dict[str, Any]:
    """The JSON document in ``data``. Raises WriteError when it is not shaped by ``schema``: the hub itself made it."""
    try:
        document = json.loads(data)
    except ValueError as error:
        raise WriteError(f"not a JSON document of {schema.id}: {error}") from error
    _fit(document, schema.root, schema.id)
    made: dict[str, Any] = document
    return made


def _fit(value: Any, node: Node, where: str) -> None:
    if not node.children:
        if not isinstance(value, str):
            raise WriteError(f"{where} is a text; write it in quotes")
        return
    if not isinstance(value, dict):
        raise WriteError(f"{where} is an object with {', '.join(child.key for child in node.children[:8])}")
    for key, inner in value.items():
        child = node.child(key)
        if child is None:
            raise WriteError(f"{where} has no {key}; remove it")
        if child.max == 1:
            _fit(inner, child, f"{where}/{key}")
        elif not isinstance(inner, list):
            raise WriteError(f"{where}/{key} is a list")
        else:
            for number, item in enumerate(inner, 1):
                _fit(item, child, f"{where}/{key}[{number}]")
    missing = [child.key for child in node.children if child.min and child.key not in value]
    if missing:
        raise WriteError(f"{where} lacks {', '.join(missing)}; add it")


def _leaf(field: _Field) -> Node:
    return Node(
        field.key,
        field.key,
        Kind.ELEMENT,
        field.title.en,
        int(field.required),
        1,
        type=DataType(field.type),
        max_length=field.max_length,
        codes=field.codes,
    )


def _group(group: _Group) -> Node:
    children = (*map(_leaf, group.field), *map(_group, group.group))
    return Node(group.key, group.key, Kind.GROUP, group.title.en, group.min, group.max, children)
