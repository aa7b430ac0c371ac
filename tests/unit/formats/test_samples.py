"""Samples of types: valid, read as they were meant, minimal or full, the same for the same seed."""

from pathlib import Path
from typing import Any

import pytest

from hub.errors import WriteError
from hub.formats import samples
from hub.formats.read import read
from hub.formats.write import write
from hub.schema.catalog import Catalog
from hub.schema.model import DataType, Dependency, Kind, Node, Rule, Schema
from hub.schema.sampling import Extent
from tools.samples import faults

CATALOG = Catalog(Path(__file__).resolve().parents[3] / "schemas")
IDS = list(CATALOG.ids())
INTERACTIVE = ["edifact:D.02B:SKDREQ", "edifact:D.99B:IHCLME"]
SLICE = (
    INTERACTIVE
    + [one for one in IDS if not one.startswith("edifact:D.")]
    + [one for one in IDS if "edifact:D." in one][::61]
)


@pytest.mark.parametrize("schema_id", SLICE)
def test_samples_are_valid_and_read_as_they_were_meant(schema_id: str) -> None:
    assert faults(schema_id, CATALOG) == []


def test_same_seed_same_bytes_other_seed_other_values() -> None:
    schema = CATALOG.get("edifact:D.02B:PAXLST")
    first, again, other = (write(samples.transmission(schema, seed=seed), CATALOG) for seed in (1, 1, 2))
    assert first == again != other


def test_minimal_has_nothing_optional() -> None:
    document = samples.document(CATALOG.get("edifact:D.02B:PAXLST"), Extent.MINIMAL)
    assert list(document) == ["BGM", "SG4", "UNH"] or set(document) == {"UNH", "BGM", "SG2"}


def keys(node: Node) -> set[str]:
    """Every place below ``node`` by its path."""
    return {path for child in node.children for path in {child.key, *(f"{child.key}/{one}" for one in keys(child))}}


def paths(value: Any) -> set[str]:
    """Every place that ``value`` fills."""
    items = value if isinstance(value, list) else [value]
    found = set()
    for item in items:
        for key, inner in item.items() if isinstance(item, dict) else ():
            found |= {key, *(f"{key}/{path}" for path in paths(inner))}
    return found


def test_full_has_every_place_but_an_association_s_names() -> None:
    schema = CATALOG.get("edifact:D.02B:PAXLST")
    left_out = {f"UNH/S009/{key}" for key in ("0057", "0110", "0113")}
    assert keys(schema.root) - paths(samples.document(schema, Extent.FULL)) == left_out


def test_full_xml_has_every_place() -> None:
    schema = CATALOG.get("xsd:manifest:MT1401")
    assert keys(schema.root) == paths(samples.document(schema, Extent.FULL))


def segment(tag: str, status: str, most: int = 1) -> Node:
    """A segment with one element."""
    value = Node("9", "9", Kind.ELEMENT, min=1, type=DataType.ALPHANUMERIC, max_length=9)
    return Node(tag, tag, Kind.SEGMENT, min=int(status == "M"), max=most, children=(value,))


def group(key: str, status: str, most: int, *children: Node) -> Node:
    """A segment group."""
    return Node(key, key, Kind.GROUP, min=int(status == "M"), max=most, children=children)


def message(*children: Node) -> Schema:
    """A message type of those children behind its UNH."""
    header = CATALOG.get("edifact:D.02B:PAXLST").root.children[0]
    return Schema("edifact:D.02B:PAXLST", Node("X", "X", Kind.MESSAGE, min=1, children=(header, *children)), {})


def laid_out(schema: Schema, extent: Extent = Extent.FULL) -> dict[str, int]:
    """How often each child of the message comes in its sample."""
    document = samples.document(schema, extent)
    return {key: len(value) if isinstance(value, list) else 1 for key, value in document.items() if key != "UNH"}


def test_an_optional_neighbour_of_the_same_tag_is_left_out() -> None:
    schema = message(segment("RFF", "C", 9), group("SG1", "C", 9, segment("RFF", "M"), segment("DTM", "C", 5)))
    assert laid_out(schema) == {"RFF": 1}


@pytest.mark.parametrize("extent", [Extent.MINIMAL, Extent.FULL])
def test_a_place_is_filled_before_a_mandatory_one_of_the_same_tag(extent: Extent) -> None:
    schema = message(segment("RFF", "C", 9), group("SG1", "M", 9, segment("RFF", "M"), segment("DTM", "C", 5)))
    assert laid_out(schema, extent) == {"RFF": 9, "SG1": 1}


def test_a_group_is_filled_with_all_that_it_must_have() -> None:
    twice = group("SG1", "C", 2, segment("RFF", "M"), segment("DTM", "M"))
    schema = message(twice, group("SG2", "M", 9, segment("RFF", "M")))
    assert laid_out(schema, Extent.MINIMAL) == {"SG1": 2, "SG2": 1}
    assert all("DTM" in entry for entry in samples.document(schema, Extent.MINIMAL)["SG1"])


def test_what_can_never_be_reached_has_no_sample() -> None:
    schema = message(segment("RFF", "C", 9999), group("SG1", "M", 9, segment("RFF", "M")))
    with pytest.raises(WriteError, match="RFF cannot be told from what follows it"):
        samples.document(schema)


def test_segments_of_one_tag_are_told_apart_by_their_number() -> None:
    schema = message(segment("RFF", "M", 3), segment("RFF", "M"))
    second = Node("RFF", "RFF~2", Kind.SEGMENT, min=1, children=schema.root.children[1].children)
    schema = message(schema.root.children[1], second)
    assert laid_out(schema) == {"RFF": 3, "RFF~2": 1}


@pytest.mark.parametrize(
    ("rule", "extent", "expected"),
    [
        (Rule.ONE, Extent.FULL, {"AAA": 1}),
        (Rule.ONE, Extent.MINIMAL, {"AAA": 1}),
        (Rule.AT_MOST_ONE, Extent.FULL, {"AAA": 1}),
        (Rule.AT_LEAST_ONE, Extent.MINIMAL, {"AAA": 1}),
        (Rule.ALL_OR_NONE, Extent.MINIMAL, {}),
        (Rule.FIRST_ALONE, Extent.FULL, {"AAA": 1}),
    ],
)
def test_dependency_notes_are_kept(rule: Rule, extent: Extent, expected: dict[str, int]) -> None:
    schema = message(segment("AAA", "C"), segment("BBB", "C"))
    root = schema.root
    noted = Node("X", "X", Kind.MESSAGE, min=1, children=root.children, depends=(Dependency(rule, (2, 3)),))
    assert laid_out(Schema(schema.id, noted, {}), extent) == expected


def test_control_totals_are_right() -> None:
    schema = CATALOG.get("edifact:D.96A:ORDERS")
    document = samples.document(schema)
    assert document["CNT"] == [{"C270": {"6069": "2", "6066": "1", "6411": document["CNT"][0]["C270"]["6411"]}}]


def test_a_sample_is_marked_as_a_test() -> None:
    reading = read(write(samples.transmission(CATALOG.get("edifact:D.96A:ORDERS")), CATALOG), CATALOG)
    assert reading.interchanges[0].envelope.test
