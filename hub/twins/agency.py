"""An agency at work: verify a message, read it, judge it, and write what is answered in the agency's own format."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from hub.clock import Clock
from hub.errors import SignatureInvalid, WriteError
from hub.formats.edifact import contrl as receipts
from hub.formats.read import read
from hub.model.finding import Language
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.model.partner import Partner, SignatureKind
from hub.model.twin import Answer, Conduct, Verdict
from hub.schema.catalog import Catalog
from hub.security import cms, xmldsig
from hub.security.certificates import Certificate
from hub.security.signer import Signer
from hub.twins import documents
from hub.twins.clerk import Clerk, Draft, Question
from hub.twins.desk import Item, Reply
from hub.twins.handbook import Handbook, Instruction
from hub.twins.judgement import Judgement, judge
from hub.twins.memory import Memory
from hub.twins.pen import Pen
from hub.twins.strangers import strange

_Answer = Callable[[Document, Judgement, int], Document]

_ANSWERS: dict[str, tuple[str, _Answer]] = {
    "xsd:manifest:MT1401": ("xsd:manifest:MT9999", documents.manifest_answer),
    "xsd:manifest:MT2401": ("xsd:manifest:MT9999", documents.manifest_answer),
    "xsd:passengers:PassengerList": ("xsd:passengers:PassengerListResponse", documents.passengers_answer),
    "csv:quarantine:passengers": ("csv:quarantine:passengers-answer", documents.quarantine_answer),
}
"""What answers a message type that is in no handbook; a passenger list in EDIFACT is answered with CUSRES."""

_CUSRES = "edifact:D.16B:CUSRES"


@dataclass(frozen=True, slots=True)
class Handled:
    """What comes of a message: receipts at once, answers when each is due, and why it is suspect when it is.

    ``waiting``: nothing is decided yet, because something is missing that may still come; ask again."""

    receipts: tuple[Reply, ...] = ()
    answers: tuple[Reply, ...] = ()
    suspect: str = ""
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Means:
    """What an agency works with: its own description, its key if it signs, the hub's certificate, the schemas, its
    handbook and its memory."""

    partner: Partner
    conduct: Conduct
    signer: Signer | None
    hub: Certificate
    catalog: Catalog
    clock: Clock
    handbook: Handbook = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message on the desk; ``number`` counts the messages of the file from 1."""

    item: Item
    number: int
    interchange: Interchange
    message: Message
    instead: Answer | None = None
    label: str = ""
    strange: bool = False

    @property
    def stem(self) -> str:
        return ".".join(filter(None, (_stem(self.item.name), self.label, str(self.number))))

    def posed(self, document: Document) -> Document:
        """``document``, or one like it about a message that never was."""
        return strange(document, self.message.document or {}, self.interchange.envelope) if self.strange else document


class Agency:
    """Answers messages. The same file with the same bytes gets the same decisions again; what else it does depends on
    what came before, as its memory has it."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._clerk = Clerk(means.partner.id, means.memory)
        self._pen = Pen(means.partner, means.signer, means.catalog, means.clock)

    def detached(self, name: str) -> bool:
        """Whether a file of that name is complete only with its detached signature beside it: XML can hold its own."""
        kind = self._means.partner.signature.outbound
        return kind is SignatureKind.CMS or (kind is SignatureKind.XMLDSIG and not name.endswith(".xml"))

    @property
    def _enveloped(self) -> bool:
        """Whether the hub signs inside the documents."""
        return self._means.partner.signature.outbound is SignatureKind.XMLDSIG

    def away(self) -> bool:
        """Somebody is always there."""
        return False

    def types(self, item: Item) -> frozenset[str]:
        """The message types in ``item``; none when it cannot be read."""
        try:
            reading = read(self._verified(item), self._means.catalog, verified=self._enveloped)
        except SignatureInvalid:
            return frozenset()
        return frozenset(asked.message.type for asked in _messages(item, reading))

    def handle(self, item: Item, *, instead: Answer | None = None, label: str = "", strange: bool = False) -> Handled:
        """What comes of ``item``. With ``instead`` that is said, whatever was decided; ``label`` tells the answers from
        others to the same message; ``strange``: they answer one that never was."""
        try:
            reading = read(self._verified(item), self._means.catalog, verified=self._enveloped)
        except SignatureInvalid as error:
            return Handled(suspect=f"its signature does not verify: {error}")
        first = self._receipts(item, reading)
        if not reading.valid:
            return Handled(first, suspect=_first_problem(reading))
        asked = list(_messages(item, reading))
        if not all(self._ready(one) for one in asked):
            return Handled(first, waiting=True)
        stored: list[Reply] = []
        answers: list[Reply] = []
        try:
            for one in asked:
                self._answer(replace(one, instead=instead, label=label, strange=strange), stored, answers)
        except WriteError as error:
            return Handled(first, suspect=str(error))
        return Handled((*first, *stored), tuple(answers))

    def _verified(self, item: Item) -> bytes:
        """The bytes that the hub signed, where this agency demands it."""
        if self._means.partner.signature.outbound is SignatureKind.NONE:
            return item.data
        if item.signature is not None:
            return cms.verify(item.data, item.signature, self._means.hub)
        if not self._enveloped:
            raise SignatureInvalid("there is no signature beside the file")
        return xmldsig.verify(item.data, self._means.hub)

    def _receipts(self, item: Item, reading: Reading) -> tuple[Reply, ...]:
        """CONTRL for each interchange; for a manifest that can be read, MT9999 that says it has come."""
        if not self._means.conduct.receipts:
            return ()
        stem = _stem(item.name)
        if reading.syntax is Syntax.EDIFACT:
            if self._means.partner.edifact is None:  # it reads EDIFACT, and does not speak it
                return ()
            return tuple(
                Reply(f"{stem}.{number}.contrl.edi", self._contrl(interchange, number))
                for number, interchange in enumerate(reading.interchanges, 1)
                if receipts.answerable(interchange)
            )
        return tuple(self._manifest_receipts(stem, reading))

    def _contrl(self, interchange: Interchange, number: int) -> bytes:
        envelope = self._pen.envelope(interchange.envelope, f"C{number}")
        return receipts.contrl(
            interchange, envelope=envelope, control_ref=envelope.control_ref, catalog=self._means.catalog
        )

    def _manifest_receipts(self, stem: str, reading: Reading) -> Iterable[Reply]:
        for interchange in reading.interchanges:
            for message in interchange.messages:
                if message.valid and message.document and message.type.startswith("xsd:manifest:"):
                    document = documents.manifest_receipt(message.document, self._means.clock())
                    yield self._pen.write(f"{stem}.receipt", document, "xsd:manifest:MT9999", interchange.envelope)

    def _ready(self, asked: _Asked) -> bool:
        """Whether it can be decided: nothing is missing, or it has been waited for long enough."""
        instruction, at = self._means.handbook.get(asked.message.type), self._means.clock()
        if instruction is None or at >= asked.item.since + instruction.table.patience:
            return True
        return self._clerk.ready(self._question(asked, instruction), at)

    def _question(self, asked: _Asked, instruction: Instruction) -> Question:
        return Question(f"{asked.item.key} {asked.number}", asked.interchange, asked.message, instruction, asked.label)

    def _answer(self, asked: _Asked, stored: list[Reply], answers: list[Reply]) -> None:
        """Answer one message; what is said at once goes to ``stored``."""
        instruction = self._means.handbook.get(asked.message.type)
        if instruction is None:
            answers += self._by_rules(asked)
            return
        at = self._means.clock()
        question = self._question(asked, instruction)
        decided = self._clerk.decided(question, at)
        self._means.memory.save()
        if asked.instead:
            decided = self._clerk.turned(question, decided, asked.instead)
        stored += self._written(
            asked, self._clerk.stored(question, decided, at), f"S{asked.label[:1].upper()}{asked.number}"
        )
        answers += self._written(
            asked, self._clerk.answers(question, decided, at), f"A{asked.label[:1].upper()}{asked.number}"
        )

    def _written(self, asked: _Asked, drafts: Iterable[Draft], ref: str) -> Iterator[Reply]:
        for number, draft in enumerate(drafts):
            own = f"{ref}{number or ''}"
            envelope = asked.interchange.envelope
            yield self._pen.write(
                f"{asked.stem}.{draft.name}", asked.posed(draft.document), draft.target, envelope, draft.after, own
            )

    def _by_rules(self, asked: _Asked) -> Iterator[Reply]:
        """The answer to what is in no handbook: the agency's own rules decide about the message as a whole."""
        message, at, envelope = asked.message, self._means.clock(), asked.interchange.envelope
        judgement = judge(self._means.conduct, message.document or {})
        if asked.instead:
            judgement = Judgement(asked.instead, judgement.place)
        after = judgement.answer.delay
        if judgement.answer.verdict is Verdict.SILENT:
            return
        if message.type.startswith("edifact:") and message.type.endswith(":PAXLST"):
            document = asked.posed(documents.cusres(message, envelope, judgement, at))
            yield self._pen.write(
                f"{asked.stem}.cusres", document, _CUSRES, envelope, after, f"A{asked.label[:1].upper()}{message.ref}"
            )
            return
        if message.type not in _ANSWERS:
            raise WriteError(f"no answer is known to {message.type}")
        target, build = _ANSWERS[message.type]
        document = asked.posed(build(message.document or {}, judgement, at))
        yield self._pen.write(f"{asked.stem}.answer", document, target, envelope, after)


def _messages(item: Item, reading: Reading) -> Iterator[_Asked]:
    pairs = ((interchange, message) for interchange in reading.interchanges for message in interchange.messages)
    return (_Asked(item, number, interchange, message) for number, (interchange, message) in enumerate(pairs, 1))


def _stem(name: str) -> str:
    return PurePath(name).stem


def _first_problem(reading: Reading) -> str:
    found = [*reading.findings]
    for interchange in reading.interchanges:
        found += interchange.findings
        for message in interchange.messages:
            found += message.findings
    return found[0].text(Language.EN) if found else "nothing can be read in it"
