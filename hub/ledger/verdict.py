"""What a verification found: the steps it took, how much each looked at, and every contradiction with its place."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hub.model.finding import Finding, Place, Severity

MAX_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step of a verification and how many things it looked at."""

    number: int
    title: str
    checked: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """``size`` and ``root`` of the tree; the first MAX_FINDINGS findings; ``omitted`` more; ``errors`` counts all."""

    size: int
    root: bytes
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    errors: int
    omitted: int = 0

    @property
    def valid(self) -> bool:
        """Nothing contradicts anything. Warnings remain possible: read them."""
        return self.errors == 0

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain JSON values."""
        return {
            "valid": self.valid,
            "size": self.size,
            "root": self.root.hex(),
            "steps": [{"number": step.number, "title": step.title, "checked": step.checked} for step in self.steps],
            "findings": [finding.as_json() for finding in self.findings],
            "errors": self.errors,
            "omitted": self.omitted,
        }


class Minutes:
    """What a verification writes down on its way; ``titles`` are its steps, the first being number 1."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        self._titles = titles
        self._checked: Counter[int] = Counter()
        self._findings: list[Finding] = []
        self._errors = 0
        self._omitted = 0

    def checked(self, step: int, count: int = 1) -> None:
        """Step ``step`` looked at ``count`` more things."""
        self._checked[step] += count

    def error(self, code: str, path: str, **params: object) -> None:
        """A contradiction at ``path`` (``entries/17``)."""
        self._errors += 1
        self._note(code, path, Severity.ERROR, params)

    def remark(self, code: str, path: str, severity: Severity, **params: object) -> None:
        """Something worth knowing that contradicts nothing."""
        self._note(code, path, severity, params)

    def verdict(self, size: int, root: bytes) -> Verdict:
        """The end of it."""
        steps = tuple(Step(number, title, self._checked[number]) for number, title in enumerate(self._titles, 1))
        return Verdict(size, root, steps, tuple(self._findings), self._errors, self._omitted)

    def _note(self, code: str, path: str, severity: Severity, params: dict[str, object]) -> None:
        if len(self._findings) >= MAX_FINDINGS:
            self._omitted += 1
            return
        shown = tuple((name, str(value)[:200]) for name, value in params.items())
        self._findings.append(Finding(code, Place(path=path), severity, shown))
