"""What an agency reads in a message: its items, and the named values (facts) of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.mapping.items import Items
from hub.model.message import Document

Facts = dict[str, list[str]]
"""Name → the values found, as texts in document order; a fact without a value is absent."""
Find = Callable[[Document], list[Any]]
MAX_VALUES = 1_000


@dataclass(frozen=True, slots=True)
class View:
    """How a message of one type is read: its items, and how each fact of one is found."""

    items: Items
    facts: Mapping[str, tuple[Find, ...]]

    def read(self, whole: Document) -> Facts:
        """The facts of the item that ``whole`` holds."""
        found = {}
        for name, finds in self.facts.items():
            values = next((some for find in finds if (some := find(whole))), [])
            if values:
                found[name] = [str(value) for value in values[:MAX_VALUES]]
        return found
