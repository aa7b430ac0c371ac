"""An agency at work: verify a message, read it, judge it, and write what is answered in the agency's own format."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from hub.clock import Clock, moment
from hub.errors import SignatureInvalid, WriteError
from hub.formats.csv import writer as csv
from hub.formats.edifact import contrl as receipts
from hub.formats.edifact import writer as edifact
from hub.formats.edifact.style import Style
from hub.formats.read import read
from hub.formats.xml import writer as xml
from hub.model.finding import Language
from hub.model.message import Document, Envelope, Interchange, Message, Reading, Syntax
from hub.model.partner import EdifactStyle, Partner, SignatureKind
from hub.model.twin import Conduct, Verdict
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.security import cms, xmldsig
from hub.security.certificates import Certificate
from hub.security.signer import Signer
from hub.twins import documents
from hub.twins.desk import Item, Reply
from hub.twins.judgement import Judgement, judge

_Answer = Callable[[Document, Judgement, int], Document]

_ANSWERS: dict[str, tuple[str, _Answer]] = {
    "xsd:manifest:MT1401": ("xsd:manifest:MT9999", documents.manifest_answer),
    "xsd:manifest:MT2401": ("xsd:manifest:MT9999", documents.manifest_answer),
    "xsd:passengers:PassengerList": ("xsd:passengers:PassengerListResponse", documents.passengers_answer),
    "csv:quarantine:passengers": ("csv:quarantine:passengers-answer", documents.quarantine_answer),
}
"""What answers a message type; a passenger list in EDIFACT is answered with CUSRES."""

_CUSRES = "edifact:D.16B:CUSRES"


@dataclass(frozen=True, slots=True)
class Handled:
    """What comes of a message: technical receipts at once, answers ``delay`` microseconds after it came, and why it is
    suspect when it is."""

    receipts: tuple[Reply, ...] = ()
    answers: tuple[Reply, ...] = ()
    delay: int = 0
    suspect: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What an agency works with: its own description, its key if it signs, the hub's certificate, the schemas."""

    partner: Partner
    conduct: Conduct
    signer: Signer | None
    hub: Certificate
    catalog: Catalog
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Judged:
    interchange: Interchange
    message: Message
    judgement: Judgement


class Agency:
    """Answers messages. It keeps nothing: the same message gets the same verdict again."""

    def __init__(self, means: Means) -> None:
        self._means = means

    @property
    def detached(self) -> bool:
        """Whether a file is complete only with its detached signature beside it."""
        return self._means.partner.signature.outbound is SignatureKind.CMS

    @property
    def _enveloped(self) -> bool:
        """Whether the hub signs inside the documents."""
        return self._means.partner.signature.outbound is SignatureKind.XMLDSIG

    def handle(self, item: Item) -> Handled:
        """What comes of ``item``."""
        try:
            reading = read(self._verified(item), self._means.catalog, verified=self._enveloped)
        except SignatureInvalid as error:
            return Handled(suspect=f"its signature does not verify: {error}")
        receipts = self._receipts(item, reading)
        if not reading.valid:
            return Handled(receipts, suspect=_first_problem(reading))
        judged = [
            _Judged(interchange, message, judge(self._means.conduct, message.document or {}))
            for interchange in reading.interchanges
            for message in interchange.messages
        ]
        try:
            answers = tuple(self._answers(_stem(item.name), judged))
        except WriteError as error:
            return Handled(receipts, suspect=str(error))
        return Handled(receipts, answers, max((one.judgement.answer.delay for one in judged), default=0))

    def _verified(self, item: Item) -> bytes:
        """The bytes that the hub signed, where this agency demands it."""
        match self._means.partner.signature.outbound:
            case SignatureKind.NONE:
                return item.data
            case SignatureKind.XMLDSIG:
                return xmldsig.verify(item.data, self._means.hub)
            case SignatureKind.CMS:
                if item.signature is None:
                    raise SignatureInvalid("there is no signature beside the file")
                return cms.verify(item.data, item.signature, self._means.hub)

    def _receipts(self, item: Item, reading: Reading) -> tuple[Reply, ...]:
        """CONTRL for each interchange; for a manifest that can be read, MT9999 that says it has come."""
        if not self._means.conduct.receipts:
            return ()
        stem = _stem(item.name)
        if reading.syntax is Syntax.EDIFACT:
            return tuple(
                Reply(f"{stem}.{number}.contrl.edi", self._contrl(interchange, number))
                for number, interchange in enumerate(reading.interchanges, 1)
                if receipts.answerable(interchange)
            )
        return tuple(self._manifest_receipts(stem, reading))

    def _contrl(self, interchange: Interchange, number: int) -> bytes:
        envelope = self._envelope(interchange.envelope, f"C{number}")
        return receipts.contrl(
            interchange, envelope=envelope, control_ref=envelope.control_ref, catalog=self._means.catalog
        )

    def _manifest_receipts(self, stem: str, reading: Reading) -> Iterable[Reply]:
        for interchange in reading.interchanges:
            for message in interchange.messages:
                if message.valid and message.document and message.type.startswith("xsd:manifest:"):
                    document = documents.manifest_receipt(message.document, self._means.clock())
                    yield self._signed(f"{stem}.receipt.xml", self._written(document, "xsd:manifest:MT9999"))

    def _answers(self, stem: str, judged: list[_Judged]) -> Iterable[Reply]:
        for number, one in enumerate(judged, 1):
            if one.judgement.answer.verdict is not Verdict.SILENT:
                yield self._answer(f"{stem}.{number}", one)

    def _answer(self, stem: str, judged: _Judged) -> Reply:
        message, at = judged.message, self._means.clock()
        if message.type.startswith("edifact:") and message.type.endswith(":PAXLST"):
            return Reply(f"{stem}.cusres.edi", self._cusres(judged, at))
        if message.type not in _ANSWERS:
            raise WriteError(f"no answer is known to {message.type}")
        target, build = _ANSWERS[message.type]
        suffix = "csv" if target.startswith("csv:") else "xml"
        document = build(message.document or {}, judged.judgement, at)
        return self._signed(f"{stem}.answer.{suffix}", self._written(document, target))

    def _cusres(self, judged: _Judged, at: int) -> bytes:
        asked = judged.interchange.envelope
        document = documents.cusres(judged.message, asked, judged.judgement, at)
        envelope = self._envelope(asked, f"A{judged.message.ref}")
        schema = self._means.catalog.get(_CUSRES)
        return edifact.write(document, schema, envelope, message_ref="1", style=Style.of(self._style))

    def _written(self, document: Document, target: str) -> bytes:
        schema = self._means.catalog.get(target)
        return csv.write(document, schema) if isinstance(schema, CsvSchema) else xml.write(document, schema)

    def _signed(self, name: str, data: bytes) -> Reply:
        """``data`` signed as the hub demands of this agency."""
        kind, signer = self._means.partner.signature.inbound, self._means.signer
        if kind is SignatureKind.NONE or signer is None:
            return Reply(name, data)
        if kind is SignatureKind.XMLDSIG:
            return Reply(name, xmldsig.sign(data, signer))
        return Reply(f"{name}.p7m", cms.sign_attached(data, signer))

    def _envelope(self, asked: Envelope, suffix: str) -> Envelope:
        """The envelope of an answer: sender and recipient change places. Its control reference follows from the one
        asked, so that the same message is answered under the same reference; it has at most 14 characters (0020)."""
        style = self._style
        return replace(
            asked,
            sender=asked.recipient,
            sender_qualifier=asked.recipient_qualifier,
            recipient=asked.sender,
            recipient_qualifier=asked.sender_qualifier,
            control_ref=f"{asked.control_ref[-10:]}{suffix}"[-14:],
            prepared_at=moment(self._means.clock()).strftime("%Y%m%d%H%M"),
            application="",
            acknowledge=False,
            syntax_id=style.syntax_id,
            syntax_version=style.syntax_version,
        )

    @property
    def _style(self) -> EdifactStyle:
        party = self._means.partner.edifact
        return party.style if party else EdifactStyle()


def _stem(name: str) -> str:
    return PurePath(name).stem


def _first_problem(reading: Reading) -> str:
    found = [*reading.findings]
    for interchange in reading.interchanges:
        found += interchange.findings
        for message in interchange.messages:
            found += message.findings
    return found[0].text(Language.EN) if found else "nothing can be read in it"
