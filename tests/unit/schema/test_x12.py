"""X12 schemas: what is shipped, read as trees, and what is said of maps that cannot be."""

import pickle
import re
import shutil
from pathlib import Path

import pytest

from hub.errors import ConfigError, SchemaUnknown
from hub.schema import x12
from hub.schema.catalog import Catalog
from hub.schema.model import Dependency, Kind, Node, Rule
from hub.schema.x12_maps import MapFolder

ROOT = Path(__file__).resolve().parents[3] / "schemas" / "x12"
PROMISED = ["214", "301", "309", "310", "315", "350", "353", "355", "810", "824", "850", "856", "997"]
LATER = ["214", "309", "315", "350", "353", "810", "824", "850", "856", "997", "999"]


def outline(node: Node) -> str:
    """The segments and loops below ``node``: ``N1_LOOP C200 (N1 M1 N2 C2)``; ``*`` for any number."""
    texts = []
    for child in node.children:
        text = f"{child.key} {'M' if child.min else 'C'}{'*' if child.max is None else child.max}"
        texts.append(f"{text} ({outline(child)})" if child.kind is Kind.GROUP else text)
    return " ".join(texts)


def find(node: Node, *keys: str) -> Node:
    """The node at a path of keys."""
    for key in keys:
        child = node.child(key)
        assert child, f"{node.key} has no {key}"
        node = child
    return node


def test_what_was_promised_is_shipped() -> None:
    assert x12.versions(ROOT) == ["004010", "005010"]
    assert list(x12.sets(ROOT, "004010")) == PROMISED
    assert list(x12.sets(ROOT, "005010")) == LATER


@pytest.mark.parametrize("version", ["004010", "005010"])
def test_every_map_is_read_and_every_key_is_unique(version: str) -> None:
    for number in [*x12.sets(ROOT, version), "TA1"]:
        schema = x12.load(ROOT, version, number)
        nodes = [schema.root]
        while nodes:
            node = nodes.pop()
            nodes += node.children
            keys = [child.key for child in node.children]
            assert len(keys) == len(set(keys)), (number, node.key)
            assert node.codes is None or schema.codes[node.codes]
        assert schema.number == "TA1" or schema.root.children[0].key == "ST"
        assert pickle.loads(pickle.dumps(schema.root)) == schema.root


def test_a_structure() -> None:
    root = x12.load(ROOT, "004010", "309").root
    assert outline(root).startswith("ST M1 M10 M1 P4_LOOP M")
    assert "VID_LOOP C999 (VID M1" in outline(root)


def test_groups() -> None:
    assert x12.load(ROOT, "004010", "309").groups == ("SO", "AQ")
    assert x12.load(ROOT, "004010", "850").groups == ("PO",)
    assert x12.load(ROOT, "004010", "997").groups == ("FA",)
    assert x12.load(ROOT, "004010", "TA1").groups == ()


def test_elements_composites_and_notes() -> None:
    schema = x12.load(ROOT, "004010", "850")
    number = find(schema.root, "BEG", "BEG03")
    assert (number.tag, number.kind, number.min, number.min_length, number.max_length) == (
        "324",
        Kind.ELEMENT,
        1,
        1,
        22,
    )
    unit = find(schema.root, "PO1_LOOP", "MEA", "MEA04")
    assert (unit.tag, unit.kind, unit.children[0].key) == ("C001", Kind.COMPOSITE, "MEA04-01")
    party = find(schema.root, "N1_LOOP", "N1")
    assert party.depends == (Dependency(Rule.AT_LEAST_ONE, (2, 3)), Dependency(Rule.ALL_OR_NONE, (3, 4)))
    assert schema.elements["324"].title
    assert list(schema.codes["349"]) == ["E", "F", "S", "X"]


def test_versions_differ() -> None:
    old, new = (x12.load(ROOT, version, "850") for version in ("004010", "005010"))
    assert old.root.children[0].child("ST03") is None
    assert new.root.children[0].child("ST03")
    assert old.elements["127"].most < new.elements["127"].most


def test_the_catalogue_knows_them() -> None:
    catalog = Catalog(ROOT.parent)
    ids = catalog.ids()
    assert {"x12:004010:850", "x12:005010:999"} <= set(ids)
    schema = catalog.get("x12:004010:850")
    assert isinstance(schema, x12.X12Schema)
    assert catalog.get("x12:004010:850") is schema
    for wrong in ("x12:004010:204", "x12:003040:850", "x12:../../etc:850", "x12:004010", "x12:004010:850:1"):
        with pytest.raises(SchemaUnknown):
            catalog.get(wrong)


def test_what_is_not_installed_is_told_with_what_is() -> None:
    with pytest.raises(SchemaUnknown, match="004010 has 214, 301, 309"):
        x12.load(ROOT, "004010", "204")
    with pytest.raises(SchemaUnknown, match="there is 004010"):
        x12.load(ROOT, "004020", "850")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the maps that may be spoilt."""
    shutil.copytree(ROOT / "004010", tmp_path / "004010")
    return tmp_path / "004010"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("850.xml", 'usage="R" pos="70"', 'usage="X" pos="70"', r"850\.xml:40: BEG: usage 'X'; write R"),
        ("850.xml", 'xid="BEG03" data_ele="324"', 'xid="BEG03" data_ele="9876"', "BEG03 is data element 9876"),
        ("850.xml", 'data_ele="324" usage="R" seq="03"', 'data_ele="324" usage="R" seq="04"', "leave none out"),
        ("850.xml", 'data_ele="324" usage="R" seq="03"', 'data_ele="324" usage="R" seq="three"', "leave none out"),
        ("850.xml", 'max_use="12"', 'max_use="many"', "max_use 'many'; write a number"),
        ("850.xml", "<syntax>R0203</syntax>", "<syntax>R0299</syntax>", "the syntax note 'R0299'"),
        ("850.xml", "<syntax>R0203</syntax>", "<syntax>Q</syntax>", "the syntax note 'Q'"),
        ("850.xml", 'external="353"', 'external="35X"', "codes.xml has no list 35X"),
        ("850.xml", 'xid="ST_LOOP"', 'xid="OTHER"', "the map has no ISA_LOOP/GS_LOOP/ST_LOOP"),
        ("850.xml", "</transaction>", "", r"850\.xml:\d+: \(file\): is no sound XML"),
        ("dataele.xml", 'ele_num="324" data_type="AN"', 'ele_num="324" data_type="XX"', "type or lengths"),
        ("dataele.xml", 'max_len="22" name="Pur', 'max_len="twenty" name="Pur', "type or lengths"),
    ],
)
def test_maps_that_cannot_be(folder: Path, file: str, old: str, new: str, says: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as raised:
        MapFolder(folder).load("850")
    assert re.search(says, str(raised.value)), raised.value


def test_all_problems_of_a_map_are_told_at_once(folder: Path) -> None:
    path = folder / "850.xml"
    text = path.read_text("utf-8").replace('data_ele="324"', 'data_ele="9876"').replace('seq="02"', 'seq="12"')
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        MapFolder(folder).load("850")
    assert len(raised.value.problems) > 10


def test_a_loop_begins_with_its_trigger(folder: Path) -> None:
    path = folder / "850.xml"
    text = path.read_text("utf-8")
    head = re.search(r'<loop xid="PO1_LOOP"[^>]*>\s*<segment xid="PO1"[^>]*', text)
    assert head
    path.write_text(text.replace(head[0], head[0].replace('max_use="1"', 'max_use="5"')), "utf-8")
    with pytest.raises(ConfigError, match="must begin with a segment of usage R and max_use 1"):
        MapFolder(folder).load("850")


def test_positions_are_unique(folder: Path) -> None:
    path = folder / "850.xml"
    text = path.read_text("utf-8")
    places = re.findall(r'<segment xid="(?:BEG|CUR)"[^>]*pos="(\d+)"', text)
    path.write_text(text.replace(f'pos="{places[1]}"', f'pos="{places[0]}"'), "utf-8")
    with pytest.raises(ConfigError, match="comes twice"):
        MapFolder(folder).load("850")


def test_a_folder_without_maps(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        MapFolder(tmp_path).load("850")
