"""What of its source a mapping leaves unread, and what of its target it never sets: by the schemas, and in samples."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hub.mapping.apply import Context, Mapping
from hub.mapping.lineage import leaves as values
from hub.mapping.lineage import plain
from hub.mapping.reads import leaves
from hub.model.message import Document
from hub.schema.catalog import Catalog
from hub.schema.model import Node

_ENVELOPE = frozenset({"UNH", "UNT", "ST", "SE"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that is left out, with all below it: ``fields`` values. ``mandatory``: every message has it."""

    path: str
    title: str
    mandatory: bool
    fields: int


@dataclass(frozen=True, slots=True)
class Unused:
    """A value that samples fill and nobody reads: how often it stands there, and the first of them."""

    path: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """``unread`` and ``unset`` by the schemas, what is mandatory first; ``unused`` and ``unmade`` in ``samples``
    messages: filled but read by no row, and written by rows but never made."""

    mapping: str
    source: str
    target: str
    read: int  # values of the source that rows read
    readable: int
    set: int  # values of the target that rows write
    settable: int
    unread: tuple[Gap, ...]
    unset: tuple[Gap, ...]
    samples: int
    unused: tuple[Unused, ...]
    unmade: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "mapping": self.mapping,
            "source": {"type": self.source, "read": self.read, "fields": self.readable},
            "target": {"type": self.target, "set": self.set, "fields": self.settable},
            "unread": [_gap(gap) for gap in self.unread],
            "unset": [_gap(gap) for gap in self.unset],
            "samples": {
                "messages": self.samples,
                "unread": [{"path": one.path, "count": one.count, "example": one.example} for one in self.unused],
                "unset": list(self.unmade),
            },
        }


def coverage(
    mapping: Mapping, catalog: Catalog, samples: Sequence[tuple[str, Document]], context: Context, source: str = ""
) -> Coverage:
    """How much of ``source`` (default: the first that it reads) and of its target ``mapping`` covers; ``samples`` are
    documents with their types, of which those of other sources count only for the target."""
    source = source or mapping.sources[0]
    program = mapping.programs[source]
    origin, target = catalog.get(source).root, catalog.get(mapping.target).root
    readable, settable = _names(origin), _names(target)
    found: dict[str, list[str]] = {}
    made: set[str] = set()
    for type_, document in samples:
        if type_ == source:
            for path, text in values(document, origin):
                found.setdefault(plain(path), []).append(text)
        made |= {plain(path) for path, _ in values(mapping.apply(document, context, type_).document, target)}
    read = {plain(name) for name in program.reads}
    unused = [Unused(path, len(texts), texts[0]) for path, texts in found.items() if path not in read]
    return Coverage(
        mapping=mapping.id,
        source=source,
        target=mapping.target,
        read=len(readable & program.reads),
        readable=len(readable),
        set=len(settable & program.writes),
        settable=len(settable),
        unread=_gaps(origin, program.reads),
        unset=_gaps(target, program.writes),
        samples=len(samples),
        unused=tuple(one for one in unused if one.path.partition("/")[0] not in _ENVELOPE),
        unmade=tuple(sorted({plain(name) for name in program.writes} - made)) if samples else (),
    )


def _names(root: Node) -> set[str]:
    return {name for name, _ in leaves(root) if name.partition("/")[0] not in _ENVELOPE}


def _gaps(root: Node, used: Collection[str]) -> tuple[Gap, ...]:
    found = [gap for child in root.children if child.tag not in _ENVELOPE for gap in _below(child, "", True, used)]
    return tuple(sorted(found, key=lambda gap: not gap.mandatory))


def _below(node: Node, above: str, mandatory: bool, used: Collection[str]) -> Iterator[Gap]:
    """The gaps at or below ``node``: where nothing below is used, the node as a whole."""
    name = f"{above}/{node.key}" if above else node.key
    mandatory = mandatory and node.min > 0
    if name in used:
        return
    if not any(one.startswith(f"{name}/") for one in used):
        inner = [leaf for _, leaf in leaves(node)]
        yield Gap(plain(name), node.title, mandatory, len(inner))
        return
    for child in node.children:
        yield from _below(child, name, mandatory, used)


def _gap(gap: Gap) -> dict[str, Any]:
    return {"path": gap.path, "title": gap.title, "mandatory": gap.mandatory, "fields": gap.fields}
