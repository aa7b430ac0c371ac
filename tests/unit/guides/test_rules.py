"""Every kind of rule, with what is right and what is wrong, and where the finding is."""

import time

import pytest

from hub.formats.edifact.reader import read
from hub.formats.edifact.stream import stream
from hub.model.finding import Language, Severity
from tests.unit.guides.conftest import PAXLST, always, wrap


def changed(old: str, *new: str) -> tuple[str, ...]:
    """The list with the first segment ``old`` replaced, by any number of others."""
    at = PAXLST.index(old)
    return (*PAXLST[:at], *new, *PAXLST[at + 1 :])


DOB = """[[rule]]
at = "SG4"
path = "DTM[2005='329']/2380"
"""


@pytest.mark.parametrize(
    ("rule", "wrong", "found"),
    [
        (DOB + "required = true", changed("DTM+329:900101"), "required 7 SG4/DTM[2005='329']/2380"),
        (DOB + 'form = "n6"', changed("DTM+329:900101", "DTM+329:90010"), "form 9:1:2 SG4/DTM/C507/2380"),
        (DOB + 'form = "n6"', changed("DTM+329:900101", "DTM+329:9001AB"), "form 9:1:2 SG4/DTM/C507/2380"),
        (DOB + "min-length = 6", changed("DTM+329:900101", "DTM+329:90"), "min-length 9:1:2 SG4/DTM/C507/2380"),
        (DOB + "max-length = 6", changed("DTM+329:900101", "DTM+329:19900101"), "max-length 9:1:2 SG4/DTM/C507/2380"),
        (
            '[[rule]]\npath = "SG4/ATT/C956/9019"\ncodes = ["F", "M"]',
            changed("ATT+2++F", "ATT+2++Q"),
            "codes 8:3:1 SG4/ATT/C956/9019",
        ),
        ('[[rule]]\npath = "SG4/MEA"\nforbidden = true', changed("DTM+329:900101", "DTM+329:900101", "MEA+CT"), None),
        ('[[rule]]\npath = "SG4"\nleast = 2', PAXLST[:9], "least 7 SG4/NAD"),
        ('[[rule]]\npath = "SG4"\nmost = 2', changed("CNT+42:2", "NAD+FL+++HE:YU", "CNT+42:3"), "most 14 SG4/NAD"),
        (
            "[[rule]]\npath = \"CNT/C270[6069='42']/6066\"\ncounts = \"SG4[NAD/3035='FL']\"",
            changed("CNT+42:2", "CNT+42:3"),
            "counts 14:1:2 CNT/C270/6066",
        ),
        (
            '[[rule]]\nat = "SG4"\nholds = "ATT/C956/9019 != \'M\' or exists(SG5)"\n'
            'text = { zh = "缺证件", en = "A man needs a document" }',
            PAXLST,
            "holds 11 SG4/NAD",
        ),
    ],
)
def test_what_breaks_a_rule(judge, rule, wrong, found):
    assert judge(rule, *wrong) == ([found] if found else ["forbidden 10 SG4/MEA"])


@pytest.mark.parametrize(
    "rule",
    [
        DOB + 'required = true\nform = "n6"\nmin-length = 6\nmax-length = 6\nleast = 1\nmost = 1',
        '[[rule]]\npath = "SG4/ATT/C956/9019"\ncodes = ["F", "M"]',
        '[[rule]]\npath = ["SG4/MEA", "SG4/SG6", "AUT"]\nforbidden = true',
        '[[rule]]\npath = "SG4"\nleast = 2\nmost = 2',
        '[[rule]]\npath = "CNT/C270/6066"\ncounts = "SG4"',
        '[[rule]]\npath = "BGM/C002/1001"\nrequired = true\ncodes = ["745"]',
        '[[rule]]\npath = "SG4/NAD"\nrequired = true',
        '[[rule]]\nholds = "count(SG4) = 2"\ntext = { zh = "两人", en = "Two people" }',
        DOB + "forbidden = true\nwhen = \"ATT/C956/9019 = 'X'\"",
        DOB + "forbidden = true\nwhen = \"/BGM/1001 = '250'\"",
    ],
)
def test_what_is_right(judge, rule):
    assert judge(rule, *PAXLST) == []


def test_sums_and_their_tolerance(make, judge):
    head = """[guide]
title = { zh = "汇款通知", en = "Remittance" }
source = "a test"
date = "2026-11-24"
messages = ["D.96A:INVOIC"]
"""
    rule = """[[rule]]
path = "SG48/MOA[5025='79']/5004"
sums = "SG25/SG26/MOA[5025='203']/5004"
tolerance = 0.01
"""
    invoice = (
        "BGM+380+1",
        "DTM+137:20261123:102",
        "NAD+BY+1",
        "LIN+1",
        "MOA+203:10.00",
        "LIN+2",
        "MOA+203:5.5",
        "UNS+S",
    )
    names = "INVOIC:D:96A:UN"
    assert judge(rule, *invoice, "MOA+79:15.50", head=head, names=names) == []
    assert judge(rule, *invoice, "MOA+79:15,51", head=head, names=names) == []
    assert judge(rule, *invoice, "MOA+79:15.52", head=head, names=names) == ["sums 10:1:2 SG48/MOA/C516/5004"]


def test_equals_names_what_it_should_agree_with(reading):
    rule = '[[rule]]\npath = "SG4/NAD/C080/3036[1]"\nequals = "SG1/NAD/C080/3036"'
    (first, second) = reading(rule, *PAXLST).all_findings()
    assert first.text(Language.EN) == (
        'Line 1: "LI" in SG4/NAD/C080/3036 is not "CREW DESK", which the guideline wants it to agree with'
    )
    assert (second.place.segment, second.standard("contrl")) == (11, "12")


def test_nothing_to_agree_with_is_no_fault(judge):
    assert judge('[[rule]]\npath = "BGM/1001"\nequals = "RFF/1154"', *PAXLST) == []


def test_a_missing_component_is_found_in_its_segment(judge):
    rule = '[[rule]]\nat = "SG4"\npath = "NAD/C080/3036"\nrequired = true'
    people = changed("NAD+FL+++LI:XIA", "NAD+FL")
    assert judge(rule, *people) == ["required 7:4:1 SG4/NAD/C080/3036"]


def test_words_key_severity_and_code_of_its_own(reading):
    rule = (
        DOB
        + """required = true
key = "born"
severity = "warning"
contrl = "19"
text = { zh = "第 {line} 行：缺出生日期", en = "Line {line}: {path} is missing, says segment {segment}" }
mend = { zh = "补上", en = "Ask the passenger" }
"""
    )
    result = reading(rule, *changed("DTM+329:900101"))
    (finding,) = result.all_findings()
    assert result.valid
    assert (finding.code, finding.severity) == ("guide.trial.born", Severity.WARNING)
    assert finding.text(Language.EN) == "Line 1: SG4/DTM[2005='329']/2380 is missing, says segment 7"
    assert finding.text(Language.ZH) == "第 1 行：缺出生日期"
    assert (finding.mend(Language.EN), finding.standard("contrl")) == ("Ask the passenger", "19")


def test_the_offset_is_that_of_the_value(reading):
    segments = changed("ATT+2++F", "ATT+2++Q")
    (finding,) = reading('[[rule]]\npath = "SG4/ATT/C956/9019"\ncodes = ["F", "M"]', *segments).all_findings()
    assert wrap(*segments)[finding.place.offset or 0 :].startswith(b"Q'DTM")


def test_in_a_message_out_of_order_places_are_right_all_the_same(judge):
    rule = '[[rule]]\npath = "SG4/ATT/C956/9019"\ncodes = ["F", "M"]'
    segments = ("BGM+745", "ATT+2++F", *PAXLST[1:10], "ATT+2++Q", *PAXLST[11:])
    assert judge(rule, *segments) == ["edifact.segment-unexpected 3 ATT", "codes 13:3:1 SG4/ATT/C956/9019"]


def test_a_list_looked_up_for_each_of_its_items_ends_in_one_finding(judge):
    people = [segment for number in range(2100) for segment in (f"NAD+FL+++P{number}", "ATT+2++F")]
    rule = '[[rule]]\nat = "SG4"\nwhen = "NAD/C080/3036 = /SG4/NAD/C080/3036"\npath = "MEA"\nforbidden = true'
    found = judge(rule, *PAXLST[:5], *people, "CNT+42:2100")
    assert found == ["limit 1 UNH"]


def test_in_a_wrapped_file_the_offset_is_that_of_the_value(make, catalog):
    guideline = make('[[rule]]\npath = "SG4/ATT/C956/9019"\ncodes = ["F", "M"]')
    data = wrap(*changed("ATT+2++F", "ATT+2++Q")).replace(b"ATT+2++Q", b"AT\r\nT+2\r\n++Q")
    found = read(data, catalog, guides=always(guideline)).all_findings()
    (finding,) = [one for one in found if one.code == "guide.trial.codes"]
    assert data[finding.place.offset or 0 :].startswith(b"Q'DTM")
    assert finding.place.line == 3


def test_a_stream_says_the_same(make, catalog, tmp_path):
    guideline = make('[[rule]]\npath = "SG4/ATT/C956/9019"\ncodes = ["F", "M"]')
    data = wrap(*changed("ATT+2++F", "ATT+2++Q"))
    (tmp_path / "list.edi").write_bytes(data)
    told = list(stream(tmp_path / "list.edi", catalog, guides=always(guideline)))
    found = [finding for event in told for finding in getattr(event, "findings", ())]
    assert found == list(read(data, catalog, guides=always(guideline)).all_findings())
    assert [finding.code for finding in found] == ["guide.trial.codes"]


INVOICE = """[guide]
title = { zh = "发票", en = "Invoice" }
source = "a test"
date = "2026-11-24"
messages = ["D.96A:INVOIC"]
"""


@pytest.mark.parametrize("amount", ["9E999999", "1E999999999999", "-9E999999", "1E-999999", "9" * 5000])
def test_numbers_that_no_memory_holds(judge, amount):
    rule = """[[rule]]
path = ["SG48/MOA[5025='79']/5004", "SG48/MOA[5025='9']/5004"]
sums = "SG25/SG26/MOA[5025='203']/5004"
tolerance = 0.01
"""
    lines = [segment for number in range(3) for segment in (f"LIN+{number}", f"MOA+203:{amount}")]
    body = ("BGM+380+1", "DTM+137:20261123:102", "NAD+BY+1", *lines, "UNS+S", "MOA+79:1", f"MOA+9:{amount}")
    found = judge(rule, *body, head=INVOICE, names="INVOIC:D:96A:UN")
    assert [one for one in found if one.startswith("sums")]


def test_a_path_from_the_top_is_followed_once_for_all_below(judge):
    people = [segment for number in range(20_000) for segment in (f"NAD+FL+++P{number}", "ATT+2++F")]
    rule = '[[rule]]\nat = "SG4"\npath = "/SG4[NAD/3035=\'ZZ\']"\nforbidden = true'
    began = time.process_time()
    assert judge(rule, *PAXLST[:5], *people, "CNT+42:20000") == []
    assert time.process_time() - began < 60
