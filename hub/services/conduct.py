"""``[[check]]``, ``[[posting]]`` and ``[approvals.…]`` of a service file: what must hold, what moves, who is asked."""

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
from hub.services.service import Check, Consent, Posting, When
from hub.services.table import CheckTable, File, PostingTable
from hub.services.vocabulary import Facts, Find, Vocabulary

STEPS = ("grant", "reserve", "commit", "release", "restore", "call")
"""What a posting may do at an event."""

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
        return Check(table.rule, asked, self._runner(judge, finds, when))

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
        if inside:
            head, _, tail = place.rpartition("/")
            place = f"{head}[{number}]/{tail}"
        found = Finding(f"rule.{remark.key}", params=remark.params)
        return objection(self._table.refuse, found, self._reasons, remark.operand.partition(".")[0], place)


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


def load_postings(file: File, words: Vocabulary, reasons: CodeTable | None, scope: Scope) -> tuple[Posting, ...]:
    """The movements of balances, in the order of the file."""
    return tuple(_posting(index, table, words, reasons, scope) for index, table in enumerate(file.posting))


def _posting(index: int, table: PostingTable, words: Vocabulary, reasons: CodeTable | None, scope: Scope) -> Posting:
    at: KeyPath = ("posting", index)
    if table.book not in scope.books:
        known = ", ".join(sorted(scope.books)) or "none yet"
        scope.problem((*at, "book"), f"no book is called {table.book} in books.toml; there are {known}")
    steps = {event: step for step in STEPS for event in getattr(table, step)}
    if not steps:
        scope.problem(at, f"say at which events it moves: {', '.join(STEPS)} = [...]")
    finding = Finding("walk.balance-refused", params=(("book", table.book),))
    leg, path = table.amount.partition(".")[0], ""
    try:
        path = words.path(table.amount)
        rows = _rows_of(table, words)
    except (PathProblem, SyntaxProblem, KeyError) as error:
        scope.problem(at, str(error))
        rows = _none
    return Posting(
        name=table.name,
        book=table.book,
        holder=tuple(table.holder),
        amount=table.amount,
        steps=steps,
        objection=objection(table.refuse, finding, reasons, leg, path),
        each=table.each,
        rows=rows,
        when=condition(table.when, words, (*at, "when"), scope),
    )


def _rows_of(table: PostingTable, words: Vocabulary) -> Any:
    """What finds (holder, amount) of each row."""
    named = (*table.holder, table.amount)
    if not table.each:
        finds = [(False, words.find(operand)) for operand in named]
    else:
        inner = [words.in_row(table.each, operand) for operand in named]
        finds = [(True, one) if one else (False, words.find(name)) for one, name in zip(inner, named, strict=True)]
    rows = words.rows(table.each) if table.each else None

    def found(facts: Facts) -> list[tuple[str, str]]:
        result = []
        for row in rows(facts) if rows else (facts,):
            *holder, amount = [str(next(iter(find(row if inside else facts)), "")) for inside, find in finds]
            if all(holder) and amount:
                result.append(("/".join(holder), amount))
        return result

    return found


def _none(_: Facts) -> list[tuple[str, str]]:
    return []


def load_consents(file: File, words: Vocabulary, scope: Scope) -> tuple[Consent, ...]:
    """The approvals that the service asks for."""
    return tuple(
        Consent(
            name,
            table.title.value(),
            table.persons,
            table.within,
            table.on,
            condition(table.when, words, ("approvals", name, "when"), scope),
        )
        for name, table in file.approvals.items()
    )
