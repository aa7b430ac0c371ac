"""Documents with one fault each, made from a sound one; some are no fault at all, which only the schemas can tell."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree
from xmlschema.validators import XsdElement, XsdGroup

from tools.xsd.probes import probes

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_MOST = 130  # repetitions tried; what repeats without end is tried three times
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A document, and what was done to it where."""

    what: str
    where: str
    root: Any


def mutants(root: Any, declared: XsdElement) -> Iterator[Mutant]:
    """Every fault at every place of ``root``, which follows ``declared``; of like places the first only."""
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        where = path(element)
        if where in seen:
            continue
        seen.add(where)
        kind = _declaration(element, declared)
        if kind is None:
            continue
        at = _position(element)
        for what, change in (*_moves(element), *_strangers(), *_attributes(element, kind), *_values(kind)):
            made = deepcopy(root)
            change(_at(made, at))
            yield Mutant(what, where, made)
        yield from _repeated(root, element, kind)


def path(element: Any) -> str:
    """Where ``element`` stands, by local names without numbers."""
    names = [etree.QName(element).localname, *(etree.QName(one).localname for one in element.iterancestors())]
    return "/" + "/".join(reversed(names))


def _position(element: Any) -> Path:
    found: list[int] = []
    while element.getparent() is not None:
        found.append(element.getparent().index(element))
        element = element.getparent()
    return tuple(reversed(found))


def _at(root: Any, position: Path) -> Any:
    for number in position:
        root = root[number]
    return root


def _declaration(element: Any, declared: XsdElement) -> Any:
    """The declaration of ``element`` below ``declared``, or None for what a wildcard let in."""
    names = [element.tag, *(one.tag for one in element.iterancestors())][-2::-1]
    found: Any = declared
    for name in names:
        content = getattr(found.type, "content", None)
        below = content.iter_elements() if isinstance(content, XsdGroup) else ()
        found = next((one for one in below if isinstance(one, XsdElement) and one.name == name), None)
        if found is None:
            return None
    return found


def _moves(element: Any) -> Iterator[tuple[str, Any]]:
    """Dropped, doubled, in another order: nothing of it at the root."""
    if element.getparent() is None:
        return
    yield "dropped", lambda one: one.getparent().remove(one)
    yield "doubled", lambda one: one.addnext(deepcopy(one))
    yield "first", lambda one: one.getparent().insert(0, one)
    yield "last", lambda one: one.getparent().append(one)
    if element.getnext() is not None:
        yield "after the next", lambda one: one.getnext().addnext(one)
    yield "renamed", lambda one: _rename(one, etree.QName(one).localname + "x")
    yield "other case", lambda one: _rename(one, etree.QName(one).localname.swapcase())
    yield "no namespace", lambda one: setattr(one, "tag", etree.QName(one).localname)
    yield "other namespace", lambda one: setattr(one, "tag", f"{{urn:other}}{etree.QName(one).localname}")


def _rename(element: Any, name: str) -> None:
    namespace = etree.QName(element).namespace
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def _strangers() -> Iterator[tuple[str, Any]]:
    """What nobody declared: an element, an attribute, text, and what is always allowed: a comment, an instruction."""
    for at in ("first", "last"):
        for tag in ("{urn:other}stranger", "stranger", None):
            yield f"stranger {tag or 'of its own namespace'} {at}", lambda one, tag=tag, at=at: _stranger(one, tag, at)
    yield "text", lambda one: setattr(one, "text", (one.text or "") + "text")
    yield "comment", lambda one: one.append(etree.Comment("comment"))
    yield "instruction", lambda one: one.append(etree.ProcessingInstruction("target", "content"))
    for name in ("stranger", "{urn:other}stranger", f"{_XML}lang", f"{_XSI}nil", f"{_XSI}schemaLocation"):
        yield f"attribute {name}", lambda one, name=name: one.set(name, "true")
    yield "nil false", lambda one: one.set(f"{_XSI}nil", "false")


def _stranger(element: Any, tag: str | None, at: str) -> None:
    namespace = etree.QName(element).namespace or ""
    made: Any = etree.Element(tag or f"{{{namespace}}}stranger")
    element.insert(0 if at == "first" else len(element), made)


def _attributes(element: Any, declared: Any) -> Iterator[tuple[str, Any]]:
    for attribute in declared.type.attributes.values() if declared.type.is_complex() else ():
        name = attribute.name
        if name is None:
            continue
        if name in element.attrib:
            yield f"without @{name}", lambda one, name=name: one.attrib.pop(name)
        for value in (*probes(attribute.type), attribute.fixed or ""):
            yield f"@{name}={value[:40]!r} ({len(value)})", lambda one, name=name, value=value: one.set(name, value)


def _values(declared: Any) -> Iterator[tuple[str, Any]]:
    """Each value that tries the simple type of ``declared``; none for what holds elements."""
    kind: Any = declared.type
    if not kind.is_simple():
        if not kind.has_simple_content():
            return
        kind = kind.content
    for value in (*probes(kind), declared.fixed or ""):
        yield f"value {value[:40]!r} ({len(value)})", lambda one, value=value: setattr(one, "text", value or None)


def _repeated(root: Any, element: Any, declared: Any) -> Iterator[Mutant]:
    """As often as it may come, and once more."""
    most = 3 if declared.max_occurs is None else declared.max_occurs
    if element.getparent() is None or most > _MOST:
        return
    same = sum(1 for one in element.getparent() if one.tag == element.tag)
    for times in (most, most + 1) if most > 1 else ():
        made = deepcopy(root)
        first = _at(made, _position(element))
        for _ in range(times - same):
            first.addnext(deepcopy(first))
        yield Mutant(f"{times} times", path(element), made)
