"""A sequence against a set of numbers; a batch against its database; bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sequences.batch import Sequences
from hub.sequences.values import MAX_GAPS, MAX_SHOWN, Came, Gap, Sequence, shown
from hub.store import sequences as store
from hub.store.database import Database

KEY = ("anna", "edifact/ANNA/HUB")
NUMBERS = st.lists(st.integers(1, 40), min_size=1, max_size=60)


def missing(gaps: list[Gap]) -> set[int]:
    return {number for gap in gaps for number in range(gap.low, gap.high + 1)}


@given(NUMBERS)
def test_what_is_missing_is_what_has_not_come_since_the_first(numbers: list[int]) -> None:
    one = Sequence()
    for number in numbers:
        one.take(number, at=0, grace=1)
    assert one.last == max(numbers)
    assert missing(one.gaps) == set(range(numbers[0], max(numbers))) - set(numbers)
    assert one.gaps == sorted(one.gaps)
    assert all(one.gaps[n].high + 1 < one.gaps[n + 1].low for n in range(len(one.gaps) - 1)), "apart from one another"


@given(NUMBERS, st.sets(st.integers(0, 59)))
def test_a_batch_ends_as_its_numbers_one_by_one(numbers: list[int], breaks: set[int]) -> None:
    whole = Sequence()
    with pytest.MonkeyPatch.context() as patch:
        rows: dict[tuple[str, str, int], dict[str, object]] = {}
        last: dict[tuple[str, str], int] = {}
        patch.setattr(store, "last", lambda connection, keys: {key: last[key] for key in keys if key in last})
        patch.setattr(store, "missing", lambda connection, keys: list(rows.values()))

        def save(connection: object, moved: list, changed: list, dropped: list) -> None:  # type: ignore[type-arg]
            last.update({(row["partner"], row["name"]): row["last"] for row in moved})
            for key in dropped:
                del rows[key]
            rows.update({(row["partner"], row["name"], row["low"]): row for row in changed})

        patch.setattr(store, "save", save)
        batch = Sequences.load(None, [KEY])  # type: ignore[arg-type]
        for index, number in enumerate(numbers):
            batch.came(KEY, number, 5, 10)
            whole.take(number, at=5, grace=10)
            if index in breaks:
                batch.save(None)  # type: ignore[arg-type]
                batch = Sequences.load(None, [KEY])  # type: ignore[arg-type]
        batch.save(None)  # type: ignore[arg-type]
    kept = sorted(Gap(row["low"], row["high"], row["seen_at"], row["due_at"]) for row in rows.values())  # type: ignore[arg-type]
    assert (last[KEY], kept) == (whole.last, whole.gaps)


def test_the_database_keeps_ranges_and_what_is_told(database: Database) -> None:
    with database.write() as connection:
        batch = Sequences.load(connection, [KEY])
        for number in (1, 99_999_999, 50):
            batch.came(KEY, number, 0, 100)
        batch.save(connection)
        assert connection.exec_driver_sql("SELECT count(*) FROM gaps").scalar() == 2
        assert Sequences.due(connection, 99, 10) == []
        assert Sequences.due(connection, 100, 10) == [KEY]
    with database.write() as connection:
        batch = Sequences.load(connection, [KEY])
        assert batch.tell(KEY, 100) == "2–49, 51–99999998"
        batch.save(connection)
        assert Sequences.due(connection, 10**15, 10) == [], "told once"
        batch = Sequences.load(connection, [KEY])
        assert batch.came(KEY, 60, 200, 100) is Came.LATE
        batch.save(connection)
        assert Sequences.due(connection, 10**15, 10) == [], "what is left of a gap is not told again"
        assert [row["low"] for row in store.missing(connection, [KEY])] == [2, 51, 61]


def test_it_is_whole_when_nothing_is_missing_that_was_told() -> None:
    batch = Sequences()
    for number in (1, 4):
        batch.came(KEY, number, 0, 10)
    batch.tell(KEY, 10)
    batch.came(KEY, 6, 11, 10)
    batch.came(KEY, 2, 12, 10)
    assert not batch.whole()
    batch.came(KEY, 3, 13, 10)
    assert batch.whole() == [KEY], "5 is missing, but nobody was told of it"
    assert [entry.kind for entry in batch.entries()] == ["gap.told", "gap.closed"]
    assert batch.entries()[0].facts["missing"] == "2–3"


def test_a_sender_that_leaves_out_every_other_number_costs_no_more_than_so_many_rows(database: Database) -> None:
    with database.write() as connection:
        for round_ in range(3):
            batch = Sequences.load(connection, [KEY])
            for number in range(round_ * 400, round_ * 400 + 400, 2):
                batch.came(KEY, number, 0, 10)
            batch.save(connection)
            assert len(store.missing(connection, [KEY])) <= MAX_GAPS
        assert max(row["high"] for row in store.missing(connection, [KEY])) == 1197, "the newest are kept"


def test_a_text_names_no_more_than_so_many() -> None:
    many = [Gap(n, n, 0, None) for n in range(0, 4 * MAX_SHOWN, 2)]
    assert shown(many).endswith(f"{2 * MAX_SHOWN - 2}, …")
