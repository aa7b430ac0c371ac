"""The walk through a message: one finding for one fault, and back on track."""

from hub.formats.edifact.repair import Patience, explain
from hub.formats.edifact.steps import message_table


def test_a_sound_message_has_its_document_and_no_findings(read, wrap, paxlst):
    message = read(wrap(*paxlst)).interchanges[0].messages[0]
    assert message.findings == ()
    assert message.valid
    passenger = message.document["SG4"][0]
    assert passenger["NAD"] == {"3035": "FL", "C080": {"3036": ["LI", "XIA"]}}
    assert passenger["DTM"] == [{"C507": {"2005": "329", "2380": "900101"}}]
    assert passenger["SG5"][0]["LOC"] == [{"3227": "91", "C517": {"3225": "CHN"}}]
    assert message.document["CNT"] == {"C270": {"6069": "42", "6066": "1"}}


def test_unknown_segment_is_one_finding(check, paxlst):
    assert check(*paxlst[:6], "XYZ+1", *paxlst[6:]) == ["segment-unknown error 8 XYZ"]


def test_run_of_unknown_segments_is_one_finding(read, wrap, paxlst):
    findings = read(wrap(*paxlst[:6], "XYZ+1", "XYZ+2", "XXX", *paxlst[6:])).all_findings()
    assert [(finding.code, dict(finding.params)) for finding in findings] == [
        ("edifact.segment-unknown", {"count": "3"})
    ]


def test_segment_out_of_order_is_one_finding(check, paxlst):
    early = [*paxlst[:6], "NAT+2+CHN", "ATT+2++F", *paxlst[7:9], *paxlst[10:]]
    assert check(*early) == ["segment-unexpected error 8 NAT"]
    late = [*paxlst[:6], *paxlst[7:9], "ATT+2++F", *paxlst[9:]]
    assert check(*late) == ["segment-unexpected error 10 ATT"]


def test_intruder_that_leads_astray_is_the_one_blamed(check, paxlst):
    """A CNT among the passengers would end the list; the segments behind it show that it is out of place."""
    assert check(*paxlst[:7], "CNT+42:1", *paxlst[7:]) == ["segment-unexpected error 9 CNT"]


def test_what_follows_the_intruder_is_kept(read, wrap, paxlst):
    document = read(wrap(*paxlst[:7], "CNT+42:1", *paxlst[7:])).interchanges[0].messages[0].document
    clean = read(wrap(*paxlst)).interchanges[0].messages[0].document
    assert document == clean


def test_misplaced_group_goes_with_its_segments(check, paxlst):
    """A GID group before the passengers' NAD has no place there; its FTX and QTY are not blamed as well."""
    assert check(*paxlst[:3], "AJT+1", "FTX+AAA", *paxlst[3:]) == ["segment-unknown error 5 AJT"]
    moved = [*paxlst[:2], "GID+1", "FTX+AAA+++X", "QTY+1:1", *paxlst[2:]]
    assert check(*moved) == ["segment-unexpected error 4 GID"]


def test_missing_mandatory_segment_comes_after_the_last_one_read(check, paxlst):
    assert check(*paxlst[1:]) == ["segment-missing error 1 BGM"]
    assert check(*paxlst[:3], *paxlst[4:]) == ["segment-missing error 4 SG2/DTM"]


def test_missing_mandatory_group(check, paxlst):
    assert check(*paxlst[:2]) == ["segment-missing error 3 SG2/TDT"]


def test_misplaced_mandatory_segment_is_one_finding(check, paxlst):
    """Two segments in the wrong order: the optional one came early; with more of them, the mandatory one came late."""
    assert check(paxlst[1], paxlst[0], *paxlst[2:]) == ["segment-unexpected error 2 NAD"]
    party = [paxlst[1], "CTA+IC", "COM+1:TE"]
    assert check(*party, paxlst[0], *paxlst[2:]) == ["segment-unexpected error 5 BGM"]


def test_missing_trigger_does_not_blame_its_group(check, paxlst):
    second = paxlst[6:13]
    assert check(*paxlst[:13], *second, paxlst[13]) == ["segment-missing error 14 SG4/NAD"]
    assert check(*paxlst[:2], *paxlst[3:]) == ["segment-missing error 3 SG2/TDT"]


def test_garbled_tag_is_one_finding(check, paxlst):
    assert check("BGX+745", *paxlst[1:]) == ["segment-unknown error 2 BGX"]
    assert check(*paxlst[:5], "NAE+FL+++LI:XIA", *paxlst[6:]) == ["segment-unknown error 7 NAE"]


def test_intruder_whose_harm_shows_later_is_the_one_blamed(check, paxlst):
    """A TDT among the passengers seems to open their SG6; the next passenger's segments tell."""
    assert check(*paxlst[:6], "TDT+20", *paxlst[6:]) == ["segment-unexpected error 8 TDT"]


def test_two_faults_far_apart_are_two_findings(check, paxlst):
    long = [*paxlst[:5], *(paxlst[5:13] * 20), paxlst[13]]
    del long[98]
    found = check(*paxlst[:1], "XYZ", *long[1:])
    assert found == ["segment-unknown error 3 XYZ", "segment-missing error 100 SG4/SG5/DOC"]


def test_when_patience_ends_faults_are_passed_over_bluntly(catalog):
    """An interchange may not cost more than so much: then no other reading of a fault is tried."""
    table = message_table(catalog.get("edifact:D.02B:PAXLST"))
    tags = ["UNH", "BGM", "TDT", "DTM", *(["NAD", "ATT", "CNT", "DTM", "NAT"] * 50)]
    lost = [course.step is None for course in explain(table, tags, Patience())]
    assert lost[4:] == [False, False, True, False, False] * 50
    patience = Patience(left=0)
    lost = [course.step is None for course in explain(table, tags, patience)]
    assert lost[4:9] == [False, False, False, True, True]
    assert patience.left == 0


def test_too_many_repetitions_of_a_segment(check, read, wrap, paxlst):
    assert check(paxlst[0], "RFF+TN:1", "RFF+TN:2", *paxlst[1:]) == ["segment-repeats error 4 RFF"]
    dates = ["DTM+189:261123:101"] * 12
    assert check(paxlst[0], *dates, *paxlst[1:]) == ["segment-repeats error 12 DTM"]
    document = read(wrap(paxlst[0], *dates, *paxlst[1:])).interchanges[0].messages[0].document
    assert len(document["DTM"]) == 12


def test_too_many_repetitions_of_a_group(check, paxlst):
    assert check(paxlst[0], *["NAD+MS+++A"] * 7, *paxlst[2:5]) == ["group-repeats error 8 SG1/NAD"]


def test_group_opens_anew_with_its_trigger(read, wrap, paxlst):
    document = read(wrap(*paxlst[:13], *paxlst[5:13], "CNT+42:2")).interchanges[0].messages[0].document
    assert [passenger["SG5"][0]["DOC"]["C503"]["1004"] for passenger in document["SG4"]] == ["E1234567"] * 2


def test_every_finding_says_where_it_is(read, wrap, paxlst):
    data = wrap(*paxlst[:6], "XYZ+1", *paxlst[6:]).replace(b"'", b"'\n")
    place = read(data).all_findings()[0].place
    assert (place.line, place.column, place.segment, place.tag) == (9, 1, 8, "XYZ")
    assert data[place.offset : place.offset + 3] == b"XYZ"
