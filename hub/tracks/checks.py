"""What is odd about a track: events out of order, gaps, speeds that nothing reaches. Pure; sightings in any order."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from hub.clock import SECOND
from hub.tracks.values import Sighting, metres

SLACK = 60 * SECOND
"""Times are often told to the minute: two places may be so much farther apart in time than they say."""
_HOUR = 3600 * SECOND


class Oddity(StrEnum):
    """What is odd."""

    ORDER = "order"  # an event came before one that must precede it
    GAP = "gap"  # nothing was heard for too long
    SPEED = "speed"  # nothing moves so fast


class Remark(NamedTuple):
    """``value``: of a gap its length in µs, of a speed its km/h. ``after`` is None where the gap goes on until now."""

    oddity: Oddity
    before: Sighting
    after: Sighting | None
    value: int = 0


def disorder(sightings: Iterable[Sighting], events: Sequence[str]) -> Iterator[Remark]:
    """Where an event follows one that ``events`` (in their right order) names after it. The first of ``events`` may
    always follow: it begins another round. Events that are not named there do not matter."""
    place = {event: number for number, event in enumerate(events)}
    known = sorted((one for one in sightings if one.event in place), key=lambda one: (one.at, place[one.event]))
    for before, after in pairwise(known):
        if 0 < place[after.event] < place[before.event]:
            yield Remark(Oddity.ORDER, before, after)


def gaps(sightings: Iterable[Sighting], longest: int, until: int | None = None) -> Iterator[Remark]:
    """Where more than ``longest`` (µs) passed between two sightings, or between the last one and ``until``."""
    known = sorted(sightings, key=_time)
    for before, after in pairwise(known):
        if after.at - before.at > longest:
            yield Remark(Oddity.GAP, before, after, after.at - before.at)
    if known and until is not None and until - known[-1].at > longest:
        yield Remark(Oddity.GAP, known[-1], None, until - known[-1].at)


def leaps(sightings: Iterable[Sighting], fastest: int) -> Iterator[Remark]:
    """Where the subject would have moved faster than ``fastest`` km/h, between sightings that have coordinates."""
    for before, after in pairwise(sorted((one for one in sightings if one.located), key=_time)):
        speed = (metres(before, after) or 0) * _HOUR // (1000 * (after.at - before.at + SLACK))
        if speed > fastest:
            yield Remark(Oddity.SPEED, before, after, speed)


def _time(sighting: Sighting) -> int:
    return sighting.at
