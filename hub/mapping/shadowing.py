"""Two versions of a mapping on the same messages: which fields come out otherwise, how, and how often."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.mapping.apply import Context, Mapped, Mapping
from hub.mapping.lineage import leaves, plain
from hub.model.finding import Severity
from hub.model.message import Document
from hub.schema.model import Node

WHOLE = "(message)"
_EXAMPLES = 3  # of each field


@dataclass(frozen=True, slots=True)
class Instance:
    """One difference in one message: where, and the value before and after (empty: none)."""

    message: str
    path: str
    before: str
    after: str


@dataclass(slots=True)
class Field:
    """How often a field came out otherwise, and the first instances."""

    count: int = 0
    examples: list[Instance] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """What two versions make of the same messages. ``fields``: path without ordinals → its differences; findings stand
    under ``(finding) <code>``."""

    mapping: str
    before: str  # digest
    after: str
    messages: int = 0
    differing: int = 0  # messages
    fields: dict[str, Field] = field(default_factory=dict)

    def note(self, instances: list[Instance]) -> None:
        """Count one message and its differences."""
        self.messages += 1
        self.differing += bool(instances)
        for one in instances:
            held = self.fields.setdefault(plain(one.path), Field())
            held.count += 1
            held.examples += [one] if len(held.examples) < _EXAMPLES else []

    def unexpected(self, expected: list[str]) -> list[str]:
        """The fields that differ and are neither among ``expected`` nor below one of them."""
        return [path for path in self.fields if not any(_below(path, one) for one in expected)]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "mapping": self.mapping,
            "before": self.before,
            "after": self.after,
            "messages": self.messages,
            "differing": self.differing,
            "fields": {
                path: {
                    "count": one.count,
                    "examples": [
                        {"message": e.message, "path": e.path, "before": e.before, "after": e.after}
                        for e in one.examples
                    ],
                }
                for path, one in sorted(self.fields.items())
            },
        }


def differences(
    name: str, present: Mapping, new: Mapping, given: tuple[Document, Context, str], target: Node
) -> list[Instance]:
    """What ``new`` makes otherwise than ``present`` of one message, which ``name`` names."""
    document, context, type_ = given
    if type_ and type_ not in new.sources:
        return [Instance(name, WHOLE, f"read as {type_}", "not read")]
    if new.target != present.target:
        return [Instance(name, WHOLE, present.target, new.target)]
    old, made = present.apply(document, context, type_), new.apply(document, context, type_)
    return [*_fields(name, old, made, target), *_findings(name, old, made)]


def _fields(name: str, old: Mapped, new: Mapped, target: Node) -> Iterator[Instance]:
    before, after = (dict(leaves(one.document, target)) for one in (old, new))
    for path in dict.fromkeys([*before, *after]):
        if before.get(path) != after.get(path):
            yield Instance(name, path, before.get(path, ""), after.get(path, ""))


def _findings(name: str, old: Mapped, new: Mapped) -> Iterator[Instance]:
    before, after = (
        {(one.code, one.place.path or ""): one.severity for one in mapped.findings} for mapped in (old, new)
    )
    for code, path in dict.fromkeys([*before, *after]):
        told = [severities.get((code, path)) for severities in (before, after)]
        if told[0] is not told[1]:
            yield Instance(name, f"(finding) {code}", *(_said(severity, path) for severity in told))


def _said(severity: Severity | None, path: str) -> str:
    return f"{severity.value} at {path or 'the message'}" if severity else ""


def _below(path: str, expected: str) -> bool:
    return f"{path}/".startswith(f"{plain(expected).strip('/')}/")
