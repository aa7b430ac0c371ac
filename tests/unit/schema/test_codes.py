"""Code tables: what they hold, and how a wrong one is refused."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.schema import codes
from hub.schema.catalog import Catalog


def test_the_shipped_tables(root: Path) -> None:
    errors = codes.load(root / "schemas" / "codes" / "manifest-errors.toml")
    mass = errors.get("3003")
    assert mass is not None
    assert (mass.zh, mass.en) == ("总毛重与商品项毛重之和不符", "The total gross mass is not the sum of the items")
    assert mass.extra["path"] == "Declaration/Consignment/GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure"
    assert mass.mend_en
    assert mass.mend_zh
    assert errors.get("0000") is None
    assert errors.name == "manifest-errors"
    assert errors.source
    assert errors.date == "2026-11-23"


@pytest.mark.parametrize("name", ["MT1401", "MT2401"])
def test_each_error_names_a_field_that_the_manifest_has(name: str, root: Path, catalog: Catalog) -> None:
    table = codes.load(root / "schemas" / "codes" / "manifest-errors.toml")
    for code in table.codes.values():
        node = catalog.get(f"xsd:manifest:{name}").root
        for step in filter(None, code.extra["path"].split("/")):
            child = node.child(step)
            assert child is not None, f"{code.value}: {code.extra['path']}"
            node = child


@pytest.mark.parametrize(
    ("table", "schema", "list_name"),
    [
        ("manifest-status", "xsd:manifest:MT9999", "StatusCode"),
        ("return-status", "xsd:answers:AgencyAnswer", "StatusCode"),
    ],
)
def test_a_status_table_explains_exactly_the_statuses_of_its_schema(
    table: str, schema: str, list_name: str, root: Path, catalog: Catalog
) -> None:
    explained = codes.load(root / "schemas" / "codes" / f"{table}.toml").codes
    assert set(explained) == set(catalog.get(schema).codes[list_name])


def test_a_wrong_table_is_refused_with_every_line(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text(
        '[meta]\nsource = "x"\n[codes."1"]\nzh = "一"\n[codes."2"]\nzh = "二"\nen = "two"\nextra = 5\n', "utf-8"
    )
    with pytest.raises(ConfigError) as raised:
        codes.load(file)
    assert [problem.split(": ")[0].rpartition(":")[2] for problem in raised.value.problems] == ["1", "3", "8"]
