"""Our answer to an interchange (TA1, 997, 999), and what a partner's answer to ours says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from hub.errors import WriteError
from hub.formats.x12 import names
from hub.formats.x12.envelope import is_day, is_time
from hub.formats.x12.report import Kind, Report
from hub.formats.x12.style import STYLE, VERSION, Style
from hub.formats.x12.writer import Item, write_interchange
from hub.model.finding import Finding, Severity
from hub.model.message import Document, Envelope, Group, Interchange, Message
from hub.model.partner import Acknowledge
from hub.schema.catalog import Catalog

_LATER = "005010"
_CONVENTION = "005010X231A1"
"""What a 999 calls itself (GS08, ST03)."""

_NO_DAY, _NO_TIME = "000101", "0000"  # where ISA has none that could be quoted
_PLACES, _CODES_TOLD = 10, 1000  # that are told of a 997 or 999
_ACKNOWLEDGING = "FA"  # GS01 of groups that acknowledge


def answers(interchange: Interchange, want: Acknowledge, refused: bool) -> Acknowledge | None:
    """What answers ``interchange`` when its sender wants ``want``; None when there is nothing to say. ``refused``: the
    whole interchange is, which a TA1 says, whatever else was wanted."""
    if want is Acknowledge.NONE or not _addressed(interchange) or _only(interchange, "TA1"):
        return None
    if _functional(want) and not refused and _groups(interchange):
        return want
    return Acknowledge.INTERCHANGE if _with_ta1(interchange, want, refused) else None


def acknowledge(
    interchange: Interchange,
    want: Acknowledge,
    *,
    envelope: Envelope,
    extra: tuple[Finding, ...] = (),
    catalog: Catalog,
    style: Style = STYLE,
    version: str = VERSION,
) -> bytes:
    """The interchange that answers ``interchange``: TA1, and in a group a 997 or 999 for each of its groups.

    ``envelope`` is the answer's own: its sender is the hub, its control number that of interchange and group. ``extra``
    are findings of other kinds about the whole interchange (a duplicate, an unknown sender). ``version`` is that of
    the 997 where the sender's is not installed. Raises WriteError when there is nothing to say.
    """
    findings = (*interchange.findings, *extra)
    refused = bool(_errors(findings))
    if answers(interchange, want, refused) is None:
        raise WriteError(
            "Nothing is to be said about this interchange: it was not asked for, or it is an answer itself"
        )
    chosen = _LATER if want is Acknowledge.IMPLEMENTATION else _version(interchange, catalog, version)
    items: list[Item] = []
    if _with_ta1(interchange, want, refused):
        items.append((_ta1(interchange.envelope, findings), catalog.get(f"x12:{chosen}:TA1"), ""))
    if _functional(want) and not refused:
        items += _reports(interchange, want, chosen, catalog, style)
    own = replace(envelope, test=interchange.envelope.test, acknowledge=False, syntax_version=chosen[:5])
    narrowed = _CONVENTION if want is Acknowledge.IMPLEMENTATION else chosen
    return write_interchange(items, own, replace(style, version=narrowed))


def _reports(
    interchange: Interchange, want: Acknowledge, version: str, catalog: Catalog, style: Style
) -> Iterator[Item]:
    kind = Kind(want.value)
    schema = catalog.get(f"x12:{version}:{kind}")
    marks = style.separators
    barred = marks.element + marks.component + marks.repetition + marks.terminator
    report = Report(kind, version >= _LATER, barred)
    convention = {"ST": {"ST03": _CONVENTION}} if kind is Kind.IMPLEMENTATION else {}
    for number, group in enumerate(_groups(interchange), 1):
        messages = [one for one in interchange.messages if group.start <= one.start < group.end]
        yield convention | report.document(group, messages), schema, f"{number:04}"


def _ta1(envelope: Envelope, findings: tuple[Finding, ...]) -> Document:
    """TA1: the interchange by its control number, date and time, and a verdict on its envelope (X12.5)."""
    errors = _errors(findings)
    noted = [finding for finding in findings if finding.severity is Severity.WARNING and finding.standard("ta1")]
    worst = (errors or noted)[:1]
    code = next((finding.standard("ta1") for finding in worst), None) or ("024" if errors else "000")
    day, time = envelope.prepared_at[:6], envelope.prepared_at[6:]
    return {
        "TA1": {
            "TA101": envelope.control_ref.zfill(9),
            "TA102": day if len(day) == 6 and is_day(day) else _NO_DAY,
            "TA103": time if len(time) == 4 and is_time(time) else _NO_TIME,
            "TA104": "R" if errors else "E" if noted else "A",
            "TA105": code,
        }
    }


def _addressed(interchange: Interchange) -> bool:
    """Whether ISA says to whom the answer goes and what it is about."""
    envelope = interchange.envelope
    return bool(envelope.sender and envelope.recipient) and _number(envelope.control_ref, 9)


def _number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


def _with_ta1(interchange: Interchange, want: Acknowledge, refused: bool) -> bool:
    return want is Acknowledge.INTERCHANGE or refused or interchange.envelope.acknowledge


def _functional(want: Acknowledge) -> bool:
    return want in (Acknowledge.FUNCTIONAL, Acknowledge.IMPLEMENTATION)


def _groups(interchange: Interchange) -> list[Group]:
    """The groups that may be acknowledged: an acknowledgment is not."""
    return [group for group in interchange.groups if group.type != _ACKNOWLEDGING]


def _only(interchange: Interchange, number: str) -> bool:
    found = interchange.messages
    return bool(found) and not interchange.groups and all(one.type.endswith(f":{number}") for one in found)


def _version(interchange: Interchange, catalog: Catalog, otherwise: str) -> str:
    """The version of a 997: that of the first group, where it is installed."""
    asked = [names.base(group.version) for group in _groups(interchange)[:1]]
    return next((one for one in asked if names.schema(catalog, one, Kind.FUNCTIONAL) is not None), otherwise)


def _errors(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a partner's TA1, 997 or 999 says: about which of our interchanges or groups (nine digits: we number both
    alike), whether all of it is accepted, and why not: all error codes, in order, and ``text``, where the faults are,
    as in ``0001/3 P402: 8 20261301``, that is set, number of the segment, segment or element, code, copy."""

    control: str
    accepted: bool
    codes: tuple[str, ...] = ()
    text: str = ""


def parse(message: Message) -> Answer | None:
    """The :class:`Answer` in a message; None when it is none, or cannot be read."""
    document = message.document
    if document is None or not names.is_acknowledgment(message.type):
        return None
    if message.type.endswith(":TA1"):
        receipt = document.get("TA1", {})
        note = receipt.get("TA105", "000")
        codes = (note,) if note != "000" else ()
        return Answer(receipt.get("TA101", ""), receipt.get("TA104") in ("A", "E"), codes)
    control = document.get("AK1", {}).get("AK102", "").zfill(9)
    verdicts = [document.get("AK9", {}).get("AK901", ""), *_verdicts(document)]
    accepted = all(one in ("A", "E") for one in verdicts)
    places = "; ".join(islice(_places(document), _PLACES))
    return Answer(control, accepted, tuple(islice(_found(document), _CODES_TOLD)), places)


def _verdicts(document: Document) -> Iterator[str]:
    """What is said of each set that is named (AK501, IK501): a group may be accepted and a set of it not."""
    for one in map(_bare, document.get("AK2_LOOP", ())):
        yield _bare(one.get("5", {})).get("501", "")


def _places(document: Document) -> Iterator[str]:
    """The segments (AK3, IK3) and elements (AK4, IK4) that a 997 or 999 finds fault with."""
    for one in map(_bare, document.get("AK2_LOOP", ())):
        ref = _bare(one.get("2", {})).get("202", "")
        for loop in map(_bare, one.get("3_LOOP", ())):
            segment = _bare(loop.get("3", {}))
            tag, at = segment.get("301", ""), f"{ref}/{segment.get('302', '')}"
            elements = [*loop.get("4", ()), *(inner.get("IK4", {}) for inner in loop.get("4_LOOP", ()))]
            codes = " ".join(segment[key] for key in sorted(segment) if key >= "304")
            if not elements:
                yield f"{at} {tag}: {codes}"
            for element in map(_bare, elements):
                place = "-".join(element.get("401", {}).values())
                yield f"{at} {tag}{place.zfill(2)}: {element.get('403', '')} {element.get('404', '')}".rstrip()


def _bare(values: Document) -> Document:
    """``values`` by their keys without AK or IK."""
    return {key[2:]: value for key, value in values.items()}


_CODES = ("AK304", "AK403", "AK502", "AK905", "IK304", "IK403", "IK502")


def _found(values: Any) -> Iterator[str]:
    if isinstance(values, list):
        for item in values:
            yield from _found(item)
    elif isinstance(values, dict):
        for key, value in values.items():
            if key in _CODES:
                yield value
            else:
                yield from _found(value)
