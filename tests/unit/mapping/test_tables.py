"""How a mapping names the shared tables: by their code, and by any other column."""

from pathlib import Path

import pytest

from hub.mapping.tables import Tables
from hub.schema.codes import CodeTables

LANDS = """\
=source Invented for this test.
=date 2026-11-24
alpha-3\talpha-2\tcustoms\tzh\ten
CHN\tCN\t142\t中国\tChina
NOR\tNO\t326\t挪威\tNorway
SJM\tSJ\t326\t斯瓦尔巴\tSvalbard
"""


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    (tmp_path / "lands.tsv").write_text(LANDS, "utf-8")
    return Tables({"sex": {"M": "1"}, "lands-of-mine": {"CHN": "1"}}, CodeTables(tmp_path))


def test_by_the_code_and_by_another_column(tables: Tables) -> None:
    assert tables.get("sex").values == {"M": "1"}
    assert tables.get("lands/customs").values == {"CHN": "142", "NOR": "326", "SJM": "326"}
    assert tables.get("lands.alpha-2/customs").values == {"CN": "142", "NO": "326", "SJ": "326"}
    assert tables.get("lands.customs/alpha-2").values == {"142": "CN"}
    assert tables.get("lands.customs/alpha-3").ambiguous == {"326": ("NOR", "SJM")}
    assert tables.get("lands.zh/alpha-3").values["挪威"] == "NOR"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lands", "table lands has the columns alpha-2, customs, en, zh; write lands/ and one of them"),
        ("lands.customs", "table lands has the columns alpha-2, customs, en, zh; write lands.customs/ and one of them"),
        ("lands/custom", "table lands has no column custom; did you mean customs?"),
        ("lands.x/customs", "table lands has no column x; there are alpha-3, alpha-2, customs, zh, en"),
        ("land/customs", "unknown table land/customs; did you mean lands?"),
        (
            "../lands/customs",
            'unknown table ../lands/customs; add [tables."../lands/customs"] to this file, or name one of lands',
        ),
        ("q", 'unknown table q; add [tables."q"] to this file, or name one of lands'),
    ],
)
def test_a_name_that_means_nothing(tables: Tables, name: str, said: str) -> None:
    with pytest.raises(ValueError, match="table") as raised:
        tables.get(name)
    assert str(raised.value) == said


def test_a_wrong_file_is_told_with_its_line(tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "odd.tsv").write_text("=source x\n=date 2026-11-24\ncode\tzh\n1\n", "utf-8")
    with pytest.raises(ValueError, match=r"table odd cannot be read: .*odd\.tsv:4: 1: 1 cells where there are 2"):
        tables.get("odd/zh")
