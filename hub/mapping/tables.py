"""The code tables that a mapping's rows name: those in its own file, and those under ``schemas/codes``.

``table = "sex"`` is the table ``[tables.sex]`` of the file. ``table = "return-status/outcome"`` is the column
``outcome`` of the shared table ``return-status``, beside its ``zh`` and ``en``; ``table = "countries.customs/alpha-3"``
looks the value up in its column ``customs`` instead of its code.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from hub.errors import ConfigError
from hub.schema.codes import CodeTable, CodeTables, Named, Translation, named


class Tables:
    """Finds tables by name: in the mapping's own file, then among the shared ones."""

    def __init__(self, inline: Mapping[str, Mapping[str, str]], shared: CodeTables) -> None:
        self._inline = inline
        self._shared = shared
        self._used: set[str] = set()

    def get(self, name: str) -> Translation:
        """What the table ``name`` makes of each value. Raises ValueError, which says what there is."""
        if name in self._inline:
            return Translation(self._inline[name])
        meant = named(name)
        if meant is None or meant.table not in self._shared.names():
            raise ValueError(f"unknown table {name}{self._hint(name, meant.table if meant else name)}")
        return _translation(self._table(meant.table), meant)

    def files(self) -> list[Path]:
        """The files of the shared tables that were asked for, sorted by name."""
        return [self._shared.path(name) for name in sorted(self._used)]

    def _table(self, name: str) -> CodeTable:
        self._used.add(name)
        try:
            return self._shared.get(name)
        except ConfigError as error:
            raise ValueError(f"table {name} cannot be read: {error}") from error

    def _hint(self, name: str, table: str) -> str:
        shared = self._shared.names()
        close = get_close_matches(table, [*self._inline, *shared], 1)
        if close:
            return f"; did you mean {close[0]}?"
        return f'; add [tables."{name}"] to this file, or name one of {", ".join(shared) or "schemas/codes"}'


def _translation(table: CodeTable, meant: Named) -> Translation:
    key, *others = table.columns
    if not meant.target:
        start = f"{table.name}.{meant.source}" if meant.source else table.name
        raise ValueError(
            f"table {table.name} has the columns {', '.join(sorted(others))}; write {start}/ and one of them"
        )
    return table.translation(meant.source or key, meant.target)
