"""What READ returns: the bytes of one transmission, split into interchanges and messages."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hub.model.finding import Finding, Severity, worst

Document = dict[str, Any]
"""A message's content: plain dicts, lists and strings shaped by its Schema (see ``hub.schema.model``)."""


class Syntax(StrEnum):
    """How bytes are written."""

    EDIFACT = "edifact"
    X12 = "x12"
    XML = "xml"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the envelope around a message said, or shall say. Empty strings where the syntax has no such thing."""

    sender: str = ""
    sender_qualifier: str = ""
    recipient: str = ""
    recipient_qualifier: str = ""
    control_ref: str = ""  # UNB 0020, ISA13
    prepared_at: str = ""  # as written: YYMMDDHHMM or CCYYMMDDHHMM
    application: str = ""  # UNB 0026
    acknowledge: bool = False  # UNB 0031 = 1
    test: bool = False  # UNB 0035 = 1
    syntax_id: str = ""  # UNOA … UNOY
    syntax_version: str = ""  # 1 … 4
    interactive: bool = False  # UIB … UIZ (ISO 9735-3)
    rest: tuple[tuple[str, str], ...] = ()  # what else the header says: ("0032", "AGREED"), ("S002/0008", "DESK 4")


@dataclass(frozen=True, slots=True)
class Message:
    """One business document. ``type`` is a schema id (``edifact:D.02B:PAXLST``); no ``document``: it is unreadable."""

    type: str
    ref: str = ""  # UNH 0062, ST02
    document: Document | None = None
    findings: tuple[Finding, ...] = ()
    start: int = 0  # byte offsets in the transmission: [start, end)
    end: int = 0
    group_ref: str = ""  # UNG 0048, GS06
    association: str = ""  # UNH S009/0057, ST03
    segments: int = 0
    agency: str = ""  # UNH S009/0051

    @property
    def valid(self) -> bool:
        """Readable, and without an error."""
        return self.document is not None and worst(self.findings) is not Severity.ERROR


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group (UNG…UNE, GS…GE): what its header said and the findings about it (not about its messages)."""

    ref: str
    type: str
    sender: str = ""
    recipient: str = ""
    findings: tuple[Finding, ...] = ()
    rest: tuple[tuple[str, str], ...] = ()  # what else the header says, as in Envelope
    version: str = ""  # GS08
    start: int = 0  # byte offsets in the transmission: [start, end), where the syntax gives them (X12)
    end: int = 0


@dataclass(frozen=True, slots=True)
class Interchange:
    """One envelope with its messages. Where a syntax has none (XML, CSV), one with empty fields holds one message."""

    syntax: Syntax
    envelope: Envelope = field(default_factory=Envelope)
    messages: tuple[Message, ...] = ()
    groups: tuple[Group, ...] = ()
    findings: tuple[Finding, ...] = ()  # about the envelope itself

    @property
    def valid(self) -> bool:
        """No error in the envelope, its groups or any message."""
        return (
            worst(self.findings) is not Severity.ERROR
            and all(worst(group.findings) is not Severity.ERROR for group in self.groups)
            and all(message.valid for message in self.messages)
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """All that READ saw in one transmission. ``findings`` are about bytes that are in no interchange."""

    syntax: Syntax
    interchanges: tuple[Interchange, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        """Something was read, and nothing in it is an error."""
        return (
            bool(self.interchanges)
            and worst(self.findings) is not Severity.ERROR
            and all(interchange.valid for interchange in self.interchanges)
        )

    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of their places; those without an offset come first."""
        found = list(self.findings)
        for interchange in self.interchanges:
            found += interchange.findings
            for group in interchange.groups:
                found += group.findings
            for message in interchange.messages:
                found += message.findings
        found.sort(key=lambda finding: finding.place.offset or 0)
        return tuple(found)
