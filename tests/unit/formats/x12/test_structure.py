"""Order, loops and repetitions: one fault, one finding; what has a place stays in the Document."""

import pytest


def test_the_document(read, wrap, order):
    (message,) = read(wrap(*order)).interchanges[0].messages
    assert message.document == {
        "ST": {"ST01": "850", "ST02": "0001"},
        "BEG": {"BEG01": "00", "BEG02": "SA", "BEG03": "PO1", "BEG05": "20261123"},
        "CUR": {"CUR01": "BY", "CUR02": "USD"},
        "REF": [{"REF01": "IA", "REF02": "100183"}],
        "PER": [{"PER01": "BD", "PER02": "BUYER", "PER03": "TE", "PER04": "3125550100"}],
        "N1_LOOP": [
            {
                "N1": {"N101": "ST", "N102": "WAREHOUSE", "N103": "92", "N104": "T100"},
                "N3": [{"N301": "EAST POINT DRIVE"}],
                "N4": [{"N401": "LAREDO", "N402": "TX", "N403": "78045", "N404": "US"}],
            }
        ],
        "PO1_LOOP": [
            {
                "PO1": {
                    "PO101": "1",
                    "PO102": "10",
                    "PO103": "EA",
                    "PO104": "19.95",
                    "PO106": "BP",
                    "PO107": "00543",
                },
                "PID_LOOP": [
                    {
                        "PID": {"PID01": "F", "PID05": "WIDGET"},
                        "MEA": [{"MEA03": "12.5", "MEA04": {"MEA04-01": "KG", "MEA04-02": "1"}}],
                    }
                ],
            }
        ],
        "CTT_LOOP": {"CTT": {"CTT01": "1"}},
    }


@pytest.mark.parametrize(
    ("change", "found", "code"),
    [
        (lambda order: [*order[:4], "XYZ*1", "XYZ*2", *order[4:]], ["segment-unknown error 6 XYZ"], "1"),
        (lambda order: [*order[:4], "M10*OCEA", *order[4:]], ["segment-foreign error 6 M10"], "6"),
        (lambda order: [order[0], "BEG*00*SA*X**20261123", *order[1:]], ["segment-repeats error 3 BEG"], "5"),
        (lambda order: [*order[:4], "BEG*00*SA*X**20261123", *order[4:]], ["segment-order error 6 BEG"], "7"),
        (lambda order: [*order, "BEG*00*SA*X**20261123"], ["segment-order error 13 BEG"], "7"),
        (lambda order: order[1:], ["segment-missing error 2 BEG"], "3"),
        (lambda order: order[:7], ["segment-missing error 9 PO1_LOOP/PO1"], "3"),
        (lambda order: [*order, "CTT*2"], ["loop-repeats error 13 CTT_LOOP/CTT"], "4"),
        (lambda order: [order[0], "CUR*BY*USD", *order[1:]], ["segment-repeats error 4 CUR"], "5"),
        (lambda order: [*order[:1], *["PER*BD*A"] * 5, *order[4:]], ["segment-repeats error 6 PER"], "5"),
    ],
)
def test_one_fault_one_finding(check, read, wrap, order, change, found, code):
    body = change(list(order))
    assert check(*body) == found
    (finding,) = read(wrap(*body)).all_findings()
    assert finding.standard("ak304") == code
    assert finding.place.line == 1
    assert finding.place.offset


def test_what_has_a_place_is_kept(read, wrap, order):
    (message,) = read(wrap(*order[:4], "XYZ*1", *order[4:])).interchanges[0].messages
    whole = read(wrap(*order)).interchanges[0].messages[0].document
    assert message.document == whole


def test_ten_faults_are_ten_findings(check, order):
    body = [
        "BEG*99*SA*PO1**20261123",  # no such purpose
        "CUR*BY*US1",  # no such currency
        "REF*IA",  # REF02 or REF03 is needed
        "PER*BD*BUYER*TE",  # PER03 needs PER04
        "XYZ*1",  # no such segment
        "N1*ST*WAREHOUSE*92*T",  # N104 too short
        "N4*L*TX*78045*US",  # N401 too short
        "PO1*1*ten*EA*19.95**BP*00543",  # PO102 is a number
        "DTM*002*20261331",  # no such day
        "CTT*1*2*3*KG*5*CR*ALL*MORE",  # one element too much
    ]
    assert check(*body) == [
        "code-unknown error 2:1 BEG/BEG01",
        "code-unknown error 3:2 CUR/CUR02",
        "choice error 4:2 REF/REF02",
        "condition error 5:4 PER/PER04",
        "segment-unknown error 6 XYZ",
        "value-short error 7:4 N1_LOOP/N1/N104",
        "value-short error 8:1 N1_LOOP/N4/N401",
        "value-type error 9:2 PO1_LOOP/PO1/PO102",
        "date-wrong error 10:2 PO1_LOOP/DTM/DTM02",
        "element-excess error 11:8 CTT_LOOP/CTT",
    ]


def test_two_places_of_one_tag_are_counted_apart(check):
    """pyx12 alone counts both K1 of a 310 as one place: they share a path."""
    remarks = ["K1*A"] * 12
    body = ["B3**INV1**PP**20261123*100****OCEA", "V1*9123456", "N1*SH*SHIPPER", "R4*L*UN*CNSHA", *remarks]
    body += ["LX*1", "L3*1*G", *["K1*B"] * 30]
    assert check(*body, number="310", group="IO") == []
    assert check(*[*body[:4], "K1*0", *body[4:]], number="310", group="IO") == ["segment-repeats error 18 K1"]


def test_loops_in_loops(read, wrap):
    body = ["M10*OCEA*O*CN*9123456*STAR*V01*MAN1*6*W*L", "P4*2704*20261201*6", "LX*1", "N1*SH*A", "N1*CN*B", "LX*2"]
    body += ["VID*CN*OCEU*123456", "N10*10*TEXTILES", "H1*1263", "H1*1264", "N10*1*X", "P4*2709*20261202", "LX*1"]
    reading = read(wrap(*body, number="309", group="AQ"))
    assert reading.all_findings() == ()
    document = reading.interchanges[0].messages[0].document
    assert [len(port["LX_LOOP"]) for port in document["P4_LOOP"]] == [2, 1]
    assert len(document["P4_LOOP"][0]["LX_LOOP"][0]["N1_LOOP"]) == 2
    goods = document["P4_LOOP"][0]["LX_LOOP"][1]["VID_LOOP"][0]["N10_LOOP"]
    assert [len(one.get("H1_LOOP", [])) for one in goods] == [2, 0]


def test_customs_sets_come_in_either_of_their_groups(check):
    body = ["M10*OCEA*O*CN*9123456*STAR*V01*MAN1*6*W*L", "P4*2704*20261201"]
    assert check(*body, number="350", group="SO") == []
    assert check(*body, number="350", group="AU") == []
    assert check(*body, number="350", group="PO") == ["set-misplaced error 1:1 ST/ST01"]


def test_an_industry_version_is_read_by_its_base(read, wrap, order):
    data = wrap(*order, version="004010VICS")
    assert [one.code for one in read(data).all_findings()] == ["x12.isa-version"] or read(data).valid
