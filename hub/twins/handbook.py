"""An agency's handbook: how it answers each message type. ``partners/<id>/twin/*.toml``, one file a line of business;
docs/twins.md describes it. Everything that a file names is looked up when it is loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.config import located
from hub.config.located import KeyPath, LocatedToml
from hub.errors import ConfigError, SchemaUnknown
from hub.mapping.access import finder
from hub.mapping.apply import Mapping as Writer
from hub.mapping.items import Items, items, of_item
from hub.mapping.loader import Mappings
from hub.mapping.resolve import PathProblem
from hub.mapping.syntax import SyntaxProblem
from hub.model.twin import Conduct
from hub.schema.catalog import Catalog
from hub.schema.model import Node
from hub.twins.facts import Find, View
from hub.twins.table import AnswerTable, HandbookTable

FOLDER = "twin"
DECISION = "internal:agency-decision"
FORMATS = ("edifact", "xsd", "csv")
"""What an agency can write."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """How one message type is answered: ``table`` as it was written, with what it names."""

    table: AnswerTable
    view: View
    writer: Writer
    conduct: Conduct
    texts: Mapping[str, str] = field(default_factory=dict)  # the agency's code → what it says
    then: tuple[Writer, ...] = ()  # who writes each further answer


Handbook = Mapping[str, Instruction]
"""By message type."""


def load(folder: Path, catalog: Catalog, mappings: Mappings) -> dict[str, Instruction]:
    """The handbook in ``folder``; empty when there is none. Raises ConfigError with every problem of every file."""
    problems: list[str] = []
    found: dict[str, Instruction] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            toml = located.load(file)
            loader = _Loader(located.validate(HandbookTable, toml), toml, catalog, mappings)
            for type_, at, instruction in loader.instructions():
                if type_ in found:
                    loader.problem(at, f"{type_} is answered already, here or in a file before; remove one")
                found[type_] = instruction
            problems += loader.problems
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return found


class _Loader:
    """Loads one file; what is wrong is gathered in ``problems``."""

    def __init__(self, file: HandbookTable, toml: LocatedToml, catalog: Catalog, mappings: Mappings) -> None:
        self._file, self._toml, self._catalog, self._mappings = file, toml, catalog, mappings
        self.problems: list[str] = []

    def problem(self, at: KeyPath, what: str) -> None:
        """Note what is wrong at the key ``at``."""
        self.problems.append(self._toml.problem(at, what))

    def instructions(self) -> Iterator[tuple[str, KeyPath, Instruction]]:
        """Each message type, where it stands, and how it is answered."""
        for index, table in enumerate(self._file.answer):
            at: KeyPath = ("answer", index)
            writer = self._writer(table.with_, (*at, "with"))
            thens = [self._writer(then.with_, (*at, "then", place)) for place, then in enumerate(table.then)]
            further = tuple(one for one in thens if one)
            texts = self._texts(table, at)
            self._names(table, at)
            for number, type_ in enumerate(table.types):
                root = self._root(type_, (*at, "types", number))
                if root is not None and writer is not None:
                    rules = Conduct(poll=1, rules=tuple(rule.value() for rule in table.rule))
                    yield type_, at, Instruction(table, self._view(table, root, at), writer, rules, texts, further)

    def _writer(self, id: str, at: KeyPath) -> Writer | None:
        try:
            writer = self._mappings.get(id)
        except ConfigError as error:
            self.problem(at, f"the mapping does not load: {error.problems[0]}")
            return None
        if writer.sources != (DECISION,) or writer.target.partition(":")[0] not in FORMATS:
            what = (
                f"it writes {writer.target} from {', '.join(writer.sources)}; name a mapping from {DECISION} to one of"
            )
            self.problem(at, f"{what} {', '.join(FORMATS)}")
            return None
        return writer

    def _texts(self, table: AnswerTable, at: KeyPath) -> dict[str, str]:
        """What each code of the tables named says; codes that are in none of them are problems."""
        texts: dict[str, str] = {}
        for index, name in enumerate(table.reasons):
            try:
                rows = self._catalog.tables.get(name).codes
            except ConfigError as error:
                self.problem((*at, "reasons", index), error.problems[0])
                return {}
            texts = {value: row.zh or row.en for value, row in rows.items()} | texts
        if table.reasons:
            for where, code in _codes(table):
                if code not in texts:
                    self.problem((*at, *where), f"{code} is in none of {', '.join(table.reasons)}; mend it")
        return texts

    def _names(self, table: AnswerTable, at: KeyPath) -> None:
        """Every fact that is named must be one."""
        for where, name, plain in _named(table):
            if name not in table.facts and (plain or name not in table.numbers):
                self.problem((*at, *where), f"there is no fact {name}; add it to [answer.facts]")

    def _root(self, type_: str, at: KeyPath) -> Node | None:
        try:
            return self._catalog.get(type_).root
        except SchemaUnknown as error:
            self.problem(at, str(error))
            return None

    def _view(self, table: AnswerTable, root: Node, at: KeyPath) -> View:
        own = self._items(table.each, root, (*at, "each"))
        found = {}
        for name, paths in table.facts.items():
            tries = [self._find(path, table.each, root, (*at, "facts", name)) for path in paths]
            found[name] = tuple(one for one in tries if one)
        for index, rule in enumerate(table.rule):
            if rule.path not in table.facts:
                self._find(rule.path, table.each, root, (*at, "rule", index, "path"))
        return View(own, found)

    def _items(self, each: str | None, root: Node, at: KeyPath) -> Items:
        try:
            return items(each or "", root, repeated=False)
        except (PathProblem, SyntaxProblem) as error:
            self.problem(at, str(error))
            return Items()

    def _find(self, path: str, each: str | None, root: Node, at: KeyPath) -> Find | None:
        try:
            return finder(of_item(path, each or "", root).hops)
        except (PathProblem, SyntaxProblem) as error:
            self.problem(at, str(error))
            return None


def _codes(table: AnswerTable) -> Iterator[tuple[KeyPath, str]]:
    """Every code that may be answered, and the key where it stands."""
    for verdict, code in table.codes:
        if code is not None:
            yield ("codes", verdict), code
    if table.change:
        yield ("change", "unknown"), table.change.unknown
    for index, book in enumerate(table.remember):
        if book.again is not None:
            yield ("remember", index, "again"), book.again
    yield from ((("need", index, "code"), row.code) for index, row in enumerate(table.need))
    yield from ((("post", index, "code"), row.code) for index, row in enumerate(table.post))
    yield from ((("then", index, "code"), row.code) for index, row in enumerate(table.then) if row.code)
    yield from ((("rule", index, "code"), row.code) for index, row in enumerate(table.rule) if row.code)


def _named(table: AnswerTable) -> Iterator[tuple[KeyPath, str, bool]]:
    """Every name of a fact, with the key where it stands, and whether it must be a fact: else a number does as well."""
    if table.change:
        yield ("change", "fact"), table.change.fact, True
    for index, book in enumerate(table.remember):
        yield from ((("remember", index, "key", place), name, False) for place, name in enumerate(book.key))
    for index, need in enumerate(table.need):
        yield from ((("need", index, "key", place), name, True) for place, name in enumerate(need.key))
    for name, rows in (("remember", table.remember), ("need", table.need), ("post", table.post)):
        for index, row in enumerate(rows):
            yield from (((name, index, "when", fact), fact, True) for fact in row.when)
    for index, post in enumerate(table.post):
        yield from ((("post", index, "holder", place), name, True) for place, name in enumerate(post.holder))
        yield ("post", index, "amount"), post.amount, True
