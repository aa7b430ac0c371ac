"""Dependency notes as JSON Schema: which keys must, and must not, be there together."""

from collections.abc import Callable, Iterator
from typing import Any

from hub.schema.model import Node, Rule

Plain = dict[str, Any]


def rules(node: Node) -> Iterator[Plain]:
    """The notes of ``node`` about keys; one about the further positions of a tag cannot be told so, and is left out."""
    places = [(child.key, slot) for child in node.children for slot in range(max(child.slots, 1))]
    for note in node.depends:
        known = [places[position - 1] for position in note.positions if position <= len(places)]
        if known and not any(slot for _, slot in known):
            yield _WAYS[note.rule]([key for key, _ in known])


def _has(key: str) -> Plain:
    return {"required": [key]}


def _any(keys: list[str]) -> Plain:
    return {"anyOf": [_has(key) for key in keys]}


def _none(keys: list[str]) -> Plain:
    return {"not": _any(keys)} if keys else {}


def _first(keys: list[str], then: Plain) -> Plain:
    return {"if": _has(keys[0]), "then": then}


_WAYS: dict[Rule, Callable[[list[str]], Plain]] = {
    Rule.ONE: lambda keys: {"oneOf": [_has(key) for key in keys]},
    Rule.ALL_OR_NONE: lambda keys: {"oneOf": [{"required": keys}, _none(keys)]},
    Rule.AT_LEAST_ONE: _any,
    Rule.AT_MOST_ONE: lambda keys: {"oneOf": [*map(_has, keys), _none(keys)]},
    Rule.FIRST_NEEDS_ALL: lambda keys: _first(keys, {"required": keys}),
    Rule.FIRST_NEEDS_ONE: lambda keys: _first(keys, _any(keys[1:])),
    Rule.FIRST_ALONE: lambda keys: _first(keys, _none(keys[1:])),
}
