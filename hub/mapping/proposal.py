"""A first draft of a mapping from one message and what it shall become: by values, then names, every row with why.

Loops are recognised by how often things repeat and by the values inside; a row's path is tried on every turn of its
loop with the very finder that a mapping uses, so that what is proposed is what the samples show.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hub.mapping.access import finder
from hub.mapping.draft import FILL, Draft, DraftBlock, DraftRow, completed
from hub.mapping.likeness import alike, joined, ways
from hub.mapping.resolve import Chain, PathProblem, leaf, route
from hub.mapping.syntax import SyntaxProblem, parse_path
from hub.model.message import Document
from hub.schema.catalog import Catalog
from hub.schema.model import Node, Schema

_ENVELOPE = frozenset({"UNH", "UNT", "ST", "SE"})
_BY_NAME = 0.6  # how alike names must be when values say nothing
_BY_CODE = 0.35  # and when both are codes
_CODE = 6  # characters of a code
_SHORT = 3  # characters that a value needs to be told from others
_MAX_ITEMS = 200  # repetitions that are looked at


@dataclass(frozen=True, slots=True)
class _Seen:
    """A value of the source as seen from a loop: its path there, its nodes, and the format beside it."""

    path: str
    value: str
    nodes: Chain
    fmt: str
    also: tuple[str, ...] = ()  # what else stands in the same place


@dataclass(frozen=True, slots=True)
class _Turns:
    """The turns of a loop on both sides: the source's nodes down to where it stands, and its groups; the items that the
    target has for them (None: none), and the target's nodes."""

    chain: Chain
    groups: tuple[Any, ...]
    nodes: Chain
    items: tuple[Any, ...]


def propose(source: Schema, target: Schema, given: Document, wanted: Document, catalog: Catalog, id_: str) -> Draft:
    """The draft of a mapping that makes ``wanted`` of ``given``. It loads; rows to be filled say so in their notes."""
    draft = Draft(id_, source.id, target.id, (f"{id_}（草稿）", f"{id_}, a draft"))
    draft.remarks.append("Proposed by `hub map new` from two messages. Every row's note says why; read them all.")
    proposer = _Proposer(draft, (source.root, given))
    block = DraftBlock()
    draft.blocks.append(block)
    proposer.fill(block, "", _Turns((source.root,), (given,), (target.root,), (wanted,)))
    return completed(draft, catalog)


class _Proposer:
    def __init__(self, draft: Draft, whole: tuple[Node, Document]) -> None:
        self._draft = draft
        self._whole = whole

    def fill(self, block: DraftBlock, prefix: str, turns: _Turns) -> None:
        """Rows and blocks for all that the target's items hold, written below ``prefix``."""
        for child in turns.nodes[-1].children:
            held = [item.get(child.key) if item else None for item in turns.items]
            if child.tag in _ENVELOPE or not any(held):
                continue
            below = replace(turns, nodes=(*turns.nodes, child), items=tuple(held))
            to = f"{prefix}/{child.key}" if prefix else child.key
            if not child.children:
                self._row(block, to.removesuffix("/#text"), below)
            elif child.max == 1:
                self.fill(block, to, below)
            elif not self._loop(block, to, below):
                self._marked(block, to, below)

    def _loop(self, block: DraftBlock, to: str, turns: _Turns) -> bool:
        """A block for what repeats on both sides; False when nothing of the source repeats likewise."""
        best, most = None, 0.0
        for path, chain in _repeating(turns):
            found = [_at(group, path, turns.chain) for group in turns.groups]
            if [len(one) for one in found] != [len(item or ()) for item in turns.items]:
                continue
            groups, items = _flat(found), _flat(turns.items)
            likeness = _shared(groups, items) + alike(chain, turns.nodes) / 10 - 0.01 * path.count("[")
            if likeness >= most:  # of two that say as much the inner one, which holds less else
                best, most = (path, _Turns(chain, groups, turns.nodes, items)), likeness
        if best is None or most < 0.2:
            return False
        path, inner = best
        full = f"{block.prefix}/{to}" if block.prefix else to
        made = DraftBlock(into=to, each=path, prefix=full, note=f"repeats as often: {len(inner.groups)} times")
        block.blocks.append(made)
        self.fill(made, "", inner)
        return True

    def _marked(self, block: DraftBlock, to: str, turns: _Turns) -> None:
        """Repetitions that stand for themselves: each under the code that marks it, else only the first."""
        marks = list(dict.fromkeys(_mark(one, turns.nodes[-1]) for item in turns.items for one in item or ()))
        for mark in marks[:_MAX_ITEMS]:
            if mark is None and len(marks) > 1:
                continue
            chosen = tuple(
                next((one for one in item or () if _mark(one, turns.nodes[-1]) == mark), None) for item in turns.items
            )
            filter_ = f"[{mark[0]}='{mark[1]}']" if mark else ""
            self.fill(block, f"{to}{filter_}", replace(turns, items=chosen))

    def _row(self, block: DraftBlock, to: str, turns: _Turns) -> None:
        values = [item[0] if isinstance(item, list) and item else item or "" for item in turns.items]
        if f"{turns.nodes[-1].key}='" in to:
            return  # the filter writes it
        row = self._found(to, values, turns) or self._coded(to, values, turns) or self._named(to, values, turns)
        constant = DraftRow(
            to, const=next(filter(None, values)), note=f"{FILL}the sample's value; nothing like it found"
        )
        block.rows.append(row or constant)

    def _found(self, to: str, values: list[str], turns: _Turns) -> DraftRow | None:
        """A row for a value that stands in the source as well, perhaps written otherwise."""
        first = next(number for number, value in enumerate(values) if value)
        short = " (short: look at it)" if len(values[first]) < _SHORT else ""
        options: list[tuple[float, DraftRow]] = []
        for far, seen in self._all(turns, first):
            likeness = alike(seen.nodes, turns.nodes)
            for function in self._ways((seen.value, *seen.also), values[first], seen.fmt):
                if function and len(seen.value) < _SHORT and likeness < _BY_CODE:
                    continue  # almost any number makes another
                if self._holds(seen, function, values, turns):
                    equal = "has the same value" if not function else f"{function} makes it"
                    note = f"{equal}: {values[first][:40]!r}{short}"
                    score = likeness - 0.3 * far - 0.5 * bool(function) - len(seen.path) / 1000
                    options.append((score, DraftRow(to, from_=seen.path, with_=function, note=note)))
                    break
        return max(options, key=lambda one: one[0], default=(0.0, None))[1]

    @staticmethod
    def _ways(values: tuple[str, ...], wanted: str, fmt: str) -> list[str]:
        """The functions that make ``wanted`` of the first value, or of all of them."""
        together = joined(values, wanted) if len(values) > 1 else None
        return [*ways(values[0], wanted, fmt), *([together] if together else [])]

    def _coded(self, to: str, values: list[str], turns: _Turns) -> DraftRow | None:
        """A row with a table, where codes stand for codes and the names agree."""
        first = next(number for number, value in enumerate(values) if value)
        if len(values[first]) > _CODE:
            return None
        options = [
            (alike(seen.nodes, turns.nodes), seen)
            for _, seen in self._all(turns, first)
            if seen.nodes[-1].codes and len(seen.value) <= _CODE
        ]
        likeness, seen = max(options, key=lambda one: one[0], default=(0.0, None))
        if seen is None or likeness < _BY_CODE:
            return None
        table: dict[str, str] = {}
        for group, value in zip(turns.groups, values, strict=True):
            codes = self._values(seen.path, group, turns.chain)
            if codes and value and table.setdefault(codes[0], value) != value:
                return None
        name = to.rpartition("/")[2].lstrip("@").lower()
        self._draft.tables[name] = self._draft.tables.get(name, {}) | table
        note = f"{FILL}the table, of which the sample shows {len(table)} codes; the names agree"
        return DraftRow(to, from_=seen.path, table=name, otherwise="pass", note=note)

    def _named(self, to: str, values: list[str], turns: _Turns) -> DraftRow | None:
        first = next(number for number, value in enumerate(values) if value)
        options = [(alike(seen.nodes, turns.nodes), seen) for _, seen in self._all(turns, first)]
        likeness, seen = max(options, key=lambda one: one[0], default=(0.0, None))
        if seen is None or likeness < _BY_NAME:
            return None
        note = f"{FILL}only the names agree: {seen.value[:20]!r} there, {values[first][:20]!r} here"
        return DraftRow(to, from_=seen.path, note=note)

    def _all(self, turns: _Turns, number: int) -> Iterator[tuple[int, _Seen]]:
        """What the source holds in the turn ``number``: 0 inside the loop, 1 outside it."""
        yield from ((0, seen) for seen in _values(turns.groups[number], turns.chain, "", turns.chain[-1]))
        if len(turns.chain) > 1:
            root, document = self._whole
            inside = turns.chain[1].key
            for seen in _values(document, (root,), "/", root):
                if not seen.path.startswith((f"/{inside}/", f"/{inside}[")):
                    yield 1, seen

    def _holds(self, seen: _Seen, function: str, values: list[str], turns: _Turns) -> bool:
        """Whether the path and the function give every turn of the loop its value."""
        for group, value in zip(turns.groups, values, strict=True):
            found = tuple(self._values(seen.path, group, turns.chain))
            if value and not found:
                return False
            if value and found[0] != value and function not in self._ways(found, value, seen.fmt):
                return False
        return True

    def _values(self, path: str, group: Any, chain: Chain) -> list[str]:
        parsed = parse_path(path)
        try:
            hops = leaf(parsed, chain).hops
        except PathProblem:
            return []
        return [str(value) for value in finder(hops)(self._whole[1] if path.startswith("/") else group)]


def _values(item: Any, nodes: Chain, path: str, node: Node) -> Iterator[_Seen]:
    """The values at and below ``item``; what repeats is told apart by its mark, else by its number."""
    for child in node.children:
        held = item.get(child.key)
        if not held or child.tag in _ENVELOPE:
            continue
        at = f"{path}{child.key}" if path in ("", "/") else f"{path}/{child.key}"
        below = (*nodes, child)
        if not child.children:
            texts = held if isinstance(held, list) else [held]
            own = at.removesuffix("/#text")
            yield _Seen(own, texts[0], below, str(item.get("2379") or ""), tuple(texts[1:]))
            if isinstance(held, list):
                yield from (_Seen(f"{own}[{n}]", text, below, "") for n, text in enumerate(texts[:_MAX_ITEMS], 1))
        elif isinstance(held, list):
            for number, one in enumerate(held[:_MAX_ITEMS], 1):
                mark = _mark(one, child)
                said = f"[{mark[0]}='{mark[1]}']" if mark else f"[{number}]" if len(held) > 1 else ""
                yield from _values(one, below, f"{at}{said}", child)
        else:
            yield from _values(held, below, at, child)


def _mark(item: Any, node: Node, path: str = "") -> tuple[str, str] | None:
    """The qualifier of a repetition: path and code of the first value whose name says that it is one."""
    for child in node.children[:2] if path.count("/") else node.children[:3]:
        held = item.get(child.key)
        if child.max != 1 or not held:
            continue
        if isinstance(held, dict):
            found = _mark(held, child, f"{path}{child.key}/") if path.count("/") < 2 else None
            if found:
                return found
        elif _marking(child, node) and "'" not in held:
            return f"{path}{child.key}", held
    return None


def _marking(child: Node, node: Node) -> bool:
    """Whether a value tells what its repetition is: a qualifier, or the name in a pair of name and value."""
    return "qualifier" in child.title.lower() or (child.key == "name" and len(node.children) == 2)


def _repeating(turns: _Turns) -> Iterator[tuple[str, Chain]]:
    """The groups below where a loop stands that repeat, with their paths, plain or filtered by a mark that occurs."""
    waiting: list[tuple[str, Chain, list[Any]]] = [("", turns.chain, [group for group in turns.groups if group])]
    while waiting:
        path, chain, groups = waiting.pop(0)
        for child in chain[-1].children:
            held = [one.get(child.key) for one in groups if one.get(child.key)]
            if not child.children or not held or child.tag in _ENVELOPE:
                continue
            at, below = f"{path}/{child.key}" if path else child.key, (*chain, child)
            items = _flat(held) if isinstance(held[0], list) else tuple(held)
            if child.max != 1:
                yield at, below
                marks = dict.fromkeys(_mark(one, child) for one in items[:_MAX_ITEMS])
                yield from ((f"{at}[{mark[0]}='{mark[1]}']", below) for mark in marks if mark)
            waiting.append((at, below, list(items[:_MAX_ITEMS])))


def _at(group: Any, path: str, chain: Chain) -> list[Any]:
    """The groups that ``path`` leads to."""
    try:
        return finder(route(parse_path(path), chain).hops)(group) if group else []
    except (PathProblem, SyntaxProblem):
        return []


def _flat(lists: Any) -> tuple[Any, ...]:
    return tuple(one for many in lists for one in many or ())


def _shared(groups: tuple[Any, ...], items: tuple[Any, ...]) -> float:
    """The share of the items' values that stand in their groups as well."""
    found = total = 0
    for group, item in zip(groups[:_MAX_ITEMS], items[:_MAX_ITEMS], strict=False):
        held, wanted = set(_texts(group)), set(_texts(item))
        found += len(held & wanted)
        total += len(wanted)
    return found / total if total else 0.0


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)
