"""From a guideline's file to what the reader needs of it, for one message type at a time; every problem at its key."""

from decimal import Decimal

from hub.config.located import KeyPath
from hub.formats.edifact.guided import Guide
from hub.formats.edifact.steps import MessageTable
from hub.guides import demands
from hub.guides.checks import Check, Checks, Tell
from hub.guides.demands import Demand
from hub.guides.table import File, Rule, Widening
from hub.guides.trails import Trail
from hub.guides.widening import Widener, settler
from hub.mapping.access import here, reading
from hub.mapping.compiler import Problems
from hub.mapping.conditions import Test, Values, condition
from hub.mapping.resolve import Chain, PathProblem, Route, leaf, route
from hub.mapping.syntax import Start, parse_condition, parse_path
from hub.model.finding import Severity
from hub.schema.model import Schema


class Compiler:
    """Compiles the guideline ``id`` for the messages it is for. ``effective`` are the widenings that widened one."""

    def __init__(self, id: str, file: File, problems: Problems) -> None:
        self._id = id
        self._file = file
        self._problems = problems
        self.effective: set[int] = set()
        self.strange: dict[int, list[set[str]]] = {}  # by rule: the codes that a message's list lacks

    def widened(self, schema: Schema) -> Widener:
        """``schema`` as the guideline widens it."""
        widener = Widener(schema)
        for number, widening in enumerate(self._file.widen):
            if _concerns(widening.messages, schema):
                self._widen(widener, number, widening)
        return widener

    def guide(self, schema: Schema) -> Guide:
        """The guideline for ``schema``. What has problems is left out; the problems say so."""
        widener = self.widened(schema)
        checks = [
            check
            for number, rule in enumerate(self._file.rule)
            if _concerns(rule.messages, schema)
            for check in self._checks(rule, number, widener.schema)
        ]
        closed = self._file.guide.unlisted == "error"
        faults = Checks(self._id, checks).faults
        return Guide(self._id, MessageTable(widener.schema), faults, settler(widener.listed), closed)

    def _widen(self, widener: Widener, number: int, widening: Widening) -> None:
        codes = {code: texts.en for code, texts in widening.codes.items()}
        for key, names in (("element", widening.element), ("path", widening.path)):
            for name in names or ():
                try:
                    widens = widener.everywhere(name, codes) if key == "element" else widener.at(name, widening)
                except ValueError as error:
                    self._note(("widen", number, key), error, widener.schema)
                    widens = True  # once it is mended
                self.effective |= {number} if widens else set()

    def _checks(self, rule: Rule, number: int, schema: Schema) -> list[Check]:
        key: KeyPath = ("rule", number)
        at = self._route(rule.at or ".", (schema.root,), (*key, "at"), schema)
        if at is None:
            return []
        when = self._test(rule.when, at.nodes, (*key, "when"), schema)
        tell = Tell(self._id, rule.key, Severity(rule.severity), rule.text, rule.mend, rule.contrl)
        paths = [self._path(rule, path, at.nodes, key, schema) for path in rule.path or ()]
        found = [path for path in paths if path is not None]
        if rule.path is None:
            return [Check(at, when, None, self._demands(rule, None, at.nodes, key, schema), tell)]
        for path in found:
            self._known(rule, number, path, schema)
        return [Check(at, when, path, self._demands(rule, path, at.nodes, key, schema), tell) for path in found]

    def _path(self, rule: Rule, text: str, chain: Chain, key: KeyPath, schema: Schema) -> Route | None:
        return self._route(text, chain, (*key, "path"), schema, value=rule.demands_value)

    def _demands(self, rule: Rule, path: Route | None, chain: Chain, key: KeyPath, schema: Schema) -> list[Demand]:
        type = None if path is None else path.end.type
        made = [
            # What the message type demands itself, the reader tells.
            demands.required() if rule.required and not _sure(path) else None,
            demands.forbidden() if rule.forbidden else None,
            demands.among(rule.codes) if rule.codes else None,
            demands.not_shorter(rule.min_length, type) if rule.min_length else None,
            demands.not_longer(rule.max_length, type) if rule.max_length else None,
            demands.of_form(rule.form) if rule.form else None,
            demands.with_check_digit(rule.check_digit) if rule.check_digit else None,
            demands.at_least(rule.least) if rule.least else None,
            demands.at_most(rule.most) if rule.most else None,
        ]
        equals = self._values(rule.equals, chain, (*key, "equals"), schema, value=True)
        counts = self._values(rule.counts, chain, (*key, "counts"), schema, value=False)
        sums = self._values(rule.sums, chain, (*key, "sums"), schema, value=True)
        holds = self._test(rule.holds, chain, (*key, "holds"), schema)
        made += [
            demands.equal(equals) if equals else None,
            demands.counted(counts) if counts else None,
            demands.summed(sums, Decimal(str(rule.tolerance))) if sums else None,
            demands.holding(holds) if holds else None,
        ]
        return [one for one in made if one is not None]

    def _known(self, rule: Rule, number: int, path: Route, schema: Schema) -> None:
        """Note the codes of the rule that the list of its element lacks."""
        known = schema.codes[path.end.codes] if path.end.codes else None
        if rule.codes:
            self.strange.setdefault(number, []).append(set() if known is None else set(rule.codes) - set(known))

    def _values(self, text: str | None, chain: Chain, key: KeyPath, schema: Schema, *, value: bool) -> Values | None:
        found = None if text is None else self._route(text, chain, key, schema, value=value)
        return None if found is None else reading(found, chain).of

    def _test(self, text: str | None, chain: Chain, key: KeyPath, schema: Schema) -> Test | None:
        if text is None:
            return None
        try:
            return condition(parse_condition(text), here(chain))
        except ValueError as error:
            self._note(key, error, schema)
            return None

    def _route(self, text: str, chain: Chain, key: KeyPath, schema: Schema, *, value: bool = False) -> Route | None:
        try:
            path = parse_path(text)
            if path.start not in (Start.HERE, Start.ROOT):
                raise PathProblem(f"{text}: a guideline knows the message alone; paths with $ have no meaning here")
            found = (leaf if value else route)(path, chain)
            Trail(found.hops)  # what its filters name is looked up here
            return found
        except ValueError as error:
            self._note(key, error, schema)
            return None

    def _note(self, key: KeyPath, error: ValueError, schema: Schema) -> None:
        self._problems.add(key, f"{error} (in {short(schema.id)})")


def short(schema_id: str) -> str:
    """``edifact:D.02B:PAXLST`` → ``D.02B:PAXLST``, as guidelines name messages."""
    return schema_id.partition(":")[2]


def _concerns(messages: list[str], schema: Schema) -> bool:
    """Whether a row that names ``messages`` (none: all) is for ``schema``: ``PAXLST``, or ``D.02B:PAXLST``."""
    name = short(schema.id)
    return not messages or name in messages or name.partition(":")[2] in messages


def _sure(path: Route | None) -> bool:
    """Whether the message type itself demands what stands at ``path``, one step below where it begins."""
    if path is None or len(path.hops) != 1:
        return False
    hop = path.hops[0]
    return hop.node.min > 0 and not hop.step.tests
