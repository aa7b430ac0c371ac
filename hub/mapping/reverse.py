"""The mapping in the other direction, as far as its rows say enough: copies, constants of filters, tables of one code
for one, dates, loops. What does not is told in the comment of what is made."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hub.mapping import dates
from hub.mapping.draft import Draft, DraftBlock, DraftRow, completed
from hub.mapping.pipeline import neighbour
from hub.mapping.resolve import Chain, Hop, PathProblem, Route, leaf, route
from hub.mapping.syntax import (
    Among,
    Both,
    Call,
    Compare,
    Condition,
    Start,
    Step,
    parse_condition,
    parse_path,
    parse_pipeline,
)
from hub.mapping.table import Block, File, Row
from hub.schema.catalog import Catalog
from hub.schema.model import Kind, Schema

_CODE_OF = {pattern: code for code, pattern in dates.CODES.items() if len(code) == 3}
_DAY = ("%Y", "%m", "%d")


class NotInvertible(ValueError):
    """What a row or block does cannot be undone; the message says why."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row that was inverted: full names without filters of the value in the first source and in the target."""

    source: str
    target: str
    line: int  # number of the row among all rows of the file, in its order


@dataclass(slots=True)
class Reversal:
    """What came out, and which rows it inverts."""

    draft: Draft
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a block of the original stands, and the block that inverts it: the source's loops, the target's nodes, the
    text of the path from the inverted loop to there, and the rows' block."""

    chain: Chain
    target: Chain
    prefix: str
    made: DraftBlock


def reverse(file: File, catalog: Catalog, id_: str, source: str = "") -> Reversal:
    """``file`` inverted: from its target to ``source``, one of the types that it reads (default: the first)."""
    names = (file.mapping.from_,) if isinstance(file.mapping.from_, str) else file.mapping.from_
    wanted = source or names[0]
    title = (f"{file.mapping.title.zh}（反向）", f"{file.mapping.title.en}, reversed")
    inverter = _Inverter(file, catalog, Draft(id_, file.mapping.to, wanted, title))
    return inverter.whole(catalog.get(wanted), catalog.get(file.mapping.to))


class _Inverter:
    def __init__(self, file: File, catalog: Catalog, draft: Draft) -> None:
        self._file = file
        self._catalog = catalog
        self._result = Reversal(draft)
        self._number = 0
        self._inverses: list[tuple[DraftRow, Pair]] = []
        self._written: set[tuple[int, str]] = set()  # block and field that have a row already

    def whole(self, source: Schema, target: Schema) -> Reversal:
        draft = self._result.draft
        draft.remarks.append(
            f"{draft.source} → {draft.target}, made from {self._file.mapping.id} by `hub map reverse`."
        )
        outermost = DraftBlock()
        draft.blocks.append(outermost)
        for block in self._file.block:
            self._block(block, _Stand((source.root,), (target.root,), "", outermost), draft.blocks)
        completed(draft, self._catalog)
        kept = {id(row) for row in draft.rows()}
        self._result.pairs += [pair for row, pair in self._inverses if id(row) in kept]
        for row in draft.to_fill():
            draft.remarks.append(f"to be filled: {row.to}")
        return self._result

    def _block(self, block: Block, stand: _Stand, beside: list[DraftBlock]) -> None:
        try:
            inner = self._inside(block, stand, beside)
        except (NotInvertible, PathProblem) as error:
            self._number += _size(block)
            self._remark(f"the block into {block.into or '.'}", error)
            return
        beside = inner.made.blocks if inner.made is not stand.made else beside
        for row in block.rows:
            self._row(row, block, inner)
            self._number += 1
        for nested in block.block:
            self._block(nested, inner, beside)

    def _inside(self, block: Block, stand: _Stand, beside: list[DraftBlock]) -> _Stand:
        into = None if block.into is None else route(parse_path(block.into), stand.target)
        below = stand.target if into is None else into.nodes
        written = "" if into is None else _path(into.hops)
        if into is not None and into.hops and into.hops[-1].repeated:
            written += _marks(block)
        prefix = _joined(stand.prefix, written)
        if block.each is None:
            return replace(stand, target=below, prefix=prefix)
        groups = route(parse_path(block.each), stand.chain)
        if groups.path.start is not Start.HERE or groups.path.up:
            raise NotInvertible(f"each = {block.each} reads from outside the block")
        if not groups.end.children:
            raise NotInvertible(f"each = {block.each} loops over values")
        bare = tuple(Hop(hop.node, Step(hop.step.name)) for hop in groups.hops)
        made = DraftBlock(into=_path(bare), each=prefix, prefix=groups.name)
        made.rows += self._constants(groups)
        beside.append(made)
        return _Stand(groups.nodes, below, "", made)

    def _constants(self, groups: Route) -> list[DraftRow]:
        """The rows that write what the filters of a loop ask for."""
        if any(test for hop in groups.hops[:-1] for test in hop.step.tests if test != 1):
            raise NotInvertible(f"each = {groups.path.text} filters what is around the group")
        rows = []
        for test in groups.hops[-1].step.tests:
            if isinstance(test, int):
                continue
            for path, value, others in _equalities(test):
                note = f"stands for any of {', '.join(others)}" if others else "asked for by the filter of the loop"
                rows.append(DraftRow(path, const=value, note=note))
        return rows

    def _row(self, row: Row, block: Block, stand: _Stand) -> None:
        if row.const is not None:
            return  # says nothing of the source
        try:
            rows, pair = self._inverted(row, block, stand)
        except (NotInvertible, PathProblem) as error:
            self._remark(f"{row.to} from {row.from_}", error)
            return
        stand.made.rows += rows
        self._inverses.append((rows[0], pair))

    def _inverted(self, row: Row, block: Block, stand: _Stand) -> tuple[list[DraftRow], Pair]:
        if not isinstance(row.from_, str):
            raise NotInvertible("the value may come from several places")
        if sum(other.to == row.to for other in block.rows) > 1:
            raise NotInvertible("several rows write it")
        path = parse_path(row.from_)
        if path.start in (Start.CONTEXT, Start.INDEX):
            raise NotInvertible("it comes from the hub, not from the message")
        found, to = leaf(path, stand.chain), leaf(parse_path(row.to), stand.target)
        if len(found.chain) != len(stand.chain):
            raise NotInvertible("it is read from outside the loop")
        if not found.hops:
            raise NotInvertible("it is the value that the loop stands at")
        calls = parse_pipeline(row.with_) if row.with_ else ()
        turned, beside = _undone(calls, found)
        written = _path(found.hops, target=True)
        if (id(stand.made), written) in self._written:
            raise NotInvertible(f"{written} is written by another row already")
        self._written.add((id(stand.made), written))
        table = self._table(row)
        source = _joined(stand.prefix, _path(to.hops))
        made = DraftRow(
            to=written,
            from_=source,
            with_=_joined_calls("first" if any(c.name == "first" for c in calls) else "", turned),
            table=table,
            otherwise=row.otherwise if row.otherwise == "pass" else "",
            note=row.note,
        )
        beside = [replace(one, when=f"exists({source})") for one in beside]
        return [made, *beside], Pair(found.name, to.name, self._number)

    def _table(self, row: Row) -> str:
        """The name of the table that undoes the row's."""
        if row.table is None:
            return ""
        table = self._file.tables.get(row.table)
        if table is None:
            return self._shared(row.table)
        if len(set(table.values())) < len(table):
            raise NotInvertible(f"table {row.table} gives one code for several")
        name = f"{row.table}-reversed"
        self._result.draft.tables[name] = {value: code for code, value in table.items()}
        return name

    def _shared(self, name: str) -> str:
        start, _, column = name.partition("/")
        file, _, source = start.partition(".")
        table = self._catalog.tables.get(file)
        there = table.translation(source or table.columns[0], column)
        back = table.translation(column, source or table.columns[0])
        if back.ambiguous or any(back.values.get(value) != code for code, value in there.values.items()):
            raise NotInvertible(f"table {name} gives one code for several")
        return f"{file}.{column}/{source or table.columns[0]}"

    def _remark(self, what: str, error: ValueError) -> None:
        self._result.draft.remarks.append(f"not invertible: {what}: {error}")


def _size(block: Block) -> int:
    return len(block.rows) + sum(_size(inner) for inner in block.block)


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}/{path}" if prefix and path else prefix or path


def _joined_calls(*calls: str) -> str:
    return ", ".join(call for call in calls if call)


def _marks(block: Block) -> str:
    """The filters that find what a block made: the constants that no other row overwrites."""
    tos = [row.to for row in block.rows]
    fixed = [row for row in block.rows if row.const is not None and tos.count(row.to) == 1]
    fixed = [row for row in fixed if row.when is None and "[" not in row.to]
    return "".join(f"[{row.to}={_text(row.const or '')}]" for row in fixed)


def _text(value: str) -> str:
    if "'" in value and '"' in value:
        raise NotInvertible(f"{value} holds both kinds of quotes")
    return f'"{value}"' if "'" in value else f"'{value}'"


def _path(hops: tuple[Hop, ...], target: bool = False) -> str:
    """``hops`` as a path; ``target``: as one to write to."""
    steps = []
    hops = _lifted(hops) if target else hops
    for number, hop in enumerate(hops):
        if hop.node.key == "#text":
            continue
        shown = f"{hop.node.key}{''.join(_test(test, hop, target) for test in hop.step.tests)}"
        if hop.node.kind is not Kind.COMPOSITE or hop.step.tests or hop.repeated or not _clear(hops, number):
            steps.append(shown)
    return "/".join(steps)


def _lifted(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """``hops`` with the filters of what does not repeat put where it does: a target is marked there."""
    made: list[Hop] = []
    for hop in hops:
        tests = [test for test in hop.step.tests if not isinstance(test, int)]
        if hop.repeated or not tests:
            made.append(hop)
            continue
        at = next((number for number in range(len(made) - 1, -1, -1) if made[number].repeated), None)
        if at is None:
            raise NotInvertible(f"{hop.node.key} does not repeat, so that a filter cannot mark it")
        below = "/".join([*(one.node.key for one in made[at + 1 :]), hop.node.key])
        lifted = [_below(test, below) for test in tests]
        made[at] = Hop(made[at].node, replace(made[at].step, tests=(*made[at].step.tests, *lifted)))
        made.append(Hop(hop.node, Step(hop.step.name)))
    return tuple(made)


def _below(test: Condition, path: str) -> Condition:
    (one, *more) = _equalities(test)
    if more or one[2]:
        raise NotInvertible(f"the filter of {path} asks for more than one value")
    return parse_condition(f"{path}/{one[0]}={_text(one[1])}")


def _clear(hops: tuple[Hop, ...], number: int) -> bool:
    """Whether the composite there can be left out."""
    if not 0 < number < len(hops) - 1:
        return False
    above, key = hops[number - 1].node, hops[number + 1].node.key
    holders = [child for child in above.children if child.kind is Kind.COMPOSITE and child.child(key) is not None]
    return above.child(key) is None and len(holders) == 1


def _test(test: "int | Condition", hop: Hop, target: bool) -> str:
    if isinstance(test, int):
        if target and test == 1 and hop.node.children:
            return ""  # the first is where a path without a filter writes
        if target and hop.node.children:
            raise NotInvertible(f"[{test}] asks for the {test}. {hop.node.key}")
        return f"[{test}]"
    parts = _equalities(test)
    if any(others for _, _, others in parts):
        raise NotInvertible(f"the filter of {hop.node.key} lets several values through")
    return f"[{' and '.join(f'{path}={_text(value)}' for path, value, _ in parts)}]"


def _equalities(test: Condition) -> list[tuple[str, str, tuple[str, ...]]]:
    """The values that a filter asks for: path, value, and what else would do."""
    if isinstance(test, Both):
        return [one for part in test.parts for one in _equalities(part)]
    if isinstance(test, Compare) and test.operator == "=" and isinstance(test.right, str) and not test.count:
        return [(test.left.text, test.right, ())]
    if isinstance(test, Among):
        return [(test.path.text, test.values[0], test.values if len(test.values) > 1 else ())]
    raise NotInvertible("a filter asks for more than certain values")


def _undone(calls: tuple[Call, ...], found: Route) -> tuple[str, list[DraftRow]]:
    """The functions that undo ``calls``, and the rows that must stand beside them."""
    calls = tuple(call for call in calls if call.name != "first")
    if not calls:
        return "", []
    if len(calls) > 1:
        raise NotInvertible(f"{', '.join(call.name for call in calls)} together cannot be undone")
    (call,) = calls
    undo = _UNDO.get(call.name)
    if undo is None:
        raise NotInvertible(f"{call.name} cannot be undone")
    return undo(call, found)


Undo = Callable[[Call, Route], tuple[str, list[DraftRow]]]


def _date(call: Call, found: Route) -> tuple[str, list[DraftRow]]:
    out, given = str(call.args[0]), str(call.args[1]) if len(call.args) > 1 else ""
    if len(call.args) > 2 or not all(part in dates.CODES.get(out, out) for part in _DAY):
        raise NotInvertible(f"{out} is not a whole date, or shown in a zone")
    if given:
        return f"date('{given}', '{out}')", []
    code = _CODE_OF.get(dates.CODES.get(out, out).replace("-", "")) or "102"
    if not neighbour(found, (call,)):
        raise NotInvertible("the format of the source is told by the value alone")
    beside = _path(found.hops[:-1], target=True) + "/2379"
    return f"date('{code}', '{out}')", [DraftRow(beside, const=code, note=f"the format of {_path(found.hops)}")]


def _prefix(call: Call, found: Route) -> tuple[str, list[DraftRow]]:
    return f"part({len(str(call.args[0])) + 1}, 1000)", []


def _times(call: Call, found: Route) -> tuple[str, list[DraftRow]]:
    factor = Decimal(str(call.args[0]))
    back = 1 / factor if factor else factor
    if back * factor != 1:
        raise NotInvertible(f"1/{factor} has no end")
    return f"times({back:f})", []


_UNDO: dict[str, Undo] = {"date": _date, "birth": _date, "prefix": _prefix, "times": _times}
