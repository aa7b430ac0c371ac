"""The functions and the dates: their own examples, and what they refuse."""

import doctest
from types import ModuleType

import pytest

from hub.mapping import dates, functions, syntax
from hub.mapping.functions import FUNCTIONS


@pytest.mark.parametrize("module", [functions, dates, syntax])
def test_the_examples_in_the_text(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_has_an_example(name: str) -> None:
    assert ">>>" in (FUNCTIONS[name].call.__doc__ or "")


@pytest.mark.parametrize(
    ("value", "out", "fmt", "zone", "expected"),
    [
        ("26112308", "%Y", "201", "", ValueError),
        ("20261123", "203", "102", "", "202611230000"),
        ("261123", "102", "", "", "20261123"),
        ("691231", "102", "101", "", "19691231"),
        ("681231", "102", "101", "", "20681231"),
        ("2026327", "%Y-%m-%d", "%Y%j", "", "2026-11-23"),
        ("2025366", "%Y-%m-%d", "%Y%j", "", ValueError),
        ("20260230", "102", "102", "", ValueError),
        ("２０２６1123", "102", "102", "", ValueError),
        ("0815", "%H:%M", "401", "", "08:15"),
        ("20261123081500UTC", "iso", "304", "", "2026-11-23T08:15:00Z"),
        ("20261123081500", "iso", "304", "", "2026-11-23T08:15:00"),
        ("2026-11-23T23:59:59.5+02:00", "%H%M%S%f3%z", "", "Z", "215959500Z"),
        ("2026-11-23T08:15:00+08:00", "304", "", "UTC", "20261123001500UTC"),
        ("2026-11-23T08:15:00+08:00", "304", "", "", ValueError),
        ("0001-01-01T00:00:00Z", "iso", "", "-12:00", ValueError),
        ("", "102", "", "", ValueError),
        (10**30, "102", "", "", ValueError),
    ],
)
def test_dates(value: str | int, out: str, fmt: str, zone: str, expected: str | type[Exception]) -> None:
    if isinstance(expected, str):
        assert dates.convert(value, out, fmt, zone) == expected
        return
    with pytest.raises(expected):
        dates.convert(value, out, fmt, zone)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999999999", "", "1,2,3", "0x10"])
def test_numbers_of_no_sensible_size_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        functions.decimal(value, 2)


def test_more_digits_than_can_be_rounded_are_refused() -> None:
    with pytest.raises(ValueError, match="too many digits"):
        functions.decimal("1234567890123456789012345", 6)


def test_a_replacement_cannot_blow_up() -> None:
    with pytest.raises(ValueError, match="may become longer"):
        functions.replace("a" * 60_000, "a", "bb")


def test_rounding_is_half_up() -> None:
    assert functions.decimal("0.125", 2) == "0.13"
    assert functions.decimal("-0.125", 2) == "-0.13"
    assert functions.total(["0.1", "0.2"]) == "0.3"


def test_units_of_another_kind_are_refused() -> None:
    assert functions.quantity("1", "MTQ", beside="LTR") == "0.001"
    with pytest.raises(ValueError, match="TNE cannot be turned into MTQ"):
        functions.quantity("1", "MTQ", beside="TNE")


def test_a_birth_date_is_in_the_past() -> None:
    now = 1_795_421_700_000_000  # 2026-11-23
    assert functions.birth("261231", "%Y", beside="101", now=now) == "2026"
    assert functions.birth("271231", "%Y", beside="101", now=now) == "1927"
