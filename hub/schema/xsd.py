"""A Schema from an XSD (``<family>/<name>.xsd``), by xmlschema's component model.

The root is the only global element of the file, or the one that is called as the file. A type that holds itself is cut
at the third time; wildcards (``xs:any``) and signatures (XML-DSig) are no part of the tree. Titles are the annotations,
``zh / en`` where the XSD has both. An XSD is our own file, so its parser is xmlschema's, reading local files only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree
from xmlschema.validators import XsdAttribute, XsdElement, XsdGroup

from hub.errors import ConfigError, SchemaUnknown
from hub.schema.memo import per_schema
from hub.schema.model import DataType, Kind, Node, Schema
from hub.schema.xmlparser import parse

XS = "{http://www.w3.org/2001/XMLSchema}"
_XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
_TITLE_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_RECURSION = 3  # how often one type may stand on the way from the root
_MOST_NODES = 50_000
_TYPES = {
    "boolean": DataType.BOOLEAN,
    "date": DataType.DATE,
    "dateTime": DataType.DATETIME,
    "base64Binary": DataType.BINARY,
    "hexBinary": DataType.BINARY,
}


@dataclass(frozen=True, slots=True)
class XsdSchema(Schema):
    """A Schema that came from ``file``, by which lxml validates."""

    file: Path = Path()


def load(root: Path, family: str, name: str) -> XsdSchema:
    """The message ``name`` of ``family`` below ``root`` (``schemas/xsd``). Raises SchemaUnknown, ConfigError."""
    file = root / family / f"{name}.xsd"
    if not file.is_file():
        raise SchemaUnknown(f"xsd:{family}:{name} is not installed: there is no {file}")
    if _root_key(file) is None:
        raise SchemaUnknown(f"{file} declares no element {name}: it is a file of types, not a message")
    source = _source(file)
    builder = _Builder(file)
    tree = builder.element(_root(source, file, name), (), top=True)
    return XsdSchema(f"xsd:{family}:{name}", tree, builder.codes, title(source) or str(file.name), file)


@per_schema
def component(schema: XsdSchema) -> XsdElement:
    """The root element of ``schema`` in xmlschema's component model, which knows choices, patterns and bounds."""
    return _root(_source(schema.file), schema.file, schema.file.stem)


def is_signature(element: XsdElement) -> bool:
    """Whether ``element`` belongs to a signature (XML-DSig), which is no part of a Document."""
    return _namespace(element) == _XMLDSIG


def _source(file: Path) -> xmlschema.XMLSchema:
    try:
        return xmlschema.XMLSchema(str(file), allow="local")
    except (xmlschema.XMLSchemaException, OSError, SyntaxError) as error:
        raise ConfigError([f"{file}:1: (file): not an XSD that can be used: {error}"]) from error


@per_schema
def validator(schema: XsdSchema) -> etree.XMLSchema:
    """The compiled XSD of ``schema``. lxml keeps its errors in the object: use it under a lock."""
    parsed = parse(schema.file.read_bytes())
    if parsed.root is None:
        raise ConfigError([f"{schema.file}:1: (file): not well-formed XML"])
    parsed.root.base = schema.file.resolve().as_uri()
    try:
        return etree.XMLSchema(parsed.root)
    except etree.XMLSchemaParseError as error:
        raise ConfigError([f"{schema.file}:1: (file): not an XSD that can be used: {error}"]) from error


def index(root: Path) -> dict[str, str]:
    """Root element (``{namespace}local``) → schema id, of every XSD below ``root``. A clash raises ConfigError."""
    found: dict[str, str] = {}
    for file in sorted(root.glob("*/*.xsd")):
        key, schema_id = _root_key(file), f"xsd:{file.parent.name}:{file.stem}"
        if key is None:
            continue
        if key in found:
            raise ConfigError([f"{file}:1: (file): root element {key} is also that of {found[key]}; rename one"])
        found[key] = schema_id
    return found


def _root_key(file: Path) -> str | None:
    """The root element that ``file`` declares, or None for a file of types."""
    parsed = parse(file.read_bytes())
    if parsed.root is None:
        raise ConfigError([f"{file}:1: (file): not well-formed XML"])
    names = [element.get("name", "") for element in parsed.root.iterchildren(f"{XS}element")]
    name = names[0] if len(names) == 1 else next((name for name in names if name == file.stem), None)
    namespace = parsed.root.get("targetNamespace", "")
    return None if name is None else f"{{{namespace}}}{name}" if namespace else name


def _root(source: xmlschema.XMLSchema, file: Path, name: str) -> XsdElement:
    own = [element for element in source.elements.values() if Path(str(element.schema.url)).name == file.name]
    return own[0] if len(own) == 1 else next(element for element in own if element.local_name == name)


class _Builder:
    """Walks the component model once; collects the code lists on the way."""

    def __init__(self, file: Path) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self._file = file
        self._nodes = 0

    def element(
        self, element: XsdElement, above: tuple[int, ...], *, low: int = 1, high: int | None = 1, top: bool = False
    ) -> Node:
        self._count()
        kind = element.type
        children: tuple[Node, ...] = ()
        if kind.is_complex() and above.count(id(kind)) < _RECURSION:
            children = self._children(kind, (*above, id(kind)))
        leaf = not children and (kind.is_simple() or kind.has_simple_content())
        return Node(
            tag=element.local_name,
            key=element.local_name,
            kind=Kind.MESSAGE if top else Kind.ELEMENT if leaf else Kind.GROUP,
            title=title(element) or title(kind),
            min=low,
            max=high,
            children=children,
            namespace=_namespace(element),
            **(self._leaf(_simple(kind), element.local_name) if leaf else {}),
        )

    def _children(self, kind: Any, above: tuple[int, ...]) -> tuple[Node, ...]:
        nodes = [self._attribute(attribute) for attribute in kind.attributes.values() if attribute.name is not None]
        if kind.has_simple_content():
            if nodes:
                text = self._leaf(_simple(kind), kind.local_name or "text")
                nodes.append(Node("#text", "#text", Kind.ELEMENT, title=title(kind), **text))
        elif isinstance(kind.content, XsdGroup):
            found = self._group(kind.content)
            nodes += [self.element(element, above, low=low, high=high) for element, low, high in found]
        return _own_keys(nodes)

    def _attribute(self, attribute: XsdAttribute) -> Node:
        name = attribute.local_name
        return Node(
            tag=name,
            key=f"@{name}",
            kind=Kind.ELEMENT,
            title=title(attribute) or title(attribute.type),
            min=1 if attribute.use == "required" else 0,
            namespace=_namespace(attribute),
            **self._leaf(attribute.type, name),
        )

    def _group(self, group: XsdGroup) -> list[tuple[XsdElement, int, int | None]]:
        """The elements of ``group`` in order with their own bounds; one that comes twice is merged into the first."""
        merged: dict[str, tuple[XsdElement, int, int | None]] = {}
        found = [one for one in _flat(group) if not is_signature(one[0])]
        if group.max_occurs != 1 and group.model == "sequence" and len(found) > 1:
            raise ConfigError([f"{self._file}:1: (file): a sequence of several elements repeats; put it in an element"])
        for element, low, high in found:
            if element.name in merged:
                first, least, most = merged[element.name]
                high = None if most is None or high is None else most + high
                merged[element.name] = (first, min(least, low), high)
            else:
                merged[element.name] = (element, low, high)
        return list(merged.values())

    def _leaf(self, kind: Any, name: str) -> dict[str, Any]:
        values = [str(value) for value in (kind.enumeration or ()) if value is not None]
        low, high = kind.min_length, kind.max_length
        return {
            "type": _data_type(kind),
            "min_length": low or 0,
            "max_length": high,
            "codes": self._code_list(kind, name, values) if values else None,
        }

    def _code_list(self, kind: Any, name: str, values: list[str]) -> str:
        """Keep the enumeration under its type's name; two types of one name in one file get ``name~2``."""
        titles = {facet.get("value"): _title_of(facet) for facet in kind.elem.iter(f"{XS}enumeration")}
        codes = {value: titles.get(value) or value for value in values}
        base = kind.local_name or name
        names = (base if number == 1 else f"{base}~{number}" for number in range(1, _MOST_NODES))
        key = next(key for key in names if self.codes.get(key, codes) == codes)
        self.codes[key] = codes
        return key

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise ConfigError([f"{self._file}:1: (file): more than {_MOST_NODES} elements; split the message"])


def _own_keys(nodes: list[Node]) -> tuple[Node, ...]:
    """``nodes`` with ``~2`` on the key of a second one of the same local name (from another namespace)."""
    seen: dict[str, int] = {}
    for at, node in enumerate(nodes):
        seen[node.key] = seen.get(node.key, 0) + 1
        if seen[node.key] > 1:
            nodes[at] = replace(node, key=f"{node.key}~{seen[node.key]}")
    return tuple(nodes)


def _flat(group: XsdGroup, least: int = 1, most: int | None = 1) -> Iterator[tuple[XsdElement, int, int | None]]:
    """Each element of ``group`` with how often it may stand there, counting the groups around it."""
    optional = group.model == "choice" and len(group) > 1
    least = 0 if optional or group.min_occurs == 0 else least
    most = _times(most, group.max_occurs)
    for particle in group:
        if isinstance(particle, XsdGroup):
            yield from _flat(particle, least, most)
        elif isinstance(particle, XsdElement):
            yield particle, least and particle.min_occurs, _times(most, particle.max_occurs)


def _times(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first * second


def _simple(kind: Any) -> Any:
    """The simple type whose value an element of ``kind`` holds."""
    return kind if kind.is_simple() else kind.content


def _data_type(kind: Any) -> DataType:
    primitive = getattr(kind, "primitive_type", None)
    if primitive is None:  # a list or a union
        return DataType.TEXT
    if primitive.local_name == "decimal":
        return DataType.INTEGER if _is_integer(kind) else DataType.DECIMAL
    return _TYPES.get(primitive.local_name, DataType.TEXT)


def _is_integer(kind: Any) -> bool:
    while kind is not None and kind.name != f"{XS}integer":
        kind = kind.base_type
    return kind is not None


def _namespace(component: Any) -> str:
    """The namespace in which ``component`` is written, empty for an unqualified one."""
    return str(component.name).partition("}")[0].removeprefix("{") if component.name.startswith("{") else ""


def title(component: Any) -> str:
    """What the annotation of ``component`` calls it: ``zh / en``; empty without one."""
    annotation = getattr(component, "annotation", None)
    return _title_of(annotation.elem) if annotation is not None else ""


def _title_of(elem: Any) -> str:
    """``zh / en`` of the documentation within ``elem``, or its first line where no language is given."""
    texts: dict[str, str] = {}
    for documentation in elem.iter(f"{XS}documentation"):
        language = (documentation.get(_TITLE_LANGUAGE) or "").partition("-")[0]
        texts.setdefault(language, " ".join("".join(documentation.itertext()).split()))
    named = [texts[language] for language in ("zh", "en") if texts.get(language)]
    return " / ".join(named) or texts.get("", "")[:80]
