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


BAYPLAN = (
    "BGM++M1+9",
    "DTM+137:2611230900:201",
    "TDT+20+V1+++MSK:172:20+++ABCD:103:ZZZ",
    "LOC+5+SGSIN:139:6",
    "LOC+61+CNSHA:139:6",
    "DTM+133:2611231200:201",
    "LOC+147+0030586::5",
    "MEA+VGM++KGM:10000",
    "LOC+9+SGSIN:139:6",
    "LOC+11+CNSHA:139:6",
    "RFF+BM:1",
    "EQD+CN+TOLU2566410+22G1+++5",
    "DGS+IMD+2.3+2198",
)
LOADING = (
    "BGM+45+1+9",
    "RFF+VON:123W",
    "TDT+20+123W+1++MSK:172:20+++D5EP4:103::SHIP",
    "NAD+CA+MSK:160:20",
    "EQD+CN+CSQU3054383+45G1:102:5++6+5",
    "MEA+AAE+VGM+KGM:11740",
    "CNT+16:1",
)
ORDER = (
    "BGM+220+1+9",
    "DTM+137:20261123:102",
    "NAD+BY+5412345000013::9",
    "NAD+SU+5013546027856::9",
    "LIN+1++9780000000002:EN",
    "IMD+L+050+:::A TITLE",
    "QTY+21:2",
    "GIR+001+LIB1:LLO+FUND:LFN",
    "UNS+S",
)


@pytest.fixture(name="says")
def _says(guides, catalog):
    """What the guideline that UNH names says of these segments, one of them changed; codes without its id."""

    def says(segments: tuple[str, ...], names: str, old: str = "", new: str | None = None) -> list[str]:
        changed = [segment if segment != old else new for segment in segments]
        data = wrap(*(segment for segment in changed if segment), names=names)
        found = read(data, catalog, guides=guides.choice()).all_findings()
        return [f"{one.code.rpartition('.')[2]} {one.place.segment}" for one in found]

    return says


@pytest.mark.parametrize(
    ("segments", "names"),
    [(BAYPLAN, "BAPLIE:D:95B:UN:SMDG20"), (LOADING, "COPRAR:D:95B:UN:SMDG16"), (ORDER, "ORDERS:D:96A:UN:EAN008")],
)
def test_what_terminals_and_shops_send(says, segments, names):
    assert says(segments, names) == []
    assert says(segments, names.rpartition(":")[0]), "the directory alone is too narrow"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("LOC+147+0030586::5", "LOC+147+30586::5", "stowage-cell 8"),
        ("LOC+9+SGSIN:139:6", "LOC+9+SIN:139:6", "locode 10"),
        ("LOC+9+SGSIN:139:6", None, "port-of-loading 8"),
        ("LOC+11+CNSHA:139:6", None, "port-of-discharge 8"),
        ("MEA+VGM++KGM:10000", "MEA+VGM++TNE:10", "weight-unit 9"),
        ("MEA+VGM++KGM:10000", "MEA+T++KGM:10000", "weight 8"),
        ("EQD+CN+TOLU2566410+22G1+++5", "EQD+CN+TOLU 2566410+22G1+++5", "container-number 13"),
        ("EQD+CN+TOLU2566410+22G1+++5", "EQD+CN+TOLU2566410+22G1", "full-or-empty 13"),
        ("DGS+IMD+2.3+2198", "DGS+IMD+2.3", "un-number 14"),
    ],
)
def test_what_a_bay_plan_must_say(says, old, new, said):
    assert said in says(BAYPLAN, "BAPLIE:D:95B:UN:SMDG20", old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("BGM+45+1+9", "BGM+44+1+9", "kind 2"),
        ("EQD+CN+CSQU3054383+45G1:102:5++6+5", "EQD+CN+CSQU3054384+45G1:102:5++6+5", "container-number 6"),
        ("EQD+CN+CSQU3054383+45G1:102:5++6+5", "EQD+CN+CSQU3054383+45G1:102:5++6+9", "full-or-empty 6"),
    ],
)
def test_what_a_loading_order_must_say(says, old, new, said):
    assert said in says(LOADING, "COPRAR:D:95B:UN:SMDG16", old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("DTM+137:20261123:102", "DTM+2:20261123:102", "dated 1"),
        ("NAD+BY+5412345000013::9", "NAD+BY+SHOP::9", "gln 4"),
        ("NAD+BY+5412345000013::9", None, "buyer 1"),
        ("NAD+SU+5013546027856::9", "NAD+SE+5013546027856::9", "supplier 1"),
        ("LIN+1++9780000000002:EN", "LIN+1++978:EN", "gtin 6"),
        ("LIN+1++9780000000002:EN", "LIN+1++9780000000020:EN", "check-digit 6"),
        ("NAD+SU+5013546027856::9", "NAD+SU+5013546027855::9", "check-digit 5"),
        ("QTY+21:2", "QTY+12:2", "quantity 6"),
    ],
)
def test_what_an_order_must_say(says, old, new, said):
    assert said in says(ORDER, "ORDERS:D:96A:UN:EAN008", old, new)


def test_a_text_about_a_value_is_not_told_of_one_that_is_missing(told):
    place = next(segment for segment in LIST if segment.startswith("LOC+125"))
    (found,) = [one for one in told(place, "LOC+125") if one.startswith("api-paxlst.airport")]
    assert "here is" not in found
    assert "–" not in found
    assert "SG2/SG3/LOC/C517/3225" in found
