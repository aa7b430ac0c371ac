"""Where findings say that something is, against a cutter that goes from character to character: whatever stands between
segments, byte, line and column are those of the file; read in blocks, a file gives the same findings."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hub.formats.edifact.frames import Cut
from hub.formats.edifact.heads import REACH
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import gather, read
from hub.formats.edifact.separators import SEPARATORS
from hub.formats.source import Memory
from hub.schema.catalog import Catalog

CATALOG = Catalog(Path(__file__).parents[2] / "schemas")
BLANKS = " \t\r\n"
GAPS = ["", "\n", "\r\n", "\n\n", " ", "\r", "\n "]
BODY = st.lists(st.sampled_from(["A", "+", ":", "?'", "?+", "??", "?\n'", "?\r\n+"]), max_size=5).map("".join)
SEGMENT = st.builds("{}{}".format, st.sampled_from(["BGM", "NAD", "N"]), BODY)
STRANGE = [f"X{number}X" for number in range(10)]
TAGS = [tag.encode() for tag in STRANGE]
MIDDLE = st.lists(
    st.sampled_from(["BGM+745", "NAD+MS+++A??", "TDT+20+OA?+1", *(f"{tag}+A?'B" for tag in STRANGE)]), max_size=12
)


@st.composite
def runs(draw: st.DrawFn, segment: st.SearchStrategy[str]) -> str:
    """Segments, mostly with one and the same line end behind each; the last terminator may be missing."""
    usual = draw(st.sampled_from(GAPS))
    gap = draw(st.sampled_from([st.just(usual), st.sampled_from([usual, usual, *GAPS])]))
    text = draw(gap) + "".join(f"{one}'{draw(gap)}" for one in draw(st.lists(segment, max_size=8)))
    return text + draw(st.sampled_from(["", "", "UNZ+1"]))


def naive(text: str) -> Iterator[tuple[int, int]]:
    """Where each segment of ``text`` begins, and where it ends behind its terminator."""
    begin = at = 0
    while at < len(text):
        if text[at] == "?":
            at += 1
            while text[at : at + 1] in ("\r", "\n"):  # a release character at the end of a line
                at += 1
        elif text[at] == "'":
            yield _behind_blanks(text, begin), at + 1
            begin = at + 1
        at += 1
    if text[begin:].strip(BLANKS):
        yield _behind_blanks(text, begin), len(text)


def _behind_blanks(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip(BLANKS))


@given(runs(SEGMENT), st.integers(0, 3))
def test_segments_lie_where_a_naive_cutter_finds_them(text: str, start: int) -> None:
    cut = Cut(text, start, SEPARATORS, 100)
    found = [(cut.offset(index) - start, cut.end(index) - start) for index in range(len(cut.texts))]
    assert found == list(naive(text))
    assert [cut.at(start + begin) for begin, end in found if begin < end] == list(range(len(found)))


@st.composite
def interchanges(draw: st.DrawFn) -> bytes:
    """A passenger list with segments that no passenger list has, after each terminator what may stand there."""
    middle = draw(MIDDLE)
    segments = ["UNB+UNOC:3+A+B+261123:1200+7", "UNH+1+PAXLST:D:02B:UN", *middle, f"UNT+{len(middle) + 2}+1", "UNZ+1+7"]
    text = draw(st.sampled_from(["", "\n", "\ufeff", "UNA:+.? '", "UNA:+.? '\r\n"]))
    usual = draw(st.sampled_from(GAPS))
    gap = draw(st.sampled_from([st.just(usual), st.sampled_from([usual, usual, *GAPS])]))
    return (text + "".join(f"{one}'{draw(gap)}" for one in segments)).encode()


@given(interchanges())
def test_findings_tell_byte_line_and_column(data: bytes) -> None:
    first = data.index(b"UNH")
    begins = [first + begin for begin, _ in naive(data[first:].decode("latin-1"))]
    (interchange,) = read(data, CATALOG).interchanges
    places = [finding.place for message in interchange.messages for finding in message.findings]
    assert places or not any(tag in data for tag in TAGS)
    for place in places:
        assert place.offset is not None
        assert place.segment
        begin, following = begins[place.segment - 1 : place.segment + 1]  # where what is missing should have been
        assert begin <= place.offset <= following
        if place.tag in STRANGE:
            assert data[begin : begin + 3] == place.tag.encode()
        assert place.line == data.count(b"\n", 0, place.offset) + 1
        assert place.column == place.offset - data.rfind(b"\n", 0, place.offset)


@given(interchanges(), st.sampled_from([REACH + 20, REACH + 100, 3 * REACH]))
def test_blocks_make_no_difference(data: bytes, block: int) -> None:
    twice = data + b"between" + data
    assert gather(Memory(twice), CATALOG, None, Limits(block=block)) == read(twice, CATALOG)
