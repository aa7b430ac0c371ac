"""`hub track`: where a container, vehicle or parcel was seen, and what is odd about it."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from hub.clock import SECOND, iso, now
from hub.commands.columns import columns
from hub.commands.home import reading
from hub.config.units import microseconds
from hub.errors import HubError
from hub.store import tracks as store
from hub.tracks.checks import Oddity, Remark, disorder, gaps, leaps
from hub.tracks.values import MICRODEGREES, Sighting

_HEAD = ("at", "kind", "event", "place", "position", "source")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for, each only if it is given: a duration (``24h``), km/h, events in their right order."""

    gap: str = ""
    speed: int = 0
    order: tuple[str, ...] = ()


def track(home: Path, subject: str, kind: str, wanted: Wanted, limit: int) -> tuple[list[Sighting], list[Remark]]:
    """The newest sightings, the oldest first, and what is odd. Raises HubError for a subject that nobody saw."""
    with reading(home) as connection:
        rows = store.of_subject(connection, subject, kind, limit)
    if not rows:
        raise HubError(f"nobody has told of {subject}")
    seen = [Sighting(**{name: row[name] for name in Sighting._fields}) for row in rows]
    return seen, remarks(seen, wanted)


def remarks(seen: list[Sighting], wanted: Wanted) -> list[Remark]:
    """What is odd about each kind of subject by itself. Raises HubError for a duration that is none."""
    try:
        longest = microseconds(wanted.gap) if wanted.gap else 0
    except ValueError as error:
        raise HubError(f"--gap {wanted.gap}: {error}") from error
    found: list[Remark] = []
    for _, group in groupby(sorted(seen, key=lambda one: one.kind), key=lambda one: one.kind):
        mine = list(group)
        found += disorder(mine, wanted.order) if wanted.order else []
        found += gaps(mine, longest, now()) if longest else []
        found += leaps(mine, wanted.speed) if wanted.speed else []
    return found


def lines(seen: list[Sighting], odd: list[Remark]) -> list[str]:
    """For people."""
    rows = [(iso(one.at), one.kind, one.event, one.place, _position(one), one.source) for one in seen]
    return [*columns(_HEAD, rows), *(_sentence(remark) for remark in odd)]


def as_json(seen: list[Sighting], odd: list[Remark]) -> dict[str, Any]:
    """For programs."""
    told = [one._asdict() | {"at": iso(one.at)} for one in seen]
    return {"sightings": told, "remarks": [{"kind": one.oddity.value, "text": _sentence(one)} for one in odd]}


def _position(sighting: Sighting) -> str:
    if sighting.latitude is None or sighting.longitude is None:
        return "–"
    return f"{sighting.latitude / MICRODEGREES:.6f} {sighting.longitude / MICRODEGREES:.6f}"


def _sentence(remark: Remark) -> str:
    before = f"{remark.before.event} at {remark.before.place}, {iso(remark.before.at)}"
    after = f"{remark.after.event} at {remark.after.place}, {iso(remark.after.at)}" if remark.after else "now"
    what = {
        Oddity.ORDER: "out of order",
        Oddity.GAP: f"nothing for {remark.value // (60 * SECOND)} minutes",
        Oddity.SPEED: f"{remark.value} km/h",
    }
    return f"{remark.oddity.value}: {what[remark.oddity]} between {before} and {after}"
