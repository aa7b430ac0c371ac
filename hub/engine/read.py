"""READ: bytes → Read. Pure: the same bytes and configuration give the same value, in any process."""

import marshal
import pickle
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice, product
from math import prod
from pathlib import Path

from hub.clock import iso
from hub.engine.acknowledging import draft, kinds
from hub.engine.compact import compact
from hub.engine.values import (
    ITEM,
    Acknowledged,
    AnswerClaim,
    AnswerItem,
    LegClaim,
    Read,
    ReadInterchange,
    ReadJob,
    ReadMessage,
)
from hub.engine.world import World
from hub.errors import SignatureInvalid
from hub.formats.edifact.contrl import parse_contrl
from hub.formats.read import read as read_bytes
from hub.formats.x12.acknowledgment import parse
from hub.mapping.apply import Context
from hub.mapping.items import Items, TooMany
from hub.model.finding import Finding, Language, Place, Severity, worst
from hub.model.message import Document, Interchange, Message, Reading, Syntax
from hub.model.partner import Partner, SignatureKind
from hub.security import certificates, schemes
from hub.services.service import Leg, Service
from hub.services.views import View
from hub.services.vocabulary import Facts, joined

MAX_ITEMS = 10_000
"""Items of one message that become legs, or answers; a message with more is refused."""

MAX_REMARKS = 100
"""Objections to one leg that are told; what is beyond them shows when those are mended."""

MAX_KEYS = 1_000
"""Keys of one kind by which one item is found; a message with more is refused."""

WHOLE = Items()

Head = tuple[int, int]
"""Byte offsets [start, end) of what an interchange begins with: UNA, UNB, UNG."""


def read(job: ReadJob, world: World) -> Read:
    """Detect, verify, split, parse, validate; and find out what each message could be in the services."""
    partner = world.partners[job.partner]
    reading = reading_of(job, world)
    interchanges = tuple(
        _interchange(interchange, head, partner, job.received_at, world)
        for interchange, head in zip(reading.interchanges, heads(reading), strict=True)
    )
    return Read(job.transmission, reading.syntax, reading.findings, interchanges)


def heads(reading: Reading) -> list[Head]:
    """Where each interchange's own head lies: somewhere behind what came before it, up to its first message."""
    found = []
    begin = 0
    for interchange in reading.interchanges:
        messages = interchange.messages
        found.append((begin, messages[0].start if messages else begin))
        begin = messages[-1].end if messages else begin
    return found


def reading_of(job: ReadJob, world: World) -> Reading:
    """The transmission as the codecs see it, its signature verified where the partner must sign."""
    try:
        partner = world.partners[job.partner]
        agreed = partner.edifact.guides if partner.edifact else ()
        return read_bytes(
            content(job, world),
            world.catalog,
            charset=partner.edifact.style.charset if partner.edifact else None,
            x12_charset=partner.x12.style.charset if partner.x12 else None,
            guides=world.chosen[agreed] if agreed else None,
            verified=partner.signature.inbound is SignatureKind.XMLDSIG,
        )
    except SignatureInvalid as error:
        finding = Finding("walk.signature-invalid", Place(offset=0), params=(("reason", str(error)),))
        return Reading(Syntax.UNKNOWN, findings=(finding,))


def content(job: ReadJob, world: World) -> bytes:
    """The bytes that the messages of a transmission lie in: where the partner must sign, those that it signed. Raises
    SignatureInvalid."""
    partner = world.partners[job.partner]
    data = job.data if job.data is not None else Path(job.blob or "").read_bytes()
    return data if partner.signature.inbound is SignatureKind.NONE else _verified(data, partner, job.received_at)


def _verified(data: bytes, partner: Partner, at: int) -> bytes:
    """The bytes that the partner signed. Raises SignatureInvalid when none of its certificates, valid ``at`` the time
    of arrival, verifies them."""
    pinned = [certificates.parse(certificate.pem) for certificate in partner.signature.certificates]
    return schemes.verify(partner.signature.inbound, data, None, pinned, at).data


def _interchange(interchange: Interchange, head: Head, partner: Partner, at: int, world: World) -> ReadInterchange:
    condemned = {group.ref for group in interchange.groups if worst(group.findings) is Severity.ERROR}
    messages = tuple(
        _refused(message) if message.group_ref in condemned else _message(message, head, partner, at, world)
        for message in interchange.messages
    )
    envelope = interchange.envelope
    acknowledged = kinds(interchange, partner, world)
    drafted = draft(interchange, acknowledged.sound, partner, world)
    about_groups = tuple(finding for group in interchange.groups for finding in group.findings)
    return ReadInterchange(
        sender=envelope.sender,
        sender_qualifier=envelope.sender_qualifier,
        recipient=envelope.recipient,
        control_ref=envelope.control_ref,
        acknowledged=acknowledged,
        findings=interchange.findings,
        about_groups=about_groups,
        messages=messages,
        packed=pickle.dumps(bare(interchange)) if any(acknowledged) and not drafted else b"",
        draft=drafted,
    )


def pack(message: Message, head: Head) -> bytes:
    """What WRITE needs of ``message``, on its way through another process: plain values, so marshal does, and fast."""
    return marshal.dumps((message.type, message.ref, message.document, message.start, message.end, head))


def unpack(packed: bytes) -> tuple[Message, Head]:
    """The inverse of :func:`pack`. Only for bytes that a process of our own packed."""
    type_, ref, document, start, end, head = marshal.loads(packed)
    return Message(type_, ref, document, start=start, end=end), head


def bare(interchange: Interchange) -> Interchange:
    """``interchange`` without its documents."""
    return replace(interchange, messages=tuple(replace(message, document=None) for message in interchange.messages))


def _refused(message: Message) -> ReadMessage:
    """A message of a group that is rejected as a whole (ISO 9735-4, UCF)."""
    return ReadMessage(message.type, message.ref, False, message.findings)


def _message(message: Message, head: Head, partner: Partner, at: int, world: World) -> ReadMessage:
    result = ReadMessage(message.type, message.ref, message.valid, message.findings, start=message.start)
    if message.document is None or not message.valid:
        return result
    receipt = _receipt(message)
    if receipt:
        return result._replace(acknowledged=receipt)
    try:
        answers = _answers(message.type, message.document, partner, world)
        legs = () if answers else _legs(message, partner, at, world)
    except TooMany as many:
        return result._replace(beyond=_beyond(message, many))
    return result._replace(answers=answers, legs=legs, packed=pack(message, head) if legs else b"")


def _beyond(message: Message, many: TooMany) -> Finding:
    """The finding that refuses a message of which only a part would be seen."""
    tag = {"edifact": "UNH", "x12": "ST"}.get(message.type.partition(":")[0])
    where = {"segment": 1, "tag": tag} if tag else {"line": 1}
    place = Place(offset=message.start, path=many.path, **where)
    return Finding("walk.too-many", place, params=(("path", many.path), ("max", str(many.most))))


def _receipt(message: Message) -> Acknowledged | None:
    """What a technical receipt says; None for any other message."""
    if message.type.endswith(":CONTRL") and message.document is not None:
        contrl = parse_contrl(message.document)
        return Acknowledged(contrl.interchange_ref, contrl.accepted, contrl.codes)
    said = parse(message) if message.type.startswith("x12:") else None
    return Acknowledged(said.control, said.accepted, said.codes, said.text) if said else None


def _legs(message: Message, partner: Partner, at: int, world: World) -> tuple[LegClaim, ...]:
    """What the message could be in the services: one claim for each of its items."""
    assert message.document is not None
    claims: list[LegClaim] = []
    for service, leg in world.services.legs(message.type):
        if leg.roles & partner.roles:
            view = leg.views[message.type]
            items = view.items.of(message.document, MAX_ITEMS)
            seen = ((number, item, view.read(item)) for number, item in enumerate(items))
            claims += [_claimed(service, leg, view, *one, at) for one in seen if leg.chosen(one[2])]
        else:
            claims.append(LegClaim(service.id, leg.name))
    return tuple(claims)


def _claimed(service: Service, leg: Leg, view: View, number: int, item: Document, facts: Facts, at: int) -> LegClaim:
    """One item of a message as a leg, judged by the checks that concern it alone."""
    own = (check for check in service.checks if check.local and leg.name in check.legs)
    objections = tuple(islice(chain.from_iterable(check.run({leg.name: facts}, iso(at)) for check in own), MAX_REMARKS))
    keys = tuple(chain.from_iterable(_keys(service, view, name, names, facts) for name, names in leg.keys.items()))
    document = "" if service.simple else compact(item)
    return LegClaim(service.id, leg.name, view.number(item), facts, keys, objections, document, number)


def _keys(service: Service, view: View, name: str, facts: tuple[str, ...], given: Facts) -> Iterator[str]:
    """A key for each value of ``facts``: a document that names three containers is found by each of them. Raises
    TooMany."""
    values = [[str(value) for value in dict.fromkeys(given.get(fact, ())) if value] for fact in facts]
    if prod(map(len, values)) > MAX_KEYS:
        raise TooMany(view.places.get(facts[0], facts[0]), MAX_KEYS)
    for one in product(*values):
        yield f"{service.id}/{name}/{joined(one)}"


def _answers(type_: str, document: Document, partner: Partner, world: World) -> tuple[AnswerClaim, ...]:
    claims = []
    for service, lane in world.services.answers(type_):
        if lane.agency == partner.id:
            items = lane.answer.items.get(type_, WHOLE)
            mapping = world.mappings.get(lane.answer.mappings[type_])
            for item in items.of(document, MAX_ITEMS):
                mapped = mapping.apply(item, Context(), type_)
                claim = _claim(service.id, lane.name, mapped.document)
                claims.append(claim if mapped.valid else claim._replace(status="", text=_texts(mapped.findings)))
    return tuple(claims)


def _texts(findings: tuple[Finding, ...]) -> str:
    """Why an answer could not be understood."""
    return "; ".join(finding.text(Language.EN) for finding in findings[:5])


def _claim(service: str, lane: str, answer: Document) -> AnswerClaim:
    """An ``internal:agency-answer`` document as a claim."""
    items = tuple(AnswerItem(*(str(item.get(name, "")) for name in ITEM)) for item in answer.get("item", ()))
    key, status, code, text = (str(answer.get(name, "")) for name in ("key", "status", "code", "text"))
    facts = tuple((str(fact.get("name", "")), str(fact.get("value", ""))) for fact in answer.get("fact", ()))
    return AnswerClaim(service, lane, key, status, code, text, items, facts)
