"""`hub map`: run, check and test mappings."""

import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.balances.books import load_books
from hub.commands.findings import line
from hub.config.configuration import load_configuration
from hub.config.settings import FILE, default_settings, load_settings
from hub.errors import ConfigError
from hub.mapping import workbench
from hub.mapping.loader import Mappings, load
from hub.mapping.trials import generated
from hub.model.finding import Language
from hub.model.settings import Settings
from hub.schema.catalog import Catalog
from hub.services.loader import load_services

_SHOWN = 5  # wrong outputs of one mapping that are shown


def run_mapping(mapping: Path, file: Path, home: Path, language: Language) -> int:
    """Map ``file`` and print what came out; findings go to standard error. 1 when there is an error among them."""
    catalog = Catalog(settings_of(home).paths.schemas)
    trial = workbench.run(load(mapping, catalog), file.read_bytes(), catalog)
    for output in trial.outputs:
        sys.stdout.buffer.write(output)
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    for finding in trial.findings:
        complaints.print(line(finding, language))
    return 0 if trial.valid else 1


def check_mappings(folder: Path | None, home: Path, console: Console) -> int:
    """Check the mappings in ``folder`` (default: the home's), and with them the services that use them."""
    settings = settings_of(home)
    root = folder or settings.paths.mappings
    catalog = Catalog(settings.paths.schemas)
    problems = workbench.check([root], catalog)
    if not problems and (home / FILE).exists():
        try:
            load_services(root, catalog, Mappings(root, catalog), load_configuration(home).partners, load_books(root))
        except ConfigError as error:
            problems = error.problems
    for problem in problems:
        console.print(escape(problem))
    console.print(f"{len(workbench.files([root]))} mappings, {len(problems)} problems")
    return 1 if problems else 0


def test_mappings(folder: Path | None, home: Path, console: Console, count: int) -> int:
    """Run the golden samples in ``folder`` (default: the home's); differences are shown. 1 when there is one.

    ``count`` generated messages of each source follow; 1 when an output is wrong and no finding says so.
    """
    settings = settings_of(home)
    root, catalog = folder or settings.paths.mappings, Catalog(settings.paths.schemas)
    passed = failed = 0
    for outcome in workbench.golden(root, catalog):
        passed += not outcome.diff
        failed += bool(outcome.diff)
        console.print(f"{'[red]differs[/]' if outcome.diff else '[green]passes[/]'}  {escape(str(outcome.sample))}")
        console.print(escape(outcome.diff), end="")
    console.print(f"{passed} passed, {failed} failed")
    faults = sum(_tried(file, catalog, console, count) for file in workbench.files([root])) if count else 0
    return 1 if failed or faults else 0


def _tried(file: Path, catalog: Catalog, console: Console, count: int) -> int:
    """Try the mapping of ``file`` on generated messages; returns how many outputs were wrong without a finding."""
    mapping = load(file, catalog)
    tries = list(generated(file, mapping, catalog, count))
    faulty = [one for one in tries if one.faults]
    mapped = sum(one.mapped for one in tries)
    told = f"{len(tries)} generated, {mapped} mapped, {len(tries) - mapped - len(faulty)} with findings"
    console.print(f"{'[red]faulty[/]' if faulty else '[green]sound[/]'}   {mapping.id}: {told}, {len(faulty)} wrong")
    for one in faulty[:_SHOWN]:
        console.print(escape(f"  {one.source} {one.made} {one.seed}: {line(one.faults[0], Language.EN)}"))
    return len(faulty)


def settings_of(home: Path) -> Settings:
    """What the hub.toml of ``home`` says, or the defaults where there is none."""
    return load_settings(home) if (home / FILE).exists() else default_settings(home)
