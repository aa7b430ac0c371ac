"""``mappings/<service>/service.toml`` → a frozen Service, checked against schemas, mappings, rules and partners; every
problem of every service is told at once as ``file:line: key: what and how to mend``."""

from collections.abc import Mapping
from pathlib import Path

from hub.balances.books import Books
from hub.config.located import KeyPath, load, validate
from hub.errors import ConfigError
from hub.mapping.loader import Mappings
from hub.model.partner import Partner
from hub.schema.catalog import Catalog
from hub.services.conduct import load_checks
from hub.services.effects import (
    load_consents,
    load_footprints,
    load_postings,
    load_recordings,
    load_requirements,
)
from hub.services.lanes import load_lanes, load_notices, load_replies
from hub.services.legs import facts_of, load_legs, load_match
from hub.services.scope import Scope
from hub.services.service import Service, Services
from hub.services.table import File
from hub.services.vocabulary import Vocabulary

FILE = "service.toml"
LANE_EVENTS = ("opened", "accepted", "refused", "inspection", "told", "overdue")
CONSENT_EVENTS = ("approved", "rejected", "expired")


def load_services(
    root: Path, catalog: Catalog, mappings: Mappings, partners: Mapping[str, Partner], books: Books
) -> Services:
    """The services of the folders under ``root``. Raises ConfigError with every problem of all of them."""
    found: dict[str, Service] = {}
    problems: list[str] = []
    for path in sorted(root.glob(f"*/{FILE}")):
        try:
            service = _service(path.parent.name, Scope(load(path), catalog, mappings, partners, books))
            found[service.id] = service
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return Services(found)


def _service(folder: str, scope: Scope) -> Service:
    file = validate(File, scope.toml)
    head = file.service
    if head.id != folder:
        scope.problem(("service", "id"), f"the folder is called {folder}; give the service the same name")
    reasons = scope.codes(head.reasons, ("service", "reasons"))
    words = Vocabulary({name: facts_of(table) for name, table in file.legs.items()})
    legs = load_legs(file, words, reasons, scope)
    match = load_match(file, legs, scope)
    service = Service(
        id=head.id,
        title=head.title.value(),
        retention=head.retention,
        legs=tuple(legs.values()),
        match=match,
        lanes=load_lanes(file, legs, words, scope),
        replies=load_replies(file, match.anchor, scope),
        checks=load_checks(file, words, reasons, scope),
        postings=load_postings(file, words, reasons, scope),
        consents=load_consents(file, words, scope),
        requirements=load_requirements(file, words, reasons, scope),
        recordings=load_recordings(file, words, scope),
        footprints=load_footprints(file, words, scope),
        notices=load_notices(file, legs, scope),
        reasons=reasons,
    )
    _check_events(service, scope)
    scope.raise_problems()
    return service


def _check_events(service: Service, scope: Scope) -> None:
    """Every event that a lane, a posting or an approval waits for must be one that can happen."""
    happen = {"matched", "case.refused", "case.cancelled"}
    happen |= {f"{lane.name}.{state}" for lane in service.lanes for state in LANE_EVENTS}
    happen |= {f"{consent.name}.{state}" for consent in service.consents for state in CONSENT_EVENTS}
    happen |= {f"{leg.name}.joined" for leg in service.legs if leg.name not in service.match.legs}
    named: list[tuple[KeyPath, str]] = [
        (("lanes", lane.name, "after"), event) for lane in service.lanes for event in lane.after
    ]
    named += [(("legs", leg.name, "after"), event) for leg in service.legs for event in leg.after]
    named += [(("posting", index), event) for index, one in enumerate(service.postings) for event in one.steps]
    named += [(("approvals", one.name, "on"), one.on) for one in service.consents]
    named += [(("filing", index, "on"), event) for index, one in enumerate(service.recordings) for event in one.on]
    named += [(("track", index, "on"), event) for index, one in enumerate(service.footprints) for event in one.on]
    for at, event in named:
        if event not in happen:
            scope.problem(at, f"nothing is called {event}; there are {', '.join(sorted(happen))}")
