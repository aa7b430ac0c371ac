"""A Schema shown to people: one line a place, with how often it comes, its form, its name and its code list.

A line reads ``│  └─ 3035  M 1  an..3  [28]  Party function code qualifier``: mandatory, once, up to three characters,
a list of 28 codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.schema.model import DataType, Kind, Node, Schema, nodes


@dataclass(frozen=True, slots=True)
class Line:
    """One place: the lines that lead to it, its key, status (``M``, ``C``) and repetition, form, codes and name."""

    stem: str
    kind: Kind
    key: str
    status: str
    form: str
    codes: str
    title: str


def lines(schema: Schema, depth: int | None = None) -> Iterator[Line]:
    """Every place of ``schema`` in order, down to ``depth`` (None: all)."""
    return _below(schema.root, schema, "", depth)


def as_json(schema: Schema, *, codes: bool = False) -> dict[str, Any]:
    """``schema`` as plain JSON values; ``codes`` adds the code lists themselves."""
    plain: dict[str, Any] = {"id": schema.id, "source": schema.source, "root": _plain(schema.root)}
    if codes:
        plain["codes"] = {name: dict(schema.codes[name]) for name in used(schema)}
    return plain


def used(schema: Schema) -> list[str]:
    """The names of the code lists that places of ``schema`` name, each once, in their order."""
    return list(dict.fromkeys(node.codes for node in nodes(schema.root) if node.codes and node.codes in schema.codes))


def form(node: Node) -> str:
    """What a leaf may hold: ``an..35``, ``n8``, ``text 1..70``, ``decimal``; nothing for what has children.

    >>> form(Node("3036", "3036", Kind.ELEMENT, type=DataType.ALPHANUMERIC, max_length=35))
    'an..35'
    """
    if node.type is None:
        return ""
    low, high = node.min_length, node.max_length
    if node.type in (DataType.ALPHA, DataType.NUMERIC, DataType.ALPHANUMERIC) and high is not None:
        return f"{node.type}{high}" if low == high else f"{node.type}{low or ''}..{high}"
    if high is None:
        return f"{node.type} {low}.." if low else str(node.type)
    return f"{node.type} {high}" if low == high else f"{node.type} {low}..{high}"


def _below(node: Node, schema: Schema, stem: str, depth: int | None) -> Iterator[Line]:
    if depth == 0:
        return
    for child in node.children:
        last = child is node.children[-1]
        yield _line(child, schema, stem + ("└─ " if last else "├─ "))
        yield from _below(child, schema, stem + ("   " if last else "│  "), None if depth is None else depth - 1)


def _line(node: Node, schema: Schema, stem: str) -> Line:
    most = "∞" if node.max is None else str(node.max)
    listed = len(schema.codes[node.codes]) if node.codes and node.codes in schema.codes else 0
    return Line(
        stem,
        node.kind,
        node.key,
        f"{'M' if node.min else 'C'} {f'{node.min}..' if node.min > 1 and node.min != node.max else ''}{most}",
        form(node),
        f"[{listed}]" if listed else "",
        node.title,
    )


def _plain(node: Node) -> dict[str, Any]:
    plain: dict[str, Any] = {"key": node.key, "tag": node.tag, "kind": node.kind.value, "title": node.title}
    plain |= {"min": node.min, "max": node.max}
    if node.slots > 1:
        plain["slots"] = node.slots
    if node.type is not None:
        plain |= {"type": node.type.value, "min_length": node.min_length, "max_length": node.max_length}
    optional = {"codes": node.codes, "namespace": node.namespace}
    plain |= {name: value for name, value in optional.items() if value}
    if node.depends:
        plain["depends"] = [{"rule": note.rule.value, "positions": list(note.positions)} for note in node.depends]
    if node.children:
        plain["children"] = [_plain(child) for child in node.children]
    return plain
