"""``[legs.…]`` and ``[match]`` of a service file: what comes in, and how it comes together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from hub.config.located import KeyPath
from hub.mapping.items import Items, items
from hub.mapping.resolve import PathProblem
from hub.mapping.syntax import SyntaxProblem
from hub.model.case import Objection
from hub.model.message import Document
from hub.model.partner import roles
from hub.schema.codes import CodeTable
from hub.schema.model import Node
from hub.services import views
from hub.services.conduct import condition
from hub.services.scope import Scope
from hub.services.service import Amendment, Leg, Match, When
from hub.services.table import File, LegTable, LinesTable
from hub.services.views import Lines, Values, View
from hub.services.vocabulary import LegFacts, Vocabulary

T = TypeVar("T")


def _none(_: Document) -> list[Any]:
    return []


_nothing: Values = _none


REFUSALS = (
    "walk.case-exists",
    "walk.leg-exists",
    "walk.no-case",
    "walk.receiver-unknown",
    "walk.sender-not-named",
)
"""Why a leg is not taken in: what a service may tell under codes of its own."""


def load_legs(file: File, words: Vocabulary, reasons: CodeTable | None, scope: Scope) -> dict[str, Leg]:
    """The legs by name."""
    for name, table in file.legs.items():
        for finding, code in table.refuse.items():
            _check_refusal(finding, code, ("legs", name, "refuse", finding), reasons, scope)
    return {name: _Leg(name, table, words, scope).leg() for name, table in file.legs.items()}


def _check_refusal(finding: str, code: str, at: KeyPath, reasons: CodeTable | None, scope: Scope) -> None:
    if finding not in REFUSALS:
        scope.problem(at, f"a leg is refused for one of {', '.join(REFUSALS)}")
    if reasons is None or reasons.get(code) is None:
        scope.problem(at, f"the table of service.reasons has no code {code}; choose one that it has")


def facts_of(table: LegTable) -> LegFacts:
    """What the facts of a leg are called, and where they are read."""
    names = {name: path if isinstance(path, str) else path[0] for name, path in table.facts.items()}
    above = f"{table.each}/" if table.each else ""
    places = {name: path if path.startswith("/") else above + path for name, path in names.items()}
    lines = {name: group.facts for name, group in table.lines.items()}
    return LegFacts(places, lines, {name: above + group.each for name, group in table.lines.items()})


class _Leg:
    """Loads one leg."""

    def __init__(self, name: str, table: LegTable, words: Vocabulary, scope: Scope) -> None:
        self._name, self._table, self._words, self._scope = name, table, words, scope
        self._at: KeyPath = ("legs", name)

    def leg(self) -> Leg:
        table = self._table
        for index, role in enumerate(table.from_):
            if role not in roles():
                what = f"no role is called {role!r}; choose from {', '.join(sorted(roles()))}"
                self._scope.problem((*self._at, "from", index), what)
        for twice in table.facts.keys() & table.lines.keys():
            self._scope.problem((*self._at, "lines", twice), "a fact is called so as well; choose another name")
        sees = {type_: self._view(type_, index) for index, type_ in enumerate(table.types)}
        for key, facts in table.keys.items():
            for index, fact in enumerate(facts):
                self._known(fact, (*self._at, "keys", key, index))
        keys = {key: tuple(facts) for key, facts in table.keys.items()}
        return Leg(
            name=self._name,
            types=tuple(table.types),
            roles=frozenset(table.from_),
            views=sees,
            keys=keys,
            amendment=self._amendment(),
            sender=self._sender(),
            when=self._when(),
            expected=condition(table.expected, self._words, (*self._at, "expected"), self._scope),
            after=tuple(table.after),
            refuse=dict(table.refuse),
        )

    def _when(self) -> When | None:
        at = (*self._at, "when")
        when = condition(self._table.when, self._words, at, self._scope)
        if when and self._words.legs_of(self._table.when) != {self._name}:
            self._scope.problem(at, f"a message is chosen by its own facts; write {self._name}.fact")
        return when

    def _amendment(self) -> Amendment | None:
        table = self._table.amend
        if table is None:
            return None
        self._known(table.fact, (*self._at, "amend", "fact"))
        return Amendment(table.fact, frozenset(table.replaces), frozenset(table.cancels))

    def _sender(self) -> tuple[str, str] | None:
        table = self._table.sender
        if table is None:
            return None
        self._known(table.fact, (*self._at, "sender", "fact"))
        return table.fact, table.code

    def _known(self, fact: str, at: KeyPath) -> None:
        if fact not in self._table.facts:
            self._scope.problem(at, f"the leg has no fact {fact}; add it to [legs.{self._name}.facts]")

    def _view(self, type_: str, index: int) -> View:
        root = self._scope.root(type_, (*self._at, "types", index))
        if root is None:
            return View()
        table, each = self._table, self._table.each
        own = self._tried(lambda: items(each, root), Items(), (*self._at, "each"), type_)
        found = {
            name: self._values([path] if isinstance(path, str) else path, root, (*self._at, "facts", name), type_)
            for name, path in table.facts.items()
        }
        lines = {name: self._lines(name, group, root, type_) for name, group in table.lines.items()}
        return View(own, self._reference(root, type_), found, lines, facts_of(table).facts)

    def _reference(self, root: Node, type_: str) -> Values:
        """The sender's own number: that of the first entry which has one; paths that stand together are joined."""
        ways = [
            [
                self._tried(self._maker([path], root), _nothing, (*self._at, "reference", index), type_)
                for path in ([entry] if isinstance(entry, str) else entry)
            ]
            for index, entry in enumerate(self._table.reference)
        ]
        if len(ways) == len(ways[0]) == 1:
            return ways[0][0]
        return lambda item: next(([told] for way in ways if (told := _joined([find(item) for find in way]))), [])

    def _values(self, paths: list[str], root: Node, at: KeyPath, type_: str) -> Values:
        for path in paths:
            self._tried(self._maker([path], root), _nothing, at, type_)
        return self._quietly(self._maker(paths, root), _nothing)

    def _maker(self, paths: list[str], root: Node) -> Callable[[], Values]:
        return lambda: views.values(paths, self._table.each, root)

    def _lines(self, name: str, group: LinesTable, root: Node, type_: str) -> Lines:
        at = (*self._at, "lines", name)
        nothing = Lines(_nothing, {})
        each = self._table.each
        return self._tried(lambda: views.lines(group.each, group.facts, each, root), nothing, at, type_)

    def _tried(self, make: Callable[[], T], otherwise: T, at: KeyPath, type_: str) -> T:
        try:
            return make()
        except (PathProblem, SyntaxProblem) as error:
            self._scope.problem(at, f"in {type_}: {error}")
            return otherwise

    def _quietly(self, make: Callable[[], T], otherwise: T) -> T:
        try:
            return make()
        except (PathProblem, SyntaxProblem):
            return otherwise


def _joined(values: list[list[Any]]) -> str:
    return "/".join(str(found[0]) for found in values) if all(values) else ""


def load_match(file: File, legs: Mapping[str, Leg], scope: Scope) -> Match:
    """How a case comes together; a service with one leg needs no ``[match]``."""
    table = file.match
    if table is None:
        if len(legs) > 1:
            scope.problem((), "several legs need a [match] that says which one opens a case; add it")
        only = next(iter(legs))
        _come_first((only,), legs, scope)
        return Match(only, (only,))
    for index, name in enumerate(table.legs):
        if name not in legs:
            scope.problem(("match", "legs", index), f"no leg is called {name}; there are {', '.join(legs)}")
    _come_first(table.legs, legs, scope)
    if table.anchor not in table.legs:
        scope.problem(("match", "anchor"), f"{table.anchor} must be one of legs; add it there")
    anchor = legs.get(table.anchor)
    given = {key for lane in file.lanes.values() if lane.leg == table.anchor for key in lane.gives}
    for name, leg in legs.items():
        own = anchor.keys.keys() | (set() if name in table.legs else given) if anchor else set()
        if anchor and name != table.anchor and not leg.keys.keys() & own:
            scope.problem(
                ("legs", name), f"it has no key in common with {table.anchor}, so it can find no case; add one"
            )
    late = Objection(table.late.code, table.late.zh, table.late.en)
    return Match(table.anchor, tuple(table.legs), table.within, late)


def _come_first(gathered: Sequence[str], legs: Mapping[str, Leg], scope: Scope) -> None:
    """The legs that a case gathers cannot wait for its lanes."""
    for name in gathered:
        if name in legs and legs[name].after:
            scope.problem(("legs", name, "after"), "the case needs this leg before any lane opens; leave after out")
