"""ISA and what it tells: separators, widths, line ends, and headers that the world broke."""

import pytest

from hub.formats.x12.isa import Separators, header


def test_separators_come_from_their_positions(isa):
    found = header(isa("00501").replace("*", "|").replace(":", ">") + "\n", 0)
    assert found is not None
    assert found.separators == Separators("|", ">", "^", "\n")
    assert (found.end, found.fields[12], found.faults) == (106, "000000042", ())


@pytest.mark.parametrize(
    ("version", "mark", "repetition"), [("00401", "U", ""), ("00402", "^", "^"), ("00501", "U", "")]
)
def test_isa11_repeats_from_version_00402_on(isa, version, mark, repetition):
    found = header(isa(version, ISA11=mark) + "~", 0)
    assert found is not None
    assert found.separators.repetition == repetition


@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n", "\n", "\r\n", "\r", "~\r", "\x1c", "!", "~ \n\t"])
def test_every_way_to_end_a_segment(check, wrap, order, end):
    assert [code for code in check(wrap(*order, end=end)) if not code.startswith("segment-indented")] == []


def test_an_ellipsis_is_three_bytes_of_terminator(check, wrap, order):
    data = wrap(*order, end="\x00").replace(b"\x00", "…".encode())
    assert check(data) == ["terminator-odd warning 0 ISA"]


def test_a_header_without_its_padding_is_read_and_refused(check, wrap, order, isa):
    head = isa(ISA02=" ", ISA06="TRADER")
    assert check(*order, head=head) == ["isa-width error 0:2 ISA/ISA02", "isa-width error 0:6 ISA/ISA06"]


def test_a_header_broken_by_a_fixed_width(check, wrap, order):
    data = wrap(*order)
    wrapped = b"\r\n".join(data[at : at + 80] for at in range(0, len(data), 80))
    assert check(wrapped)[0] == "isa-wrapped warning 0 ISA"
    assert check(wrapped)[1].startswith("segment-broken warning 0")
    assert len(check(wrapped)) == 2


def test_the_terminator_where_isa16_belongs(check, order, isa):
    data = "\n".join(f"{segment}~" for segment in [isa()[:-1], *order]) + "\n"
    assert "isa16-missing error 0:16 ISA/ISA16" in check(data.encode())


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"ISA*00", "isa-unreadable error 0 ISA"),
        (b"ISA" + b"*" * 16, "isa-unreadable error 0 ISA"),
        (b"ISA*00*          *00", "isa-unreadable error 0 ISA"),
    ],
)
def test_a_header_that_is_none(check, data, found):
    assert check(data) == [found]


@pytest.mark.parametrize(
    ("end", "key"), [("A", "terminator-unusable"), ("*", "terminator-unusable"), (":", "terminator-unusable")]
)
def test_terminators_that_cannot_be(check, wrap, order, end, key):
    assert check(wrap(*order, end=end))[0].split()[0] in (key, "isa-unreadable")


def test_component_separators_that_cannot_be(check, order, isa):
    assert check(*order, head=isa(ISA16="A")) == ["component-unusable error 0:16 ISA"]


@pytest.mark.parametrize(
    ("element", "value", "key", "note"),
    [
        ("ISA01", "09", "isa-authorization", "010"),
        ("ISA03", "02", "isa-security", "012"),
        ("ISA05", "XX", "isa-sender-qualifier", "005"),
        ("ISA06", " " * 15, "isa-sender", "006"),
        ("ISA07", "5 ", "isa-receiver-qualifier", "007"),
        ("ISA08", " " * 15, "isa-receiver", "008"),
        ("ISA09", "261131", "isa-date", "014"),
        ("ISA10", "2460", "isa-time", "015"),
        ("ISA11", "X", "isa-standard", "016"),
        ("ISA12", "004O1", "isa-version", "017"),
        ("ISA13", "00000004A", "isa-number", "018"),
        ("ISA14", "2", "isa-acknowledge", "019"),
        ("ISA15", "X", "isa-usage", "020"),
    ],
)
def test_each_element_of_isa_has_its_finding_and_note_code(read, wrap, order, isa, element, value, key, note):
    reading = read(wrap(*order, head=isa(**{element: value})))
    (finding,) = [one for one in reading.all_findings() if one.code == f"x12.{key}"]
    assert (finding.place.tag, finding.place.element) == ("ISA", int(element[3:]))
    assert finding.standard("ta1") == note
    assert not reading.valid
    assert finding.place.offset is not None
    assert wrap(*order, head=isa(**{element: value}))[finding.place.offset :].startswith(value.encode())


def test_the_envelope(read, wrap, order, isa):
    (interchange,) = read(wrap(*order, head=isa(ISA14="1", ISA15="P"))).interchanges
    envelope = interchange.envelope
    assert (envelope.sender, envelope.sender_qualifier, envelope.recipient) == ("TRADER", "ZZ", "HUBCSX")
    assert (envelope.control_ref, envelope.prepared_at, envelope.syntax_version) == ("000000042", "2611231200", "00401")
    assert (envelope.acknowledge, envelope.test) == (True, False)
