"""A clerk answers messages by the handbook: reads the items, decides on each, writes the decisions as documents."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from hub.clock import iso
from hub.errors import WriteError
from hub.mapping.run import Context
from hub.model.message import Document, Interchange, Message
from hub.model.twin import Answer, Verdict
from hub.twins.decisions import Case, decide, ready
from hub.twins.facts import Facts
from hub.twins.handbook import Instruction
from hub.twins.memory import Memory, Record

_WORST = (Verdict.REFUSE, Verdict.INSPECT, Verdict.ACCEPT)
STORED = "stored"
_MAX_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what was read in its item. ``number`` counts the items of the message from 1."""

    number: int
    facts: Facts
    record: Record


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is written: a document of the type ``target``, due ``after`` microseconds."""

    name: str
    document: Document
    target: str
    after: int


@dataclass(frozen=True, slots=True)
class Question:
    """A message, where it stood, and how it is answered; ``by`` names it among all that ever came."""

    by: str
    interchange: Interchange
    message: Message
    instruction: Instruction
    label: str = ""  # tells an answer from others to the same message


@dataclass(frozen=True, slots=True)
class Clerk:
    """Works for ``agency`` (its id) with what that remembers."""

    agency: str
    memory: Memory

    def ready(self, question: Question, at: int) -> bool:
        """Whether nothing is missing that the message's items need."""
        cases = _cases(question, at)
        return all(ready(question.instruction, case, self.memory) for case in cases)

    def decided(self, question: Question, at: int) -> list[Decided]:
        """The decision on each item of the message; made durable by :meth:`Memory.save`."""
        return [
            Decided(number, case.facts, decide(question.instruction, case, self.memory))
            for number, case in enumerate(_cases(question, at), 1)
        ]

    def turned(self, question: Question, decided: Sequence[Decided], answer: Answer) -> list[Decided]:
        """The same items, with ``answer`` told instead of what was decided."""
        codes = question.instruction.table.codes
        usual = {Verdict.ACCEPT: codes.accept, Verdict.INSPECT: codes.inspect, Verdict.REFUSE: codes.refuse}
        code = answer.code or usual.get(answer.verdict) or ""
        text = answer.text or question.instruction.texts.get(code, "")
        return [
            replace(one, record=replace(one.record, verdict=answer.verdict, code=code, text=text)) for one in decided
        ]

    def stored(self, question: Question, decided: Sequence[Decided], at: int) -> Iterator[Draft]:
        """What is said at once about all that is not refused, where the agency says so."""
        code = question.instruction.table.codes.stored
        kept = [one for one in decided if one.record.verdict is not Verdict.REFUSE]
        if code is not None and kept:
            yield from self._drafts(question, kept, at, (STORED, code))

    def answers(self, question: Question, decided: Sequence[Decided], at: int) -> Iterator[Draft]:
        """The decisions, those that are due at the same time together. Silence gives none."""
        spoken = sorted(
            (one for one in decided if one.record.verdict is not Verdict.SILENT), key=lambda one: one.record.delay
        )
        for _, group in groupby(spoken, key=lambda one: one.record.delay):
            yield from self._drafts(question, list(group), at, None)
        yield from self._further(question, spoken, at)

    def _further(self, question: Question, spoken: Sequence[Decided], at: int) -> Iterator[Draft]:
        """What follows upon acceptance."""
        accepted = [one for one in spoken if one.record.verdict is Verdict.ACCEPT]
        if not accepted:
            return
        instruction = question.instruction
        for number, (then, writer) in enumerate(zip(instruction.table.then, instruction.then, strict=True), 1):
            told = replace(question, instruction=replace(instruction, writer=writer), label=f"{question.label}{number}")
            code = then.code or accepted[0].record.code
            text = instruction.texts.get(code, "")
            turned = [replace(one, record=replace(one.record, code=code, text=text)) for one in accepted]
            for draft in self._drafts(told, turned, at, None):
                yield replace(draft, name=f"then{number}.{draft.name}", after=draft.after + then.after)

    def _drafts(
        self, question: Question, decided: list[Decided], at: int, stored: tuple[str, str] | None
    ) -> Iterator[Draft]:
        size = question.instruction.table.bundle
        for start in range(0, len(decided), size):
            some = decided[start : start + size]
            kind = STORED if stored else "answer"
            name = f"{kind}.{some[0].number}" if len(decided) > 1 else kind
            document = self._document(question, some, at, name, stored)
            after = 0 if stored else some[0].record.delay
            yield Draft(
                name, self._written(question.instruction, document, at), question.instruction.writer.target, after
            )

    def _document(
        self, question: Question, decided: Sequence[Decided], at: int, name: str, stored: tuple[str, str] | None
    ) -> Document:
        """The document of the type internal:agency-decision."""
        answers = [_answer(question, one, name, stored) for one in decided]
        worst = min(decided, key=lambda one: _WORST.index(one.record.verdict)).record
        code, text = (stored[1], _stored(question, stored)) if stored else (worst.code, worst.text)
        return _present(
            id=guid(question.by, question.label, name).replace("-", ""),
            guid=guid(question.by, question.label, name),
            question=question.message.ref or question.by[:70],
            interchange=question.interchange.envelope.control_ref,
            type=question.message.type.rpartition(":")[2],
            agency=self.agency,
            at=iso(at),
            verdict=stored[0] if stored else worst.verdict.value,
            code=code,
            text=text[:_MAX_TEXT],
            answer=answers,
        )

    def _written(self, instruction: Instruction, document: Document, at: int) -> Document:
        hub = {"now": at, "message-id": document["id"], "id": self.agency, "name": self.agency}
        mapped = instruction.writer.apply(document, Context(hub=hub))
        if not mapped.valid:
            first = mapped.findings[0]
            raise WriteError(f"{instruction.writer.id} cannot write the answer: {first.code} at {first.place.path}")
        return mapped.document


def _cases(question: Question, at: int) -> Iterator[Case]:
    """Each item of the message."""
    view = question.instruction.view
    for number, (item, whole) in enumerate(view.items.pairs(question.message.document or {}), 1):
        yield Case(f"{question.by} {number}", item, view.read(whole), at)


def _answer(question: Question, one: Decided, name: str, stored: tuple[str, str] | None) -> dict[str, Any]:
    record = one.record
    facts = [{"name": key, "value": value} for key, values in one.facts.items() for value in values]
    given = [{"name": key, "value": value} for key, value in record.numbers.items() if key not in one.facts]
    return _present(
        number=str(one.number),
        guid=guid(question.by, question.label, f"{name} {one.number}"),
        verdict=stored[0] if stored else record.verdict.value,
        code=stored[1] if stored else record.code,
        text=(_stored(question, stored) if stored else record.text)[:_MAX_TEXT],
        place="" if stored else record.place,
        fact=facts + given,
    )


def _stored(question: Question, stored: tuple[str, str]) -> str:
    return question.instruction.texts.get(stored[1], "")


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def guid(*parts: str) -> str:
    """36 characters made of ``parts``: the same every time, and different for others."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest().upper()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
