"""Collecting findings: each with its place on the wire, no more of them than the limit."""

from hub.formats.edifact.source import Lines
from hub.model.finding import Finding, Place, Severity


class Remarks:
    """The findings about one transaction set, group or envelope."""

    __slots__ = ("_found", "_last", "_limit", "_lines", "_more", "_worst")

    def __init__(self, lines: Lines, limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._found: list[Finding] = []
        self._more = 0
        self._worst = Severity.INFO
        self._last = Place()

    @property
    def full(self) -> bool:
        """Whether further findings are counted only."""
        return len(self._found) >= self._limit

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
        """One more finding ``x12.<key>`` at byte ``offset`` of the transmission."""
        _, line, column = self._lines.at(offset)
        place = Place(line, column, offset, segment, shown(tag), element, component, repetition, path)
        if not self.full:
            self._found.append(Finding(f"x12.{key}", place, severity, tuple(params.items())))
            return
        self._more += 1
        self._last = place
        if severity is Severity.ERROR or self._worst is not Severity.ERROR:
            self._worst = severity

    def all(self) -> tuple[Finding, ...]:
        """The findings in the order of their places; when there were too many, the last one says how many are left out
        and how grave they are."""
        self._found.sort(key=_offset)
        if not self._more:
            return tuple(self._found)
        rest = Finding("x12.more-findings", self._last, self._worst, (("count", str(self._more)),))
        return (*self._found, rest)


def _offset(finding: Finding) -> int:
    return finding.place.offset or 0


def shown(tag: str | None) -> str | None:
    """A tag as people may see it: three characters at most, or ``???`` for what no screen should show."""
    if tag is None:
        return None
    return tag[:3] if tag[:3].isascii() and tag[:3].isprintable() and tag[:3] else "???"


def quoted(value: str) -> str:
    """A value as findings hold it: whole where an acknowledgment can quote it, on one line."""
    return "".join(char if char.isprintable() else "." for char in value[:99])
