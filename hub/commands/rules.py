"""`hub rules`: argument parsing only."""

from typing import Annotated

import typer

from hub.commands.options import HERE, Home, Json, Lang, console
from hub.model.finding import Language

app = typer.Typer(help="Look at the rules that services check their facts by, and try them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The rule.")]


@app.command("list")
def rules_list(as_json: Json = False, lang: Lang = Language.EN) -> None:
    """List the rules: what each demands."""
    from hub.commands.rulebook import list_rules

    list_rules(console(), lang, as_json=as_json)


@app.command("show")
def rules_show(name: Name, lang: Lang = Language.EN) -> None:
    """Show a rule: its parameters, an example, and the words of what it finds."""
    from hub.commands.rulebook import show_rule

    show_rule(name, console(), lang)


@app.command("try")
def rules_try(
    name: Name,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="Parameters (key=value; lists with commas) and facts (leg.fact=value, again for each further value). "
            "Without parameters those of the example are taken.",
            metavar="KEY=VALUE…",
        ),
    ] = None,
    home: Home = HERE,
    as_json: Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Try a rule on facts, and print what it finds; exit code 1 when it finds anything."""
    from hub.commands.rulebook import try_rule

    raise typer.Exit(try_rule(home, name, words or [], console(), lang, as_json=as_json))
