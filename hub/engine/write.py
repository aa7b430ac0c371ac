"""WRITE: plan → frozen bytes. Pure: message and plan go in, bytes come out; nothing is kept but what is sealed."""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from hub.engine.read import Head, bare, content, heads, reading_of, unpack
from hub.engine.values import ReadJob, Unwritable, WriteJob, Written
from hub.engine.world import AtHand, World
from hub.formats.csv import writer as csv
from hub.formats.edifact import contrl as receipts
from hub.formats.edifact import writer as edifact
from hub.formats.edifact.style import Style
from hub.formats.xml import writer as xml
from hub.mapping.apply import Context
from hub.model.finding import Finding, Severity
from hub.model.message import Envelope, Interchange, Message, Reading
from hub.model.partner import Partner, SignatureKind
from hub.schema.csv import CsvSchema
from hub.security import schemes

Result = list[Written] | Unwritable


@dataclass(frozen=True, slots=True)
class _Source:
    """The trader's message, and where the head of its interchange lies."""

    message: Message
    head: Head


def write(job: WriteJob, world: World) -> Result:
    """The bytes of a planned delivery (two, when it has a detached signature), or why it cannot be written."""
    return _WAYS[job.plan["do"]](job, world)


def _mapped(job: WriteJob, world: World) -> Result:
    """Map the message to the agency's format, and sign it."""
    plan, partner = job.plan, world.partners[job.partner]
    source = _source(job, world)
    mapping = world.mappings.get(plan["mapping"])
    if source.message.document is None:
        raise ValueError(f"{job.delivery}: the message that it carries on cannot be read any more")
    mapped = mapping.apply(source.message.document, Context(**plan["context"]), source.message.type)
    errors = tuple(finding for finding in mapped.findings if finding.severity is Severity.ERROR)
    if errors:
        return Unwritable(job.delivery, errors)
    return _signed(job, partner, _encoded(mapped.document, mapping.target, plan, partner, world), world)


def _relayed(job: WriteJob, world: World) -> Result:
    """The trader's own segments, byte for byte, under the hub's envelope."""
    assert job.source is not None
    source = _source(job, world)
    message, (begin, end) = source.message, source.head
    data = _at_hand(job.source, world).data
    lone = data[begin:end] + data[message.start : message.end]  # no scan of thousands of others for each of thousands
    placed = replace(message, start=end - begin, end=len(lone))
    return _signed(
        job, world.partners[job.partner], edifact.rewrap(lone, placed, Envelope(**job.plan["envelope"])), world
    )


def _acknowledged(job: WriteJob, world: World) -> Result:
    """The CONTRL for one interchange of the transmission."""
    if job.packed:
        interchange: Interchange = pickle.loads(job.packed)
    else:
        assert job.source is not None
        interchange = bare(_again(job.source, world).interchanges[job.plan["interchange"]])
    envelope = Envelope(**job.plan["envelope"])
    extra = _findings(job.plan["findings"])
    refused = {int(number): _findings(found) for number, found in job.plan["messages"].items()}
    messages = tuple(
        replace(message, findings=message.findings + refused.get(number, ()))
        for number, message in enumerate(interchange.messages)
    )
    data = receipts.contrl(
        replace(interchange, messages=messages),
        envelope=replace(envelope, syntax_id=interchange.envelope.syntax_id or envelope.syntax_id),
        control_ref=envelope.control_ref,
        extra=extra,
        catalog=world.catalog,
    )
    return [Written(job.delivery, data)]


def _findings(plain: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding.from_json(finding) for finding in plain)


def _replied(job: WriteJob, world: World) -> Result:
    """The answer to the trader, from the state of its case."""
    mapping = world.mappings.get(job.plan["mapping"])
    mapped = mapping.apply(job.plan["status"], Context(**job.plan["context"]))
    errors = tuple(finding for finding in mapped.findings if finding.severity is Severity.ERROR)
    if errors:
        return Unwritable(job.delivery, errors)
    partner = world.partners[job.partner]
    return [Written(job.delivery, _encoded(mapped.document, mapping.target, job.plan, partner, world))]


def _reported(job: WriteJob, _world: World) -> Result:
    """The findings, in both languages, for people and programs."""
    report = {"file": job.plan["name"], "findings": job.plan["findings"]}
    return [Written(job.delivery, json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n")]


_WAYS: dict[str, Callable[[WriteJob, World], Result]] = {
    "mapping": _mapped,
    "relay": _relayed,
    "contrl": _acknowledged,
    "reply": _replied,
    "report": _reported,
}


def _source(job: WriteJob, world: World) -> _Source:
    """The message to carry on: still at hand, or read again from the bytes that arrived."""
    assert job.source is not None
    if job.packed:
        return _Source(*unpack(job.packed))
    reading = _again(job.source, world)
    messages = (
        _Source(message, head)
        for interchange, head in zip(reading.interchanges, heads(reading), strict=True)
        for message in interchange.messages
    )
    return next(islice(messages, job.plan["ordinal"], None))


def _again(source: ReadJob, world: World) -> Reading:
    """The transmission read again."""
    kept = _at_hand(source, world)
    if kept.reading is None:
        kept.reading = reading_of(source, world)
    return kept.reading


def _at_hand(source: ReadJob, world: World) -> AtHand:
    """The transmission, kept: the next job is mostly about another message of it."""
    kept = world.at_hand
    if source.transmission not in kept:
        kept.clear()
        kept[source.transmission] = AtHand(content(source, world))
    return kept[source.transmission]


def _encoded(document: dict[str, Any], type_: str, plan: dict[str, Any], partner: Partner, world: World) -> bytes:
    schema = world.catalog.get(type_)
    match type_.partition(":")[0]:
        case "edifact":
            envelope = Envelope(**plan["envelope"])
            style = _style(partner, world)
            return edifact.write(document, schema, envelope, message_ref="1", style=style)
        case "xsd":
            return xml.write(document, schema)
        case "csv":
            assert isinstance(schema, CsvSchema)
            return csv.write(document, schema)
        case other:
            raise ValueError(f"nothing writes {other}")


def _style(partner: Partner, world: World) -> Style:
    return Style.of(world.edifact_party(partner).style)


def _signed(job: WriteJob, partner: Partner, data: bytes, world: World) -> list[Written]:
    """``data`` signed as the lane asks: inside the XML, or as a second file beside it."""
    kind = SignatureKind(job.plan["sign"])
    if kind is SignatureKind.NONE:
        return [Written(job.delivery, data)]
    # What is signed within was written by our own writer, in canonical form.
    signed = schemes.sign(kind, data, world.signers[partner.signature.key], canonical=True)
    document = Written(job.delivery, signed.data)
    return [document] if signed.companion is None else [document, Written(job.plan["signature"], signed.companion)]
