"""``books.toml`` → frozen Books. A book says what its accounts count, for how long an account lasts, and how much
its holder has without being granted anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from hub.clock import moment
from hub.config.located import KeyPath, LocatedToml, Table, load, validate
from hub.config.units import Duration
from hub.errors import ConfigError
from hub.model.balance import Period
from hub.model.partner import Title

FILE = "books.toml"
MOST = 10**15
"""The largest amount of one posting, in the smallest units of its book."""

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_SHANGHAI = timezone(timedelta(hours=8))  # without summer time since 1991, so that no time zone data is needed
_FORMS = {Period.NONE: "", Period.YEAR: "%Y", Period.MONTH: "%Y-%m"}


@dataclass(frozen=True, slots=True)
class Book:
    """One kind of account. ``scale``: decimals of its amounts, which are kept as integers of that many; ``line``: what
    an account has before anything is granted, so scaled; ``expires``: how long a reservation stays, in µs."""

    id: str
    title: Title
    unit: str
    scale: int
    period: Period = Period.NONE
    line: int = 0
    expires: int | None = None

    def scaled(self, text: str) -> int | None:
        """``text`` in smallest units; None when it is no amount, has too many decimals or is beyond ``MOST``.

        >>> Book("money", Title("钱", "Money"), "CNY", 2).scaled("12.5")
        1250
        """
        if _AMOUNT.fullmatch(text) is None:
            return None
        units = Decimal(text).scaleb(self.scale)
        return int(units) if units == int(units) and units <= MOST else None

    def shown(self, amount: int) -> str:
        """``amount`` of smallest units as people write it.

        >>> Book("money", Title("钱", "Money"), "CNY", 2).shown(-1250)
        '-12.50'
        """
        return f"{Decimal(amount).scaleb(-self.scale):.{self.scale}f}"

    def account(self, holder: str, at: int) -> str:
        """The id of the account that ``holder`` has at the moment ``at`` (µs): book, period in China, holder.

        >>> Book("limit", Title("限值", "Limit"), "CNY", 2, Period.YEAR).account("430102", 1798732800_000_000)
        'limit|2027|430102'
        """
        return f"{self.id}|{self.period_at(at)}|{holder}"

    def period_at(self, at: int) -> str:
        """The period in which ``at`` (µs) falls by China's calendar: ``2026``, ``2026-11`` or nothing."""
        return _written(at, self.period)


@lru_cache(maxsize=64)  # a batch asks for its own moment over and over
def _written(at: int, period: Period) -> str:
    return moment(at).astimezone(_SHANGHAI).strftime(_FORMS[period])


Books = Mapping[str, Book]


class _Title(Table):
    zh: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class _Book(Table):
    title: _Title
    unit: str = Field(min_length=1, max_length=20)
    scale: int = Field(default=0, ge=0, le=9)
    period: Period = Period.NONE
    line: str = "0"
    expires: Annotated[Duration, Field(gt=0)] | None = None


class _File(Table):
    books: dict[str, _Book] = {}


def load_books(root: Path) -> Books:
    """The books of ``root`` (the folder of mappings), by id; none where it has no books.toml. Raises ConfigError with
    every problem."""
    if not (root / FILE).exists():
        return MappingProxyType({})
    toml = load(root / FILE)
    found: dict[str, Book] = {}
    problems: list[str] = []
    for id_, table in validate(_File, toml).books.items():
        found[id_] = _book(id_, table, toml, problems)
    if problems:
        raise ConfigError(problems)
    return MappingProxyType(found)


def _book(id_: str, table: _Book, toml: LocatedToml, problems: list[str]) -> Book:
    at: KeyPath = ("books", id_)
    if _ID.fullmatch(id_) is None:
        problems.append(toml.problem(at, "not an id; write small letters, digits and -, at most 40"))
    title = Title(table.title.zh, table.title.en)
    book = Book(id_, title, table.unit, table.scale, table.period, 0, table.expires)
    line = book.scaled(table.line)
    if line is None:
        what = f"{table.line!r} is no amount with at most {table.scale} decimals; write one in quotes"
        problems.append(toml.problem((*at, "line"), what))
    return Book(id_, title, table.unit, table.scale, table.period, line or 0, table.expires)
