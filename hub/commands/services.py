"""`hub service`: check service files, tell and draw what a service does; argument parsing only."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.options import HERE, Home, Lang, console
from hub.model.finding import Language

app = typer.Typer(help="Check the services, and see what one does.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--mappings", help="The folder of services; default: the home's.", exists=True)
]
Id = Annotated[str, typer.Argument(help="A service's id, the name of its folder.", metavar="SERVICE")]


@app.command("check")
def service_check(mappings: Folder = None, home: Home = HERE) -> None:
    """Check every service file: paths, codes, rules, mappings, partners; exit code 1 when something is wrong."""
    from hub.commands.servicefiles import check

    raise typer.Exit(check(mappings, home, console()))


@app.command("show")
def service_show(service: Id, mappings: Folder = None, home: Home = HERE, lang: Lang = Language.EN) -> None:
    """Tell what a service does, as a tree."""
    from hub.commands.servicefiles import show

    raise typer.Exit(show(service, mappings, home, lang, console()))


@app.command("graph")
def service_graph(
    service: Id,
    mappings: Folder = None,
    home: Home = HERE,
    lang: Lang = Language.EN,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write; default: standard output.")] = None,
) -> None:
    """Draw a service as SVG."""
    from hub.commands.servicefiles import graph

    raise typer.Exit(graph(service, mappings, home, lang, out))
