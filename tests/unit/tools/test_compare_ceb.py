"""Our XSDs of the cross-border messages against the published ones: equal verdicts, but for what is listed here.

The comparison itself needs the published files: HUB_REFERENCE names the folder that holds ``ceb/``.
"""

import os
from pathlib import Path

import pytest
from lxml import etree

from hub.formats import samples
from hub.schema import xsd
from hub.schema.catalog import Catalog
from tools import compare_ceb

CEB = "http://www.chinaport.gov.cn/ceb"
DS = "http://www.w3.org/2000/09/xmldsig#"
NAMES = compare_ceb.installed()


@pytest.fixture(scope="module")
def published(reference: Path) -> dict[str, Path]:
    """Message → published file."""
    return compare_ceb.published(reference / "ceb")


def test_both_sides_have_the_same_messages(published: dict[str, Path]) -> None:
    assert sorted(published) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_are_equal(name: str, published: dict[str, Path]) -> None:
    outcome = compare_ceb.message(name, published[name], random=1, seed=int(os.environ.get("HUB_SEED", "0")))
    assert (outcome.differences, outcome.unsound) == ([], [])
    assert outcome.documents > 2_000
    assert outcome.accepted > outcome.documents // 5


def verdicts(root: etree._Element, name: str, published: dict[str, Path], catalog: Catalog) -> tuple[bool, bool]:
    """What ours and what the published XSD says of ``root``."""
    schema = catalog.get(f"xsd:ceb:{name}")
    assert isinstance(schema, xsd.XsdSchema)
    theirs = etree.XMLSchema(file=str(published[name]))
    return xsd.validator(schema).validate(root), theirs.validate(root)


def sample(name: str, catalog: Catalog) -> etree._Element:
    """A sound document with all that is optional, and a signature where one must be."""
    data = samples.written(samples.transmission(catalog.get(f"xsd:ceb:{name}")), catalog)
    return etree.fromstring(data)


def test_known_a_part_of_a_message_is_no_message(published: dict[str, Path], catalog: Catalog) -> None:
    head = sample("CEB311", catalog).find(f"{{{CEB}}}Order/{{{CEB}}}OrderHead")
    assert head is not None
    assert verdicts(etree.fromstring(etree.tostring(head)), "CEB311", published, catalog) == (False, True)


def test_known_what_an_open_place_holds_is_not_looked_at(published: dict[str, Path], catalog: Catalog) -> None:
    root = sample("CEB621", catalog)
    signature = root.find(f"{{{DS}}}Signature")
    assert signature is not None
    stranger = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}KeyInfo"), f"{{{CEB}}}OrderHead")
    assert verdicts(root, "CEB621", published, catalog) == (True, False)
    stranger.tag = "{urn:other}OrderHead"
    assert verdicts(root, "CEB621", published, catalog) == (True, True)


def test_known_types_have_other_names(published: dict[str, Path], catalog: Catalog) -> None:
    root = etree.fromstring(etree.tostring(sample("DxpMsg", catalog)))
    data = root.find("{*}Data")
    assert data is not None
    data.set("{http://www.w3.org/2001/XMLSchema-instance}type", "Data")
    assert verdicts(root, "DxpMsg", published, catalog) == (False, True)


def fake(folder: Path, catalog: Catalog, *changes: tuple[str, str]) -> Path:
    """A folder of "published" files of which only CEB900 is there: our own, with ``changes``."""
    empty = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'
    for name in compare_ceb.PUBLISHED:
        (folder / f"{name}.xsd").write_text(empty)
    own = catalog.root / "xsd" / "ceb"
    text = (own / "CEB900.xsd").read_text("utf-8").replace("shared/", f"{(own / 'shared').as_uri()}/")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "ceb-import-2022-05.xsd").write_text(text, "utf-8")
    return folder


def run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """The tool's exit code."""
    monkeypatch.setattr("sys.argv", ["compare_ceb", "--reference", str(folder), "--random", "1"])
    return compare_ceb.main()


def test_the_tool_says_what_differs(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fake(tmp_path, catalog, ('type="MessageReturn"', 'type="MessageReturn" maxOccurs="2"'))
    assert run(monkeypatch, folder) == 1
    said = capsys.readouterr().out
    assert "CEB311: only we have this message" in said
    assert "doubled, e.g. at /CEB900Message/MessageReturn: only the published accepts it" in said


def test_the_tool_is_content_when_nothing_differs(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare_ceb, "installed", lambda: ["CEB900"])
    assert run(monkeypatch, fake(tmp_path, catalog)) == 0
    assert "1 messages" in capsys.readouterr().out
