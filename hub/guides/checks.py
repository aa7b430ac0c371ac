"""The rules of a guideline, compiled for one message type: from a Document to the faults that are in it."""

from collections.abc import Iterator
from itertools import islice

from hub.formats.edifact.guided import Fault
from hub.guides.demands import Demand, Trouble
from hub.guides.table import Sentences
from hub.guides.trails import Hit, Trail, whole
from hub.mapping.conditions import Test
from hub.mapping.resolve import Route
from hub.mapping.run import BudgetSpent, Context, Frame, Run
from hub.model.finding import Severity, words_of
from hub.model.message import Document

MOST = 10_000
"""Faults of one message that are told."""

Stand = tuple[list[Hit], Frame]
"""A place where rules are looked at: the hits from the Document down to it, and the frame that they make."""


class Tell:
    """How a rule's faults are told: the code's end (None: the kind of demand), the severity, and the rule's own text,
    advice and code for a CONTRL, where it has them: what it does not say is said by the kind of demand."""

    __slots__ = ("_contrl", "_guide", "_key", "_mend", "_named", "_severity", "_text")

    def __init__(
        self,
        guide: str,
        key: str | None = None,
        severity: Severity = Severity.ERROR,
        text: Sentences | None = None,
        mend: Sentences | None = None,
        contrl: str | None = None,
    ) -> None:
        self._guide = guide
        self._key = key
        self._severity = severity
        self._text = text
        both = f"{text.zh}{text.en}" if text is not None else ""
        self._named = {name for name in ("value", "wanted", "count") if f"{{{name}}}" in both}
        self._mend = mend
        self._contrl = contrl

    def fault(self, kind: str, hit: Hit, path: str, params: dict[str, str]) -> Fault:
        """The fault of a demand of ``kind``. The rule's text about a value is no text for one that is missing."""
        words = words_of(f"guide.{kind}")
        if self._text is not None and self._named <= params.keys():
            words = words._replace(zh=self._text.zh, en=self._text.en)
        if self._mend is not None:
            words = words._replace(mend_zh=self._mend.zh, mend_en=self._mend.en)
        if self._contrl is not None:
            words = words._replace(contrl=self._contrl)
        code = f"guide.{self._guide}.{self._key or kind}"
        return Fault(code, words, self._severity, hit.segment, hit.part, path, params)


class Check:
    """One path of one rule.

    It is looked at wherever ``at`` leads and ``when`` holds. ``path`` begins there or further up; without one, what is
    looked at is the place itself.
    """

    def __init__(self, at: Route, when: Test | None, path: Route | None, demands: list[Demand], tell: Tell) -> None:
        self.at = at.path.text
        self._at = Trail(at.hops)
        self._when = when
        self._path = None if path is None else Trail(path.hops)
        self._from = len(at.nodes if path is None else path.chain) - 1
        self._demands = demands
        self._tell = tell
        self._name = "" if path is None else _named(path)

    def stands(self, run: Run, document: Hit) -> list[Stand]:
        """Where it is looked at; checks with the same ``at`` stand in the same places. Raises BudgetSpent."""
        found: list[Stand] = []
        for here in self._at.hits(document):
            run.spend(1)
            line = here.line()
            found.append((line, [run, *(hit.value for hit in line)]))
        return found

    def faults(self, run: Run, stands: list[Stand]) -> Iterator[Fault]:
        """What is wrong, in the order of the Document. Raises BudgetSpent."""
        run.spend(len(stands))
        before, hits = None, []
        for line, frame in stands:
            run.frame = frame
            if self._when is not None and not self._when(frame):
                continue
            start = line[self._from]
            if self._path is None:
                hits = [line[-1]]
            elif start is not before:  # a path that begins further up is followed once for all that stand below
                hits = list(self._path.hits(start))
            before = start
            run.spend(len(hits))
            for demand in self._demands:
                for trouble in demand.look(hits, frame):
                    yield self._fault(demand.kind, trouble, start)

    def _fault(self, kind: str, trouble: Trouble, start: Hit) -> Fault:
        if trouble.hit is not None:
            return self._tell.fault(kind, trouble.hit, "", trouble.params)
        nearest = start if self._path is None else self._path.nearest(start)
        return self._tell.fault(kind, nearest, self._name, trouble.params)


def _named(path: Route) -> str:
    """The path from the message on, with its filters: ``SG4/DTM[2005='329']/2380``."""
    above = [node.key for node in path.chain[1:]]
    return "/".join([*above, path.path.text.lstrip("/^.")])


class Checks:
    """All rules of one guideline for one message type."""

    def __init__(self, guide: str, checks: list[Check]) -> None:
        self._guide = guide
        self._checks = checks

    def faults(self, document: Document) -> list[Fault]:
        """All that is wrong; when looking for it costs too much, the last fault says so."""
        run, top = Run(Context()), whole(document)
        found: list[Fault] = []
        stands: dict[str, list[Stand]] = {}
        try:
            for check in self._checks:
                if check.at not in stands:
                    stands[check.at] = check.stands(run, top)
                found += islice(check.faults(run, stands[check.at]), MOST - len(found))
        except BudgetSpent:
            found.append(Tell(self._guide).fault("limit", top, "", {}))
        return found
