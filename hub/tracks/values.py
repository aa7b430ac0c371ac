"""Sightings: one event of one subject at a time and place. Times in µs, coordinates in millionths of a degree."""

from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

_EARTH = 6_371_009  # metres: the mean radius (IUGG)
MICRODEGREES = 1_000_000


class Sighting(NamedTuple):
    """``kind``: of the subject (``container``, ``vehicle``, ``parcel``, ``persons``); ``event``: what happened
    (``gate-in``, ``loaded``); ``source``: the case, partner or transmission that told of it."""

    kind: str
    subject: str
    at: int
    event: str
    place: str
    source: str
    latitude: int | None = None
    longitude: int | None = None

    @property
    def located(self) -> bool:
        """Whether it has coordinates."""
        return self.latitude is not None and self.longitude is not None


class Seen(NamedTuple):
    """It is in the track; ``repeated``: it was before, whoever told of it."""

    sighting: Sighting
    repeated: bool = False


class Why(StrEnum):
    """Why a sighting is not taken."""

    FUTURE = "future"  # it lies more than a day ahead
    PLACE = "place"  # coordinates that are not on Earth, or one of two
    SIZE = "size"  # a text is empty, or too long to be kept


class Refused(NamedTuple):
    """It is not taken."""

    why: Why


def metres(one: Sighting, other: Sighting) -> int | None:
    """The distance between two sightings over the ground (haversine); None when one has no coordinates.

    >>> changsha = Sighting("train", "X8001", 0, "departed", "Changsha", "", 28_228_000, 112_939_000)
    >>> metres(changsha, changsha._replace(latitude=39_904_000, longitude=116_407_000)) // 1000
    1336
    """
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, south = radians(one.latitude / MICRODEGREES), radians(other.latitude / MICRODEGREES)
    east = radians((other.longitude - one.longitude) / MICRODEGREES)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return round(2 * _EARTH * asin(min(1.0, sqrt(half))))
