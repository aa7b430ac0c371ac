"""Acknowledging an interchange: EDIFACT with CONTRL, X12 with what its sender wants. READ drafts the CONTRL of one in
which it finds no fault, all but its number and its time: DECIDE fills them in, so that the acceptance and its receipt
are one commit. WRITE writes whatever else answers.

A CONTRL without faults differs from the last one to the same sender only in the reference that it quotes: so a worker
keeps it as a template.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter

from hub.clock import moment
from hub.engine.outgoing import control_reference, envelope
from hub.engine.values import Kinds
from hub.engine.world import World
from hub.formats.edifact import contrl as receipts
from hub.formats.edifact.style import Style as EdifactStyle
from hub.formats.x12 import acknowledgment
from hub.formats.x12.style import Style
from hub.model.finding import Finding
from hub.model.message import Envelope, Interchange, Syntax
from hub.model.partner import Acknowledge, Contrl, Partner

CONTRL, RECEIPT = "contrl", "contrl-receipt"
KINDS = (CONTRL, RECEIPT, *(kind.value for kind in Acknowledge if kind is not Acknowledge.NONE))
"""What an interchange is answered with."""

_NUMBER = "HUBSOWNNUMBER"  # where the number goes: UNB and UNZ 0020, UNH and UNT 0062
_AT = "99991231:2359", "991231:2359"  # where the time goes (UNB S004), from syntax version 4 on and before
_THEIRS = "HUBSTHEIRREF"  # in a template: where the reference of their interchange goes (UCI 0020)
_PLAIN = re.compile("[A-Z0-9]{1,14}", re.ASCII)
_ADDRESS = attrgetter(*(field.name for field in fields(Envelope) if field.name not in ("control_ref", "prepared_at")))
_TEMPLATES = 1000  # that a worker keeps
_STAMPS = "%Y%m%d:%H%M", "%y%m%d:%H%M"


def kinds(interchange: Interchange, partner: Partner, world: World) -> Kinds:
    """How ``interchange`` is acknowledged to ``partner``."""
    if interchange.syntax is Syntax.EDIFACT and receipts.answerable(interchange):
        return _contrls(interchange.envelope, world.edifact_party(partner).style.contrl)
    if interchange.syntax is Syntax.X12:
        want = world.x12_party(partner).style.acknowledge
        inside = _x12(interchange, want, False)
        return Kinds(inside, inside, _x12(interchange, want, True))
    return Kinds()


def _x12(interchange: Interchange, want: Acknowledge, refused: bool) -> str:
    kind = acknowledgment.answers(interchange, want, refused)
    return kind.value if kind else ""


def _contrls(theirs: Envelope, policy: Contrl) -> Kinds:
    """What the policy makes of an interchange in the envelope ``theirs``, whose 0031 may ask for a CONTRL (1), or for
    an indication of receipt (2)."""
    if policy is Contrl.NONE:
        return Kinds()
    if policy is Contrl.RECEIPT or (policy is Contrl.REQUESTED and ("0031", "2") in theirs.rest):
        return Kinds(RECEIPT, RECEIPT, RECEIPT)
    unasked = policy is Contrl.REQUESTED and not theirs.acknowledge
    return Kinds("" if unasked else CONTRL, CONTRL, CONTRL)


def acknowledgement(
    interchange: Interchange,
    kind: str,
    addressed: tuple[Partner, int, int],
    world: World,
    extra: Sequence[Finding] = (),
    refused: Mapping[int, Sequence[Finding]] | None = None,
) -> bytes:
    """What answers ``interchange``: one of ``kind``, ``addressed`` to a partner under a number and a time. DECIDE's
    findings are ``extra`` about the interchange, and ``refused`` about its messages, by their number in it."""
    partner = addressed[0]
    judged = _judged(interchange, refused or {})
    if kind in (CONTRL, RECEIPT):
        return _contrl(judged, kind, (partner, envelope(*addressed, world)), world, tuple(extra))
    style = world.x12_party(partner).style
    return acknowledgment.acknowledge(
        judged,
        Acknowledge(kind),
        envelope=envelope(*addressed, world, Syntax.X12),
        extra=tuple(extra),
        catalog=world.catalog,
        style=Style.of(style),
        version=style.version,
    )


def _contrl(
    interchange: Interchange,
    kind: str,
    addressed: tuple[Partner, Envelope],
    world: World,
    extra: tuple[Finding, ...] = (),
) -> bytes:
    partner, own = addressed
    return receipts.contrl(
        interchange,
        envelope=replace(own, syntax_id=interchange.envelope.syntax_id or own.syntax_id),
        control_ref=own.control_ref,
        extra=extra,
        catalog=world.catalog,
        receipt=kind == RECEIPT,
        style=EdifactStyle.of(world.edifact_party(partner).style),
    )


def _judged(interchange: Interchange, refused: Mapping[int, Sequence[Finding]]) -> Interchange:
    """``interchange`` with DECIDE's findings about its messages, by their number in it."""
    if not refused:
        return interchange
    messages = tuple(
        replace(message, findings=(*message.findings, *refused.get(number, ())))
        for number, message in enumerate(interchange.messages)
    )
    return replace(interchange, messages=messages)


def draft(interchange: Interchange, kind: str, partner: Partner, world: World) -> bytes:
    """The CONTRL of ``kind`` to ``partner`` about ``interchange``, with marks where its number and time go. Empty when
    it is no CONTRL, when there is something to refuse, when what it quotes looks like a mark, or when it is too long
    for a row."""
    if kind not in (CONTRL, RECEIPT) or not interchange.valid:
        return b""
    theirs = interchange.envelope
    if _NUMBER in theirs.control_ref or not _PLAIN.fullmatch(theirs.control_ref):  # others may have to be released
        return _marked(interchange, kind, partner, world)
    address = (partner.id, *_ADDRESS(theirs))
    template = world.drafts.get(address)
    if template is None:
        bare = replace(interchange, envelope=replace(theirs, control_ref=_THEIRS), messages=(), groups=())
        template = _marked(bare, kind, partner, world)
        template = template if template.count(_THEIRS.encode()) == 1 else b""
        if len(world.drafts) < _TEMPLATES:
            world.drafts[address] = template
    return template.replace(_THEIRS.encode(), theirs.control_ref.encode())


def _marked(interchange: Interchange, kind: str, partner: Partner, world: World) -> bytes:
    own = replace(envelope(partner, 0, 0, world), control_ref=_NUMBER, prepared_at=_AT[0].replace(":", ""))
    text = _contrl(interchange, kind, (partner, own), world)
    sound = text.count(_NUMBER.encode()) == 4 and text.count(_AT[1].encode()) == 1
    return text if sound and len(text) <= world.settings.spool.inline_limit else b""


def filled(drafted: bytes, number: int, at: int) -> bytes:
    """``drafted`` under its ``number``, prepared ``at`` (microseconds since the epoch)."""
    for mark, stamp in zip(_AT, _STAMPS, strict=True):
        drafted = drafted.replace(mark.encode(), moment(at).strftime(stamp).encode())
    return drafted.replace(_NUMBER.encode(), control_reference(number).encode())
