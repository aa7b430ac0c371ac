"""The pen: values, segments and whole Documents into EDIFACT text, by their schema's nodes.

The text's characters are bytes of the character set already, so that separators and values are joined once and for all.
"""

import re
from collections.abc import Sequence
from typing import Any

from hub.errors import Unsayable, WriteError
from hub.formats.edifact.charsets import Charset
from hub.formats.edifact.separators import Separators
from hub.schema.model import Kind, Node

_CONTROL = r"\x00-\x1f\x7f-\x9f\ud800-\udfff"


class Pen:
    """Writes with ``separators`` in ``charset``. Every method raises WriteError with the path of what does not fit."""

    def __init__(self, separators: Separators, charset: Charset) -> None:
        self.separators = separators
        self._charset = charset
        chars = (
            separators.component,
            separators.element,
            separators.terminator,
            separators.release,
            separators.repetition,
        )
        special, mild = re.escape("".join(chars)), re.escape(charset.mild.decode("ascii"))
        self._special = re.compile(f"[{special}]")
        self._barred = re.compile(f"[{_CONTROL}{mild}]")
        self._plain = re.compile(f"[^{_CONTROL}{mild}{special}]*")

    def value(self, value: object, path: str) -> str:
        """``value`` with its special characters released."""
        if not isinstance(value, str):
            raise WriteError(f"{path}: {type(value).__name__} where a text belongs; mend the mapping")
        if value.isascii() and self._plain.fullmatch(value):
            return value
        if self._barred.search(value):
            raise Unsayable(path, value, f"has characters that {self._charset.codec} lacks; name a wider set")
        if self._charset.overlaps:  # bytes of its characters may look like separators, and are none
            return self._encoded(self._released(value, path), path)
        return self._released(self._encoded(value, path), path)

    def _released(self, value: str, path: str) -> str:
        release = self.separators.release
        if not self._special.search(value):
            return value
        if not release:
            raise Unsayable(path, value, "holds a separator, and there is no release character")
        return self._special.sub(lambda match: release + match[0], value)

    def _encoded(self, value: str, path: str) -> str:
        """``value`` with a character for every byte of it."""
        try:
            return self._charset.encode(value).decode("latin-1")
        except UnicodeEncodeError as error:
            why = f"is not in character set {self._charset.codec}; name a wider one (UNOW for UTF-8)"
            raise Unsayable(path, value[error.start], why) from error

    def composite(self, values: Sequence[Any], path: str) -> str:
        """A composite from its components in order, trailing empty ones left out."""
        return self._joined([self.value(value, path) for value in values], self.separators.component)

    def segment(self, tag: str, elements: Sequence[str]) -> str:
        """A segment from its written elements, without terminator."""
        return self._joined([tag, *elements], self.separators.element)

    def join(self, segments: list[str], crlf: bool) -> bytes:
        """The segments as bytes, each with its terminator."""
        end = self.separators.terminator + ("\r\n" if crlf else "")
        return "".join(segment + end for segment in segments).encode("latin-1")

    def document(self, node: Node, values: Any, path: str, out: list[str]) -> None:
        """Append the segments of ``values``, an instance of the group (or message) ``node``, to ``out``."""
        if not isinstance(values, dict):
            raise WriteError(f"{path or '(document)'}: {type(values).__name__} where a group belongs")
        first = node.children[0].key if node.children else ""
        if node.kind is Kind.GROUP and first not in values:
            raise WriteError(f"{path}: the group has no {first}, which must open it")
        left = len(values)
        for child in node.children:
            if child.key in values:
                left -= 1
                self._place(child, values[child.key], f"{path}/{child.key}" if path else child.key, out)
        if left:
            raise _unknown(node, values, path)

    def _place(self, node: Node, value: Any, path: str, out: list[str]) -> None:
        for item in _items(node, value, path):
            if node.kind is Kind.GROUP:
                self.document(node, item, path, out)
            else:
                out.append(self.segment(node.tag, self.elements(node, item, path)))

    def elements(self, node: Node, values: Any, path: str) -> list[str]:
        """The written elements of ``values``, an instance of the segment ``node``."""
        return self._positions(node, values, path, self._element)

    def _positions(self, node: Node, values: Any, path: str, one: Any) -> list[str]:
        """What ``values`` hold at each position of ``node``, a segment or composite, written by ``one``."""
        if not isinstance(values, dict):
            raise WriteError(f"{path}: {type(values).__name__} where {node.kind} {node.tag} belongs")
        found: list[str] = []
        left = len(values)
        for child in node.children:
            if child.key not in values:
                found += [""] * max(child.slots, 1)
                continue
            left -= 1
            where = f"{path}/{child.key}"
            items = [one(child, item, where) for item in _items(child, values[child.key], where)]
            found += self._slots(child, items, where, child is node.children[-1])
        if left:
            raise _unknown(node, values, path)
        return found

    def _slots(self, node: Node, items: list[str], path: str, last: bool) -> list[str]:
        """``items`` as positions: in the node's own, by the repetition separator or, for the last one, at the end."""
        if node.slots > 1 or node.max == 1:
            return items + [""] * (max(node.slots, 1) - len(items))
        repetition = self.separators.repetition
        while items and not items[-1]:
            items.pop()
        if repetition:
            return [repetition.join(items)]
        if len(items) > 1 and not last:
            raise WriteError(f"{path}: repeats {len(items)} times, which needs syntax version 4")
        return items or [""]

    def _element(self, node: Node, value: Any, path: str) -> str:
        if node.kind is not Kind.COMPOSITE:
            return self.value(value, path)
        return self._joined(self._positions(node, value, path, self._component), self.separators.component)

    def _component(self, _: Node, value: Any, path: str) -> str:
        return self.value(value, path)

    def _joined(self, parts: list[str], separator: str) -> str:
        while parts and not parts[-1]:
            parts.pop()
        return separator.join(parts)


def _items(node: Node, value: Any, path: str) -> list[Any]:
    """``value`` as the list of the node's repetitions."""
    if node.max == 1:
        return [value]
    if not isinstance(value, list):
        raise WriteError(f"{path}: {type(value).__name__} where a list belongs; mend the mapping")
    most = node.slots if node.slots > 1 else node.max
    if most is not None and len(value) > most:
        raise WriteError(f"{path}: {len(value)} repetitions, but {most} at most")
    return value


def _unknown(node: Node, values: dict[str, Any], path: str) -> WriteError:
    known = {child.key for child in node.children}
    name = next(key for key in values if key not in known)
    return WriteError(f"{path or '(document)'}: {name!r} is not in {node.tag}; mend the mapping")
