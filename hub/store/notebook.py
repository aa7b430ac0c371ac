"""Rows of one table as a batch knows them: loaded once, changed in memory, saved together. Changes can be taken back to
a mark, for a case that fails half way while the batch goes on."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Notebook(Generic[K, V]):
    """Rows by key. What :meth:`put` changed is told by :meth:`touched`, until :meth:`clean`. ``group`` says to which
    group a row belongs, whatever becomes of it, so that :meth:`among` finds those of one.

    >>> rows = Notebook[str, int]()
    >>> rows.learn([("a", 1)])
    >>> mark = rows.mark()
    >>> rows.put("a", 2); rows.put("b", 3)
    >>> rows.undo(mark); rows.get("a"), rows.get("b"), rows.touched()
    (1, None, [])
    """

    def __init__(self, group: Callable[[V], Hashable] = lambda row: None) -> None:
        self._rows: dict[K, V] = {}
        self._group = group
        self._groups: defaultdict[Hashable, dict[K, None]] = defaultdict(dict)  # in order; also of what was undone
        self._changes: list[tuple[K, V | None]] = []  # what was there before

    def learn(self, rows: Iterable[tuple[K, V]]) -> None:
        """What the database says. A row that the batch knows already stays as the batch has it."""
        for key, row in rows:
            self._rows.setdefault(key, row)
            self._groups[self._group(row)][key] = None

    def get(self, key: K) -> V | None:
        """The row as it is now."""
        return self._rows.get(key)

    def among(self, group: Hashable) -> list[V]:
        """The rows of a group as they are now."""
        return [self._rows[key] for key in self._groups.get(group, ()) if key in self._rows]

    def put(self, key: K, row: V) -> None:
        """Add or change a row."""
        self._changes.append((key, self._rows.get(key)))
        self._rows[key] = row
        self._groups[self._group(row)][key] = None

    def mark(self) -> int:
        """This moment, for :meth:`undo`."""
        return len(self._changes)

    def undo(self, mark: int) -> None:
        """Take back what was put since ``mark``."""
        while len(self._changes) > mark:
            key, before = self._changes.pop()
            if before is None:
                del self._rows[key]
            else:
                self._rows[key] = before

    def touched(self) -> list[V]:
        """Each row that was put, as it is now, once."""
        return [self._rows[key] for key in dict.fromkeys(key for key, _ in self._changes)]

    def clean(self) -> None:
        """They are saved."""
        self._changes.clear()
