"""The guidelines that come with the hub: their files are right, and they say of messages what they should."""

from pathlib import Path

import pytest

from hub.formats.edifact.reader import read
from hub.guides.library import Guides
from hub.model.finding import Language
from hub.schema.catalog import Catalog
from tests.unit.guides.conftest import wrap

IDS = sorted(path.stem for path in (Path(__file__).parents[3] / "schemas/edifact/guides").glob("*.toml"))

LIST = (
    "BGM+745",
    "RFF+TN:AJ1:::001",
    "NAD+MS+++DESK",
    "COM+5550100:TE",
    "TDT+20+OA123+++OA",
    "LOC+125+SHA",
    "DTM+189:2611231200:201",
    "LOC+87+FRA",
    "DTM+232:2611232300:201",
    "NAD+FL+++LI:XIA",
    "ATT+2++F",
    "DTM+329:900101",
    "FTX+BAG+++OA123456",
    "NAT+2+CHN",
    "RFF+AVF:TYR123",
    "RFF+ABO:ABC123",
    "RFF+SEA:12A",
    "DOC+P:110:111+E1",
    "DTM+36:301231",
    "LOC+91+CHN",
    "CNT+42:1",
)


@pytest.fixture(name="guides", scope="session")
def _guides(catalog: Catalog) -> Guides:
    return Guides(catalog)


@pytest.mark.parametrize("id", IDS)
def test_the_file_is_right(guides, id):
    guides.get(id).check()


@pytest.mark.parametrize("id", IDS)
def test_texts_are_in_both_languages(guides, id):
    for rule in guides.get(id).file.rule:
        for words in (rule.text, rule.mend):
            assert words is None or (not words.zh.isascii() and words.en.isascii())


@pytest.fixture(name="told")
def _told(guides, catalog):
    """Codes and English texts of what is found in an airline's list."""

    def told(old: str = "", new: str | None = None, names: str = "PAXLST:D:05B:UN:IATA") -> list[str]:
        segments = [segment if segment != old else new for segment in LIST]
        data = wrap(*(segment for segment in segments if segment), names=names)
        found = read(data, catalog, guides=guides.choice()).all_findings()
        return [f"{one.code.removeprefix('guide.')}: {one.text(Language.EN)}" for one in found]

    return told


def test_a_list_as_airlines_send_it(told):
    assert told() == []
    assert told(names="PAXLST:D:02B:UN:IATA") == []
    assert [one.partition(":")[0] for one in told(names="PAXLST:D:05B:UN")] == [
        "edifact.segment-missing",
        "edifact.value-code",
        "edifact.segment-repeats",
        "edifact.value-code",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("BGM+745", "BGM+380", 'api-paxlst.message-kind: Line 1: BGM says "380", which is no passenger list (745)'),
        ("DTM+189:2611231200:201", None, "api-paxlst.departure: Line 1: nowhere is it said when the flight departs"),
        ("LOC+87+FRA", "LOC+87+EDDF", 'api-paxlst.airport: Line 1: an airport is three letters; here is "EDDF"'),
        ("NAD+FL+++LI:XIA", "NAD+FL", "api-paxlst.name: Line 1: the person has no name"),
        ("DTM+329:900101", None, "api-paxlst.date-of-birth: Line 1: a person has one date of birth"),
        ("ATT+2++F", "ATT+2++W", "api-paxlst.gender: Line 1: the gender (ATT+2) is one of F, M, U, X"),
        ("NAT+2+CHN", "NAT+2+CN", "api-paxlst.nationality: Line 1: a nationality is a country code of three letters"),
        ("NAT+2+CHN", None, "api-paxlst.nationality-absent: Line 1: the nationality (NAT) is missing"),
        ("DOC+P:110:111+E1", "DOC+380:110:111+E1", 'api-paxlst.document-kind: Line 1: "380" is no kind of travel'),
        ("DTM+36:301231", None, "api-paxlst.document-expiry: Line 1: the passport's date of expiry"),
        ("LOC+91+CHN", "LOC+91+CN", "api-paxlst.document-issuer: Line 1: the state of issue is a country code"),
        (
            "CNT+42:1",
            "CNT+42:7",
            "api-paxlst.total-passengers: Line 1: the total says 7 passengers, but the list has 1",
        ),
    ],
)
def test_what_the_airlines_list_must_say(told, old, new, said):
    (first, *_) = told(old, new)
    assert first.startswith(said)
