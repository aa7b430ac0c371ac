"""The pen: values, segments and whole Documents into X12 text, by their schema's nodes. X12 has no release character:
a value that holds a separator cannot be written."""

import re
from collections.abc import Callable
from typing import Any

from hub.errors import Unsayable, WriteError
from hub.formats.x12.isa import Separators
from hub.schema.model import Kind, Node


class Pen:
    """Writes with ``separators`` in ``charset``. Every method raises WriteError with the path of what does not fit."""

    def __init__(self, separators: Separators, charset: str) -> None:
        self.separators = separators
        self._charset = charset
        marks = separators.element + separators.component + separators.repetition + separators.terminator
        self._special = re.compile(f"[{re.escape(marks)}\\x00-\\x1f\\x7f]")

    def value(self, value: object, path: str) -> str:
        """``value``, which must be a text without separators and control characters."""
        if not isinstance(value, str):
            raise WriteError(f"{path}: {type(value).__name__} where a text belongs; mend the mapping")
        barred = self._special.search(value)
        if barred:
            why = f"holds {barred[0]!r}, which separates or controls; replace it, or choose other separators"
            raise Unsayable(path, value, f"{why} for this partner")
        if not value.isascii():
            self._encode(value, path)
        return value

    def _encode(self, text: str, path: str) -> bytes:
        try:
            return text.encode(self._charset)
        except UnicodeEncodeError as error:
            why = f"is not in the character set {self._charset}; agree on a wider one with this partner"
            raise Unsayable(path, text[error.start], why) from error

    def segment(self, tag: str, elements: list[str]) -> str:
        """A segment from its written elements, without terminator; what is empty at its end is left out."""
        return self.separators.element.join(_trimmed([tag, *elements]))

    def join(self, segments: list[str], newline: str) -> bytes:
        """The segments as bytes, each with its terminator."""
        end = self.separators.terminator + newline
        return self._encode("".join(segment + end for segment in segments), "(document)")

    def document(self, node: Node, values: Any, path: str, out: list[str]) -> None:
        """Append the segments of ``values``, an instance of the loop (or set) ``node``, to ``out``."""
        if not isinstance(values, dict):
            raise WriteError(f"{path or '(document)'}: {type(values).__name__} where a loop belongs")
        if node.kind is Kind.GROUP and node.children[0].key not in values:
            raise WriteError(f"{path}: the loop has no {node.children[0].key}, which must open it")
        left = len(values)
        for child in node.children:
            if child.key not in values:
                continue
            left -= 1
            where = f"{path}/{child.key}" if path else child.key
            for item in _items(child, values[child.key], where):
                if child.kind is Kind.GROUP:
                    self.document(child, item, where, out)
                else:
                    out.append(self.segment(child.tag, self._row(child, item, where, self._element)))
        if left:
            raise _unknown(node, values, path)

    def _row(self, node: Node, values: Any, path: str, one: Callable[[Node, Any, str], str]) -> list[str]:
        """What ``values`` hold at each position of ``node``, a segment or composite, written by ``one``."""
        if not isinstance(values, dict):
            raise WriteError(f"{path}: {type(values).__name__} where {node.kind} {node.tag} belongs")
        found = []
        left = len(values)
        for child in node.children:
            if child.key not in values:
                found.append("")
                continue
            left -= 1
            where = f"{path}/{child.key}"
            items = [one(child, item, where) for item in _items(child, values[child.key], where)]
            found.append(self._repeated(items, where))
        if left:
            raise _unknown(node, values, path)
        return found

    def _repeated(self, items: list[str], path: str) -> str:
        items = _trimmed(items)
        if len(items) > 1 and not self.separators.repetition:
            raise WriteError(
                f"{path}: repeats {len(items)} times, which needs version 005010 or a repetition separator"
            )
        return self.separators.repetition.join(items)

    def _element(self, node: Node, value: Any, path: str) -> str:
        if node.kind is not Kind.COMPOSITE:
            return self.value(value, path)
        parts = _trimmed(self._row(node, value, path, lambda _, part, where: self.value(part, where)))
        if len(parts) > 1 and not self.separators.component:
            raise WriteError(f"{path}: has {len(parts)} components, and there is no component separator")
        return self.separators.component.join(parts)


def _trimmed(parts: list[str]) -> list[str]:
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _items(node: Node, value: Any, path: str) -> list[Any]:
    """``value`` as the list of the node's repetitions."""
    if node.max == 1:
        return [value]
    if not isinstance(value, list):
        raise WriteError(f"{path}: {type(value).__name__} where a list belongs; mend the mapping")
    if node.max is not None and len(value) > node.max:
        raise WriteError(f"{path}: {len(value)} repetitions, but {node.max} at most")
    return value


def _unknown(node: Node, values: dict[str, Any], path: str) -> WriteError:
    known = {child.key for child in node.children}
    name = next(key for key in values if key not in known)
    return WriteError(f"{path or '(document)'}: {name!r} is not in {node.tag}; mend the mapping")
