"""`hub rules`: listed, shown and tried."""

import json

import pytest
from typer.testing import CliRunner

from hub.cli import app, main
from hub.rules.catalogue import RULES

RUN = CliRunner()


def tried(*words: str):
    return RUN.invoke(app, ["rules", "try", *words])


def test_every_rule_is_listed_and_can_be_shown():
    listed = RUN.invoke(app, ["rules", "list"]).output
    for name, rule in RULES.items():
        assert f"{name} " in listed
        shown = RUN.invoke(app, ["rules", "show", name, "--lang", "zh"])
        assert shown.exit_code == 0
        assert rule.title.zh in shown.output
        assert all(f"rule.{key}" in shown.output for key in rule.keys)


def test_the_list_for_programs():
    told = json.loads(RUN.invoke(app, ["rules", "list", "--json"]).output)
    assert told["sum"]["codes"] == ["rule.sum", "rule.number"]


def test_good_facts():
    result = tried("sum", "is=o.paid", "of=o.goods,o.freight", "o.paid=12.5", "o.goods=10", "o.freight=2.50")
    assert (result.exit_code, result.output) == (0, "nothing to say\n")


def test_bad_facts_with_the_parameters_of_the_example():
    result = tried("container-number", "load.container.number=CSQU3054383", "load.container.number=CSQU3054384")
    assert result.exit_code == 1
    assert "rule.container-number load.container.number[2]" in result.output


def test_findings_for_programs():
    result = tried("at-least", "fact=g.qty", "least=1", "g.qty=0", "--json")
    assert json.loads(result.output)["params"] == {"fact": "g.qty", "value": "0", "wanted": "1"}


@pytest.mark.parametrize(
    "words",
    [
        ["in-table", "fact=l.c", "table=currencies", "column=customs", "where=bank:yes", "l.c=601"],
        ["segregation", "number=g.un", "from=3", "g.un=1203", "g.un=2014"],
        ["count", "is=1", "of=l.box", "distinct=true", "l.box=A", "l.box=A"],
        ["before", "fact=d.birth", "than=$now", "$now=2026-11-24", "d.birth=20261123"],
    ],
)
def test_parameters_of_every_kind(words):
    result = tried(*words)
    assert (result.exit_code, result.output) == (0, "nothing to say\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["summ"], "did you mean sum?"),
        (["sum", "o.paid"], "write key=value"),
        (["at-most", "fact=order", "most=1"], "fact: "),
        (["at-most", "fact=o.value", "most=1", "more=2"], "more: "),
        (["in-table", "fact=l.c", "table=nothing"], "table: "),
        (["in-table", "fact=l.c", "table=currencies", "column=no"], "column: table currencies has no column no"),
        (["un-number", "number=l.c", "table=currencies"], "table: is no list of dangerous goods"),
        (["pattern", "fact=l.c", "pattern=(a"], "pattern: "),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_line(words, told, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["hub", "rules", "try", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
