"""What the reader must know of an implementation guideline. ``hub.guides`` makes these from files."""

from collections.abc import Callable
from typing import Any

from hub.formats.edifact.locator import WHOLE, Part
from hub.formats.edifact.steps import MessageTable
from hub.model.finding import Severity, Words
from hub.model.message import Document

Values = dict[str, Any]


class Fault:
    """One departure from a guideline: ``code`` and its ``words``, about ``part`` of ``segment`` (its values in the
    Document).

    ``path`` is that of what is missing; empty when it is the path of the part itself.
    """

    __slots__ = ("code", "params", "part", "path", "segment", "severity", "words")

    def __init__(
        self,
        code: str,
        words: Words,
        severity: Severity,
        segment: Values,
        part: Part = WHOLE,
        path: str = "",
        params: dict[str, str] | None = None,
    ) -> None:
        self.code = code
        self.words = words
        self.severity = severity
        self.segment = segment
        self.part = part
        self.path = path
        self.params = params or {}


class Names:
    """What UNH says about whose guideline a message follows: 0057, 0051, S016/0115, S017/0121; empty where it does
    not."""

    __slots__ = ("agency", "association", "guideline", "subset")

    def __init__(self, association: str = "", agency: str = "", subset: str = "", guideline: str = "") -> None:
        self.association = association
        self.agency = agency
        self.subset = subset
        self.guideline = guideline

    @property
    def plain(self) -> bool:
        """Whether UNH names nobody but the United Nations."""
        return not (self.association or self.subset or self.guideline) and self.agency in ("", "UN")


class Guide:
    """A guideline, compiled for one message type.

    ``table`` is the message as the guideline widens it; ``faults`` finds what a Document of it does against the
    guideline's rules; ``settle`` gives that Document the shape that the message type has without the guideline.
    ``closed``: a code that is in no list is an error, whatever UNH's association code.
    """

    __slots__ = ("closed", "faults", "id", "settle", "table")

    def __init__(
        self,
        id: str,
        table: MessageTable,
        faults: Callable[[Document], list[Fault]],
        settle: Callable[[Document], None],
        closed: bool,
    ) -> None:
        self.id = id
        self.table = table
        self.faults = faults
        self.settle = settle
        self.closed = closed


Choose = Callable[[str, Names], Guide | None]
"""From a message's schema id and names to the guideline that it is read by, if any."""
