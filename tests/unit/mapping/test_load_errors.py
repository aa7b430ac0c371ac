"""Every mistake in a mapping is told at once, each with file, line, key, and what to do."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.mapping.loader import load
from hub.schema.catalog import Catalog

CATALOG = Catalog(Path("schemas"))
HEAD = """\
[mapping]
id    = "test/wrong"
from  = "edifact:D.16B:CUSCAR"
to    = "internal:agency-answer"
title = { zh = "错", en = "Wrong" }
[[block]]
rows = [
  { to = "key",    from = "BGM/1004" },
  { to = "status", const = "accepted" },
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, CATALOG)
    return [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            '{ to = "code", from = "SG7/CNT/1490" }',
            "block.0.rows.2.from: unknown path SG7/CNT/1490: CNT has no 1490; it has C270",
        ),
        (
            '{ to = "code", from = "SG7/SG8/RFF[1135=\'BM\']/1154" }',
            "block.0.rows.2.from: unknown path 1135: RFF has no 1135; did you mean C506/1153?",
        ),
        (
            '{ to = "cod", from = "BGM/1225" }',
            "block.0.rows.2.to: unknown path cod: the message has no cod; did you mean code?",
        ),
        (
            '{ to = "code", from = "SG7/CNI" }',
            "block.0.rows.2.from: SG7/CNI is a group, not a value; go on to one of 1490, C503, 1312",
        ),
        (
            '{ to = "code", from = "^/BGM/1225" }',
            "block.0.rows.2.from: ^/BGM/1225 steps out of the message; there are 0 levels above",
        ),
        (
            '{ to = "code", from = "SG7/SG8/SG14/DGS/C234/1131" }',
            "block.0.rows.2.from: unknown path SG7/SG8/SG14/DGS/C234/1131: C234 has no 1131; it has 7124, 7088",
        ),
        (
            '{ to = "code", from = "SG4/TDT/1131" }',
            "block.0.rows.2.from: 1131 in SG4/TDT/1131 may be C001/1131 or C040/1131 or C222/1131 or C003/1131; "
            "write which",
        ),
        (
            '{ to = "code", from = "$word/id" }',
            "block.0.rows.2.from: unknown path $word/id; context paths are $hub/…, $partner/…, $lane/…, $case/…, "
            "and $index",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "uper" }',
            "block.0.rows.2.with: unknown function uper; did you mean upper?",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "limit" }',
            "block.0.rows.2.with: limit takes 1 argument, not 0; mend the call limit(…)",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "limit(\'3\')" }',
            "block.0.rows.2.with: argument 1 of limit is a number; mend the call limit(…)",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "pad(100000)" }',
            "block.0.rows.2.with: argument 1 of pad is from 1 to 1000; mend the call pad(…)",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "date(\'%Q\')" }',
            "block.0.rows.2.with: date format '%Q' is neither a 2379 code nor a pattern such as '%Y%m%d'; "
            "mend the call date(…)",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "quantity(\'STONE\')" }',
            "block.0.rows.2.with: unit 'STONE' is not one of KGM, GRM, TNE, LTN, STN, LBR, MTQ, LTR, DMQ, FTQ; "
            "mend the call quantity(…)",
        ),
        (
            '{ to = "code", from = "BGM/1225", table = "return-statuss/outcome" }',
            "block.0.rows.2.table: unknown table return-statuss/outcome; did you mean return-status?",
        ),
        (
            '{ to = "code", from = "BGM/1225", table = "return-status" }',
            "block.0.rows.2.table: table return-status has the columns en, outcome, zh; write return-status/ and one "
            "of them",
        ),
        (
            '{ to = "code", from = "BGM/1225", when = "BGM/1225 is 9" }',
            "block.0.rows.2.when: after 'BGM/1225' comes =, !=, <, <=, >, >=, in (…); or write exists(BGM/1225)",
        ),
        (
            '{ to = "code", from = "BGM/1225", when = "exists(BGM/1226)" }',
            "block.0.rows.2.when: unknown path BGM/1226: BGM has no 1226; did you mean 1225?",
        ),
        (
            '{ to = "code", from = "SG7/CNI[1490=^/1490]/1490" }',
            "block.0.rows.2.from: ^/1490 stands inside […], where only paths below CNI may stand",
        ),
        (
            '{ to = "code", from = "BGM/1225", const = "9" }',
            "block.0.rows.2: a row has either `from` or `const`; give one of them",
        ),
        ('{ to = "code" }', "block.0.rows.2: a row has either `from` or `const`; give one of them"),
        (
            '{ to = "code", const = "LONGER THAN SEVENTEEN" }',
            "block.0.rows.2.const: 'LONGER THAN SEVENTEEN' does not fit code: too-long (17)",
        ),
        (
            '{ to = "code", from = "BGM/1225", otherwise = "pass" }',
            "block.0.rows.2.otherwise: says what to do with a code that no table has; add `table`",
        ),
        (
            '{ to = "code", from = "BGM/1225", required = true, default = "9" }',
            "block.0.rows.2.required: a row with a default is never missing; remove one of them",
        ),
        (
            '{ to = "key", from = "BGM/1225" }',
            "block.0.rows.2.to: key is already written by line 8; give each a `when`, or remove one",
        ),
        (
            '{ to = "code", from = "BGM/1225", colour = "red" }',
            "block.0.rows.2.colour: unknown key; remove it or mend its spelling",
        ),
        (
            '{ to = "code", from = "BGM/1225", with = "__import__(\'os\')" }',
            "block.0.rows.2.with: unknown function __import__; there are ",
        ),
    ],
)
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, row: str, problem: str) -> None:
    (found,) = problems(tmp_path, f"{HEAD}  {row},\n]\n")
    assert found.startswith(f"wrong.toml:10: {problem}")


@pytest.mark.parametrize(
    ("block", "line", "problem"),
    [
        ('each = "SG7"\nrows = [{ to = "code", from = "CNI/1490" }]', 13, "a block with `each` needs `into`"),
        ('each = "SG77"\ninto = "item"\nrows = [{ to = "ref", from = "." }]', 13, "unknown path SG77"),
        ('into = "key"\nrows = [{ to = "ref", const = "x" }]', 13, "key is a value; `into` names a group"),
        ('into = "item"', 12, "the block writes nothing; give it rows"),
        ('each = "$hub/now"\ninto = "item"\nrows = []', 13, "$hub/now is not of the message"),
        (
            'each = "/SG5[EQD/8260 = $here/SG99/8260]"\ninto = "item"\nrows = [{ to = "ref", from = "EQD/8260" }]',
            13,
            "unknown path $here/SG99/8260",
        ),
    ],
)
def test_a_wrong_block_is_told_with_its_line(tmp_path: Path, block: str, line: int, problem: str) -> None:
    found = problems(tmp_path, f"{HEAD}]\n[[block]]\n{block}\n".replace("]\n[[block]]", "]\n\n[[block]]"))
    assert any(text.startswith(f"wrong.toml:{line}: ") and problem in text for text in found), found


def test_all_problems_come_at_once_in_order(tmp_path: Path) -> None:
    found = problems(
        tmp_path, f'{HEAD}  {{ to = "x", from = "y" }},\n  {{ to = "code", from = "z", with = "f" }},\n]\n'
    )
    assert [text.split(": ")[:2] for text in found] == [
        ["wrong.toml:10", "block.0.rows.2.from"],
        ["wrong.toml:10", "block.0.rows.2.to"],
        ["wrong.toml:11", "block.0.rows.3.from"],
        ["wrong.toml:11", "block.0.rows.3.with"],
    ]


def test_a_mandatory_field_without_a_row(tmp_path: Path) -> None:
    text = HEAD.replace('  { to = "status", const = "accepted" },\n', "") + "]\n"
    assert problems(tmp_path, text) == [
        "wrong.toml:4: mapping.to: status is mandatory in the target, but no row writes it; add one"
    ]


def test_unknown_schemas(tmp_path: Path) -> None:
    text = (HEAD + "]\n").replace("D.16B:CUSCAR", "D.16B:CUSCAT").replace("agency-answer", "agency")
    first, second = problems(tmp_path, text)
    assert first.startswith("wrong.toml:3: mapping.from: ")
    assert second.startswith("wrong.toml:4: mapping.to: internal:agency is not installed")


def test_a_mapping_without_a_block(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD.partition("[[block]]")[0])
    assert found[0] == "wrong.toml:1: (file): the mapping has no [[block]]; add one with rows"


def test_the_file_and_the_id_agree(tmp_path: Path) -> None:
    text = (HEAD + "]\n").replace("test/wrong", "test/right")
    assert problems(tmp_path, text) == ["wrong.toml:2: mapping.id: the file is called wrong; name the mapping …/wrong"]


@pytest.mark.parametrize("deep", ["(" * 40 + "BGM/1225='9'" + ")" * 40, "not " * 400 + "BGM/1225='9'"])
def test_nesting_and_length_are_bounded(tmp_path: Path, deep: str) -> None:
    (found,) = problems(tmp_path, f'{HEAD}  {{ to = "code", from = "BGM/1225", when = "{deep}" }},\n]\n')
    assert found.startswith("wrong.toml:10: block.0.rows.2.when: ")
