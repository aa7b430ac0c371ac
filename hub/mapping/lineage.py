"""Where each value of a mapped document comes from: what was read, what was done to it, which row says so.

Nothing is interpreted a second time. The mapping is compiled once more with each value's story travelling along: the
leaves of the source are texts that know their place (:class:`Told`), every function hands the story on, and what stands
in the target at the end tells it. A mapping that is not asked to explain itself is compiled without any of this.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from hub.mapping.rows import Fact
from hub.mapping.run import Context, Run
from hub.model.message import Document
from hub.schema.model import Node

_ORDINAL = re.compile(r"\[\d+\]")


class Origin(StrEnum):
    """What a value of the target is."""

    SOURCE = "source"  # read from the message
    CONTEXT = "context"  # what the hub knows beside the message, or the ordinal of a loop
    CONST = "const"  # the row says it
    DEFAULT = "default"  # the row says it, for want of a value or of a code
    MARK = "mark"  # the filter of the row's target says it


class Seen(NamedTuple):
    """One value that was read: where it stood, with the ordinals of what repeats, and as it stood there."""

    path: str
    value: str


class Step(NamedTuple):
    """One function (``decimal(3)``) or code table (``table sex``) on the way, with what went in and came out."""

    name: str
    before: tuple[str, ...]
    after: str


class Story(NamedTuple):
    """What is known of a value on its way: what was read for it, what was done to it, and whose row wrote it."""

    seen: tuple[Seen, ...] = ()
    steps: tuple[Step, ...] = ()
    origin: Origin = Origin.SOURCE
    fact: Fact | None = None


class Told(str):
    """A text that knows its story; in all else the text itself."""

    story: Story

    def __new__(cls, text: str, story: Story) -> "Told":
        told = super().__new__(cls, text)
        told.story = story
        return told


class ToldNumber(int):
    """The same for a time of the context, in microseconds."""

    story: Story

    def __new__(cls, number: int, story: Story) -> "ToldNumber":
        told = super().__new__(cls, number)
        told.story = story
        return told


@dataclass(frozen=True, slots=True)
class Lineage:
    """The story of one field of the target.

    ``target`` is its path with the ordinals of what repeats. ``steps`` are the functions and tables in order; of those
    ``table`` and ``code`` repeat the last table's name and the row of it that was used. ``line`` is the row of ``file``
    that wrote the field; ``mapping``, ``version`` and ``digest`` (SHA-256) name the mapping exactly.
    """

    target: str
    value: str
    origin: Origin
    seen: tuple[Seen, ...]
    steps: tuple[Step, ...]
    table: str
    code: str
    when: str
    note: str
    line: int
    file: str
    mapping: str
    version: str
    digest: str

    def below(self, path: str) -> bool:
        """Whether the field is ``path`` or below it; ordinals that ``path`` leaves out are any."""
        exact = self.target if "[" in path else plain(self.target)
        return f"{exact}/".startswith(f"{path.strip('/')}/")

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "target": self.target,
            "value": self.value,
            "origin": self.origin.value,
            "read": [one._asdict() for one in self.seen],
            "steps": [{"name": step.name, "before": list(step.before), "after": step.after} for step in self.steps],
            "table": self.table,
            "code": self.code,
            "when": self.when,
            "note": self.note,
            "row": f"{self.file}:{self.line}",
            "mapping": self.mapping,
            "version": self.version,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Naming:
    """What names a mapping in the lineage of what it wrote."""

    file: str
    mapping: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Explainer:
    """A mapping compiled for its stories: ``program`` leaves texts that are Told in the document that it makes."""

    program: Callable[[Document, Run], Document] = field(repr=False)
    source: Node
    target: Node

    def of(self, document: Document, context: Context, naming: Naming, budget: int) -> tuple[Lineage, ...]:
        """The lineage of every field that the mapping writes from ``document``, in the target's order."""
        made = self.program(told(document, self.source), Run(context, budget))
        return tuple(_lineage(path, text, naming) for path, text in leaves(made, self.target))


def plain(path: str) -> str:
    """A path without ordinals, and without the name of an element's own text."""
    return _ORDINAL.sub("", path).removesuffix("/#text")


def told(document: Any, node: Node, path: str = "") -> Any:
    """``document`` with every leaf Told of its place; what ``node`` does not know is left out."""
    if not node.children:
        return Told(document, Story((Seen(path, document),)))
    made: dict[str, Any] = {}
    for child in node.children:
        below = document.get(child.key)
        if below is None:
            continue
        at = _step(path, child.key)
        if isinstance(below, list):
            made[child.key] = [told(item, child, f"{at}[{number}]") for number, item in enumerate(below, 1)]
        else:
            made[child.key] = told(below, child, at)
    return made


def leaves(item: Any, node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    """The places (with ordinals) and texts of a document, in the order of its schema's tree."""
    if not node.children:
        if item:
            yield path, item
        return
    for child in node.children:
        below = item.get(child.key)
        at = _step(path, child.key)
        if isinstance(below, list):
            for number, one in enumerate(below, 1):
                yield from leaves(one, child, f"{at}[{number}]")
        elif below is not None:
            yield from leaves(below, child, at)


def _step(path: str, key: str) -> str:
    """An element's own text needs no name."""
    return path if key == "#text" else f"{path}/{key}" if path else key


def _lineage(path: str, text: str, naming: Naming) -> Lineage:
    story = text.story if isinstance(text, Told) else Story()
    fact = story.fact or Fact(0, path, ())
    table, code = next(
        ((step.name[6:], step.before[0]) for step in reversed(story.steps) if step.name.startswith("table ")), ("", "")
    )
    return Lineage(
        target=path,
        value=str(text),
        origin=story.origin,
        seen=story.seen,
        steps=story.steps,
        table=table,
        code=code,
        when=fact.when,
        note=fact.note,
        line=fact.line,
        file=naming.file,
        mapping=naming.mapping,
        version=naming.version,
        digest=naming.digest,
    )
