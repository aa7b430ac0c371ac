"""Sightings are taken once, in whatever order they are told."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import tracks as store
from hub.store.database import Database
from hub.tracks.batch import AHEAD, Tracks
from hub.tracks.values import Refused, Seen, Sighting, Why

NOW = 1_790_000_000_000_000
SEEN = Sighting("container", "TGHU1234567", NOW, "gate-in", "CNCSX", "CS-1", 28_228_000, 112_939_000)


@contextmanager
def batch(database: Database, *subjects: str) -> Iterator[Tracks]:
    with database.write() as connection:
        tracks = Tracks.load(connection, [("container", subject) for subject in (*subjects, SEEN.subject)])
        yield tracks
        tracks.save(connection)


def test_the_same_sighting_is_taken_once_whoever_tells_of_it(database: Database) -> None:
    with batch(database) as tracks:
        assert tracks.add(SEEN, NOW) == Seen(SEEN)
        assert tracks.add(SEEN._replace(source="CS-2"), NOW) == Seen(SEEN, repeated=True)
    with batch(database) as tracks:
        assert tracks.add(SEEN._replace(source="CS-3", latitude=None, longitude=None), NOW + 9) == Seen(SEEN, True)
        for other in (
            {"at": NOW + 1}, {"event": "loaded"}, {"place": "CNSHA"}, {"subject": "OTHER"}, {"kind": "vehicle"},
        ):  # fmt: skip
            assert not tracks.add(SEEN._replace(**other), NOW).repeated  # type: ignore[union-attr, arg-type]
    with database.read() as connection:
        rows = store.of_subject(connection, SEEN.subject, "container", 10)
        assert [(row["at"], row["event"], row["place"], row["recorded_at"]) for row in rows][-1] == (
            NOW + 1, "gate-in", "CNCSX", NOW,
        )  # fmt: skip
        assert len(rows) == 4
        assert len(store.of_subject(connection, SEEN.subject, "", 10)) == 5
        assert len(store.of_subject(connection, SEEN.subject, "", 2)) == 2


def test_last_seen(database: Database) -> None:
    with batch(database) as tracks:
        assert tracks.last_seen("container", SEEN.subject) is None
        tracks.add(SEEN, NOW)
        later = SEEN._replace(at=NOW + 5)
        tracks.add(later, NOW)
        tracks.add(SEEN._replace(at=NOW - 5), NOW)
        assert tracks.last_seen("container", SEEN.subject) == later
        assert tracks.last_seen("container", "OTHER") is None
    with batch(database) as tracks:
        assert tracks.last_seen("container", SEEN.subject) == later


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"at": NOW + AHEAD + 1}, Why.FUTURE), ({"latitude": None}, Why.PLACE), ({"longitude": None}, Why.PLACE),
        ({"latitude": 90_000_001}, Why.PLACE), ({"longitude": -180_000_001}, Why.PLACE), ({"subject": ""}, Why.SIZE),
        ({"place": "x" * 201}, Why.SIZE),
    ],
)  # fmt: skip
def test_what_is_not_taken(database: Database, wrong: dict[str, int | str | None], why: Why) -> None:
    with batch(database) as tracks:
        assert tracks.add(SEEN._replace(**wrong), NOW) == Refused(why)  # type: ignore[arg-type]
        assert isinstance(tracks.add(SEEN._replace(at=NOW + AHEAD, latitude=-90_000_000), NOW), Seen)
    with database.read() as connection:
        assert len(store.of_subject(connection, SEEN.subject, "", 10)) == 1


def test_of_a_long_track_the_newest_are_loaded_and_older_ones_are_not_doubled(database: Database) -> None:
    with batch(database, "B") as tracks:
        for number in range(store.MOST + 50):
            for subject in (SEEN.subject, "B"):
                tracks.add(SEEN._replace(subject=subject, at=NOW - number), NOW)
    with batch(database, "B") as tracks:
        times = [one.at for one in tracks.of("container", "B")]
        assert times == [NOW - number for number in reversed(range(store.MOST))]
        assert len(tracks.of("container", SEEN.subject)) == store.MOST
        assert tracks.add(SEEN._replace(at=NOW - store.MOST - 7, source="again"), NOW) != Refused(Why.SIZE)
    with database.read() as connection:
        rows = store.of_subject(connection, SEEN.subject, "", 999)
    assert len(rows) == store.MOST + 50
    assert {row["source"] for row in rows} == {"CS-1"}


def test_what_is_undone_never_happened(database: Database) -> None:
    with batch(database) as tracks:
        tracks.add(SEEN, NOW)
        mark = tracks.mark()
        tracks.add(SEEN._replace(at=NOW + 1), NOW)
        tracks.undo(mark)
        assert tracks.last_seen("container", SEEN.subject) == SEEN
    with batch(database) as tracks:
        assert tracks.of("container", SEEN.subject) == [SEEN]


SIGHTINGS = st.lists(
    st.builds(
        Sighting, st.just("container"), st.sampled_from("AB"), st.integers(NOW, NOW + 4),
        st.sampled_from(["in", "out"]), st.sampled_from(["X", "Y"]),
        st.sampled_from(["CS-1", "CS-2"]), latitude=st.none(), longitude=st.none(),
    ),
    max_size=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=SIGHTINGS, again=st.booleans(), split=st.booleans())
def test_any_sightings_in_any_order_are_a_set(
    database: Database, told: list[Sighting], again: bool, split: bool
) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM sightings")
    first: dict[tuple[object, ...], Sighting] = {}
    for one in told:
        first.setdefault((one.subject, one.at, one.event, one.place), one)
    for part in ([[one] for one in told] if split else [told]) + ([told] if again else []):
        with batch(database, "A", "B") as tracks:
            for one in part:
                tracks.add(one, NOW)
    with batch(database, "A", "B") as tracks:
        found = [*tracks.of("container", "A"), *tracks.of("container", "B")]
        assert sorted(found) == sorted(first.values())
        for subject in "AB":
            times = [one.at for one in first.values() if one.subject == subject]
            last = tracks.last_seen("container", subject)
            assert (last.at if last else None) == max(times, default=None)
