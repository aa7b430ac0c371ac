"""A Schema from a CSV layout (``<family>/<name>.toml``): one repeated record whose children are the columns.

A layout says how the file is written (delimiter, quoting, charset, header) and what each column holds.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hub.config import located
from hub.config.located import LocatedToml, Table
from hub.errors import ConfigError, SchemaUnknown
from hub.schema.model import DataType, Kind, Node, Schema

_TYPES = {
    "text": DataType.TEXT,
    "alpha": DataType.ALPHA,
    "numeric": DataType.NUMERIC,
    "integer": DataType.INTEGER,
    "decimal": DataType.DECIMAL,
    "date": DataType.DATE,
    "datetime": DataType.DATETIME,
    "boolean": DataType.BOOLEAN,
}
_CODECS = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig", "gb18030": "gb18030"}


@dataclass(frozen=True, slots=True)
class CsvSchema(Schema):
    """A Schema with how its file is written. ``codec`` is Python's name of the charset."""

    delimiter: str = ","
    header: bool = True
    quote_all: bool = False
    codec: str = "utf-8-sig"
    guarded: bool = True  # cells that a spreadsheet would take for a formula are written with an apostrophe
    max_records: int = 10_000

    @property
    def record(self) -> Node:
        """The repeated record."""
        return self.root.children[0]


class _Title(Table):
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


class _Layout(Table):
    title: _Title
    source: str
    record: str = "record"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    header: bool = True
    quoting: Literal["minimal", "all"] = "minimal"
    charset: Literal["utf-8", "utf-8-bom", "gb18030"] = "utf-8-bom"
    spreadsheet_guard: bool = True
    max_records: int = 10_000


class _Column(Table):
    name: str
    title: _Title
    type: Literal["text", "alpha", "numeric", "integer", "decimal", "date", "datetime", "boolean"] = "text"
    required: bool = False
    min_length: int = 0
    max_length: int | None = None
    codes: str | None = None


class _File(Table):
    layout: _Layout
    column: tuple[_Column, ...]
    codes: dict[str, dict[str, _Title]] = {}


def load(root: Path, family: str, name: str) -> CsvSchema:
    """The layout ``name`` of ``family`` below ``root`` (``schemas/csv``). Raises SchemaUnknown, ConfigError."""
    file = root / family / f"{name}.toml"
    if not file.is_file():
        raise SchemaUnknown(f"csv:{family}:{name} is not installed: there is no {file}")
    toml = located.load(file)
    read = located.validate(_File, toml)
    problems = _problems(read, toml)
    if problems:
        raise ConfigError(problems)
    return _schema(f"csv:{family}:{name}", read)


def _schema(schema_id: str, read: _File) -> CsvSchema:
    layout = read.layout
    record = Node(layout.record, layout.record, Kind.GROUP, max=None, children=tuple(map(_column, read.column)))
    name = schema_id.rpartition(":")[2]
    return CsvSchema(
        schema_id,
        Node(name, name, Kind.MESSAGE, str(layout.title), min=1, children=(record,)),
        {name: {value: str(title) for value, title in codes.items()} for name, codes in read.codes.items()},
        layout.source,
        delimiter=layout.delimiter,
        header=layout.header,
        quote_all=layout.quoting == "all",
        codec=_CODECS[layout.charset],
        guarded=layout.spreadsheet_guard,
        max_records=layout.max_records,
    )


def _column(column: _Column) -> Node:
    return Node(
        column.name,
        column.name,
        Kind.ELEMENT,
        str(column.title),
        min=int(column.required),
        type=_TYPES[column.type],
        min_length=column.min_length,
        max_length=column.max_length,
        codes=column.codes,
    )


def _problems(read: _File, toml: LocatedToml) -> list[str]:
    """What single keys cannot show: a name used twice, a code list that is not there."""
    problems = []
    names: set[str] = set()
    for at, column in enumerate(read.column):
        if column.name in names:
            problems.append(toml.problem(("column", at, "name"), f"{column.name} comes twice; rename one"))
        if column.codes is not None and column.codes not in read.codes:
            problems.append(toml.problem(("column", at, "codes"), f"there is no table [codes.{column.codes}]; add it"))
        names.add(column.name)
    if not read.column:
        problems.append(toml.problem((), "no [[column]]; add at least one"))
    return problems
