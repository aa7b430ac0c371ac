"""`hub codes`: which code tables there are and what they say; argument parsing only."""

from datetime import datetime
from typing import Annotated

import typer

from hub.commands.options import HERE, Home, Json

app = typer.Typer(
    help="Look at the code tables, and translate from one agency's codes to another's.", no_args_is_help=True
)

Table = Annotated[
    str,
    typer.Argument(
        help="A table; TABLE.COLUMN looks up by that column; TABLE.COLUMN/COLUMN translates.", metavar="TABLE"
    ),
]
On = Annotated[
    datetime | None,
    typer.Option("--on", help="As it holds on this day; default: on the table's own date.", formats=["%Y-%m-%d"]),
]


@app.command("list")
def codes_list(home: Home = HERE, as_json: Json = False) -> None:
    """List the tables: rows, date, columns."""
    from hub.commands.codelists import list_tables

    list_tables(home, as_json=as_json)


@app.command("show")
def codes_show(
    table: Table,
    code: Annotated[str | None, typer.Argument(help="Only what is known of this code.")] = None,
    home: Home = HERE,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Show a table, one code of it, or a translation and what is ambiguous in it; exit code 1 when there is no such."""
    from hub.commands.codelists import Wish, show_table

    raise typer.Exit(show_table(home, table, Wish(code, on.date() if on else None, as_json)))


@app.command("find")
def codes_find(
    word: Annotated[str, typer.Argument(help="A code, or a part of a name in Chinese or English.")],
    home: Home = HERE,
    as_json: Json = False,
    limit: Annotated[int, typer.Option(help="Rows at most.", min=1)] = 100,
) -> None:
    """Find rows in all tables by their code or name; exit code 1 when there is none."""
    from hub.commands.codelists import find_rows

    raise typer.Exit(find_rows(home, word, limit, as_json=as_json))
