"""WRITE: plan → frozen bytes. Pure: message and plan go in, bytes come out; nothing is kept but what is sealed."""

import hashlib
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from hub.engine.acknowledging import KINDS, acknowledgement
from hub.engine.outgoing import envelope, lane_context, reply_context
from hub.engine.read import Head, bare, content, heads, reading_of, unpack
from hub.engine.values import ReadJob, Unwritable, WriteJob, Written
from hub.engine.world import AtHand, World
from hub.errors import Unsayable, WriteError
from hub.formats.csv import writer as csv
from hub.formats.edifact import writer as edifact
from hub.formats.edifact.style import Style
from hub.formats.x12 import writer as x12
from hub.formats.x12.style import Style as X12Style
from hub.formats.xml import writer as xml
from hub.mapping.apply import Context, Mapping, incomplete
from hub.model.finding import Finding, Place, Severity
from hub.model.message import Document, Envelope, Interchange, Message, Reading, Syntax
from hub.model.partner import SignatureKind
from hub.schema.csv import CsvSchema
from hub.security import schemes


@dataclass(frozen=True, slots=True)
class Composed:
    """What a delivery says, not yet signed."""

    job: WriteJob
    data: bytes
    sign: SignatureKind = SignatureKind.NONE
    mapping: str = ""  # the digest of the mapping that made it


Result = Composed | Unwritable


@dataclass(frozen=True, slots=True)
class Given:
    """What a mapping is applied to; ``type`` is empty where it reads only one."""

    document: Document
    context: Context
    type: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """The trader's message, and where the head of its interchange lies."""

    message: Message
    head: Head


def write(job: WriteJob, world: World) -> list[Written] | Unwritable:
    """The bytes of a planned delivery (two, when it has a detached signature), or why it cannot be written."""
    return sign(compose(job, world), world)


def compose(job: WriteJob, world: World) -> Result:
    """The first half of :func:`write`: all but the signature."""
    return _WAYS[job.plan["do"]](job, world)


def sign(composed: Result, world: World) -> list[Written] | Unwritable:
    """The second half: signed as the lane asks, inside the XML or as a second file beside it."""
    if isinstance(composed, Unwritable):
        return composed
    job, data = composed.job, composed.data
    if composed.sign is SignatureKind.NONE:
        return [_written(job.delivery, data, composed.mapping)]
    # What is signed within was written by our own writer, in canonical form.
    signer = world.signers[world.partners[job.partner].signature.key]
    signed = schemes.sign(composed.sign, data, signer, canonical=True)
    document = _written(job.delivery, signed.data, composed.mapping)
    return [document] if signed.companion is None else [document, _written(job.plan["signature"], signed.companion)]


def _written(delivery: str, data: bytes, mapping: str = "") -> Written:
    return Written(delivery, data, hashlib.sha256(data).hexdigest(), mapping)


def given(job: WriteJob, world: World) -> Given:
    """What the mapping of a delivery is applied to: the trader's message, or for an answer the state of its case."""
    plan, partner = job.plan, world.partners[job.partner]
    if plan["do"] == "reply":
        return Given(plan["status"], reply_context(job.delivery, plan, partner, world))
    message = _source(job, world).message
    if message.document is None:
        raise ValueError(f"{job.delivery}: the message that it carries on cannot be read any more")
    return Given(message.document, lane_context(job.delivery, plan, partner, world), message.type)


def _mapped(job: WriteJob, world: World) -> Result:
    """Map the message to the agency's format, or the answer to the trader's."""
    return mapped(job, world.mappings.get(job.plan["mapping"]), given(job, world), world)


def mapped(job: WriteJob, mapping: Mapping, source: Given, world: World) -> Result:
    """What ``mapping`` makes of ``source``, in its format; or why there is nothing to send."""
    made = mapping.apply(source.document, source.context, source.type)
    errors = tuple(finding for finding in made.findings if finding.severity is Severity.ERROR)
    if errors:
        return Unwritable(job.delivery, errors)
    try:
        data = _encoded(made.document, mapping.target, job, world)
    except Unsayable as error:
        params = (("target", error.path), ("value", error.value))
        return Unwritable(job.delivery, (Finding("mapping.unsayable", Place(path=error.path), params=params),))
    except WriteError as error:
        return Unwritable(job.delivery, (incomplete(error),))
    return Composed(job, data, SignatureKind(job.plan.get("sign", SignatureKind.NONE)), mapping.digest)


def _copied(job: WriteJob, world: World) -> Result:
    """The trader's own document, written anew."""
    message = _source(job, world).message
    assert message.document is not None
    return Composed(job, _encoded(message.document, message.type, job, world), SignatureKind(job.plan["sign"]))


def _relayed(job: WriteJob, world: World) -> Result:
    """The trader's own segments, byte for byte, under the hub's envelope."""
    assert job.source is not None
    source = _source(job, world)
    message, (begin, end) = source.message, source.head
    data = _at_hand(job.source, world).data
    lone = data[begin:end] + data[message.start : message.end]  # no scan of thousands of others for each of thousands
    placed = replace(message, start=end - begin, end=len(lone))
    return Composed(job, edifact.rewrap(lone, placed, _envelope(job, world)), SignatureKind(job.plan["sign"]))


def _interchange(job: WriteJob, world: World) -> Interchange:
    """The interchange to acknowledge: still at hand, or read again."""
    if job.packed:
        interchange: Interchange = pickle.loads(job.packed)
        return interchange
    assert job.source is not None
    return bare(_again(job.source, world).interchanges[job.plan["interchange"]])


def _acknowledged(job: WriteJob, world: World) -> Result:
    """CONTRL, TA1, 997 or 999 for one interchange of the transmission."""
    plan = job.plan
    addressed = (world.partners[job.partner], plan["number"], plan["at"])
    refused = {int(number): _findings(found) for number, found in plan["messages"].items()}
    extra = _findings(plan["findings"])
    return Composed(job, acknowledgement(_interchange(job, world), plan["do"], addressed, world, extra, refused))


def _findings(plain: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding.from_json(finding) for finding in plain)


def _reported(job: WriteJob, _world: World) -> Result:
    """The findings, in both languages, for people and programs."""
    report = {"file": job.plan["name"], "findings": job.plan["findings"]}
    return Composed(job, json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n")


_WAYS: dict[str, Callable[[WriteJob, World], Result]] = {
    "mapping": _mapped,
    "relay": _relayed,
    "copy": _copied,
    **dict.fromkeys(KINDS, _acknowledged),
    "reply": _mapped,
    "report": _reported,
}


def _source(job: WriteJob, world: World) -> _Source:
    """The message to carry on: still at hand, or read again from the bytes that arrived."""
    if job.packed:
        return _Source(*unpack(job.packed))
    if job.document:
        return _Source(Message(job.plan["type"], "", json.loads(job.document)), (0, 0))
    assert job.source is not None
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


def _encoded(document: dict[str, Any], type_: str, job: WriteJob, world: World) -> bytes:
    schema = world.catalog.get(type_)
    match type_.partition(":")[0]:
        case "edifact":
            style = Style.of(world.edifact_party(world.partners[job.partner]).style)
            return edifact.write(document, schema, _envelope(job, world), message_ref="1", style=style)
        case "x12":
            look = X12Style.of(world.x12_party(world.partners[job.partner]).style)
            return x12.write(document, schema, _envelope(job, world, Syntax.X12), message_ref="", style=look)
        case "xsd":
            return xml.write(document, schema)
        case "csv":
            assert isinstance(schema, CsvSchema)
            return csv.write(document, schema)
        case other:
            raise ValueError(f"nothing writes {other}")


def _envelope(job: WriteJob, world: World, syntax: Syntax = Syntax.EDIFACT) -> Envelope:
    """The envelope of a message (not of an acknowledgement: that asks for none)."""
    partner = world.partners[job.partner]
    own = envelope(partner, job.plan["number"], job.plan["at"], world, syntax)
    wanted = syntax is Syntax.EDIFACT and world.edifact_party(partner).style.acknowledge
    return replace(own, acknowledge=True) if wanted else own
