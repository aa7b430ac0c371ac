"""Does every leaf of a Document fit its Schema: there, of its length, type and code list? For formats whose schema says
all that is to be checked: CSV layouts and the hub's own types."""

from collections.abc import Iterator
from typing import Any

from hub.formats.csv import cells
from hub.formats.form.places import Fault, Path, fault
from hub.model.message import Document
from hub.schema.csv import CsvSchema
from hub.schema.memo import per_schema
from hub.schema.model import Node, Schema

_EMPTY = ("too-short", (("value", ""), ("min", "1"), ("length", "0")))
"""An empty cell is an absent value; an empty text in a Document is one that should not be there."""


def check(document: Document, schema: Schema, path: Path) -> list[Fault]:
    """The faults of ``document``, which has the schema's shape and stands at ``path``."""
    faults = list(_table(document, schema.root, path, _checks(schema)))
    if isinstance(schema, CsvSchema):
        key, most = schema.record.key, schema.max_records
        count = len(document.get(key, ()))
        if not count:
            faults.append(fault("missing", (*path, key), name=key))
        if count > most:
            faults.append(fault("too-many", (*path, key, most), name=key, count=count, max=most))
    return faults


def _table(values: Document, node: Node, path: Path, checks: dict[int, cells.Check]) -> Iterator[Fault]:
    for child in node.children:
        here = (*path, child.key)
        held = values.get(child.key)
        items = [] if held is None else [(here, held)]
        if child.max != 1 and held is not None:
            items = [((*here, at), item) for at, item in enumerate(held)]
        if len(items) < child.min:
            yield fault("missing", here, name=child.key)
        for there, item in items:
            yield from _item(item, child, there, checks)


def _item(value: Any, node: Node, path: Path, checks: dict[int, cells.Check]) -> Iterator[Fault]:
    if node.children:
        yield from _table(value, node, path, checks)
        return
    found = checks[id(node)](value) or (_EMPTY if value == "" else None)
    if found is not None:
        key, params = found
        yield fault(key, path, name=node.key, **dict(params))


@per_schema
def _checks(schema: Schema) -> dict[int, cells.Check]:
    """The check of each leaf, by the identity of its node, which the schema keeps alive."""
    return {id(leaf): cells.check(leaf, schema.codes.get(leaf.codes or "")) for leaf in _leaves(schema.root)}


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)
