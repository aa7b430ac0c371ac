"""What an agency makes of a message: the first of its rules that holds decides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hub.model.message import Document
from hub.model.twin import Answer, Conduct


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, and where the value stands that led to it: ``Consignment[2]/Consignee/Name``, or empty."""

    answer: Answer
    place: str = ""

    @property
    def located(self) -> Answer:
        """The answer with that place."""
        return replace(self.answer, place=self.place)


def judge(conduct: Conduct, document: Document) -> Judgement:
    """The judgement of ``document`` by the rules of ``conduct``."""
    for rule in conduct.rules:
        for place, value in values(document, rule.path):
            if rule.holds(value):
                return Judgement(rule.answer, place if rule.answer.place == rule.path else rule.answer.place)
    return Judgement(conduct.default, conduct.default.place)


def values(document: Document, path: str) -> Iterator[tuple[str, str]]:
    """Every value at ``path`` with its place, where lists are counted from 1.

    >>> list(values({"A": [{"B": "x"}, {"B": "y"}]}, "A/B"))
    [('A[1]/B', 'x'), ('A[2]/B', 'y')]
    """
    return _values(document, tuple(path.split("/")), "")


def _values(node: Any, steps: tuple[str, ...], place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for number, item in enumerate(node, 1):
            yield from _values(item, steps, f"{place}[{number}]")
    elif isinstance(node, dict):
        if steps and steps[0] in node:
            yield from _values(node[steps[0]], steps[1:], f"{place}/{steps[0]}".lstrip("/"))
    elif not steps:
        yield place, str(node)
