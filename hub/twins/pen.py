"""What an agency writes with: documents become bytes in its own format, under its envelope and signature."""

from dataclasses import dataclass, replace

from hub.clock import Clock, moment
from hub.formats.csv import writer as csv
from hub.formats.edifact import writer as edifact
from hub.formats.edifact.style import Style
from hub.formats.xml import writer as xml
from hub.model.message import Document, Envelope
from hub.model.partner import EdifactStyle, Partner, SignatureKind
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.security import cms, xmldsig
from hub.security.signer import Signer
from hub.twins.desk import Reply


@dataclass(frozen=True, slots=True)
class Pen:
    """The pen of ``partner``, who signs with ``signer`` if the hub demands it."""

    partner: Partner
    signer: Signer | None
    catalog: Catalog
    clock: Clock

    def write(
        self, name: str, document: Document, target: str, asked: Envelope, after: int = 0, ref: str = ""
    ) -> Reply:
        """``document`` of the type ``target`` as a file ``name``, due ``after`` microseconds, in answer to what came in
        the envelope ``asked``. ``ref`` ends the control reference. Raises WriteError."""
        if target.startswith("edifact:"):
            return Reply(f"{name}.edi", self._interchange(document, target, asked, ref or "A1"), after)
        schema = self.catalog.get(target)
        if isinstance(schema, CsvSchema):
            return self.signed(Reply(f"{name}.csv", csv.write(document, schema), after))
        return self.signed(Reply(f"{name}.xml", xml.write(document, schema), after))

    def signed(self, reply: Reply) -> Reply:
        """``reply`` signed as the hub demands of this agency."""
        kind, signer = self.partner.signature.inbound, self.signer
        if kind is SignatureKind.NONE or signer is None:
            return reply
        if kind is SignatureKind.XMLDSIG:
            return replace(reply, data=xmldsig.sign(reply.data, signer))
        return replace(reply, name=f"{reply.name}.p7m", data=cms.sign_attached(reply.data, signer))

    def envelope(self, asked: Envelope, suffix: str) -> Envelope:
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
            prepared_at=moment(self.clock()).strftime("%Y%m%d%H%M"),
            application="",
            acknowledge=False,
            syntax_id=style.syntax_id,
            syntax_version=style.syntax_version,
        )

    def _interchange(self, document: Document, target: str, asked: Envelope, ref: str) -> bytes:
        schema = self.catalog.get(target)
        return edifact.write(document, schema, self.envelope(asked, ref), message_ref="1", style=Style.of(self._style))

    @property
    def _style(self) -> EdifactStyle:
        party = self.partner.edifact
        return party.style if party else EdifactStyle()
