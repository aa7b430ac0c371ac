"""Dates and times: of the form that 2379 names, and days of the calendar."""

import pytest

from hub.formats.edifact.moments import fits
from hub.model.finding import Language


@pytest.mark.parametrize(
    ("layout", "value"),
    [
        ("CCYYMMDD", "20261123"), ("CCYYMMDD", "20240229"), ("YYMMDD", "000229"), ("DDMMYY", "311226"),
        ("CCYYMMDDHHMM", "202611232400"), ("HHMMSS", "235960"), ("CCYYWW", "202653"), ("YYDDD", "26366"),
        ("CCYYMMDD-CCYYMMDD", "2026112320261130"), ("CCYYMMDD-CCYYMMDD", "20261123-20261130"), ("HHMMHHMM", "08001759"),
        ("MMDDHHMM", "11230859"), ("CCYYMM", "202602"), ("MM", "12"),
        # not judged
        ("Week", "x"), ("CCYYMMDDHHMMZZZ", "2026"), ("CCYYQ", "x"), ("CCYYMMDDTHHMM", "x"), ("", "x"),
    ],
)  # fmt: skip
def test_right(layout, value):
    assert fits(layout, value)


@pytest.mark.parametrize(
    ("layout", "value"),
    [
        ("CCYYMMDD", "20261323"), ("CCYYMMDD", "20260229"), ("CCYYMMDD", "261123"), ("CCYYMMDD", "2026-1-3"),
        ("CCYYMMDD", ""), ("DDMMYY", "310426"), ("MMDDYY", "023026"), ("CCYYMMDDHHMM", "202611232460"),
        ("CCYYMMDDHHMM", "20261123"), ("HHMM", "2500"), ("YYWW", "2654"), ("YYDDD", "26367"),
        ("CCYYMMDD-CCYYMMDD", "20261123"), ("MM", "13"), ("CCYYMMDD", "２０２６１１２３"),
    ],
)  # fmt: skip
def test_wrong(layout, value):
    assert not fits(layout, value)


def test_a_wrong_date_is_a_warning_at_its_value(read, wrap, paxlst):
    at = next(number for number, segment in enumerate(paxlst) if segment.startswith("DTM"))
    for segment, wanted in (("DTM+189:20261323:102", "102 (CCYYMMDD)"), ("DTM+189:20261123:203", "203 (CCYYMMDDHHMM)")):
        data = wrap(*paxlst[:at], segment, *paxlst[at + 1 :])
        (finding,) = read(data).all_findings()
        place = finding.place
        assert (finding.code, finding.severity) == ("edifact.value-date", "warning")
        assert (place.tag, place.element, place.component, place.path.rpartition("/")[2]) == ("DTM", 1, 2, "2380")
        assert data[place.offset :].startswith(segment.split(":")[1].encode())
        assert finding.text(Language.EN).endswith(f"is not of the form {wanted}")
        assert read(data).valid


def test_what_names_no_form_or_an_unknown_one_is_not_judged(check, paxlst):
    at = next(number for number, segment in enumerate(paxlst) if segment.startswith("DTM"))
    assert check(*paxlst[:at], "DTM+189:SOON", *paxlst[at + 1 :]) == []
    assert check(*paxlst[:at], "DTM+189::102", *paxlst[at + 1 :]) == []
    (found,) = check(*paxlst[:at], "DTM+189:SOON:ZZ", *paxlst[at + 1 :])
    assert found.startswith("value-code error")
