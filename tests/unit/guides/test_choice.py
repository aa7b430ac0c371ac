"""By which guideline a message is read."""

from pathlib import Path

import pytest

from hub.errors import ConfigError, HubError
from hub.formats.edifact.guided import Names
from hub.formats.edifact.reader import read
from hub.guides.library import Guides
from hub.schema.catalog import Catalog
from tests.unit.guides.conftest import HEAD, wrap

TYPE = "edifact:D.02B:PAXLST"
SIGNS = (
    ("one", 'association = ["AB*"]'),
    ("two", 'agency = ["ZZ"]\nsubset = ["SUB1"]'),
    ("three", 'guideline = ["MIG1"]'),
    ("four", ""),
)


@pytest.fixture(name="guides")
def _guides(tmp_path: Path, root: Path) -> Guides:
    """Four guidelines beside the directories."""
    (tmp_path / "edifact").mkdir()
    for part in (root / "schemas" / "edifact").iterdir():
        if part.name != "guides":
            (tmp_path / "edifact" / part.name).symlink_to(part)
    folder = tmp_path / "edifact" / "guides"
    folder.mkdir()
    for id, sign in SIGNS:
        row = '[[rule]]\npath = "AUT"\nrequired = true\n'
        (folder / f"{id}.toml").write_text(f"{HEAD}{sign}\n\n{row}", "utf-8")
    return Guides(Catalog(tmp_path))


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (Names(), None),
        (Names("", "UN"), None),
        (Names("AB", "UN"), "one"),
        (Names("AB12", "UN"), "one"),
        (Names("XAB", "UN"), None),
        (Names("", "ZZ"), "two"),
        (Names("", "UN", "SUB1"), "two"),
        (Names("", "UN", "", "MIG1"), "three"),
        (Names("ab", "UN"), None),
    ],
)
def test_unh_names_it(guides, names, chosen):
    guide = guides.choice()(TYPE, names)
    assert (None if guide is None else guide.id) == chosen
    assert guides.choice(named=False)(TYPE, names) is None


def test_who_asks_comes_first(guides):
    choose = guides.choice(("four", "two"))
    assert choose(TYPE, Names("AB", "UN")).id == "four"
    assert choose("edifact:D.96A:ORDERS", Names("AB", "UN")) is None


def test_a_guideline_that_is_not_there(guides):
    with pytest.raises(HubError, match="no guideline is called five; installed are four, one, three, two"):
        guides.get("five")


def test_a_head_that_cannot_be_read(guides, tmp_path):
    (tmp_path / "edifact" / "guides" / "aaa.toml").write_text("[guide\n", "utf-8")
    with pytest.raises(ConfigError, match="aaa.toml:1: guide: the head cannot be read"):
        guides.choice()(TYPE, Names("AB"))


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ("PAXLST:D:02B:UN", None),
        ("PAXLST:D:02B:UN:AB1", "guide.one.required"),
        ("PAXLST:D:02B:ZZ", "guide.two.required"),
        ("PAXLST:D:02B:UN+++SUB1:1", "guide.two.required"),
        ("PAXLST:D:02B:UN++++MIG1", "guide.three.required"),
        ("PAXLST:D:02B:UN+REF+1:C+OTHER+MIG1:4", "guide.three.required"),
    ],
)
def test_the_reader_asks_with_what_unh_says(guides, root, names, code):
    segments = ("BGM+745", "NAD+MS", "TDT+20+OA1", "DTM+189:2611231200:201", "NAD+FL+++LI")
    data = wrap(*segments, names=names).replace(b"UNOC:3", b"UNOC:4")
    found = read(data, Catalog(root / "schemas"), guides=guides.choice()).all_findings()
    codes = [finding.code for finding in found if finding.code.startswith("guide.")]
    assert codes == ([code] if code else [])
