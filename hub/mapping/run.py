"""What one application of a mapping carries along: the context, the budget, and the findings so far."""

from dataclasses import dataclass, field
from typing import Any

from hub.model.finding import Finding, Severity

Frame = list[Any]
"""Slot 0 the Run, slot 1 the document, then the group at each level of the current loops."""

BUDGET = 2_000_000  # groups visited, values read from outside a loop and thousands of characters made, in one message
MAX_FINDINGS = 1_000  # findings of one message; beyond them only the first error is still heard


@dataclass(frozen=True, slots=True)
class Context:
    """What the hub knows beside the document, as plain dicts of texts; times are ints (microseconds since 1970 UTC).

    ``hub``: ``now``, ``message-id`` and what else the engine hands over; ``partner``: the recipient's (for an answer,
    the trader's) fields; ``lane``: the lane's; ``case``: the case's, such as ``id`` and ``service``.
    """

    hub: dict[str, Any] = field(default_factory=dict)
    partner: dict[str, Any] = field(default_factory=dict)
    lane: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)


class BudgetSpent(Exception):
    """The mapping did more work than one message may cost; it ends in a finding."""


class Run:
    """The state of one application: never shared, never kept."""

    __slots__ = ("context", "failed", "findings", "frame", "left", "memory", "ordinals")

    def __init__(self, context: Context, budget: int = BUDGET) -> None:
        self.context = context
        self.findings: list[Finding] = []
        self.failed = False
        self.frame: Frame = []
        self.left = budget
        self.memory: dict[object, tuple[Any, list[Any]]] = {}
        self.ordinals: list[int] = []

    def spend(self, cost: int) -> None:
        """Charge ``cost`` to the budget. Raises BudgetSpent when nothing is left."""
        self.left -= cost
        if self.left < 0:
            raise BudgetSpent

    def hears(self, severity: Severity) -> bool:
        """Whether a finding of ``severity`` is still to be noted."""
        first_error = severity is Severity.ERROR and not self.failed
        self.failed |= first_error
        return first_error or len(self.findings) < MAX_FINDINGS
