"""Code tables: what they hold, and how a wrong one is refused."""

from datetime import date
from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.schema import codes
from hub.schema.catalog import Catalog
from hub.schema.codes import Code, CodeTable, CodeTables


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


HEAD = "# a comment\n=source Invented for this test.\n=date 2026-06-01\n"
LANDS = f"""\
{HEAD}alpha-3\tcustoms\tfrom\tuntil\tzh\ten\tmend-en
CHN\t142\t\t\t中国\tChina\t
SUN\t199\t\t1991-12-26\t苏联\tSoviet Union\t
NOR\t326\t\t\t挪威\tNorway\tAsk Oslo.
SJM\t326\t\t\t斯瓦尔巴\tSvalbard\t
OLD\t1\t\t2026-05-31\t旧\told\t
OLD\t2\t2026-06-01\t2026-12-31\t新\tnew\t
OLD\t3\t2027-01-01\t\t将来\tto come\t
"""


@pytest.fixture
def lands(tmp_path: Path) -> CodeTable:
    (tmp_path / "lands.tsv").write_text(LANDS, "utf-8")
    return CodeTables(tmp_path).get("lands")


def test_a_table_of_lines(lands: CodeTable) -> None:
    norway = lands.get("NOR")
    assert norway == Code("NOR", "挪威", "Norway", "", "Ask Oslo.", {"customs": "326"})
    assert lands.columns == ("alpha-3", "customs", "from", "until", "zh", "en", "mend-en")
    assert (lands.name, lands.source, lands.date) == ("lands", "Invented for this test.", "2026-06-01")
    assert list(lands.codes) == ["CHN", "SUN", "NOR", "SJM", "OLD"]
    assert [lands.text(norway, name) for name in lands.columns] == ["NOR", "326", "", "", "挪威", "Norway", "Ask Oslo."]


@pytest.mark.parametrize(
    ("on", "customs"),
    [
        (None, "2"),
        (date(2026, 5, 31), "1"),
        (date(2026, 6, 1), "2"),
        (date(2026, 12, 31), "2"),
        (date(2030, 1, 1), "3"),
    ],
)
def test_a_code_by_the_day(lands: CodeTable, on: date | None, customs: str) -> None:
    code = lands.get("OLD", on)
    assert code is not None
    assert code.extra == {"customs": customs}
    assert lands.find("customs", customs, on) == (code,)
    assert lands.translation("alpha-3", "customs", on).values["OLD"] == customs
    assert [other for other in "123" if lands.find("customs", other, on)] == [customs]


def test_a_code_that_holds_no_more(lands: CodeTable) -> None:
    assert lands.get("SUN", date(1991, 12, 26)) is not None
    assert lands.get("SUN", date(1991, 12, 27)) is None
    assert lands.get("SUN") is not None  # asked without a day, the table still knows what it meant
    assert lands.find("customs", "199", date(1992, 1, 1)) == ()
    assert lands.find("customs", "199") == ()  # but it does not translate into what held no more on its date
    assert len(lands.find("customs", "199", date(1990, 1, 1))) == 1


def test_translations_and_what_is_ambiguous(lands: CodeTable) -> None:
    back = lands.translation("customs", "alpha-3")
    assert back.values == {"142": "CHN", "2": "OLD"}
    assert back.ambiguous == {"326": ("NOR", "SJM")}
    assert [code.value for code in lands.find("customs", "326")] == ["NOR", "SJM"]
    with pytest.raises(ValueError, match="table lands has no column custom; did you mean customs"):
        lands.translation("alpha-3", "custom")
    with pytest.raises(ValueError, match="there are alpha-3, customs"):
        lands.find("q", "1")


def test_a_toml_code_with_several_meanings(tmp_path: Path) -> None:
    rows = '"1" = [{ zh = "旧", en = "old", until = "2026-01-31" }, { zh = "新", en = "new", from = "2026-02-01" }]'
    (tmp_path / "t.toml").write_text(
        f'[meta]\nsource = "x"\ndate = "2026-02-01"\nkey = "no"\n[codes]\n{rows}\n', "utf-8"
    )
    table = codes.load(tmp_path / "t.toml")
    assert [code.en for code in table.rows] == ["old", "new"]
    assert table.codes["1"].en == "new"
    assert table.get("1", date(2026, 1, 31)) == table.rows[0]
    assert table.columns == ("no", "zh", "en", "until", "from")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1: =source: missing", "1: date: '' is not a day", "2: (columns): there is no zh"]),
        (
            "=souce x\n=date 2026-13-01\ncode\tzh\n",
            ["1: =souce: unknown", "1: =source: missing", "2: date: '2026-13-01'"],
        ),
        (f"{HEAD}code\tZh\tzh\tzh\n", ["4: Zh: not a name", "4: zh: not a name", "4: zh: not a name"]),
        (f"{HEAD}code\tzh\n1\t一\n\n2\n\t三\n", ["7: 2: 1 cells where there are 2", "8: (code): a row without a code"]),
        (f"{HEAD}code\tzh\n1\t一\n2\t二\n1\t三\n", ["7: 1: line 5 has this code for some of the same days"]),
        (
            f"{HEAD}code\tzh\tfrom\tuntil\n1\t一\t\t2026-06-01\n1\t二\t2026-06-01\t\n2\tx\t20260101\t\n3\tx\t2026-02-01\t2026-01-01\n",
            ["6: 1: line 5 has this", "7: 2.from: '20260101' is not a day", "8: 3.until: 2026-01-01 is before"],
        ),
    ],
)
def test_a_wrong_table_of_lines_is_refused_with_every_line(tmp_path: Path, text: str, problems: list[str]) -> None:
    file = tmp_path / "t.tsv"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        codes.load(file)
    found = [problem.removeprefix(f"{file}:") for problem in raised.value.problems]
    assert [told[: len(wanted)] for told, wanted in zip(found, problems, strict=True)] == problems


def test_overlapping_rows_of_toml_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    rows = '[[codes."1"]]\nzh = "旧"\nen = "old"\n[[codes."1"]]\nzh = "新"\nen = "new"\n'
    file.write_text(f'[meta]\nsource = "x"\ndate = "2026"\n{rows}', "utf-8")
    with pytest.raises(ConfigError) as raised:
        codes.load(file)
    first, second = raised.value.problems
    assert first == f"{file}:3: date: '2026' is not a day; write it as 2026-01-31"
    assert second.startswith(f"{file}:7: 1: line 4 has this code for some of the same days")


def test_a_column_may_not_be_called_as_the_code_is(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    rows = '"1" = { zh = "一", en = "one", no = "2" }'
    file.write_text(f'[meta]\nsource = "x"\ndate = "2026-01-01"\nkey = "no"\n[codes]\n{rows}\n', "utf-8")
    with pytest.raises(ConfigError) as raised:
        codes.load(file)
    assert raised.value.problems == [f"{file}:4: key: rows have no besides; call the code otherwise"]


def test_tables_are_found_by_name_and_read_once(tmp_path: Path) -> None:
    (tmp_path / "lands.tsv").write_text(LANDS, "utf-8")
    tables = CodeTables(tmp_path)
    assert tables.names() == ["lands"]
    assert tables.get("lands") is tables.get("lands")
    with pytest.raises(ConfigError, match="no table is called land; did you mean lands"):
        tables.get("land")
    with pytest.raises(ConfigError, match="no table is called ../lands"):
        tables.get("../lands")
    (tmp_path / "lands.toml").touch()
    with pytest.raises(ConfigError, match=r"lands\.tsv:1: .*lands\.toml is there too"):
        CodeTables(tmp_path).get("lands")
