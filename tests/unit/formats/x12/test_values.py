"""Elements: types, lengths, codes, composites, repetitions, conditions, characters."""

import pytest


def swapped(order, tag, segment):
    return [segment if part.startswith(f"{tag}*") else part for part in order]


@pytest.mark.parametrize(
    ("tag", "segment", "found", "code"),
    [
        ("BEG", "BEG*00*SA***20261123", "element-missing error 2:3 BEG/BEG03", "1"),
        ("BEG", "BEG*00*S*PO1**20261123", "value-short error 2:2 BEG/BEG02", "4"),
        ("BEG", "BEG*00*SA*1234567890123456789012345**20261123", "value-long error 2:3 BEG/BEG03", "5"),
        ("BEG", "BEG*00*SA*PO1**20261131", "date-wrong error 2:5 BEG/BEG05", "8"),
        ("BEG", "BEG*00*SA*PO1**2026113A", "date-wrong error 2:5 BEG/BEG05", "8"),
        ("BEG", "BEG*00*SA*PO1 **20261123", "value-blanks error 2:3 BEG/BEG03", "6"),
        ("BEG", "BEG*00*SA*PO:1**20261123", "composite-unexpected error 2:3 BEG/BEG03", "6"),
        ("BEG", "BEG*0A*SA*PO1**20261123", "code-unknown error 2:1 BEG/BEG01", "7"),
        ("N3", "N3*EAST\x07POINT", "value-character error 7:1 N1_LOOP/N3/N301", "6"),
        ("N3", "N3*A*B*C", "element-excess error 7:3 N1_LOOP/N3", "3"),
        ("PO1", "PO1*1*1O*EA*19.95", "value-type error 9:2 PO1_LOOP/PO1/PO102", "6"),
        ("PO1", "PO1*1*10*EA*19.95**BP", "condition error 9:7 PO1_LOOP/PO1/PO107", "2"),
        ("MEA", "MEA***12.5*KG:X", "value-type error 11:4:2 PO1_LOOP/PID_LOOP/MEA/MEA04/MEA04-02", "6"),
        ("MEA", "MEA***12.5*:1", "element-missing error 11:4:1 PO1_LOOP/PID_LOOP/MEA/MEA04/MEA04-01", "1"),
        (
            "MEA",
            "MEA***12.5*KG" + ":1:1:KG" * 5 + ":X",
            "component-excess error 11:4:16 PO1_LOOP/PID_LOOP/MEA/MEA04",
            "3",
        ),
    ],
)
def test_each_fault_of_an_element(check, read, wrap, order, tag, segment, found, code):
    body = swapped(order, tag, segment)
    assert check(*body) == [found]
    (finding,) = read(wrap(*body)).all_findings()
    assert finding.standard("ak403") == code
    data = wrap(*body)
    part = segment.split("*")[finding.place.element] if finding.place.element < len(segment.split("*")) else ""
    place = part.split(":")[(finding.place.component or 1) - 1]
    assert data[finding.place.offset :].startswith(place.encode("latin-1"))


def test_an_exclusion(check, order):
    body = [*order[:8], "QTY*01*5**FIVE", *order[10:]]
    assert check(*body) == ["exclusion error 10:4 PO1_LOOP/QTY/QTY04"]


@pytest.mark.parametrize(("time", "good"), [("0000", True), ("2359", True), ("235959", True), ("23595999", True)] + [
    (bad, False) for bad in ("2400", "1260", "12006", "120060")
])  # fmt: skip
def test_times(check, order, time, good):
    found = check(*order[:8], f"DTM*002*20261123*{time}", *order[10:])
    assert found == ([] if good else ["time-wrong error 10:3 PO1_LOOP/DTM/DTM03"])


def test_the_29th_of_february(check, order):
    assert check(*order[:8], "DTM*002*20280229", *order[10:]) == []
    assert check(*order[:8], "DTM*002*20260229", *order[10:]) == ["date-wrong error 10:2 PO1_LOOP/DTM/DTM02"]


@pytest.mark.parametrize("value", ["0", "-5", "10.5", ".5", "-.5", "123456789012345", "1234567.12345678"])
def test_decimals(check, order, value):
    assert check(*swapped(order, "PO1", f"PO1*1*{value}*EA*1")) == []


def test_separators_that_nothing_follows(check, read, wrap, order):
    body = swapped(order, "N3", "N3*EAST POINT DRIVE*")
    assert check(*body) == ["separators-trailing info 7:2 N1_LOOP/N3/N302"]
    assert read(wrap(*body)).valid


REPORT = ("AK1*PO*7*004010", "AK2*850*0001", "IK3*BEG*2**8", "IK4*1*353*7*0A", "IK5*R*5", "AK9*R*1*1*0")


def test_repetitions_from_version_005010_on(check, read, wrap):
    body = [*REPORT[:3], "CTX*SITUATIONAL TRIGGER^BEG03:PO1^X:Y*BEG*2", *REPORT[3:]]
    reading = read(wrap(*body, number="999", group="FA", version="005010"))
    assert [one.code for one in reading.all_findings()] == []
    context = reading.interchanges[0].messages[0].document["AK2_LOOP"][0]["IK3_LOOP"][0]["CTX"][0]
    assert context["CTX01"] == [
        {"CTX01-01": "SITUATIONAL TRIGGER"},
        {"CTX01-01": "BEG03", "CTX01-02": "PO1"},
        {"CTX01-01": "X", "CTX01-02": "Y"},
    ]
    body[3] = "CTX*" + "^".join(["A"] * 11) + "*BEG*2"
    assert check(*body, number="999", group="FA", version="005010") == [
        "repetition-excess error 5:1 AK2_LOOP/IK3_LOOP/CTX/CTX01"
    ]
    body[3] = "CTX*A^B:" + "C" * 40 + "^:D*BEG*2"
    assert check(*body, number="999", group="FA", version="005010") == [
        "value-long error 5:1:2 AK2_LOOP/IK3_LOOP/CTX/CTX01/CTX01-02",
        "element-missing error 5:1:1 AK2_LOOP/IK3_LOOP/CTX/CTX01/CTX01-01",
    ]


def test_the_place_of_a_repetition(read, wrap):
    body = [*REPORT[:3], "CTX*A^B:" + "C" * 40 + "*BEG*2", *REPORT[3:]]
    (finding,) = read(wrap(*body, number="999", group="FA", version="005010")).all_findings()
    assert (finding.place.element, finding.place.component, finding.place.repetition) == (1, 2, 2)
    assert finding.standard("ak403") == "5"


@pytest.mark.parametrize("data", ["MÜLLER".encode(), "MÜLLER".encode("latin-1"), "长沙".encode("gb18030")])
def test_letters_beyond_ascii_need_an_agreement(check, wrap, order, data):
    written = wrap(*order).replace(b"BUYER", data)
    assert check(written) == ["value-character error 5:2 PER/PER02"]


@pytest.mark.parametrize(("charset", "text"), [("utf-8", "长沙 MÜLLER"), ("gb18030", "长沙"), ("latin-1", "MÜLLER")])
def test_an_agreed_character_set(read, wrap, order, charset, text):
    reading = read(wrap(*order).replace(b"BUYER", text.encode(charset)), charset=charset)
    assert reading.all_findings() == ()
    assert reading.interchanges[0].messages[0].document["PER"][0]["PER02"] == text


def test_bytes_that_are_not_of_the_agreed_set(read, wrap, order):
    reading = read(wrap(*order).replace(b"BUYER", b"M\xdcLLER"), charset="utf-8")
    assert [one.code for one in reading.all_findings()] == ["x12.value-encoding"]


def test_a_length_counts_characters(read, wrap, order):
    long = "长" * 61
    reading = read(wrap(*order).replace(b"BUYER", long.encode()), charset="utf-8")
    assert [one.code for one in reading.all_findings()] == ["x12.value-long"]
    assert read(wrap(*order).replace(b"BUYER", long[1:].encode()), charset="utf-8").valid
