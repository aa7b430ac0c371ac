"""The shipped code tables: facts that others rely on, and that every translation goes there and back or is told."""

from datetime import date
from pathlib import Path

import pytest

from hub.model.approval import ApprovalState
from hub.model.balance import ReservationState, Step
from hub.schema.catalog import Catalog

ROOT = Path(__file__).parents[3]
CHINESE_ONLY = ("customs-districts", "districts", "maritime-offices", "countries-customs", "ports", "ports-customs")
LARGE = ("customs-districts", "districts", "maritime-offices", "ports", "ports-customs", "dangerous-goods")
TRANSLATING = {
    "countries": ("alpha-3", "alpha-2", "numeric", "customs", "ciq", "maritime", "border"),
    "countries-customs": ("code", "alpha-3"),
    "currencies": ("alpha-3", "numeric", "customs", "ciq"),
    "units": ("code", "customs", "ciq", "un"),
    "transport-modes": ("declaration", "manifest", "ciq"),
    "trade-modes": ("code", "ciq"),
    "packages": ("code", "wrap", "ciq"),
    "packages-ciq": ("code", "manifest", "maritime", "un"),
    "ports": ("code", "customs", "ciq", "locode"),
    "containers": ("code", "customs", "ciq"),
    "certificate-types": ("code", "border", "maritime"),
    "cargo-types": ("code", "customs", "maritime"),
}
PAIRS = [(name, one, two) for name, columns in TRANSLATING.items() for one in columns for two in columns if one != two]


@pytest.mark.parametrize("name", LARGE)
def test_a_large_table_is_whole(name: str, catalog: Catalog) -> None:
    assert len(catalog.tables.get(name).codes) > 1000


@pytest.mark.parametrize("name", Catalog(ROOT / "schemas").tables.names())
def test_every_table_has_names_a_source_and_a_date(name: str, catalog: Catalog) -> None:
    table = catalog.tables.get(name)
    assert table.source
    assert date.fromisoformat(table.date) <= date(2026, 11, 24)
    assert not [code.value for code in table.rows if not (code.zh or code.en)]
    assert not [code.value for code in table.rows if code.value != code.value.strip()]
    if name not in CHINESE_ONLY:
        assert not [code.value for code in table.rows if not code.en]


@pytest.mark.parametrize(("name", "one", "two"), PAIRS)
def test_a_translation_goes_there_and_back_or_is_told(name: str, one: str, two: str, catalog: Catalog) -> None:
    table = catalog.tables.get(name)
    there, back = table.translation(one, two), table.translation(two, one)
    told = {value for values in there.ambiguous.values() for value in values if value}
    for code in table.current():
        source, target = table.text(code, one), table.text(code, two)
        if source and target:
            assert there.values.get(source) == target or target in there.ambiguous[source]
            assert back.values.get(target) == source or source in back.ambiguous[target]
    assert told <= set(back.values) | set(back.ambiguous)
    assert not set(there.values) & set(there.ambiguous)


def test_each_agency_has_its_number_for_china(catalog: Catalog) -> None:
    countries = catalog.tables.get("countries")
    assert countries.translation("customs", "alpha-3").values["142"] == "CHN"
    assert countries.translation("alpha-3", "ciq").values["CHN"] == "156"
    assert countries.translation("alpha-2", "maritime").values["CN"] == "125"
    assert countries.translation("customs", "alpha-3").ambiguous["326"] == ("BVT", "NOR")
    assert countries.get("ANT", date(2010, 12, 15)) is not None
    assert countries.get("ANT", date(2010, 12, 16)) is None
    assert countries.translation("customs", "alpha-3").ambiguous["449"] == ("BES", "SXM")


def test_money_and_transport(catalog: Catalog) -> None:
    money = catalog.tables.get("currencies").translation("customs", "alpha-3").values
    assert (money["142"], money["502"], money["300"]) == ("CNY", "USD", "EUR")
    assert catalog.tables.get("currencies").codes["EUR"].extra["numeric"] == "978"
    modes = catalog.tables.get("transport-modes")
    assert [modes.translation("declaration", "manifest").values[code] for code in "2345"] == ["1", "2", "3", "4"]
    assert modes.translation("declaration", "ciq").values["4"] == "3"
    assert modes.translation("ciq", "manifest").ambiguous["9"] == (
        "",
        "5",
    )  # by post, or in a bonded area: not one thing


def test_the_trade_modes_and_offices_of_the_services(catalog: Catalog) -> None:
    modes = catalog.tables.get("trade-modes").codes
    assert {"0110", "0214", "0615", "1039", "1210", "1239", "5034", "9610", "9710", "9810"} <= set(modes)
    offices = catalog.tables.get("customs-districts")
    assert [code.value for code in offices.find("district", "4900")] == [
        str(number) for number in range(4901, 4929) if number != 4912
    ]


def test_dangerous_goods_by_un_number(catalog: Catalog) -> None:
    goods = catalog.tables.get("dangerous-goods")
    (petrol,) = goods.find("un", "1203")
    assert (petrol.zh, petrol.extra["class"], petrol.extra["packing-group"]) == ("车用汽油或汽油", "3", "II")
    assert petrol.extra["ems"] == "F-E,S-E"
    assert "subsidiary" not in petrol.extra
    assert [code.extra["packing-group"] for code in goods.find("un", "1993")] == ["I", "II", "III"]
    assert goods.translation("un", "class").values["3480"] == "9"
    assert not goods.translation("un", "class").ambiguous
    assert goods.translation("un", "subsidiary").ambiguous["1796"] == ("5.1", "")
    (acid,) = (code for code in goods.find("un", "1796") if "subsidiary" in code.extra)
    assert acid.extra["subsidiary"] == "5.1"


def test_the_refusals_of_cross_border_e_commerce(catalog: Catalog) -> None:
    errors = catalog.tables.get("ceb-errors").codes
    assert {"-621004", "-621005", "-621015", "-621018", "-621028", "-621029"} <= set(errors)
    assert errors["-621018"].zh == "清单[*]中购买人[*]已用购买额度为[*]，本次购买将超过年度限额[*]"
    assert len(errors) == 159
    assert all(code.mend_zh and code.mend_en for code in errors.values())
    assert errors["-621004"].mend_en == "Look at its status; do not declare it again."


def test_no_table_is_ambiguous_about_a_locode(catalog: Catalog) -> None:
    ports = catalog.tables.get("ports")
    assert not ports.translation("locode", "code").ambiguous
    assert ports.translation("locode", "customs").values["NLRTM"]
    names = {code.extra["locode"][:2]: code.value[:3] for code in ports.rows if "locode" in code.extra}
    alpha = catalog.tables.get("countries").translation("alpha-2", "alpha-3").values
    assert not [two for two, three in names.items() if alpha[two] != three]


def test_the_states_of_the_hub_have_their_words(catalog: Catalog) -> None:
    assert list(catalog.tables.get("approval-status").codes) == list(ApprovalState)
    assert set(catalog.tables.get("guarantee-status").codes) == set(ReservationState)
    postings = {code.extra["posting"] for code in catalog.tables.get("ledger-marks").rows}
    assert postings - {"none"} <= set(Step)


def test_every_chapter_of_the_harmonized_system(catalog: Catalog) -> None:
    assert list(catalog.tables.get("hs-chapters").codes) == [f"{number:02}" for number in range(1, 98)]


def test_the_return_status_of_e_commerce_agrees_with_the_general_one(catalog: Catalog) -> None:
    general, own = catalog.tables.get("return-status"), catalog.tables.get("ceb-status")
    for value, code in general.codes.items():
        assert own.codes[value].extra["outcome"] == code.extra["outcome"]
