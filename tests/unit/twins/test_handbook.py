"""Handbooks: those that are shipped are right, and what is wrong in one is told at its line."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.mapping.loader import Mappings
from hub.schema.catalog import Catalog
from hub.twins import handbook

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted((ROOT / "partners").glob(f"*/{handbook.FOLDER}"))


@pytest.fixture(scope="module")
def mappings(catalog: Catalog) -> Mappings:
    return Mappings(ROOT / "mappings", catalog)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.parent.name for folder in FOLDERS])
def test_those_that_are_shipped_are_right(folder: Path, catalog: Catalog, mappings: Mappings) -> None:
    assert handbook.load(folder, catalog, mappings)


GOOD = """\
[[answer]]
types = ["xsd:ceb:CEB311"]
each = "Order"
with = "twins/ceb312"
reasons = ["ceb-status"]
codes = { accept = "120" }
remember = [{ book = "order", key = ["orderNo"] }]

[answer.facts]
orderNo = "OrderHead/orderNo"
"""

WRONG = [
    ("xsd:ceb:CEB311", "xsd:ceb:CEB999", "2: answer.0.types.0: "),
    ("xsd:ceb:CEB311", "csv:quarantine:passengers", "3: answer.0.each: "),
    ('each = "Order"', 'each = "Other"', "3: answer.0.each: "),
    ("twins/ceb312", "twins/nothing", "4: answer.0.with: the mapping does not load: "),
    ("twins/ceb312", "common/errors-to-aperak", "4: answer.0.with: it writes edifact:D.16B:APERAK from "),
    ("ceb-status", "ceb-nothing", "5: answer.0.reasons.0: "),
    ('"120"', '"121"', "6: answer.0.codes.accept: 121 is in none of ceb-status; mend it"),
    ('key = ["orderNo"]', 'key = ["preNo"]', "7: answer.0.remember.0.key.0: there is no fact preNo; add it"),
    ("OrderHead/orderNo", "OrderHead/ordNo", "10: answer.0.facts.orderNo: "),
    ("OrderHead/orderNo", "$hub/id", "10: answer.0.facts.orderNo: unknown path"),
    ("codes =", "kodes =", "6: answer.0.kodes: unknown key"),
    ("codes =", "numbers = { preNo = 'P' }\ncodes =", "6: answer.0.numbers.preNo: "),
    ("codes =", "need = [{ book = 'b', key = ['orderNo'], code = '7' }]\ncodes =", "6: answer.0.need.0.code: "),
    ("codes =", "change = { fact = 'appType', unknown = '100' }\ncodes =", "6: answer.0.change.fact: there is no"),
    ("codes =", "rule = [{ path = 'gone', equals = '1' }]\ncodes =", "6: answer.0.rule.0.path: "),
]


@pytest.mark.parametrize(("old", "new", "problem"), WRONG)
def test_what_is_wrong_is_told_at_its_line(
    tmp_path: Path, catalog: Catalog, mappings: Mappings, old: str, new: str, problem: str
) -> None:
    (tmp_path / "it.toml").write_text(GOOD, "utf-8")
    assert list(handbook.load(tmp_path, catalog, mappings)) == ["xsd:ceb:CEB311"]
    (tmp_path / "it.toml").write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as raised:
        handbook.load(tmp_path, catalog, mappings)
    told = [one.removeprefix(f"{tmp_path}/it.toml:") for one in raised.value.problems]
    assert any(one.startswith(problem) for one in told), told


def test_a_type_that_two_files_answer(tmp_path: Path, catalog: Catalog, mappings: Mappings) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    with pytest.raises(ConfigError, match=r"b\.toml:1: answer\.0: xsd:ceb:CEB311 is answered already"):
        handbook.load(tmp_path, catalog, mappings)
