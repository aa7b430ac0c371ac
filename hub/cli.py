"""The `hub` command: argument parsing only; what the commands do is in ``hub.commands`` and below."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.commands import blocks, codes, rules, services, workbench
from hub.commands.options import HERE, Home, Json, Lang, console
from hub.errors import ConfigError, HubError
from hub.model.finding import Language
from hub.model.form import Form

app = typer.Typer(
    help="Hub: a store-and-forward EDI exchange between those who trade and those who regulate.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ledger_app = typer.Typer(help="Verify and read the ledger.", no_args_is_help=True)
receipt_app = typer.Typer(help="Export and verify receipts.", no_args_is_help=True)
schema_app = typer.Typer(help="Look at message types, and make samples of them.", no_args_is_help=True)
guide_app = typer.Typer(help="Look at implementation guidelines, and check them.", no_args_is_help=True)
app.add_typer(schema_app, name="schema")
app.add_typer(guide_app, name="guide")
app.add_typer(codes.app, name="codes")
app.add_typer(workbench.app, name="map")
app.add_typer(rules.app, name="rules")
app.add_typer(services.app, name="service")
app.add_typer(ledger_app, name="ledger")
app.add_typer(receipt_app, name="receipt")
app.add_typer(blocks.balances, name="balances")
app.add_typer(blocks.approvals, name="approvals")
app.add_typer(blocks.filings, name="filings")
app.command()(blocks.approve)
app.command()(blocks.reject)
app.command()(blocks.track)

Type = Annotated[str, typer.Argument(help="A schema id, or a short form of one.", metavar="TYPE")]


@app.command()
def init(home: Annotated[Path, typer.Argument(help="The folder to make a home of.")] = HERE) -> None:
    """Make a home: keys, database, demo partners. What is there is kept."""
    from hub.setup import make_home

    for step in make_home(home):
        console().print(f"{'made' if step.made else 'kept'}  {step.name}")


@app.command()
def run(
    home: Home = HERE,
    port: Annotated[int | None, typer.Option(help="The SFTP port, instead of hub.toml's; 0 takes a free one.")] = None,
) -> None:
    """Run the hub in its home until Ctrl-C (or SIGTERM)."""
    from hub.commands.serve import serve

    serve(home, console(), port)


@app.command()
def demo(
    home: Home = HERE,
    once: Annotated[
        bool, typer.Option("--once", help="End when all is done; exit code 1 if anything went wrong.")
    ] = False,
) -> None:
    """Carry services end to end over real SFTP with the agencies' twins, and stay up until Ctrl-C."""
    from hub.commands.demo import play

    raise typer.Exit(play(home, console(), once=once))


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Files, and folders with all that is below them.", exists=True)],
    home: Home = HERE,
    as_json: Json = False,
    lang: Lang = Language.EN,
    guide: Annotated[
        list[str] | None,
        typer.Option(help="A guideline (id or file) to read EDIFACT by, before those that messages name."),
    ] = None,
    partner: Annotated[str, typer.Option(help="Read as what this partner of the home sends: by what is agreed.")] = "",
) -> None:
    """Detect and validate files, and say what is wrong where.

    Exit code 0: all are valid. 1: some have errors. 2: something cannot be read at all.
    """
    from hub.commands import check as checking

    files = list(checking.files(paths))
    colours = None if as_json else console().color_system
    look = checking.Look(lang, as_json, colours, checking.wished(home, guide or [], partner))
    raise typer.Exit(checking.print_all(files, checking.schemas_of(home), look))


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(help="Any file that `hub check` can read.", exists=True, dir_okay=False)],
    to: Annotated[Form, typer.Option("--to", help="json and xml hold every type, the others their own types.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write; default: standard output.")] = None,
    home: Home = HERE,
    lang: Lang = Language.EN,
) -> None:
    """Turn a file into another form, and back: JSON, XML, EDIFACT, X12, CSV, XLSX.

    Exit code 0: it was valid. 1: it has errors, which are printed, and was converted all the same. 2: it cannot be.
    """
    from hub.commands.convert import convert_file

    raise typer.Exit(convert_file(file, to, out, home, lang))


@app.command()
def status(
    home: Home = HERE, as_json: Json = False, limit: Annotated[int, typer.Option(help="Rows of each list.")] = 10
) -> None:
    """How the hub is doing: counts by state, the newest cases, what waits for a person."""
    from hub.commands import status as statuses
    from hub.commands.home import reading

    with reading(home) as connection:
        found = statuses.status(connection, limit)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        statuses.show(found, console())


@app.command()
def trace(
    word: Annotated[
        str,
        typer.Argument(
            help="A case, transmission or delivery; a trader's reference; a file's name; a control number.",
            metavar="ID",
        ),
    ],
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """The whole story of a case, with times."""
    from hub.commands.home import reading
    from hub.commands.story import tell

    with reading(home) as connection:
        story = tell(connection, word)
    if story is None:
        raise HubError(f"nothing is called {word}; `hub status` lists the newest cases")
    print(json.dumps(story.as_json(), ensure_ascii=False) if as_json else "\n".join(story.lines()))


@app.command()
def explain(
    delivery: Annotated[str, typer.Argument(help="A delivery (DL-…) that a mapping wrote.", metavar="ID")],
    field: Annotated[str, typer.Option(help="Only this field, or what is below it.", metavar="PATH")] = "",
    mappings: Annotated[Path | None, typer.Option(help="A folder with the version that wrote it.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """Where each field of what was delivered comes from: source element, functions, code rows, row and version."""
    from hub.commands.lineage import explain_delivery

    raise typer.Exit(explain_delivery(delivery, field, mappings, home, as_json=as_json))


@app.command()
def resend(
    subject: Annotated[
        str, typer.Argument(help="A delivery (DL-…), or a transmission (TR-…) that failed.", metavar="ID")
    ],
    home: Home = HERE,
) -> None:
    """Send a delivery again, the same bytes under the same name; or read a failed transmission again."""
    from hub.commands.resend import send_again

    console().print(send_again(home, subject))


@app.command()
def settle(
    item: Annotated[str, typer.Argument(help="The item (WK-…), as `hub status` lists it.")],
    by: Annotated[str, typer.Option(help="Who has dealt with it.")],
    note: Annotated[str, typer.Option(help="What was done.")] = "",
    home: Home = HERE,
) -> None:
    """Close an item of the work list in a person's name; the ledger records who, what and when."""
    from hub.commands.settle import settle as close

    console().print(close(home, item, by, note))


@app.command()
def sequences(home: Home = HERE, as_json: Json = False) -> None:
    """How far the numbers have come of partners who leave none out, and which are missing."""
    from hub.commands.sequences import list_sequences, table

    rows = list_sequences(home)
    print(json.dumps(rows, ensure_ascii=False) if as_json else "\n".join(table(rows)))


@app.command()
def twin(
    agency: Annotated[str, typer.Argument(help="The partner to play: customs, border, maritime …")],
    home: Home = HERE,
    port: Annotated[int | None, typer.Option(help="The SFTP port, where hub.toml says 0.")] = None,
    scenario: Annotated[Path | None, typer.Option(help="What goes wrong, and when (docs/twins.md).")] = None,
) -> None:
    """Simulate an agency: a separate process that uses only SFTP."""
    from hub.commands.twin import play

    play(home, agency, port, scenario)


@schema_app.command("list")
def schema_list(
    pattern: Annotated[str, typer.Argument(help="A part of the ids, or a pattern with * and ?.")] = "",
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """List the installed message types by their ids; exit code 1 when there is none such."""
    from hub.commands.schemas import list_types

    raise typer.Exit(list_types(home, pattern, as_json=as_json))


@schema_app.command("show")
def schema_show(
    type_: Type,
    home: Home = HERE,
    codes: Annotated[bool, typer.Option("--codes", help="The code lists too.")] = False,
    depth: Annotated[int | None, typer.Option(help="How many levels.", min=1)] = None,
    as_json: Json = False,
    guide: Annotated[str | None, typer.Option(help="As this guideline widens it.")] = None,
) -> None:
    """Show a message type: a tree with status and repetition (M, C), form, size of the code list, and name."""
    from hub.commands import schemas

    schema = schemas.schema_of(home, type_, guide)
    if as_json:
        schemas.show_json(schema, codes=codes)
    else:
        schemas.show(schema, console(), codes=codes, depth=depth)


@schema_app.command("json")
def schema_json(
    type_: Type,
    home: Home = HERE,
    codes: Annotated[bool, typer.Option("--codes/--no-codes", help="With the code lists.")] = True,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a message type's JSON form."""
    from hub.commands import schemas

    schemas.show_json_schema(schemas.schema_of(home, type_), codes=codes)


@schema_app.command("sample")
def schema_sample(
    type_: Type,
    home: Home = HERE,
    full: Annotated[
        bool, typer.Option("--full/--minimal", help="Everything optional once, or only what must be there.")
    ] = True,
    seed: Annotated[int, typer.Option(help="Another number, other values.")] = 0,
    to: Annotated[Form | None, typer.Option("--to", help="Another form than the type's own.")] = None,
) -> None:
    """Print a valid synthetic message of a type; the same seed always gives the same bytes."""
    from hub.commands.samples import sample
    from hub.schema.sampling import Extent

    sample(home, type_, Extent.FULL if full else Extent.MINIMAL, seed, to)


@guide_app.command("list")
def guide_list(home: Home = HERE, as_json: Json = False, lang: Lang = Language.EN) -> None:
    """List the implementation guidelines: for which messages, and what in UNH chooses each."""
    from hub.commands.guides import list_guides

    list_guides(home, console(), lang, as_json=as_json)


@guide_app.command("show")
def guide_show(
    guide: Annotated[str, typer.Argument(help="The guideline's id.", metavar="ID")],
    home: Home = HERE,
    lang: Lang = Language.EN,
) -> None:
    """Show what a guideline widens, with its own codes, and what it demands."""
    from hub.commands.guides import show_guide

    show_guide(home, guide, console(), lang)


@guide_app.command("check")
def guide_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Files; default: all that are installed.")] = None,
    home: Home = HERE,
) -> None:
    """Check guidelines against the messages they name; exit code 1 when one is wrong."""
    from hub.commands.guides import check_guides

    raise typer.Exit(check_guides(home, files or [], console()))


@ledger_app.command("verify")
def ledger_verify(
    home: Home = HERE,
    against: Annotated[Path | None, typer.Option(help="A file with a checkpoint that was kept elsewhere.")] = None,
    lang: Lang = Language.EN,
) -> None:
    """Recompute the whole ledger and compare the hub's state with it; exit code 1 when anything was altered."""
    from hub.commands.ledger import verify_ledger

    raise typer.Exit(verify_ledger(home, against, lang, console()))


@ledger_app.command("show")
def ledger_show(
    home: Home = HERE,
    first: Annotated[int, typer.Option(help="The number of the first entry.", min=0)] = 0,
    count: Annotated[int, typer.Option(help="How many entries.", min=1)] = 100,
) -> None:
    """Print entries of the ledger, one a line."""
    from hub.commands.ledger import show_entries

    show_entries(home, first, count)


@ledger_app.command("checkpoint")
def ledger_checkpoint(home: Home = HERE) -> None:
    """Print the newest signed checkpoint, to publish it and to keep it elsewhere."""
    from hub.commands.ledger import show_checkpoint

    show_checkpoint(home)


@receipt_app.command("export")
def receipt_export(
    case: Annotated[str, typer.Argument(help="A case or a transmission.", metavar="CASE")],
    home: Home = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write it; default: standard output.")
    ] = None,
    payloads: Annotated[bool, typer.Option(help="Put the bytes themselves into the receipt.")] = False,
) -> None:
    """Write the receipt of a case: its ledger entries with their proofs, which verify without the hub."""
    from hub.commands.ledger import export_receipt

    export_receipt(home, case, out, payloads=payloads)


@receipt_app.command("verify")
def receipt_verify(
    file: Annotated[Path, typer.Argument(help="The receipt.", exists=True, dir_okay=False)],
    key: Annotated[str, typer.Option(help="The ledger's verifier key, as published by the hub.")] = "",
    payload: Annotated[list[Path] | None, typer.Option(help="A file that the receipt should vouch for.")] = None,
    lang: Lang = Language.EN,
) -> None:
    """Verify a receipt offline, without a home; exit code 1 when it does not hold."""
    from hub.commands.ledger import verify_receipt

    raise typer.Exit(verify_receipt(file, key, payload or [], lang, console()))


def main() -> None:
    """Run the command; the hub's own errors, and files that cannot be used, are one plain message and exit code 2."""
    try:
        app()
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(2)
    except HubError as error:
        print(f"hub: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # a file that cannot be read or written where the command was told to
        print(f"hub: {error.filename or 'the operating system'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(2)
