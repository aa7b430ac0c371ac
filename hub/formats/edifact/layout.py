"""What real files do with blanks and line breaks between and inside segments: one finding for each habit."""

from dataclasses import dataclass

from hub.formats.edifact.frames import Cut
from hub.formats.remarks import Remarks
from hub.model.finding import Severity

_KEYS = {
    "segment-indented": Severity.INFO,
    "segment-broken": Severity.WARNING,
    "limit-interchange": Severity.ERROR,
    "terminator-missing": Severity.WARNING,
}


@dataclass(slots=True)
class Habit:
    """How often something was seen, and where first."""

    offset: int = 0
    tag: str = ""
    count: int = 0


class Layout:
    """The habits of one interchange, by the keys of their findings."""

    def __init__(self) -> None:
        self._habits: dict[str, Habit] = {}

    def note(self, cut: Cut, taken: int, lost: bool) -> None:
        """Look at the first ``taken`` segments of ``cut``; ``lost``: it is no whole piece of the interchange."""
        if 0 <= cut.indented < taken:
            self._seen("segment-indented", cut, cut.indented)
        for index in cut.broken:
            if index < taken:
                self._seen("segment-broken", cut, index)
        if cut.open_end and not lost and taken == len(cut.texts):
            self._seen("terminator-missing", cut, taken - 1)

    def stop(self, offset: int, limit: int) -> None:
        """No more than ``limit`` segments are read; ``offset`` is where they end."""
        self._habits["limit-interchange"] = Habit(offset, "???", limit)

    def remark(self, remarks: Remarks) -> None:
        """The findings."""
        for key, severity in _KEYS.items():
            habit = self._habits.get(key)
            if habit is not None:
                tag, number = shown(habit.tag), str(habit.count)
                remarks.add(key, severity, habit.offset, segment=0, tag=tag, path=tag, count=number, limit=number)

    def _seen(self, key: str, cut: Cut, index: int) -> None:
        habit = self._habits.get(key)
        if habit is None:
            habit = self._habits[key] = Habit(cut.offset(index), cut.texts[index][:3])
        habit.count += 1


def shown(tag: str) -> str:
    """A tag as findings name it."""
    return tag if tag.isascii() and tag.isprintable() else "???"
