"""An agency decides about one item of a message, by its handbook and by what it remembers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hub.clock import moment
from hub.model.message import Document
from hub.model.twin import Answer, Verdict, decimal
from hub.twins.facts import Facts
from hub.twins.handbook import Instruction
from hub.twins.judgement import judge
from hub.twins.memory import Mark, Memory, Record
from hub.twins.table import BookTable, ConditionalTable, NeedTable, PostTable


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided: the item ``by`` that name, what is read in it, and when (microseconds)."""

    by: str
    item: Document
    facts: Facts
    at: int


def decide(instruction: Instruction, case: Case, memory: Memory) -> Record:
    """The decision, noted in ``memory``; what was decided before is decided so again."""
    known = memory.decided(case.by)
    if known is None:
        known = _Decision(instruction, case, memory).made()
        memory.note(known)
    return known


def ready(instruction: Instruction, case: Case, memory: Memory) -> bool:
    """Whether all that the item needs is on the books, so that there is nothing to wait for."""
    if memory.decided(case.by) is not None:
        return True
    decision = _Decision(instruction, case, memory)
    return all(memory.holder(decision.mark(need)) for need in decision.needs())


@dataclass(slots=True)
class _Decision:
    instruction: Instruction
    case: Case
    memory: Memory
    numbers: dict[str, str] = field(default_factory=dict)

    def made(self) -> Record:
        """The decision, step by step: known or unknown, what it needs, what it costs, and the rules."""
        before = self._before()
        self.numbers = self._numbers(before)
        answer = self._refused(before) or self._judged()
        code, done = self._code(answer), answer.verdict is not Verdict.REFUSE
        return Record(
            self.case.by,
            answer.verdict,
            code,
            answer.text or self._text(code),
            answer.place,
            answer.delay or self.instruction.table.delay,
            self.numbers,
            tuple(self._marks()) if done and not self._changes("cancels") else (),
            tuple(self._struck()) if done else (),
            tuple(self._moved()) if done else (),
            before.by if done and before and self._changes() else "",
        )

    # -- what it is about ---------------------------------------------------------------------------------------------

    def _changes(self, how: str = "") -> bool:
        """Whether the item changes (``replaces``), cancels (``cancels``) or does either to what is on the books."""
        change = self.instruction.table.change
        if change is None:
            return False
        values = {"replaces": change.replaces, "cancels": change.cancels}.get(how, change.replaces + change.cancels)
        return self._first(change.fact) in values

    def _before(self) -> Record | None:
        """The decision that the books hold about the same thing."""
        held = (self.memory.holder(self.mark(book)) for book in self._books())
        return next((record for record in held if record), None)

    def _numbers(self, before: Record | None) -> dict[str, str]:
        """The numbers that the agency gives; what it gave before, or what the message names, stays."""
        given = {}
        for name, pattern in self.instruction.table.numbers.items():
            old = before.numbers.get(name, "") if before else ""
            given[name] = old or self._first(name) or numbered(pattern, self.memory.count + 1, self.case.at)
        return given

    # -- why it is refused --------------------------------------------------------------------------------------------

    def _refused(self, before: Record | None) -> Answer | None:
        """The first thing that stands against it."""
        return next(self._objections(before), None)

    def _objections(self, before: Record | None) -> Iterator[Answer]:
        table = self.instruction.table
        if self._changes() and table.change and before is None:
            yield _refusal(table.change.unknown)
        for book in self._books():
            if book.again and not self._changes() and self.memory.holder(self.mark(book)):
                yield _refusal(book.again, book.key[-1])
        for need in self.needs():
            if self.memory.holder(self.mark(need)) is None:
                yield _refusal(need.code, need.key[-1])
        for post in self._posts():
            if not self._affordable(post, before):
                yield _refusal(post.code, post.amount)

    def needs(self) -> Iterator[NeedTable]:
        """What must be on a book."""
        return (need for need in self.instruction.table.need if self._applies(need))

    def _books(self) -> Iterator[BookTable]:
        return (book for book in self.instruction.table.remember if self._applies(book))

    def _posts(self) -> Iterator[PostTable]:
        return (post for post in self.instruction.table.post if self._applies(post))

    def _applies(self, row: ConditionalTable) -> bool:
        return all(set(values) & set(self.case.facts.get(name, ())) for name, values in row.when.items())

    def _affordable(self, post: PostTable, before: Record | None) -> bool:
        amount, account = self._amount(post), self._account(post)
        after = self.memory.balance(account) + amount - self._held(before, account)
        return after >= 0 if post.back else amount >= 0 and (post.limit is None or after <= post.limit)

    def _judged(self) -> Answer:
        """What the rules say; accepted when none holds."""
        return judge(self.instruction.conduct, {**self.case.item, **self.case.facts}).located

    # -- what it changes ----------------------------------------------------------------------------------------------

    def _marks(self) -> Iterator[Mark]:
        return (self.mark(book) for book in self._books())

    def _struck(self) -> Iterator[Mark]:
        yield from (self.mark(need) for need in self.needs() if need.take)
        if self._changes("cancels"):
            yield from self._marks()

    def _moved(self) -> Iterator[Mark]:
        if not self._changes("cancels"):
            yield from ((self._account(post), str(self._amount(post))) for post in self._posts())

    def _held(self, before: Record | None, account: str) -> Decimal:
        """What ``account`` holds because of what is changed now, and will hold no longer."""
        moved = before.moved if before and self._changes() else ()
        return sum((Decimal(amount) for name, amount in moved if name == account), Decimal())

    # -- names and texts ----------------------------------------------------------------------------------------------

    def _first(self, name: str) -> str:
        return next(iter(self.case.facts.get(name, ())), "") or self.numbers.get(name, "")

    def mark(self, book: BookTable | NeedTable) -> Mark:
        """The book and the key of this item in it."""
        return book.book, self._key(book.key)

    def _key(self, names: Sequence[str]) -> str:
        return "/".join(self._first(name) for name in names)

    def _account(self, post: PostTable) -> str:
        return f"{post.account}:{self._key(post.holder)}"

    def _amount(self, post: PostTable) -> Decimal:
        total = sum((decimal(value) or Decimal() for value in self.case.facts.get(post.amount, ())), Decimal())
        return -total if post.back else total

    def _code(self, answer: Answer) -> str:
        codes = self.instruction.table.codes
        usual = {Verdict.ACCEPT: codes.accept, Verdict.INSPECT: codes.inspect, Verdict.REFUSE: codes.refuse}
        return answer.code or usual.get(answer.verdict) or ""

    def _text(self, code: str) -> str:
        """What the published table says, with the item's key where it leaves a blank."""
        books = self.instruction.table.remember
        key = self._key(books[0].key) if books else ""
        return self.instruction.texts.get(code, "").replace("[*]", f"[{key}]", 1)


def _refusal(code: str, place: str = "") -> Answer:
    return Answer(Verdict.REFUSE, code, place=place)


def numbered(pattern: str, serial: int, at: int) -> str:
    """``pattern`` with ``serial`` in place of its run of ``#``, as wide as that, and the time in place of ``%Y`` ….

    >>> numbered("T49%Y########", 42, 1_790_000_000_000_000)
    'T49202600000042'
    """
    width = pattern.count("#")
    dated = moment(at).strftime(pattern)
    return dated.replace("#" * width, str(serial).zfill(width)[-width:])
