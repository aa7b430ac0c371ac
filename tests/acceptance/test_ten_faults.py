"""`hub check` on files with ten different faults: all ten, each where it is, in the language asked for."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ORDER = """\
UNB+UNOA:3+BUYER:ZZ+HUBCSX:ZZ+261123:1200+10'
UNH+1+ORDERS:D:96A:UN'
BGM+ZZQ+PO1+9'
DTM+:20261123:102'
PAI+::42'
PAI+::42'
RFF+CT:FRAME 26'
NAD+BY+1234567890123::9++++++++A+B'
LIN+1++4006381333931:EN'
XYZ+1'
QTY+21:12A:PCE'
PRI+AAA:76329.43:CA::::TOO'
LIN+2++12345678901234567890123456789012345678:EN'
CNT+2:1'
UNT+14+2'
UNZ+1+10'
"""
IN_ORDER = [
    (3, "segment 2 BGM 1.1", "edifact.value-code"),
    (4, "segment 3 DTM 1.1", "edifact.component-missing"),
    (6, "segment 5 PAI", "edifact.segment-repeats"),
    (8, "segment 7 NAD 10", "edifact.element-excess"),
    (10, "segment 9 XYZ", "edifact.segment-unknown"),
    (11, "segment 10 QTY 1.2", "edifact.value-type"),
    (12, "segment 11 PRI 1.7", "edifact.component-excess"),
    (13, "segment 12 LIN 3.1", "edifact.value-long"),
    (14, "segment 12 UNS", "edifact.segment-missing"),
    (15, "segment 14 UNT 2", "edifact.unt-ref"),
]
MANIFEST = """\
ISA*00*          *00*          *02*SCAC1          *ZZ*HUBCSX         *261123*1200*U*00401*000000010*0*T*:~
GS*SO*SCAC1*HUBCSX*20261123*1200*10*X*004010~
ST*309*0001~
M10*OCEA*O*CN*9123456*STAR*V01*VOY1*1*6*W~
P4*2704*20261301~
LX*A~
M11*BL1*2704*12*PCS*500*L~
XYZ*1~
N1*SH*SHIPPER*ZZ*1***4*5~
N9~
SE*10*0002~
GE*2*11~
IEA*2*000000010~
"""
IN_MANIFEST = [
    (5, "segment 3 P4 2", "x12.date-wrong"),
    (6, "segment 4 LX 1", "x12.value-type"),
    (7, "segment 5 M11 12", "x12.element-missing"),
    (8, "segment 6 XYZ", "x12.segment-unknown"),
    (9, "segment 7 N1 4", "x12.value-short"),
    (9, "segment 7 N1 7", "x12.element-excess"),
    (10, "segment 8 N9", "x12.segment-order"),
    (11, "segment 9 SE 1", "x12.se-count"),
    (11, "segment 9 SE 2", "x12.se-ref"),
    (12, "GE 1", "x12.ge-count"),
    (12, "GE 2", "x12.ge-ref"),
    (13, "IEA 1", "x12.iea-count"),
]
LINE = re.compile(r"  line (\d+) (.+?) error ([a-z0-9.-]+): (.+) → (.+)")


def told(file: Path, *options: str) -> list[str]:
    """The lines about findings."""
    command = [sys.executable, "-m", "hub", "check", *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


def shown(lines: list[str], language: str) -> list[tuple[int, str, str]]:
    """Line, place and code of each finding, whose two sentences are in ``language``."""
    found = [LINE.fullmatch(line) for line in lines]
    for one in found:
        assert one
        assert [bool(re.search(r"[\u4e00-\u9fff]", one[part])) for part in (4, 5)] == [language == "zh"] * 2
    return [(int(one[1]), one[2], one[3]) for one in found if one]


FILES = [("edifact:D.96A:ORDERS", ORDER, IN_ORDER), ("x12:004010:309", MANIFEST, IN_MANIFEST)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("type", "text", "faults"), FILES, ids=["edifact", "x12"])
def test_every_fault_is_told(
    tmp_path: Path, language: str, type: str, text: str, faults: list[tuple[int, str, str]]
) -> None:
    file = tmp_path / "faulty.edi"
    file.write_text(text, "ascii")
    head, *lines = told(file, "--lang", language)
    assert type in head
    assert shown(lines, language) == faults
    assert len({code for _, _, code in faults}) >= 10


def test_programs_get_the_same_with_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "order.edi"
    file.write_text(ORDER, "ascii")
    (line,) = told(file, "--json")
    findings = json.loads(line)["findings"]
    assert [(one["place"]["line"], one["code"]) for one in findings] == [(line, code) for line, _, code in IN_ORDER]
    for one in findings:
        assert all((one["zh"], one["en"], one["mend"]["zh"], one["mend"]["en"]))
        assert ORDER[one["place"]["offset"] :].partition("\n")[0] in ORDER.splitlines()[one["place"]["line"] - 1]
