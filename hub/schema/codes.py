"""A code table: what each value of a code means, in Chinese and English, with what else is known of it.

The file is TOML: ``[meta]`` with ``source`` and ``date``, then ``[codes."CODE"]`` with ``zh``, ``en`` and any further
texts (``path``, ``outcome``), of which ``mend`` has ``zh`` and ``en`` of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pydantic import ConfigDict

from hub.config import located
from hub.config.located import Table


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a table. ``extra`` holds its further texts; ``mend_zh``, ``mend_en`` are empty where not given."""

    value: str
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A code list with its source and date (``YYYY-MM-DD``)."""

    name: str
    source: str
    date: str
    codes: Mapping[str, Code]

    def get(self, value: str) -> Code | None:
        """The code ``value``, or None when the table does not have it."""
        return self.codes.get(value)


class _Meta(Table):
    source: str
    date: str


class _Mend(Table):
    zh: str
    en: str


class _Row(Table):
    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, str]
    zh: str
    en: str
    mend: _Mend | None = None


class _File(Table):
    meta: _Meta
    codes: dict[str, _Row]


def load(path: Path) -> CodeTable:
    """The table in ``path``; its name is the file's. Raises ConfigError with every problem at ``file:line``."""
    read = located.validate(_File, located.load(path))
    codes = {value: _code(value, row) for value, row in read.codes.items()}
    return CodeTable(path.stem, read.meta.source, read.meta.date, MappingProxyType(codes))


def _code(value: str, row: _Row) -> Code:
    mend_zh, mend_en = (row.mend.zh, row.mend.en) if row.mend else ("", "")
    return Code(value, row.zh, row.en, mend_zh, mend_en, MappingProxyType(dict(row.__pydantic_extra__)))
