"""A service told to people: what comes in, what must hold, where it goes and when, what moves, who hears of it."""

from collections.abc import Iterator

from hub.clock import SECOND
from hub.model.finding import Language
from hub.model.partner import Title
from hub.services.service import LanePlan, Leg, Part, Service, Writing

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def outline(service: Service, language: Language) -> Iterator[str]:
    """The service as a tree, one line at a time."""
    yield f"{service.id}  {said(service.title, language)}"
    yield from _tree("legs", [_leg(leg, service) for leg in service.legs])
    yield from _tree("match", _match(service))
    yield from _tree("checks", [f"{one.rule}: {', '.join(one.operands)}; else {one.refuse}" for one in service.checks])
    yield from _tree("must be on file", [f"{one.kind}; else {one.objection.code}" for one in service.requirements])
    yield from _tree("balances", [f"{one.name} in {one.book}: {_steps(one.steps)}" for one in service.postings])
    yield from _tree("approvals", [_consent(service, number, language) for number in range(len(service.consents))])
    yield from _tree("lanes", [_lane(lane, language) for lane in in_order(service)])
    yield from _tree("filed", [f"{one.kind} at {', '.join(sorted(one.on))}" for one in service.recordings])
    yield from _tree(
        "tracked", [f"{one.kind} {one.event} at {', '.join(sorted(one.on))}" for one in service.footprints]
    )
    yield from _tree("replies", [f"{leg}: {', '.join(kinds(service, leg))}" for leg in service.replies], last=True)


def in_order(service: Service) -> list[LanePlan]:
    """The lanes, each behind those that it waits for."""
    depths = {lane.name: depth(service, lane) for lane in service.lanes}
    return sorted(service.lanes, key=lambda lane: depths[lane.name])


def depth(service: Service, lane: LanePlan, seen: frozenset[str] = frozenset()) -> int:
    """How many lanes must have spoken before this one opens, one after another."""
    names = {event.partition(".")[0] for event in lane.after}
    before = [one for one in service.lanes if one.name in names - seen and one is not lane]
    return 1 + max((depth(service, one, seen | {lane.name}) for one in before), default=-1)


def kinds(service: Service, leg: str) -> list[str]:
    """What answers the sender of a leg, in short."""
    return sorted({reply.kind.upper() for reply in service.replies.get(leg, {}).values()})


def said(title: Title, language: Language) -> str:
    """A title in a language."""
    return title.zh if language is Language.ZH else title.en


def span(micros: int) -> str:
    """A time as it is written in TOML.

    >>> span(30 * 60 * SECOND)
    '30m'
    """
    seconds = micros // SECOND
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size and not seconds % size), ("s", 1))
    return f"{seconds // size}{unit}"


def _tree(title: str, items: list[str], *, last: bool = False) -> Iterator[str]:
    if not items:
        return
    yield f"{'└─' if last else '├─'} {title}"
    for number, item in enumerate(items, 1):
        yield f"{'   ' if last else '│  '}{'└─' if number == len(items) else '├─'} {item}"


def _leg(leg: Leg, service: Service) -> str:
    marks = " (opens a case)" if leg.name == service.match.anchor else ""
    marks = marks or ("" if leg.name in service.match.legs else " (follows)")
    return f"{leg.name}{marks}: {', '.join(leg.types)} from {', '.join(sorted(leg.roles))}"


def _match(service: Service) -> list[str]:
    if len(service.match.legs) == 1:
        return []
    keys = [f"by {name}: {' + '.join(facts)}" for name, facts in service.leg(service.match.anchor).keys.items()]
    return [f"{', '.join(service.match.legs)} within {span(service.match.within)}", *keys]


def _steps(steps: object) -> str:
    assert isinstance(steps, dict)
    return ", ".join(f"{step} at {event}" for event, step in steps.items())


def _consent(service: Service, number: int, language: Language) -> str:
    one = service.consents[number]
    who = f"{one.persons} person{'s' if one.persons > 1 else ''}{f' with the role {one.role}' if one.role else ''}"
    return f"{one.name} ({said(one.title, language)}): {who} within {span(one.within)}, at {one.on}"


def _lane(lane: LanePlan, language: Language) -> str:
    after = f", after {' and '.join(lane.after)}" if lane.after else ""
    parts = ", ".join(_part(part) for part in lane.parts)
    how = "told" if lane.copy else f"answers within {span(lane.within)}"
    signed = "" if lane.signature.value == "none" else f", {lane.signature.value}"
    condition = ", on a condition" if lane.when else ""
    whom = lane.address.fact if lane.address else lane.agency
    return f"{lane.name} ({said(lane.title, language)}, {whom}): {parts}{signed}; {how}{after}{condition}"


def _part(part: Part) -> str:
    return (
        part.leg
        if part.writing is not Writing.MAPPING
        else f"{part.leg} by {', '.join(sorted(set(part.mappings.values())))}"
    )
