"""Dates: of a form, before, after or near others. Where one of two is only a day, whole days are compared."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from hub.config.located import Table
from hub.config.units import microseconds
from hub.model.partner import Title
from hub.rules.expression import Expression
from hub.rules.instants import CHINA, distance, offset, read
from hub.rules.pairs import pairs
from hub.rules.rule import Check, Operand, Remark, Rule, Values, each, remark
from hub.schema.codes import CodeTables


def _zone(text: str) -> str:
    offset(text)
    return text


def _span(told: Any) -> Any:
    """A duration that may be negative, in µs."""
    back = isinstance(told, str) and told.startswith("-")
    return -microseconds(told[1:]) if back else microseconds(told)


Zone = Annotated[str, AfterValidator(_zone)]
Span = Annotated[int, BeforeValidator(_span)]
_IN_ZONE = "the zone of times that do not say their own"


class Form(StrEnum):
    """How a date is written."""

    DAY = "CCYYMMDD"  # 20261124
    MINUTE = "CCYYMMDDHHMM"  # 202611240930
    SECOND = "CCYYMMDDHHMMSS"  # 20261124093000
    SHORT_DAY = "YYMMDD"  # 261124
    SHORT_MINUTE = "YYMMDDHHMM"  # 2611240930
    ISO_DAY = "CCYY-MM-DD"  # 2026-11-24
    ISO_TIME = "ISO 8601"  # 2026-11-24T09:30:00+08:00, the time as exact as you like


_FORMS: Mapping[Form, Expression] = {
    form: Expression(rf"\d{{{len(form)}}}") for form in Form if form.value.isalpha()
} | {Form.ISO_DAY: Expression(r"\d{4}-\d\d-\d\d"), Form.ISO_TIME: Expression(r"\d{4}-\d\d-\d\d[T ].*")}


class Date(Table):
    """Which fact, and how it is written."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    form: list[Form] = Field(list(Form), min_length=1, description="the forms allowed, of " + ", ".join(Form))


class Order(Table):
    """Which fact, and beside which."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    than: Operand = Field(description="the fact that it is measured by, or `$now` or `$received`")
    same: bool = Field(False, description="whether both may be the same")
    zone: Zone = Field(CHINA, description=_IN_ZONE)


class Window(Table):
    """Which fact, and how near to which; spans as ``"-2h"``, ``"30d"``."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    of: Operand = Field(description="the fact that it is measured by, or `$now` or `$received`")
    earliest: Span | None = Field(None, description='how much later than that it is at least: `"-2h"` is before it')
    latest: Span | None = Field(None, description='how much later than that it is at most, such as `"30d"`')
    zone: Zone = Field(CHINA, description=_IN_ZONE)

    @model_validator(mode="after")
    def _some_end(self) -> "Window":
        if self.earliest is None and self.latest is None:
            raise ValueError("a window has a side; give earliest, latest or both")
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise ValueError("earliest is later than latest; nothing lies between them")
        return self


def _date(parameters: Date, tables: CodeTables) -> Check:
    forms = [_FORMS[form] for form in parameters.form]
    wanted = ", ".join(parameters.form)

    def fits(value: str) -> bool:
        return read(value) is not None and any(form.matches(value) for form in forms)

    return each(parameters.fact, "date", fits, wanted=wanted)


def _apart(fact: str, than: str, zone: str, key: str, fits: Callable[[int], bool]) -> Check:
    """The check that each date of ``fact`` is as far from the one beside it as ``fits`` wants (µs)."""

    def check(values: Values) -> Iterator[Remark]:
        found, wrong = pairs(values, fact, than)
        yield from wrong
        for pair in found:
            mine, other = read(pair.value, zone), read(pair.measure, zone)
            if mine is None:
                yield remark(fact, pair.at, "date", value=pair.value, wanted=_ANY)
            if other is None and pair.first:
                yield remark(than, pair.beside, "date", value=pair.measure, wanted=_ANY)
            if mine is not None and other is not None and not fits(distance(mine, other, zone)):
                yield remark(fact, pair.at, key, value=pair.value, wanted=pair.measure, other=than)

    return check


_ANY = ", ".join(Form)


def _before(parameters: Order, tables: CodeTables) -> Check:
    most = 0 if parameters.same else -1
    return _apart(parameters.fact, parameters.than, parameters.zone, "before", lambda late: late <= most)


def _after(parameters: Order, tables: CodeTables) -> Check:
    least = 0 if parameters.same else 1
    return _apart(parameters.fact, parameters.than, parameters.zone, "after", lambda late: late >= least)


def _window(parameters: Window, tables: CodeTables) -> Check:
    early, late = parameters.earliest, parameters.latest

    def fits(by: int) -> bool:
        return (early is None or by >= early) and (late is None or by <= late)

    return _apart(parameters.fact, parameters.of, parameters.zone, "window", fits)


DATE = Rule(
    "date",
    Title("日期格式", "A date or time that exists, in a form that is allowed"),
    Date,
    _date,
    ("date",),
    'fact = "list.appTime", form = ["CCYYMMDDHHMMSS"]',
)
BEFORE = Rule(
    "before",
    Title("早于", "A date is before another"),
    Order,
    _before,
    ("before", "date", "uneven"),
    'fact = "document.birth", than = "$now"',
)
AFTER = Rule(
    "after",
    Title("晚于", "A date is after another, such as an expiry after the arrival"),
    Order,
    _after,
    ("after", "date", "uneven"),
    'fact = "document.expiry", than = "flight.arrival", same = true',
)
WINDOW = Rule(
    "window",
    Title("时间窗口", "A date is near another, such as an arrival within so many days from now"),
    Window,
    _window,
    ("window", "date", "uneven"),
    'fact = "flight.arrival", of = "$now", earliest = "-2h", latest = "30d"',
)
