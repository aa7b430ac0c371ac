"""Collecting the findings of a format written in segments: each with its place on the wire, no more of them than the
limit."""

from dataclasses import replace

from hub.formats.source import Lines
from hub.model.finding import Finding, Place, Severity

_NOWHERE = Place()


def differs(declared: str, counted: int) -> bool:
    """Whether a control count as written is another number than ``counted``; what is no number is judged elsewhere."""
    return declared.isascii() and declared.isdigit() and declared.lstrip("0") != str(counted).lstrip("0")


class Remarks:
    """The findings of ``family`` about one message, group or envelope."""

    __slots__ = ("_family", "_found", "_last", "_limit", "_lines", "_more", "_worst")

    def __init__(self, lines: Lines, limit: int, family: str) -> None:
        self._family = family
        self._lines = lines
        self._limit = limit
        self._found: list[Finding] = []
        self._more = 0
        self._worst = Severity.INFO
        self._last = _NOWHERE

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
        """One more finding ``<family>.<key>`` at byte ``offset`` of the transmission."""
        here, line, column = self._lines.at(offset)
        place = Place(line, column, here, segment, self.shown(tag), element, component, repetition, path)
        if len(self._found) >= self._limit:
            self._suppress(place, severity)
            return
        self._found.append(Finding(f"{self._family}.{key}", place, severity, tuple(params.items())))

    def put(self, finding: Finding, offset: int) -> None:
        """One more finding of any family, at byte ``offset``; the rest of its place is known."""
        here, line, column = self._lines.at(offset)
        place = replace(finding.place, line=line, column=column, offset=here)
        if len(self._found) >= self._limit:
            self._suppress(place, finding.severity)
        else:
            self._found.append(replace(finding, place=place))

    def shown(self, tag: str | None) -> str | None:
        """``tag`` as a finding shows it."""
        return tag

    def _suppress(self, place: Place, severity: Severity) -> None:
        if self._more == 0 or severity is Severity.ERROR:
            self._worst = severity
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
        """Drop the latest finding ``<family>.<key>`` about ``tag``, if there is one."""
        for index in range(len(self._found) - 1, -1, -1):
            if self._found[index].code == f"{self._family}.{key}" and self._found[index].place.tag == tag:
                del self._found[index]
                return

    def all(self) -> tuple[Finding, ...]:
        """The findings; when there were too many, the last one says how many are left out and how grave they are."""
        if not self._more:
            return tuple(self._found)
        rest = Finding(f"{self._family}.more-findings", self._last, self._worst, (("count", str(self._more)),))
        return (*self._found, rest)
