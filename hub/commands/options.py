"""Options that many commands share, and where they write to people."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.model.finding import Language

if TYPE_CHECKING:
    from rich.console import Console

Home = Annotated[Path, typer.Option("--home", help="The folder with hub.toml.", envvar="HUB_HOME")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of findings.")]
HERE = Path()


@cache
def console() -> "Console":
    """Where people read: coloured on a terminal, plain elsewhere. Made when first written to, since it takes long."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)
