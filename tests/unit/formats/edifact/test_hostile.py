"""Bytes meant to cost time or memory: each is answered within bounds."""

import tracemalloc

import pytest

from hub.formats.edifact.limits import Limits

MEGABYTE = 1 << 20
HEAD = b"UNB+UNOA:3+A+B+261123:1200+7'UNH+1+PAXLST:D:02B:UN'"


@pytest.mark.parametrize(
    "filling",
    [b"'", b"+", b":", b"?", b"\n", b"\xff", b"a", b"A*", b"UNA:+.? 'UNB", b"UNH+1'", b"?'", b"NAD+\x00'", b"UNZ+1+7'"],
)
def test_much_of(read, filling):
    """A hundred bytes of objects for one of input is what Python's lists take; a thousand would be an attack."""
    data = HEAD + b"BGM+" + filling * (MEGABYTE // 4 // len(filling))
    tracemalloc.start()
    reading = read(data, limits=Limits(all_segments=20_000, segments=10_000, messages=1_000, interchanges=10))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not reading.valid
    assert len(reading.all_findings()) < 20_000
    assert peak < 30 * MEGABYTE
