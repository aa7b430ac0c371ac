"""What an agency remembers: each decision with all that it changed. The state is the sum of the decisions.

A decision is kept before it is answered, under the name of what was decided (``by``: the file, its bytes and the item's
ordinals). Whoever asks again after a crash gets the same decision, and nothing counts twice.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from hub.model.twin import Verdict
from hub.twins import journal

Mark = tuple[str, str]
"""A book and a key in it: ``("order", "A1/4301960A01")``."""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision. ``delay`` in microseconds; ``numbers`` that were given; ``marks`` are on the books from now on,
    ``struck`` no longer; ``moved`` are (account, amount as a decimal text); ``undoes`` names the decision whose
    amounts count no longer."""

    by: str
    verdict: Verdict
    code: str = ""
    text: str = ""
    place: str = ""
    delay: int = 0
    numbers: dict[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    struck: tuple[Mark, ...] = ()
    moved: tuple[Mark, ...] = ()
    undoes: str = ""

    @classmethod
    def parse(cls, data: dict[str, Any]) -> "Record":
        """The record that :meth:`as_json` wrote."""
        pairs = {name: tuple((one, two) for one, two in data[name]) for name in ("marks", "struck", "moved")}
        return cls(**{**data, **pairs, "verdict": Verdict(data["verdict"])})

    def as_json(self) -> dict[str, Any]:
        """Plain values for a journal."""
        return asdict(self)


class Memory:
    """The memory in ``file``; without one it lasts as long as the object."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._decided: dict[str, Record] = {}
        self._books: dict[Mark, str] = {}
        self._accounts: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._unsaved: list[Record] = []
        for entry in journal.entries(file) if file else ():
            self._apply(Record.parse(entry))

    def decided(self, by: str) -> Record | None:
        """What was decided about ``by`` before."""
        return self._decided.get(by)

    def holder(self, mark: Mark) -> Record | None:
        """The decision that put ``mark`` on the books; None when it is not there."""
        by = self._books.get(mark)
        return self._decided[by] if by is not None else None

    def balance(self, account: str) -> Decimal:
        """What ``account`` holds."""
        return self._accounts[account]

    @property
    def count(self) -> int:
        """How many decisions there were; the next is given the number after it."""
        return len(self._decided)

    def note(self, record: Record) -> None:
        """Take ``record`` into account from now on; it is safe after :meth:`save`."""
        self._apply(record)
        self._unsaved.append(record)

    def save(self) -> None:
        """Make all that was noted durable."""
        if self._file and self._unsaved:
            journal.append(self._file, (record.as_json() for record in self._unsaved))
        self._unsaved.clear()

    def _apply(self, record: Record) -> None:
        self._decided[record.by] = record
        for mark in record.struck:
            self._books.pop(mark, None)
        for mark in record.marks:
            self._books[mark] = record.by
        for account, amount in record.moved:
            self._accounts[account] += Decimal(amount)
        for account, amount in self._decided[record.undoes].moved if record.undoes else ():
            self._accounts[account] -= Decimal(amount)
