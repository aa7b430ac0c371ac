"""Document → XML: the schema's order and namespaces, UTF-8 with a declaration, two blanks a level; the same Document
always gives the same bytes. Behind the declaration they are in canonical form (C14N 1.0), so that a signature need not
parse them again.

A Document that does not fit raises WriteError with the path of what is wrong; values are checked by the XSD, not here.
"""

import re
from collections.abc import Callable
from typing import Any

from hub.errors import WriteError
from hub.model.message import Document
from hub.schema.memo import per_schema
from hub.schema.model import Node, Schema, nodes

_Write = Callable[[Any, list[str]], None]
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}  # C14N §2.3
_IN_ATTRIBUTE = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
_FORBIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"  # XML 1.0 §2.2, production 2
_SPECIAL = re.compile(f"[&<>\r{_FORBIDDEN}]")
_SPECIAL_ATTRIBUTE = re.compile(f'[&<\r"\t\n{_FORBIDDEN}]')


def write(document: Document, schema: Schema) -> bytes:
    """``document`` as XML by ``schema``. Raises WriteError naming the path of what does not fit."""
    out = [_HEAD]
    try:
        _writer(schema)(document, out)
    except Misfit as misfit:
        raise WriteError(f"{schema.id}: {misfit.path or '(root)'}: {misfit.why}") from None
    out.append("\n")
    return "".join(out).encode("utf-8")


def element_text(value: str) -> str:
    """``value`` as it stands between tags. Raises Misfit for a character that XML cannot hold."""
    return _escape(value, _ESCAPES, _SPECIAL)


def attribute_text(value: str) -> str:
    """``value`` as it stands between quotes. Raises Misfit."""
    return _escape(value, _IN_ATTRIBUTE, _SPECIAL_ATTRIBUTE)


class Misfit(Exception):
    """What does not fit, and where, seen from the element that is being written."""

    def __init__(self, why: str, path: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.path = path

    def below(self, step: str) -> "Misfit":
        return Misfit(self.why, f"{step}/{self.path}" if self.path else step)


@per_schema
def _writer(schema: Schema) -> _Write:
    prefixes = _prefixes(schema.root)
    declared = "".join(
        f' xmlns{":" + prefix if prefix else ""}="{_escape(uri, _IN_ATTRIBUTE, _SPECIAL_ATTRIBUTE)}"'
        for uri, prefix in prefixes.items()
        if uri
    )
    return _element(schema.root, prefixes, "\n", declared)


def _prefixes(root: Node) -> dict[str, str]:
    """Namespace → prefix. The root's is the default, unless elements of no namespace stand below it."""
    elements = list(dict.fromkeys(node.namespace for node in nodes(root) if node.key[0] not in "@#"))
    attributes = dict.fromkeys(node.namespace for node in nodes(root) if node.key.startswith("@") and node.namespace)
    plain = "" if "" in elements else root.namespace
    found = {plain: ""}
    for uri in [*elements, *attributes]:
        if uri not in found or (uri and uri in attributes and not found[uri]):
            found[uri] = f"n{len(found)}"
    return found


def _name(node: Node, prefixes: dict[str, str]) -> str:
    prefix = prefixes[node.namespace] if node.namespace else ""
    return f"{prefix}:{node.tag}" if prefix else node.tag


def _element(node: Node, prefixes: dict[str, str], margin: str, declared: str = "") -> _Write:
    name = _name(node, prefixes)
    if not node.children:
        return _leaf(f"{margin}<{name}{declared}>", f"</{name}>", empty=node.type is None)
    attributes = [
        (child.key, f' {_name(child, prefixes)}="', child.min > 0)
        for child in sorted(node.children, key=lambda one: (one.namespace, one.tag))
        if child.key.startswith("@")
    ]
    text = any(child.key == "#text" for child in node.children)
    fields = [
        (child.key, child.max, child.min > 0, _element(child, prefixes, margin + "  "))
        for child in node.children
        if child.key[0] not in "@#"
    ]
    # A type without elements may not even hold blanks (XML Schema 1.0 part 1, §3.4.4, 2.1).
    end = f"{margin}</{name}>" if fields and not text else f"</{name}>"
    return _group(f"{margin}<{name}{declared}", end, attributes, text, fields)


def _leaf(start: str, end: str, *, empty: bool) -> _Write:
    def write_text(value: Any, out: list[str]) -> None:
        if type(value) is not str:
            raise Misfit(f"must be text, not {_kind(value)}")
        out.append(f"{start}{_escape(value, _ESCAPES, _SPECIAL)}{end}")

    def write_empty(value: Any, out: list[str]) -> None:
        if value != {}:
            raise Misfit("the schema gives no content for this element")
        out.append(start + end)

    return write_empty if empty else write_text


def _group(
    start: str,
    end: str,
    attributes: list[tuple[str, str, bool]],
    text: bool,
    fields: list[tuple[str, int | None, bool, _Write]],
) -> _Write:
    def write_group(value: Any, out: list[str]) -> None:
        if type(value) is not dict:
            raise Misfit(f"must be a table of its children, not {_kind(value)}")
        left = len(value)
        out.append(start)
        for key, opening, required in attributes:
            if key in value:
                out.append(f'{opening}{_attribute(key, value[key])}"')
                left -= 1
            elif required:
                raise Misfit("is missing", key)
        out.append(">")
        if text:
            out.append(_content(value))
            left -= "#text" in value
        for key, most, required, write_child in fields:
            if key in value:
                left -= 1
                _children(key, most, required, write_child, value[key], out)
            elif required:
                raise Misfit("is missing", key)
        if left:
            known = {key for key, *_ in attributes} | {key for key, *_ in fields} | ({"#text"} if text else set())
            raise Misfit("is not in the schema", next(str(key) for key in value if key not in known))
        out.append(end)

    return write_group


def _children(key: str, most: int | None, required: bool, write_child: _Write, value: Any, out: list[str]) -> None:
    """One child, or each of a list where the schema lets it repeat."""
    if most == 1:
        try:
            write_child(value, out)
        except Misfit as misfit:
            raise misfit.below(key) from None
        return
    if type(value) is not list:
        raise Misfit(f"must be a list, because it may repeat, not {_kind(value)}", key)
    if most is not None and len(value) > most:
        raise Misfit(f"comes {len(value)} times, {most} are allowed", key)
    if required and not value:
        raise Misfit("is missing", key)
    for number, item in enumerate(value, 1):
        try:
            write_child(item, out)
        except Misfit as misfit:
            raise misfit.below(f"{key}[{number}]") from None


def _attribute(key: str, value: Any) -> str:
    if type(value) is not str:
        raise Misfit(f"must be text, not {_kind(value)}", key)
    try:
        return _escape(value, _IN_ATTRIBUTE, _SPECIAL_ATTRIBUTE)
    except Misfit as misfit:
        raise misfit.below(key) from None


def _content(value: dict[str, Any]) -> str:
    text = value.get("#text", "")
    if type(text) is not str:
        raise Misfit(f"must be text, not {_kind(text)}", "#text")
    return _escape(text, _ESCAPES, _SPECIAL)


def _escape(value: str, escapes: dict[str, str], special: re.Pattern[str]) -> str:
    if special.search(value) is None:
        return value
    return special.sub(lambda found: _escaped(found.group(), escapes), value)


def _escaped(char: str, escapes: dict[str, str]) -> str:
    if char not in escapes:
        raise Misfit(f"the character U+{ord(char):04X} cannot be written in XML")
    return escapes[char]


def _kind(value: Any) -> str:
    return "a table" if type(value) is dict else "a list" if type(value) is list else type(value).__name__
