"""The two forms in which a code table is kept: TOML for a small one that people write, lines for one that a tool makes.

TOML: ``[meta]`` with ``source``, ``date`` and perhaps ``key`` (what the code itself is called), then ``[codes."CODE"]``
with ``zh``, ``en``, perhaps ``mend = { zh, en }``, ``from`` and ``until``, and any further texts. A code that has meant
different things is an array of such rows.

Lines (``.tsv``): comments ``# …``, then ``=source …`` and ``=date …``, then the names of the columns with tabs between
them, then a line for each row. The first column is the code itself. A cell that is empty is not there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from hub.config import located
from hub.config.located import LocatedToml, Table
from hub.errors import ConfigError

SUFFIXES = (".toml", ".tsv")
MEND = ("mend-zh", "mend-en")
PERIOD = ("from", "until")
MAX_BYTES = 4_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Row = tuple[int, str, dict[str, str]]
"""A line of the file, the code, and its cells by column; those that are empty are not there."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as its file has it. ``columns`` begins with the name of the code's own."""

    source: str
    date: str
    columns: tuple[str, ...]
    rows: list[Row]


def read(path: Path) -> Sheet:
    """The table in ``path``. Raises ConfigError with every problem at ``file:line``."""
    return _lines(path) if path.suffix == ".tsv" else _toml(path)


class _Meta(Table):
    source: str
    date: str
    key: str = "code"


class _Mend(Table):
    zh: str
    en: str


class _Row(Table):
    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, str]
    zh: str
    en: str
    mend: _Mend | None = None

    def cells(self) -> dict[str, str]:
        mend = dict(zip(MEND, (self.mend.zh, self.mend.en), strict=True)) if self.mend else {}
        return {"zh": self.zh, "en": self.en, **mend, **self.__pydantic_extra__}


def _several(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


class _File(Table):
    meta: _Meta
    codes: dict[str, Annotated[list[_Row], BeforeValidator(_several), Field(min_length=1)]]


def _toml(path: Path) -> Sheet:
    toml = located.load(path, max_bytes=MAX_BYTES)
    file = located.validate(_File, toml)
    rows = [
        (_line(toml, value, index), value, row.cells())
        for value, every in file.codes.items()
        for index, row in enumerate(every)
    ]
    columns = dict.fromkeys(name for _, _, cells in rows for name in cells)
    problems = [*_undated(toml.line(("meta", "date")), file.meta.date), *_periods(rows)]
    if file.meta.key in columns:
        problems.append(
            (toml.line(("meta", "key")), f"key: rows have {file.meta.key} besides; call the code otherwise")
        )
    _refuse(problems, path)
    return Sheet(file.meta.source, file.meta.date, (file.meta.key, *columns), rows)


def _line(toml: LocatedToml, value: str, index: int) -> int:
    return toml.line(("codes", value, index))


def _lines(path: Path) -> Sheet:
    lines = [line.removesuffix("\r") for line in located.text(path, max_bytes=MAX_BYTES).split("\n")]
    head, start = _head(lines)
    columns = tuple(lines[start].split("\t")) if start < len(lines) else ()
    _refuse(_head_problems(head, columns, start + 1), path)
    rows: list[Row] = []
    problems: list[tuple[int, str]] = []
    names, width = columns[1:], len(columns)
    for number, line in enumerate(lines[start + 1 :], start + 2):
        code, *cells = line.split("\t")
        if code and len(cells) == width - 1:
            rows.append((number, code, {name: cell for name, cell in zip(names, cells, strict=True) if cell}))
        elif line:
            problems.append((number, _uneven(code, len(cells) + 1, width)))
    _refuse([*problems, *_periods(rows)], path)
    return Sheet(head["source"][1], head["date"][1], columns, rows)


def _head(lines: list[str]) -> tuple[dict[str, tuple[int, str]], int]:
    """What the head says, with its lines, and where the line with the columns is."""
    said: dict[str, tuple[int, str]] = {}
    for index, line in enumerate(lines):
        if line.startswith("="):
            key, _, word = line[1:].partition(" ")
            said[key] = (index + 1, word.strip())
        elif line and not line.startswith("#"):
            return said, index
    return said, len(lines)


def _head_problems(head: dict[str, tuple[int, str]], columns: tuple[str, ...], line: int) -> Iterator[tuple[int, str]]:
    for key, (number, _) in head.items():
        if key not in ("source", "date"):
            yield number, f"={key}: unknown; write =source and =date"
    if not head.get("source", (1, ""))[1]:
        yield 1, "=source: missing; say where the facts come from"
    number, day = head.get("date", (1, ""))
    yield from _undated(number, day)
    for name in columns:
        if not _NAME.fullmatch(name) or columns.count(name) > 1:
            yield line, f"{name or '(column)'}: not a name for one column; use small letters, digits and - once"
    if "zh" not in columns[1:]:
        yield line, "(columns): there is no zh; name the columns, the code's own first, with tabs between them"


def _undated(line: int, day: str) -> Iterator[tuple[int, str]]:
    if not _is_day(day):
        yield line, f"date: {day!r} is not a day; write it as 2026-01-31"


def _uneven(code: str, cells: int, width: int) -> str:
    if not code:
        return "(code): a row without a code; give it one, or remove the line"
    return f"{code}: {cells} cells where there are {width} columns; put one tab between two cells"


def _periods(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """What is wrong with the days that rows hold from and until; two rows of one code may not hold on one day."""
    held: dict[str, list[tuple[str, str, int]]] = {}
    for line, code, cells in rows:
        since, until = cells.get("from", ""), cells.get("until", "")
        for key, day in zip(PERIOD, (since, until), strict=True):
            if day and not _is_day(day):
                yield line, f"{code}.{key}: {day!r} is not a day; write it as 2026-01-31"
        if since and until and since > until:
            yield line, f"{code}.until: {until} is before {since}; mend one of them"
        for other_since, other_until, other in held.setdefault(code, []):
            if since <= (other_until or "9") and other_since <= (until or "9"):
                what = f"line {other} has this code for some of the same days; give both rows from and until"
                yield line, f"{code}: {what}, or remove one"
        held[code].append((since, until, line))


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _refuse(problems: Iterable[tuple[int, str]], path: Path) -> None:
    """Raise ConfigError when there are ``problems`` (line, what and how to mend)."""
    found = sorted(problems)
    if found:
        raise ConfigError([f"{path}:{line}: {what}" for line, what in found])
