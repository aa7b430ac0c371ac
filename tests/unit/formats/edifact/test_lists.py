"""Codes that 1131 and 3055 assign to a list of others: held against that list where it is installed, never against the
UN's."""

import pytest

from hub.model.finding import Language


@pytest.fixture
def places(check, paxlst):
    """The findings about a passenger list in which the first LOC is ``place``."""

    def _places(place: str) -> list[str]:
        at = next(number for number, segment in enumerate(paxlst) if segment.startswith("LOC"))
        return check(*paxlst[:at], f"LOC+125+{place}", *paxlst[at + 1 :])

    return _places


@pytest.mark.parametrize(
    "place",
    [
        "CNSHA:139:6", "DEHAM:139:6", "US5X9:139:6",
        "CN:162:5", "CHN:162:5", "XK:162:5", "XXA:162:5", "ALA:162",
        # no installed list, or none named: not judged
        "1234567:139", "QQQ:139:87", "QQQ", "QQQ:162:87", "0010302::5",
    ],
)  # fmt: skip
def test_codes_of_the_list_that_is_named(places, place):
    assert places(place) == []


@pytest.mark.parametrize(
    "place", ["CNSH:139:6", "cnsha:139:6", "C1SHA:139:6", "QQQQ:162:5", "ABC:162:5", "NN:162", "C:162:5"]
)
def test_codes_that_the_named_list_lacks(places, place):
    (found,) = [one for one in places(place) if "char-level" not in one]
    assert found.startswith("value-list error")
    assert found.endswith(":2:1 SG2/SG3/LOC/C517/3225")


def test_a_nationality_of_iso(check, paxlst):
    at = next(number for number, segment in enumerate(paxlst) if segment.startswith("NAT"))
    assert check(*paxlst[:at], "NAT+2+CHN::5", *paxlst[at + 1 :]) == []
    (found,) = check(*paxlst[:at], "NAT+2+ABC::5", *paxlst[at + 1 :])
    assert found.startswith("value-list error")


def test_what_is_said(read, wrap, paxlst):
    at = next(number for number, segment in enumerate(paxlst) if segment.startswith("LOC"))
    data = wrap(*paxlst[:at], "LOC+125+ABC:162:5", *paxlst[at + 1 :])
    (finding,) = read(data).all_findings()
    assert finding.text(Language.EN).endswith('"ABC" in SG2/SG3/LOC/C517/3225 is not a code of ISO 3166-1')
    assert finding.standard("contrl") == "12"


def test_every_list_of_the_index_is_there(catalog):
    lists = catalog.get("edifact:D.02B:PAXLST").lists
    assert set(lists) == {"3207", "3225", "3293"}
    for assigned in lists.values():
        for pair in assigned:
            assert assigned[pair].title
            assert assigned[pair].codes or assigned[pair].pattern
    countries = lists["3293"]["162:5"]
    assert len(countries.codes) == 500
    assert countries is lists["3225"]["162:5"]
