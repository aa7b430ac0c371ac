"""Events out of order, gaps, and speeds that nothing reaches."""

import pytest

from hub.tracks.checks import SLACK, Oddity, Remark, disorder, gaps, leaps
from hub.tracks.values import Sighting, metres

HOUR = 3_600_000_000
ORDER = ("gate-in", "loaded", "departed", "arrived")
CHANGSHA, BEIJING = (28_228_000, 112_939_000), (39_904_000, 116_407_000)


def seen(at: int, event: str = "gate-in", where: tuple[int, int] | None = None) -> Sighting:
    return Sighting("train", "X8001", at, event, "somewhere", "CS-1", *(where or (None, None)))


def events(*names: str) -> list[Sighting]:
    return [seen(at * HOUR, name) for at, name in enumerate(names)]


@pytest.mark.parametrize(
    ("told", "odd"),
    [
        ((), []), (("loaded",), []), (ORDER, []), (("gate-in", "departed", "arrived"), []),
        ((*ORDER, "gate-in", "loaded"), []), (("loaded", "loaded"), []),
        (("departed", "loaded"), [("departed", "loaded")]),
        (("gate-in", "arrived", "weighed", "loaded", "departed"), [("arrived", "loaded")]),
    ],
)  # fmt: skip
def test_order(told: tuple[str, ...], odd: list[tuple[str, str]]) -> None:
    found = list(disorder(reversed(events(*told)), ORDER))
    assert [(one.before.event, one.after.event) for one in found if one.after] == odd
    assert all(one.oddity is Oddity.ORDER for one in found)


def test_events_at_the_same_moment_are_in_order() -> None:
    assert list(disorder([seen(5, name) for name in reversed(ORDER)], ORDER)) == []


def test_gaps_between_sightings_and_until_now() -> None:
    first, second, third = (seen(at * HOUR) for at in (0, 3, 4))
    assert list(gaps([third, first, second], 2 * HOUR)) == [Remark(Oddity.GAP, first, second, 3 * HOUR)]
    assert list(gaps([third], 2 * HOUR, 6 * HOUR)) == []
    assert list(gaps([third], 2 * HOUR, 6 * HOUR + 1)) == [Remark(Oddity.GAP, third, None, 2 * HOUR + 1)]
    assert list(gaps([], HOUR, HOUR * 9)) == []


def test_speed() -> None:
    """Changsha to Beijing: 1,336 km as the crow flies."""
    there, here = seen(0, where=CHANGSHA), seen(4 * HOUR, where=BEIJING)
    (one,) = leaps([here, seen(HOUR), there], 300)
    assert (one.before, one.after, one.value) == (there, here, 332)
    assert list(leaps([there, here], 332)) == []
    assert list(leaps([there, seen(HOUR), seen(2 * HOUR)], 1)) == [], "without coordinates nothing is known"


def test_times_told_to_the_minute_are_no_leap() -> None:
    near = (28_228_000, 112_949_000)  # a kilometre to the east
    assert list(leaps([seen(0, where=CHANGSHA), seen(0, where=near)], 120)) == []
    assert list(leaps([seen(0, where=CHANGSHA), seen(0, where=BEIJING)], 120))[0].value > 1000 * SLACK // HOUR


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ((0, 0), (0, 180_000_000), 20_015), ((90_000_000, 0), (-90_000_000, 50_000_000), 20_015),
        ((0, 179_500_000), (0, -179_500_000), 111), (CHANGSHA, CHANGSHA, 0),
        ((48_856_600, 2_352_200), (51_507_400, -127_800), 343),
    ],
)  # fmt: skip
def test_distances(one: tuple[int, int], other: tuple[int, int], kilometres: int) -> None:
    distance = metres(seen(0, where=one), seen(0, where=other))
    assert distance is not None
    assert distance // 1000 == kilometres
    assert distance == metres(seen(0, where=other), seen(0, where=one))
    assert metres(seen(0, where=one), seen(0)) is None
