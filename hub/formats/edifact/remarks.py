"""Collecting findings: each with its place on the wire, no more of them than the limit."""

from hub.formats.edifact.source import Lines
from hub.model.finding import Finding, Place, Severity


def differs(declared: str, counted: int) -> bool:
    """Whether a control count as written is another number than ``counted``; what is no number is judged elsewhere."""
    return declared.isascii() and declared.isdigit() and declared.lstrip("0") != str(counted).lstrip("0")


class Remarks:
    """The findings about one message, group or envelope."""

    __slots__ = ("_lines", "_limit", "_found", "_more", "_worst", "_last")

    def __init__(self, lines: Lines, limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._found: list[Finding] = []
        self._more = 0
        self._worst = Severity.INFO
        self._last = Place()

    def add(
        self,
        key: str,
        severity: Severity,
        offset: int,
        *,
        segment: int | None = None,
        tag: str | None = None,
        element: int | None = None,
        component: int | None = None,
        repetition: int | None = None,
        path: str | None = None,
        **params: str,
    ) -> None:
        """One more finding ``edifact.<key>`` at byte ``offset`` of the transmission."""
        here, line, column = self._lines.at(offset)
        place = Place(line, column, here, segment, tag, element, component, repetition, path)
        if len(self._found) >= self._limit:
            self._suppress(place, severity)
            return
        self._found.append(Finding(f"edifact.{key}", place, severity, tuple(params.items())))

    def _suppress(self, place: Place, severity: Severity) -> None:
        if self._more == 0 or severity is Severity.ERROR:
            self._worst = severity if self._more == 0 or severity is Severity.ERROR else self._worst
        self._more += 1
        self._last = place

    def mark(self) -> int:
        """Where the list of findings ends now; for :meth:`forget`."""
        return len(self._found)

    def forget(self, mark: int) -> None:
        """Drop the findings made since ``mark``."""
        if mark < self._limit:
            self._more = 0
        del self._found[mark:]

    def retract(self, key: str, tag: str) -> None:
        """Drop the latest finding ``edifact.<key>`` about ``tag``, if there is one."""
        for index in range(len(self._found) - 1, -1, -1):
            if self._found[index].code == f"edifact.{key}" and self._found[index].place.tag == tag:
                del self._found[index]
                return

    def all(self) -> tuple[Finding, ...]:
        """The findings; when there were too many, the last one says how many are left out and how grave they are."""
        if not self._more:
            return tuple(self._found)
        rest = Finding("edifact.more-findings", self._last, self._worst, (("count", str(self._more)),))
        return (*self._found, rest)


def counts(remarks: Remarks, tag: str, offset: int, declared: str, counted: int, at: int, element: str) -> None:
    """A finding when the trailer ``tag`` at ``offset`` declares, in ``element`` at position ``at``, another count."""
    if differs(declared, counted):
        remarks.add(
            f"{tag.lower()}-count", Severity.ERROR, offset, segment=0, tag=tag, element=at, path=f"{tag}/{element}",
            declared=declared, counted=str(counted),
        )  # fmt: skip


def refers(remarks: Remarks, tag: str, offset: int, declared: str, expected: str, at: int, element: str) -> None:
    """A finding when the reference that trailer ``tag`` repeats is another than its header's."""
    if declared != expected:
        remarks.add(
            f"{tag.lower()}-ref", Severity.ERROR, offset, segment=0, tag=tag, element=at, path=f"{tag}/{element}",
            declared=declared, expected=expected,
        )  # fmt: skip
