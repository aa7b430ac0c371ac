import pytest

from hub.config.units import microseconds, octets


@pytest.mark.parametrize(
    ("text", "expected"), [("500ms", 500_000), ("20s", 20_000_000), ("1.5m", 90_000_000), ("7d", 604_800_000_000)]
)
def test_durations(text: str, expected: int) -> None:
    assert microseconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("0B", 0), ("32 kB", 32_000), ("64 MiB", 67_108_864), ("2GB", 2 * 10**9)]
)
def test_sizes(text: str, expected: int) -> None:
    assert octets(text) == expected


@pytest.mark.parametrize("text", ["", "20", "20 seconds", "-1s", "1e3s", "s", 20, None, "1" * 20 + "s"])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="write a duration"):
        microseconds(text)
