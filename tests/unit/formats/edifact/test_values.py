"""Elements, components, values and codes: what is wrong with them, and exactly where."""

import pytest


def _with(paxlst, *changes):
    """``paxlst`` with the segments of ``changes`` in place of those with the same tag, the first of each."""
    segments = list(paxlst)
    for change in changes:
        index = next(index for index, segment in enumerate(segments) if segment[:3] == change[:3])
        segments[index] = change
    return segments


@pytest.mark.parametrize(
    ("segment", "finding"),
    [
        ("BGM+745+++++X", "element-excess error 2:6 BGM"),
        ("BGM+745:::A:B", "component-excess error 2:1:5 BGM/C002"),
        ("BGM+745+X+9:1", "component-excess error 2:3:2 BGM/1225"),
        ("BGM+745+", "trailing-separator info 2:2 BGM"),
        ("BGM+745:", "trailing-separator info 2:1:2 BGM/C002"),
        ("BGM+7450", "value-long error 2:1:1 BGM/C002/1001"),
        ("BGM+ZZQ", "value-code error 2:1:1 BGM/C002/1001"),
        ("BGM :+745", "tag-suffix warning 2 BGM"),
        ("NAD++++A", "element-missing error 3:1 SG1/NAD/3035"),
        ("NAD+MS++:A", "component-missing error 3:3:1 SG1/NAD/C058/3124"),
        ("NAD+MS++++A:B:C:D:E", "component-excess error 3:5:5 SG1/NAD/C059"),
        ("LOC", "element-missing error 6:1 SG2/SG3/LOC/3227"),
    ],
)
def test_one_fault_one_finding(check, paxlst, segment, finding):
    if segment.startswith("BGM :"):
        segment = "BGM:1+745"
    assert check(*_with(paxlst, segment)) == [finding]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("12", None),
        ("-12", None),
        ("1.5", None),
        ("1,5", None),
        ("-1234567.8", None),
        ("1E3", None),
        ("X", "value-type"),
        ("-", "value-type"),
        ("1-2", "value-type"),
        ("+1", "element-excess"),
        ("1.2.3", "value-type"),
        (".5", "value-digit"),
        ("5.", "value-decimal"),
        ("1 000", "value-type"),
        ("\xb2", "value-type"),
    ],
)
def test_numbers(read, wrap, value, key):
    """CUX/5402 of INVOIC D.96A is n..12: sign and decimal mark do not count in its length."""
    data = wrap("UNH+1+CONTRL:D:3:UN", "UCI+1+A+B+7", f"UCM+1+X:D:1:UN+4+12+UNH+{value}", "UNT+4+1")
    codes = [finding.code[8:] for finding in read(data).all_findings()]
    assert codes == ([] if key is None else [key]) or (value == "-1234567.8" and codes == ["value-long"])


def test_length_of_a_number_counts_digits_only(check, wrap):
    head = ("UNH+1+CONTRL:D:3:UN", "UCI+1+A+B+7")
    assert check(*head, "UCM+1+X:D:1:UN+4+12+UNH+-1.23", "UNT+4+1") == []
    assert check(*head, "UCM+1+X:D:1:UN+4+12+UNH+-1.234", "UNT+4+1") == ["value-long error 3:6:1 SG1/UCM/S011/0098"]


def test_alphabetic_has_no_digits_and_a_fixed_length(check):
    head = ("UNH+1+CONTRL:D:3:UN", "UCI+1+A+B+7")
    assert check(*head, "UCM+1+X:D:1:UN+4+12+UN1", "UNT+4+1") == ["value-type error 3:5 SG1/UCM/0013"]
    assert check(*head, "UCM+1+X:D:1:UN+4+12+UN", "UNT+4+1") == ["value-short error 3:5 SG1/UCM/0013"]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ("BGM+ZZQ:LIST1", []),
        ("BGM+ZZQ::3", []),
        ("BGM+ZZQ::6", ["value-code error 2:1:1 BGM/C002/1001"]),
        ("BGM+ZZQ:::MY NAME", ["value-code error 2:1:1 BGM/C002/1001"]),
        ("BGM+745::ZZQ", ["value-code error 2:1:3 BGM/C002/3055"]),
        ("BGM+745:ANY LIST", []),
    ],
)
def test_codes_of_other_lists_are_not_held_against_the_uns(check, paxlst, segment, expected):
    assert check(*_with(paxlst, segment)) == expected


def test_unlisted_codes_under_an_association_are_warned_about_once(check, paxlst):
    segments = [*paxlst[:6], *["ATT+Z9++F"] * 3, "ATT+Z8++F", *paxlst[7:]]
    found = check("UNH+1+PAXLST:D:02B:UN:IATA", *segments, f"UNT+{len(segments) + 2}+1")
    assert found == ["value-code warning 8:1 SG4/ATT/9017", "value-code warning 11:1 SG4/ATT/9017"]


def test_place_names_byte_and_column_of_the_component(read, wrap, paxlst):
    data = wrap(*_with(paxlst, "NAD+MS+++A+?+1:" + "X" * 36)).replace(b"'", b"'\r\n")
    place = read(data).all_findings()[0].place
    assert data[place.offset :].startswith(b"XXX")
    assert (place.line, place.column, place.element, place.component) == (4, 16, 5, 2)


def test_fixed_positions_keep_gaps(read, wrap, paxlst):
    document = read(wrap(*_with(paxlst, "NAD+MS+++A::C"))).interchanges[0].messages[0].document
    assert document["SG1"][0]["NAD"]["C080"]["3036"] == ["A", "", "C"]


V4 = "UNB+UNOC:4+A+B+20261123:1200+7"


def test_repetition_separator_of_version_4(read, wrap, paxlst):
    reading = read(wrap(*_with(paxlst, "ATT+2++M*N*O"), head=V4))
    assert reading.all_findings() == ()
    attributes = reading.interchanges[0].messages[0].document["SG4"][0]["ATT"][0]["C956"]
    assert attributes == [{"9019": "M"}, {"9019": "N"}, {"9019": "O"}]


def test_too_many_repetitions_of_an_element(check, paxlst):
    assert check(*_with(paxlst, "ATT+2++M*N*O*P*Q*R"), head=V4) == ["element-repeats error 8:3 SG4/ATT/C956"]


def test_repetitions_in_positions_before_version_4(read, check, wrap, paxlst):
    segments = _with(paxlst, "ATT+2++M+N+O")
    assert check(*segments) == []
    document = read(wrap(*segments)).interchanges[0].messages[0].document
    assert document["SG4"][0]["ATT"][0]["C956"] == [{"9019": "M"}, {"9019": "N"}, {"9019": "O"}]
    assert check(*segments, head=V4) == [
        "repetition-position warning 8:4 SG4/ATT/C956",
        "repetition-position warning 8:5 SG4/ATT/C956",
    ]


def test_asterisk_is_data_where_nothing_may_repeat_and_no_una_says_otherwise(read, check, wrap, paxlst):
    segments = _with(paxlst, "TDT+20+OA*123")
    assert check(*segments, head=V4) == ["repetition-unreleased warning 4:2 SG2/TDT/8028"]
    assert read(wrap(*segments, head=V4)).interchanges[0].messages[0].document["SG2"][0]["TDT"]["8028"] == "OA*123"
    assert check(*segments) == []
    assert check(*segments, head=V4, una="UNA:+.? '") == []
    assert check(*segments, head=V4, una="UNA:+.?*'") == ["element-repeats error 4:2 SG2/TDT/8028"]
