"""Dependency notes (ISO 9735-1 §11): which elements of a segment, or components of a composite, call for each other."""

from dataclasses import dataclass
from typing import Any

from hub.schema.model import Node, Rule

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """One position that a note names: its number on the wire and where its value is in the Document."""

    position: int
    key: str
    many: bool
    slot: int

    def used(self, values: Values) -> bool:
        """Whether ``values`` hold something there."""
        held = values.get(self.key)
        if held is None or not self.many:
            return held is not None
        return len(held) > self.slot and bool(held[self.slot])


@dataclass(frozen=True, slots=True)
class Note:
    """One dependency note, compiled for one node."""

    rule: Rule
    spots: tuple[Spot, ...]

    def culprit(self, values: Values) -> Spot | None:
        """The position that is used, or empty, against the note; None when the note is kept."""
        used = [spot for spot in self.spots if spot.used(values)]
        empty = [spot for spot in self.spots if spot not in used]
        first = self.spots[0]
        match self.rule:
            case Rule.ONE:
                return first if not used else _second(used)
            case Rule.ALL_OR_NONE:
                return empty[0] if used and empty else None
            case Rule.AT_LEAST_ONE:
                return None if used else first
            case Rule.AT_MOST_ONE:
                return _second(used)
            case Rule.FIRST_NEEDS_ALL:
                return empty[0] if first in used and empty else None
            case Rule.FIRST_NEEDS_ONE:
                return empty[0] if used == [first] else None
            case Rule.FIRST_ALONE:
                return _second(used) if first in used else None

    @property
    def key(self) -> str:
        """What the finding about it is called."""
        return f"depends-{self.rule.name.lower().replace('_', '-')}"

    @property
    def first(self) -> str:
        """The name of the first position."""
        return self.spots[0].key

    @property
    def others(self) -> str:
        """The names of the further ones."""
        return ", ".join(spot.key for spot in self.spots[1:])


def _second(spots: list[Spot]) -> Spot | None:
    return spots[1] if len(spots) > 1 else None


def broken(notes: tuple[Note, ...], values: Values) -> bool:
    """Whether ``values`` break one of ``notes``."""
    return any(note.culprit(values) is not None for note in notes)


def notes_of(node: Node) -> tuple[Note, ...]:
    """The notes of ``node``, a segment, composite, group or message; a note of one position says nothing."""
    if not node.depends:
        return ()
    spots: list[Spot] = []
    for child in node.children:
        for slot in range(max(child.slots, 1)):
            spots.append(Spot(len(spots) + 1, child.key, child.max != 1, slot))
    found = []
    for note in node.depends:
        named = tuple(spots[position - 1] for position in note.positions if position <= len(spots))
        if len(named) > 1 or note.rule is Rule.AT_LEAST_ONE:
            found.append(Note(note.rule, named))
    return tuple(found)
