"""`hub map`: the commands of the mapping workbench; argument parsing only."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.options import HERE, Home, Json, Lang, console
from hub.model.finding import Language

app = typer.Typer(help="Run, check, test and explain mappings.", no_args_is_help=True)

MappingFile = Annotated[Path, typer.Argument(help="The mapping's TOML file.", exists=True, dir_okay=False)]
MessageFile = Annotated[Path, typer.Argument(help="A message that it maps from.", exists=True, dir_okay=False)]
MapFolder = Annotated[Path | None, typer.Argument(help="The mappings' folder; default: the home's.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Where to write it; default: standard output.")]
PackFile = Annotated[Path, typer.Argument(help="A pack.", metavar="PACK", exists=True, dir_okay=False)]
By = Annotated[str, typer.Option(help="Who does it, as hub.toml names the person.")]
Field = Annotated[str, typer.Option(help="Only this field of the target, or what is below it.", metavar="PATH")]


@app.command("run")
def map_run(mapping: MappingFile, file: MessageFile, home: Home = HERE, lang: Lang = Language.EN) -> None:
    """Map FILE with MAPPING and print the result; findings go to standard error."""
    from hub.commands.maps import run_mapping

    raise typer.Exit(run_mapping(mapping, file, home, lang))


@app.command("check")
def map_check(folder: MapFolder = None, home: Home = HERE) -> None:
    """Check every mapping and service of a folder against the schemas."""
    from hub.commands.maps import check_mappings

    raise typer.Exit(check_mappings(folder, home, console()))


@app.command("test")
def map_test(
    folder: MapFolder = None,
    generated: Annotated[int, typer.Option(help="Try so many generated messages of each source too.", min=0)] = 0,
    home: Home = HERE,
) -> None:
    """Run the golden samples beside the mappings of a folder, and show what differs.

    With --generated every message must become one that its target accepts, or findings must say why not.
    """
    from hub.commands.maps import test_mappings

    raise typer.Exit(test_mappings(folder, home, console(), generated))


@app.command("coverage")
def map_coverage(
    mapping: MappingFile,
    samples: Annotated[Path | None, typer.Argument(help="A message or a folder of them; default: its own.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """What of the source no row reads and what of the target none sets: by the schemas, and in samples."""
    from hub.commands.coverage import show_coverage

    show_coverage(mapping, samples, home, console(), as_json=as_json)


@app.command("new")
def map_new(
    source: Annotated[str, typer.Argument(help="What is read: a schema id, or a short form of one.", metavar="FROM")],
    target: Annotated[str, typer.Argument(help="What is written.", metavar="TO")],
    given: Annotated[Path, typer.Argument(help="A message of FROM.", metavar="SAMPLE_IN", exists=True, dir_okay=False)],
    wanted: Annotated[Path, typer.Argument(help="What it shall become.", metavar="SAMPLE_OUT", exists=True)],
    out: Out = None,
    home: Home = HERE,
) -> None:
    """Propose a first draft of a mapping from two messages, by values and names; every row says why."""
    from hub.commands.drafts import propose_mapping

    propose_mapping(source, target, given, wanted, out, home)


@app.command("reverse")
def map_reverse(
    mapping: MappingFile,
    out: Out = None,
    to: Annotated[str, typer.Option(help="The type to lead back to, where it reads several; default: the first.")] = "",
    home: Home = HERE,
) -> None:
    """Write the mapping in the other direction, as far as its rows can be inverted; what cannot stands in comments."""
    from hub.commands.drafts import reverse_mapping

    reverse_mapping(mapping, out, to, home)


@app.command("explain")
def map_explain(
    mapping: MappingFile,
    file: MessageFile,
    field: Field = "",
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """Tell for each field that MAPPING writes from FILE where it comes from, what was done to it, and by which row."""
    from hub.commands.lineage import explain_mapping

    raise typer.Exit(explain_mapping(mapping, file, field, home, as_json=as_json))


@app.command("pack")
def map_pack(
    words: Annotated[list[str], typer.Argument(help="A service to pack; or: diff, and two packs or service folders.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Default: SERVICE-VERSION.pack.")] = None,
    version: Annotated[str, typer.Option(help="Default: the first digits of the content's digest.")] = "",
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """Write a service folder with its code tables as one signed file; or tell what differs between two of them."""
    from hub.commands import packs

    if words[0] == "diff" and len(words) == 3:
        raise typer.Exit(packs.compare(words[1], words[2], home, console(), as_json=as_json))
    if len(words) != 1:
        raise typer.BadParameter("write `hub map pack SERVICE`, or `hub map pack diff A B`")
    packs.make_pack(words[0], out, version, home, console())


@app.command("verify")
def map_verify(
    pack: PackFile,
    key: Annotated[str, typer.Option(help="The key that signed it, as `hub map pack` prints it; default: own.")] = "",
    home: Home = HERE,
) -> None:
    """Verify a pack: its shape, every digest, the signature."""
    from hub.commands.packs import verify_pack

    raise typer.Exit(verify_pack(pack, key, home, console()))


@app.command("activate")
def map_activate(
    pack: PackFile,
    at: Annotated[str, typer.Option(help="When it shall be in force: 2026-12-01T08:00:00+08:00, or now.")],
    by: By,
    key: Annotated[str, typer.Option(help="The key that signed it; default: own.")] = "",
    home: Home = HERE,
) -> None:
    """Keep a pack, and ask two persons whether it shall be in force from a time on (`hub approve`)."""
    from hub.commands.packs import activate

    activate(pack, at, by, key, home, console())


@app.command("rollback")
def map_rollback(
    service: Annotated[str, typer.Argument(help="The service whose pack is taken back.")], by: By, home: Home = HERE
) -> None:
    """Take back the pack that is in force for a service, at once: what was in force before is again."""
    from hub.commands.packs import roll_back

    roll_back(service, by, home, console())


@app.command("packs")
def map_packs(
    home: Home = HERE, as_json: Json = False, limit: Annotated[int, typer.Option(help="Rows.", min=1)] = 20
) -> None:
    """List the activations of packs, the newest first."""
    from hub.commands.packs import list_packs

    list_packs(limit, home, console(), as_json=as_json)


@app.command("shadow")
def map_shadow(
    new: Annotated[Path, typer.Argument(help="A mapping file, or a pack.", exists=True, dir_okay=False)],
    last: Annotated[int, typer.Option(help="How many messages of the store.", min=1)] = 100,
    expect: Annotated[list[str] | None, typer.Option(help="A field that may differ, with what is below it.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """Map the last messages of the store anew by another version, and tell what would differ; nothing is delivered.

    Exit code 1 when something differs that --expect does not name.
    """
    from hub.commands.shadow import shadow

    raise typer.Exit(shadow(new, last, expect or [], home, console(), as_json=as_json))
