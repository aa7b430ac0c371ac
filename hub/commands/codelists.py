"""What `hub codes` prints: tables, rows and translations, as columns for people or as JSON for programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from hub.commands.check import schemas_of
from hub.commands.columns import columns
from hub.errors import HubError
from hub.schema.codes import Code, CodeTable, CodeTables, Named, Translation, named


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a table: one code or all, as of which day, in which form."""

    code: str | None = None
    on: date | None = None
    as_json: bool = False


def tables_of(home: Path) -> CodeTables:
    """The tables of a home, or those that came with the hub."""
    return CodeTables(schemas_of(home) / "codes")


def list_tables(home: Path, *, as_json: bool) -> None:
    """Print every table: its name, rows, date and columns."""
    tables = tables_of(home)
    found = [tables.get(name) for name in tables.names()]
    if as_json:
        heads = {
            one.name: {"rows": len(one.rows), "date": one.date, "columns": one.columns, "source": one.source}
            for one in found
        }
        print(json.dumps(heads, ensure_ascii=False))
        return
    rows = [(one.name, str(len(one.rows)), one.date, " ".join(one.columns)) for one in found]
    print("\n".join(columns(("table", "rows", "date", "columns"), rows)))


def show_table(home: Path, text: str, wish: Wish) -> int:
    """Print what ``text`` (TABLE, TABLE.COLUMN or with /COLUMN) says; 1 when it says nothing of the code."""
    meant = named(text) or Named(text)
    table = tables_of(home).get(meant.table)
    try:
        if meant.target:
            return _translated(table.translation(meant.source or table.columns[0], meant.target, wish.on), wish)
        return _rows(table, _chosen(table, meant, wish), wish)
    except ValueError as error:
        raise HubError(str(error)) from error


def find_rows(home: Path, word: str, limit: int, *, as_json: bool) -> int:
    """Print the rows of all tables whose code is ``word`` or whose name has it; 1 when there is none."""
    found = list(islice(_matching(tables_of(home), word), limit))
    if as_json:
        print(json.dumps([{"table": table.name, **_cells(table, code)} for table, code in found], ensure_ascii=False))
    elif found:
        rows = [(table.name, code.value, code.zh, code.en) for table, code in found]
        print("\n".join(columns(("table", "code", "zh", "en"), rows)))
    return 0 if found else 1


def _matching(tables: CodeTables, word: str) -> Iterator[tuple[CodeTable, Code]]:
    wanted = word.casefold()
    for name in tables.names():
        table = tables.get(name)
        for code in table.rows:
            values = (code.value, *code.extra.values())
            if wanted in f"{code.zh}\n{code.en}".casefold() or any(wanted == value.casefold() for value in values):
                yield table, code


def _chosen(table: CodeTable, meant: Named, wish: Wish) -> Sequence[Code]:
    """The rows asked for: by the column that is named, else by the code; without a code, all that have that column."""
    column = meant.source or table.columns[0]
    if wish.code is not None:
        last = table.get(wish.code) if wish.on is None and not meant.source else None
        return [last] if last else table.find(column, wish.code, wish.on)
    table.find(column, "")  # is there such a column?
    return [code for code in table.current(wish.on) if table.text(code, column)]


def _rows(table: CodeTable, rows: Sequence[Code], wish: Wish) -> int:
    if wish.as_json:
        print(json.dumps([_cells(table, code) for code in rows], ensure_ascii=False))
    elif rows and wish.code is not None:
        print("\n\n".join("\n".join(_facts(_cells(table, code))) for code in rows))
    elif rows:
        print(f"{table.name}, {table.date}: {table.source}\n")
        print("\n".join(columns(table.columns, [[table.text(code, name) for name in table.columns] for code in rows])))
    return 0 if rows else 1


def _cells(table: CodeTable, code: Code) -> dict[str, str]:
    """What a row says, by column, without what it does not say."""
    return {name: text for name in table.columns if (text := table.text(code, name))}


def _facts(cells: dict[str, str]) -> list[str]:
    first, *others = cells.items()
    return columns(first, others)


def _translated(translation: Translation, wish: Wish) -> int:
    """Print a translation, the ambiguous values behind the others; 1 when the code that is asked for is neither."""
    values = {value: [text] for value, text in translation.values.items()} | {
        value: list(texts) for value, texts in translation.ambiguous.items()
    }
    if wish.code is not None:
        values = {wish.code: values[wish.code]} if wish.code in values else {}
    if wish.as_json:
        print(json.dumps(values, ensure_ascii=False))
        return 0 if values else 1
    print(
        "\n".join(f"{value}  {', '.join(text or '–' for text in texts)}" for value, texts in values.items()),
        end="\n" if values else "",
    )
    several = sum(len(texts) > 1 for texts in values.values())
    if several:
        print(f"{several} of {len(values)} are ambiguous: a mapping tells them, it does not choose", file=sys.stderr)
    return 0 if values else 1
