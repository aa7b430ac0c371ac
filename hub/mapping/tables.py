"""The code tables that a mapping's rows name: those in its own file, and those under ``schemas/codes``.

``table = "sex"`` is the table ``[tables.sex]`` of the file; ``table = "return-status/outcome"`` is the column
``outcome`` of ``schemas/codes/return-status.toml``, whose ``[codes]`` give a table of columns for each code.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hub.config import located
from hub.errors import ConfigError

_NAME = re.compile(r"(?P<file>[a-z0-9][a-z0-9.-]*)(/(?P<column>[a-z0-9][a-z0-9.-]*))?")


class Tables:
    """Finds tables by name; a shared file is read once."""

    def __init__(self, inline: Mapping[str, Mapping[str, str]], folder: Path) -> None:
        self._inline = inline
        self._folder = folder
        self._read: dict[str, dict[str, Any]] = {}

    def get(self, name: str) -> Mapping[str, str]:
        """The table ``name``: code → value. Raises ValueError, which says what there is."""
        if name in self._inline:
            return self._inline[name]
        match = _NAME.fullmatch(name)
        if match is None or not (self._folder / f"{match['file']}.toml").is_file():
            raise ValueError(f"unknown table {name}{self._hint(name)}")
        return _column(self._codes(match["file"]), match["column"], name)

    def _codes(self, file: str) -> dict[str, Any]:
        if file not in self._read:
            try:
                self._read[file] = located.load(self._folder / f"{file}.toml").data.get("codes", {})
            except ConfigError as error:
                raise ValueError(f"table {file} cannot be read: {error}") from error
        return self._read[file]

    def _hint(self, name: str) -> str:
        shared = sorted(path.stem for path in self._folder.glob("*.toml"))
        close = get_close_matches(name, [*self._inline, *shared], 1)
        if close:
            return f"; did you mean {close[0]}?"
        return f'; add [tables."{name}"] to this file, or name one of {", ".join(shared) or "schemas/codes"}'


def _column(codes: dict[str, Any], column: str | None, name: str) -> dict[str, str]:
    if column is None:
        if any(not isinstance(value, str) for value in codes.values()):
            columns = sorted({key for value in codes.values() if isinstance(value, dict) for key in value})
            raise ValueError(f"table {name} has several columns; write {name}/ and one of {', '.join(columns)}")
        return dict(codes)
    found = {code: row[column] for code, row in codes.items() if isinstance(row, dict) and column in row}
    if not found or any(not isinstance(value, str) for value in found.values()):
        raise ValueError(f"table {name} is empty: no code has a text in that column; mend the column's name")
    return found
