"""The tables of a guideline's file, as pydantic reads them. What the names in them mean is checked by the compiler."""

import re
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from hub.config.located import Table

KNOWN = frozenset(
    ("line", "column", "segment", "tag", "element", "component", "repetition", "path", "value", "wanted", "count")
)
"""What a text may name in braces."""


def _text(text: str) -> str:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"braces do not match ({error}); write {{{{ for a brace") from error
    if strange := sorted(names - KNOWN):
        raise ValueError(f"{{{strange[0]}}} is not known here; a text may name {', '.join(sorted(KNOWN))}")
    return text


def _form(text: str) -> str:
    if not re.fullmatch(r"(an|a|n)(\.\.)?[1-9]\d{0,3}", text):
        raise ValueError("write a representation such as an..35, n8 or a3")
    return text


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Line = Annotated[str, Field(min_length=1, max_length=1000)]
Text = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_text)]
Code = Annotated[str, Field(min_length=1, max_length=35)]
Count = Annotated[int, Field(ge=1, le=9_999_999)]
Lines = Annotated[list[Line], BeforeValidator(_several), Field(min_length=1, max_length=100)]
Type = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,6}(\.[A-Z0-9]{1,6}:[A-Z]{6})?$")]


class Texts(Table):
    """A text in both languages, without braces."""

    zh: Line
    en: Line


class Sentences(Table):
    """A finding's text in both languages; braces name what it is about."""

    zh: Text
    en: Text


class Head(Table):
    """``[guide]``: what it is, which messages it is for, and by which names in UNH it is chosen."""

    title: Texts
    source: Line
    date: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    messages: list[Type] = Field(min_length=1, max_length=200)
    association: list[Code] = []
    agency: list[Code] = []
    subset: list[Code] = []
    guideline: list[Code] = []
    unlisted: Literal["error", "warning"] = "error"

    @field_validator("messages")
    @classmethod
    def _whole(cls, messages: list[str]) -> list[str]:
        if short := [message for message in messages if ":" not in message]:
            raise ValueError(f"no directory is named by {short[0]}; write D.02B:PAXLST, for instance")
        return messages


class Widening(Table):
    """``[[widen]]``: what the guideline allows beyond the directory, at each ``path`` or wherever ``element`` is."""

    path: Lines | None = None
    element: Annotated[list[Code], BeforeValidator(_several)] | None = None
    optional: bool = False
    repeat: Count | None = None
    keep: Line | None = None
    max_length: Count | None = None
    open: bool = False
    codes: dict[Code, Texts] = Field(default={}, max_length=5000)
    messages: Annotated[list[Type], BeforeValidator(_several)] = []

    @model_validator(mode="after")
    def _something(self) -> "Widening":
        if not (self.optional or self.repeat or self.max_length or self.codes or self.open):
            raise ValueError("it widens nothing; write optional, repeat, max-length, codes or open")
        if self.codes and self.open:
            raise ValueError("open takes every value, so codes say nothing; keep one")
        if self.keep and not self.repeat:
            raise ValueError("keep says which of the repetitions mappings get; it goes with repeat")
        if (self.path is None) == (self.element is None):
            raise ValueError("write either path, for one place, or element, for all places where it stands")
        if self.element is not None and (self.optional or self.repeat or self.max_length or self.open):
            raise ValueError("element goes with codes alone; write a path for the rest")
        return self


class Rule(Table):
    """``[[rule]]``: what the guideline demands of each ``path``, wherever ``at`` stands and ``when`` holds."""

    path: Lines | None = None
    at: Line | None = None
    when: Line | None = None
    key: Name | None = None
    required: bool = False
    forbidden: bool = False
    codes: list[Code] = Field(default=[], max_length=5000)
    min_length: Count | None = None
    max_length: Count | None = None
    form: Annotated[str, AfterValidator(_form)] | None = None
    check_digit: Literal["gs1", "iso6346", "imo", "awb"] | None = None
    least: Count | None = None
    most: Count | None = None
    equals: Line | None = None
    counts: Line | None = None
    sums: Line | None = None
    tolerance: float = Field(default=0.0, ge=0)
    holds: Line | None = None
    severity: Literal["error", "warning", "info"] = "error"
    text: Sentences | None = None
    mend: Sentences | None = None
    contrl: str | None = Field(default=None, pattern=r"^[1-9]\d?$")
    messages: Annotated[list[Type], BeforeValidator(_several)] = []

    @field_validator("required", "forbidden")
    @classmethod
    def _only_true(cls, value: bool) -> bool:
        if not value:
            raise ValueError("write true, or leave it out")
        return value

    @property
    def demands_value(self) -> bool:
        """Whether the path must lead to values."""
        value = self.min_length or self.max_length or self.form or self.check_digit
        return bool(self.codes or value or self.equals or self.counts or self.sums)

    @model_validator(mode="after")
    def _something(self) -> "Rule":
        if not (self.required or self.forbidden or self.demands_value or self.least or self.most or self.holds):
            raise ValueError("it demands nothing; write required, forbidden, codes, form, least, most, holds …")
        if self.path is None and not self.holds:
            raise ValueError("it has no path; say what it is about")
        if self.holds and self.text is None:
            raise ValueError("holds needs a text: say what is wrong when the condition does not hold")
        if self.required and self.forbidden:
            raise ValueError("required and forbidden exclude each other; keep one")
        if (self.min_length or 1) > (self.max_length or 9_999_999) or (self.least or 1) > (self.most or 9_999_999):
            raise ValueError("the least is more than the most; mend one of them")
        if self.tolerance and not self.sums:
            raise ValueError("tolerance goes with sums; leave it out")
        return self


class File(Table):
    """A guideline's file."""

    guide: Head
    widen: list[Widening] = Field(default=[], max_length=1000)
    rule: list[Rule] = Field(default=[], max_length=2000)
