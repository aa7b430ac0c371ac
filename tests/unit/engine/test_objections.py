"""Business errors by APERAK: the CONTRL accepts, the APERAK says why the message was not taken."""

from dataclasses import replace

import pytest

from hub.engine import objections
from hub.errors import ConfigError
from tests.unit.engine.hall import Hall, paxlst, several

APERAK = "common/errors-to-aperak"


def told(hall: Hall, data: bytes) -> dict[str, str]:
    """What the carrier is sent about ``data``, sealed: file name → text; the findings report left out."""
    _, planned = hall.take(data)
    planned = [row for row in planned if row["partner"] == "oceanair" and row["kind"] != "report"]
    hall.seal(hall.write(planned))
    rows = [row for row in hall.deliveries() if row["partner"] == "oceanair" and row["kind"] != "report"]
    return {row["name"]: row["payload"].decode() for row in rows}


def test_a_known_reference_is_a_business_error(hall: Hall) -> None:
    hall.agree(errors=APERAK, newline="")
    before = told(hall, paxlst("1"))
    assert len(before) == 1
    after = told(hall, paxlst("1", "C2"))
    contrl, aperak = (after[name] for name in sorted(after.keys() - before.keys(), key=lambda name: "aperak" in name))
    assert "'UCI+C2+OCEANAIR:ZZ+HUBCSX:ZZ+7'UNT" in contrl
    assert "'UNH+1+APERAK:D:16B:UN'BGM+313+DL-" in aperak
    assert "+27+RE'DTM+137:" in aperak
    assert "'RFF+ACW:1'RFF+INO:C2'ERC+103::ZZZ'FTX+AAO+++There is a case CS-" in aperak


def test_each_refused_message_has_its_own(hall: Hall) -> None:
    hall.agree(errors=APERAK, newline="", syntax_id="UNOW")
    told(hall, paxlst("1"))
    after = told(hall, several("C3", paxlst("1"), paxlst("2"), paxlst("1")))
    reports = sorted(text for name, text in after.items() if name.endswith(".aperak.edi"))
    assert [text.count("ERC+103") for text in reports] == [1, 1]
    assert {ref for ref in "123" for text in reports if f"'RFF+ACW:{ref}'RFF+INO:C3'" in text} == {"1", "3"}
    assert all("业务" in text for text in reports), "in both languages where the character set has them"


def test_level_a_has_no_small_letters(hall: Hall) -> None:
    hall.agree(errors=APERAK, newline="", syntax_id="UNOA", syntax_version="1")
    told(hall, paxlst("1"))
    after = told(hall, paxlst("1", "C2"))
    (aperak,) = (text for name, text in after.items() if name.endswith(".aperak.edi"))
    assert "+++THERE IS A CASE CS-" in aperak
    assert aperak == aperak.upper()


def test_what_is_wrong_in_the_interchange_stays_with_the_contrl(hall: Hall) -> None:
    hall.agree(errors=APERAK)
    (name,) = told(hall, paxlst("1", sender="NOBODY:ZZ"))
    assert name.endswith(".contrl.edi")


def test_without_an_agreement_the_contrl_rejects(hall: Hall) -> None:
    hall.agree(newline="")
    told(hall, paxlst("1"))
    after = told(hall, paxlst("1", "C2"))
    assert not [name for name in after if "aperak" in name]
    assert any("UCM+1+PAXLST:D:02B:UN:IATA+4+26" in text for text in after.values())


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ("common/status-to-cusres", "must map from internal:application-errors"),
        ("common/nothing", "nothing.toml"),
        ("../x", "is not a mapping id"),
    ],
)
def test_a_mapping_that_cannot_tell_them_is_refused(hall: Hall, mapping: str, problem: str) -> None:
    hall.agree(errors=mapping)
    with pytest.raises(ConfigError) as failed:
        objections.check(list(hall.world.partners.values()), hall.world.mappings)
    assert problem in str(failed.value)
    hall.agree(errors=APERAK)
    objections.check([replace(one) for one in hall.world.partners.values()], hall.world.mappings)
