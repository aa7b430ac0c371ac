"""Samples that a mapping has something to do with: values that its filters, conditions and tables name come often."""

from collections.abc import Iterator, Mapping

from hub.mapping.reads import paths
from hub.mapping.syntax import Among, Both, Compare, Condition, Either, Not, Path, parse_condition, parse_path
from hub.mapping.table import Block, File
from hub.schema.model import Node
from hub.schema.sampling import Extent, Sampling

_WIDTHS = (3, 17, 35)  # characters that many a target takes; one of them in a whole sample


class Aimed(Sampling):
    """The choices of a sample for a mapping that names ``literals``: element → values."""

    def __init__(self, extent: Extent, seed: int | str, literals: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(extent, seed)
        self._literals = literals
        self._width = self.one(_WIDTHS)

    def leaf(self, node: Node, codes: Mapping[str, str] | None = None) -> str:
        """A value that ``node`` may hold; one that the mapping names, where it names any."""
        known = [value for value in self._literals.get(node.tag, ()) if _fits(value, node, codes)]
        return self.one(known) if known else super().leaf(node, codes)

    def text(self, title: str, low: int, high: int) -> str:
        """A short one: what is longer than its target would be all that a trial tells."""
        return super().text(title, low, max(low, min(high, self._width)))


def literals(file: File) -> dict[str, tuple[str, ...]]:
    """The values that a mapping names, by the element that they are compared with or looked up from."""
    found: dict[str, dict[str, None]] = {}
    for block in file.block:
        for name, value in _of_block(block, file):
            found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def _fits(value: str, node: Node, codes: Mapping[str, str] | None) -> bool:
    long_enough = node.min_length <= len(value) <= (node.max_length or len(value))
    return long_enough and (not codes or value in codes)


def _of_block(block: Block, file: File) -> Iterator[tuple[str, str]]:
    yield from _of_path(block.each) if block.each else ()
    yield from _of_condition(parse_condition(block.when)) if block.when else ()
    for row in block.rows:
        for text in (row.from_,) if isinstance(row.from_, str) else row.from_ or ():
            yield from _of_path(text)
            steps = parse_path(text).steps
            if row.table in file.tables and steps:
                yield from ((steps[-1].name, code) for code in file.tables[row.table])
        yield from _of_condition(parse_condition(row.when)) if row.when else ()
    for inner in block.block:
        yield from _of_block(inner, file)


def _of_path(path: str | Path) -> Iterator[tuple[str, str]]:
    parsed = parse_path(path) if isinstance(path, str) else path
    for step in parsed.steps:
        for test in step.tests:
            if not isinstance(test, int):
                yield from _of_condition(test)


def _of_condition(test: Condition) -> Iterator[tuple[str, str]]:
    if isinstance(test, Compare) and isinstance(test.right, str) and test.left.steps:
        yield test.left.steps[-1].name, test.right
    if isinstance(test, Among) and test.path.steps:
        yield from ((test.path.steps[-1].name, value) for value in test.values)
    if isinstance(test, Not):
        yield from _of_condition(test.part)
    if isinstance(test, (Both, Either)):
        for part in test.parts:
            yield from _of_condition(part)
        return
    for path in paths(test):
        yield from _of_path(path)
