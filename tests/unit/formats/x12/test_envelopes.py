"""Interchanges, groups and sets: counts, control numbers, what is missing, what is too much."""

import pytest

from hub.formats.x12.limits import Limits


def test_a_sound_interchange(read, wrap, order):
    data = wrap(*order)
    (interchange,) = read(data).interchanges
    assert read(data).all_findings() == ()
    (message,) = interchange.messages
    assert (message.type, message.ref, message.group_ref, message.segments) == ("x12:004010:850", "0001", "7", 13)
    assert data[message.start : message.end].startswith(b"ST*850*0001~")
    assert data[message.start : message.end].endswith(b"SE*13*0001~")
    (group,) = interchange.groups
    assert (group.ref, group.type, group.version, group.sender, group.recipient) == (
        "7",
        "PO",
        "004010",
        "TRADER",
        "HUBCSX",
    )
    assert data[group.start : group.end].startswith(b"GS*PO")
    assert data[group.start : group.end].endswith(b"GE*1*7~")


@pytest.mark.parametrize(
    ("old", "new", "found", "family", "code"),
    [
        ("IEA*1", "IEA*2", "iea-count error 0:1 IEA/IEA01", "ta1", "021"),
        ("IEA*1", "IEA*X", "iea-count error 0:1 IEA/IEA01", "ta1", "021"),
        ("IEA*1*000000042", "IEA*1*000000043", "iea-ref error 0:2 IEA/IEA02", "ta1", "001"),
        ("IEA*1*000000042~", "", "iea-missing error 0 IEA", "ta1", "023"),
        ("GE*1", "GE*2", "ge-count error 0:1 GE/GE01", "ak905", "5"),
        ("GE*1*7", "GE*1*8", "ge-ref error 0:2 GE/GE02", "ak905", "4"),
        ("GE*1*7~", "", "ge-missing error 0 GE", "ak905", "3"),
        ("*7*X*", "*X7*X*", "gs-number error 0:6 GS/GS06", "ak905", "6"),
        ("*X*004010", "*X*", "gs-version error 0:8 GS/GS08", "ak905", "2"),
        ("*X*004010", "*Y*004010", "gs-element error 0:7 GS/GS07", "ta1", "024"),
        ("GS*PO", "GS*QQ", "group-unknown error 0:1 GS/GS01", "ak905", "1"),
        ("*X*004010", "*X*003040", "version-unknown error 0:8 GS/GS08", "ak905", "2"),
        ("SE*13", "SE*12", "se-count error 13:1 SE/SE01", "ak502", "4"),
        ("SE*13*0001", "SE*13*0002", "se-ref error 13:2 SE/SE02", "ak502", "3"),
        ("SE*13*0001~", "", "se-missing error 12 SE", "ak502", "2"),
        ("ST*850", "ST*85", "set-untyped error 1:1 ST/ST01", "ak502", "6"),
        ("ST*850", "ST*999", "set-unknown error 1:1 ST/ST01", "ak502", "1"),
        ("ST*850", "ST*810", "set-misplaced error 1:1 ST/ST01", "ak502", "6"),
        ("ST*850*0001~", "ST*850*01~", "st-number error 1:2 ST/ST02", "ak502", "7"),
    ],
)
def test_each_fault_of_the_envelope_has_its_place_and_code(read, wrap, order, check, old, new, found, family, code):
    data = wrap(*order).replace(old.encode(), new.encode(), 1)
    assert found in check(data)
    (finding,) = [one for one in read(data).all_findings() if one.code == f"x12.{found.split()[0]}"]
    assert finding.standard(family) == code
    assert not read(data).valid


def test_several_interchanges_each_with_its_own_separators(read, wrap, order):
    second = wrap(*order).replace(b"*", b"|").replace(b"~", b"\n").replace(b"000000042", b"000000043")
    reading = read(wrap(*order) + b"\r\n" + second)
    assert reading.all_findings() == ()
    assert [one.envelope.control_ref for one in reading.interchanges] == ["000000042", "000000043"]


def test_an_interchange_that_does_not_end_ends_before_the_next(check, wrap, order):
    data = wrap(*order).replace(b"IEA*1*000000042~", b"") + wrap(*order)
    assert check(data) == ["iea-missing error 0 IEA"]


def test_stray_text_around_interchanges(check, wrap, order):
    data = b"From: edi\n" + wrap(*order) + b"\nthe end\n" + wrap(*order) + b"\x1a"
    assert check(data) == ["text-before warning", "text-after warning"]
    assert check(b"\xef\xbb\xbf" + wrap(*order)) == ["byte-order-mark info"]


def test_numbers_that_come_twice(check, transaction, order, wrap):
    twice = [*transaction(*order), *transaction(*order)]
    assert check(*twice) == ["set-duplicate error 1:2 ST/ST02"]
    group = ["GS*PO*A*B*20261123*1200*7*X*004010", *transaction(*order), "GE*1*7"]
    assert check(*group, *group, tail="IEA*2*000000042") == ["gs-duplicate error 0:6 GS/GS06"]


def test_sets_and_segments_outside(check, transaction, order, wrap):
    data = wrap(*order).replace(b"GS*PO*TRADER*HUBCSX*20261123*1200*7*X*004010~", b"").replace(b"GE*1*7~", b"")
    assert check(data.replace(b"IEA*1", b"IEA*0")) == ["set-outside error 0"]
    data = wrap(*order).replace(b"GE*1*7~", b"NTE*GEN*STRAY~NTE*GEN*MORE~GE*1*7~")
    assert check(data) == ["segment-outside error 0"]


def test_nothing_inside(check, wrap, isa):
    assert check(f"{isa()}~IEA*0*000000042~".encode()) == ["interchange-empty error 0 ISA"]
    assert check("GS*PO*A*B*20261123*1200*7*X*004010", "GE*0*7") == ["group-empty error 0 GS"]


def test_blanks_and_empty_segments_do_no_harm(check, wrap, order):
    data = wrap(*order).replace(b"BEG", b"\n   BEG").replace(b"~CUR", b"~~CUR")
    assert check(data) == ["segment-indented info 0", "segment-empty info"]


def test_a_last_segment_without_terminator(check, wrap, order):
    assert check(wrap(*order)[:-1]) == ["end-open warning 0"]


def test_interchange_services_are_passed_over(check, wrap, order):
    assert check(wrap(*order).replace(b"~GS", b"~ISB*1~ISE*261123*1200*04~GS", 1)) == ["service-ignored info 0"]


def test_binary_data_are_not_taken_for_segments(read, wrap):
    body = ["ST*275*0001", "BIN*27*SE*2*0001~GE*1*7~IEA*1*0000", "SE*3*0001"]
    reading = read(wrap(*body, group="PI", version="005010"))
    (message,) = reading.interchanges[0].messages
    assert message.segments == 3
    assert "x12.set-unknown" in [one.code for one in message.findings]
    order = ["ST*850*0001", "BEG*00*SA*PO1**20261123", "BIN*3*~~~", "SE*4*0001"]
    assert [one.code for one in read(wrap(*order)).all_findings()] == ["x12.binary"]


def test_ta1_comes_in_as_a_message(read, wrap):
    reading = read(wrap("TA1*000000007*261123*1200*R*025"))
    (message,) = reading.interchanges[0].messages
    assert reading.valid
    assert message.document == {
        "TA1": {"TA101": "000000007", "TA102": "261123", "TA103": "1200", "TA104": "R", "TA105": "025"}
    }
    wrong = read(wrap("TA1*7*261199*1200*Q*025*X"))
    assert [(one.code, one.place.element) for one in wrong.all_findings()] == [
        ("x12.value-short", 1),
        ("x12.date-wrong", 2),
        ("x12.code-unknown", 4),
        ("x12.element-excess", 6),
    ]


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        (Limits(size=100), "too-large"),
        (Limits(interchanges=1), "limit-interchanges"),
        (Limits(messages=1), "limit-messages"),
        (Limits(groups=0), "limit-groups"),
        (Limits(segments=5), "limit-segments"),
        (Limits(all_segments=20), "limit-interchange"),
        (Limits(findings=1), "more-findings"),
    ],
)
def test_every_bound_is_a_finding(read, wrap, transaction, order, limits, key):
    bad = [part.replace("USD", "US1").replace("*EA*", "*EA1*") for part in order]
    data = wrap(*transaction(*bad), *transaction(*bad, ref="0002")) * 2
    assert f"x12.{key}" in [one.code for one in read(data, limits=limits).all_findings()]
