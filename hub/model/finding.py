"""A finding: one located remark about a message, with its rule, severity, standard code and zh/en text.

The texts live beside this module in ``texts/<family>.toml``; a finding's code is ``<family>.<key>``. A text may name
the finding's parameters and place in braces: ``"element {element} is longer than {max}"``.
"""

import tomllib
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # the message cannot be accepted
    WARNING = "warning"  # accepted, but the sender should mend it
    INFO = "info"  # worth knowing


class Language(StrEnum):
    """The languages in which the hub speaks."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is. What does not apply stays None; every finding about a document has at least one.

    ``line`` and ``column`` are 1-based lines of the transmission; ``offset`` is a 0-based byte offset in it;
    ``segment`` is the 1-based position in its message (UNH = 1; 0 for a service segment outside a message);
    ``element``, ``component`` and ``repetition`` are 1-based positions in the segment; ``path`` is the path in the
    Document (``SG4/NAD/C080/3036``) or the XPath.
    """

    line: int | None = None
    column: int | None = None
    offset: int | None = None
    segment: int | None = None
    tag: str | None = None
    element: int | None = None
    component: int | None = None
    repetition: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One located remark. ``params`` fill the braces of the text and are shown as data; they are never secrets."""

    code: str
    place: Place = Place()
    severity: Severity = Severity.ERROR
    params: tuple[tuple[str, str], ...] = ()

    def text(self, language: Language) -> str:
        """What is wrong, in ``language``."""
        return self._fill(_entry(self.code)[language])

    def mend(self, language: Language) -> str:
        """What the sender should do, in ``language``."""
        return self._fill(_entry(self.code)["mend"][language])

    def standard(self, family: str) -> str | None:
        """A standard's code that stands for this finding, e.g. ``standard("contrl")`` → ``"13"`` (ISO 9735, 0085)."""
        code = _entry(self.code).get(family)
        return None if code is None else str(code)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values, texts included; unset parts of the place are left out."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "place": {key: value for key, value in asdict(self.place).items() if value is not None},
            "params": dict(self.params),
            "zh": self.text(Language.ZH),
            "en": self.text(Language.EN),
            "mend": {"zh": self.mend(Language.ZH), "en": self.mend(Language.EN)},
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Finding":
        """The inverse of :meth:`as_json` (texts are looked up anew)."""
        params = tuple((str(key), str(value)) for key, value in data["params"].items())
        return cls(data["code"], Place(**data["place"]), Severity(data["severity"]), params)

    def _fill(self, template: str) -> str:
        values = {key: value for key, value in asdict(self.place).items() if value is not None}
        return template.format_map(_Shown(values | dict(self.params)))


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


@cache
def _family(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("texts", f"{name}.toml").read_text("utf-8"))


def _entry(code: str) -> dict[str, Any]:
    family, _, key = code.partition(".")
    entry: dict[str, Any] = _family(family)[key]
    return entry


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """The gravest severity among ``findings``, or None when there are none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in Severity if severity in present), None)
