"""The code tables that a mapping's rows name: those in its own file, and those under ``schemas/codes``.

``table = "sex"`` is the table ``[tables.sex]`` of the file; ``table = "return-status/outcome"`` is the column
``outcome`` of ``schemas/codes/return-status.toml``, beside its ``zh`` and ``en``.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from hub.errors import ConfigError
from hub.schema import codes
from hub.schema.codes import CodeTable

_NAME = re.compile(r"(?P<file>[a-z0-9][a-z0-9.-]*)(/(?P<column>[a-z0-9][a-z0-9.-]*))?")


class Tables:
    """Finds tables by name; a shared file is read once."""

    def __init__(self, inline: Mapping[str, Mapping[str, str]], folder: Path) -> None:
        self._inline = inline
        self._folder = folder
        self._read: dict[str, CodeTable] = {}

    def get(self, name: str) -> Mapping[str, str]:
        """The table ``name``: code → value. Raises ValueError, which says what there is."""
        if name in self._inline:
            return self._inline[name]
        match = _NAME.fullmatch(name)
        if match is None or not (self._folder / f"{match['file']}.toml").is_file():
            raise ValueError(f"unknown table {name}{self._hint(name)}")
        return _column(self._codes(match["file"]), match["column"], name)

    def _codes(self, file: str) -> CodeTable:
        if file not in self._read:
            try:
                self._read[file] = codes.load(self._folder / f"{file}.toml")
            except ConfigError as error:
                raise ValueError(f"table {file} cannot be read: {error}") from error
        return self._read[file]

    def _hint(self, name: str) -> str:
        shared = sorted(path.stem for path in self._folder.glob("*.toml"))
        close = get_close_matches(name, [*self._inline, *shared], 1)
        if close:
            return f"; did you mean {close[0]}?"
        return f'; add [tables."{name}"] to this file, or name one of {", ".join(shared) or "schemas/codes"}'


def _column(table: CodeTable, column: str | None, name: str) -> dict[str, str]:
    rows = {value: {"zh": code.zh, "en": code.en, **code.extra} for value, code in table.codes.items()}
    columns = sorted({key for row in rows.values() for key in row})
    if column not in columns:
        raise ValueError(
            f"table {table.name} has the columns {', '.join(columns)}; write {table.name}/ and one of them"
        )
    return {value: row[column] for value, row in rows.items() if column in row}
