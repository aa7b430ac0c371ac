"""What `hub service` does. In a home its partners are known; without one, any partner that a service names is."""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.balances.books import load_books
from hub.commands.maps import settings_of
from hub.config.configuration import load_configuration
from hub.config.settings import FILE
from hub.errors import ConfigError, HubError
from hub.mapping.loader import Mappings
from hub.model.finding import Language
from hub.model.partner import Limits, Partner, Title, X12Id, X12Party
from hub.schema.catalog import Catalog
from hub.services.drawing import svg
from hub.services.loader import FILE as SERVICE
from hub.services.loader import load_services
from hub.services.outline import outline
from hub.services.service import Service, Services


def check(mappings: Path | None, home: Path, console: Console) -> int:
    """Tell every problem of every service; 1 when there is one."""
    try:
        services = services_of(mappings, home)
    except ConfigError as error:
        for problem in error.problems:
            console.print(escape(problem))
        console.print(f"{len(error.problems)} problems")
        return 1
    for service in services.by_id.values():
        console.print(
            f"{service.id}: {len(service.legs)} legs, {len(service.checks)} checks, {len(service.lanes)} lanes"
        )
    console.print(f"{len(services.by_id)} services, 0 problems")
    return 0


def show(id_: str, mappings: Path | None, home: Path, language: Language, console: Console) -> int:
    """Tell what the service ``id_`` does."""
    for line in outline(_service(id_, mappings, home), language):
        console.print(escape(line))
    return 0


def graph(id_: str, mappings: Path | None, home: Path, language: Language, out: Path | None) -> int:
    """Draw the service ``id_``."""
    drawn = svg(_service(id_, mappings, home), language)
    if out is None:
        sys.stdout.write(drawn)
    else:
        out.write_text(drawn, "utf-8")
    return 0


def _service(id_: str, mappings: Path | None, home: Path) -> Service:
    services = services_of(mappings, home).by_id
    if id_ not in services:
        raise HubError(f"no service is called {id_}; there are {', '.join(sorted(services))}")
    return services[id_]


def services_of(mappings: Path | None, home: Path) -> Services:
    """The services in ``mappings`` (default: the home's). Raises ConfigError with every problem."""
    paths = settings_of(home).paths
    root = mappings or paths.mappings
    catalog = Catalog(paths.schemas)
    partners = load_configuration(home).partners if (home / FILE).exists() and not mappings else _named(root)
    return load_services(root, catalog, Mappings(root, catalog), partners, load_books(root))


def _named(root: Path) -> Mapping[str, Partner]:
    """The agencies that the services under ``root`` name, as partners who can do everything."""
    found = {}
    for path in root.glob(f"*/{SERVICE}"):
        try:
            lanes = tomllib.loads(path.read_text("utf-8")).get("lanes", {})
        except (OSError, ValueError):
            continue  # loading it will say what is wrong
        for lane in lanes.values() if isinstance(lanes, dict) else ():
            if isinstance(lane, dict) and isinstance(name := lane.get("agency"), str):
                able = X12Party((X12Id(name.upper()[:15]),))
                found[name] = Partner(name, Title(name, name), frozenset(), (), Limits(1, 1), x12=able)
    return found
