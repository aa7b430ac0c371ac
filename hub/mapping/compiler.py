"""From a mapping file's rows and blocks to closures, against one source schema; every problem is noted at its key."""

from dataclasses import dataclass, field, replace
from typing import Any

from hub.config.located import KeyPath, LocatedToml
from hub.mapping import access, blocks, pipeline, reads, rows, targets, tracing
from hub.mapping.access import Reading
from hub.mapping.apply import Program
from hub.mapping.blocks import RunBlock
from hub.mapping.conditions import Test, condition
from hub.mapping.pipeline import Stage
from hub.mapping.resolve import Chain, Hop, PathProblem, Route, leaf, route
from hub.mapping.rows import Fact, Plan, RunRow, Teller
from hub.mapping.run import Run
from hub.mapping.syntax import Call, Path, Start, parse_condition, parse_path, parse_pipeline
from hub.mapping.table import MAX_BLOCKS, Block, File, Row
from hub.mapping.tables import Tables
from hub.schema.model import Schema


@dataclass
class Problems:
    """The problems of one mapping file, each noted once at its line."""

    toml: LocatedToml
    found: dict[tuple[int, str], None] = field(default_factory=dict)
    keyed: list[tuple[KeyPath, str]] = field(default_factory=list)  # the same by key, without places

    def at(self, key: KeyPath) -> "_Noting":
        """``with problems.at(key):`` notes a ValueError from inside as a problem of ``key`` and goes on behind it."""
        return _Noting(self, key)

    def add(self, key: KeyPath, what: str) -> None:
        """Note a problem of ``key``."""
        self.keyed.append((key, what))
        self.found.setdefault((self.toml.line(key), self.toml.problem(key, what)))

    def sorted(self) -> list[str]:
        """The problems in the order of their lines."""
        return [text for _, text in sorted(self.found)]


@dataclass(frozen=True)
class _Noting:
    problems: Problems
    key: KeyPath

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, ValueError):
            return False
        self.problems.add(self.key, str(error))
        return True


@dataclass(frozen=True)
class Source:
    """The ``from`` of a row, compiled: how its values are read (or composites, with what explains a value)."""

    reading: Reading
    names: tuple[str, ...]
    label: str  # as written
    chain: Chain = ()  # where the (first) path starts, and its text from there
    below: str = ""


class Compiler:
    """Compiles one file against one source schema. ``traced``: what it writes knows its story
    (``hub.mapping.lineage``)."""

    def __init__(
        self, file: File, source: Schema, target: Schema, tables: Tables, problems: Problems, traced: bool = False
    ) -> None:
        self._traced = traced
        self._file = file
        self._source = source
        self._target = target
        self._tables = tables
        self._problems = problems
        self._slots = 1
        self._reads: set[str] = set()  # full names of what rows and conditions read
        self.facts: list[Fact] = []
        self.fields: dict[str, KeyPath] = {}  # full names of target fields → the first row that writes them
        self._written: dict[str, KeyPath] = {}  # the same by block and filter, where a second row would overwrite

    def program(self) -> Program:
        """The whole file. What has problems is left out; the problems say so."""
        chain, target = (self._source.root,), (self._target.root,)
        made = [
            self._block(block, chain, target, ("block", number), 1) for number, block in enumerate(self._file.block)
        ]
        whole = tuple(block for block in made if block is not None)
        return Program(whole, self._slots, frozenset(self._reads), frozenset(self.fields))

    def _block(self, block: Block, chain: Chain, target: Chain, key: KeyPath, depth: int) -> RunBlock | None:
        if depth > MAX_BLOCKS:
            self._problems.add(key, f"more than {MAX_BLOCKS} blocks deep; flatten it")
            return None
        groups = self._groups(block, chain, key)
        into = self._into(block, target, key)
        inner = chain if groups is None else groups.nodes
        below = target if into is None else into.nodes
        self._slots = max(self._slots, blocks.depth(chain, groups))
        when = self._condition(block.when, inner, (*key, "when"))
        lines = [self._row(row, inner, below, (*key, "rows", number)) for number, row in enumerate(block.rows)]
        nested = [
            self._block(one, inner, below, (*key, "block", number), depth + 1) for number, one in enumerate(block.block)
        ]
        if not block.rows and not block.block:
            self._problems.add(key, "the block writes nothing; give it rows")
        made = [line for line in lines if line is not None], [one for one in nested if one is not None]
        return self._assembled(block, chain, groups, into, when, made)

    def _assembled(
        self,
        block: Block,
        chain: Chain,
        groups: Route | None,
        into: Route | None,
        when: Test | None,
        made: tuple[list[RunRow], list[RunBlock]],
    ) -> RunBlock | None:
        lines, nested = made
        inner = chain if groups is None else groups.nodes
        teller = Teller(inner, "", block.each or "", self._target.root.tag if into is None else into.name)
        place = None if into is None else _place(into.hops)
        if groups is None:
            return blocks.once(when, lines, nested, place, teller, when is not None or _constant(block))
        if place is None:
            return None
        run = blocks.repeated(blocks.loop(groups, chain), when, lines, nested, place, teller)
        outside = len(groups.chain) < len(chain)
        return blocks.keeping(run, access.slot(groups.chain) + 1, access.slot(chain) + 1) if outside else run

    def _groups(self, block: Block, chain: Chain, key: KeyPath) -> Route | None:
        if block.each is None:
            return None
        with self._problems.at((*key, "each")):
            path = parse_path(block.each)
            if path.start in (Start.CONTEXT, Start.INDEX, Start.STANDING):
                raise PathProblem(f"{block.each} is not of the message; `each` names a group of the source")
            found = route(path, chain)
            if not found.hops:
                raise PathProblem(f"{block.each} is where the block stands; name a group below")
            blocks.loop(found, chain)
            self._reads.update(reads.of_route(found, chain))
            if block.into is None:
                raise PathProblem("a block with `each` needs `into`, the place that repeats")
            return found
        return None

    def _into(self, block: Block, target: Chain, key: KeyPath) -> Route | None:
        if block.into is None:
            return None
        with self._problems.at((*key, "into")):
            path = parse_path(block.into)
            if path.start is not Start.HERE or path.up:
                raise PathProblem(f"{block.into} must go down from where the block around it writes")
            found = route(path, target)
            if not found.hops:
                return None
            if any(hop.step.tests for hop in found.hops):
                raise PathProblem(f"{block.into} has a filter; write its value by a row of the block")
            if not found.end.children:
                raise PathProblem(f"{block.into} is a value; `into` names a group, and a row writes the value")
            if found.end.key in ("UNH",):
                raise PathProblem("UNH is written by the hub; remove the block")
            return found
        return None

    def _condition(self, text: str | None, chain: Chain, key: KeyPath) -> Test | None:
        if text is None:
            return None
        with self._problems.at(key):
            parsed = parse_condition(text)
            test = condition(parsed, access.here(chain))
            self._reads.update(reads.of_condition(parsed, chain))
            return test
        return None

    def _row(self, row: Row, chain: Chain, target: Chain, key: KeyPath) -> RunRow | None:
        found = self._destination(row, target, key)
        calls = self._calls(row, key)
        stages = self._stages(row, calls, key)
        source = self._from(row, calls, chain, key)
        when = self._condition(row.when, chain, (*key, "when"))
        self._contradictions(row, key)
        if found is None or (source is None and row.const is None):
            return None
        fact = self._fact(row, source, found, key)
        put, fault = targets.put(found.hops), targets.fault(found.end, self._target)
        if self._traced:
            put = tracing.put(targets.put(tracing.marked(found.hops, fact)), fact)
        self._literals(row, fault, targets.limit(found.end), key)
        if row.const is not None:
            return rows.constant(put, row.const, when)
        assert source is not None
        teller = Teller(source.chain, source.below, source.label, found.name, row.table or "")
        many = found.hops[-1].repeated and not found.hops[-1].picks
        direct = len(found.hops) == 1 and not found.hops[0].repeated and not self._traced
        plan = Plan(
            teller=teller,
            reading=source.reading,
            put=put,
            key=found.hops[0].node.key if direct else "",
            stages=stages,
            fault=fault,
            limit=targets.limit(found.end),
            many=many,
            most=found.end.max,
            default=row.default,
            otherwise=row.otherwise,
            required=row.required,
        )
        line = rows.compiled(plan)
        return line if when is None else rows.guarded(line, when)

    def _destination(self, row: Row, target: Chain, key: KeyPath) -> Route | None:
        with self._problems.at((*key, "to")):
            path = parse_path(row.to)
            if path.start is not Start.HERE or path.up:
                raise PathProblem(f"{row.to} must go down from where its block writes")
            found = leaf(path, target)
            if not found.hops:
                raise PathProblem(f"{row.to} is where the block writes; name a field below")
            targets.put(found.hops)
            self._once(row, found, key)
            return found
        return None

    def _once(self, row: Row, found: Route, key: KeyPath) -> None:
        marked = found.name + "".join(str(hop.step.tests) for hop in found.hops)
        first = self._written.setdefault(marked + repr(key[:-2]), key)
        self.fields.setdefault(found.name, key)
        for number, hops in targets.marks(found.hops):
            above = "/".join(node.key for node in found.nodes[1 : len(found.chain) + number])
            self.fields.setdefault(f"{above}/{'/'.join(hop.node.key for hop in hops)}", key)
        if first != key and row.when is None and found.end.max == 1:
            line = self._problems.toml.line(first)
            raise PathProblem(f"{row.to} is already written by line {line}; give each a `when`, or remove one")

    def _calls(self, row: Row, key: KeyPath) -> tuple[Call, ...]:
        if row.with_ is None:
            return ()
        with self._problems.at((*key, "with")):
            calls = parse_pipeline(row.with_)
            pipeline.named(calls)
            return calls
        return ()

    def _stages(self, row: Row, calls: tuple[Call, ...], key: KeyPath) -> list[Stage]:
        stages = pipeline.stages(calls)
        if row.table is not None:
            with self._problems.at((*key, "table")):
                table = self._tables.get(row.table)
                stages.append(pipeline.lookup(table, row.table, row.otherwise))
        return tracing.stages(stages, calls, row.table or "") if self._traced else stages

    def _from(self, row: Row, calls: tuple[Call, ...], chain: Chain, key: KeyPath) -> Source | None:
        if row.from_ is None:
            return None
        texts = (row.from_,) if isinstance(row.from_, str) else row.from_
        found: list[Source] = []
        for text in texts:
            with self._problems.at((*key, "from")):
                found.append(self._source_at(parse_path(text), calls, chain))
        if len(found) != len(texts):
            return None
        if len(found) == 1:
            return found[0]
        return _joined(found, bool(calls) and calls[0].name == "first")

    def _source_at(self, path: Path, calls: tuple[Call, ...], chain: Chain) -> Source:
        found = _source(path, calls, chain)
        if path.start not in (Start.CONTEXT, Start.INDEX):
            self._reads.update(reads.of_route(leaf(path, chain)))
            self._reads.update(pipeline.beside(leaf(path, chain), calls))
        if self._traced and path.start in (Start.CONTEXT, Start.INDEX):
            return replace(found, reading=tracing.reading(found.reading, path.text))
        return found

    def _contradictions(self, row: Row, key: KeyPath) -> None:
        if (row.from_ is None) == (row.const is None):
            self._problems.add(key, "a row has either `from` or `const`; give one of them")
        if row.const is not None and (row.with_ or row.table or row.required or row.default is not None):
            self._problems.add(key, "`const` is written as it is; remove with, table, default and required")
        if row.otherwise != "error" and row.table is None:
            self._problems.add((*key, "otherwise"), "says what to do with a code that no table has; add `table`")
        if row.otherwise == "default" and row.default is None:
            self._problems.add((*key, "otherwise"), "there is no default to take; add `default`")
        if row.required and row.default is not None:
            self._problems.add((*key, "required"), "a row with a default is never missing; remove one of them")

    def _literals(self, row: Row, fault: targets.Fault | None, limit: int, key: KeyPath) -> None:
        for name, value in (("const", row.const), ("default", row.default)):
            wrong = fault(value) if fault is not None and value is not None else None
            if value is not None and len(value) > limit:
                wrong = "too-long", str(limit)
            if wrong is not None:
                self._problems.add((*key, name), f"{value!r} does not fit {row.to}: {wrong[0]} ({wrong[1]})")

    def _fact(self, row: Row, source: Source | None, found: Route, key: KeyPath) -> Fact:
        names = () if source is None else source.names
        line, turned, table = self._problems.toml.line(key), row.with_ or "", row.table or ""
        fact = Fact(line, found.name, names, row.const, turned, table, row.note, row.when or "", row.default)
        self.facts.append(fact)
        return fact


def _source(path: Path, calls: tuple[Call, ...], chain: Chain) -> Source:
    if path.start is Start.CONTEXT:
        timed = pipeline.opening(calls) == "date"
        return Source(access.context(path, as_text=not timed), (path.text,), path.text, (), path.text)
    if path.start is Start.INDEX:
        return Source(access.index(path), (path.text,), path.text, chain)
    found = leaf(path, chain)
    read = Route(path, found.chain, found.hops[:-1]) if pipeline.neighbour(found, calls) else found
    below = path.text.lstrip("^/").removeprefix(".")
    return Source(access.reading(read, chain), (found.name,), path.text, found.chain, below)


def _joined(sources: list[Source], first: bool) -> Source:
    """Several paths as one: the values of all, or, when only the ``first`` value is wanted, of the first with any."""
    parts = [(source.reading.at, source.reading.find) for source in sources]
    names = tuple(name for source in sources for name in source.names)
    label = " | ".join(source.label for source in sources)

    def every(run: Run) -> list[Any]:
        frame = run.frame
        return [value for at, find in parts for value in find(frame[at])]

    def some(run: Run) -> list[Any]:
        frame = run.frame
        for at, find in parts:
            values = find(frame[at])
            if values:
                return values
        return []

    return Source(Reading(0, some if first else every), names, label, sources[0].chain, sources[0].below)


def _place(hops: tuple[Hop, ...]) -> blocks.Place:
    end = hops[-1].node
    parent = targets.reach(hops[:-1]) if len(hops) > 1 else None
    return blocks.Place(parent, tuple(hop.node.key for hop in hops[:-1]), end.key, hops[-1].repeated, end.max)


def _constant(block: Block) -> bool:
    """Whether nothing in the block comes from the source."""
    return all(row.const is not None for row in block.rows) and all(_constant(inner) for inner in block.block)
