"""A finding: one located remark about a message, with its rule, severity, standard code and zh/en text.

The texts live beside this module in ``texts/<family>.toml``; a finding's code is ``<family>.<key>``. A text may name
the finding's parameters and place in braces: ``"element {element} is longer than {max}"``. What a guideline finds has a
code of the guideline's own, ``guide.<guideline>.<key>``, and brings its words along.
"""

import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


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
    Document (``SG4/NAD/C080/3036``), the XPath, or the cell (``Sheet1!C7``).
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

    def given(self) -> dict[str, Any]:
        """What applies, by name."""
        return {name: value for name in _PLACE if (value := getattr(self, name)) is not None}


_PLACE = tuple(field.name for field in fields(Place))


class Words(NamedTuple):
    """What a finding says whose code is in no file of texts: what is wrong, what to do, and the code for a CONTRL."""

    zh: str
    en: str
    mend_zh: str
    mend_en: str
    contrl: str = ""

    def entry(self) -> dict[str, Any]:
        """The words as a file of texts has them."""
        words = {"zh": self.zh, "en": self.en, "mend": {"zh": self.mend_zh, "en": self.mend_en}}
        return words | ({"contrl": self.contrl} if self.contrl else {})


@dataclass(frozen=True, slots=True)
class Finding:
    """One located remark. ``params`` fill the braces of the text and are shown as data; they are never secrets.

    ``words`` are the texts of a code that is in no file of texts.
    """

    code: str
    place: Place = Place()
    severity: Severity = Severity.ERROR
    params: tuple[tuple[str, str], ...] = ()
    words: Words | None = None

    def text(self, language: Language) -> str:
        """What is wrong, in ``language``."""
        return self._fill(self._entry()[language], self._shown())

    def mend(self, language: Language) -> str:
        """What the sender should do, in ``language``."""
        return self._fill(self._entry()["mend"][language], self._shown())

    def standard(self, family: str) -> str | None:
        """A standard's code that stands for this finding, e.g. ``standard("contrl")`` → ``"13"`` (ISO 9735, 0085)."""
        code = self._entry().get(family)
        return None if code is None else str(code)

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values, texts included; unset parts of the place are left out."""
        entry, shown = self._entry(), self._shown()
        plain = {
            "code": self.code,
            "severity": self.severity.value,
            "place": self.place.given(),
            "params": dict(self.params),
            "zh": self._fill(entry["zh"], shown),
            "en": self._fill(entry["en"], shown),
            "mend": {"zh": self._fill(entry["mend"]["zh"], shown), "en": self._fill(entry["mend"]["en"], shown)},
        }
        return plain if self.words is None else plain | {"own": True, "contrl": self.words.contrl}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Finding":
        """The inverse of :meth:`as_json` (texts are looked up anew; a guideline's own are kept as they were told)."""
        params = tuple((str(key), str(value)) for key, value in data["params"].items())
        words = _told(data) if data.get("own") else None
        return cls(data["code"], Place(**data["place"]), Severity(data["severity"]), params, words)

    def _entry(self) -> dict[str, Any]:
        return _entry(self.code) if self.words is None else self.words.entry()

    def _shown(self) -> "_Shown":
        """What the braces of a text may name."""
        return _Shown(self.place.given() | dict(self.params))

    @staticmethod
    def _fill(template: str, shown: "_Shown") -> str:
        return template.format_map(shown) if "{" in template else template


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


@cache
def _family(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("texts", f"{name}.toml").read_text("utf-8"))


def _told(data: dict[str, Any]) -> Words:
    """The words of a finding as JSON; their braces are filled already."""
    texts = (data["zh"], data["en"], data["mend"]["zh"], data["mend"]["en"])
    zh, en, mend_zh, mend_en = (text.replace("{", "{{").replace("}", "}}") for text in texts)
    return Words(zh, en, mend_zh, mend_en, data["contrl"])


def words_of(code: str) -> Words:
    """The texts of ``code`` as words, for findings that have another code."""
    entry = _entry(code)
    return Words(entry["zh"], entry["en"], entry["mend"]["zh"], entry["mend"]["en"], str(entry.get("contrl", "")))


def _entry(code: str) -> dict[str, Any]:
    family, _, key = code.partition(".")
    entry: dict[str, Any] = _family(family)[key]
    return entry


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """The gravest severity among ``findings``, or None when there are none."""
    if not findings:  # most have none
        return None
    present = {finding.severity for finding in findings}
    return next((severity for severity in Severity if severity in present), None)
