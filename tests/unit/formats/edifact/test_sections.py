"""What stands in a message for the reader's sake: all of UNH, section control (UNS), groups kept apart (UGH, UGT)."""

import pytest

HEAD4 = "UNB+UNOC:4+A+B+20261123:1200+7"
UNH = "UNH+1+PAXLST:D:02B:UN:IATA:22:CARGO+ACCESS7+2:F+SUB:1:2:ZZ+GUIDE:3:4:IA+SCENE:5:6:UN"
BODY = ("BGM+745", "NAD+MS+++A", "TDT+20+OA1", "DTM+189:261123:101", "UNT+6+1")


def _codes(reading):
    return [finding.code[8:] for finding in reading.all_findings()]


@pytest.mark.parametrize("head", [HEAD4, "UNB+UNOC:3+A+B+261123:1200+7"])
def test_subset_guideline_scenario_and_status(read, wrap, head):
    reading = read(wrap(UNH, *BODY, head=head))
    assert _codes(reading) == []
    message = reading.interchanges[0].messages[0]
    assert message.association == "IATA"
    assert message.document["UNH"] == {
        "0062": "1",
        "S009": {
            "0065": "PAXLST",
            "0052": "D",
            "0054": "02B",
            "0051": "UN",
            "0057": "IATA",
            "0110": "22",
            "0113": "CARGO",
        },
        "0068": "ACCESS7",
        "S010": {"0070": "2", "0073": "F"},
        "S016": {"0115": "SUB", "0116": "1", "0118": "2", "0051": "ZZ"},
        "S017": {"0121": "GUIDE", "0122": "3", "0124": "4", "0051": "IA"},
        "S018": {"0127": "SCENE", "0128": "5", "0130": "6", "0051": "UN"},
    }


def test_too_much_in_the_header(check):
    assert check(f"{UNH}+MORE", *BODY, head=HEAD4) == ["element-excess error 1:8 UNH"]
    assert check(UNH.replace("ZZ", "ZZ:1"), *BODY, head=HEAD4) == ["component-excess error 1:5:5 UNH/S016"]


ORDERS = (
    "UNH+1+ORDERS:D:96A:UN",
    "BGM+220+O1+9",
    "DTM+137:20261123:102",
    "LIN+1",
    "QTY+21:5",
    "UNS+S",
    "MOA+79:5",
    "CNT+2:1",
)


def test_sections_tell_the_amounts_apart(read, wrap):
    reading = read(wrap(*ORDERS, "UNT+9+1"))
    assert _codes(reading) == []
    document = reading.interchanges[0].messages[0].document
    assert document["UNS"] == {"0081": "S"}
    assert document["MOA"] == [{"C516": {"5025": "79", "5004": "5"}}]


def test_a_section_that_is_no_section(check):
    assert check(*[segment.replace("UNS+S", "UNS+X") for segment in ORDERS], "UNT+9+1") == [
        "value-code error 6:1 UNS/0081"
    ]
    assert check(*[segment for segment in ORDERS if segment != "UNS+S"], "UNT+8+1") == ["segment-missing error 6 UNS"]


PAYDUC = (
    "UNH+1+PAYDUC:D:02A:UN",
    "BGM+405",
    "PAI+::1",
    "FII+OR",
    "FII+BF",
    "DTM+137:20261123:102",
    "GIS+37",
    "RFF+ABO:1",
    "MOA+9:5",
    "DTM+137:20261123:102",
    "UGH+EMPL",
    "NAD+EM+1",
    "MOA+9:5",
    "NAD+EM+2",
    "MOA+9:6",
    "UGT+EMPL",
    "UNS+S",
    "MOA+9:11",
    "UNT+19+1",
)


def test_groups_that_would_collide_are_kept_apart(read, wrap):
    reading = read(wrap(*PAYDUC))
    assert _codes(reading) == []
    group = reading.interchanges[0].messages[0].document["SG4"][0]["SG5"][0]["SG6"]
    assert (group["UGH"], group["UGT"]) == ({"0087": "EMPL"}, {"0087": "EMPL"})
    assert [employee["NAD"]["C082"]["3039"] for employee in group["SG7"]] == ["1", "2"]


def test_an_anti_collision_group_that_nothing_closes(check):
    found = check(*[segment for segment in PAYDUC[:-1] if not segment.startswith("UGT")], "UNT+18+1")
    assert found == ["segment-missing error 15 SG4/SG5/SG6/UGT"]
