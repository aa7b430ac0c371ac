"""What a mapping does with a document: paths, loops, conditions, tables, functions, and its findings."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.mapping.apply import Mapped, Mapping
from hub.mapping.lineage import Origin
from hub.mapping.loader import load
from hub.mapping.run import Context
from hub.model.finding import Language, Severity
from hub.schema.catalog import Catalog

SHIP = """
[schema]
title = { zh = "船", en = "Ship" }
source = "test"
[[field]]
key = "name"
title = { zh = "名", en = "Name" }
[[field]]
key = "flag"
title = { zh = "旗", en = "Flag" }
[[group]]
key = "hold"
title = { zh = "舱", en = "Hold" }
field = [{ key = "no", title = { zh = "号", en = "Number" } }, { key = "kind", title = { zh = "类", en = "Kind" } }]
[[group.group]]
key = "box"
title = { zh = "箱", en = "Box" }
field = [
  { key = "id", title = { zh = "号", en = "Id" } },
  { key = "kg", title = { zh = "重", en = "Weight" } },
  { key = "owner", title = { zh = "主", en = "Owner" } },
]
[[group]]
key = "owner"
title = { zh = "主", en = "Owner" }
field = [{ key = "id", title = { zh = "号", en = "Id" } }, { key = "name", title = { zh = "名", en = "Name" } }]
"""
LIST = """
[schema]
title = { zh = "单", en = "List" }
source = "test"
[[field]]
key = "title"
title = { zh = "题", en = "Title" }
max-length = 12
[[field]]
key = "total"
title = { zh = "总", en = "Total" }
type = "decimal"
[[group]]
key = "line"
title = { zh = "行", en = "Line" }
max = 3
field = [
  { key = "no", title = { zh = "号", en = "Number" } },
  { key = "text", title = { zh = "文", en = "Text" } },
  { key = "kind", title = { zh = "类", en = "Kind" }, codes = "kind" },
]
[[group.group]]
key = "note"
title = { zh = "注", en = "Note" }
field = [{ key = "mark", title = { zh = "标", en = "Mark" } }, { key = "text", title = { zh = "文", en = "Text" } }]
[codes.kind]
A = { zh = "甲", en = "A" }
B = { zh = "乙", en = "B" }
"""
HEAD = """
[mapping]
id = "test/ship"
from = "internal:ship"
to = "internal:list"
title = { zh = "船单", en = "Ship's list" }
"""
DOCUMENT: dict[str, Any] = {
    "name": "MV EXAMPLE",
    "flag": "CN",
    "hold": [
        {"no": "1", "kind": "dry", "box": [{"id": "A", "kg": "10.5", "owner": "x"}, {"id": "B", "kg": "2"}]},
        {"no": "2", "kind": "cold", "box": [{"id": "C", "kg": "30", "owner": "y"}]},
    ],
    "owner": [{"id": "y", "name": "Yvonne"}, {"id": "x", "name": "Xaver"}],
}
CONTEXT = Context(hub={"now": 1_795_421_700_000_000}, partner={"id": "oceanair", "codes": {"customs": "4900"}})


@pytest.fixture
def made(tmp_path: Path) -> Any:
    """``made(text)`` loads a mapping from the ship to the list."""
    folder = tmp_path / "internal"
    folder.mkdir()
    (folder / "ship.toml").write_text(SHIP, "utf-8")
    (folder / "list.toml").write_text(LIST, "utf-8")

    def make(text: str) -> Mapping:
        path = tmp_path / "ship.toml"
        path.write_text(HEAD + text, "utf-8")
        return load(path, Catalog(tmp_path))

    return make


def rows(*lines: str) -> str:
    return "[[block]]\nrows = [\n" + ",\n".join(lines) + "\n]\n"


def codes(mapped: Mapped) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.place.path) for finding in mapped.findings]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('from = "name"', "MV EXAMPLE"),
        ('from = "/name"', "MV EXAMPLE"),
        ('from = "hold[2]/no"', "2"),
        ('from = "hold[2]/box[1]/id"', "C"),
        ('from = "hold[9]/no"', None),
        ("from = \"hold[kind='cold']/no\"", "2"),
        ("from = \"hold[kind='cold'][2]/no\"", None),
        ("from = \"hold[kind != 'cold']/no\"", "1"),
        ('from = "hold[no > 1]/kind"', "cold"),
        ("from = \"hold[kind in ('dry', 'wet')]/no\"", "1"),
        ("from = \"hold[not kind in ('dry', 'wet')]/no\"", "2"),
        ("from = \"hold[kind not in ('dry')]/no\"", "2"),
        ('from = "hold[box/kg >= 30]/no"', "2"),
        ('from = "hold[count(box) = 2]/no"', "1"),
        ("from = \"hold[exists(box[owner='y'])]/no\"", "2"),
        ("from = \"hold[kind='dry' and (no='2' or count(box) > 1)]/no\"", "1"),
        ("from = \"hold/box[owner='y']/id\"", "C"),
        ('from = "hold/box/id", with = "join(\',\')"', "A,B,C"),
        ('from = "hold/box/id", with = "last"', "C"),
        ('from = "hold/box/id", with = "count"', "3"),
        ('from = "hold/box/missing-is-checked", with = "count"', ValueError),
        ('from = ["hold[9]/no", "flag", "name"], with = "first"', "CN"),
        ('from = ["flag", "name"], with = "join(\'/\'), limit(5)"', "CN/MV"),
        ('from = "$partner/id"', "oceanair"),
        ('from = "$partner/codes/customs"', "4900"),
        ('from = "$partner/codes"', None),
        ('from = "$lane/id"', None),
        ('from = "$hub/now", with = "date(\'%Y-%m-%d\')"', "2026-11-23"),
        ('from = "$lane/id", default = "none"', "none"),
        ('from = "name", when = "flag = \'CN\'"', "MV EXAMPLE"),
        ('from = "name", when = "flag = name"', None),
        ('from = "name", when = "flag != name and not exists(hold[9])"', "MV EXAMPLE"),
        ('from = "name", when = "count(hold) < 2 or $partner/id = \'x\'"', None),
        ("from = \"$hub/now\", with = \"part(1, 4), date('102', '%Y')\"", "17950101"),
        ('from = ["$lane/at", "$hub/now"], with = "first, date(\'102\')"', "20261123"),
        ('const = "fixed"', "fixed"),
    ],
)
def test_one_field(made: Any, row: str, expected: Any) -> None:
    text = rows(f'{{ to = "title", {row} }}')
    if isinstance(expected, type):
        with pytest.raises(Exception, match="has no missing-is-checked"):
            made(text)
        return
    mapped = made(text).apply(DOCUMENT, CONTEXT)
    assert mapped.document.get("title") == expected
    assert mapped.findings == ()


def test_loops_nest_step_out_and_count(made: Any) -> None:
    text = """
[[block]]
each = "hold"
into = "line"
rows = [{ to = "no", from = "$index" }, { to = "text", from = ["kind", "^/name"], with = "join(' of ')" }]
[[block.block]]
each = "box"
into = "note"
rows = [
  { to = "mark", from = ["^/no", "^/$index", "$index"], with = "join('.')" },
  { to = "text", from = ["id", "/flag"], with = "join('-')" },
]
"""
    mapped = made(text).apply(DOCUMENT, CONTEXT)
    assert mapped.document == {
        "line": [
            {
                "no": "1",
                "text": "dry of MV EXAMPLE",
                "note": [{"mark": "1.1.1", "text": "A-CN"}, {"mark": "1.1.2", "text": "B-CN"}],
            },
            {"no": "2", "text": "cold of MV EXAMPLE", "note": [{"mark": "2.2.1", "text": "C-CN"}]},
        ]
    }


def test_one_loop_over_two_levels(made: Any) -> None:
    text = '[[block]]\neach = "hold/box[kg > 5]"\ninto = "line"\nwhen = "^/kind != \'wet\'"\n'
    text += 'rows = [{ to = "no", from = "$index" }, { to = "text", from = ["^/no", "id"], with = "join" }]\n'
    assert made(text).apply(DOCUMENT, CONTEXT).document["line"] == [
        {"no": "1", "text": "1A"},
        {"no": "2", "text": "2C"},
    ]


def test_a_join_finds_the_group_that_shares_a_value(made: Any) -> None:
    text = """
[[block]]
each = "hold"
into = "line"
rows = [{ to = "no", from = "no" }]
[[block.block]]
each = "/owner[id = $here/box/owner]"
into = "note"
rows = [{ to = "text", from = "name" }]
[[block.block]]
into = "note"
rows = [{ to = "mark", from = "kind", note = "the loop around it stands where it stood" }]
"""
    assert made(text).apply(DOCUMENT, CONTEXT).document["line"] == [
        {"no": "1", "note": [{"text": "Xaver"}, {"mark": "dry"}]},
        {"no": "2", "note": [{"text": "Yvonne"}, {"mark": "cold"}]},
    ]


def test_an_item_of_constants_only_is_left_out_unless_asked_for(made: Any) -> None:
    text = """
[[block]]
into = "line"
rows = [{ to = "kind", const = "A" }, { to = "text", from = "hold[9]/no" }]
[[block]]
into = "line"
when = "exists(hold)"
rows = [{ to = "kind", const = "A" }, { to = "text", from = "hold[9]/no" }]
[[block]]
into = "line"
rows = [{ to = "kind", const = "B" }]
"""
    assert made(text).apply(DOCUMENT, CONTEXT).document == {"line": [{"kind": "A"}, {"kind": "B"}]}


def test_a_target_filter_makes_or_finds_its_repetition(made: Any) -> None:
    text = '[[block]]\nrows = [{ to = "line[kind=\'B\']/text", from = "name" }, '
    text += '{ to = "line[kind=\'A\']/text", from = "flag" }, { to = "line[kind=\'B\']/no", const = "7" }]\n'
    assert made(text).apply(DOCUMENT, CONTEXT).document == {
        "line": [{"kind": "B", "text": "MV EXAMPLE", "no": "7"}, {"kind": "A", "text": "CN"}]
    }
    told = {line.target: (line.value, line.origin) for line in made(text).explain(DOCUMENT, CONTEXT)}
    assert told == {
        "line[1]/no": ("7", Origin.CONST),
        "line[1]/text": ("MV EXAMPLE", Origin.SOURCE),
        "line[1]/kind": ("B", Origin.MARK),
        "line[2]/text": ("CN", Origin.SOURCE),
        "line[2]/kind": ("A", Origin.MARK),
    }


TABLE = '[tables.kinds]\ndry = "A"\n'
HOLDS = "=source test\n=date 2026-11-24\ncode\tkind\tzh\nA\tcold\t冷\nB\tcold\t冷\nA1\tdry\t干\n"


@pytest.mark.parametrize(
    ("row", "line", "finding"),
    [
        ('from = "hold[1]/kind", table = "kinds"', {"kind": "A"}, None),
        ('from = "hold[2]/kind", table = "kinds"', {}, "error mapping.not-in-table"),
        (
            'from = "hold[2]/kind", table = "kinds", otherwise = "default", default = "B"',
            {"kind": "B"},
            "warning mapping.defaulted",
        ),
        ('from = "hold[2]/kind", table = "kinds", otherwise = "pass"', {"kind": "cold"}, "error mapping.not-in-list"),
    ],
)
def test_code_tables(made: Any, row: str, line: dict[str, str], finding: str | None) -> None:
    lines = f'{{ to = "no", const = "1" }}, {{ to = "kind", {row} }}'
    text = f'[[block]]\ninto = "line"\nwhen = "exists(hold)"\nrows = [{lines}]\n'
    mapped = made(text + TABLE).apply(DOCUMENT, CONTEXT)
    assert mapped.document == {"line": [{"no": "1"} | line]}
    assert [f"{found.severity} {found.code}" for found in mapped.findings] == ([finding] if finding else [])


@pytest.mark.parametrize(
    ("row", "line", "finding"),
    [
        ('from = "hold[1]/kind", table = "holds.kind/code"', {"text": "A1"}, None),
        ('from = "hold[2]/kind", table = "holds.kind/code"', {}, "error mapping.ambiguous"),
        ('from = "hold[2]/kind", table = "holds.kind/zh"', {"text": "冷"}, None),
        (
            'from = "hold[2]/kind", table = "holds.kind/code", otherwise = "default", default = "?"',
            {"text": "?"},
            "warning mapping.defaulted",
        ),
    ],
)
def test_a_shared_table_by_another_column(
    made: Any, tmp_path: Path, row: str, line: dict[str, str], finding: str | None
) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    (folder / "holds.tsv").write_text(HOLDS, "utf-8")
    rows = f'{{ to = "no", const = "1" }}, {{ to = "text", {row} }}'
    mapped = made(f'[[block]]\ninto = "line"\nwhen = "exists(hold)"\nrows = [{rows}]\n').apply(DOCUMENT, CONTEXT)
    assert mapped.document == {"line": [{"no": "1"} | line]}
    assert [f"{found.severity} {found.code}" for found in mapped.findings] == ([finding] if finding else [])
    if finding == "error mapping.ambiguous":
        assert (
            mapped.findings[0].text(Language.EN).endswith("has several translations in the table holds.kind/code: A, B")
        )


@pytest.mark.parametrize(
    ("row", "finding", "path"),
    [
        ('to = "title", from = "hold[9]/no", required = true', "mapping.missing", "hold[9]/no"),
        ('to = "title", from = "name", with = "date(\'%Y\')"', "mapping.unconvertible", "name"),
        ('to = "total", from = "name", with = "sum"', "mapping.unconvertible", "name"),
        ('to = "total", from = "name"', "mapping.not-a-number", "name"),
        ('to = "title", from = ["name", "flag"], with = "join(\' flag \')"', "mapping.too-long", "name"),
        ('to = "title", from = "hold/no"', "mapping.several", "hold/no"),
    ],
)
def test_findings_name_source_target_and_what_to_do(made: Any, row: str, finding: str, path: str) -> None:
    mapped = made(rows(f"{{ {row} }}")).apply(DOCUMENT, CONTEXT)
    assert codes(mapped) == [(finding, path)]
    (found,) = mapped.findings
    for language in Language:
        assert dict(found.params)["target"] in found.text(language)
        assert "–" not in found.text(language)
        assert found.mend(language)
    assert mapped.valid is (found.severity is not Severity.ERROR)


def test_a_finding_inside_loops_says_which_repetition(made: Any) -> None:
    text = '[[block]]\neach = "hold/box"\ninto = "line"\n'
    text += 'rows = [{ to = "no", from = "id" }, { to = "text", from = "owner", required = true }]\n'
    mapped = made(text).apply(DOCUMENT, CONTEXT)
    assert codes(mapped) == [("mapping.missing", "hold[1]/box[2]/owner")]


def test_a_finding_about_a_value_outside_the_loop_says_where_that_stands(made: Any) -> None:
    text = '[[block]]\neach = "hold/box[owner=\'y\']"\ninto = "line"\nrows = [{ to = "no", from = "id" }'
    text += ', { to = "text", from = "/hold[9]/no", required = true }'
    text += ', { to = "kind", from = "^/box[9]/id", required = true }]\n'
    mapped = made(text).apply(DOCUMENT, CONTEXT)
    assert codes(mapped) == [("mapping.missing", "hold[9]/no"), ("mapping.missing", "hold[2]/box[9]/id")]


def test_what_does_not_fit_the_target_is_told_once(made: Any) -> None:
    text = '[[block]]\neach = "hold"\ninto = "line"\nrows = [{ to = "no", from = "no" }]\n'
    many = DOCUMENT | {"hold": [{"no": str(number)} for number in range(7)]}
    mapped = made(text).apply(many, CONTEXT)
    assert len(mapped.document["line"]) == 3
    assert {finding.code for finding in mapped.findings} == {"mapping.too-many"}


def test_work_is_bounded(made: Any) -> None:
    """Every line joins every owner: quadratic in a document that a stranger sends."""
    text = '[[block]]\neach = "hold"\ninto = "line"\nrows = [{ to = "text", from = "/owner/name", with = "join" }]\n'
    many = {"hold": [{"no": "1"}] * 5_000, "owner": [{"name": "N"}] * 5_000}
    mapped = made(text).apply(many, CONTEXT)
    assert mapped.findings[-1].code == "mapping.too-large"
    assert not mapped.valid


def test_findings_are_bounded_and_the_first_error_is_kept(made: Any) -> None:
    text = '[[block]]\neach = "hold"\ninto = "line"\nrows = [{ to = "no", from = "box/id" }]\n'
    text += '[[block]]\nrows = [{ to = "title", from = "flag", required = true }]\n'
    many = {"hold": [{"box": [{"id": "1"}, {"id": "2"}]}] * 3_000}
    found = made(text).apply(many, CONTEXT).findings
    assert len(found) <= 1_001
    assert any(finding.severity is Severity.ERROR for finding in found)


def test_the_source_is_never_changed_and_runs_do_not_share(made: Any) -> None:
    mapping = made('[[block]]\neach = "hold"\ninto = "line"\nrows = [{ to = "no", from = "no" }]\n')
    before = json.dumps(DOCUMENT)
    first = mapping.apply(DOCUMENT, CONTEXT).document
    first["line"].clear()
    assert len(mapping.apply(DOCUMENT, CONTEXT).document["line"]) == 2
    assert json.dumps(DOCUMENT) == before


def test_every_row_can_name_its_line_and_sources(made: Any) -> None:
    mapping = made(
        '[[block]]\neach = "hold"\ninto = "line"\nrows = [\n  { to = "no", from = "no", note = "as is" },\n]\n'
    )
    (fact,) = mapping.rows
    assert (fact.target, fact.sources, fact.note) == ("line/no", ("hold/no",), "as is")
    assert Path(mapping.file).read_text("utf-8").splitlines()[fact.line - 1].startswith('  { to = "no"')
