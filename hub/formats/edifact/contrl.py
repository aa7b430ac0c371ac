"""CONTRL, the syntax and service report (ISO 9735-4): our answer to an interchange, and what a partner's answer says.

The interchange is judged by its findings alone, so messages may have been stripped of their Documents. What is not
rejected explicitly is accepted: UCI says 7, and only rejected groups and messages follow. A partner that wants a
receipt alone hears 8, received, and nothing about messages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import WriteError
from hub.formats.edifact.charsets import charset
from hub.formats.edifact.names import identifier
from hub.formats.edifact.separators import SEPARATORS
from hub.formats.edifact.style import IDENTIFIER, STYLE, Style
from hub.formats.edifact.writer import write
from hub.model.finding import Finding, Severity
from hub.model.message import Document, Envelope, Group, Interchange, Message
from hub.schema.catalog import Catalog

REJECTED, ACKNOWLEDGED, RECEIVED = "4", "7", "8"
"""0083: this level and all below rejected; this level acknowledged, and below what is not rejected; received only."""

_ACCEPTS = ("1", "2", "5", ACKNOWLEDGED, RECEIVED)
_REJECTS = (REJECTED, "6")
"""What 0083 may say in a partner's report. Version 4 has 4, 7 and 8 only; before it, 1 and 2 acknowledge all, 5 and 6
accept and reject UNB and UNZ, and 3 says that what is rejected is told below."""

_SERVICE = ("UNA", "UNB", "UNE", "UNG", "UNH", "UNT", "UNZ")
_UNSPECIFIED = "18"
_Values = dict[str, Any]


def answerable(interchange: Interchange) -> bool:
    """Whether a CONTRL can and may answer: UNB names sender and reference, and it is not all CONTRL itself."""
    envelope = interchange.envelope
    readable = envelope.sender and envelope.control_ref and envelope.recipient and not envelope.interactive
    only_reports = interchange.messages and all(_is_contrl(message) for message in interchange.messages)
    return bool(readable) and not only_reports


def contrl(
    interchange: Interchange,
    *,
    envelope: Envelope,
    control_ref: str,
    extra: tuple[Finding, ...] = (),
    catalog: Catalog,
    receipt: bool = False,
    style: Style = STYLE,
) -> bytes:
    """The CONTRL that answers ``interchange``, in its syntax version, in an envelope of its own. Syntax versions 1 and
    2 share message version 2. ``receipt``: say only that the interchange was received, or rejected as a whole.

    ``envelope`` is the answer's: its sender is the hub; ``control_ref`` numbers it (UNB 0020 and UNH 0062). ``extra``
    are findings of other kinds about the whole interchange (a duplicate, an unknown sender). Raises WriteError when
    the interchange is not :func:`answerable`.
    """
    if not answerable(interchange):
        raise WriteError("No CONTRL can answer: UNB is unreadable, or the interchange is a CONTRL itself")
    version = _version(interchange.envelope)
    theirs = interchange.envelope.syntax_id
    syntax_id = envelope.syntax_id or (theirs if charset(theirs).known else IDENTIFIER)
    own = replace(envelope, control_ref=control_ref, syntax_id=syntax_id, syntax_version=version)
    schema = catalog.get(f"edifact:S{max(version, '2')}:CONTRL")
    document = _Report(version, schema.codes.get("0085", {})).document(interchange, extra, receipt)
    try:
        return write(document, schema, own, message_ref=control_ref, style=style)
    except WriteError:  # what it must quote cannot be released, or does not fit the sender's character set
        style = style if style.separators.release else replace(style, separators=SEPARATORS)
    try:
        return write(document, schema, own, message_ref=control_ref, style=style)
    except WriteError:
        own, style = replace(own, syntax_id="UNOW"), replace(style, charset=None)
        return write(document, schema, own, message_ref=control_ref, style=style)


def _version(envelope: Envelope) -> str:
    version = envelope.syntax_version[:1]
    return version if version in ("1", "2", "3", "4") else "4" if version > "4" else "3"


class _Report:
    """Builds the Document for one syntax version; the versions differ in one element's name and in the error codes."""

    def __init__(self, version: str, codes: Mapping[str, str]) -> None:
        self._version = version
        self._codes = codes
        self._segment_code = "0135" if version == "4" else "0013"

    def document(self, interchange: Interchange, extra: tuple[Finding, ...], receipt: bool) -> Document:
        """The whole report; nothing below a rejected interchange is reported on."""
        errors = _errors(interchange.findings) + _errors(extra)
        document: Document = {"UCI": self._interchange(interchange.envelope, errors)}
        if receipt and not errors:
            document["UCI"]["0083"] = RECEIVED
        if receipt or errors:
            return document
        loose = [self._message(message) for message in interchange.messages if not message.group_ref and _bad(message)]
        groups = [entry for group in interchange.groups for entry in self._group(group, interchange)]
        if loose:
            document["SG1"] = loose
        if groups:
            document["SG3"] = groups
        return document

    def _interchange(self, envelope: Envelope, errors: list[Finding]) -> _Values:
        sender = {"0004": _text(envelope.sender, 35), "0007": _text(envelope.sender_qualifier, 4)}
        recipient = {"0010": _text(envelope.recipient, 35), "0007": _text(envelope.recipient_qualifier, 4)}
        head = {"0020": _text(envelope.control_ref, 14), "S002": _filled(sender), "S003": _filled(recipient)}
        return head | self._verdict(errors[:1], rejected=bool(errors))

    def _group(self, group: Group, interchange: Interchange) -> Iterator[_Values]:
        """The UCF and its UCMs, when there is something to reject."""
        errors = _errors(group.findings)
        bad = [message for message in interchange.messages if message.group_ref == group.ref and _bad(message)]
        if not errors and not bad:
            return
        head = {
            "0048": _text(group.ref, 14) or "0",
            "S006": {"0040": _text(group.sender, 35) or "0"},
            "S007": {"0044": _text(group.recipient, 35) or "0"},
        }
        entry: _Values = {"UCF": head | self._verdict(errors[:1], rejected=bool(errors))}
        if bad and not errors:
            entry["SG4"] = [self._message(message, "SG5") for message in bad]
        yield entry

    def _message(self, message: Message, inner: str = "SG2") -> _Values:
        errors = _errors(message.findings)
        about = [finding for finding in errors if not finding.place.segment or finding.place.tag in ("UNH", "UNT")]
        names = identifier(message.type, message.association, message.agency)
        lengths = {"0065": 6, "0052": 3, "0054": 3, "0051": 3 if self._version == "4" else 2, "0057": 6}
        s009 = {key: _text(name, lengths[key]) or "0" for key, name in zip(lengths, names, strict=False)}
        head = {"0062": _text(message.ref, 14) or "0", "S009": s009}
        entry: _Values = {"UCM": head | self._verdict(about[:1], rejected=True)}
        segments = list(self._segments([finding for finding in errors if finding not in about]))
        if segments:
            entry[inner] = segments[:999]
        return entry

    def _segments(self, errors: list[Finding]) -> Iterator[_Values]:
        """A UCS for each error of a whole segment, and one with UCDs for the elements of a segment."""
        numbers = sorted({finding.place.segment or 0 for finding in errors})
        for number in numbers:
            here = [finding for finding in errors if finding.place.segment == number]
            position = str(min(number, 999999))
            for finding in here:
                if not finding.place.element:
                    yield {"UCS": {"0096": position, "0085": self._code(finding)}}
            details = [
                _filled({"0085": self._code(finding), "S011": self._place(finding)})
                for finding in here
                if finding.place.element
            ]
            if details:
                yield {"UCS": {"0096": position}, "UCD": details[:99]}

    def _verdict(self, errors: list[Finding], rejected: bool) -> _Values:
        """0083 and, for the first of ``errors``, its code and the service segment and place that it is about."""
        values: _Values = {"0083": REJECTED if rejected else ACKNOWLEDGED}
        for finding in errors:
            values["0085"] = self._code(finding)
            if finding.place.tag in _SERVICE:
                values[self._segment_code] = finding.place.tag
                if finding.place.element:
                    values["S011"] = self._place(finding)
        return values

    def _code(self, finding: Finding) -> str:
        """0085; "unspecified" for a finding that this syntax version has no code for."""
        code = finding.standard("contrl") or _UNSPECIFIED
        return code if code in self._codes else _UNSPECIFIED

    def _place(self, finding: Finding) -> _Values:
        """S011: the tag counts as position 1 (ISO 9735-4, 0098); of component and occurrence it has one (D4)."""
        place = finding.place
        values = {"0098": str(min((place.element or 0) + 1, 999))}
        if place.component:
            values["0104"] = str(min(place.component, 999))
        elif place.repetition and self._version == "4":
            values["0136"] = str(place.repetition)
        return values


@dataclass(frozen=True, slots=True)
class Answer:
    """What a partner's CONTRL says: about which interchange (its 0020), whether all of it is accepted, and why not.

    ``rejected`` are the references of rejected messages; ``codes`` all syntax error codes (0085), in order.
    """

    interchange_ref: str
    action: str  # 0083 of UCI
    accepted: bool
    rejected: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def parse_contrl(document: Document) -> Answer:
    """The :class:`Answer` in a CONTRL's Document; what it lacks is empty."""
    header = document.get("UCI", {})
    groups = document.get("SG3", [])
    messages = document.get("SG1", []) + [entry for group in groups for entry in group.get("SG4", [])]
    refused = [entry["UCM"] for entry in messages if entry.get("UCM", {}).get("0083") in _REJECTS]
    actions = [header.get("0083", ""), *(group.get("UCF", {}).get("0083", "") for group in groups)]
    return Answer(
        interchange_ref=header.get("0020", ""),
        action=actions[0],
        accepted=actions[0] in _ACCEPTS and not any(action in _REJECTS for action in actions) and not refused,
        rejected=tuple(entry.get("0062", "") for entry in refused),
        codes=tuple(_codes(document)),
    )


def _codes(values: Any) -> Iterator[str]:
    if isinstance(values, list):
        for item in values:
            yield from _codes(item)
    elif isinstance(values, dict):
        for key, value in values.items():
            if key == "0085":
                yield value
            else:
                yield from _codes(value)


def _is_contrl(message: Message) -> bool:
    return message.type.endswith(":CONTRL")


def _bad(message: Message) -> bool:
    return not _is_contrl(message) and bool(_errors(message.findings))


def _errors(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _text(value: str, most: int) -> str:
    """``value`` as a CONTRL can quote it: printable, and no longer than the element."""
    return "".join(char if char.isprintable() else "." for char in value)[:most]


def _filled(values: _Values) -> _Values:
    return {key: value for key, value in values.items() if value}
