"""The plain form → Reading: every message shaped by its Schema and checked as in its own format, every finding at the
value that it is about. Never raises, whatever the values are."""

import re
from collections.abc import Iterator
from typing import Any

from hub.errors import ConfigError, SchemaUnknown
from hub.formats.form import as_edifact
from hub.formats.form.places import MOST_FINDINGS, Fault, Locate, Path, fault, findings
from hub.formats.form.plain import ALONE, FLAGS, GROUP, MESSAGE, REST, SEVERAL, TEXTS
from hub.formats.form.shape import Shaping, kind
from hub.formats.table import of
from hub.model.finding import Place
from hub.model.message import Document, Envelope, Group, Interchange, Message, Reading, Syntax
from hub.schema.catalog import Catalog
from hub.schema.model import Schema

_MOST_MESSAGES = 10_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def read(value: Any, syntax: Syntax, size: int, catalog: Catalog, locate: Locate) -> Reading:
    """The messages in ``value``, the outermost value of a transmission of ``size`` bytes written in ``syntax``."""
    if not isinstance(value, dict) or not ("type" in value or "interchanges" in value):
        return Reading(syntax, findings=findings([fault("not-a-message", (), kind=kind(value))], locate([()])))
    form = _Form(catalog)
    if "interchanges" in value:
        found = form.several(value)
    else:
        found = [form.interchange({"messages": [value]}, (), alone=True)]
    return _placed(form.outside, found, syntax, size, locate)


class _Found:
    """An interchange whose faults have no places yet."""

    def __init__(self, envelope: Envelope, groups: tuple[Group, ...], faults: list[Fault]) -> None:
        self.envelope = envelope
        self.groups = groups
        self.faults = faults
        self.messages: list[tuple[Message, list[Fault], Path]] = []


class _Form:
    """Takes a plain form apart. ``outside`` are the faults that belong to no interchange."""

    def __init__(self, catalog: Catalog) -> None:
        self.outside: list[Fault] = []
        self._catalog = catalog

    def several(self, value: dict[str, Any]) -> list[_Found]:
        """``{"interchanges": [...]}``."""
        self.outside += _unknown(value, ("interchanges",), ())
        held = _listed(value, "interchanges", (), self.outside)
        return [
            self.interchange(item, path)
            for at, item in enumerate(held)
            for path in [("interchanges", at)]
            if _is_table(item, path, self.outside)
        ]

    def interchange(self, value: dict[str, Any], path: Path, *, alone: bool = False) -> _Found:
        """One envelope with its messages; ``alone``: the message's own value has the envelope beside it."""
        faults: list[Fault] = [] if alone else list(_unknown(value, SEVERAL, path))
        holder = value["messages"][0] if alone else value
        envelope = _envelope(holder.get("envelope", {}), (*path, "envelope"), faults)
        groups = tuple(_groups(value, path, faults))
        found = _Found(envelope, groups, faults)
        held = _listed(value, "messages", path, faults)
        if len(held) > _MOST_MESSAGES:
            faults.append(fault("too-many", (*path, "messages"), count=len(held), max=_MOST_MESSAGES, name="messages"))
        for at, item in enumerate(held[:_MOST_MESSAGES]):
            here = path if alone else (*path, "messages", at)
            if _is_table(item, here, faults):
                found.messages.append(self._message(item, here, ALONE if alone else MESSAGE))
        return found

    def _message(self, value: dict[str, Any], path: Path, known: tuple[str, ...]) -> tuple[Message, list[Fault], Path]:
        faults = list(_unknown(value, known, path))
        type_, ref, group = (_text(value, name, path, faults) for name in ("type", "ref", "group"))
        schema = self._schema(type_, path, faults)
        document = None
        if schema is not None and "document" in value:
            document = self._document(value["document"], schema, ref, (*path, "document"), faults)
        elif schema is not None:
            faults.append(fault("missing", (*path, "document"), name="document"))
        named = Message(type_ or "unknown", ref, document, group_ref=group)
        if document is not None and schema is not None and type_.startswith("edifact:"):
            named = as_edifact.named(named, document, schema)
        return named, faults, path

    def _schema(self, type_: str, path: Path, faults: list[Fault]) -> Schema | None:
        try:
            return self._catalog.get(type_)
        except SchemaUnknown as error:
            faults.append(fault("unknown-type", (*path, "type"), type=type_, reason=str(error)))
        except ConfigError as error:
            faults.append(fault("unknown-type", (*path, "type"), type=type_, reason=error.problems[0]))
        return None

    def _document(self, value: Any, schema: Schema, ref: str, path: Path, faults: list[Fault]) -> Document | None:
        """The Document, shaped and checked."""
        format = of(schema.id)
        shaping = Shaping(re.compile(format.barred))
        document = shaping.document(value, schema, path)
        faults += shaping.faults
        if document is None:
            return None
        document = format.headed(document, schema, ref)
        faults += _beyond(shaping.faults, format.check(document, schema, self._catalog, path))
        return document


def _beyond(told: list[Fault], further: list[Fault]) -> Iterator[Fault]:
    """``further`` without what is about values that were told of already, or follows from that."""
    paths = {one.path for one in told}
    for one in further:
        follows = one.code == "form.read-otherwise" or any(one.path[:at] in paths for at in range(len(one.path) + 1))
        if not paths or not follows:
            yield one


def _envelope(value: Any, path: Path, faults: list[Fault]) -> Envelope:
    if not _is_table(value, path, faults):
        return Envelope()
    faults += _unknown(value, (*TEXTS, *FLAGS, REST), path)
    said: dict[str, Any] = {name: _text(value, name, path, faults) for name in TEXTS}
    for name in FLAGS:
        flag = value.get(name, False)
        if not isinstance(flag, bool):
            faults.append(fault("flag", (*path, name), kind=kind(flag), name=name))
        said[name] = flag is True
    return Envelope(**said, rest=_rest(value, path, faults))


def _groups(value: dict[str, Any], path: Path, faults: list[Fault]) -> Iterator[Group]:
    for at, item in enumerate(_listed(value, "groups", path, faults, needed=False)):
        here = (*path, "groups", at)
        if _is_table(item, here, faults):
            faults += _unknown(item, (*GROUP, REST), here)
            said: dict[str, Any] = {name: _text(item, name, here, faults) for name in GROUP}
            yield Group(**said, rest=_rest(item, here, faults))


def _rest(holder: dict[str, Any], path: Path, faults: list[Fault]) -> tuple[tuple[str, str], ...]:
    value = holder.get(REST, {})
    here = (*path, REST)
    if not _is_table(value, here, faults):
        return ()
    return tuple((key, _text(value, key, here, faults)) for key in value)


def _listed(holder: dict[str, Any], name: str, path: Path, faults: list[Fault], needed: bool = True) -> list[Any]:
    value = holder.get(name, None if needed else [])
    if isinstance(value, list):
        if not value and needed:
            faults.append(fault("empty-list", (*path, name)))
        return value
    key = "missing" if value is None else "list"
    faults.append(fault(key, (*path, name), name=name, kind=kind(value)))
    return []


def _is_table(value: Any, path: Path, faults: list[Fault]) -> bool:
    if not isinstance(value, dict):
        faults.append(fault("table", path, kind=kind(value)))
    return isinstance(value, dict)


def _text(holder: dict[str, Any], name: str, path: Path, faults: list[Fault]) -> str:
    value = holder.get(name, "")
    if type(value) is not str:
        faults.append(fault("text", (*path, name), kind=kind(value), name=name))
        return ""
    if _CONTROLS.search(value):
        faults.append(fault("character", (*path, name), character="U+0000 … U+001F", name=name))
    return _CONTROLS.sub(" ", value)


def _unknown(value: dict[str, Any], known: tuple[str, ...], path: Path) -> Iterator[Fault]:
    for key in value:
        if key not in known:
            yield fault("unknown-key", (*path, key), name=key, holder=path[-1] if path else "", names=", ".join(known))


def _placed(outside: list[Fault], found: list[_Found], syntax: Syntax, size: int, locate: Locate) -> Reading:
    """Everything with its place; nothing is looked for in the file when there is nothing to tell."""
    told = [outside, *(each.faults for each in found), *(about for each in found for _, about, _ in each.messages)]
    many = sum(len(each.messages) for each in found) > 1
    starts = [path for each in found for _, _, path in each.messages] if many else []
    wanted = [*(one.path for faults in told for one in faults[:MOST_FINDINGS]), *starts]
    places = locate(wanted) if wanted else {}
    return Reading(
        syntax,
        tuple(_interchange(each, syntax, size, places) for each in found),
        findings(outside, places),
    )


def _interchange(found: _Found, syntax: Syntax, size: int, places: Any) -> Interchange:
    messages = []
    begins = [places.get(path, Place()).offset or 0 for _, _, path in found.messages]
    ends = [*begins[1:], size] if begins else []
    for (message, faults, _), start, end in zip(found.messages, begins, ends, strict=True):
        messages.append(
            Message(
                message.type,
                message.ref,
                message.document,
                findings(faults, places),
                start,
                end,
                message.group_ref,
                message.association,
                agency=message.agency,
            )  # fmt: skip
        )
    return Interchange(syntax, found.envelope, tuple(messages), found.groups, findings(found.faults, places))
