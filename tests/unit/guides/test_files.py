"""What is wrong with a guideline's file is said with its line, all of it at once."""

import pytest

from hub.errors import ConfigError
from tests.unit.guides.conftest import HEAD

START = HEAD.count("\n") + 2  # the line on which the rows begin


def problems(make, text, head=HEAD):
    with pytest.raises(ConfigError) as caught:
        make(text, head).check()
    return [problem.rpartition("trial.toml:")[2] for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[[rule]]\npath = "SG4/RRF"\nrequired = true', 1, "rule.0.path: unknown path SG4/RRF: SG4 has no RRF"),
        ('[[rule]]\npath = "SG4/RFF"\ncodes = ["AVF"]', 1, "rule.0.path: SG4/RFF is a group, not a value"),
        ('[[rule]]\npath = "SG4[["\nrequired = true', 1, "rule.0.path: a name is expected"),
        ('[[rule]]\npath = "$hub/now"\nrequired = true', 1, "rule.0.path: $hub/now: a guideline knows the message"),
        ('[[rule]]\nat = "SG9"\npath = "RFF"\nrequired = true', 1, "rule.0.at: unknown path SG9"),
        ('[[rule]]\npath = "SG4"\nwhen = "BGM ="\nrequired = true', 2, "rule.0.when: a name is expected"),
        ('[[rule]]\npath = "BGM/1001"\nequals = "RFF"', 2, "rule.0.equals: RFF is a group"),
        ('[[rule]]\npath = "BGM/1001"\ncodes = ["745", "QQQ"]', 2, "rule.0.codes: QQQ: in no list of these messages"),
        ("[[rule]]\npath = \"RFF[1135='X']\"\nrequired = true", 1, "rule.0.path: unknown path 1135: RFF has no 1135"),
        ('[[rule]]\nat = "SG4[NAX=1]"\npath = "NAD"\nrequired = true', 1, "rule.0.at: unknown path NAX"),
        ('[[rule]]\npath = "CNT/6066"\ncounts = "SG4[NAX=1]"', 2, "rule.0.counts: unknown path NAX"),
        ('[[rule]]\npath = "BGM"', 0, "rule.0: it demands nothing"),
        ("[[rule]]\nrequired = true", 0, "rule.0: it has no path"),
        ('[[rule]]\npath = "BGM"\nrequired = false', 2, "rule.0.required: write true, or leave it out"),
        ('[[rule]]\npath = "BGM"\nrequired = true\nforbidden = true', 0, "rule.0: required and forbidden exclude"),
        ('[[rule]]\npath = "BGM"\nleast = 3\nmost = 2', 0, "rule.0: the least is more than the most"),
        ('[[rule]]\nholds = "exists(RFF)"', 0, "rule.0: holds needs a text"),
        ('[[rule]]\npath = "BGM/1001"\nform = "x9"', 2, "rule.0.form: write a representation such as an..35"),
        ('[[rule]]\npath = "RFF"\nrequired = true\nmessages = "ORDERS"', 3, "rule.0.messages: ORDERS is not among"),
        (
            '[[rule]]\npath = "RFF"\nrequired = true\ntext = { zh = "无", en = "{pth} is missing" }',
            3,
            "rule.0.text.en: {pth} is not known here",
        ),
        ('[[rule]]\npath = "RFF"\nrequired = true\ncolour = 1', 3, "rule.0.colour: unknown key"),
        ('[[widen]]\npath = "SG4/NAD"\nrepeat = 2', 1, "widen.0.path: SG4/NAD opens its group; widen the group"),
        ('[[widen]]\npath = "SG4/RFF[1]"\nrepeat = 2', 1, "widen.0.path: SG4/RFF[1]: what is widened is named without"),
        ('[[widen]]\npath = "SG4"\nmax-length = 2', 1, "widen.0.path: SG4 is no value"),
        ('[[widen]]\npath = "SG4/NAD/C080/3036"\nrepeat = 9', 1, "widen.0.path: SG4/NAD/C080/3036 repeats in 5 fixed"),
        (
            '[[widen]]\npath = "BGM/C106/1004"\ncodes.X = { zh = "甲", en = "X" }',
            1,
            "widen.0.path: BGM/C106/1004 is not coded",
        ),
        ('[[widen]]\nelement = "1153"\noptional = true', 0, "widen.0: element goes with codes alone"),
        (
            '[[widen]]\npath = "RFF/C506/1153"\nopen = true\ncodes.X = { zh = "甲", en = "X" }',
            0,
            "widen.0: open takes every value",
        ),
        ('[[widen]]\npath = "RFF"\noptional = true\nkeep = "1153 = \'A\'"', 0, "widen.0: keep says which"),
        ('[[widen]]\npath = "RFF"\nrepeat = 9\nkeep = "1135 = \'A\'"', 1, "widen.0.path: unknown path 1135"),
        ('[[widen]]\npath = "RFF"', 0, "widen.0: it widens nothing"),
        ("[[widen]]\noptional = true", 0, "widen.0: write either path"),
        ('[[widen]]\npath = "RFF"\noptional = true', 0, "widen.0: nothing is widened by this"),
    ],
)
def test_a_problem_has_its_line(make, text, line, said):
    (problem,) = problems(make, text)
    assert problem.startswith(f"{START + line}: {said}")


def test_all_problems_at_once_and_in_the_order_of_their_lines(make):
    text = '[[rule]]\npath = "SG4/RRF"\nrequired = true\n[[rule]]\nat = "SG9"\npath = "RFF"\nrequired = true\n'
    found = problems(make, '[[widen]]\npath = "SG44"\noptional = true\n' + text)
    assert [problem.split(": ")[1] for problem in found] == ["widen.0.path", "rule.0.path", "rule.1.at"]


def test_every_message_is_checked(make):
    head = HEAD.replace('"D.02B:PAXLST"', '"D.02B:PAXLST", "D.12B:PAXLST", "D.99Z:PAXLST"')
    found = problems(make, '[[rule]]\npath = "LOC"\nrequired = true\n', head)
    assert [problem.split(": ")[1] for problem in found] == ["guide.messages.2", "rule.0.path"]
    assert found[1].endswith("(in D.02B:PAXLST)")
    make(
        '[[rule]]\npath = "LOC"\nrequired = true\nmessages = "D.12B:PAXLST"\n', head.replace(', "D.99Z:PAXLST"', "")
    ).check()


def test_the_head_names_directories(make):
    (problem,) = problems(make, "", HEAD.replace("D.02B:PAXLST", "PAXLST"))
    assert problem.startswith("5: guide.messages: no directory is named by PAXLST")


def test_the_file_names_the_guideline(make):
    with pytest.raises(ConfigError, match="cannot be a guideline's id"):
        make("", name="Trial 2")
