"""READ for EDIFACT: bytes → Reading. Whatever the bytes are, the answer is a value; all that is wrong is a finding."""

import gc

from hub.formats.edifact.guided import Choose
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.transmission import Transmission
from hub.formats.remarks import Remarks
from hub.formats.source import Lines, Memory, Source
from hub.model.finding import Severity
from hub.model.message import Group, Interchange, Message, Reading, Syntax
from hub.schema.catalog import Catalog

LIMITS = Limits()


def read(
    data: bytes,
    catalog: Catalog,
    *,
    charset: str | None = None,
    limits: Limits = LIMITS,
    guides: Choose | None = None,
) -> Reading:
    """All interchanges of the transmission ``data``, taken apart and checked against the schemas of ``catalog``.

    ``charset`` (a Python codec name such as ``gb18030``) overrules the syntax identifier of UNB for partners who are
    known to send something else; ``guides`` chooses the guideline that a message is read by. Raises HubError when there
    is no such charset; never for what ``data`` holds.
    """
    if len(data) > limits.size:
        remarks = Remarks(Lines(Memory(data)), limits.findings, "edifact")
        remarks.add("too-large", Severity.ERROR, 0, size=str(len(data)), limit=str(limits.size))
        return Reading(Syntax.EDIFACT, (), remarks.all())
    return gather(Memory(data), catalog, charset, limits, guides)


def gather(
    source: Source, catalog: Catalog, charset: str | None, limits: Limits, guides: Choose | None = None
) -> Reading:
    """All of ``source`` in one value.

    Cyclic garbage is not looked for meanwhile: reading makes none, and looking through a Document again and again while
    it grows takes as long as reading it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _gathered(Transmission(source, catalog, charset, limits, guides))
    finally:
        if collecting:
            gc.enable()


def _gathered(transmission: Transmission) -> Reading:
    interchanges: list[Interchange] = []
    messages: list[Message] = []
    groups: list[Group] = []
    for event in transmission.events():
        if isinstance(event, Message):
            messages.append(event)
        elif isinstance(event, Group):
            groups.append(event)
        elif isinstance(event, Interchange):
            whole = Interchange(event.syntax, event.envelope, tuple(messages), tuple(groups), event.findings)
            interchanges.append(whole)
            messages, groups = [], []
    return Reading(Syntax.EDIFACT, tuple(interchanges), transmission.findings)
