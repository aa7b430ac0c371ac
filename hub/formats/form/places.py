"""Where in a plain form: paths of keys and numbers, faults at them, and their places in the file.

>>> pointer(("document", "RFF~2", 0))
'/document/RFF~02/0'
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from hub.model.finding import Finding, Place, Severity

Path = tuple[str | int, ...]
"""The keys and positions (from 0) that lead to a value from the outermost one."""

Locate = Callable[[Iterable[Path]], Mapping[Path, Place]]
"""Where the values at these paths stand in the file; a value that is not there stands where its holder does."""

MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding whose place is a path still. ``place`` is what else is known: the segment, the element."""

    code: str
    path: Path
    params: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.ERROR
    place: Place = Place()


def fault(key: str, path: Path, **params: object) -> Fault:
    """A fault ``form.<key>``; values longer than 80 characters are cut."""
    return Fault(f"form.{key}", path, tuple((name, _shown(str(value))) for name, value in params.items()))


def pointer(path: Path) -> str:
    """``path`` as a JSON pointer (RFC 6901 §3). A key that is no name is shown, not quoted to the letter."""
    return "".join(f"/{_shown(str(step)).replace('~', '~0').replace('/', '~1')}" for step in path)


def findings(faults: list[Fault], places: Mapping[Path, Place]) -> tuple[Finding, ...]:
    """``faults`` as findings at their ``places``; beyond MOST_FINDINGS, how many more there are."""
    made = tuple(_finding(one, places.get(one.path, Place())) for one in faults[:MOST_FINDINGS])
    if len(faults) <= MOST_FINDINGS:
        return made
    return (*made, Finding("form.more", Place(), Severity.INFO, (("limit", str(MOST_FINDINGS)),)))


def _finding(one: Fault, at: Place) -> Finding:
    place = replace(one.place, line=at.line, column=at.column, offset=at.offset, path=pointer(one.path) or "/")
    return Finding(one.code, place, one.severity, one.params)


def _shown(text: str) -> str:
    shown = text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
