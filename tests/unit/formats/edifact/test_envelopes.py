"""UNB, UNG, UNH and their trailers: what they say, counts and references."""

from hub.model.message import Envelope, Group


def test_envelope_fields(read, wrap, paxlst):
    head = "UNB+UNOC:3+CARRIER:ZZ+HUBCSX:14+261123:1200+REF7++APIS+A+1+AGREED+1"
    data = wrap(*paxlst, head=head).replace(b"UNZ+1+7", b"UNZ+1+REF7")
    reading = read(data)
    assert reading.all_findings() == ()
    assert reading.interchanges[0].envelope == Envelope(
        sender="CARRIER",
        sender_qualifier="ZZ",
        recipient="HUBCSX",
        recipient_qualifier="14",
        control_ref="REF7",
        prepared_at="2611231200",
        application="APIS",
        acknowledge=True,
        test=True,
        syntax_id="UNOC",
        syntax_version="3",
        rest=(("0029", "A"), ("0032", "AGREED")),
    )


def test_counts_and_references(check, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", *paxlst]
    assert check(*body, "UNT+99+1") == ["unt-count error 16:1 UNT/0074"]
    assert check(*body, "UNT+16+2") == ["unt-ref error 16:2 UNT/0062"]
    assert check(*body) == ["unt-missing error 15 UNT"]
    assert check(*body, "UNT+16+1", head="UNB+UNOC:3+A+B+261123:1200+8") == ["unz-ref error 0:2 UNZ/0020"]
    two = [*body, "UNT+16+1", "UNH+2+PAXLST:D:02B:UN", *paxlst, "UNT+16+2"]
    assert check(*two) == ["unz-count error 0:1 UNZ/0036"]


def test_leading_zeros_of_a_count_do_not_matter(check, paxlst):
    assert check("UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+000016+1") == []


def test_counts_that_no_number_can_hold(check, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", *paxlst]
    assert "value-long error 16:1 UNT/0074" in check(*body, f"UNT+{'9' * 5000}+1")
    assert check(*body, "UNT+\xb9\xb6+1") == ["value-type error 16:1 UNT/0074"]


def test_reference_used_twice(check, wrap, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1"]
    data = wrap(*body, *body).replace(b"UNZ+1", b"UNZ+2")
    assert check(data) == ["message-duplicate error 1:1 UNH/0062"]


def test_group(read, wrap, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1"]
    group = "UNG+PAXLST+AIRLINE+BORDER+261123:1200+G1+UN+D:02B"
    reading = read(wrap(group, *body, "UNE+1+G1"))
    assert reading.all_findings() == ()
    rest = (("S004/0017", "261123"), ("S004/0019", "1200"), ("0051", "UN"), ("S008/0052", "D"), ("S008/0054", "02B"))
    assert reading.interchanges[0].groups == (Group("G1", "PAXLST", "AIRLINE", "BORDER", rest=rest),)
    assert reading.interchanges[0].messages[0].group_ref == "G1"


def test_group_faults(check, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1"]
    group = "UNG+PAXLST+AIRLINE+BORDER+261123:1200+G1+UN+D:02B"
    assert check(group, *body, "UNE+2+G1") == ["une-count error 0:1 UNE/0060"]
    assert check(group, *body, "UNE+1+G2") == ["une-ref error 0:2 UNE/0048"]
    assert check(group, *body) == ["une-missing error 0 UNE"]
    assert check(group, "UNE+0+G1") == ["group-empty error 0 UNE"]
    assert check(group, *body, "UNE+1+G1", *[part.replace("+1", "+2", 1) for part in body[:1]], *body[1:]) == [
        "groups-mixed error 0 UNH",
        "unt-ref error 16:2 UNT/0062",
    ]


def test_group_header_is_optional_mostly_in_version_4(check, paxlst):
    body = ["UNG+++++G1", "UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1", "UNE+1+G1"]
    assert check(*body, head="UNB+UNOC:4+A+B+20261123:1200+7") == []
    assert len(check(*body)) == 6


def test_segments_outside_messages(check, paxlst):
    body = ["UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1"]
    assert check(*body, "BGM+745", "DTM+1") == ["segment-outside error 0 BGM"]


def test_unknown_types(check):
    assert check("UNH+1+PAXLST:D:99Z:UN", "UNT+2+1") == ["message-unknown error 1:2 UNH/S009"]
    assert check("UNH+1+../../X:D:02B:UN", "UNT+2+1") == [
        "message-untyped error 1:2 UNH/S009",
        "value-long error 1:2:1 UNH/S009/0065",
    ]
    assert check("UNH+1+:D:95B:UN", "UNT+2+1") == [
        "message-untyped error 1:2 UNH/S009",
        "component-missing error 1:2:1 UNH/S009/0065",
    ]


def test_unknown_type_keeps_its_names(read, wrap):
    message = read(wrap("UNH+1+PNRGOV:11:1:IA:X1", "MSG+:22", "UNT+3+1")).interchanges[0].messages[0]
    assert (message.type, message.agency, message.association) == ("edifact:11.1:PNRGOV", "IA", "X1")
    assert message.document is None


def test_unb_that_names_nobody(check, paxlst):
    found = check(*paxlst, head="UNB+UNOC:3++B+261123:1200+7")
    assert found == ["element-missing error 0:2 UNB/S002", "contrl-impossible warning 0 UNB"]


def test_syntax_version_5_does_not_exist(check, paxlst):
    assert check(*paxlst, head="UNB+UNOC:5+A+B+261123:1200+7") == ["syntax-version error 0:1:2 UNB/S001/0002"]


def test_interchange_without_messages(check):
    assert check(b"UNB+UNOC:3+A+B+261123:1200+7'UNZ+0+7'") == ["interchange-empty error 0 UNB"]


def test_contrl_is_read_by_the_table_of_its_syntax_version(read, wrap):
    old = read(wrap("UNH+1+CONTRL:D:3:UN", "UCI+1+A+B+7", "UNT+3+1")).interchanges[0].messages[0]
    new = read(wrap("UNH+1+CONTRL:4:1:UN", "UCI+1+A+B+7", "UNT+3+1")).interchanges[0].messages[0]
    assert (old.type, new.type) == ("edifact:S3:CONTRL", "edifact:S4:CONTRL")
    assert old.valid
    assert new.valid


def test_group_reference_used_twice(check, paxlst):
    body = ["UNG+PAXLST+A+B+261123:1200+G1+UN+D:02B", "UNH+1+PAXLST:D:02B:UN", *paxlst, "UNT+16+1", "UNE+1+G1"]
    again = [*body[:1], "UNH+2+PAXLST:D:02B:UN", *paxlst, "UNT+16+2", "UNE+1+G1"]
    data = [*body, *again]
    assert "group-duplicate error 0:5 UNG/0048" in check(*data)


def test_interchange_reference_used_twice_in_a_file(read, wrap, paxlst):
    one, other = wrap(*paxlst), wrap(*paxlst, head="UNB+UNOC:3+C+B+261123:1200+7")
    assert read(one + other).all_findings() == ()
    reading = read(one + b"\n" + other + b"\n" + one)
    (finding,) = reading.all_findings()
    assert (finding.code, finding.place.line, finding.place.path) == ("edifact.interchange-duplicate", 3, "UNB/0020")
    assert [interchange.valid for interchange in reading.interchanges] == [True, True, False]
