"""``[[posting]]``, ``[[require]]``, ``[[filing]]``, ``[[track]]`` and ``[approvals.…]`` of a service file: what moves,
what must be on file, what is put there, what is seen, and who is asked."""

from collections.abc import Sequence
from typing import NamedTuple

from hub.config.located import KeyPath
from hub.mapping.resolve import PathProblem
from hub.mapping.syntax import SyntaxProblem
from hub.model.finding import Finding
from hub.schema.codes import CodeTable
from hub.services.conduct import at_line, condition, objection
from hub.services.portions import Portion
from hub.services.scope import Scope
from hub.services.service import Consent, Footprint, Line, Posting, Recording, Requirement, Rows
from hub.services.table import File, PostingTable
from hub.services.vocabulary import Facts, Find, Vocabulary, joined

STEPS = ("grant", "reserve", "commit", "release", "restore", "call", "withdraw")
"""What a posting may do at an event."""


def load_postings(file: File, words: Vocabulary, reasons: CodeTable | None, scope: Scope) -> tuple[Posting, ...]:
    """The movements of balances, in the order of the file."""
    return tuple(_posting(file, index, table, words, reasons, scope) for index, table in enumerate(file.posting))


def _posting(
    file: File, index: int, table: PostingTable, words: Vocabulary, reasons: CodeTable | None, scope: Scope
) -> Posting:
    at: KeyPath = ("posting", index)
    if table.book not in scope.books:
        known = ", ".join(sorted(scope.books)) or "none yet"
        scope.problem((*at, "book"), f"no book is called {table.book} in books.toml; there are {known}")
    steps = {event: step for step in STEPS for event in getattr(table, step)}
    if not steps:
        scope.problem(at, f"say at which events it moves: {', '.join(STEPS)} = [...]")
    finding = Finding("walk.balance-refused", params=(("book", table.book),))
    return Posting(
        name=table.name,
        book=table.book,
        steps=steps,
        objection=objection(table.refuse, finding, reasons, table.amount.partition(".")[0], words.path(table.amount)),
        rows=_rows(table.each, [table.holder, [table.amount]], words, at, scope),
        when=condition(table.when, words, (*at, "when"), scope),
        leg=table.amount.partition(".")[0],
        portion=_portion(file, index, words, scope) if table.portion else None,
        legs=frozenset(operand.partition(".")[0] for operand in (*table.holder, table.amount)),
    )


def _portion(file: File, index: int, words: Vocabulary, scope: Scope) -> Portion | None:
    """What a later leg brings back of a posting."""
    posting, at = file.posting[index], ("posting", index, "portion")
    table = posting.portion
    assert table is not None, "it is asked for where there is one"
    leg, of = table.each.partition(".")[0], table.of.rpartition(".")[0]
    lanes = {name for name, lane in file.lanes.items() if lane.leg == leg}
    events = {event for event in (*posting.restore, *posting.call) if event.partition(".")[0] in lanes}
    if not events:
        scope.problem(at, f"nothing comes back when a lane of {leg} has spoken; add its event to restore or call")
    if posting.each:
        scope.problem(at, "a posting for each line comes back line by line; leave each or portion out")
    pairs = [*table.same, table.share]
    back, taken = table.each, of
    try:
        lines = words.rows(back), words.rows(taken)
        paths = {_inside(back, here, words): words.path(here) for here, _ in pairs}
        names = [(_inside(back, here, words), _inside(taken, there, words)) for here, there in pairs]
        amount = _inside(taken, table.of, words)
        return Portion(
            leg, *lines, tuple(names[:-1]), names[-1], amount, frozenset(events),
            table.refuse, paths,
        )  # fmt: skip
    except (PathProblem, SyntaxProblem, KeyError) as error:
        scope.problem(at, str(error))
        return None


def _inside(group: str, operand: str, words: Vocabulary) -> str:
    """The fact ``operand`` of a line of ``group``. Raises PathProblem."""
    if words.in_row(group, operand) is None:
        raise PathProblem(f"{operand} is no fact of {group}; the lines of that are meant")
    return operand.rpartition(".")[2]


def load_requirements(
    file: File, words: Vocabulary, reasons: CodeTable | None, scope: Scope
) -> tuple[Requirement, ...]:
    """What must be on file."""
    found = []
    for index, table in enumerate(file.require):
        at: KeyPath = ("require", index)
        finding = Finding("walk.not-on-file", params=(("kind", table.filing),))
        named = [table.number, [table.holder] if table.holder else []]
        told = objection(table.refuse, finding, reasons, table.number[0].partition(".")[0], words.path(table.number[0]))
        when = condition(table.when, words, (*at, "when"), scope)
        found.append(Requirement(table.filing, _rows(table.each, named, words, at, scope), told, when))
    return tuple(found)


def load_recordings(file: File, words: Vocabulary, scope: Scope) -> tuple[Recording, ...]:
    """What is put on file."""
    found = []
    for index, table in enumerate(file.filing):
        at: KeyPath = ("filing", index)
        rows = _rows(table.each, [table.number, [table.holder]], words, at, scope)
        when = condition(table.when, words, (*at, "when"), scope)
        found.append(Recording(frozenset(table.on), table.kind, rows, table.title.value(), table.within, when))
    return tuple(found)


def load_footprints(file: File, words: Vocabulary, scope: Scope) -> tuple[Footprint, ...]:
    """What the tracks are told."""
    found = []
    for index, table in enumerate(file.track):
        at: KeyPath = ("track", index)
        rows = _rows(table.each, [[table.subject], [table.place]], words, at, scope)
        when = condition(table.when, words, (*at, "when"), scope)
        found.append(Footprint(frozenset(table.on), table.kind, table.event, rows, when))
    return tuple(found)


def load_consents(file: File, words: Vocabulary, scope: Scope) -> tuple[Consent, ...]:
    """The approvals that the service asks for."""
    return tuple(
        Consent(
            name,
            table.title.value(),
            table.persons,
            table.within,
            table.role,
            table.on,
            condition(table.when, words, ("approvals", name, "when"), scope),
        )
        for name, table in file.approvals.items()
    )


def _rows(each: str, named: Sequence[Sequence[str]], words: Vocabulary, at: KeyPath, scope: Scope) -> Rows:
    """What finds the values of ``named`` that belong together, the facts of each entry joined by ``/``; one that is not
    there leaves its entry empty."""
    try:
        return _made(each, named, words)
    except (PathProblem, SyntaxProblem, KeyError) as error:
        scope.problem(at, str(error))
        return _none


def _made(each: str, named: Sequence[Sequence[str]], words: Vocabulary) -> Rows:
    lines = words.rows(each) if each else None
    parts = [[_find(each, operand, words) for operand in operands] for operands in named]

    def found(facts: Facts) -> list[Line]:
        if lines is None:
            return [_line(parts, facts, facts, 0)]
        return [_line(parts, facts, line, number) for number, line in enumerate(lines(facts), 1)]

    return found


class _Operand(NamedTuple):
    """How a fact is found: in a line (``inside``), or in the whole case; ``path`` is where it was read from."""

    inside: bool
    find: Find
    path: str


def _line(parts: Sequence[Sequence[_Operand]], facts: Facts, line: Facts, number: int) -> Line:
    """The values of ``parts``, each from ``line`` or from all ``facts``."""
    values, missing = [], ""
    for part in parts:
        told = []
        for operand in part:
            found = {str(value) for value in operand.find(line if operand.inside else facts)}
            value = next(iter(found)) if len(found) == 1 else ""
            if not value:
                missing = missing or (at_line(operand.path, number) if operand.inside else operand.path)
            told.append(value)
        values.append(joined(told) if all(told) else "")
    return Line(tuple(values), number, missing)


def _find(each: str, operand: str, words: Vocabulary) -> _Operand:
    inner = words.in_row(each, operand) if each else None
    if inner is None and operand.count(".") > 1:
        raise PathProblem(f'{operand} is in every line; write each = "{operand.rpartition(".")[0]}"')
    return _Operand(inner is not None, inner or words.find(operand), words.path(operand))


def _none(_: Facts) -> list[Line]:
    return []
