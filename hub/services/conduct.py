"""``[[check]]`` of a service file: what must hold before anything leaves; and conditions, which many tables have."""

from collections.abc import Iterator, Sequence
from typing import Any

from hub.config.located import KeyPath, validate
from hub.errors import ConfigError
from hub.mapping.resolve import PathProblem
from hub.mapping.syntax import SyntaxProblem
from hub.model.case import OBJECTION, Objection
from hub.model.finding import Finding, Language
from hub.rules.catalogue import RULES
from hub.rules.rule import NOW, RECEIVED, ParameterProblem, Remark, Values, operands
from hub.rules.rule import Check as Judge
from hub.schema.codes import CodeTable
from hub.services.scope import Scope
from hub.services.service import Check, When
from hub.services.table import CheckTable, File
from hub.services.vocabulary import Facts, Find, Vocabulary

_OWN = ("rule", "each", "when", "refuse")


def condition(text: str, words: Vocabulary, at: KeyPath, scope: Scope) -> When | None:
    """``text`` as a condition on a case's facts; None when it is empty, or (with a problem) wrong."""
    if not text:
        return None
    try:
        return words.condition(text)
    except (PathProblem, SyntaxProblem) as error:
        scope.problem(at, str(error))
        return None


def load_checks(file: File, words: Vocabulary, reasons: CodeTable | None, scope: Scope) -> tuple[Check, ...]:
    """The checks in the order of the file."""
    made = (_Check(index, table, words, reasons, scope).check() for index, table in enumerate(file.check))
    return tuple(check for check in made if check)


class _Check:
    """Loads one check."""

    def __init__(
        self, index: int, table: CheckTable, words: Vocabulary, reasons: CodeTable | None, scope: Scope
    ) -> None:
        self._table, self._words, self._reasons, self._scope = table, words, reasons, scope
        self._at: KeyPath = ("check", index)

    def check(self) -> Check | None:
        table, scope = self._table, self._scope
        rule = RULES.get(table.rule)
        if rule is None:
            scope.problem((*self._at, "rule"), f"no rule is called {table.rule}; `hub rules list` shows them all")
            return None
        given = {key: value for key, value in scope.toml.data["check"][self._at[1]].items() if key not in _OWN}
        try:
            parameters = validate(rule.parameters, scope.toml, given, self._at)
            judge = rule.make(parameters, scope.catalog.tables)
        except ConfigError as error:
            scope.problems += error.problems
            return None
        except ParameterProblem as error:
            scope.problem((*self._at, *error.at), str(error))
            return None
        named = [name.operand for name in operands(parameters)]
        finds = self._finds(named)
        when = condition(table.when, self._words, (*self._at, "when"), scope)
        asked = frozenset(name.partition(".")[0] for name in named) | self._asked_when(when)
        return Check(table.rule, asked, self._runner(judge, finds, when), tuple(named), table.refuse or OBJECTION)

    def _asked_when(self, when: When | None) -> frozenset[str]:
        return self._words.legs_of(self._table.when) if when else frozenset()

    def _finds(self, named: Sequence[str]) -> dict[str, tuple[bool, Find]]:
        """How each operand is found: in a line, or in the whole case."""
        found = {}
        for operand in named:
            try:
                inner = self._words.in_row(self._table.each, operand) if self._table.each else None
                found[operand] = (True, inner) if inner else (False, self._words.find(operand))
            except (PathProblem, SyntaxProblem, KeyError) as error:
                self._scope.problem(self._at, str(error))
        return found

    def _runner(self, judge: Judge, finds: dict[str, tuple[bool, Find]], when: When | None) -> Any:
        rows = self._rows()

        def run(facts: Facts, now: str) -> Iterator[Objection]:
            if when is not None and not when(facts):
                return
            for number, row in enumerate(rows(facts) if rows else (None,), 1):
                for remark in judge(_values(finds, facts, row, now)):
                    yield self._objection(remark, number if rows else 0, finds)

        return run

    def _rows(self) -> Find | None:
        if not self._table.each:
            return None
        try:
            return self._words.rows(self._table.each)
        except (PathProblem, SyntaxProblem) as error:
            self._scope.problem((*self._at, "each"), str(error))
            return None

    def _objection(self, remark: Remark, number: int, finds: dict[str, tuple[bool, Find]]) -> Objection:
        place = self._words.path(remark.operand)
        inside, _ = finds.get(remark.operand, (False, None))
        place = at_line(place, number) if inside else place
        found = Finding(f"rule.{remark.key}", params=remark.params)
        return objection(self._table.refuse, found, self._reasons, remark.operand.partition(".")[0], place)


def at_line(path: str, number: int) -> str:
    """The ``path`` of a fact of a group, in its line ``number`` (from 1).

    >>> at_line("List/goods/qty", 2)
    'List/goods[2]/qty'
    """
    head, _, tail = path.rpartition("/")
    return f"{head}[{number}]/{tail}"


def objection(code: str, finding: Finding, reasons: CodeTable | None, leg: str = "", path: str = "") -> Objection:
    """What ``finding`` says, under the service's own ``code`` and with what its table says of that."""
    row = reasons.get(code) if reasons and code else None
    zh, en = finding.text(Language.ZH), finding.text(Language.EN)
    zh, en = (f"{row.zh}：{zh}", f"{row.en}: {en}") if row else (zh, en)
    return Objection(code or OBJECTION, zh, en, leg, path)


def _values(finds: dict[str, tuple[bool, Find]], facts: Facts, row: Facts | None, now: str) -> Values:
    def values(operand: str) -> Sequence[str]:
        if operand in (NOW, RECEIVED):
            return [now]
        inside, find = finds[operand]
        return find(row if inside and row is not None else facts)

    return values
