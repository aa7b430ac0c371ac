"""A mapping tried on generated messages: every valid message of its sources becomes one that its target accepts, or
findings say why not."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.config import located
from hub.errors import WriteError
from hub.formats import samples
from hub.formats.read import read
from hub.mapping.aiming import Aimed, literals
from hub.mapping.apply import Mapped, Mapping, incomplete
from hub.mapping.loader import MAX_BYTES
from hub.mapping.table import File
from hub.mapping.workbench import SAMPLE, documents, samples_of, written
from hub.model.finding import Finding, Severity
from hub.model.message import Document
from hub.schema import internal
from hub.schema.catalog import Catalog
from hub.schema.model import Node
from hub.schema.sampling import Extent

_LEFT_OUT = 0.08  # of what is optional in a golden sample


@dataclass(frozen=True, slots=True)
class Generated:
    """One generated message of the type ``source``: what it was ``made`` from (an extent, or a golden sample), the
    findings of the mapping, and ``faults``: what the target's own reader says of an output that no finding warned of. A
    fault is one of the mapping."""

    source: str
    made: str
    seed: int
    findings: tuple[Finding, ...]
    faults: tuple[Finding, ...] = ()

    @property
    def mapped(self) -> bool:
        """It became a message that its target accepts."""
        return not self.faults and not any(one.severity is Severity.ERROR for one in self.findings)


def generated(file: Path, mapping: Mapping, catalog: Catalog, count: int) -> Iterator[Generated]:
    """``count`` messages of each source of ``mapping`` (of ``file``), minimal, full and varied by turns, half of them
    with the values that the mapping's filters and tables name; then ``count`` made from each golden sample, by leaving
    out what is optional. The same each time."""
    named = literals(located.validate(File, located.load(file, max_bytes=MAX_BYTES)))
    extents = tuple(Extent)
    for source in mapping.sources:
        for seed in range(count):
            extent = extents[seed % len(extents)]
            sampling = Aimed(extent, f"{source}:{seed}", named if seed // len(extents) % 2 == 0 else {})
            try:
                document = samples.drawn(catalog.get(source), sampling)
            except WriteError:
                continue  # no sample of this type can be told from another
            yield _tried(mapping, document, catalog, Generated(source, extent.value, seed, ()))
    for sample in samples_of(file):
        for type_, document in documents(mapping, sample.read_bytes(), catalog, []):
            for seed in range(count):
                dice = random.Random(f"{sample.name}:{seed}")
                thinner = _thinned(document, catalog.get(type_).root, dice)
                yield _tried(mapping, thinner, catalog, Generated(type_, sample.name, seed, ()))


def _thinned(value: Any, node: Node, dice: random.Random) -> Any:
    """``value`` without some of what is optional in it."""
    if not node.children:
        return value
    made = {}
    for child in node.children:
        held = value.get(child.key)
        if held is None or (child.min == 0 and dice.random() < _LEFT_OUT):
            continue
        many = isinstance(held, list)
        made[child.key] = [_thinned(one, child, dice) for one in held] if many else _thinned(held, child, dice)
    return made


def _tried(mapping: Mapping, document: Document, catalog: Catalog, made: Generated) -> Generated:
    mapped = mapping.apply(document, SAMPLE, made.source)
    if not mapped.valid:
        return Generated(made.source, made.made, made.seed, mapped.findings)
    try:
        faults = _faults(mapped, mapping.target, catalog)
    except WriteError as error:
        return Generated(made.source, made.made, made.seed, (*mapped.findings, incomplete(error)))
    return Generated(made.source, made.made, made.seed, mapped.findings, faults)


def _faults(mapped: Mapped, target: str, catalog: Catalog) -> tuple[Finding, ...]:
    """What the reader of the target says of the output."""
    data = written(mapped.document, target, catalog)
    if target.startswith("internal:"):
        internal.parse(data, catalog.get(target))
        return ()
    return tuple(
        one for one in read(data, catalog, expected=(target,)).all_findings() if one.severity is Severity.ERROR
    )
