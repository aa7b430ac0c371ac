"""Findings of X12: in the order of their places, with tags that people may see."""

from hub.formats import remarks
from hub.formats.source import Lines
from hub.model.finding import Finding


class Remarks(remarks.Remarks):
    """The findings about one transaction set, group or envelope."""

    def __init__(self, lines: Lines, limit: int) -> None:
        super().__init__(lines, limit, "x12")

    def shown(self, tag: str | None) -> str | None:
        """Three characters at most, or ``???`` for what no screen should show."""
        if tag is None:
            return None
        return tag[:3] if tag[:3].isascii() and tag[:3].isprintable() and tag[:3] else "???"

    def all(self) -> tuple[Finding, ...]:
        """The findings in the order of their places; when there were too many, the last one tells of the rest."""
        self._found.sort(key=_offset)
        return super().all()


def _offset(finding: Finding) -> int:
    return finding.place.offset or 0


def quoted(value: str) -> str:
    """A value as findings hold it: whole where an acknowledgment can quote it, on one line."""
    return "".join(char if char.isprintable() else "." for char in value[:99])
