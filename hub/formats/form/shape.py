"""Has a value the shape of its Schema: tables, lists and texts where they belong, nothing unknown, nothing too often?

What has not is told and left out of the Document, so that what remains can be checked further; in a list something
empty stands in its place. What is missing is told by the checks of the format itself, unless they need it to go on.
"""

import re
from typing import Any

from hub.formats.form.places import Fault, Path, fault
from hub.model.message import Document
from hub.schema.model import Kind, Node, Schema

_NEAR = 12  # names that a finding about an unknown one lists
_ENOUGH = 1_000  # faults of one message; what is worse than that needs no more of them


class Shaping:
    """Shapes one message. ``barred`` finds characters that its format cannot hold."""

    def __init__(self, barred: re.Pattern[str]) -> None:
        self.faults: list[Fault] = []
        self._barred = barred

    def document(self, value: Any, schema: Schema, path: Path) -> Document | None:
        """``value`` as a Document of ``schema``; None when it is no table at all."""
        return self._table(value, schema.root, path)

    def _table(self, value: Any, node: Node, path: Path) -> Document | None:
        if not isinstance(value, dict):
            self._tell("table", path, kind=kind(value))
            return None
        made: Document = {}
        for child in node.children:
            if child.key in value:
                held = self._held(value[child.key], child, (*path, child.key))
                if held is not None:
                    made[child.key] = held
        known = {child.key for child in node.children}
        for key in value:
            if key not in known:
                names = ", ".join(child.key for child in node.children[:_NEAR])
                self._tell("unknown-key", (*path, key), name=key, holder=node.key, names=names)
        return made

    def _held(self, value: Any, node: Node, path: Path) -> Any:
        """What stands under a key: a value, or a list of them where the schema lets it repeat."""
        if node.max == 1:
            return self._one(value, node, path)
        if not isinstance(value, list):
            self._tell("list", path, kind=kind(value))
            return None
        most = node.slots if node.slots > 1 else node.max
        if most is not None and len(value) > most:
            self._tell("too-many", (*path, most), count=len(value), max=most, name=node.key)
        if not value:
            self._tell("empty-list", path)
        items = [self._one(item, node, (*path, at)) for at, item in enumerate(value[:most])]
        return [_blank(node) if item is None else item for item in items] or None

    def _one(self, value: Any, node: Node, path: Path) -> Any:
        if node.children or node.type is None:
            made = self._table(value, node, path)
            return made if made is None else self._opened(made, node, path)
        if type(value) is not str:
            self._tell("text", path, kind=kind(value), name=node.key)
            return None
        strange = self._barred.search(value)
        if strange is None:
            return value
        self._tell("character", path, character=f"U+{ord(strange[0]):04X}", name=node.key)
        return self._barred.sub(" ", value)

    def _opened(self, made: Document, node: Node, path: Path) -> Document:
        """A segment group is opened by its first segment; without it nobody could read it."""
        opened = _opening(node) | made
        for key in opened.keys() - made.keys():
            self._tell("missing", (*path, key), name=key)
        return opened

    def _tell(self, key: str, path: Path, **params: object) -> None:
        if len(self.faults) < _ENOUGH:
            self.faults.append(fault(key, path, **params))


def _blank(node: Node) -> Any:
    return _opening(node) if node.children or node.type is None else ""


def _opening(node: Node) -> Document:
    """The segment that opens ``node``, empty; nothing where no segment does."""
    first = node.children[0] if node.kind is Kind.GROUP and node.children else None
    if first is None or first.kind is not Kind.SEGMENT:
        return {}
    return {first.key: [{}] if first.max != 1 else {}}


def kind(value: Any) -> str:
    """What ``value`` is, in a word of JSON."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if type(value) is str:
        return "string"
    return "null" if value is None else "boolean" if isinstance(value, bool) else "number"
