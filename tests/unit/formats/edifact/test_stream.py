"""Reading a file message by message, in blocks: the same findings as reading it at once, in bounded memory."""

import subprocess
import sys
from dataclasses import replace

import pytest

from hub.formats.edifact.heads import REACH
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import gather, read
from hub.formats.edifact.stream import stream
from hub.formats.source import File, Lines, Memory
from hub.model.message import Envelope, Group, Interchange, Message, Reading

SMALL = Limits(block=REACH + 100)
"""Blocks that hold few segments."""


def _gathered(path, catalog, limits):
    with path.open("rb") as file:
        return gather(File(file.fileno()), catalog, None, limits)


def _many(wrap, paxlst, count, groups=False):
    body = []
    for number in range(count):
        message = [f"UNH+{number}+PAXLST:D:02B:UN", *paxlst, f"UNT+16+{number}"]
        if number % 7 == 3:
            message[4] = "XXX+1"
        if groups:
            message = [f"UNG+PAXLST+A+B+261123:1200+G{number}+UN+D:02B", *message, f"UNE+1+G{number}"]
        body += message
    return wrap(*body).replace(b"UNZ+1", b"UNZ+%d" % count)


def test_events_in_their_order(tmp_path, catalog, wrap, paxlst):
    path = tmp_path / "two.edi"
    path.write_bytes(_many(wrap, paxlst, 2, groups=True) + b"stray" + _many(wrap, paxlst, 1))
    events = list(stream(path, catalog))
    kinds = [Envelope, Message, Group, Message, Group, Interchange, Envelope, Message, Interchange, Reading]
    assert [type(event) for event in events] == kinds
    assert [finding.code for finding in events[-1].findings] == ["edifact.text-after"]


@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("ends", [b"'", b"'\r\n", b"' \n"])
def test_blocks_make_no_difference(catalog, wrap, paxlst, groups, ends):
    data = _many(wrap, paxlst, 40, groups).replace(b"'", ends)
    data = data + b"between" + data.replace(b"UNZ+40+7'", b"") + data[:-20]
    whole = read(data, catalog)
    assert len(whole.interchanges) == 3
    assert whole.all_findings()
    assert gather(Memory(data), catalog, None, SMALL) == whole
    assert gather(Memory(data), catalog, None, replace(SMALL, block=3 * REACH)) == whole


def test_a_file_is_read_as_its_bytes_are(tmp_path, catalog, wrap, paxlst):
    data = b"\xef\xbb\xbfstray" + _many(wrap, paxlst, 40)
    path = tmp_path / "many.edi"
    path.write_bytes(data)
    assert _gathered(path, catalog, SMALL) == read(data, catalog)


def test_a_message_that_fills_many_blocks_is_whole(catalog, wrap, paxlst):
    data = wrap(*paxlst[:5], *(["NAD+FL+++LI:XIA", "ATT+2++F"] * 2000), "CNT+42:2000")
    assert gather(Memory(data), catalog, None, SMALL) == read(data, catalog)


def test_a_message_beyond_the_bound_is_passed_over(catalog, wrap, paxlst):
    long = ["UNH+1+PAXLST:D:02B:UN", *paxlst[:5], *(["NAD+FL+++LI:XIA"] * 2000), "UNT+2007+1"]
    data = wrap(*long, "UNH+2+PAXLST:D:02B:UN", *paxlst, "UNT+16+2").replace(b"UNZ+1", b"UNZ+2")
    limits = replace(SMALL, message=10_000)
    reading = gather(Memory(data), catalog, None, limits)
    first, second = reading.interchanges[0].messages
    assert [finding.code for finding in reading.all_findings()] == ["edifact.limit-message"]
    assert (first.document, first.segments, data[first.start : first.start + 5]) == (None, 2007, b"UNH+1")
    assert data[: first.end].endswith(b"UNT+2007+1'")
    assert second.valid


def test_a_message_beyond_the_bound_without_its_trailer(catalog, wrap, paxlst):
    long = ["UNH+1+PAXLST:D:02B:UN", *paxlst[:5], *(["NAD+FL+++LI:XIA"] * 2000)]
    data = wrap(*long, "UNH+2+PAXLST:D:02B:UN", *paxlst, "UNT+16+2").replace(b"UNZ+1", b"UNZ+2")
    reading = gather(Memory(data), catalog, None, replace(SMALL, message=10_000))
    assert [finding.code for finding in reading.all_findings()] == ["edifact.limit-message", "edifact.unt-missing"]


def test_segments_outside_beyond_the_bound(catalog, wrap, paxlst):
    data = wrap("UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1", *(["BGM+745"] * 3000))
    reading = gather(Memory(data), catalog, None, replace(SMALL, message=10_000))
    assert {finding.code for finding in reading.all_findings()} == {"edifact.segment-outside"}
    assert sum(int(dict(finding.params)["count"]) for finding in reading.all_findings()) == 3000


def test_a_segment_without_end_costs_the_rest_of_its_interchange(catalog, wrap, paxlst):
    good = wrap(*paxlst)
    bad = good.replace(b"UNT+16", b"FTX+" + b"A" * 30_000 + b"'UNT+16")
    good = good.replace(b"+7'", b"+8'")
    reading = gather(Memory(bad + good), catalog, None, replace(SMALL, message=10_000))
    codes = [finding.code for finding in reading.interchanges[0].findings]
    assert codes[0] == "edifact.limit-segment"
    assert "edifact.unz-missing" in codes
    assert reading.interchanges[1].valid


def test_a_header_without_end(catalog):
    data = b"UNB+UNOA:3+" + b"A" * 100_000
    reading = gather(Memory(data), catalog, None, replace(SMALL, message=10_000))
    assert [finding.code for finding in reading.interchanges[0].findings][0] == "edifact.limit-segment"


def test_a_file_cut_while_it_is_read_is_an_error(tmp_path):
    path = tmp_path / "cut.edi"
    path.write_bytes(b"A" * 1000)
    with path.open("r+b") as file:
        source = File(file.fileno())
        file.truncate(10)
        with pytest.raises(OSError, match="ends at byte 10"):
            source.read(0, 1000)


@pytest.mark.parametrize("offset", [0, 5, 65_535, 65_536, 70_000, 139_999])
def test_lines_and_columns(offset):
    data = (b"A" * 1000 + b"\n") * 70 + b"B" * 69_930
    before = data[:offset]
    expected = (offset, before.count(b"\n") + 1, offset - before.rfind(b"\n"))
    assert Lines(Memory(data)).at(offset) == expected


def test_memory_stays_small(tmp_path, wrap, paxlst):
    """A file of 40 MB in a process of its own: what it takes is measured against the same process with a small file."""
    script = (
        "import resource, sys; from pathlib import Path; from hub.formats.edifact.stream import stream; "
        "from hub.schema.catalog import Catalog; from hub.model.message import Message; "
        "events = stream(Path(sys.argv[1]), Catalog(Path('schemas'))); "
        "found = sum(type(event) is Message and event.valid for event in events); "
        "print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    taken = []
    for count in (200, 100_000):
        path = tmp_path / f"{count}.edi"
        body = "'".join(paxlst)
        with path.open("w", encoding="ascii") as file:
            file.write("UNB+UNOC:3+A+B+261123:1200+7'")
            for number in range(count):
                file.write(f"UNH+{number}+PAXLST:D:02B:UN'{body}'UNT+16+{number}'\n")
            file.write(f"UNZ+{count}+7'")
        done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
        found, peak = done.stdout.split()
        assert int(found) == count
        taken.append(int(peak))
    assert path.stat().st_size > 20_000_000
    assert taken[1] - taken[0] < 25_000  # kilobytes; most of it the references that must not come twice
