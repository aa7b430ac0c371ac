"""Messages and segments in a form that two imports can be compared in, and where two of them part."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from hub.schema.model import Kind, Node


class Place(NamedTuple):
    """A segment of a message; a group is its trigger with the rest of the group inside."""

    tag: str
    mandatory: bool
    max: int | None
    inside: tuple["Place", ...] = ()

    def __str__(self) -> str:
        return f"{self.tag} {'M' if self.mandatory else 'C'}{self.max}"


class Value(NamedTuple):
    """A position of a segment or composite: an element with its representation, or a composite with its positions."""

    tag: str
    mandatory: bool
    form: str = ""  # "an..35"; a composite has none
    inside: tuple["Value", ...] = ()

    def __str__(self) -> str:
        return f"{self.tag} {'M' if self.mandatory else 'C'} {self.form}".rstrip()


def message(node: Node) -> tuple[Place, ...]:
    """The places below ``node``, a message or group, behind its first segment."""
    return tuple(map(_place, node.children[1:]))


def _place(node: Node) -> Place:
    if node.kind is Kind.GROUP:
        return Place(node.children[0].tag, node.min > 0, node.max, message(node))
    return Place(node.tag, node.min > 0, node.max)


def segment(node: Node) -> tuple[Value, ...]:
    """The positions of ``node``, a segment or composite. Repetitions with a separator are one position."""
    return tuple(_value(child, slot) for child in node.children for slot in range(child.slots))


def _value(node: Node, slot: int) -> Value:
    mandatory = node.min > slot
    if node.kind is Kind.COMPOSITE:
        return Value(node.tag, mandatory, "", segment(node))
    length = f"..{node.max_length}" if node.min_length == 0 else str(node.max_length)
    return Value(node.tag, mandatory, f"{node.type}{length}")


def parting(ours: Sequence[Place | Value], theirs: Sequence[Place | Value]) -> str:
    """Where the two part, in a line: ``NAD > RFF C5, not RFF C9``; empty when they agree.

    >>> parting((Place("BGM", True, 1), Place("DTM", True, 1)), (Place("BGM", True, 1), Place("DTM", True, 9)))
    'DTM M1, not DTM M9'
    """
    return "; ".join(_partings(ours, theirs)) if ours != theirs else ""


def _partings(ours: Sequence[Place | Value], theirs: Sequence[Place | Value]) -> Iterator[str]:
    left, right = list(map(str, ours)), list(map(str, theirs))
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what != "equal":
            yield f"{_shown(left[a:b])}, not {_shown(right[c:d])}"
            continue
        for mine, other in zip(ours[a:b], theirs[c:d], strict=True):
            for inner in _partings(mine.inside, other.inside):
                yield f"{mine.tag} > {inner}"


def _shown(places: list[str]) -> str:
    most = 3
    return " ".join(places[:most]) + (f" and {len(places) - most} more" if len(places) > most else "") or "nothing"
