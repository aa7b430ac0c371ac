"""Any Document as XML, in one shape for all types, and back: for tools that speak XML and know no EDIFACT.

::

    <transmission xmlns="urn:hub:transmission">
      <interchange>
        <envelope sender="OCEANAIR" recipient="HUBCSX"/>
        <message type="edifact:D.02B:PAXLST">
          <segment key="BGM">
            <composite key="C002">
              <element key="1001">745</element>

What repeats stands there as often as it comes. ``group``, ``segment``, ``composite`` and ``element`` are names for the
reader's eyes; ``key`` is what counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from hub.errors import ConfigError, SchemaUnknown, WriteError
from hub.formats.form import reader as form
from hub.formats.form.places import Path
from hub.formats.form.plain import FLAGS, REST, plain
from hub.formats.xml.writer import Misfit, attribute_text, element_text
from hub.model.finding import Place
from hub.model.message import Interchange, Reading, Syntax
from hub.schema.catalog import Catalog
from hub.schema.model import Kind, Node
from hub.schema.xmlparser import Parsed

NAMESPACE = "urn:hub:transmission"
ROOT = f"{{{NAMESPACE}}}transmission"

_NAMES = {Kind.GROUP: "group", Kind.SEGMENT: "segment", Kind.COMPOSITE: "composite", Kind.ELEMENT: "element"}


def write(interchanges: Sequence[Interchange], catalog: Catalog) -> bytes:
    """``interchanges`` as generic XML. Raises WriteError for a message that could not be read, for one that does not
    fit its schema, and for characters that XML cannot hold."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>', f'\n<transmission xmlns="{NAMESPACE}">']
    value = plain(interchanges)
    for one in value.get("interchanges") or [{"envelope": value.get("envelope", {}), "messages": [value]}]:
        out.append("\n <interchange>")
        if one["envelope"]:
            _head("envelope", one["envelope"], out)
        for group in one.get("groups", ()):
            _head("group", group, out)
        for message in one["messages"]:
            _message(message, catalog, out)
        out.append("\n </interchange>")
    out.append("\n</transmission>\n")
    return "".join(out).encode("utf-8")


def read(parsed: Parsed, size: int, catalog: Catalog) -> Reading:
    """The messages in a parsed transmission of ``size`` bytes. Never raises."""
    root: Any = parsed.root
    value = {"interchanges": [_interchange(one, catalog) for one in _children(root, "interchange")]}

    def locate(paths: Iterable[Path]) -> dict[Path, Place]:
        return {path: Place(line=_element(root, path).sourceline) for path in paths}

    return form.read(value, Syntax.XML, size, catalog, locate)


def _head(name: str, values: dict[str, Any], out: list[str]) -> None:
    """An envelope or group: attributes, and an element for each of the rest."""
    rest = values.get(REST, {})
    out.append(f"\n  <{name}{_attributes({key: value for key, value in values.items() if key != REST})}")
    out.append(">" if rest else "/>")
    for key, value in rest.items():
        out.append(f"\n   <element{_attributes({'key': key})}>{_text(value, f'{name}/{key}')}</element>")
    if rest:
        out.append(f"\n  </{name}>")


def _message(message: dict[str, Any], catalog: Catalog, out: list[str]) -> None:
    facts = {name: message[name] for name in ("type", "ref", "group") if message.get(name)}
    out.append(f"\n  <message{_attributes(facts)}>")
    _fields(message["document"], catalog.get(message["type"]).root, "\n   ", message["type"], out)
    out.append("\n  </message>")


def _fields(values: Any, node: Node, margin: str, path: str, out: list[str]) -> None:
    if not isinstance(values, dict):
        raise WriteError(f"{path}: {type(values).__name__} where a table of {node.key} belongs")
    for child in node.children:
        if child.key not in values:
            continue
        held = values[child.key]
        name, key = _NAMES.get(child.kind, "group"), attribute_text(child.key)
        for item in held if child.max != 1 and isinstance(held, list) else [held]:
            out.append(f'{margin}<{name} key="{key}">')
            if isinstance(item, str):
                out.append(_text(item, f"{path}/{child.key}"))
            else:
                _fields(item, child, margin + " ", f"{path}/{child.key}", out)
                out.append(margin)
            out.append(f"</{name}>")
    unknown = next((key for key in values if node.child(key) is None), None)
    if unknown is not None:
        raise WriteError(f"{path}/{unknown}: is not in the schema")


def _text(value: str, path: str) -> str:
    try:
        return element_text(value)
    except Misfit as misfit:
        raise WriteError(f"{path}: {misfit.why}") from None


def _attributes(values: dict[str, Any]) -> str:
    try:
        return "".join(
            f' {name}="{str(value).lower() if isinstance(value, bool) else attribute_text(value)}"'
            for name, value in values.items()
        )
    except Misfit as misfit:
        raise WriteError(misfit.why) from None


def _interchange(element: Any, catalog: Catalog) -> dict[str, Any]:
    value: dict[str, Any] = {"messages": [_read_message(one, catalog) for one in _children(element, "message")]}
    for envelope in _children(element, "envelope"):
        value["envelope"] = _read_head(envelope)
    groups = [_read_head(one) for one in _children(element, "group")]
    return value | ({"groups": groups} if groups else {})


def _read_head(element: Any) -> dict[str, Any]:
    value = {
        name: text == "true" if name in FLAGS and text in ("true", "false") else text
        for name, text in element.attrib.items()
    }
    rest = {one.get("key", ""): one.text or "" for one in _children(element, "element")}
    return value | ({REST: rest} if rest else {})


def _read_message(element: Any, catalog: Catalog) -> dict[str, Any]:
    try:
        node: Node | None = catalog.get(element.get("type", "")).root
    except (SchemaUnknown, ConfigError):
        node = None  # which the form's own reader tells
    return dict(element.attrib) | {"document": _value(element, node)}


def _value(element: Any, node: Node | None) -> Any:
    """What an element holds: a text, or a table of its children; lists where the schema has them or the file has."""
    children = list(element.iterchildren(etree.Element))
    if not children and (node is None or (not node.children and node.type is not None)):
        return element.text or ""
    table: dict[str, Any] = {}
    for child in children:
        table.setdefault(child.get("key", ""), []).append(child)
    return {key: _held(items, node.child(key) if node else None) for key, items in table.items()}


def _held(items: list[Any], node: Node | None) -> Any:
    values = [_value(item, node) for item in items]
    return values if len(values) > 1 or (node is not None and node.max != 1) else values[0]


def _element(root: Any, path: Path) -> Any:
    """The element that ``path`` leads to, or the last one on the way that is there."""
    found, same = root, [root]
    for step in path:
        if isinstance(step, int):
            found = same[step] if step < len(same) else found
            continue
        same = list(_named(found, step)) or [found]
        found = same[0]
    return found


def _named(element: Any, step: str) -> Iterator[Any]:
    """The children that ``step`` of a plain form means; a Document is the message's own element."""
    names = {"interchanges": "interchange", "messages": "message", "groups": "group", "envelope": "envelope"}
    if etree.QName(element).localname in ("transmission", "interchange") and step in names:
        yield from _children(element, names[step])
    else:
        yield from (child for child in element.iterchildren(etree.Element) if child.get("key") == step)


def _children(element: Any, name: str) -> Iterator[Any]:
    yield from element.iterchildren(f"{{{NAMESPACE}}}{name}")
