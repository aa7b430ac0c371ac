"""A transmission as plain values, and what the plain values of one may be.

One message: ``{"type": "edifact:D.02B:PAXLST", "envelope": {"sender": "…"}, "document": {…}}``. Several, or several
envelopes: ``{"interchanges": [{"envelope": {…}, "groups": [{"ref": "1", "type": "PAXLST"}], "messages": [{"type": "…",
"group": "1", "document": {…}}]}]}``.

A message may have a ``ref`` where its Document does not say it (UNH does). The ``rest`` of an envelope or group is what
its header says beside that: ``{"S002/0008": "DESK 4"}``.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from hub.errors import WriteError
from hub.model.message import Envelope, Group, Interchange, Message

TEXTS = tuple(field.name for field in fields(Envelope) if field.default == "")
FLAGS = tuple(field.name for field in fields(Envelope) if field.default is False)
"""The keys of an envelope: those that hold texts and those that hold true or false."""

GROUP = ("ref", "type", "sender", "recipient", "version")
REST = "rest"
MESSAGE = ("type", "ref", "group", "document")
ALONE = ("type", "ref", "envelope", "document")
SEVERAL = ("envelope", "groups", "messages")

_UNH = "edifact:"  # in these types the Document itself has the reference


def plain(interchanges: Sequence[Interchange]) -> dict[str, Any]:
    """``interchanges`` as plain values. Raises WriteError for a message that could not be read."""
    if len(interchanges) == 1 and len(interchanges[0].messages) == 1 and not interchanges[0].groups:
        message = _message(interchanges[0].messages[0])
        envelope = _set(interchanges[0].envelope)
        document = message.pop("document")
        return message | ({"envelope": envelope} if envelope else {}) | {"document": document}
    return {"interchanges": [_interchange(one) for one in interchanges]}


def _interchange(interchange: Interchange) -> dict[str, Any]:
    made: dict[str, Any] = {"envelope": _set(interchange.envelope)}
    if interchange.groups:
        made["groups"] = [_group(group) for group in interchange.groups]
    return made | {"messages": [_message(message) for message in interchange.messages]}


def _group(group: Group) -> dict[str, Any]:
    return {name: getattr(group, name) for name in GROUP if getattr(group, name)} | _rest(group)


def _message(message: Message) -> dict[str, Any]:
    if message.document is None:
        raise WriteError(f"{message.type} {message.ref}: its content cannot be read; see `hub check`")
    made: dict[str, Any] = {"type": message.type}
    if message.ref and not message.type.startswith(_UNH):
        made["ref"] = message.ref
    if message.group_ref:
        made["group"] = message.group_ref
    return made | {"document": message.document}


def _set(envelope: Envelope) -> dict[str, Any]:
    """What ``envelope`` says; what it leaves empty has no key."""
    return {name: getattr(envelope, name) for name in TEXTS + FLAGS if getattr(envelope, name)} | _rest(envelope)


def _rest(head: Envelope | Group) -> dict[str, Any]:
    return {REST: dict(head.rest)} if head.rest else {}
