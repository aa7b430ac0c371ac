"""A mapping that is being written by the workbench: blocks and rows that become TOML, completed until they load."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from hub.config.located import KeyPath
from hub.errors import ConfigError
from hub.mapping.loader import examine
from hub.schema.catalog import Catalog
from hub.schema.model import Node, Schema
from hub.schema.patterns import example, written
from hub.schema.sampling import Extent, Sampling

MAX_ROUNDS = 20  # of finding what is wrong or missing, and mending it
FILL = "to be filled: "


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row, as the language has it."""

    to: str
    from_: str | None = None
    const: str | None = None
    with_: str = ""
    table: str = ""
    otherwise: str = ""
    when: str = ""
    note: str = ""

    @property
    def to_fill(self) -> bool:
        """Whether its value is only there because the target demands one."""
        return self.note.startswith(FILL)


@dataclass(slots=True)
class DraftBlock:
    """One block; ``prefix`` is the full name of where it writes."""

    into: str | None = None
    each: str | None = None
    prefix: str = ""
    note: str = ""
    rows: list[DraftRow] = field(default_factory=list)
    blocks: list["DraftBlock"] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A whole file; ``remarks`` are what its comment says at the top."""

    id: str
    source: str
    target: str
    title: tuple[str, str]
    blocks: list[DraftBlock] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[DraftRow]:
        """All rows, outer blocks first."""
        waiting = list(self.blocks)
        while waiting:
            block = waiting.pop(0)
            yield from block.rows
            waiting[:0] = block.blocks

    def to_fill(self) -> list[DraftRow]:
        """The rows that a person must fill in."""
        return [row for row in self.rows() if row.to_fill]

    def text(self) -> str:
        """The file."""
        lines = [f"# {remark}" for remark in self.remarks]
        zh, en = self.title
        lines += ["", "[mapping]", f"id      = {_quoted(self.id)}", f"from    = {_quoted(self.source)}"]
        lines += [f"to      = {_quoted(self.target)}", f"title   = {{ zh = {_quoted(zh)}, en = {_quoted(en)} }}"]
        lines += ['version = "1"']
        lines += [line for block in self.blocks for line in _block_lines(block, 1)]
        for name, table in self.tables.items():
            lines += ["", f"[tables.{_quoted(name)}]", *(f"{_quoted(k)} = {_quoted(v)}" for k, v in table.items())]
        return "\n".join(lines).lstrip("\n") + "\n"


def _block_lines(block: DraftBlock, depth: int) -> Iterator[str]:
    yield from ("", f"[[{'.'.join(['block'] * depth)}]]")
    given = (("each", block.each), ("into", block.into), ("note", block.note))
    yield from (f"{name} = {_quoted(value)}" for name, value in given if value)
    yield from ("rows = [", *(f"  {_inline(row)}," for row in block.rows), "]") if block.rows else ()
    for inner in block.blocks:
        yield from _block_lines(inner, depth + 1)


def _inline(row: DraftRow) -> str:
    names = ("to", "from", "const", "with", "table", "otherwise", "when", "note")
    values = (row.to, row.from_, row.const, row.with_, row.table, row.otherwise, row.when, row.note)
    return (
        f"{{ {', '.join(f'{name} = {_quoted(value)}' for name, value in zip(names, values, strict=True) if value)} }}"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def completed(draft: Draft, catalog: Catalog) -> Draft:
    """``draft`` made loadable, in place: what does not fit its schemas becomes a remark, what the target demands and no
    row writes becomes a row to be filled. Raises ConfigError when that leads nowhere."""
    name = f"{draft.id}.toml"
    for _ in range(MAX_ROUNDS):
        draft.blocks = _whole(draft.blocks)
        if not draft.blocks:
            _fill(draft, [((), child.key) for child in catalog.get(draft.target).root.children[:1]], catalog)
        found = examine(draft.text(), name, catalog)
        if found.problems:
            _drop(draft, found.problems)
        elif found.missing:
            _fill(draft, found.missing, catalog)
        else:
            return draft
    raise ConfigError([f"{name}:1: (draft): {what}" for _, what in (*found.problems, *found.missing)])


def _whole(blocks: list[DraftBlock]) -> list[DraftBlock]:
    """``blocks`` without those that write nothing."""
    for block in blocks:
        block.blocks = _whole(block.blocks)
    return [block for block in blocks if block.rows or block.blocks]


def _drop(draft: Draft, problems: list[tuple[KeyPath, str]]) -> None:
    """Leave out the rows and blocks that are wrong, each with a remark."""
    for trail, row, what in [(*_at(draft, key), what) for key, what in problems]:
        if row is not None and row in trail[-1].rows:
            trail[-1].rows.remove(row)
            draft.remarks.append(f"left out: {row.to} from {row.from_ or row.const}: {what}")
        elif row is None and trail:
            draft.remarks.append(f"left out: {trail[-1].into or 'a block'} for {trail[-1].each or 'all'}: {what}")
            trail[-1].rows, trail[-1].blocks = [], []


def _at(draft: Draft, key: KeyPath) -> tuple[list[DraftBlock], DraftRow | None]:
    """The blocks down to a key such as ``("block", 0, "block", 1, "rows", 3, "from")``, and its row if it names one."""
    trail: list[DraftBlock] = []
    blocks, steps = draft.blocks, list(key)
    while len(steps) > 1 and steps[0] == "block":
        trail.append(blocks[int(steps[1])])
        blocks, steps = trail[-1].blocks, steps[2:]
    return trail, trail[-1].rows[int(steps[1])] if len(steps) > 1 and steps[0] == "rows" else None


def _fill(draft: Draft, missing: list[tuple[KeyPath, str]], catalog: Catalog) -> None:
    """A row for each value that the target demands, in the innermost block that it can stand in."""
    target, sampling = catalog.get(draft.target), Sampling(Extent.MINIMAL)
    for trail, path in [(_at(draft, key)[0], path) for key, path in missing]:
        block = next((one for one in reversed(trail) if path.startswith(f"{one.prefix}/")), None) or _outermost(draft)
        for name, node in _demanded(_node(target.root, path), path):
            to = name.removeprefix(f"{block.prefix}/") if block.prefix else name
            note = f"{FILL}mandatory in the target ({node.title or node.tag})"
            block.rows.append(DraftRow(to.removesuffix("/#text"), const=_fitting(node, target, sampling), note=note))


def _fitting(node: Node, target: Schema, sampling: Sampling) -> str:
    """A value that ``node`` takes."""
    if node.patterns:
        return example(written(node.patterns[0][0]), sampling.dice)
    return sampling.leaf(node, target.codes.get(node.codes) if node.codes else None)


def _outermost(draft: Draft) -> DraftBlock:
    """The block that writes in the message itself."""
    if not draft.blocks or draft.blocks[0].prefix:
        draft.blocks.insert(0, DraftBlock())
    return draft.blocks[0]


def _node(root: Node, path: str) -> Node:
    for key in path.split("/"):
        found = root.child(key)
        assert found is not None  # the path comes from this very tree
        root = found
    return root


def _demanded(node: Node, name: str) -> Iterator[tuple[str, Node]]:
    """The values that must be there when ``node`` is; where none must, its first."""
    if not node.children:
        yield name, node
        return
    demanded = [child for child in node.children if child.min > 0] or list(node.children[:1])
    for child in demanded:
        yield from _demanded(child, f"{name}/{child.key}")
