"""Whether the rows of a mapping write every mandatory field of the target, so that what comes out is complete."""

from collections.abc import Iterator, Mapping

from hub.config.located import KeyPath
from hub.schema.model import Node

_BY_THE_HUB = frozenset({"UNH", "UNT", "ST"})  # written with the envelope


def unwritten(root: Node, written: Mapping[str, KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """The full names of mandatory places that no row writes, each behind the row that writes what it belongs to.

    ``written`` gives the full name of every target field with a row (``Head/MessageID``) and the row's key.
    """
    return _below(root, "", written)


def _below(node: Node, name: str, written: Mapping[str, KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    for child in node.children:
        if child.tag in _BY_THE_HUB:
            continue
        path = f"{name}{child.key}"
        under = [key for field, key in written.items() if field == path or field.startswith(f"{path}/")]
        if under and child.children:
            yield from _below(child, f"{path}/", written)
        elif not under and child.min > 0:
            yield _nearest(name, written), path


def _nearest(name: str, written: Mapping[str, KeyPath]) -> KeyPath:
    key = next((key for field, key in written.items() if field.startswith(name)), ("mapping", "to"))
    return key if name else ("mapping", "to")
