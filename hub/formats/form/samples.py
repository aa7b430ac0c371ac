"""A sample Document of a type that is nothing but groups and leaves, as the hub's own are."""

from hub.model.message import Document
from hub.schema.model import Node, Schema
from hub.schema.sampling import Sampling


def document(schema: Schema, sampling: Sampling) -> Document:
    """A Document of ``schema`` whose values fit their leaves."""
    return _fields(schema.root, schema, sampling)


def _fields(node: Node, schema: Schema, sampling: Sampling) -> Document:
    made: Document = {}
    for child in node.children:
        items = [_value(child, schema, sampling) for _ in range(sampling.times(child.min, child.max))]
        if items:
            made[child.key] = items[0] if child.max == 1 else items
    return made


def _value(node: Node, schema: Schema, sampling: Sampling) -> object:
    if node.children:
        return _fields(node, schema, sampling)
    return sampling.leaf(node, schema.codes.get(node.codes or ""))
