"""Bytes meant to cost time or memory: each is answered within bounds."""

import time
import tracemalloc

import pytest

from hub.formats.x12.limits import Limits

MEGABYTE = 1 << 20
BOUNDS = Limits(all_segments=20_000, segments=10_000, messages=1_000, groups=1_000, interchanges=10, judged=1_000)
FILLINGS = [
    b"~", b"*", b":", b"^", b"\n", b"\xff", b"a", b"~BEG", b"~ISA", b"ISA*", b"~ST*850*1", b"~SE", b"~TA1*1", b"~GS*PO",
    b"~N1*ST", b"~N1*ST*A~N2*B~N3", b"~XX*1~PO1*1", b"~BIN*9*~~~", b"~IEA*1", b"~PER*BD*A:B:C*\x00", b"IEA*~ISA*",
]  # fmt: skip


def _peak(read, data):
    tracemalloc.start()
    reading = read(data, limits=BOUNDS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return reading, peak


@pytest.mark.parametrize("version", ["004010", "005010"])
@pytest.mark.parametrize("filling", FILLINGS)
def test_much_of(read, wrap, order, filling, version):
    """A hundred bytes of objects for one of input is what Python's lists take; a thousand would be an attack."""
    head = wrap(*order[:4], version=version).partition(b"SE*")[0][:-1]
    data = head + filling * (MEGABYTE // 4 // len(filling)) + b"~"
    started = time.process_time()
    reading, peak = _peak(read, data)
    assert not reading.valid
    assert len(reading.all_findings()) < 25_000
    assert peak < 40 * MEGABYTE
    assert time.process_time() - started < 60


def test_many_headers_that_are_none(read):
    reading, peak = _peak(read, b"ISA*" * 60_000)
    assert not reading.valid
    assert len(reading.all_findings()) < 100
    assert peak < 40 * MEGABYTE


def test_a_binary_length_beyond_all(read, wrap):
    body = ["ST*850*0001", "BIN*999999999999999*x", "SE*3*0001"]
    assert not read(wrap(*body)).valid
