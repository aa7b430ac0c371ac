"""Control totals: compared where no doubt is possible, and only there."""

import pytest

from hub.model.finding import Language


def orders(*details: str, cnt: tuple[str, ...] = (), header: str = "") -> list[str]:
    """An order with these details and control totals."""
    body = ["BGM+220+1+9", "DTM+137:20261123:102", *details, "UNS+S", *cnt]
    return [f"UNH+1+ORDERS:D:96A:UN{header}", *body, f"UNT+{len(body) + 2}+1"]


def lines(*quantities: str) -> list[str]:
    return [text for number, one in enumerate(quantities, 1) for text in (f"LIN+{number}", f"QTY+{one}")]


THREE = lines("21:5:PCE", "21:2.5:PCE", "21:1,5:PCE")


@pytest.mark.parametrize(
    ("details", "cnt", "counted"),
    [
        (THREE, "CNT+2:3", None),
        (THREE, "CNT+2:03", None),
        (THREE, "CNT+2:4", "3"),
        (THREE, "CNT+3:2", "3"),
        (THREE, "CNT+1:9", None),
        (THREE, "CNT+1:9.0", None),
        (THREE, "CNT+1:10", "9.0"),
        ([], "CNT+2:0", None),
        ([], "CNT+2:1", "0"),
        # doubtful, so not compared:
        (THREE, "CNT+7:1", None),
        ([*THREE, "LIN+4+++1:1"], "CNT+2:3", None),
        ([*THREE, "LIN+4+++1:1"], "CNT+2:4", None),
        ([*THREE, "LIN+4+++1:1"], "CNT+3:3", "4"),
        ([*THREE, *lines("21:1:KGM")], "CNT+1:99", None),
        ([*THREE, *lines("59:1:PCE")], "CNT+1:99", None),
        ([*THREE, "QTY+21:1:PCE"], "CNT+1:99", None),
        ([*THREE, "LIN+4"], "CNT+1:99", None),
    ],
)
def test_totals_of_an_order(read, wrap, details, cnt, counted):
    findings = read(wrap(*orders(*details, cnt=(cnt,)))).all_findings()
    assert [dict(finding.params).get("counted") for finding in findings] == ([counted] if counted else [])


def test_place_and_text(read, wrap):
    (finding,) = read(wrap(*orders(*THREE, cnt=("CNT+7:1", "CNT+2:4")))).all_findings()
    place = finding.place
    assert (finding.code, finding.standard("contrl")) == ("edifact.total-differs", "29")
    assert (place.segment, place.tag, place.element, place.component, place.path) == (12, "CNT", 1, 2, "CNT/C270/6066")
    assert wrap(*orders(*THREE, cnt=("CNT+7:1", "CNT+2:4")))[place.offset or 0 :].startswith(b"4'UNT")
    assert finding.text(Language.EN) == "Line 1: control total CNT (2) is 4, but the message holds 3"
    assert finding.text(Language.ZH) == "第 1 行：控制总数 CNT（2）为 4，实际 3"


def test_a_part_of_a_longer_message_is_not_compared(check):
    assert check(*orders(*THREE, cnt=("CNT+2:40",), header="++1:C")) == []


def test_a_message_out_of_order_is_not_compared(check):
    """The fault in the order is told; what was passed over may be what is missing in the count."""
    assert check(*orders("XYZ", *THREE, cnt=("CNT+2:4",))) == ["segment-unknown error 4 XYZ"]


def test_persons_of_a_passenger_list(check, paxlst):
    """Some count the crew too, and those in transit: no guide, no judgement."""
    assert check(*paxlst[:-1], "CNT+42:7") == []


def test_equipment_and_consignments(check):
    head = ["UNH+1+CODECO:D:00B:UN", "BGM+36+1+9", "TDT+20", "NAD+CA+X:160:20"]
    two = [*head, "EQD+CN+ABCU1234560", "EQD+CN+ABCU1234561"]
    assert check(*two, "CNT+16:2", "UNT+8+1") == []
    assert check(*two, "CNT+16:3", "UNT+8+1") == ["total-differs error 7:1:2 CNT/C270/6066"]
    assert check(*two, "EQD+CH+X", "CNT+16:2", "UNT+9+1") == []
    ifcsum = ["UNH+1+IFCSUM:D:01B:UN", "BGM+785+1+9", "CNT+10:1", "CNI+1", "CNI+2", "UNT+6+1"]
    assert check(*ifcsum) == ["total-differs error 3:1:2 CNT/C270/6066"]
