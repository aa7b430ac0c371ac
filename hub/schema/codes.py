"""A code table: what each value of a code means, in Chinese and English, with what else is known of it.

``hub/schema/codefiles.py`` says how the files look. A table is looked up by its code, or by any other column: the
table of countries translates each agency's code to each other's. docs/codes.md lists what there is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from hub.errors import ConfigError
from hub.schema import codefiles

_WORD = r"[a-z0-9][a-z0-9-]*"
_NAMED = re.compile(rf"({_WORD})(?:\.({_WORD}))?(?:/({_WORD}))?")
_FIELDS = {"zh": "zh", "en": "en", "mend-zh": "mend_zh", "mend-en": "mend_en", "from": "since", "until": "until"}
"""Column → field of a Code; all other columns are in its ``extra``."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a table. ``extra`` holds its further texts, by column; a text that is not known is empty.

    It holds from the day ``since`` until the day ``until``, both included (``YYYY-MM-DD``; empty: not limited).
    """

    value: str
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    since: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        """Whether it holds on ``day`` (``YYYY-MM-DD``)."""
        return self.since <= day and (not self.until or day <= self.until)


@dataclass(frozen=True, slots=True)
class Translation:
    """From one column of a table to another.

    ``ambiguous`` are the values that several rows translate differently: value → all translations, the empty text
    among them when a row has none. They are not among ``values``: choosing is for whoever knows the matter.
    """

    values: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A code list with its source and date (``YYYY-MM-DD``).

    ``codes`` has a row for each code: the one that holds on the table's own date, or else the last, so that what was
    once declared can still be explained. ``rows`` are all of them, with those that held before and will hold later, in
    the file's order. ``columns`` begins with the name of the code's own.
    """

    name: str
    source: str
    date: str
    codes: Mapping[str, Code]
    columns: tuple[str, ...]
    rows: tuple[Code, ...]
    _indexes: dict[str, dict[str, tuple[Code, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def get(self, value: str, on: Day | None = None) -> Code | None:
        """The row of the code ``value`` that holds ``on`` that day, or None; without a day, that of ``codes``."""
        if on is None:
            return self.codes.get(value)
        day = on.isoformat()
        return next((code for code in self._index(self.columns[0]).get(value, ()) if code.holds(day)), None)

    def find(self, column: str, value: str, on: Day | None = None) -> tuple[Code, ...]:
        """Every row whose ``column`` is ``value`` and that holds ``on`` that day (default: the table's date).

        Raises ValueError, which says what columns there are.
        """
        return tuple(code for code in self._index(column).get(value, ()) if self._current(code, on))

    def current(self, on: Day | None = None) -> tuple[Code, ...]:
        """The rows that hold ``on`` that day (default: the table's date), in the file's order."""
        return tuple(code for code in self.rows if self._current(code, on))

    def text(self, code: Code, column: str) -> str:
        """What ``code`` says in ``column``, or the empty text."""
        if column == self.columns[0]:
            return code.value
        own = _FIELDS.get(column)
        return str(getattr(code, own)) if own else code.extra.get(column, "")

    def translation(self, source: str, target: str, on: Day | None = None) -> Translation:
        """What each value of the column ``source`` is in the column ``target``. Raises ValueError as :meth:`find`."""
        self._known(target)
        values: dict[str, str] = {}
        ambiguous: dict[str, tuple[str, ...]] = {}
        for value, codes in self._index(source).items():
            texts = tuple(dict.fromkeys(self.text(code, target) for code in codes if self._current(code, on)))
            if len(texts) > 1:
                ambiguous[value] = texts
            elif texts and texts[0]:
                values[value] = texts[0]
        return Translation(MappingProxyType(values), MappingProxyType(ambiguous))

    def _current(self, code: Code, on: Day | None) -> bool:
        return code.holds(on.isoformat() if on else self.date)

    def _index(self, column: str) -> Mapping[str, tuple[Code, ...]]:
        """Value → its rows, made when first asked for; making it twice does no harm."""
        found = self._indexes.get(column)
        if found is None:
            self._known(column)
            gathered: dict[str, list[Code]] = {}
            for code in self.rows:
                gathered.setdefault(self.text(code, column), []).append(code)
            gathered.pop("", None)
            found = self._indexes[column] = {value: tuple(codes) for value, codes in gathered.items()}
        return found

    def _known(self, column: str) -> None:
        if column not in self.columns:
            close = get_close_matches(column, self.columns, 1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(self.columns)}"
            raise ValueError(f"table {self.name} has no column {column}; {hint}")


class Named(NamedTuple):
    """A table as others name it: ``countries.customs/alpha-3`` is the table, the column to look up by, what to give."""

    table: str
    source: str = ""
    target: str = ""


def named(text: str) -> Named | None:
    """What ``text`` names, or None when it is no such name.

    >>> named("countries/customs"), named("ports.ciq")
    (Named(table='countries', source='', target='customs'), Named(table='ports', source='ciq', target=''))
    """
    match = _NAMED.fullmatch(text)
    return Named(*(part or "" for part in match.groups())) if match else None


class CodeTables:
    """The tables in ``folder`` (the project's ``schemas/codes``), each read once when first asked for; then those of
    ``others``, under names that ``folder`` does not have.

    Safe to share between threads.
    """

    def __init__(self, folder: Path, others: "CodeTables | None" = None) -> None:
        self._folder = folder
        self._others = others
        self._read: dict[str, CodeTable] = {}

    def get(self, name: str) -> CodeTable:
        """The table ``name``. Raises ConfigError: there is none such (and what it could be), or its file is wrong."""
        found = self._read.get(name)
        if found is None and self._others and name not in self._own():
            return self._others.get(name)
        if found is None:
            found = self._read[name] = load(self.path(name))
        return found

    def names(self) -> list[str]:
        """The names of all tables, sorted."""
        return sorted({*self._own(), *(self._others.names() if self._others else ())})

    def _own(self) -> set[str]:
        return {path.stem for path in self._paths()}

    def _paths(self) -> list[Path]:
        return [path for path in sorted(self._folder.glob("*.*")) if path.suffix in codefiles.SUFFIXES]

    def path(self, name: str) -> Path:
        """The file of the table ``name``. Raises ConfigError when there is none such, or more than one."""
        paths = [path for path in self._paths() if path.stem == name]
        if not paths and self._others:
            return self._others.path(name)
        if len(paths) > 1:
            raise ConfigError([f"{paths[1]}:1: (table): {paths[0].name} is there too; keep one of them"])
        if not paths:
            close = get_close_matches(name, self.names(), 1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(self.names()) or 'none'}"
            raise ConfigError([f"{self._folder}:1: (table): no table is called {name}; {hint}"])
        return paths[0]


def load(path: Path) -> CodeTable:
    """The table in ``path``; its name is the file's. Raises ConfigError with every problem at ``file:line``."""
    sheet = codefiles.read(path)
    rows = tuple(_code(value, cells) for _, value, cells in sheet.rows)
    codes = {code.value: code for code in _by_preference(rows, sheet.date)}
    return CodeTable(path.stem, sheet.source, sheet.date, MappingProxyType(codes), sheet.columns, rows)


def _by_preference(rows: tuple[Code, ...], day: str) -> Iterator[Code]:
    """The rows, and behind them those that hold on ``day``: the last of a code is the one to take."""
    yield from rows
    yield from (code for code in rows if (code.since or code.until) and code.holds(day))


def _code(value: str, cells: dict[str, str]) -> Code:
    """A row; ``cells`` is used up."""
    zh, en = cells.pop("zh", ""), cells.pop("en", "")
    mend_zh, mend_en = (cells.pop(name, "") for name in codefiles.MEND)
    since, until = (cells.pop(name, "") for name in codefiles.PERIOD)
    return Code(value, zh, en, mend_zh, mend_en, MappingProxyType(cells), since, until)
