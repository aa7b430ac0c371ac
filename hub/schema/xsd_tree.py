"""The tree of a message, walked once from xmlschema's component model; used by ``hub/schema/xsd.py`` alone.

A type that holds itself is cut at the third time; wildcards (``xs:any``) and signatures (XML-DSig) are no part of the
tree. A value that the XSD fixes is a code list of one. Titles are the annotations, ``zh / en`` where the XSD has both.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import xmlschema
from xmlschema.validators import XsdAnyElement, XsdAttribute, XsdElement, XsdGroup

from hub.errors import ConfigError
from hub.schema.model import DataType, Kind, Node
from hub.schema.xsd import XMLDSIG, XS, Signed, compiled

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


def root(file: Path, name: str) -> XsdElement:
    """The element of message ``name`` that ``file`` declares. libxml2 judges whether the XSD is sound; xmlschema would
    take ten times as long. Raises ConfigError."""
    compiled(file)
    try:
        source = xmlschema.XMLSchema(str(file), allow="local", validation="skip")
    except (xmlschema.XMLSchemaException, OSError, SyntaxError) as error:
        raise ConfigError([f"{file}:1: (file): not an XSD that can be used: {error}"]) from error
    own = [element for element in source.elements.values() if Path(str(element.schema.url)).name == file.name]
    return own[0] if len(own) == 1 else next(element for element in own if element.local_name == name)


def signature(root: XsdElement) -> tuple[Signed, tuple[str, ...]]:
    """Whether ``root`` bears a signature, and what comes after it."""
    found = children(root)
    for at, (element, low, _) in enumerate(found):
        if is_signature(element):
            behind = tuple(str(after.local_name) for after, *_ in found[at + 1 :])
            return (Signed.MUST if low else Signed.MAY), behind
    return Signed.NEVER, ()


class Builder:
    """Walks the component model once; collects the code lists on the way."""

    def __init__(self, file: Path) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.open = False
        self._file = file
        self._nodes = 0

    def element(
        self, element: XsdElement, above: tuple[int, ...], *, low: int = 1, high: int | None = 1, top: bool = False
    ) -> Node:
        self._count()
        kind: Any = element.type
        children: tuple[Node, ...] = ()
        if kind.is_complex() and above.count(id(kind)) < _RECURSION:
            children = self._children(kind, (*above, id(kind)))
        leaf = not children and (kind.is_simple() or kind.has_simple_content() or kind.mixed)
        return Node(
            tag=element.local_name,
            key=element.local_name,
            kind=Kind.MESSAGE if top else Kind.ELEMENT if leaf else Kind.GROUP,
            title=title(element) or title(kind),
            min=low,
            max=high,
            children=children,
            namespace=_namespace(element),
            **(self._leaf(_simple(kind), element.local_name, element.fixed) if leaf else {}),
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
            **self._leaf(attribute.type, name, attribute.fixed),
        )

    def _group(self, group: XsdGroup) -> list[tuple[XsdElement, int, int | None]]:
        """The elements of ``group`` in order with their own bounds; one that comes twice is merged into the first."""
        merged: dict[str, tuple[XsdElement, int, int | None]] = {}
        self.open = self.open or _lets_in(group)
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

    def _leaf(self, kind: Any, name: str, fixed: str | None = None) -> dict[str, Any]:
        if isinstance(kind, XsdGroup):  # of a mixed type: nothing but text that has no type of its own
            return {"type": DataType.TEXT}
        values = [str(value) for value in (kind.enumeration or ()) if value is not None]
        if fixed is not None:
            codes: str | None = self._keep(name, {fixed: fixed})
        else:
            codes = self._code_list(kind, name, values) if values else None
        return {
            "type": _data_type(kind),
            "min_length": kind.min_length or 0,
            "max_length": kind.max_length,
            "codes": codes,
            "patterns": tuple(_patterns(kind)) if not values and fixed is None else (),
        }

    def _code_list(self, kind: Any, name: str, values: list[str]) -> str:
        """Keep the enumeration under its type's name."""
        titles = {facet.get("value"): _title_of(facet) for facet in kind.elem.iter(f"{XS}enumeration")}
        return self._keep(kind.local_name or name, {value: titles.get(value) or value for value in values})

    def _keep(self, base: str, codes: dict[str, str]) -> str:
        """``codes`` under the name ``base``; a second list of that name in one file gets ``base~2``."""
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


def _lets_in(group: XsdGroup) -> bool:
    """Whether a wildcard of ``group`` lets elements in and has their declarations looked for."""
    return any(
        _lets_in(one)
        if isinstance(one, XsdGroup)
        else isinstance(one, XsdAnyElement) and one.process_contents != "skip"
        for one in group
    )


def _times(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first * second


def _patterns(kind: Any) -> Iterator[tuple[re.Pattern[str], ...]]:
    """The patterns of ``kind``, and of each type that it restricts: a value must match one of each."""
    while kind is not None and not isinstance(kind, XsdGroup):
        if kind.patterns is not None:
            yield tuple(kind.patterns.patterns)
        kind = kind.base_type


def _simple(kind: Any) -> Any:
    """The simple type whose value an element of ``kind`` holds."""
    return kind if kind.is_simple() else kind.content


def _data_type(kind: Any) -> DataType:
    primitive = getattr(kind, "primitive_type", None)
    if primitive is None:  # a list or a union; a union with what is empty has the type of the rest
        members = [one for one in getattr(kind, "member_types", ()) if one.max_length != 0]
        return _data_type(members[0]) if len(members) == 1 else DataType.TEXT
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


def facts(schema: Any) -> str:
    """What the annotation of a whole XSD says, in the form of :func:`title`: where its facts come from."""
    return _title_of(schema.annotations[0].elem) if schema.annotations else ""


def _title_of(elem: Any) -> str:
    """``zh / en`` of the documentation within ``elem``, or its first line where no language is given."""
    texts: dict[str, str] = {}
    for documentation in elem.iter(f"{XS}documentation"):
        language = (documentation.get(_TITLE_LANGUAGE) or "").partition("-")[0]
        texts.setdefault(language, " ".join("".join(documentation.itertext()).split()))
    named = [texts[language] for language in ("zh", "en") if texts.get(language)]
    return " / ".join(named) or texts.get("", "")[:80]


def is_signature(element: XsdElement) -> bool:
    """Whether ``element`` belongs to a signature (XML-DSig), which is no part of a Document."""
    return _namespace(element) == XMLDSIG


def children(element: XsdElement) -> list[tuple[XsdElement, int, int | None]]:
    """What may stand below ``element``, signatures too, in order, with how often."""
    content = getattr(element.type, "content", None)
    return list(_flat(content)) if isinstance(content, XsdGroup) else []
